package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/accessgraph/accessgraph/internal/cli"
)

// explanation is the answer to explain, as shown to people.
type explanation struct {
	permission  string
	From, To    explainedEntity
	AccessPaths struct {
		Truncated bool
		Paths     []explainedPath
	}
	Explain struct {
		MissingGrants struct {
			Reached, MoreWays bool
			Total, Others     int
			Ways              []struct {
				Entry              *explainedEntity
				Identities, Length int
			}
			Grants []struct {
				Source, Target        explainedEntity
				Permission            *explainedPermission
				Gained, Others, Peers int
				Path                  explainedPath
			}
		}
		MinimumCut struct {
			Weight, ProofTotal int
			Grants             []explainedGrant
			Proof              []struct {
				Weight   int
				Entities []explainedEntity
			}
		}
	}
}

type explainedEntity struct {
	Name        string
	Integration struct{ Name string }
}

// String is the name and where it is.
func (e explainedEntity) String() string { return e.after(explainedEntity{}) }

// after is String in a line where another entity comes before: where it is goes without
// saying when that is where the other one is.
func (e explainedEntity) after(before explainedEntity) string {
	if e.Integration == before.Integration {
		return e.Name
	}
	return e.Name + " (" + e.Integration.Name + ")"
}

type explainedPermission struct{ Name, Value string }

func (p explainedPermission) String() string {
	if p.Value == "" || p.Value == "true" {
		return p.Name
	}
	return p.Name + "=" + p.Value
}

type explainedGrant struct {
	Source, Target           explainedEntity
	Permission, Value, Scope string
}

func (g *explainedGrant) String() string {
	text := g.Source.String() + " -> " + g.Target.after(g.Source) + " [" + explainedPermission{g.Permission, g.Value}.String() + "]"
	if g.Scope != "" {
		text += " on " + g.Scope
	}
	return text
}

type explainedPath struct {
	Length int
	Steps  []struct {
		From, To    explainedEntity
		Permissions []explainedPermission
	}
}

func (p *explainedPath) String() string {
	var b strings.Builder
	for i, s := range p.Steps {
		if i == 0 {
			b.WriteString(s.From.String())
		}
		var names []string
		for _, permission := range s.Permissions {
			names = append(names, permission.String())
		}
		fmt.Fprintf(&b, " -[%s]-> %s", strings.Join(names, ", "), s.To.after(s.From))
	}
	return b.String()
}

// number says how many there are of something.
func number(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func (e *explanation) write(out io.Writer) {
	with := ""
	if e.permission != "" {
		with = " with " + e.permission
	}
	if len(e.AccessPaths.Paths) > 0 {
		more := ""
		if e.AccessPaths.Truncated {
			more = ", and there may be more"
		}
		fmt.Fprintf(out, "%s reaches %s: %s, shortest first%s.\n", e.From, e.To.after(e.From), number(len(e.AccessPaths.Paths), "path", "paths"), more)
		for i := range e.AccessPaths.Paths {
			fmt.Fprintf(out, "  %s\n", &e.AccessPaths.Paths[i])
		}
	}
	if e.Explain.MissingGrants.Reached {
		if len(e.AccessPaths.Paths) == 0 {
			fmt.Fprintf(out, "%s reaches %s by paths that are too long to show.\n", e.From, e.To.after(e.From))
		}
		e.writeCut(out, with)
		return
	}
	e.writeMissing(out, with)
}

func (e *explanation) writeCut(out io.Writer, with string) {
	cut := &e.Explain.MinimumCut
	fmt.Fprintf(out, "To end the access%s, no fewer than %s to be removed:\n", with, number(cut.Weight, "grant has", "grants have"))
	for i := range cut.Grants {
		fmt.Fprintf(out, "  %s\n", &cut.Grants[i])
	}
	if cut.Weight < 2 {
		return
	}
	fmt.Fprintln(out, "For these paths share no grant:")
	for _, p := range cut.Proof {
		names := make([]string, len(p.Entities))
		for i := range p.Entities {
			names[i] = p.Entities[i].String()
			if i > 0 {
				names[i] = p.Entities[i].after(p.Entities[i-1])
			}
		}
		times := ""
		if p.Weight > 1 {
			times = fmt.Sprintf(" (%d grants side by side)", p.Weight)
		}
		fmt.Fprintf(out, "  %s%s\n", strings.Join(names, " -> "), times)
	}
	if left := cut.ProofTotal - len(cut.Proof); left > 0 {
		fmt.Fprintf(out, "  and %s\n", number(left, "more", "more"))
	}
}

func (e *explanation) writeMissing(out io.Writer, with string) {
	m := &e.Explain.MissingGrants
	fmt.Fprintf(out, "%s does not reach %s%s. Any one of %s would give it:\n", e.From, e.To.after(e.From), with, number(m.Total, "grant", "grants"))
	flat := cli.Flat{Columns: []string{"New grant", "Path", "Gained", "Others", "Peers"}, List: true, Total: int64(m.Total)}
	for i := range m.Grants {
		g := &m.Grants[i]
		grant := g.Source.String() + " -> " + g.Target.after(g.Source)
		if g.Permission != nil {
			grant += " [" + g.Permission.String() + "]"
		}
		flat.Rows = append(flat.Rows, []string{grant, g.Path.String(), strconv.Itoa(g.Gained), strconv.Itoa(g.Others), strconv.Itoa(g.Peers)})
	}
	flat.WriteTable(out)
	fmt.Fprintln(out, "Gained: what would be reached more. Others: identities that would get the access as well. Peers: those who have it so.")
	if m.Others == 0 {
		fmt.Fprintln(out, "No identity has the access.")
		return
	}
	fmt.Fprintf(out, "%s the access:\n", number(m.Others, "identity has", "identities have"))
	for _, w := range m.Ways {
		how := "directly"
		if w.Entry != nil {
			how = "as members of " + w.Entry.after(e.To)
		}
		fmt.Fprintf(out, "  %d %s (%s)\n", w.Identities, how, number(w.Length, "hop", "hops"))
	}
	if m.MoreWays {
		fmt.Fprintln(out, "  and in other ways: see --first")
	}
}

// criticalAnswer is the answer to explain critical.
type criticalAnswer struct {
	Explain struct {
		CriticalGrants struct {
			Total  int
			Pairs  int64
			Grants []struct {
				Lost       int64
				Identities int
				Grant      explainedGrant
			}
		}
	}
}

func (a *criticalAnswer) write(out io.Writer) {
	c := &a.Explain.CriticalGrants
	if c.Total == 0 {
		fmt.Fprintf(out, "None of the %d pairs of an identity and what it reaches depends on a single grant.\n", c.Pairs)
		return
	}
	flat := cli.Flat{Columns: []string{"Grant", "Lost", "% of all", "Identities"}, List: true, Total: int64(c.Total)}
	for i := range c.Grants {
		g := &c.Grants[i]
		flat.Rows = append(flat.Rows, []string{
			g.Grant.String(), strconv.FormatInt(g.Lost, 10), strconv.FormatFloat(100*float64(g.Lost)/float64(c.Pairs), 'f', 2, 64), strconv.Itoa(g.Identities),
		})
	}
	flat.WriteTable(out)
	fmt.Fprintf(out, "Lost: pairs of an identity and what it reaches, of %d, that would be gone without the grant.\n", c.Pairs)
}
