package graph

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/accessgraph/accessgraph/graph/generated"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
)

func schema() *ast.Schema { return generated.NewExecutableSchema(generated.Config{}).Schema() }

func TestEveryFieldHasAnAccessRule(t *testing.T) {
	all, missing := readRules(schema())
	require.Empty(t, missing)
	fields := 0
	for _, def := range schema().Types {
		if def.Kind != ast.Object || def.BuiltIn {
			continue
		}
		for _, f := range def.Fields {
			if f.Name == "__schema" || f.Name == "__type" {
				continue
			}
			require.Contains(t, all[def.Name], f.Name, "%s.%s", def.Name, f.Name)
			fields++
		}
	}
	require.Greater(t, fields, 200, "the walk has seen the schema")
}

// TestRootFieldsNeedTheirOwnRule: a rule of the type would let a new question in unseen.
func TestRootFieldsNeedTheirOwnRule(t *testing.T) {
	for _, root := range []*ast.Definition{schema().Query, schema().Mutation, schema().Subscription} {
		require.Nil(t, root.Directives.ForName("access"), root.Name)
	}
}

func TestAFieldWithoutARuleIsFoundAndRefused(t *testing.T) {
	s := gqlparser.MustLoadSchema(&ast.Source{Input: `
		directive @access(role: R, public: Boolean = false) on FIELD_DEFINITION | OBJECT
		enum R { REVIEWER ADMINISTRATOR }
		type Query { forgotten: Int  open: Int @access(public: true)  closed: T @access(role: ADMINISTRATOR)  odd: Int @access }
		type T @access(role: REVIEWER) { a: Int  b: Int @access(role: ADMINISTRATOR) }`})
	all, missing := readRules(s)
	require.Equal(t, []string{"Query.forgotten", "Query.odd"}, missing)
	nobody, reviewer, admin := auth.Principal{}, auth.Principal{Kind: auth.KindUser, Roles: []access.ProductRole{access.Reviewer}}, auth.System()
	for _, c := range []struct {
		object, field string
		want          [3]access.Code // nobody, reviewer, administrator
	}{
		{"Query", "forgotten", [3]access.Code{access.CodeForbidden, access.CodeForbidden, access.CodeForbidden}},
		{"Query", "unknown", [3]access.Code{access.CodeForbidden, access.CodeForbidden, access.CodeForbidden}},
		{"Query", "open", [3]access.Code{"", "", ""}},
		{"Query", "closed", [3]access.Code{access.CodeUnauthenticated, access.CodeForbidden, ""}},
		{"T", "a", [3]access.Code{access.CodeUnauthenticated, "", ""}},
		{"T", "b", [3]access.Code{access.CodeUnauthenticated, access.CodeForbidden, ""}},
		{"Query", "__typename", [3]access.Code{"", "", ""}},
	} {
		got := [3]access.Code{
			access.CodeOf(all.check(nobody, false, c.object, c.field)), access.CodeOf(all.check(reviewer, true, c.object, c.field)),
			access.CodeOf(all.check(admin, true, c.object, c.field)),
		}
		require.Equal(t, c.want, got, "%s.%s", c.object, c.field)
	}
}

// needs is the lowest role for each field of the roots: what a change of the schema has
// to change on purpose.
var needs = map[access.ProductRole][]string{
	access.Reviewer: {"Query.node", "Query.entity", "Query.entities", "Query.entityFacets", "Query.accessPaths", "Query.me", "Query.jobs",
		"Query.savedFilters", "Query.savedFilter", "Query.describeFilter", "Mutation.saveFilter", "Mutation.renameSavedFilter", "Mutation.deleteSavedFilter",
		"Mutation.cancelJob", "Subscription.jobProgress"},
	access.RiskManager: {"Query.insights", "Query.accessChanges", "Query.applications", "Query.integrations", "Query.integration", "Query.importRuns",
		"Query.dataQuality", "Query.statistics", "Query.employees", "Query.employee", "Query.settings", "Query.simulate", "Query.explain", "Query.auditLog", "Query.exportColumns", "Mutation.startExport",
		"Mutation.mapIdentities", "Mutation.unmapIdentities", "Mutation.setBusinessOwners"},
	access.Administrator: {"Query.apiKeys", "Mutation.updateIntegration", "Mutation.addEmployee", "Mutation.updateSettings",
		"Mutation.createApiKey", "Mutation.revokeApiKey"},
}

func TestRolesOfTheRootFields(t *testing.T) {
	all, _ := readRules(schema())
	got := map[access.ProductRole][]string{}
	for _, root := range []string{"Query", "Mutation", "Subscription"} {
		for field, r := range all[root] {
			require.False(t, r.public, field)
			got[r.role] = append(got[r.role], root+"."+field)
		}
	}
	for _, m := range []map[access.ProductRole][]string{got, needs} {
		for _, list := range m {
			slices.Sort(list)
		}
	}
	require.Equal(t, needs, got)
}
