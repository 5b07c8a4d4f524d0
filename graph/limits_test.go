package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/graph/graphtest"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/server"
)

func TestCostLimit(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	nested := func(outer, inner any, fields string) graphtest.Answer {
		return w.Ask(auth.System(), fmt.Sprintf(`{ entities(first: %v) { edges { node { hasAccessTo(first: %v) { edges { %s } } } } } }`, outer, inner, fields), nil)
	}
	const normal = `node { name integration { name } employee { fullName } } permissions { name } providers { name } pathCount`
	require.Empty(t, nested(100, 100, normal).Errors, "the contract promises this")
	a := nested(500, 500, normal)
	require.Equal(t, access.CodeLimitExceeded, a.Errors[0].Code())
	require.Nil(t, a.Data)

	// Page sizes count wherever they come from.
	a = w.Ask(auth.System(), `query($n: Int = 500) { entities(first: $n) { edges { node { hasAccessTo(first: $n) { edges { node { name } } } } } } }`, nil)
	require.Equal(t, access.CodeLimitExceeded, a.Errors[0].Code())
	a = w.Ask(auth.System(), `query($n: Int) { entities(first: $n) { edges { node { hasAccessTo(first: $n) { edges { node { name } } } } } } }`, map[string]any{"n": 500})
	require.Equal(t, access.CodeLimitExceeded, a.Errors[0].Code())
	require.Empty(t, w.Ask(auth.System(), `{ entities { edges { node { hasAccessTo { edges { node { name } } } } } } }`, nil).Errors)

	// Aliases multiply work, so they add up.
	var many strings.Builder
	for i := range 30 {
		fmt.Fprintf(&many, "a%d: dataQuality { count } ", i)
	}
	a = w.Ask(auth.System(), "{"+many.String()+"}", nil)
	require.Equal(t, access.CodeLimitExceeded, a.Errors[0].Code())
}

func TestDepthLimit(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	managers := func(n int) string {
		return `{ me { employee { ` + strings.Repeat("manager { ", n) + "fullName" + strings.Repeat(" }", n) + " } } }"
	}
	require.Empty(t, w.Ask(auth.System(), managers(9), nil).Errors)
	require.Equal(t, access.CodeLimitExceeded, w.Ask(auth.System(), managers(10), nil).Errors[0].Code())
	// A deep filter is no deep query.
	deep := strings.Repeat("{not: ", 8) + "{name: {eq: \"x\"}}" + strings.Repeat("}", 8)
	require.Empty(t, w.Ask(auth.System(), `{ entities(filter: `+deep+`) { totalCount } }`, nil).Errors)
}

func TestNestedFragmentsAreMeasuredOnce(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	var text strings.Builder
	text.WriteString("{ me { ...F0 } } ")
	const n = 40 // 2^40 fields, were they expanded
	for i := range n {
		fmt.Fprintf(&text, "fragment F%d on Me { ...F%d ...F%d } ", i, i+1, i+1)
	}
	fmt.Fprintf(&text, "fragment F%d on Me { kind }", n)
	require.Empty(t, w.Ask(auth.System(), text.String(), nil).Errors)
}

func TestTokenLimit(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	a := w.Ask(auth.System(), "{ "+strings.Repeat("me { kind } ", 10_000)+"}", nil)
	require.Equal(t, access.CodeInvalidInput, a.Errors[0].Code())
}

// introspection is what GraphiQL sends first, with the deepest type it asks for.
const introspection = `query IntrospectionQuery { __schema { queryType { name } mutationType { name } subscriptionType { name }
	types { kind name description specifiedByURL fields(includeDeprecated: true) { name args { name type { ...T } defaultValue } type { ...T } }
	inputFields { name type { ...T } defaultValue } interfaces { ...T } enumValues { name } possibleTypes { ...T } } directives { name locations args { name type { ...T } } } } }
	fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }`

func TestIntrospection(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	a := w.Ask(auth.System(), introspection, nil)
	require.Empty(t, a.Errors)
	require.NotEmpty(t, a.Data["__schema"].(map[string]any)["types"])
	a = w.Ask(auth.System(), `{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }`, nil)
	require.Equal(t, access.CodeInvalidInput, a.Errors[0].Code(), "an answer that explodes")

	w = graphtest.New(t, graphtest.Options{App: func(o *server.AppOptions) { o.NoIntrospection = true }})
	a = w.Ask(auth.System(), introspection, nil)
	require.NotEmpty(t, a.Errors)
	require.Nil(t, a.Data["__schema"])
	require.Equal(t, access.CodeForbidden, a.Errors[0].Code())
	a = w.Ask(auth.System(), `{ entitie { totalCount } }`, nil)
	require.NotContains(t, a.Errors[0].Message, "entities", "no suggestions either")
	require.Empty(t, w.Ask(auth.System(), `{ __typename me { kind __typename } }`, nil).Errors)
}
