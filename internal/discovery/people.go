package discovery

import (
	"context"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/store"
)

// EmployeeQuery selects people; empty texts are neutral.
type EmployeeQuery struct {
	Search, Department, Title, Manager string
	State                              access.EmployeeState
	First                              *int
	After                              *string
	WithTotal                          bool
}

// Employees lists people by full name. It needs Risk Manager.
func (s *Session) Employees(ctx context.Context, q EmployeeQuery) (store.EmployeePage, error) {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return store.EmployeePage{}, err
	}
	return s.people(ctx, q)
}

func (s *Session) people(ctx context.Context, q EmployeeQuery) (store.EmployeePage, error) {
	page, err := Paging{First: q.First, After: q.After}.Page()
	if err != nil {
		return store.EmployeePage{}, err
	}
	return s.svc.dir.Employees(ctx, store.EmployeeQuery{
		Search: access.Clean(q.Search), Department: access.Clean(q.Department), Title: access.Clean(q.Title), Manager: access.Clean(q.Manager),
		State: q.State, Today: s.now, After: page.After, First: page.First, WithTotal: q.WithTotal,
	})
}

// Employee returns a person; nil when there is none. A reviewer finds themselves and
// their direct reports.
func (s *Session) Employee(ctx context.Context, id string) (*access.Employee, error) {
	sc, err := s.visible(ctx)
	if err != nil || (sc != nil && !sc.people[id]) {
		return nil, err
	}
	list, err := s.svc.dir.EmployeesByID(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// EmployeesByID returns people whom something already shown names: owners, managers, the
// employee of an identity. Order of ids, nil where there is none.
func (s *Session) EmployeesByID(ctx context.Context, ids []string) ([]*access.Employee, error) {
	if _, err := auth.Require(ctx, access.Reviewer); err != nil {
		return nil, err
	}
	return s.employeesByID(ctx, ids)
}

// Reports lists the direct reports of a person. A reviewer may ask for their own.
func (s *Session) Reports(ctx context.Context, e *access.Employee, q EmployeeQuery) (store.EmployeePage, error) {
	sc, err := s.visible(ctx)
	if err != nil {
		return store.EmployeePage{}, err
	}
	if sc != nil && (sc.self == nil || sc.self.ID != e.ID) {
		return store.EmployeePage{}, access.Errorf(access.CodeForbidden, "a reviewer sees their own reports only")
	}
	q.Manager = e.WorkEmail
	return s.people(ctx, q)
}

// Identities returns, for each person, the live identities tied to them, by name and id.
// A reviewer is shown none of people who are neither themselves nor direct reports.
func (s *Session) Identities(ctx context.Context, employeeIDs []string) ([][]*access.Entity, error) {
	sc, err := s.visible(ctx)
	if err != nil {
		return nil, err
	}
	mapped, err := s.svc.dir.MappedEntities(ctx, employeeIDs)
	if err != nil {
		return nil, err
	}
	var ids []string
	for i := range mapped {
		if sc != nil && !sc.people[employeeIDs[i]] {
			mapped[i] = nil
		}
		ids = append(ids, mapped[i]...)
	}
	r, err := s.read(ctx)
	if err != nil {
		return nil, err
	}
	list, err := r.EntitiesByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([][]*access.Entity, len(mapped))
	for i := range mapped {
		for range mapped[i] {
			// The graph may be of a later version than the directory's answer.
			if e := list[0]; e != nil && !e.Removed() {
				out[i] = append(out[i], e)
			}
			list = list[1:]
		}
		slices.SortFunc(out[i], byName)
	}
	return out, nil
}

// BusinessOwners returns the owners of entities that were shown, in the order of ids.
func (s *Session) BusinessOwners(ctx context.Context, entityIDs []string) ([]access.Owners, error) {
	if _, err := auth.Require(ctx, access.Reviewer); err != nil {
		return nil, err
	}
	return s.svc.dir.BusinessOwners(ctx, entityIDs)
}
