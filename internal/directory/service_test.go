package directory_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/directory"
	"github.com/accessgraph/accessgraph/internal/store"
)

func (w *world) own(primary string, secondaries ...string) {
	w.t.Helper()
	_, err := w.service.UpdateIntegration(admin, directory.UpdateIntegration{
		ID: access.IntegrationID("Main"), Owners: &access.Owners{Primary: primary, Secondaries: secondaries},
	})
	require.NoError(w.t, err)
}

func TestMapIdentities(t *testing.T) {
	w := loaded(t)
	risk := as(access.RiskManager, "")
	ada, cy := access.EmployeeID("ada@example.com"), access.EmployeeID("cy@example.com")
	require.NoError(t, w.service.MapIdentities(risk, directory.MapIdentities{EntityIDs: []string{identity(1), identity(4)}, EmployeeID: cy, Relation: access.IS}))
	require.Subset(t, w.mappings(), []string{"u-1: cy IS MANUAL", "u-4: cy IS MANUAL"})
	rows := w.audit("identity.map")
	require.Len(t, rows, 2)
	require.Equal(t, identity(1), rows[1].Object)
	require.Contains(t, rows[1].Before, ada)
	require.Contains(t, rows[1].After, cy)
	require.Empty(t, rows[0].Before)

	version := w.version()
	require.NoError(t, w.service.MapIdentities(risk, directory.MapIdentities{EntityIDs: []string{identity(1)}, EmployeeID: cy, Relation: access.IS}))
	require.Equal(t, version, w.version(), "it is so already")

	err := w.service.MapIdentities(risk, directory.MapIdentities{EntityIDs: []string{identity(5)}, ToAppOwner: true, Relation: access.OWNS})
	requireInvalid(t, err, "entityIds[0]") // no owner yet
	w.own(ada)
	require.NoError(t, w.service.MapIdentities(risk, directory.MapIdentities{EntityIDs: []string{identity(5)}, ToAppOwner: true, Relation: access.OWNS}))
	require.Contains(t, w.mappings(), "u-5: ada OWNS MANUAL")
}

func TestMapIdentitiesIsAllOrNothing(t *testing.T) {
	w := loaded(t)
	before, version := w.mappings(), w.version()
	cy := access.EmployeeID("cy@example.com")
	for path, in := range map[string]directory.MapIdentities{
		"entityIds":    {EmployeeID: cy, Relation: access.IS},
		"entityIds[1]": {EntityIDs: []string{identity(4), "e_none"}, EmployeeID: cy, Relation: access.IS},
		"entityIds[2]": {EntityIDs: []string{identity(4), identity(1), identity(4)}, EmployeeID: cy, Relation: access.IS},
		"entityIds[0]": {EntityIDs: []string{entityID("north", access.Connection, "g-1")}, EmployeeID: cy, Relation: access.IS},
		"relation":     {EntityIDs: []string{identity(4)}, EmployeeID: cy, Relation: access.NotMapped},
		"employeeId":   {EntityIDs: []string{identity(4)}, EmployeeID: "p_none", Relation: access.IS},
	} {
		requireInvalid(t, w.service.MapIdentities(admin, in), path)
	}
	requireInvalid(t, w.service.MapIdentities(admin, directory.MapIdentities{EntityIDs: []string{identity(4)}, EmployeeID: cy, ToAppOwner: true, Relation: access.IS}), "employeeId")
	require.Equal(t, before, w.mappings())
	require.Equal(t, version, w.version())
	require.Empty(t, w.audit("identity.map"))
}

func TestUnmapIdentities(t *testing.T) {
	w := loaded(t)
	cy := access.EmployeeID("cy@example.com")
	require.NoError(t, w.service.UnmapIdentities(admin, []string{identity(1)}, true))
	require.Contains(t, w.mappings(), "u-1: - NONE MANUAL")
	w.employees("Work Email,Start Date\nzoe@example.com,2020-01-01\n")
	w.entitlements("testdata/entitlements.csv", "App", "Main")
	require.Contains(t, w.mappings(), "u-1: - NONE MANUAL", "a pin survives both kinds of import")

	require.NoError(t, w.service.UnmapIdentities(admin, []string{identity(1)}, false))
	require.Contains(t, w.mappings(), "u-1: ada IS AUTOMATIC")
	require.NoError(t, w.service.MapIdentities(admin, directory.MapIdentities{EntityIDs: []string{identity(4), identity(2)}, EmployeeID: cy, Relation: access.IS}))
	require.NoError(t, w.service.UnmapIdentities(admin, []string{identity(4), identity(2)}, false))
	require.ElementsMatch(t, []string{"u-1: ada IS AUTOMATIC", "u-2: Ben IS AUTOMATIC", "u-3: cy IS AUTOMATIC"}, w.mappings())
	require.Len(t, w.audit("identity.unmap"), 4)
}

