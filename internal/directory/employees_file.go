package directory

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
)

// Codes of issues that only the directory's files have.
const (
	CodeUnknownManager = "W_UNKNOWN_MANAGER"    // the manager's e-mail is nobody's, yet
	CodeServiceAccount = "W_SERVICE_ACCOUNT"    // relation IS on a service account
	CodeLastAdmin      = "E_LAST_ADMINISTRATOR" // nobody would be left who may administer
)

// The columns of the employees file, in the order of employeeColumns.
const (
	empUserID = iota
	empFullName
	empFirstName
	empLastName
	empWorkEmail
	empDepartment
	empTitle
	empStart
	empEnd
	empType
	empOrganization
	empManager
	empManagerEmail
	empSourceUserID
	empRoles
	empMetadataVer
	empMetadata
	empColumns
)

var rolesHeader = regexp.MustCompile(`(?i)^(\w+ )?Roles$`)

var employeeColumns = []csvfile.Column{
	{Name: "User ID"}, {Name: "Full Name"}, {Name: "First Name"}, {Name: "Last Name"}, {Name: "Work Email", Required: true},
	{Name: "Department"}, {Name: "Title"}, {Name: "Start Date", Required: true}, {Name: "End Date"}, {Name: "Employment Type"},
	{Name: "Organization"}, {Name: "Manager"}, {Name: "Manager Work Email"}, {Name: "Source User ID"},
	{Name: "Product Roles", Match: rolesHeader.MatchString}, {Name: "Metadata Version"}, {Name: "Metadata"},
}

// employeeRow is a valid row: what its cells say, before it meets what is stored.
type employeeRow struct {
	row     int64
	e       access.Employee
	dropped [empColumns]bool // cells that could not be read; they change nothing
}

// employeeFile is a file read whole. Memory is that of the people in it.
type employeeFile struct {
	has  [empColumns]bool // which columns the file gives
	rows []employeeRow    // one per work e-mail, in the order of the file
	at   map[string]int   // employee id → index in rows
}

func (f *employeeFile) read(r *csvfile.Reader, report *ingest.Report) {
	f.at = map[string]int{}
	for i := range f.has {
		f.has[i] = r.Has(i)
	}
	for r.Next() {
		row, ok := parseEmployee(r, report)
		if !ok {
			continue
		}
		first, twice := f.at[row.e.ID]
		if !twice {
			f.at[row.e.ID] = len(f.rows)
			f.rows = append(f.rows, row)
			continue
		}
		if sameEmployee(&f.rows[first].e, &row.e) {
			report.Warn(ingest.Issue{Row: row.row, Column: "Work Email", Code: ingest.CodeDuplicate,
				Message: fmt.Sprintf("the row repeats row %d", f.rows[first].row)})
			continue
		}
		report.Warn(ingest.Issue{Row: row.row, Column: "Work Email", Code: ingest.CodeConflict,
			Message: fmt.Sprintf("%s stands in row %d with other values; this row wins", row.e.WorkEmail, f.rows[first].row)})
		f.rows[first] = row
	}
}

// cells reads the cells of one row and reports what is wrong with them.
type cells struct {
	*csvfile.Reader
	columns []csvfile.Column
	report  *ingest.Report
	ok      bool
	dropped [empColumns]bool
}

// drop warns of a cell that cannot be read and is left out.
func (c *cells) drop(column int, code, format string, args ...any) {
	c.dropped[column] = true
	c.warn(column, code, format, args...)
}

func (c *cells) fail(column int, code, format string, args ...any) {
	c.ok = false
	c.report.Error(ingest.Issue{Row: c.Row(), Column: c.columns[column].Name, Code: code, Message: fmt.Sprintf(format, args...)})
}

func (c *cells) warn(column int, code, format string, args ...any) {
	c.report.Warn(ingest.Issue{Row: c.Row(), Column: c.columns[column].Name, Code: code, Message: fmt.Sprintf(format, args...)})
}

// required is the text of a cell that must not be empty.
func (c *cells) required(column int) string {
	text := c.Text(column)
	if text == "" {
		c.fail(column, ingest.CodeRequired, "the cell is empty")
	}
	return text
}

