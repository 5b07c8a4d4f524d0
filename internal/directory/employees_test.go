package directory_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/directory"
	"github.com/accessgraph/accessgraph/internal/ingest"
)

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func TestEmployeesFile(t *testing.T) {
	w := newWorld(t)
	rep, err := w.im.Employees(admin, file(t, "testdata/employees.csv"), directory.ImportOptions{})
	require.NoError(t, err)
	require.Equal(t, int64(3), rep.Rows)
	require.Equal(t, &ingest.Counts{Added: 3}, rep.Employees)
	require.Equal(t, []string{"3 Manager Work Email W_UNKNOWN_MANAGER"}, codes(rep.Warnings))

	require.Equal(t, &access.Employee{
		ID: access.EmployeeID("ada@example.com"), WorkEmail: "ada@example.com", UserID: "1", FullName: "Ada Able", FirstName: "Ada", LastName: "Able",
		Department: "Build", Title: "Engineer", StartDate: day(2020, 1, 31), EmploymentType: "Full time", Organization: "Product",
		Manager: "Cy Case", ManagerEmail: "cy@example.com", SourceUserID: "s-1", Roles: []access.ProductRole{access.Reviewer},
		MetadataVer: "v1", Metadata: `{"employee":"Ada","location":{"address":"1 Main Street"}}`,
	}, w.employee("ada@example.com"))
	ben := w.employee("BEN@example.com")
	require.Equal(t, "Ben Bold", ben.FullName, "built from first and last name")
	require.Equal(t, day(2024, 12, 31), ben.EndDate)
	require.Equal(t, "nobody@example.com", ben.ManagerEmail, "kept for when that person is added")
	require.Equal(t, []access.ProductRole{access.Reviewer, access.RiskManager, access.Administrator}, w.employee("cy@example.com").Roles)

	runs := w.runs()
	require.Len(t, runs, 1)
	require.Equal(t, ingest.RunSucceeded, runs[0].State)
	require.Equal(t, "employees", runs[0].Kind)
	require.Len(t, runs[0].SHA256, 64)
	require.Len(t, w.audit("employees.import"), 1)
	roles := w.audit("employee.roles")
	require.Len(t, roles, 1)
	require.Equal(t, access.EmployeeID("cy@example.com"), roles[0].Object)
	require.JSONEq(t, `["REVIEWER","RISK_MANAGER","ADMINISTRATOR"]`, roles[0].After)

	version := w.version()
	rep, err = w.im.Employees(admin, file(t, "testdata/employees.csv"), directory.ImportOptions{})
	require.NoError(t, err)
	require.Equal(t, &ingest.Counts{Unchanged: 3}, rep.Employees)
	require.Equal(t, version, w.version(), "the same file changes nothing")
}

func TestEmployeesUpsert(t *testing.T) {
	w := loaded(t)
	w.employees("Work Email,Start Date,Title,End Date\nADA@example.com,2020-01-31,Lead,\nben@example.com,2021-06-01,,\nnew@example.com,2024-01-01,,\n")
	ada := w.employee("ada@example.com")
	require.Equal(t, "Lead", ada.Title)
	require.Equal(t, "Build", ada.Department, "a column that the file lacks keeps its value")
	require.Equal(t, "cy@example.com", ada.ManagerEmail)
	require.NotEmpty(t, ada.Metadata)
	ben := w.employee("ben@example.com")
	require.Empty(t, ben.Title, "an empty cell empties")
	require.True(t, ben.EndDate.IsZero(), "employed again")
	require.NotNil(t, w.employee("cy@example.com"), "absent people stay")
	require.Equal(t, "new@example.com", w.employee("new@example.com").FullName)
	require.Equal(t, []access.ProductRole{access.Reviewer}, w.employee("new@example.com").Roles)

	w.employees("Work Email,Start Date,Product Roles\ncy@example.com,2015-02-02,\n")
	require.Contains(t, w.employee("cy@example.com").Roles, access.Administrator, "empty roles take none away")
}

// A typing error must not make a leaver active, nor cut off a manager or metadata.
func TestAnUnreadableCellChangesNothing(t *testing.T) {
	w := newWorld(t)
	const header = "Work Email,Start Date,End Date,Manager Work Email,Metadata Version,Metadata\n"
	w.employees(header + "boss@example.com,01/02/2020,,,,\n" +
		`a@example.com,01/02/2020,03/04/2021,boss@example.com,v1,"{""employee"":""A""}"` + "\n")
	before := w.employee("a@example.com")
	require.False(t, before.EndDate.IsZero())
	rep := w.employees(header + "a@example.com,01/02/2020,later,boss,v1,{\n")
	require.Len(t, rep.Warnings, 3)
	require.Equal(t, before, w.employee("a@example.com"))
	w.employees(header + "a@example.com,01/02/2020,,,,\n")
	after := w.employee("a@example.com")
	require.True(t, after.EndDate.IsZero() && after.ManagerEmail == "" && after.Metadata == "", "an empty cell empties")
}