func TestSetBusinessOwners(t *testing.T) {
	w := loaded(t)
	ada, ben, cy := access.EmployeeID("ada@example.com"), access.EmployeeID("ben@example.com"), access.EmployeeID("cy@example.com")
	ids := []string{entityID("north", access.Connection, "g-1"), entityID("north", access.Resource, "r-1")}
	owners := func() []access.Owners {
		got, err := w.service.BusinessOwners(admin, ids)
		require.NoError(t, err)
		return got
	}
	require.NoError(t, w.service.SetBusinessOwners(admin, directory.SetBusinessOwners{EntityIDs: ids, Owners: access.Owners{Primary: ada, Secondaries: []string{ben, ada, ben}}}))
	want := access.Owners{Primary: ada, Secondaries: []string{ben}}
	require.Equal(t, []access.Owners{want, want}, owners())
	require.Len(t, w.audit("entity.owners"), 2)

	requireInvalid(t, w.service.SetBusinessOwners(admin, directory.SetBusinessOwners{EntityIDs: ids, ToAppOwners: true}), "entityIds[0]")
	w.own(cy, ada)
	require.NoError(t, w.service.SetBusinessOwners(admin, directory.SetBusinessOwners{EntityIDs: ids[:1], ToAppOwners: true}))
	require.Equal(t, []access.Owners{{Primary: cy, Secondaries: []string{ada}}, want}, owners())
	require.NoError(t, w.service.SetBusinessOwners(admin, directory.SetBusinessOwners{EntityIDs: ids}))
	require.Equal(t, []access.Owners{{}, {}}, owners())

	requireInvalid(t, w.service.SetBusinessOwners(admin, directory.SetBusinessOwners{EntityIDs: ids, Owners: access.Owners{Secondaries: []string{ada}}}), "primary")
	requireInvalid(t, w.service.SetBusinessOwners(admin, directory.SetBusinessOwners{EntityIDs: ids, Owners: access.Owners{Primary: ada, Secondaries: []string{ben, "p_none"}}}), "secondaries[1]")
	requireInvalid(t, w.service.SetBusinessOwners(admin, directory.SetBusinessOwners{EntityIDs: []string{identity(1)}, Owners: access.Owners{Primary: ada}}), "entityIds[0]")
}

func TestUpdateIntegration(t *testing.T) {
	w := loaded(t)
	w.entitlements("testdata/entitlements.csv", "App", "Second")
	id, cy := access.IntegrationID("Main"), access.EmployeeID("cy@example.com")
	text := func(s string) *string { return &s }
	got, err := w.service.UpdateIntegration(admin, directory.UpdateIntegration{ID: id, Name: text("  Main (EU) "), Description: text("x"), Owners: &access.Owners{Primary: cy, Secondaries: []string{cy}}})
	require.NoError(t, err)
	require.Equal(t, "Main (EU)", got.Name)
	require.Equal(t, "Main", got.Key)
	require.Equal(t, access.Owners{Primary: cy}, got.Owners)
	require.False(t, got.LastSync.IsZero(), "what is not said stays")
	rows := w.audit("integration.update")
	require.Len(t, rows, 1)
	require.JSONEq(t, `{"name":"Main"}`, rows[0].Before)

	same, err := w.service.UpdateIntegration(admin, directory.UpdateIntegration{ID: id, Name: text("Main (EU)")})
	require.NoError(t, err)
	require.Equal(t, got, same)
	for path, in := range map[string]directory.UpdateIntegration{
		"name":           {ID: id, Name: text("SECOND")},
		"primary":        {ID: id, Owners: &access.Owners{}},
		"secondaries[0]": {ID: id, Owners: &access.Owners{Primary: cy, Secondaries: []string{"p_none"}}},
	} {
		_, err := w.service.UpdateIntegration(admin, in)
		requireInvalid(t, err, path)
	}
	_, err = w.service.UpdateIntegration(admin, directory.UpdateIntegration{ID: "i_none"})
	require.Equal(t, access.CodeNotFound, access.CodeOf(err))
}

