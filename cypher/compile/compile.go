// Package compile turns filter trees into Cypher. Values are always parameters; labels,
// relationship types and property names come from closed tables, so nothing that a user
// wrote can become statement text, and statements of the same shape share one plan in
// the server's cache.
//
// The conditions are two-valued although Cypher's logic has three values: a leaf is
// true, false or null with null meaning false; AND and OR keep that meaning, and NOT is
// always written NOT coalesce(…, false).
//
// A statement begins with its sets: one CALL for each part of the filter that must look
// beyond the entity (having clauses, people, insights), which collects the entities that
// pass. They start from the filtered side, close over NESTS by pruned expansion, and take
// one hop at either end; the condition on the entity is then plain membership.
package compile

import (
	"fmt"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// Statement is a complete Cypher statement with its parameters.
type Statement struct {
	Text   string
	Params map[string]any
}

// Integration is what matches on integrations and applications are resolved over, before
// the statement is made: there are few, and their names change.
type Integration struct{ Key, Name, Application string }

// Compiler makes one statement. It is used once and not concurrently.
type Compiler struct {
	today        time.Time
	integrations []Integration
	params       map[string]any
	sets         []string // the CALLs that come first
}

// New returns a compiler. now decides on the civil day for states of employees, in its
// own location; integrations are all there are.
func New(now time.Time, integrations []Integration) *Compiler {
	return &Compiler{today: access.CivilDate(now), integrations: integrations, params: map[string]any{}}
}

// Param adds a parameter and returns how statements write it. Names follow the order of
// calls, so that equal shapes give equal texts.
func (c *Compiler) Param(v any) string {
	name := fmt.Sprintf("p%d", len(c.params))
	c.params[name] = v
	return "$" + name
}

// set adds a CALL that must RETURN a list AS the name that is given to body, and returns
// that name.
func (c *Compiler) set(body func(name string) string) string {
	name := fmt.Sprintf("s%d", len(c.sets))
	c.sets = append(c.sets, "") // body may not add sets, and a test would see the gap
	c.sets[len(c.sets)-1] = "CALL (*) {\n" + indent(body(name)) + "\n}\n"
	return name
}

// Statement joins the sets and the main part.
func (c *Compiler) Statement(main string) Statement {
	return Statement{Text: strings.Join(c.sets, "") + main, Params: c.params}
}

// UsesIntegrations reports whether compiling n needs to know the integrations.
func UsesIntegrations(n filter.Node) bool {
	switch n := n.(type) {
	case filter.All:
		return anyUses(n)
	case filter.Any:
		return anyUses(n)
	case filter.Not:
		return UsesIntegrations(n.Part)
	case filter.Related:
		return UsesIntegrations(n.Entity) || UsesIntegrations(n.Via)
	case filter.Text:
		return n.Attr == filter.AttrIntegration || n.Attr == filter.AttrApplication || n.Attr == filter.AttrSourceSystem
	}
	return false
}

func anyUses(parts []filter.Node) bool {
	for _, p := range parts {
		if UsesIntegrations(p) {
			return true
		}
	}
	return false
}

func indent(s string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n  ")
}

// where writes a WHERE of the conditions that are not empty.
func where(conditions ...string) string {
	if joined := and(conditions...); joined != "" {
		return " WHERE " + joined
	}
	return ""
}

func and(conditions ...string) string {
	var kept []string
	for _, c := range conditions {
		if c != "" {
			kept = append(kept, c)
		}
	}
	return strings.Join(kept, " AND ")
}