func TestTheLastAdministratorStays(t *testing.T) {
	w := loaded(t)
	rep, err := w.im.Employees(admin, source("Work Email,Start Date,Product Roles\ncy@example.com,2015-02-02,reviewer\n"), directory.ImportOptions{})
	require.ErrorIs(t, err, ingest.ErrRejected)
	require.Equal(t, []string{"0 Product Roles E_LAST_ADMINISTRATOR"}, codes(rep.Errors))
	w.employees("Work Email,Start Date,Product Roles\ncy@example.com,2015-02-02,reviewer\nada@example.com,2020-01-31,administrator\n")
	require.Equal(t, []access.ProductRole{access.Reviewer}, w.employee("cy@example.com").Roles)
}

func TestEmployeesIssues(t *testing.T) {
	w := newWorld(t)
	const header = "Work Email,Start Date,End Date,Manager Work Email,Product Roles,Metadata Version,Metadata\n"
	for name, test := range map[string]struct {
		row              string
		errors, warnings []string
	}{
		"fine":             {"a@example.com,01/02/2020,,,,,", nil, nil},
		"no e-mail":        {",01/02/2020,,,,,", []string{"2 Work Email E_REQUIRED"}, nil},
		"bad e-mail":       {"a,01/02/2020,,,,,", []string{"2 Work Email E_EMAIL"}, nil},
		"no start":         {"a@example.com,,,,,,", []string{"2 Start Date E_REQUIRED"}, nil},
		"bad start":        {"a@example.com,soon,,,,,", []string{"2 Start Date E_DATE"}, nil},
		"day first":        {"a@example.com,31/12/2020,,,,,", []string{"2 Start Date E_DATE"}, nil},
		"end day first":    {"a@example.com,01/02/2020,31/12/2020,,,,", []string{"2 End Date E_DATE"}, nil},
		"bad end":          {"a@example.com,01/02/2020,later,,,,", nil, []string{"2 End Date E_DATE"}},
		"never":            {"a@example.com,0001-01-01,01/01/0001,,,,", []string{"2 Start Date E_DATE"}, []string{"2 End Date E_DATE"}},
		"bad manager":      {"a@example.com,01/02/2020,,boss,,,", nil, []string{"2 Manager Work Email E_EMAIL"}},
		"own manager":      {"a@example.com,01/02/2020,,A@example.com,,,", nil, []string{"2 Manager Work Email W_CYCLE"}},
		"role":             {`a@example.com,01/02/2020,,,"reviewer, king",,`, []string{"2 Product Roles E_ENUM"}, nil},
		"version":          {"a@example.com,01/02/2020,,,,v2,", []string{"2 Metadata Version E_ENUM"}, nil},
		"no version":       {`a@example.com,01/02/2020,,,,,{}`, []string{"2 Metadata E_JSON"}, nil},
		"no JSON":          {`a@example.com,01/02/2020,,,,v1,{`, nil, []string{"2 Metadata E_JSON"}},
		"no object":        {`a@example.com,01/02/2020,,,,v1,[]`, nil, []string{"2 Metadata E_JSON"}},
		"unknown member":   {`a@example.com,01/02/2020,,,,v1,"{""salary"":""1""}"`, []string{"2 Metadata E_JSON"}, nil},
		"member no text":   {`a@example.com,01/02/2020,,,,V1,"{""role id"":1}"`, []string{"2 Metadata E_JSON"}, nil},
		"location no text": {`a@example.com,01/02/2020,,,,v1,"{""location"":""here""}"`, []string{"2 Metadata E_JSON"}, nil},
		"location member":  {`a@example.com,01/02/2020,,,,v1,"{""location"":{""city"":""x""}}"`, []string{"2 Metadata E_JSON"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			rep, err := w.im.Employees(admin, source(header+test.row+"\n"), directory.ImportOptions{DryRun: true})
			require.Equal(t, test.errors, codes(rep.Errors))
			require.Equal(t, test.warnings, codes(rep.Warnings))
			if test.errors == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, ingest.ErrRejected)
			require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
		})
	}
	require.Empty(t, w.runs(), "a dry run leaves nothing")
	require.Zero(t, w.version())
}

func TestARejectedFileWritesNothing(t *testing.T) {
	w := newWorld(t)
	rep, err := w.im.Employees(admin, source("Work Email,Start Date\nok@example.com,2020-01-01\nbad,2020-01-01\n"), directory.ImportOptions{})
	require.ErrorIs(t, err, ingest.ErrRejected)
	require.True(t, rep.Rejected())
	require.Nil(t, w.employee("ok@example.com"))
	require.Zero(t, w.version())
	require.Empty(t, w.audit(""))
	require.Len(t, w.runs(), 1)
	require.Equal(t, ingest.RunRejected, w.runs()[0].State)

	_, err = w.im.Employees(admin, source("Name\nx\n"), directory.ImportOptions{})
	require.ErrorIs(t, err, ingest.ErrRejected, "missing columns")
}