func TestAddEmployee(t *testing.T) {
	w := loaded(t)
	e, err := w.service.AddEmployee(admin, directory.NewEmployee{
		WorkEmail: "dee@example.com", FullName: "Dee Day", ManagerEmail: "CY@example.com", Location: "2 Side Street", Title: "Writer",
		EndDate: day(2025, 1, 1), Roles: []access.ProductRole{access.RiskManager, access.Reviewer, access.RiskManager},
	})
	require.NoError(t, err)
	stored := w.employee("dee@example.com")
	require.Equal(t, stored, e)
	require.Equal(t, day(2024, 5, 1), e.StartDate, "today")
	require.Equal(t, "cy@example.com", e.ManagerEmail)
	require.Equal(t, "Cy Case", e.Manager)
	require.JSONEq(t, `{"location":{"address":"2 Side Street"}}`, e.Metadata)
	require.Equal(t, []access.ProductRole{access.Reviewer, access.RiskManager}, e.Roles)
	require.Contains(t, w.mappings(), "u-4: dee IS AUTOMATIC")
	require.Len(t, w.audit("employee.add"), 1)

	w.employees("Work Email,Start Date,Manager Work Email\nold@example.com,2020-01-01,future@example.com\n")
	for path, in := range map[string]directory.NewEmployee{
		"workEmail":    {WorkEmail: "DEE@example.com", FullName: "x"},
		"fullName":     {WorkEmail: "x@example.com"},
		"managerEmail": {WorkEmail: "x@example.com", FullName: "x", ManagerEmail: "none@example.com"},
		"endDate":      {WorkEmail: "x@example.com", FullName: "x", StartDate: day(2024, 1, 2), EndDate: day(2024, 1, 1)},
		"roles[1]":     {WorkEmail: "x@example.com", FullName: "x", Roles: []access.ProductRole{access.Reviewer, "KING"}},
	} {
		_, err := w.service.AddEmployee(admin, in)
		requireInvalid(t, err, path)
	}
	_, err = w.service.AddEmployee(admin, directory.NewEmployee{WorkEmail: "future@example.com", FullName: "x", ManagerEmail: "old@example.com"})
	requireInvalid(t, err, "managerEmail") // a cycle
	_, err = w.service.AddEmployee(admin, directory.NewEmployee{WorkEmail: "bad", FullName: "x"})
	requireInvalid(t, err, "workEmail")
}

func TestWhoMayChangeTheDirectory(t *testing.T) {
	w := loaded(t)
	cy := access.EmployeeID("cy@example.com")
	calls := map[string]struct {
		needs access.ProductRole
		call  func(context.Context) error
	}{
		"map": {access.RiskManager, func(ctx context.Context) error {
			return w.service.MapIdentities(ctx, directory.MapIdentities{EntityIDs: []string{identity(4)}, EmployeeID: cy, Relation: access.IS})
		}},
		"unmap": {access.RiskManager, func(ctx context.Context) error { return w.service.UnmapIdentities(ctx, []string{identity(4)}, false) }},
		"owners": {access.RiskManager, func(ctx context.Context) error {
			return w.service.SetBusinessOwners(ctx, directory.SetBusinessOwners{EntityIDs: []string{entityID("north", access.Connection, "g-1")}, Owners: access.Owners{Primary: cy}})
		}},
		"integration": {access.Administrator, func(ctx context.Context) error {
			_, err := w.service.UpdateIntegration(ctx, directory.UpdateIntegration{ID: access.IntegrationID("Main"), Owners: &access.Owners{Primary: cy}})
			return err
		}},
		"add": {access.Administrator, func(ctx context.Context) error {
			_, err := w.service.AddEmployee(ctx, directory.NewEmployee{WorkEmail: "n@example.com", FullName: "N"})
			return err
		}},
		"list": {access.RiskManager, func(ctx context.Context) error { _, err := w.service.Employees(ctx, store.EmployeeQuery{}); return err }},
	}
	for name, c := range calls {
		require.Equal(t, access.CodeUnauthenticated, access.CodeOf(c.call(context.Background())), name)
		for _, role := range access.ProductRoles {
			err := c.call(as(role, ""))
			if role.Includes(c.needs) {
				require.NoError(t, err, "%s as %s", name, role)
				break
			}
			require.Equal(t, access.CodeForbidden, access.CodeOf(err), "%s as %s", name, role)
		}
	}
}

