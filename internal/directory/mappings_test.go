package directory_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/directory"
	"github.com/accessgraph/accessgraph/internal/ingest"
)

func TestAutoMapper(t *testing.T) {
	person := func(email string) *access.Employee {
		return &access.Employee{ID: access.EmployeeID(email), WorkEmail: email}
	}
	m := directory.NewAutoMapper([]*access.Employee{person("Ada@Example.com"), person("ben@example.com"), person("ben@other.example"), person("ström@example.com")})
	for name, test := range map[string]struct {
		e      access.Entity
		email  string
		reason string
	}{
		"e-mail":                 {access.Entity{Email: "ADA@example.COM"}, "ada@example.com", directory.ReasonEmail},
		"e-mail before username": {access.Entity{Email: "ada@example.com", Username: "ben@example.com"}, "ada@example.com", directory.ReasonEmail},
		"other e-mail":           {access.Entity{Email: "x@y.example", Username: "ada"}, "ada@example.com", directory.ReasonLocalPart},
		"username":               {access.Entity{Username: "Ben@Other.example"}, "ben@other.example", directory.ReasonUsername},
		"local part":             {access.Entity{Username: "STRÖM"}, "ström@example.com", directory.ReasonLocalPart},
		"two of them":            {access.Entity{Username: "ben"}, "", ""},
		"nobody":                 {access.Entity{Username: "ad"}, "", ""},
		"nothing":                {access.Entity{}, "", ""},
		"flag":                   {access.Entity{Email: "ada@example.com", ServiceAccount: access.True}, "", ""},
		"source type":            {access.Entity{Email: "ada@example.com", SourceType: "Bot"}, "", ""},
		"connection":             {access.Entity{Type: access.Connection, Email: "ada@example.com"}, "", ""},
	} {
		if test.e.Type == "" {
			test.e.Type = access.Identity
		}
		id, reason, ok := m.Match(&test.e)
		require.Equal(t, test.email != "", ok, name)
		require.Equal(t, test.reason, reason, name)
		if ok {
			require.Equal(t, access.EmployeeID(test.email), id, name)
		}
	}
}

func TestAutomaticMappingFollowsThePeople(t *testing.T) {
	w := newWorld(t)
	w.entitlements("testdata/entitlements.csv", "App", "Main")
	require.Empty(t, w.mappings())
	rep, err := w.im.Employees(admin, file(t, "testdata/employees.csv"), directory.ImportOptions{})
	require.NoError(t, err)
	require.Equal(t, &ingest.Counts{Added: 3}, rep.Mappings)
	require.ElementsMatch(t, []string{"u-1: ada IS AUTOMATIC", "u-2: Ben IS AUTOMATIC", "u-3: cy IS AUTOMATIC"}, w.mappings(),
		"not the service account, not the group")

	w.employees("Work Email,Start Date\nben@other.example,2020-01-01\ndee@example.com,2020-01-01\n")
	require.ElementsMatch(t, []string{"u-1: ada IS AUTOMATIC", "u-3: cy IS AUTOMATIC", "u-4: dee IS AUTOMATIC"}, w.mappings(),
		"ben has become ambiguous, dee has come")

	w.entitlements("testdata/entitlements.csv", "App", "Second")
	require.Len(t, w.mappings(), 6, "an entitlements import maps by the same rule")
	version := w.version()
	w.employees("Work Email,Start Date\nben@other.example,2020-01-01\n")
	require.Equal(t, version, w.version(), "what is right already is not written")
}