func TestRepeatedPeople(t *testing.T) {
	w := newWorld(t)
	rep := w.employees("Work Email,Start Date,Title\na@example.com,2020-01-01,x\nb@example.com,2020-01-01,\na@example.com,01/01/2020,x\nA@example.com,2020-01-01,y\n")
	require.Equal(t, []string{"4 Work Email W_DUPLICATE", "5 Work Email W_CONFLICT"}, codes(rep.Warnings))
	require.Equal(t, &ingest.Counts{Added: 2}, rep.Employees)
	require.Equal(t, "y", w.employee("a@example.com").Title)
}

func TestManagementCycles(t *testing.T) {
	w := newWorld(t)
	const header = "Work Email,Start Date,Manager Work Email\n"
	rep := w.employees(header + "a@example.com,2020-01-01,b@example.com\nb@example.com,2020-01-01,C@example.com\nc@example.com,2020-01-01,a@example.com\nd@example.com,2020-01-01,a@example.com\n")
	require.Equal(t, []string{"4 Manager Work Email W_CYCLE"}, codes(rep.Warnings), "managers may come later; the last edge is dropped")
	require.Equal(t, "c@example.com", w.employee("b@example.com").ManagerEmail, "in the manager's own spelling")
	require.Empty(t, w.employee("c@example.com").ManagerEmail)

	rep = w.employees(header + "b@example.com,2020-01-01,d@example.com\n")
	require.Equal(t, []string{"2 Manager Work Email W_CYCLE"}, codes(rep.Warnings), "with what is stored")
	require.Empty(t, w.employee("b@example.com").ManagerEmail)
	require.Equal(t, "b@example.com", w.employee("a@example.com").ManagerEmail, "the stored edge stays")

	// A stored e-mail of nobody becomes a manager, and that closes a cycle.
	w.employees(header + "e@example.com,2020-01-01,f@example.com\n")
	rep = w.employees(header + "f@example.com,2020-01-01,e@example.com\n")
	require.Equal(t, []string{"2 Manager Work Email W_CYCLE"}, codes(rep.Warnings))
	require.Equal(t, "f@example.com", w.employee("e@example.com").ManagerEmail)
}

func TestALongChainOfManagersIsQuick(t *testing.T) {
	w := newWorld(t)
	text := []byte("Work Email,Start Date,Manager Work Email\n")
	name := func(i int) string { return "p" + string(rune('a'+i%26)) + time.Duration(i).String() + "@example.com" }
	const n = 20000
	for i := range n {
		text = append(text, name(i)+",2020-01-01,"+name((i+1)%n)+"\n"...)
	}
	rep, err := w.im.Employees(admin, source(string(text)), directory.ImportOptions{DryRun: true})
	require.NoError(t, err)
	require.Equal(t, []string{"20001 Manager Work Email W_CYCLE"}, codes(rep.Warnings))
}

func TestWhoMayImport(t *testing.T) {
	w := loaded(t)
	src := func() (s struct{ e, m, o string }) {
		s.e = "Work Email,Start Date\nx@example.com,2020-01-01\n"
		s.m = "Application Integration,Identity Source ID,Employee Email,Relation\nMain,u-4,cy@example.com,IS\n"
		s.o = "Application Integration,Entity Source ID,Primary Owner Email,Secondary Owner Emails\nMain,g-1,cy@example.com,\n"
		return s
	}()
	_, err := w.im.Employees(as(access.RiskManager, ""), source(src.e), directory.ImportOptions{})
	require.Equal(t, access.CodeForbidden, access.CodeOf(err))
	_, err = w.im.Mappings(as(access.Reviewer, ""), source(src.m), directory.ImportOptions{})
	require.Equal(t, access.CodeForbidden, access.CodeOf(err))
	_, err = w.im.BusinessOwners(as(access.Reviewer, ""), source(src.o), directory.ImportOptions{})
	require.Equal(t, access.CodeForbidden, access.CodeOf(err))
	_, err = w.im.Employees(t.Context(), source(src.e), directory.ImportOptions{})
	require.Equal(t, access.CodeUnauthenticated, access.CodeOf(err))
	_, err = w.im.Mappings(as(access.RiskManager, ""), source(src.m), directory.ImportOptions{})
	require.NoError(t, err)
	_, err = w.im.BusinessOwners(as(access.RiskManager, ""), source(src.o), directory.ImportOptions{})
	require.NoError(t, err)
}
