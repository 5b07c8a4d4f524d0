package graph_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/accessgraph/accessgraph/graph/generated"
	"github.com/accessgraph/accessgraph/graph/graphtest"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/store"
)

// operation is the smallest operation that asks for a root field.
func operation(s *ast.Schema, kind string, f *ast.FieldDefinition) string {
	var args []string
	for _, a := range f.Arguments {
		if a.Type.NonNull {
			args = append(args, a.Name+": "+literal(s, a.Type))
		}
	}
	text := kind + " { " + f.Name
	if len(args) > 0 {
		text += "(" + strings.Join(args, ", ") + ")"
	}
	if def := s.Types[f.Type.Name()]; def.IsCompositeType() {
		text += " { __typename }"
	}
	return text + " }"
}

func literal(s *ast.Schema, t *ast.Type) string {
	if t.Elem != nil {
		return "[" + literal(s, t.Elem) + "]"
	}
	switch def := s.Types[t.NamedType]; def.Kind {
	case ast.Enum:
		return def.EnumValues[0].Name
	case ast.InputObject:
		var fields []string
		for _, f := range def.Fields {
			if f.Type.NonNull {
				fields = append(fields, f.Name+": "+literal(s, f.Type))
			}
		}
		return "{" + strings.Join(fields, ", ") + "}"
	}
	switch t.NamedType {
	case "Int", "Int64":
		return "1"
	case "Time":
		return `"2024-02-29T00:00:00Z"`
	}
	return `"x"`
}

// TestEachRoleIsRefusedWhatItMustBe asks every root field as everybody.
func TestEachRoleIsRefusedWhatItMustBe(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	s := generated.NewExecutableSchema(generated.Config{}).Schema()
	for kind, root := range map[string]*ast.Definition{"query": s.Query, "mutation": s.Mutation} {
		for _, f := range root.Fields {
			d := f.Directives.ForName("access")
			if d == nil {
				require.True(t, strings.HasPrefix(f.Name, "__"), f.Name)
				continue
			}
			needed, ok := access.ParseProductRole(d.Arguments.ForName("role").Value.Raw)
			require.True(t, ok)
			text := operation(s, kind, f)
			require.Equal(t, access.CodeUnauthenticated, firstCode(t, w, auth.Principal{}, text), "%s by nobody", text)
			for _, role := range access.ProductRoles {
				code := firstCode(t, w, graphtest.Principal(role, ""), text)
				if role.Includes(needed) {
					require.NotEqual(t, access.CodeForbidden, code, "%s by %s", text, role)
					require.NotEqual(t, access.CodeUnauthenticated, code, "%s by %s", text, role)
				} else {
					require.Equal(t, access.CodeForbidden, code, "%s by %s", text, role)
				}
			}
		}
	}
}

func firstCode(t *testing.T, w *graphtest.World, p auth.Principal, text string) access.Code {
	t.Helper()
	var a graphtest.Answer
	require.NoError(t, json.Unmarshal(w.Graph.Execute(context.Background(), p, text, nil, "").Body, &a))
	if len(a.Errors) == 0 {
		return ""
	}
	return a.Errors[0].Code()
}

func names(list any) []string {
	var out []string
	for _, e := range list.([]any) {
		out = append(out, e.(map[string]any)["node"].(map[string]any)["name"].(string))
	}
	return out
}