func TestReads(t *testing.T) {
	w := loaded(t)
	ada, ben, cy := access.EmployeeID("ada@example.com"), access.EmployeeID("ben@example.com"), access.EmployeeID("cy@example.com")
	page, err := w.service.Employees(admin, store.EmployeeQuery{Department: "build", WithTotal: true, State: access.EmployeeActive})
	require.NoError(t, err)
	require.Equal(t, 3, page.Total)
	require.Equal(t, "Ada Able", page.Employees[0].FullName)
	_, err = w.service.Employees(admin, store.EmployeeQuery{First: 501})
	requireInvalid(t, err, "first")

	reports, err := w.service.Reports(as(access.Reviewer, cy), w.employee("cy@example.com"), 0, "")
	require.NoError(t, err)
	require.Len(t, reports.Employees, 1)
	require.Equal(t, ada, reports.Employees[0].ID)
	_, err = w.service.Reports(as(access.Reviewer, ada), w.employee("cy@example.com"), 0, "")
	require.Equal(t, access.CodeForbidden, access.CodeOf(err))

	managers, err := w.service.Managers(admin, []*access.Employee{w.employee("ada@example.com"), nil, w.employee("cy@example.com"), w.employee("ben@example.com")})
	require.NoError(t, err)
	require.Equal(t, cy, managers[0].ID)
	require.Equal(t, []*access.Employee{nil, nil, nil}, managers[1:])

	for name, test := range map[string]struct {
		ctx        context.Context
		people     []bool // ada, ben, cy
		identities []bool
	}{
		"admin":   {admin, []bool{true, true, true}, []bool{true, true, true}},
		"manager": {as(access.Reviewer, cy), []bool{true, false, true}, []bool{true, false, true}},
		"report":  {as(access.Reviewer, ada), []bool{true, false, true}, []bool{true, false, false}},
		"nobody":  {as(access.Reviewer, ""), []bool{false, false, false}, []bool{false, false, false}},
	} {
		ids := []string{ada, ben, cy}
		people, err := w.service.EmployeesByID(test.ctx, ids)
		require.NoError(t, err)
		identities, err := w.service.VisibleIdentities(test.ctx, ids)
		require.NoError(t, err)
		for i := range ids {
			require.Equal(t, test.people[i], people[i] != nil, "%s: person %d", name, i)
			require.Equal(t, test.identities[i], len(identities[i]) > 0, "%s: identities of %d", name, i)
		}
	}
	_, err = w.service.EmployeesByID(context.Background(), []string{ada})
	require.Equal(t, access.CodeUnauthenticated, access.CodeOf(err))
}

func TestStateIsOfTheZonesDay(t *testing.T) {
	w := loaded(t)
	ben := w.employee("ben@example.com") // leaves on 2024-12-31
	zone, err := time.LoadLocation("America/Chicago")
	require.NoError(t, err)
	midnight := time.Date(2025, 1, 1, 0, 0, 0, 0, zone)
	require.Equal(t, access.EmployeeActive, ben.State(midnight.Add(-time.Second)))
	require.Equal(t, access.EmployeeTerminated, ben.State(midnight))

	chicago := directory.NewService(w.store, nil, func(context.Context) (time.Time, error) { return midnight.Add(-time.Second), nil })
	page, err := chicago.Employees(auth.WithPrincipal(context.Background(), auth.System()), store.EmployeeQuery{State: access.EmployeeTerminated})
	require.NoError(t, err)
	require.Empty(t, page.Employees, "in UTC he has left already")
}
