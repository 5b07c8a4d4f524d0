package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

var peopleTests = []test{
	{"people/employee: every field survives and is replaced", func(t *testing.T, s store.Store) {
		e := &access.Employee{
			ID: access.EmployeeID("Ann@Example.com"), WorkEmail: "Ann@Example.com", UserID: "u1", FullName: "Ann Example", FirstName: "Ann", LastName: "Example",
			Department: "R & D", Title: "Engineer", StartDate: civil(2020, 2, 29), EndDate: civil(2026, 12, 31), EmploymentType: "Permanent", Organization: "Org",
			Manager: "Bob", ManagerEmail: "bob@example.com", SourceUserID: "src-1", Roles: []access.ProductRole{access.Reviewer, access.Administrator},
			MetadataVer: "7", Metadata: `{"x":1}`,
		}
		commit(t, s, t0, putEmployee(e))
		require.Equal(t, []*access.Employee{e}, stateOf(t, s, "").Employees)
		bare := &access.Employee{ID: e.ID, WorkEmail: "ann@example.com", Roles: []access.ProductRole{access.Reviewer}}
		commit(t, s, day(1), putEmployee(bare))
		require.Equal(t, []*access.Employee{bare}, stateOf(t, s, "").Employees)
	}},
	{"people/managers come and go in any order", func(t *testing.T, s store.Store) {
		a, b := employee("a@example.com", "A"), employee("b@example.com", "B")
		a.ManagerEmail, b.ManagerEmail = "B@example.com", "a@example.com" // a cycle, and not there yet
		commit(t, s, t0, putEmployee(a))
		commit(t, s, t0, putEmployee(b))
		a.ManagerEmail = ""
		commit(t, s, t0, putEmployee(a))
		require.ElementsMatch(t, []*access.Employee{a, b}, stateOf(t, s, "").Employees)
	}},
	{"people/mapping: put, replace, pin, remove", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		bob := employee("bob@example.com", "Bob")
		m := access.Mapping{EntityID: w.alice.ID, EmployeeID: w.ann.ID, Relation: access.IS, Origin: access.AutomaticMapping, Reason: "e-mail", At: t0}
		for i, next := range []access.Mapping{
			m,
			{EntityID: w.alice.ID, EmployeeID: bob.ID, Relation: access.OWNS, Origin: access.ManualMapping, Reason: "said so", At: day(1)},
			{EntityID: w.alice.ID, Relation: access.NotMapped, Origin: access.ManualMapping, Reason: "nobody's", At: day(2)},
			{EntityID: w.alice.ID, EmployeeID: w.ann.ID, Relation: access.IS, Origin: access.ManualMapping, Reason: "", At: day(3)},
		} {
			commit(t, s, day(i), putEmployee(bob), store.Change{PutMapping: &next})
			got := stateOf(t, s, "")
			require.Equal(t, []access.Mapping{next}, got.Mappings)
			is := got.find(t, w.alice.ID).Mapping
			mapped, err := s.MappedEntities(t.Context(), []string{bob.ID, "p_nobody", w.ann.ID})
			require.NoError(t, err)
			require.Len(t, mapped, 3)
			if next.Relation == access.NotMapped {
				require.Nil(t, is, "a pin reads as no mapping")
				require.Empty(t, mapped[0])
				require.Empty(t, mapped[2])
				continue
			}
			require.Equal(t, &access.MappingRef{EmployeeID: next.EmployeeID, Relation: next.Relation, Origin: next.Origin, Reason: next.Reason, At: next.At}, is)
			require.Equal(t, next.EmployeeID == bob.ID, len(mapped[0]) == 1)
			require.Equal(t, next.EmployeeID == w.ann.ID, len(mapped[2]) == 1)
		}
		// A re-import of the entity leaves its mapping alone.
		commit(t, s, day(5), putEntity(w.alice))
		require.NotNil(t, ptr(stateOf(t, s, "")).find(t, w.alice.ID).Mapping)
		commit(t, s, day(6), store.Change{RemoveMapping: w.alice.ID}, store.Change{RemoveMapping: "e_nobody"})
		got := stateOf(t, s, "")
		require.Empty(t, got.Mappings)
		require.Nil(t, got.find(t, w.alice.ID).Mapping)
		require.Len(t, got.Employees, 2)
	}},
	{"people/mapping: removing a pin", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		commit(t, s, t0, store.Change{PutMapping: &access.Mapping{EntityID: w.alice.ID, Relation: access.NotMapped, Origin: access.ManualMapping, At: t0}})
		commit(t, s, t0, store.Change{RemoveMapping: w.alice.ID})
		require.Empty(t, stateOf(t, s, "").Mappings)
	}},
	{"people/mapping: an employee changes and keeps theirs", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		commit(t, s, t0, store.Change{PutMapping: &access.Mapping{EntityID: w.alice.ID, EmployeeID: w.ann.ID, Relation: access.IS, Origin: access.ManualMapping, At: t0}})
		w.ann.Title = "CTO"
		commit(t, s, t0, putEmployee(w.ann))
		require.Len(t, stateOf(t, s, "").Mappings, 1)
	}},
	{"people/mapped entities are sorted", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		cs := []store.Change{}
		for _, e := range []*access.Entity{w.alice, w.team, w.app} {
			cs = append(cs, store.Change{PutMapping: &access.Mapping{EntityID: e.ID, EmployeeID: w.ann.ID, Relation: access.OWNS, Origin: access.ManualMapping, At: t0}})
		}
		commit(t, s, t0, cs...)
		mapped, err := s.MappedEntities(t.Context(), []string{w.ann.ID})
		require.NoError(t, err)
		require.Len(t, mapped[0], 3)
		require.IsIncreasing(t, mapped[0])
		require.Len(t, stateOf(t, s, "").Mappings, 3)
		none, err := s.MappedEntities(t.Context(), nil)
		require.NoError(t, err)
		require.Empty(t, none)
	}},
	{"people/business owners", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		ids := []string{w.ann.ID}
		cs := []store.Change{}
		for _, name := range []string{"d", "c", "b", "a"} {
			e := employee(name+"@example.com", name)
			ids = append(ids, e.ID)
			cs = append(cs, putEmployee(e))
		}
		commit(t, s, t0, cs...)
		for _, o := range []access.Owners{
			{Primary: ids[0], Secondaries: []string{ids[3], ids[1], ids[4]}}, // in the order given
			{Primary: ids[2]},
			{Secondaries: []string{ids[4], ids[0]}}, // nobody comes first
		} {
			commit(t, s, t0, store.Change{PutOwners: &store.EntityOwners{EntityID: w.app.ID, Owners: o}})
			got, err := s.BusinessOwners(t.Context(), []string{w.team.ID, w.app.ID, "e_nobody", w.app.ID})
			require.NoError(t, err)
			require.Equal(t, []access.Owners{{}, o, {}, o}, got)
		}
		commit(t, s, t0, putEntity(w.app)) // a re-import leaves them alone
		require.Len(t, stateOf(t, s, "").Owners, 1)
		commit(t, s, t0, store.Change{PutOwners: &store.EntityOwners{EntityID: w.app.ID}})
		require.Empty(t, stateOf(t, s, "").Owners)
	}},
	{"people/labels", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		commit(t, s, t0, store.Change{PutLabels: &store.EntityLabels{EntityID: w.app.ID, Labels: []string{"b", "é", "B", "a", "b"}}})
		require.Equal(t, []string{"B", "a", "b", "é"}, ptr(stateOf(t, s, "")).find(t, w.app.ID).Labels)
		commit(t, s, t0, putEntity(w.app))
		require.Len(t, ptr(stateOf(t, s, "")).find(t, w.app.ID).Labels, 4, "a re-import leaves them alone")
		commit(t, s, t0, store.Change{PutLabels: &store.EntityLabels{EntityID: w.app.ID, Labels: []string{"c"}}})
		require.Equal(t, []string{"c"}, ptr(stateOf(t, s, "")).find(t, w.app.ID).Labels)
		commit(t, s, t0, store.Change{PutLabels: &store.EntityLabels{EntityID: w.app.ID}})
		require.Nil(t, ptr(stateOf(t, s, "")).find(t, w.app.ID).Labels)
	}},
	{"people/insights", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		put := func(in ...access.Insight) {
			commit(t, s, t0, store.Change{PutInsights: &store.EntityInsights{EntityID: w.app.ID, Insights: in}},
				store.Change{PutInsights: &store.EntityInsights{EntityID: w.team.ID, Insights: []access.Insight{{Name: "shared", Since: day(9)}}}})
		}
		a, b := access.Insight{Name: "a", Since: day(-2), Evidence: `{"n":1}`}, access.Insight{Name: "shared", Since: t0}
		put(b, a)
		require.Equal(t, []access.Insight{a, b}, ptr(stateOf(t, s, "")).find(t, w.app.ID).Insights)
		commit(t, s, t0, putEntity(w.app))
		require.Len(t, ptr(stateOf(t, s, "")).find(t, w.app.ID).Insights, 2, "a re-import leaves them alone")
		b.Evidence = "new"
		put(b)
		require.Equal(t, []access.Insight{b}, ptr(stateOf(t, s, "")).find(t, w.app.ID).Insights)
		put()
		got := stateOf(t, s, "")
		require.Nil(t, got.find(t, w.app.ID).Insights)
		require.Equal(t, []access.Insight{{Name: "shared", Since: day(9)}}, got.find(t, w.team.ID).Insights)
	}},
	{"people/references must exist", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		before := stateOf(t, s, "")
		for name, c := range map[string]store.Change{
			"mapping of nobody":      {PutMapping: &access.Mapping{EntityID: "e_nobody", EmployeeID: w.ann.ID, Relation: access.IS, Origin: access.ManualMapping}},
			"mapping to nobody":      {PutMapping: &access.Mapping{EntityID: w.alice.ID, EmployeeID: "p_nobody", Relation: access.IS, Origin: access.ManualMapping}},
			"owners of nobody":       {PutOwners: &store.EntityOwners{EntityID: "e_nobody", Owners: access.Owners{Primary: w.ann.ID}}},
			"unknown owner":          {PutOwners: &store.EntityOwners{EntityID: w.app.ID, Owners: access.Owners{Primary: "p_nobody"}}},
			"unknown second owner":   {PutOwners: &store.EntityOwners{EntityID: w.app.ID, Owners: access.Owners{Primary: w.ann.ID, Secondaries: []string{"p_nobody"}}}},
			"labels of nobody":       {PutLabels: &store.EntityLabels{EntityID: "e_nobody", Labels: []string{"x"}}},
			"insights of nobody":     {PutInsights: &store.EntityInsights{EntityID: "e_nobody", Insights: []access.Insight{{Name: "x", Since: t0}}}},
			"unknown app owner":      {PutIntegration: &access.Integration{ID: access.IntegrationID("n"), Key: "n", Name: "n", Owners: access.Owners{Primary: "p_nobody"}}},
			"a change of no content": {},
		} {
			_, err := try(t, s, day(1), putEmployee(w.ann), c)
			require.Equal(t, access.CodeInvalidInput, access.CodeOf(err), "%s: %v", name, err)
		}
		require.Equal(t, before, stateOf(t, s, ""))
	}},
	{"people/integration: every field survives and is replaced", func(t *testing.T, s store.Store) {
		ann, bob := employee("ann@example.com", "Ann"), employee("bob@example.com", "Bob")
		i := access.Integration{
			ID: access.IntegrationID("K"), Key: "K", Name: "K renamed", Application: "GitHub", Description: "d", Extraction: access.DirectExtraction,
			Status: access.IntegrationError, Message: "m", Owners: access.Owners{Primary: bob.ID, Secondaries: []string{ann.ID}},
			ColumnMap: map[string]string{"Name": "Their name", "x": ""}, Defaults: map[string]string{"Type": "IDENTITY"},
			CreatedAt: day(-7), LastSync: day(-1), Revision: 99,
		}
		commit(t, s, t0, store.Change{PutApplication: &access.Application{ID: access.ApplicationID("GitHub"), Name: "GitHub"}},
			putEmployee(ann), putEmployee(bob), store.Change{PutIntegration: &i})
		i.Revision = 1 // the store keeps it
		require.Equal(t, []access.Integration{i}, stateOf(t, s, "").Integrations)
		bare := access.Integration{ID: i.ID, Key: "K", Name: "K", Application: "GitHub", Extraction: access.FileUpload, Status: access.IntegrationDraft}
		commit(t, s, t0, store.Change{PutIntegration: &bare})
		bare.Revision = 2
		require.Equal(t, []access.Integration{bare}, stateOf(t, s, "").Integrations)
		all, err := s.Integrations(t.Context())
		require.NoError(t, err)
		require.Equal(t, []access.Integration{bare}, all)
	}},
}

func civil(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