func TestMappingFile(t *testing.T) {
	w := loaded(t)
	const header = "Application Integration,Project,Identity Name,Identity Source ID,Identity Source Type,Identity Username,Identity Email,Employee Email,Relation\n"
	rep, err := w.im.Mappings(admin, source(header+
		"Main,south,dee,u-4,,,,CY@example.com,owns\n"+
		"Main,north,deploy-bot,u-5,,,,ada@example.com,IS\n"+
		"Main,north,ben,u-2,,,,,\n"+
		"Main,,ada,u-1,,,,ben@example.com,IS\n"+
		"Main,,ada,u-1,,,,ben@example.com,IS\n"+
		"Main,north,ada,u-1,,,,cy@example.com,IS\n"), directory.ImportOptions{})
	require.NoError(t, err, "%v", rep.Errors)
	require.Equal(t, []string{"3 Relation W_SERVICE_ACCOUNT", "6 Identity Source ID W_DUPLICATE", "7 Identity Source ID W_CONFLICT"}, codes(rep.Warnings))
	require.Equal(t, &ingest.Counts{Added: 2, Updated: 1}, rep.Mappings)
	want := []string{"u-1: cy IS MANUAL", "u-2: Ben IS AUTOMATIC", "u-3: cy IS AUTOMATIC", "u-4: cy OWNS MANUAL", "u-5: ada IS MANUAL"}
	require.ElementsMatch(t, want, w.mappings())

	// What people said survives both kinds of import.
	w.employees("Work Email,Start Date\ndee@example.com,2020-01-01\n")
	w.entitlements("testdata/entitlements.csv", "App", "Main")
	require.ElementsMatch(t, want, w.mappings())

	rows := w.audit("identity.map")
	require.Len(t, rows, 3)
	require.Contains(t, rows[0].After+rows[1].After+rows[2].After, access.EmployeeID("cy@example.com"))
	version := w.version()
	rep, err = w.im.Mappings(admin, source(header+"Main,south,dee,u-4,,,,cy@example.com,OWNS\n"), directory.ImportOptions{})
	require.NoError(t, err)
	require.Equal(t, &ingest.Counts{Unchanged: 1}, rep.Mappings)
	require.Equal(t, version, w.version())
}

func TestMappingFileIssues(t *testing.T) {
	w := loaded(t)
	before := w.mappings()
	const header = "Application Integration,Project,Identity Source ID,Employee Email,Relation\n"
	rep, err := w.im.Mappings(admin, source(header+
		"Main,north,u-1,cy@example.com,\n"+
		"Main,north,u-1,,IS\n"+
		"Main,north,u-1,cy@example.com,HAS\n"+
		"Main,north,u-1,cy,IS\n"), directory.ImportOptions{})
	require.ErrorIs(t, err, ingest.ErrRejected)
	require.Equal(t, []string{"2 Relation E_REQUIRED", "3 Employee Email E_REQUIRED", "4 Relation E_ENUM", "5 Employee Email E_EMAIL"}, codes(rep.Errors))
	rep, err = w.im.Mappings(admin, source(header+
		"Main,north,u-1,cy@example.com,IS\n"+
		"Other,north,u-1,cy@example.com,IS\n"+
		"Main,north,u-9,cy@example.com,IS\n"+
		"Main,north,g-1,cy@example.com,IS\n"+
		"Main,north,u-1,nobody@example.com,IS\n"), directory.ImportOptions{})
	require.ErrorIs(t, err, ingest.ErrRejected)
	require.Equal(t, []string{
		"3 Application Integration E_UNKNOWN_ENTITY", "4 Identity Source ID E_UNKNOWN_ENTITY",
		"5 Identity Source ID E_UNKNOWN_ENTITY", "6 Employee Email E_UNKNOWN_EMPLOYEE",
	}, codes(rep.Errors))
	require.Equal(t, before, w.mappings())
}

func TestAPersonsWordSaidDuringAnImportIsKept(t *testing.T) {
	w := loaded(t)
	cy := w.employee("cy@example.com").ID
	w.store.before = func() { // between the plan of the import and its commit
		require.NoError(t, w.service.MapIdentities(admin, directory.MapIdentities{EntityIDs: []string{identity(4)}, EmployeeID: cy, Relation: access.IS}))
	}
	w.employees("Work Email,Start Date\ndee@example.com,2020-01-01\n")
	require.Contains(t, w.mappings(), "u-4: cy IS MANUAL")
	require.NotNil(t, w.employee("dee@example.com"), "the import was planned again")
}

