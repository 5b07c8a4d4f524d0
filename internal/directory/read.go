package directory

import (
	"context"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/store"
)

// Page limits.
const (
	defaultFirst = 50
	maxFirst     = 500
)

// Employees lists people. Today of the query is set here, to the day in the configured
// zone. It needs Risk Manager: a Reviewer has no list of the whole company.
func (s *Service) Employees(ctx context.Context, q store.EmployeeQuery) (store.EmployeePage, error) {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return store.EmployeePage{}, err
	}
	switch {
	case q.First == 0:
		q.First = defaultFirst
	case q.First < 0 || q.First > maxFirst:
		return store.EmployeePage{}, access.Invalid("first", "must be from 1 to %d", maxFirst)
	}
	now, err := s.now(ctx)
	if err != nil {
		return store.EmployeePage{}, err
	}
	q.Today = now
	return s.store.Employees(ctx, q)
}

// EmployeesByID returns people in the order of ids, nil where there is none or the
// principal may not see them: a Reviewer sees themselves, their manager and their direct
// reports.
func (s *Service) EmployeesByID(ctx context.Context, ids []string) ([]*access.Employee, error) {
	p, err := auth.Require(ctx, access.Reviewer)
	if err != nil {
		return nil, err
	}
	found, err := s.store.EmployeesByID(ctx, ids)
	if err != nil || p.Has(access.RiskManager) {
		return found, err
	}
	self, err := s.self(ctx, p)
	if err != nil {
		return nil, err
	}
	for i, e := range found {
		if e != nil && !near(self, e) {
			found[i] = nil
		}
	}
	return found, nil
}

func (s *Service) self(ctx context.Context, p auth.Principal) (*access.Employee, error) {
	if p.EmployeeID == "" {
		return nil, nil
	}
	found, err := s.store.EmployeesByID(ctx, []string{p.EmployeeID})
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

func near(self, e *access.Employee) bool {
	return self != nil && (e.ID == self.ID || managerID(e) == self.ID || managerID(self) == e.ID)
}

func managerID(e *access.Employee) string {
	if e.ManagerEmail == "" {
		return ""
	}
	return access.EmployeeID(e.ManagerEmail)
}

// VisibleIdentities returns, for each employee, the ids of the live identities tied to
// them, sorted; none where the principal may not see them: a Reviewer sees those of
// themselves and of their direct reports.
func (s *Service) VisibleIdentities(ctx context.Context, employeeIDs []string) ([][]string, error) {
	p, err := auth.Require(ctx, access.Reviewer)
	if err != nil {
		return nil, err
	}
	mapped, err := s.store.MappedEntities(ctx, employeeIDs)
	if err != nil || p.Has(access.RiskManager) {
		return mapped, err
	}
	people, err := s.store.EmployeesByID(ctx, employeeIDs)
	if err != nil {
		return nil, err
	}
	for i, e := range people {
		if e == nil || p.EmployeeID == "" || e.ID != p.EmployeeID && managerID(e) != p.EmployeeID {
			mapped[i] = nil
		}
	}
	return mapped, nil
}

// Managers returns the manager of each employee, nil where there is none.
func (s *Service) Managers(ctx context.Context, employees []*access.Employee) ([]*access.Employee, error) {
	ids := make([]string, len(employees))
	for i, e := range employees {
		if e != nil {
			ids[i] = managerID(e)
		}
	}
	return s.EmployeesByID(ctx, ids)
}

// Reports returns a page of the direct reports of an employee, by name. Risk Managers
// may ask of anybody, others of themselves.
func (s *Service) Reports(ctx context.Context, e *access.Employee, first int, after string) (store.EmployeePage, error) {
	p, err := auth.Require(ctx, access.Reviewer)
	if err != nil {
		return store.EmployeePage{}, err
	}
	if !p.Has(access.RiskManager) && p.EmployeeID != e.ID {
		return store.EmployeePage{}, access.Errorf(access.CodeForbidden, "these are somebody else's reports")
	}
	if first == 0 {
		first = defaultFirst
	}
	if first < 0 || first > maxFirst {
		return store.EmployeePage{}, access.Invalid("first", "must be from 1 to %d", maxFirst)
	}
	now, err := s.now(ctx)
	if err != nil {
		return store.EmployeePage{}, err
	}
	return s.store.Employees(ctx, store.EmployeeQuery{Manager: e.WorkEmail, Today: now, First: first, After: after, WithTotal: true})
}

// BusinessOwners returns the business owners of each entity, in the order of ids.
func (s *Service) BusinessOwners(ctx context.Context, entityIDs []string) ([]access.Owners, error) {
	if _, err := auth.Require(ctx, access.Reviewer); err != nil {
		return nil, err
	}
	return s.store.BusinessOwners(ctx, entityIDs)
}
