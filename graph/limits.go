package graph

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// Limits keep a request from becoming a hostile one. Zero fields have the defaults.
type Limits struct {
	Depth   int           // nesting of fields, introspection excepted (12)
	Cost    int           // objects that the answer may hold, see cost (250 000)
	Tokens  int           // of the query text (15 000)
	Timeout time.Duration // of a query or mutation (30 s)
}

func (l Limits) orDefault() Limits {
	if l.Depth == 0 {
		l.Depth = 12
	}
	if l.Cost == 0 {
		l.Cost = 250_000
	}
	if l.Tokens == 0 {
		l.Tokens = 15_000
	}
	if l.Timeout == 0 {
		l.Timeout = 30 * time.Second
	}
	return l
}

// The costs of fields whose work is not in the objects they return.
var fieldCosts = map[string]int{
	"AccessEdge.pathCount":               5,
	"AccessEdge.pathsTruncated":          5,
	"Query.accessPaths":                  100,
	"Query.entityFacets":                 200,
	"Query.dataQuality":                  20_000,
	"Query.statistics":                   500,
	"Query.insights":                     200,
	"Query.simulate":                     2000,
	"Query.accessChanges":                10_000,
	"Explanations.missingGrants":         1000,
	"Explanations.minimumCut":            1000,
	"Explanations.criticalGrants":        20_000,
	"Explanations.joining":               500,
	"Explanations.newcomers":             500,
	"Explanations.shortestPaths":         1000,
	"Simulation.accessPaths":             100,
	"Simulation.entityFacets":            200,
	"Simulation.accessDifference":        2000,
	"Insight.entityCount":                1,
	"Integration.counts":                 20,
	"Integration.overview":               500,
	"IntegrationOverview.lastLogin":      500,
	"IntegrationOverview.topConnections": 1000,
	"IntegrationOverview.topResources":   1000,
}

// momentCost is the cost of each past moment that an operation asks for: the graph of then
// is put together once, however many fields ask.
const momentCost = 10_000

// listSize is how many items a list without a page size is taken to have.
const listSize = 2

// measure is the depth and the cost of a selection.
type measure struct{ depth, cost int }

// measurer measures one operation. Fragments are measured once each, so a text that
// nests fragments cannot make measuring itself expensive.
type measurer struct {
	schema    *ast.Schema
	variables map[string]any
	fragments map[string]measure
	moments   map[string]bool // the values of asOf
}

// check refuses an operation over the limits.
func (l Limits) check(schema *ast.Schema, op *ast.OperationDefinition, variables map[string]any) error {
	m := &measurer{schema: schema, variables: variables, fragments: map[string]measure{}, moments: map[string]bool{}}
	got := m.set(op.SelectionSet)
	got.cost = add(got.cost, multiply(len(m.moments), momentCost))
	if got.depth > l.Depth {
		return access.Errorf(access.CodeLimitExceeded, "the query is %d levels deep; the limit is %d", got.depth, l.Depth)
	}
	if got.cost > l.Cost {
		return access.Errorf(access.CodeLimitExceeded, "the query may return about %d objects; the limit is %d: ask for smaller pages", got.cost, l.Cost)
	}
	return nil
}

func (m *measurer) set(set ast.SelectionSet) measure {
	var out measure
	for _, selection := range set {
		var one measure
		switch s := selection.(type) {
		case *ast.Field:
			one = m.field(s)
		case *ast.InlineFragment:
			one = m.set(s.SelectionSet)
		case *ast.FragmentSpread:
			known, ok := m.fragments[s.Name]
			if !ok && s.Definition != nil {
				known = m.set(s.Definition.SelectionSet)
				m.fragments[s.Name] = known
			}
			one = known
		}
		out.depth = max(out.depth, one.depth)
		out.cost = add(out.cost, one.cost)
	}
	return out
}

// field: an object costs 1, a scalar nothing; what a page holds counts once for each of
// its items, however many there will be.
func (m *measurer) field(f *ast.Field) measure {
	if strings.HasPrefix(f.Name, "__") || f.Definition == nil {
		return measure{} // introspection has a depth rule of its own among the validations
	}
	if f.Definition.Arguments.ForName("asOf") != nil {
		if at := f.ArgumentMap(m.variables)["asOf"]; at != nil {
			m.moments[fmt.Sprint(at)] = true
		}
	}
	own := 0
	if f.ObjectDefinition != nil {
		own = fieldCosts[f.ObjectDefinition.Name+"."+f.Name]
	}
	if len(f.SelectionSet) == 0 {
		return measure{depth: 1, cost: own}
	}
	inner := m.set(f.SelectionSet)
	return measure{depth: inner.depth + 1, cost: add(own, multiply(m.size(f), add(inner.cost, 1)))}
}

// size is how many times the selection of a field may be answered.
func (m *measurer) size(f *ast.Field) int {
	args := f.ArgumentMap(m.variables)
	for _, name := range []string{"first", "last"} {
		if n, ok := number(args[name]); ok {
			return min(max(n, 1), query.MaxFirst) // more is refused by whoever lists, at its place
		}
	}
	switch {
	case f.Definition.Arguments.ForName("first") != nil:
		return query.DefaultFirst
	case f.Name == "edges":
		return 1 // counted by the page
	case f.Definition.Type.Elem != nil:
		return listSize
	}
	return 1
}

func number(v any) (int, bool) {
	switch n := v.(type) {
	case int64:
		return clamp(n), true
	case int:
		return n, true
	case float64:
		return clamp(int64(n)), true
	case fmt.Stringer: // json.Number
		var i int64
		if _, err := fmt.Sscan(n.String(), &i); err == nil {
			return clamp(i), true
		}
	}
	return 0, false
}

func clamp(n int64) int { return int(max(0, min(n, math.MaxInt32))) }

func add(a, b int) int { return min(a+b, math.MaxInt32) }

func multiply(a, b int) int {
	if a > 0 && b > math.MaxInt32/a {
		return math.MaxInt32
	}
	return a * b
}
