package graph_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/graph/graphtest"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
)

// sameJSON compares data with the JSON that is expected of it.
func sameJSON(t *testing.T, want string, got any) {
	t.Helper()
	raw, err := json.Marshal(got)
	require.NoError(t, err)
	require.JSONEq(t, want, string(raw))
}

func TestReachOfAnIdentity(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	got := w.Must(`query($key: EntityKey!) { entity(key: $key) {
		name type status identityType mfaEnabled employee { fullName } integration { name application { name } }
		hasAccessTo(filter: {type: [RESOURCE]}) { totalCount pageInfo { hasNextPage } edges {
			node { name } direct permissions { name value } providers { name } pathCount pathsTruncated } } } }`,
		map[string]any{"key": map[string]any{"integration": "GitHub (test)", "project": "example-org", "type": "IDENTITY", "sourceId": "gh-user-2"}})
	sameJSON(t, `{"entity":{"name":"bobgh","type":"IDENTITY","status":"ACTIVE","identityType":"EMPLOYEE","mfaEnabled":null,
		"employee":{"fullName":"Bob Builder"},"integration":{"name":"GitHub (test)","application":{"name":"GitHub"}},
		"hasAccessTo":{"totalCount":5,"pageInfo":{"hasNextPage":false},"edges":[
		{"node":{"name":"admin-application"},"direct":true,"permissions":[{"name":"admin","value":"true"},{"name":"read","value":"true"}],
			"providers":[{"name":"Engineering"},{"name":"Platform"}],"pathCount":3,"pathsTruncated":false},
		{"node":{"name":"customer-application"},"direct":false,"permissions":[{"name":"read","value":"true"},{"name":"write","value":"true"}],
			"providers":[{"name":"Engineering"}],"pathCount":1,"pathsTruncated":false},
		{"node":{"name":"handbook"},"direct":false,"permissions":[{"name":"read","value":"true"}],"providers":[{"name":"All-Contributors"}],"pathCount":1,"pathsTruncated":false},
		{"node":{"name":"infra-live"},"direct":false,"permissions":[{"name":"write","value":"true"}],"providers":[{"name":"Platform"}],"pathCount":1,"pathsTruncated":false},
		{"node":{"name":"roadmap-docs"},"direct":false,"permissions":[{"name":"read","value":"true"}],"providers":[{"name":"Product-Development"}],"pathCount":1,"pathsTruncated":false}]}}}`, got)
}

func TestAccessibleByAndPaths(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	admin := graphtest.ID(access.Resource, "gh-repo-2")
	got := w.Must(`query($id: ID!) { entity(id: $id) { accessibleBy(filter: {type: [IDENTITY]}, permission: {eq: "read"}) {
		edges { node { name } direct } } } }`, map[string]any{"id": admin})
	sameJSON(t, `{"entity":{"accessibleBy":{"edges":[{"node":{"name":"alicegh"},"direct":false},{"node":{"name":"bobgh"},"direct":true},
		{"node":{"name":"carolgh"},"direct":false},{"node":{"name":"danagh"},"direct":false}]}}}`, got)

	got = w.Must(`query($a: ID!, $b: ID!) { accessPaths(from: $a, to: $b) { truncated paths { length entry { name } provider { name }
		steps { from { name } to { name } permissions { name } } } } }`, map[string]any{"a": graphtest.ID(access.Identity, "gh-user-2"), "b": admin})
	sameJSON(t, `{"accessPaths":{"truncated":false,"paths":[
		{"length":1,"entry":null,"provider":null,"steps":[{"from":{"name":"bobgh"},"to":{"name":"admin-application"},"permissions":[{"name":"admin"}]}]},
		{"length":2,"entry":{"name":"Engineering"},"provider":{"name":"Engineering"},"steps":[
			{"from":{"name":"bobgh"},"to":{"name":"Engineering"},"permissions":[{"name":"member"}]},
			{"from":{"name":"Engineering"},"to":{"name":"admin-application"},"permissions":[{"name":"read"}]}]},
		{"length":3,"entry":{"name":"Platform-OnCall"},"provider":{"name":"Platform"},"steps":[
			{"from":{"name":"bobgh"},"to":{"name":"Platform-OnCall"},"permissions":[{"name":"member"}]},
			{"from":{"name":"Platform-OnCall"},"to":{"name":"Platform"},"permissions":[{"name":"member"}]},
			{"from":{"name":"Platform"},"to":{"name":"admin-application"},"permissions":[{"name":"read"}]}]}]}}`, got)
}

func TestTruncationIsSaid(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	a := w.Ask(auth.System(), `query($a: ID!, $b: ID!) { accessPaths(from: $a, to: $b, first: 1) { truncated paths { length } } }`,
		map[string]any{"a": graphtest.ID(access.Identity, "gh-user-2"), "b": graphtest.ID(access.Resource, "gh-repo-2")})
	require.Empty(t, a.Errors)
	sameJSON(t, `{"accessPaths":{"truncated":true,"paths":[{"length":1}]}}`, a.Data)
	sameJSON(t, `{"engine":"memory","graphVersion":1,"truncated":true}`, a.Extensions["accessgraph"])
}

