package graph_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/graph/graphtest"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/query"
)

// at walks into an answer: names of fields, places in lists.
func at(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			v = v.(map[string]any)[p]
		case int:
			v = v.([]any)[p]
		}
	}
	return v
}

const shownGrant = `source { id } target { id } permission`

func asChange(kind string, g any) string {
	return fmt.Sprintf(`{%s: {source: %q, target: %q, permission: %q}}`, kind, at(g, "source", "id"), at(g, "target", "id"), at(g, "permission"))
}

// What is said to be lost without a grant is what a simulation without it loses.
func TestCriticalGrantsAreSo(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	all := at(w.Must(`{ explain { criticalGrants(first: 100) { total pairs grants { lost identities grant { `+shownGrant+` } } } } }`, nil), "explain", "criticalGrants")
	require.EqualValues(t, 28, at(all, "pairs"))
	grants := at(all, "grants").([]any)
	require.EqualValues(t, at(all, "total"), len(grants))
	require.NotEmpty(t, grants)
	for _, g := range grants {
		data := w.Must(`{ simulate(changes: [`+asChange("removeGrant", at(g, "grant"))+`]) { accessDifference(first: 500) { edges { node { kind identity { id } } } } explain { criticalGrants { pairs } } } }`, nil)
		lost, who := 0, map[any]bool{}
		for _, e := range at(data, "simulate", "accessDifference", "edges").([]any) {
			if at(e, "node", "kind") == "LOST" {
				lost++
				who[at(e, "node", "identity", "id")] = true
			}
		}
		require.EqualValues(t, at(g, "lost"), lost)
		require.EqualValues(t, at(g, "identities"), len(who))
		require.EqualValues(t, 28-lost, at(data, "simulate", "explain", "criticalGrants", "pairs"))
	}
}

// A simulation without the grants of a cut has no path left, and one with a missing grant
// has the path that was promised.
func TestCutsAndMissingGrantsAreSo(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	cut := at(w.Must(filled(`{ explain { minimumCut(from: ["ALICE", "DANA"], toFilter: {type: [RESOURCE]}) { weight flow impossible proofTotal grants { `+shownGrant+` } proof { weight entities { id } } } } }`), nil), "explain", "minimumCut")
	require.Equal(t, at(cut, "weight"), at(cut, "flow"))
	require.Len(t, at(cut, "proof"), int(at(cut, "proofTotal").(float64)))
	changes := ""
	for _, g := range at(cut, "grants").([]any) {
		changes += asChange("removeGrant", g)
	}
	data := w.Must(filled(`{ simulate(changes: [`+changes+`]) { entities(filter: {type: [RESOURCE], having: [{direction: ACCESSIBLE_BY, entity: {name: {in: ["alicegh", "danagh"]}}}]}) { totalCount }
		explain { missingGrants(from: "ALICE", to: "ADMIN", first: 100) { reached total others moreWays ways { entry { id } identities length }
			grants { source { id } target { id } gained others permission { name } path { length steps { from { id } to { id } permissions { name } } } } } } } }`), nil)
	require.EqualValues(t, 0, at(data, "simulate", "entities", "totalCount"))
	missing := at(data, "simulate", "explain", "missingGrants")
	require.Equal(t, false, at(missing, "reached"))
	require.NotEmpty(t, at(missing, "ways"))
	grants := at(missing, "grants").([]any)
	require.EqualValues(t, at(missing, "total"), len(grants))
	require.EqualValues(t, 1, at(grants, 0, "path", "length"), "the direct grant is the nearest")
	for _, g := range grants {
		added := fmt.Sprintf(`{addGrant: {source: %q, target: %q}}`, at(g, "source", "id"), at(g, "target", "id"))
		data := w.Must(filled(`{ without: simulate(changes: [`+changes+`]) { entity(id: "ALICE") { hasAccessTo { totalCount } } }
			with: simulate(changes: [`+changes+added+`]) { entity(id: "ALICE") { hasAccessTo { totalCount } } accessPaths(from: "ALICE", to: "ADMIN") { paths { length } } } }`), nil)
		require.Equal(t, at(g, "path", "length"), at(data, "with", "accessPaths", "paths", 0, "length"))
		require.InDelta(t, at(g, "gained"), at(data, "with", "entity", "hasAccessTo", "totalCount").(float64)-at(data, "without", "entity", "hasAccessTo", "totalCount").(float64), 0)
	}
}

func TestJoiningAndNewcomers(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	data := w.Must(filled(`{ explain {
		joining(of: ["DANA"], group: "ENGINEERING") { entity { name } member count targets { name } }
		newcomers(group: "ENGINEERING", target: "ADMIN") { count entities { name } }
		shortestPaths(filter: {name: {eq: "alicegh"}}, targetFilter: {type: [RESOURCE]}, first: 1) { truncated paths { steps { from { name } to { name } } } }
	} }`), nil)
	sameJSON(t, `{"explain":{"joining":[{"entity":{"name":"danagh"},"member":true,"count":0,"targets":[]}],
		"newcomers":{"count":1,"entities":[{"name":"release-bot"}]},
		"shortestPaths":{"truncated":true,"paths":[{"steps":[{"from":{"name":"alicegh"},"to":{"name":"Engineering"}},{"from":{"name":"Engineering"},"to":{"name":"admin-application"}}]}]}}}`, data)
}

func TestExplanationsThatCannotBe(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	for text, want := range map[string]access.Code{
		`{ explain { missingGrants(from: "nobody", to: "ADMIN") { reached } } }`:                                   access.CodeNotFound,
		`{ explain { missingGrants(from: "ADMIN", to: "ADMIN") { reached } } }`:                                    access.CodeInvalidInput,
		`{ explain { missingGrants(from: "ALICE", to: "ADMIN", first: 0) { reached } } }`:                          access.CodeInvalidInput,
		`{ explain { missingGrants(from: "ALICE", to: "ADMIN", first: 101) { reached } } }`:                        access.CodeInvalidInput,
		`{ explain { minimumCut(to: ["ADMIN"]) { weight } } }`:                                                     access.CodeInvalidInput,
		`{ explain { minimumCut(from: ["ALICE"]) { weight } } }`:                                                   access.CodeInvalidInput,
		`{ explain { minimumCut(from: ["ALICE"], to: ["ALICE", "ADMIN"]) { weight } } }`:                           access.CodeInvalidInput,
		`{ explain { joining(of: ["ALICE"], group: "ADMIN") { count } } }`:                                         access.CodeInvalidInput,
		`{ explain { newcomers(group: "ENGINEERING", target: "gone") { count } } }`:                                access.CodeNotFound,
		`{ explain { criticalGrants(first: 501) { total } } }`:                                                     access.CodeInvalidInput,
		`{ simulate(changes: [{suspend: "ALICE"}]) { explain { joining(of: ["x"], group: "ADMIN") { count } } } }`: access.CodeNotFound,
	} {
		a := w.Ask(auth.System(), filled(text), nil)
		require.Len(t, a.Errors, 1, text)
		require.Equal(t, want, a.Errors[0].Code(), text)
	}
	w = graphtest.New(t, graphtest.Options{Engine: func(e query.Engine) query.Engine { return cypherLike{e} }})
	a := w.Ask(auth.System(), `{ explain { criticalGrants { total } } }`, nil)
	require.Equal(t, access.CodeUnavailable, a.Errors[0].Code())
}
