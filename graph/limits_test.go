package graph_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

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
	require.Equal(t, access.CodeLimitExceeded, a.Errors[0].Code())
}

// A text that repeats a field thousands of times took validation many seconds, out of
// reach of every time limit.
func TestRepeatedSelections(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	for name, text := range map[string]string{
		"one field":        "{ me { " + strings.Repeat("kind ", 14_000) + "} }",
		"objects":          "{ " + strings.Repeat("me{kind}", 3_000) + "}",
		"below objects":    "{ " + strings.Repeat("me{"+strings.Repeat("kind ", 40)+"}", 300) + "}",
		"inline fragments": "{ me { " + strings.Repeat("...{kind kind kind}", 1_000) + "} }",
		"fragments":        "{ me { ...A ...B } } fragment A on Me { " + strings.Repeat("kind ", 400) + "} fragment B on Me { " + strings.Repeat("kind ", 400) + "}",
		"unused fragment":  "{ me { kind } } fragment A on Me { " + strings.Repeat("kind ", 4_000) + "}",
		"circle":           "{ me { ...A } } fragment A on Me { employee { reports { edges { node { ...B } } } } } fragment B on Employee { manager { ...B } }" + strings.Repeat(" ", 2_000),
	} {
		start := time.Now()
		a := w.Ask(auth.System(), text, nil)
		require.NotEmpty(t, a.Errors, name)
		require.Equal(t, access.CodeLimitExceeded, a.Errors[0].Code(), name)
		require.Less(t, time.Since(start), 2*time.Second, name)
	}
	// What clients really send: many objects under names of their own.
	var many strings.Builder
	for i := range 1_000 {
		fmt.Fprintf(&many, "a%d: node(id: \"e_%d\") { id } ", i, i)
	}
	require.Empty(t, w.Ask(auth.System(), "{"+many.String()+"}", nil).Errors)
	require.Empty(t, w.Ask(auth.System(), "{ me { "+strings.Repeat("kind ", 500)+"} }", nil).Errors)
}

// More than 500 is wrong input at its place, however expensive it would be.
func TestPageSizesBeyondTheLimitAreNamed(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	for _, first := range []string{"501", "100000", "2147483647", "-1", "0"} {
		a := w.Ask(auth.System(), `{ entities(first: `+first+`) { edges { node { name integration { name } } } } }`, nil)
		require.Equal(t, access.CodeInvalidInput, a.Errors[0].Code(), first)
		require.Equal(t, "first", a.Errors[0].Extensions["argument"], first)
	}
}

func TestListsOfFieldsAreBounded(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	for argument, text := range map[string]string{
		"by":      `{ entityFacets(by: [` + strings.Repeat("MANAGER ", 100) + `]) { field } }`,
		"orderBy": `{ entities(orderBy: [` + strings.Repeat("{field: NAME} ", 100) + `]) { totalCount } }`,
	} {
		a := w.Ask(auth.System(), text, nil)
		require.NotEmpty(t, a.Errors, argument)
		require.Equal(t, access.CodeInvalidInput, a.Errors[0].Code())
		require.Equal(t, argument, a.Errors[0].Extensions["argument"])
	}
}

func TestErrorsOfTheProtocolAreTheCallers(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	require.Contains(t, w.Ask(auth.System(), `query A { me { kind } } query B { me { kind } }`, nil).Errors[0].Message, "operationName")
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
