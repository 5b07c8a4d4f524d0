package demo

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"
)

// App is one integration of the company.
type App struct {
	Application, Integration string
	grants                   func(c *Company, w *writer)
}

// Apps lists the company's integrations in the order in which they are best loaded.
func Apps() []App {
	return []App{
		{"Okta", "Okta", (*Company).okta},
		{"GitHub", "GitHub (example-org)", (*Company).github},
		{"AWS", "AWS", (*Company).aws},
		{"Google Workspace", "Google Workspace", (*Company).google},
		{"Salesforce", "Salesforce", (*Company).salesforce},
		{"Jira", "Jira Cloud", (*Company).jira},
		{"Finance ERP", "Finance ERP", (*Company).erp},
		{"Order Portal", "Order Portal", (*Company).portal},
	}
}

var employeeHeader = []string{
	"User ID", "Full Name", "First Name", "Last Name", "Work Email", "Department", "Title", "Start Date", "End Date", "Employment Type",
	"Organization", "Manager", "Manager Work Email", "Source User ID", "Product Roles",
}

// Employees writes the employees file.
func (c *Company) Employees(out io.Writer) error {
	w := csv.NewWriter(out)
	_ = w.Write(employeeHeader) // the csv writer keeps the first error for Error
	for i := range c.people {
		p := &c.people[i]
		manager, managerEmail := "", ""
		if p.manager >= 0 {
			manager, managerEmail = c.people[p.manager].full(), c.people[p.manager].email
		}
		roles := "reviewer"
		if p.dept.name == "IT" && (p.lead || p.head) {
			roles = "reviewer, risk manager, administrator"
		}
		_ = w.Write([]string{
			fmt.Sprint(10000 + i), p.full(), p.first, p.last, p.email, p.dept.name, p.title, date(p.start), date(p.end), p.employment,
			p.dept.organization, manager, managerEmail, fmt.Sprintf("hr-%06d", i), roles,
		})
	}
	w.Flush()
	return w.Error()
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("01/02/2006")
}

// Mappings writes the identity mappings that a person would have to make: the owners of
// most service accounts. Everything else maps by e-mail or stays unmapped.
func (c *Company) Mappings(out io.Writer) error {
	w := csv.NewWriter(out)
	_ = w.Write([]string{"Application Integration", "Project", "Identity Name", "Identity Source ID", "Identity Source Type", "Identity Username", "Identity Email", "Employee Email", "Relation"})
	r := c.random("owners of service accounts")
	for _, a := range Apps() {
		for _, s := range c.serviceAccounts(a.Integration) {
			if chance(r, 25) { // nobody knows whose it is
				continue
			}
			_ = w.Write([]string{a.Integration, s.project, s.name, s.id, s.sourceType, s.username, "", c.leadOf(r, "Engineering", "IT").email, "OWNS"})
		}
	}
	w.Flush()
	return w.Error()
}

// Owners writes the business owners of the company's most important resources.
func (c *Company) Owners(out io.Writer) error {
	w := csv.NewWriter(out)
	_ = w.Write([]string{"Application Integration", "Project", "Entity Name", "Entity Type", "Entity Source Type", "Entity Source ID", "Primary Owner Email", "Secondary Owner Emails"})
	r := c.random("business owners")
	for _, t := range erpFunctions {
		_ = w.Write([]string{"Finance ERP", "", t.name, t.kind, t.sourceType, t.id, c.leadOf(r, "Finance").email, c.leadOf(r, "Finance", "IT").email})
	}
	for _, p := range salesObjects {
		_ = w.Write([]string{"Salesforce", "", p.name, p.kind, p.sourceType, p.id, c.leadOf(r, "Sales").email, ""})
	}
	w.Flush()
	return w.Error()
}

var entitlementHeader = []string{
	"Project", "Entity Name", "Entity Type", "Entity Source Type", "Entity Source ID", "Entity Username", "Entity Email",
	"Entity - Has Access To Name", "Entity - Has Access To Source ID", "Entity - Has Access To Entity Type", "Entity - Has Access To Source Type",
	"Entity - Has Access To Permission Name", "Entity - Has Access To Permission Value", "Entity Status", "Entity First Name", "Entity Last Name",
	"Entity LastLoginTime", "Entity LastPasswordChangedTime", "Entity MfaEnabled", "Entity LatestActivityTime", "Entity IsSuperAdmin",
	"Entity HasAdministrativePermissions", "Entity IsExternal", "Entity IsServiceAccount", "Entity AuthenticationFactors", "Entity - Has Access To LastUsedTime",
}

// Entitlements writes the entitlements file of one application, streaming.
func (c *Company) Entitlements(a App, out io.Writer) error {
	w := &writer{csv: csv.NewWriter(out), row: make([]string, len(entitlementHeader))}
	_ = w.csv.Write(entitlementHeader)
	a.grants(c, w)
	w.csv.Flush()
	return w.csv.Error()
}

// thing is an entity as a source describes it.
type thing struct {
	project, name, kind, sourceType, id, username, email string
	status, first, last, mfa                             string
	login, password, activity                            time.Time
	superAdmin, admin, external, service                 bool
	factors                                              []string
}

type writer struct {
	csv *csv.Writer
	row []string
}

// grant writes one row; permission may be "name=value".
func (w *writer) grant(s, t *thing, permission string, used time.Time) {
	name, value, has := strings.Cut(permission, "=")
	if !has {
		value = "true"
	}
	w.write(s, []string{t.name, t.id, t.kind, t.sourceType, name, value}, used)
}

// alone writes an entity that has no access of its own.
func (w *writer) alone(s *thing) { w.write(s, make([]string, 6), time.Time{}) }

func (w *writer) write(s *thing, target []string, used time.Time) {
	status := s.status
	if status == "" {
		status = "active"
	}
	row := append(w.row[:0], s.project, s.name, s.kind, s.sourceType, s.id, s.username, s.email)
	row = append(row, target...)
	row = append(row, status, s.first, s.last, stamp(s.login), stamp(s.password), s.mfa, stamp(s.activity),
		yes(s.superAdmin), yes(s.admin), yes(s.external), yes(s.service), strings.Join(s.factors, ";"), stamp(used))
	_ = w.csv.Write(row)
	w.row = row
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 -0700 MST")
}

// yes leaves unsaid what is not so, as most sources do.
func yes(b bool) string {
	if b {
		return "true"
	}
	return ""
}