func TestOwnersFile(t *testing.T) {
	w := loaded(t)
	const header = "Application Integration,Project,Entity Name,Entity Type,Entity Source Type,Entity Source ID,Primary Owner Email,Secondary Owner Emails\n"
	load := func(rows string) ingest.Report {
		t.Helper()
		rep, err := w.im.BusinessOwners(admin, source(header+rows), directory.ImportOptions{})
		require.NoError(t, err, "%v", rep.Errors)
		return rep
	}
	owners := func(ids ...string) []access.Owners {
		got, err := w.store.BusinessOwners(context.Background(), ids)
		require.NoError(t, err)
		return got
	}
	ada, ben, cy := access.EmployeeID("ada@example.com"), access.EmployeeID("ben@example.com"), access.EmployeeID("cy@example.com")
	group, twin, stub := entityID("north", access.Connection, "g-1"), entityID("west", access.Connection, "g-2"), entityID("north", access.Resource, "r-1")
	rep := load("Main,north,Builders,connection,group,g-1,ada@example.com, CY@example.com ; ada@example.com;;ben@example.com;cy@example.com\n" +
		"Main,west,Twin,,,g-2,ben@example.com,\nmain,,Store,resource,,r-1,cy@example.com,\n")
	require.Equal(t, &ingest.Counts{Added: 3}, rep.Owners)
	require.Equal(t, []access.Owners{{Primary: ada, Secondaries: []string{cy, ben}}, {Primary: ben}, {Primary: cy}}, owners(group, twin, stub))
	require.Empty(t, owners(entityID("south", access.Connection, "g-2"))[0].Primary, "the other twin")

	rep = load("Main,north,Builders,connection,group,g-1,ada@example.com,cy@example.com;ben@example.com\nMain,west,Twin,connection,group,g-2,,\n" +
		"Main,,Store,resource,,r-1,ada@example.com,\n")
	require.Equal(t, &ingest.Counts{Unchanged: 1, Removed: 1, Updated: 1}, rep.Owners)
	require.Equal(t, []access.Owners{{Primary: ada, Secondaries: []string{cy, ben}}, {}, {Primary: ada}}, owners(group, twin, stub))

	rep, err := w.im.BusinessOwners(admin, source(header+
		"Main,north,,identity,,u-1,ada@example.com,\nMain,north,,group,,g-1,ada@example.com,\nMain,north,,,,g-1,,cy@example.com\nMain,north,,,,g-1,x,y\n"), directory.ImportOptions{})
	require.ErrorIs(t, err, ingest.ErrRejected)
	require.Equal(t, []string{"2 Entity Type E_ENUM", "3 Entity Type E_ENUM", "4 Primary Owner Email E_REQUIRED",
		"5 Primary Owner Email E_EMAIL", "5 Secondary Owner Emails E_EMAIL"}, codes(rep.Errors))
	rep, err = w.im.BusinessOwners(admin, source(header+
		"Main,,,,,g-2,ada@example.com,\nMain,north,,resource,,g-1,ada@example.com,\nMain,north,,,,g-1,x@example.com,y@example.com\nNone,,,,,g-1,,\n"), directory.ImportOptions{})
	require.ErrorIs(t, err, ingest.ErrRejected)
	require.Equal(t, []string{"2 Entity Source ID E_UNKNOWN_ENTITY", "3 Entity Source ID E_UNKNOWN_ENTITY", "4 Primary Owner Email E_UNKNOWN_EMPLOYEE",
		"4 Secondary Owner Emails E_UNKNOWN_EMPLOYEE", "5 Application Integration E_UNKNOWN_ENTITY"}, codes(rep.Errors))
	require.Contains(t, rep.Errors[0].Message, "2 entities", "an ambiguous place is not guessed")
	require.Len(t, w.audit("owners.import"), 2)
	require.Len(t, w.audit("entity.owners"), 5)
}

func TestFilesFindARenamedIntegrationByNameAndKey(t *testing.T) {
	w := loaded(t)
	name := "Renamed"
	_, err := w.service.UpdateIntegration(admin, directory.UpdateIntegration{ID: access.IntegrationID("Main"), Name: &name})
	require.NoError(t, err)
	for _, called := range []string{"Renamed", "Main", "RENAMED"} {
		rep, err := w.im.Mappings(admin, source("Application Integration,Identity Source ID,Employee Email,Relation\n"+called+",u-4,cy@example.com,IS\n"), directory.ImportOptions{DryRun: true})
		require.NoError(t, err, "%s: %v", called, rep.Errors)
	}
}
