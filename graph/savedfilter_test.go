package graph_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/graph/graphtest"
	"github.com/accessgraph/accessgraph/internal/access"
)

const saveFilter = `mutation($in: SaveFilterInput!) { saveFilter(input: $in) { id name page filter search shared sentence mine editable createdBy revision } }`

func TestSavedFilters(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	manager := graphtest.Principal(access.RiskManager, "bob@example.com")
	reviewer := graphtest.Principal(access.Reviewer, "carol@example.com")
	having := map[string]any{"type": []any{"IDENTITY"}, "having": []any{map[string]any{"atLeast": 2, "entity": map[string]any{"type": []any{"RESOURCE"}}}}}
	in := map[string]any{"name": "Two", "page": "IDENTITIES", "filter": having, "search": "bob"}
	a := w.Ask(manager, saveFilter, map[string]any{"in": in})
	require.Empty(t, a.Errors)
	saved := a.Data["saveFilter"].(map[string]any)
	id := saved["id"].(string)
	delete(saved, "id")
	sameJSON(t, `{"name":"Two","page":"IDENTITIES","filter":{"type":["IDENTITY"],"having":[{"entity":{"type":["RESOURCE"]},"atLeast":2}]},"search":"bob","shared":true,
		"sentence":"identities matching \"bob\" having at least 2 resources","mine":true,"editable":true,"createdBy":"agk_test","revision":1}`, saved)

	a = w.Ask(reviewer, `query($id: ID!) { savedFilters { name mine editable } savedFilter(id: $id) { name fitted(to: RESOURCES) { filter dropped } } }`, map[string]any{"id": id})
	require.Empty(t, a.Errors)
	sameJSON(t, `{"savedFilters":[{"name":"Two","mine":false,"editable":false}],
		"savedFilter":{"name":"Two","fitted":{"filter":{"having":[{"entity":{"type":["RESOURCE"]},"atLeast":2}]},"dropped":["type"]}}}`, a.Data)

	for name, c := range map[string]struct {
		in   map[string]any
		code access.Code
	}{
		"the name is taken": {map[string]any{"name": "TWO", "page": "ENTITIES", "filter": map[string]any{}}, access.CodeConflict},
		"unknown field":     {map[string]any{"name": "x", "page": "ENTITIES", "filter": map[string]any{"colour": "red"}}, access.CodeInvalidInput},
		"no object":         {map[string]any{"name": "x", "page": "ENTITIES", "filter": 3}, access.CodeInvalidInput},
		"old revision":      {map[string]any{"id": id, "name": "x", "page": "ENTITIES", "filter": map[string]any{}, "revision": 7}, access.CodeConflict},
	} {
		a := w.Ask(manager, saveFilter, map[string]any{"in": c.in})
		require.Len(t, a.Errors, 1, name)
		require.Equal(t, c.code, a.Errors[0].Code(), name)
	}
	a = w.Ask(reviewer, `mutation($id: ID!) { renameSavedFilter(id: $id, name: "Mine") { id } }`, map[string]any{"id": id})
	require.Equal(t, access.CodeForbidden, a.Errors[0].Code())
	a = w.Ask(manager, `mutation($id: ID!) { renameSavedFilter(id: $id, name: "Three", revision: 1) { name revision } }`, map[string]any{"id": id})
	sameJSON(t, `{"renameSavedFilter":{"name":"Three","revision":2}}`, a.Data)
	a = w.Ask(manager, `mutation($id: ID!) { deleteSavedFilter(id: $id, revision: 2) }`, map[string]any{"id": id})
	sameJSON(t, `{"deleteSavedFilter":"`+id+`"}`, a.Data)
	a = w.Ask(manager, `query($id: ID!) { savedFilter(id: $id) { id } }`, map[string]any{"id": id})
	require.Equal(t, access.CodeNotFound, a.Errors[0].Code())
}

func TestDescribeFilter(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	f := map[string]any{"type": []any{"IDENTITY"}, "inactiveForDays": 30, "integration": map[string]any{"contains": "test"},
		"having": []any{map[string]any{"entity": map[string]any{"name": map[string]any{"eq": `in"fra`}}}}}
	d := w.Must(`query($f: EntityFilter) { describeFilter(filter: $f, search: "gh") { sentence graphql cypher cypherParameters } }`, map[string]any{"f": f})["describeFilter"].(map[string]any)
	require.Equal(t, `identities matching "gh" in the integration *test* not active for 30 days having any entity named "in\"fra"`, d["sentence"])
	require.Contains(t, d["cypher"], "MATCH (")
	require.Contains(t, d["cypher"], "datetime($p")
	require.NotContains(t, d["cypher"], "fra", "values are parameters")
	require.NotEmpty(t, d["cypherParameters"])

	// The operation that is shown runs, and answers what the filter does.
	run := w.Must(d["graphql"].(string), nil)["entities"].(map[string]any)
	want := w.Must(`query($f: EntityFilter) { entities(filter: $f, search: "gh") { totalCount } }`, map[string]any{"f": f})["entities"].(map[string]any)
	require.Equal(t, want["totalCount"], run["totalCount"])

	sameJSON(t, `{"describeFilter":{"sentence":"entities","graphql":"{\n  entities(first: 50) {\n    totalCount\n    edges {\n      node { id name type sourceType status integration { name } }\n    }\n    pageInfo { hasNextPage endCursor }\n  }\n}\n"}}`,
		w.Must(`{ describeFilter { sentence graphql } }`, nil))
	reviewer := graphtest.Principal(access.Reviewer, "carol@example.com")
	require.Empty(t, w.Ask(reviewer, `{ describeFilter { sentence graphql } }`, nil).Errors)
	require.Equal(t, access.CodeForbidden, w.Ask(reviewer, `{ describeFilter { cypher } }`, nil).Errors[0].Code())
	a := w.Ask(reviewer, `{ describeFilter(filter: {inactiveForDays: -1}) { sentence } }`, nil)
	require.Equal(t, access.CodeInvalidInput, a.Errors[0].Code())
}

func TestSelections(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	ids := []any{"e_none"}
	found := w.Must(`{ entities(filter: {name: {in: ["bobgh", "alicegh"]}}) { edges { node { id } } } }`, nil)["entities"].(map[string]any)
	for _, e := range found["edges"].([]any) {
		ids = append(ids, e.(map[string]any)["node"].(map[string]any)["id"])
	}
	sameJSON(t, `{"entities":{"totalCount":2,"edges":[{"node":{"name":"alicegh"}},{"node":{"name":"bobgh"}}]}}`,
		w.Must(`query($ids: [ID!]) { entities(filter: {ids: $ids}) { totalCount edges { node { name } } } }`, map[string]any{"ids": ids}))
	total := func(f map[string]any) any {
		return w.Must(`query($f: EntityFilter) { entities(filter: $f) { totalCount } }`, map[string]any{"f": f})["entities"].(map[string]any)["totalCount"]
	}
	all := total(nil).(float64)
	require.Equal(t, all-2, total(map[string]any{"not": map[string]any{"ids": ids}}))
	require.Equal(t, all, total(map[string]any{"ids": []any{}}), "an empty list restricts nothing")
	many := make([]any, 10001)
	for i := range many {
		many[i] = "x"
	}
	a := w.Ask(graphtest.Principal(access.RiskManager, ""), `query($ids: [ID!]) { entities(filter: {ids: $ids}) { totalCount } }`, map[string]any{"ids": many})
	require.Equal(t, access.CodeInvalidInput, a.Errors[0].Code())
}