func parseEmployee(r *csvfile.Reader, report *ingest.Report) (employeeRow, bool) {
	c := &cells{Reader: r, columns: employeeColumns, report: report, ok: true}
	e := access.Employee{
		UserID: c.Text(empUserID), FullName: c.Text(empFullName), FirstName: c.Text(empFirstName), LastName: c.Text(empLastName),
		Department: c.Text(empDepartment), Title: c.Text(empTitle), EmploymentType: c.Text(empType),
		Organization: c.Text(empOrganization), Manager: c.Text(empManager), SourceUserID: c.Text(empSourceUserID),
	}
	if text := c.required(empWorkEmail); text != "" {
		email, ok := ingest.ParseEmail(text)
		if !ok {
			c.fail(empWorkEmail, ingest.CodeEmail, "%q is no e-mail address", text)
		}
		e.WorkEmail, e.ID = email, access.EmployeeID(email)
	}
	if text := c.Text(empManagerEmail); text != "" {
		email, ok := ingest.ParseEmail(text)
		if !ok {
			c.drop(empManagerEmail, ingest.CodeEmail, "%q is no e-mail address; it is left out", text)
		}
		e.ManagerEmail = email
	}
	if text := c.required(empStart); text != "" {
		e.StartDate = c.date(empStart, text, true)
	}
	if text := c.Text(empEnd); text != "" {
		e.EndDate = c.date(empEnd, text, false)
	}
	e.Roles = c.roles(empRoles)
	c.metadata(&e)
	return employeeRow{row: r.Row(), e: e, dropped: c.dropped}, c.ok
}

// date reads a date. One that reads only with the day first is an error in any column:
// the file's other dates were probably read with day and month swapped.
func (c *cells) date(column int, text string, required bool) time.Time {
	day, verdict := ingest.ParseDate(text)
	if day.IsZero() && verdict == ingest.DateOK { // 1 January of year 1: what programs print for "never"
		verdict = ingest.DateBad
	}
	switch {
	case verdict == ingest.DateOK:
		return day
	case verdict == ingest.DateDayFirst || required:
		c.fail(column, ingest.CodeDate, "%q: %s", text, verdict.Hint())
	default:
		c.drop(column, ingest.CodeDate, "%q is left out: %s", text, verdict.Hint())
	}
	return time.Time{}
}

// roles reads the list of product roles: distinct, lowest first; nil when the cell is empty.
func (c *cells) roles(column int) []access.ProductRole {
	var roles []access.ProductRole
	for _, text := range strings.Split(c.Text(column), ",") {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		role, ok := access.ParseProductRole(text)
		if !ok {
			c.fail(column, ingest.CodeEnum, "%q is no product role; use reviewer, risk manager or administrator", text)
			continue
		}
		roles = append(roles, role)
	}
	return sortRoles(roles)
}

func sortRoles(roles []access.ProductRole) []access.ProductRole {
	var out []access.ProductRole
	for _, r := range access.ProductRoles {
		if slices.Contains(roles, r) {
			out = append(out, r)
		}
	}
	return out
}

func (c *cells) metadata(e *access.Employee) {
	version, text := c.Text(empMetadataVer), c.Text(empMetadata)
	if version != "" && access.Fold(version) != "v1" {
		c.fail(empMetadataVer, ingest.CodeEnum, "%q is no metadata version; there is v1", version)
		return
	}
	if text == "" {
		e.MetadataVer = access.Fold(version)
		return
	}
	object, ok := ingest.ParseJSONObject(text)
	switch {
	case !ok:
		c.drop(empMetadata, ingest.CodeJSON, "the cell is no JSON object; it is left out")
		return
	case version == "":
		c.fail(empMetadata, ingest.CodeJSON, "metadata needs a Metadata Version; there is v1")
		return
	}
	if err := checkMetadataV1(object); err != nil {
		c.fail(empMetadata, ingest.CodeJSON, "%v", err)
		return
	}
	e.MetadataVer, e.Metadata = "v1", object
}

// sameEmployee reports whether two employees are equal in every field.
func sameEmployee(a, b *access.Employee) bool {
	x, y := *a, *b
	if !slices.Equal(x.Roles, y.Roles) || !x.StartDate.Equal(y.StartDate) || !x.EndDate.Equal(y.EndDate) {
		return false
	}
	// What is left is plain text; times are compared above, where the location is no matter.
	x.Roles, x.StartDate, x.EndDate = nil, time.Time{}, time.Time{}
	y.Roles, y.StartDate, y.EndDate = nil, time.Time{}, time.Time{}
	return reflect.DeepEqual(x, y)
}