func TestExtensionsOnlyWhereTheGraphWasTouched(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	require.Nil(t, w.Ask(auth.System(), `{ me { kind } }`, nil).Extensions["accessgraph"])
	sameJSON(t, `{"engine":"memory","graphVersion":1,"truncated":false}`, w.Ask(auth.System(), `{ entities { totalCount } }`, nil).Extensions["accessgraph"])
}

func TestListsPagesAndFacets(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	page := func(args string, variables map[string]any) map[string]any {
		return w.Must(`query`+declared(variables)+` { entities(filter: {type: [IDENTITY]}, `+args+`) { totalCount edges { node { name } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`, variables)["entities"].(map[string]any)
	}
	first := page(`first: 2`, nil)
	sameJSON(t, `[{"node":{"name":"alicegh"}},{"node":{"name":"bobgh"}}]`, first["edges"])
	require.EqualValues(t, 5, first["totalCount"])
	info := first["pageInfo"].(map[string]any)
	require.Equal(t, true, info["hasNextPage"])
	second := page(`first: 2, after: $c`, map[string]any{"c": info["endCursor"]})
	sameJSON(t, `[{"node":{"name":"carolgh"}},{"node":{"name":"danagh"}}]`, second["edges"])
	back := page(`last: 1, before: $c`, map[string]any{"c": second["pageInfo"].(map[string]any)["startCursor"]})
	sameJSON(t, `[{"node":{"name":"bobgh"}}]`, back["edges"])
	byLogin := page(`orderBy: [{field: LAST_LOGIN_TIME, direction: DESC}]`, nil)
	require.Equal(t, "alicegh", byLogin["edges"].([]any)[0].(map[string]any)["node"].(map[string]any)["name"])

	sameJSON(t, `{"entityFacets":[{"field":"STATUS","buckets":[{"value":"ACTIVE","count":4},{"value":"SUSPENDED","count":1}]},
		{"field":"IDENTITY_TYPE","buckets":[{"value":"EMPLOYEE","count":3},{"value":"SERVICE_ACCOUNT","count":1},{"value":"UNMAPPED","count":1}]}]}`,
		w.Must(`{ entityFacets(filter: {type: [IDENTITY]}, by: [STATUS, IDENTITY_TYPE]) { field buckets { value count } } }`, nil))
	sameJSON(t, `{"entities":{"edges":[{"node":{"name":"bobgh"}}]}}`,
		w.Must(`{ entities(filter: {having: [{entity: {name: {eq: "Platform"}}, via: {name: {contains: "oncall"}}}], type: [IDENTITY]}) { edges { node { name } } } }`, nil))
}

func TestEntityDetails(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	got := w.Must(`query($a: ID!, $e: ID!, $b: ID!) {
		alice: entity(id: $a) { displayName firstName lastName factors { name strength } metadata labels stub removedAt superAdmin mapping { relation origin reason } }
		team: entity(id: $e) { displayName businessOwners { primary { fullName } secondaries { fullName } } employee { id } identityType mapping { relation } }
		bob: entity(id: $b) { grants(first: 10) { totalCount edges { node { target { name } permission value counts } } } }
	}`, map[string]any{"a": graphtest.ID(access.Identity, "gh-user-1"), "e": graphtest.ID(access.Connection, "gh-team-100"), "b": graphtest.ID(access.Identity, "gh-user-2")})
	sameJSON(t, `{"alice":{"displayName":"alicegh (GitHub (test))","firstName":"Alice","lastName":null,
		"factors":[{"name":"sms","strength":"WEAK"},{"name":"webauthn","strength":"STRONG"}],"metadata":{"plan":"team"},"labels":["pilot"],
		"stub":false,"removedAt":null,"superAdmin":"UNKNOWN","mapping":{"relation":"IS","origin":"AUTOMATIC","reason":"e-mail equals work e-mail"}},
		"team":{"displayName":"GitHub/team/Engineering","businessOwners":{"primary":{"fullName":"Bob Builder"},"secondaries":[]},"employee":null,"identityType":null,"mapping":null},
		"bob":{"grants":{"totalCount":4,"edges":[
			{"node":{"target":{"name":"admin-application"},"permission":"admin","value":"true","counts":true}},
			{"node":{"target":{"name":"Engineering"},"permission":"member","value":"true","counts":true}},
			{"node":{"target":{"name":"infra-live"},"permission":"admin","value":"false","counts":false}},
			{"node":{"target":{"name":"Platform-OnCall"},"permission":"member","value":"true","counts":true}}]}}}`,
		got)
}

func declared(variables map[string]any) string {
	if len(variables) == 0 {
		return ""
	}
	return "($c: String)"
}
