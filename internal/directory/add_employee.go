package directory

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/store"
)

// NewEmployee is the single-user form.
type NewEmployee struct {
	WorkEmail      string // required
	FullName       string // required
	Department     string
	Title          string
	EmploymentType string
	UserID         string
	Location       string
	StartDate      time.Time // civil date; zero = today
	EndDate        time.Time // civil date; zero = none
	ManagerEmail   string
	Roles          []access.ProductRole // empty = Reviewer
}

// AddEmployee adds one person and maps their identities. It needs Administrator.
func (s *Service) AddEmployee(ctx context.Context, in NewEmployee) (*access.Employee, error) {
	if _, err := auth.Require(ctx, access.Administrator); err != nil {
		return nil, err
	}
	var added *access.Employee
	err := s.mutate(ctx, func(ctx context.Context, at time.Time) (*plan, error) {
		e, err := in.employee(at)
		if err != nil {
			return nil, err
		}
		var p *plan
		err = s.store.ReadGraph(ctx, func(ctx context.Context, v store.GraphView) (err error) {
			p, err = planAddition(ctx, v, e, at)
			return err
		})
		if err != nil {
			return nil, err
		}
		p.note("employee.add", e.ID, nil, struct {
			WorkEmail string               `json:"workEmail"`
			FullName  string               `json:"fullName"`
			Manager   string               `json:"manager,omitempty"`
			Roles     []access.ProductRole `json:"roles"`
		}{e.WorkEmail, e.FullName, e.ManagerEmail, e.Roles})
		added = e
		return p, nil
	})
	if err != nil {
		return nil, err
	}
	return added, nil
}

// planAddition adds e, who must be new, and settles e's manager.
func planAddition(ctx context.Context, v store.GraphView, e *access.Employee, at time.Time) (*plan, error) {
	integrations, err := v.Integrations(ctx)
	if err != nil {
		return nil, err
	}
	people, err := loadRoster(ctx, v)
	if err != nil {
		return nil, err
	}
	if people[e.ID] != nil {
		return nil, access.Invalid("workEmail", "%s exists already", e.WorkEmail)
	}
	if e.ManagerEmail != "" {
		manager := people.byEmail(e.ManagerEmail)
		switch {
		case access.EmployeeID(e.ManagerEmail) == e.ID:
			return nil, access.Invalid("managerEmail", "nobody is their own manager")
		case manager == nil:
			return nil, access.Invalid("managerEmail", "%s is nobody's work e-mail", e.ManagerEmail)
		}
		e.ManagerEmail, e.Manager = manager.WorkEmail, manager.FullName
		if err := noCycle(people, e, manager); err != nil {
			return nil, err
		}
	}
	p := newPlan(integrations)
	people[e.ID] = e
	p.add(store.Change{PutEmployee: e})
	for key := range p.integrations {
		p.advance[key] = true // see planEmployees
	}
	return p, remap(ctx, v, NewAutoMapper(people.all()), at, p)
}

// noCycle refuses a manager who, by e-mails that named e before e existed, reports to e.
func noCycle(people roster, e, manager *access.Employee) error {
	for seen := map[string]bool{}; manager != nil && !seen[manager.ID]; manager = people.byEmail(manager.ManagerEmail) {
		seen[manager.ID] = true
		if manager.ManagerEmail == "" {
			return nil
		}
		if access.EmployeeID(manager.ManagerEmail) == e.ID {
			return access.Invalid("managerEmail", "%s reports to %s already; this would close a cycle", manager.WorkEmail, e.WorkEmail)
		}
	}
	return nil
}

// employee validates the form.
func (in NewEmployee) employee(at time.Time) (*access.Employee, error) {
	e := access.Employee{
		FullName: access.Clean(in.FullName), Department: access.Clean(in.Department), Title: access.Clean(in.Title),
		EmploymentType: access.Clean(in.EmploymentType), UserID: access.Clean(in.UserID),
	}
	email, ok := ingest.ParseEmail(in.WorkEmail)
	if !ok {
		return nil, access.Invalid("workEmail", "%q is no e-mail address", in.WorkEmail)
	}
	e.WorkEmail, e.ID = email, access.EmployeeID(email)
	if in.ManagerEmail != "" {
		if e.ManagerEmail, ok = ingest.ParseEmail(in.ManagerEmail); !ok {
			return nil, access.Invalid("managerEmail", "%q is no e-mail address", in.ManagerEmail)
		}
	}
	if e.FullName == "" {
		return nil, access.Invalid("fullName", "is required")
	}
	e.StartDate = access.CivilDate(at)
	if !in.StartDate.IsZero() {
		e.StartDate = access.CivilDate(in.StartDate)
	}
	if !in.EndDate.IsZero() {
		e.EndDate = access.CivilDate(in.EndDate)
		if e.EndDate.Before(e.StartDate) {
			return nil, access.Invalid("endDate", "is before the start date")
		}
	}
	for i, r := range in.Roles {
		if !slices.Contains(access.ProductRoles, r) {
			return nil, access.Invalid(fmt.Sprintf("roles[%d]", i), "%q is no product role", r)
		}
	}
	if e.Roles = sortRoles(in.Roles); len(e.Roles) == 0 {
		e.Roles = []access.ProductRole{access.Reviewer}
	}
	if location := access.Clean(in.Location); location != "" {
		raw, err := json.Marshal(map[string]any{"location": map[string]string{"address": location}})
		if err != nil {
			return nil, err
		}
		e.MetadataVer, e.Metadata = "v1", string(raw)
	}
	return &e, nil
}
