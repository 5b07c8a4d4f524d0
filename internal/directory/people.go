package directory

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/store"
)

// roster is everybody, by id.
type roster map[string]*access.Employee

func loadRoster(ctx context.Context, v store.GraphView) (roster, error) {
	r := roster{}
	for e, err := range v.Employees(ctx) {
		if err != nil {
			return nil, err
		}
		r[e.ID] = e
	}
	return r, nil
}

// byEmail returns the employee with this work e-mail, nil if there is none.
func (r roster) byEmail(email string) *access.Employee { return r[access.EmployeeID(email)] }

func (r roster) all() []*access.Employee {
	out := make([]*access.Employee, 0, len(r))
	for _, id := range slices.Sorted(maps.Keys(r)) {
		out = append(out, r[id])
	}
	return out
}

func (r roster) administrators() int {
	n := 0
	for _, e := range r {
		if slices.Contains(e.Roles, access.Administrator) {
			n++
		}
	}
	return n
}

// merge is the employee that the file's row makes of what is stored (nil = nothing).
// A column that the file lacks and a cell that cannot be read keep the value (a leaver must
// not become active by a typing error); an empty cell empties it, except that
// empty roles never take roles away: HR files rarely know them.
func (f *employeeFile) merge(row *employeeRow, old *access.Employee) *access.Employee {
	e := row.e
	if old != nil {
		keep := func(column int, field func(*access.Employee) *string) {
			if !f.has[column] || row.dropped[column] {
				*field(&e) = *field(old)
			}
		}
		keep(empUserID, func(e *access.Employee) *string { return &e.UserID })
		keep(empFullName, func(e *access.Employee) *string { return &e.FullName })
		keep(empFirstName, func(e *access.Employee) *string { return &e.FirstName })
		keep(empLastName, func(e *access.Employee) *string { return &e.LastName })
		keep(empDepartment, func(e *access.Employee) *string { return &e.Department })
		keep(empTitle, func(e *access.Employee) *string { return &e.Title })
		keep(empType, func(e *access.Employee) *string { return &e.EmploymentType })
		keep(empOrganization, func(e *access.Employee) *string { return &e.Organization })
		keep(empManager, func(e *access.Employee) *string { return &e.Manager })
		keep(empManagerEmail, func(e *access.Employee) *string { return &e.ManagerEmail })
		keep(empSourceUserID, func(e *access.Employee) *string { return &e.SourceUserID })
		keep(empMetadata, func(e *access.Employee) *string { return &e.MetadataVer })
		keep(empMetadata, func(e *access.Employee) *string { return &e.Metadata })
		if !f.has[empEnd] || row.dropped[empEnd] {
			e.EndDate = old.EndDate
		}
		if len(e.Roles) == 0 {
			e.Roles = old.Roles
		}
	}
	if len(e.Roles) == 0 {
		e.Roles = []access.ProductRole{access.Reviewer}
	}
	if e.FullName == "" {
		e.FullName = strings.TrimSpace(e.FirstName + " " + e.LastName)
	}
	if e.FullName == "" {
		e.FullName = e.WorkEmail // a person must be called something
	}
	return &e
}

// planEmployees compares the file with what is stored. Everything it finds goes to
// report; a rejected report's plan must not be committed.
func planEmployees(ctx context.Context, v store.GraphView, f *employeeFile, at time.Time, report *ingest.Report) (*plan, error) {
	integrations, err := v.Integrations(ctx)
	if err != nil {
		return nil, err
	}
	people, err := loadRoster(ctx, v)
	if err != nil {
		return nil, err
	}
	before, admins := maps.Clone(people), people.administrators()
	for i := range f.rows {
		row := &f.rows[i]
		people[row.e.ID] = f.merge(row, before[row.e.ID])
	}
	if admins > 0 && people.administrators() == 0 {
		report.Error(ingest.Issue{Column: "Product Roles", Code: CodeLastAdmin,
			Message: "after this file nobody would have the role administrator; give it to somebody"})
		return newPlan(integrations), nil
	}
	settleManagers(f, before, people, report)

	p := newPlan(integrations)
	counts := ingest.Counts{}
	for _, e := range people.all() {
		old := before[e.ID]
		_, named := f.at[e.ID]
		switch {
		case old == nil:
			counts.Added++
		case !sameEmployee(old, e):
			counts.Updated++
		default:
			if named {
				counts.Unchanged++
			}
			continue
		}
		p.add(store.Change{PutEmployee: e})
		noteRoles(p, old, e)
	}
	report.Employees = &counts
	if err := remap(ctx, v, NewAutoMapper(people.all()), at, p); err != nil {
		return nil, err
	}
	if counts.Added > 0 {
		// An import under way maps by the people it knew; it must look again.
		for key := range p.integrations {
			p.advance[key] = true
		}
	}
	report.Mappings = countMappings(p)
	return p, nil
}

// countMappings tells how many automatic mappings the plan sets and takes away.
func countMappings(p *plan) *ingest.Counts {
	var c ingest.Counts
	for _, change := range p.changes {
		switch {
		case change.PutMapping != nil:
			c.Added++
		case change.RemoveMapping != "":
			c.Removed++
		}
	}
	return &c
}

// noteRoles audits product roles that an import gives or takes; the Reviewer that
// everybody is says nothing.
func noteRoles(p *plan, old, e *access.Employee) {
	before := []access.ProductRole{access.Reviewer}
	if old != nil {
		before = old.Roles
	}
	if !slices.Equal(before, e.Roles) {
		p.note("employee.roles", e.ID, before, e.Roles)
	}
}
