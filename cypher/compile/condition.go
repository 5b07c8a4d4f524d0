package compile

import (
	"fmt"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// subject stands for the variable in a condition's text until it is known; no statement
// contains it otherwise.
const subject = "\x00"

// Condition is a compiled predicate over one entity.
type Condition struct {
	text   string // with subject for the variable; "" = holds for all
	driver sets   // a part of text: membership in one of these; may be empty
	rest   string // what is left of text when the driver is unwound
	types  types
	all    bool // over removed entities as well
}

// types is a set of entity types.
type types uint8

const (
	identities types = 1 << iota
	connections
	resources
	anyType = identities | connections | resources
)

func typesOf(values []string) types {
	var t types
	for _, v := range values {
		switch access.EntityType(v) {
		case access.Identity:
			t |= identities
		case access.Connection:
			t |= connections
		case access.Resource:
			t |= resources
		}
	}
	return t
}

// labels is the condition that v is of one of the types; "" when it may be any.
func (t types) labels(v string) string {
	if t == anyType {
		return ""
	}
	var either []string
	for _, each := range access.EntityTypes {
		if t&typesOf([]string{string(each)}) != 0 {
			either = append(either, v+":"+access.LabelOf(each))
		}
	}
	switch len(either) {
	case 0:
		return "false"
	case 1:
		return either[0]
	}
	return "(" + strings.Join(either, " OR ") + ")"
}

// Condition compiles a predicate; nil holds for every entity. removed says that the
// population includes removed entities.
func (c *Compiler) Condition(n filter.Node, removed bool) Condition {
	cond := Condition{types: anyType, all: removed}
	if n == nil {
		return cond
	}
	parts := flatten(n)
	for _, p := range parts {
		if in, ok := p.(filter.In); ok && in.Attr == filter.AttrType {
			cond.types &= typesOf(in.Values)
		}
	}
	var texts, rest, ofTypes []string
	typed := false // the members of the driver are known to be of cond.types
	for _, p := range parts {
		member, holds := c.member(p, cond)
		switch {
		case member != nil && cond.driver == nil:
			cond.driver, typed = member, !removed && ofSubject(p)
			texts, rest = append(texts, member.has()), append(rest, holds)
		case member != nil:
			texts, rest = append(texts, member.has()), append(rest, member.has())
		default:
			t := c.node(p, cond)
			texts = append(texts, t)
			if in, ok := p.(filter.In); ok && in.Attr == filter.AttrType {
				ofTypes = append(ofTypes, t)
			} else {
				rest = append(rest, t)
			}
		}
	}
	if !typed {
		rest = append(ofTypes, rest...)
	}
	cond.text, cond.rest = and(texts...), and(rest...)
	return cond
}

// found is the list of the entities that pass, where that is known without looking at
// each; "" where it is not.
func (d Condition) found() string {
	if d.rest != "" {
		return ""
	}
	return strings.Join(d.driver, " + ")
}

// sets are names of lists of entities.
type sets []string

// has is the condition of being in one of them.
func (s sets) has() string {
	either := make([]string, len(s))
	for i, name := range s {
		either[i] = subject + " IN " + name
	}
	if len(s) == 1 {
		return either[0]
	}
	return "(" + strings.Join(either, " OR ") + ")"
}

func flatten(n filter.Node) []filter.Node {
	all, ok := n.(filter.All)
	if !ok {
		return []filter.Node{n}
	}
	var out []filter.Node
	for _, p := range all {
		out = append(out, flatten(p)...)
	}
	return out
}

// On is the condition on the entity bound to variable v; "" when it holds for all.
func (d Condition) On(v string) string { return strings.ReplaceAll(d.text, subject, v) }

// Match binds v to the entities that pass, together with further conditions on v:
// by unwinding a set where there is one, else by a MATCH.
func (d Condition) Match(v string, further ...string) string {
	if d.driver != nil {
		conditions := append([]string{strings.ReplaceAll(d.rest, subject, v)}, further...)
		text := "UNWIND " + strings.Join(d.driver, " + ") + " AS " + v
		if w := where(conditions...); w != "" {
			text += "\nWITH *" + w
		}
		return text + "\n"
	}
	label := access.LabelEntity
	if d.all {
		label += "|" + access.LabelRemovedEntity
	}
	return "MATCH (" + v + ":" + label + ")" + where(append([]string{d.On(v)}, further...)...) + "\n"
}

// member compiles the parts that are membership in sets: disjoint sets, and what must be
// asked of their members besides. nil for other parts.
func (c *Compiler) member(n filter.Node, d Condition) (in sets, holds string) {
	live := ""
	if !d.all {
		live = subject + ":" + access.LabelEntity
	}
	switch n := n.(type) {
	case filter.Related:
		if !n.None {
			return sets{c.related(n, d.types)}, ""
		}
	case filter.People:
		return c.people(n, d.types), live
	case filter.Text:
		if n.Attr == filter.AttrInsight && !onlyIsEmpty(n.Match) {
			return sets{c.insight(n.Match)}, live
		}
	}
	return nil, ""
}

// node compiles any part to a condition that is true, or false or null.
func (c *Compiler) node(n filter.Node, d Condition) string {
	if in, _ := c.member(n, d); in != nil {
		return in.has()
	}
	switch n := n.(type) {
	case filter.All:
		return "(" + c.join(n, " AND ", d) + ")"
	case filter.Any:
		return "(" + c.join(n, " OR ", d) + ")"
	case filter.Not:
		return "NOT coalesce(" + c.node(n.Part, d) + ", false)"
	case filter.Related:
		return "NOT " + subject + " IN " + c.related(n, d.types)
	case filter.Text:
		return c.text(n)
	case filter.In:
		return c.in(n, d)
	case filter.NotAfter:
		return property(timeProperties, n.Attr) + " <= " + c.Param(n.At.UTC())
	case filter.Missing:
		return property(timeProperties, n.Attr) + " IS NULL"
	}
	panic(fmt.Sprintf("compile: unknown filter node %T", n))
}

func (c *Compiler) join(parts []filter.Node, with string, d Condition) string {
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = c.node(p, d)
	}
	return strings.Join(texts, with)
}