func TestAReviewerSeesTheirOwnAndTheirReports(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	ask := func(email, text string, variables map[string]any) graphtest.Answer {
		return w.Ask(graphtest.Principal(access.Reviewer, email), text, variables)
	}
	all := func(email, filter string) []string {
		a := ask(email, `{ entities(first: 100, filter: {`+filter+`}) { edges { node { name } } } }`, nil)
		require.Empty(t, a.Errors)
		edges := a.Data["entities"].(map[string]any)["edges"]
		if len(edges.([]any)) == 0 {
			return nil
		}
		return names(edges)
	}
	require.Equal(t, []string{"alicegh"}, all("alice@example.com", "type: [IDENTITY]"))
	require.Equal(t, []string{"alicegh", "bobgh", "carolgh"}, all("bob@example.com", "type: [IDENTITY]"), "bob is the manager of both")
	require.Equal(t, []string{"admin-application", "infra-live"}, all("carol@example.com", "type: [RESOURCE]"))
	require.Equal(t, []string{"Platform"}, all("carol@example.com", "type: [CONNECTION]"))
	require.Empty(t, all("nobody@example.com", ""))
	require.Empty(t, all("", ""), "a key that is nobody's")

	t.Run("filters tell nothing of others", func(t *testing.T) {
		require.Empty(t, all("carol@example.com", `having: [{direction: ACCESSIBLE_BY, entity: {name: {eq: "bobgh"}}}]`))
		require.Empty(t, all("carol@example.com", `type: [RESOURCE], user: {eq: "alice@example.com"}`))
		require.Empty(t, all("carol@example.com", `type: [RESOURCE], having: [{direction: ACCESSIBLE_BY, via: {name: {eq: "Engineering"}}}]`))
		require.Equal(t, []string{"admin-application", "infra-live"}, all("carol@example.com", `type: [RESOURCE], department: {eq: "Operations"}`))
		require.Equal(t, []string{"admin-application", "infra-live"},
			all("carol@example.com", `type: [RESOURCE], not: {having: [{direction: ACCESSIBLE_BY, entity: {type: [IDENTITY]}, atLeast: 2}]}`))
	})
	t.Run("by id", func(t *testing.T) {
		byID := func(email, id string) any {
			a := ask(email, `query($id: ID!) { entity(id: $id) { name } node(id: $id) { id } }`, map[string]any{"id": id})
			require.Empty(t, a.Errors)
			require.Equal(t, a.Data["entity"] == nil, a.Data["node"] == nil)
			return a.Data["entity"]
		}
		require.Nil(t, byID("carol@example.com", graphtest.ID(access.Identity, "gh-user-1")))
		require.Nil(t, byID("carol@example.com", graphtest.ID(access.Connection, "gh-team-100")))
		require.NotNil(t, byID("carol@example.com", graphtest.ID(access.Resource, "gh-repo-2")))
		require.NotNil(t, byID("bob@example.com", graphtest.ID(access.Identity, "gh-user-1")))
	})
	t.Run("access", func(t *testing.T) {
		a := ask("carol@example.com", `query($id: ID!) { entity(id: $id) { accessibleBy { totalCount edges { node { name } } } } }`, map[string]any{"id": graphtest.ID(access.Resource, "gh-repo-2")})
		sameJSON(t, `{"entity":{"accessibleBy":{"totalCount":2,"edges":[{"node":{"name":"carolgh"}},{"node":{"name":"Platform"}}]}}}`, a.Data)
		a = ask("carol@example.com", `query($a: ID!, $b: ID!) { accessPaths(from: $a, to: $b) { paths { length } } }`,
			map[string]any{"a": graphtest.ID(access.Identity, "gh-user-2"), "b": graphtest.ID(access.Resource, "gh-repo-2")})
		require.Equal(t, access.CodeNotFound, a.Errors[0].Code())
		a = ask("carol@example.com", `query($a: ID!, $b: ID!) { accessPaths(from: $a, to: $b) { paths { length } } }`,
			map[string]any{"a": graphtest.ID(access.Identity, "gh-user-3"), "b": graphtest.ID(access.Resource, "gh-repo-2")})
		sameJSON(t, `{"accessPaths":{"paths":[{"length":2}]}}`, a.Data)
	})
	t.Run("people", func(t *testing.T) {
		a := ask("alice@example.com", `{ me { employee { fullName manager { fullName identities { name } reports { totalCount } } identities { name } reports { totalCount } } } }`, nil)
		require.Equal(t, access.CodeForbidden, a.Errors[0].Code(), "the reports of her manager")
		a = ask("alice@example.com", `{ me { employee { manager { fullName identities { name } } identities { name } reports { totalCount } } } }`, nil)
		require.Empty(t, a.Errors)
		sameJSON(t, `{"me":{"employee":{"manager":{"fullName":"Bob Builder","identities":[]},"identities":[{"name":"alicegh"}],"reports":{"totalCount":0}}}}`, a.Data)
		a = ask("alice@example.com", `query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": access.EmployeeID("carol@example.com")})
		require.Nil(t, a.Data["node"])
	})
	t.Run("counting people", func(t *testing.T) {
		a := ask("alice@example.com", `{ entityFacets(by: [TYPE, DEPARTMENT]) { field } }`, nil)
		require.Equal(t, access.CodeForbidden, a.Errors[0].Code())
		a = ask("carol@example.com", `{ entityFacets(by: [TYPE]) { buckets { value count } } }`, nil)
		sameJSON(t, `{"entityFacets":[{"buckets":[{"value":"RESOURCE","count":2},{"value":"CONNECTION","count":1},{"value":"IDENTITY","count":1}]}]}`, a.Data)
	})
}

// An identity of somebody else that a reviewer's own can impersonate is seen as something
// that can be reached. What that identity reaches in its turn is not the reviewer's.
func TestWhatOtherIdentitiesReachIsHiddenFromReviewers(t *testing.T) {
	const carol = "carol@example.com"
	carolgh, admin := graphtest.ID(access.Identity, "gh-user-3"), graphtest.ID(access.Resource, "gh-repo-2")
	service := graphtest.Entity("GitHub (test)", access.Identity, "svc", "user", "deployer")
	hidden := graphtest.Entity("GitHub (test)", access.Connection, "hidden", "team", "Hidden")
	w := graphtest.New(t, graphtest.Options{More: []store.Change{
		{PutEntity: service}, {PutEntity: hidden},
		graphtest.Grant(carolgh, service.ID, "impersonate", "true"),
		graphtest.Grant(service.ID, hidden.ID, "member", "true"),
		graphtest.Grant(service.ID, admin, "delete", "true"),
		graphtest.Grant(hidden.ID, admin, "secret", "true"),
	}})
	const pair = `totalCount edges { node { name } permissions { name } providers { name } pathCount }`
	for _, c := range []struct{ text, reviewer, all string }{
		{`entity(id: "SVC") { name hasAccessTo { totalCount } }`, `{"entity":{"name":"deployer","hasAccessTo":{"totalCount":0}}}`, `"totalCount":2`},
		{`entity(id: "ADMIN") { accessibleBy(filter: {type: [IDENTITY]}) { ` + pair + ` } }`,
			`{"entity":{"accessibleBy":{"totalCount":1,"edges":[{"node":{"name":"carolgh"},"permissions":[{"name":"read"}],"providers":[{"name":"Platform"}],"pathCount":1}]}}}`, `"secret"`},
		{`entity(id: "CAROL") { hasAccessTo(filter: {name: {eq: "admin-application"}}) { ` + pair + ` } }`,
			`{"entity":{"hasAccessTo":{"totalCount":1,"edges":[{"node":{"name":"admin-application"},"permissions":[{"name":"read"}],"providers":[{"name":"Platform"}],"pathCount":1}]}}}`, `"read"`},
		{`accessPaths(from: "SVC", to: "ADMIN") { truncated paths { length } }`, `{"accessPaths":{"truncated":false,"paths":[]}}`, `"length":2`},
		{`entities(filter: {type: [IDENTITY], permission: {eq: "delete"}}) { totalCount }`, `{"entities":{"totalCount":0}}`, `"totalCount":1`},
		{`entities(filter: {name: {eq: "deployer"}, having: [{entity: {name: {eq: "admin-application"}}}]}) { totalCount }`, `{"entities":{"totalCount":0}}`, `"totalCount":1`},
		{`entities(filter: {name: {eq: "deployer"}, having: [{entity: {name: {eq: "admin-application"}}, none: true}]}) { totalCount }`, `{"entities":{"totalCount":1}}`, `"totalCount":0`},
		{`entities(filter: {name: {eq: "admin-application"}, having: [{direction: ACCESSIBLE_BY, entity: {type: [IDENTITY]}, atLeast: 2}]}) { totalCount }`, `{"entities":{"totalCount":0}}`, `"totalCount":1`},
		{`entities(filter: {name: {eq: "admin-application"}, having: [{direction: ACCESSIBLE_BY, permission: {eq: "secret"}}]}) { totalCount }`, `{"entities":{"totalCount":0}}`, `"totalCount":1`},
		{`entities(filter: {having: [{entity: {name: {eq: "admin-application"}}}], type: [IDENTITY]}) { totalCount }`, `{"entities":{"totalCount":1}}`, `"totalCount"`},
	} {
		text := "{ " + strings.NewReplacer("SVC", service.ID, "ADMIN", admin, "CAROL", carolgh).Replace(c.text) + " }"
		a := w.Ask(graphtest.Principal(access.Reviewer, carol), text, nil)
		require.Empty(t, a.Errors, text)
		sameJSON(t, c.reviewer, a.Data)
		everything, err := json.Marshal(w.Must(text, nil))
		require.NoError(t, err)
		require.Contains(t, string(everything), c.all, text)
	}
	for _, text := range []string{
		`{ entity(id: "` + carolgh + `") { hasAccessTo(throughIdentities: true) { totalCount } } }`,
		`{ entity(id: "` + admin + `") { accessibleBy(throughIdentities: true) { totalCount } } }`,
		`{ accessPaths(from: "` + carolgh + `", to: "` + admin + `", throughIdentities: true) { truncated } }`,
	} {
		a := w.Ask(graphtest.Principal(access.Reviewer, carol), text, nil)
		require.Equal(t, access.CodeForbidden, a.Errors[0].Code(), text)
		require.Equal(t, "throughIdentities", a.Errors[0].Extensions["argument"])
		w.Must(text, nil)
	}
}
