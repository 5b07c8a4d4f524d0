package filter

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Explain says in words what a filter selects, for people who check a filter before they
// rely on it, such as: identities in Sales having at least 2 resources of type vault with
// permission admin, via any group named *prod*. An asterisk stands for any text. The text
// is for reading only; its wording is not fixed.
func (f *Filter) Explain() string { return f.ExplainSearch("") }

// ExplainSearch is Explain together with the text of the search box.
func (f *Filter) ExplainSearch(search string) string {
	p := phraseOf(f.Tree(time.Time{}))
	text := p.noun(true)
	if search = access.Clean(search); search != "" {
		text += " matching " + strconv.Quote(search)
	}
	text += p.rest()
	if f.IncludesRemoved() {
		text += ", removed ones included"
	}
	return text
}

// phrase is a noun with what is said of it.
type phrase struct {
	types    []string // of entities; nil = any
	term     string   // the source's own word for it, in place of the type
	before   []string // adjectives
	after    []string // "in Sales", "named x"
	havings  []string // "having …", which read best at the end
	distinct bool     // several types are asked for at once: nothing is both
}

func phraseOf(n Node) *phrase {
	p := &phrase{}
	for _, part := range conjuncts(n) {
		if in, ok := part.(In); ok && in.Attr == AttrType {
			if p.types != nil {
				p.distinct = true
			}
			p.types = in.Values
		}
	}
	for _, part := range conjuncts(n) {
		p.add(part)
	}
	return p
}

func conjuncts(n Node) []Node {
	switch n := n.(type) {
	case nil:
		return nil
	case All:
		var out []Node
		for _, part := range n {
			out = append(out, conjuncts(part)...)
		}
		return out
	}
	return []Node{n}
}

func (p *phrase) add(n Node) {
	switch n := n.(type) {
	case In:
		if n.Attr == AttrType && !p.distinct {
			return // the noun says it
		}
		if n.Attr == AttrStatus {
			p.before = append(p.before, either(lower(n.Values)))
			return
		}
	case Related:
		p.havings = append(p.havings, n.clause(p))
		return
	case People:
		p.after = append(p.after, n.clause(p.onlyIdentities()))
		return
	}
	p.after = append(p.after, clause(n))
}

func (p *phrase) onlyIdentities() bool {
	return len(p.types) == 1 && p.types[0] == string(access.Identity)
}

var nouns = map[string][2]string{
	string(access.Identity): {"identity", "identities"}, string(access.Connection): {"connection", "connections"}, string(access.Resource): {"resource", "resources"},
}

// noun is the noun with its adjectives, in the plural or not.
func (p *phrase) noun(plural bool) string {
	at := 0
	if plural {
		at = 1
	}
	word := [2]string{"entity", "entities"}[at]
	switch {
	case p.term != "":
		word = p.term
	case len(p.types) > 0 && !p.distinct:
		var words []string
		for _, t := range p.types {
			words = append(words, nouns[t][at])
		}
		slices.Sort(words)
		word = either(slices.Compact(words))
	}
	return strings.Join(append(slices.Clone(p.before), word), " ")
}

func (p *phrase) rest() string {
	text := ""
	for _, a := range p.after {
		text += " " + a
	}
	for i, h := range p.havings {
		if i > 0 {
			text += ", and"
		}
		text += " " + h
	}
	return text
}

func (p *phrase) text(plural bool) string { return p.noun(plural) + p.rest() }

// predicate is the phrase said of a noun that is known: for the parts of or and not.
func (p *phrase) predicate() string {
	var parts []string
	if len(p.types) > 0 && !p.distinct || len(p.before) > 0 {
		subject := *p
		if len(p.types) == 0 {
			parts = append(parts, strings.Join(p.before, " and "))
		} else {
			parts = append(parts, "being "+subject.noun(true))
		}
	}
	if rest := strings.TrimSpace(p.rest()); rest != "" {
		parts = append(parts, rest)
	}
	return strings.Join(parts, " ")
}

// clause is a condition as it stands behind a noun.
func clause(n Node) string {
	switch n := n.(type) {
	case Any:
		if days, ok := inactive(n); ok {
			return "not active for " + count(days, "day", "days")
		}
		parts := make([]string, len(n))
		for i, part := range n {
			parts[i] = phraseOf(part).predicate()
		}
		if len(parts) == 1 {
			return parts[0]
		}
		return "(either " + strings.Join(parts, ", or ") + ")"
	case Not:
		if m, ok := n.Part.(Missing); ok && m.Attr == AttrLastActive {
			return "ever active"
		}
		return "(but not those " + phraseOf(n.Part).predicate() + ")"
	case Text:
		return textClause(n)
	case In:
		return inClause(n)
	case NotAfter:
		if n.Attr == AttrLastPasswordChanged {
			return "with a password older than " + count(daysBefore(n), "day", "days")
		}
		return "last active at least " + count(daysBefore(n), "day", "days") + " ago"
	case Missing:
		if n.Attr == AttrLastActive {
			return "never active"
		}
		return "with no known " + words(n.Attr)
	}
	return phraseOf(n).predicate()
}

func daysBefore(n NotAfter) int { return int(time.Time{}.Sub(n.At).Hours() / 24) }

// inactive recognises what inactiveForDays is made into.
func inactive(n Any) (days int, ok bool) {
	if len(n) != 2 {
		return 0, false
	}
	m, missing := n[0].(Missing)
	t, after := n[1].(NotAfter)
	if !missing || !after || m.Attr != AttrLastActive || t.Attr != AttrLastActive {
		return 0, false
	}
	return daysBefore(t), true
}

// clause is a having clause: "having at least 2 resources …", "reached by no identities …".
func (n Related) clause(of *phrase) string {
	p := phraseOf(n.Entity)
	verb := map[bool]string{false: "having ", true: "having directly "}[n.Direct]
	if n.Direction == AccessibleBy {
		verb = map[bool]string{false: "reached by ", true: "reached directly by "}[n.Direct]
	}
	text := verb
	switch {
	case n.None:
		text += "no " + p.text(true)
	case n.AtLeast > 1:
		text += "at least " + strconv.Itoa(n.AtLeast) + " " + p.text(true)
	default:
		text += "any " + p.text(false)
	}
	if n.Permission != nil {
		text += " with permission " + n.Permission.say()
	}
	if n.HasVia {
		via := phraseOf(n.Via)
		via.types = []string{string(access.Connection)}
		text += ", via any " + via.named().text(false)
	}
	return text
}

// named uses the source's own word for what it is where there is just one: "any group".
func (p *phrase) named() *phrase {
	const marker = "of type "
	for i, a := range p.after {
		if word, ok := strings.CutPrefix(a, marker); ok && !strings.ContainsAny(word, " *\"") {
			p.term, p.after = word, slices.Delete(slices.Clone(p.after), i, i+1)
			break
		}
	}
	return p
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func either(words []string) string {
	switch len(words) {
	case 0:
		return "no"
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

func lower(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = strings.ToLower(strings.ReplaceAll(v, "_", " "))
	}
	return out
}
