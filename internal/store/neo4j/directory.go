package neo4j

import (
	"context"
	"slices"
	"strings"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// query runs one statement in a read transaction of its own.
func (s *Store) query(ctx context.Context, name string, params map[string]any) (out []row, err error) {
	err = s.read(ctx, func(tx driver.ManagedTransaction) error {
		out, err = rows(ctx, tx, name, params)
		return err
	})
	return out, err
}

// Applications lists them by name.
func (s *Store) Applications(ctx context.Context) ([]access.Application, error) {
	found, err := s.query(ctx, "directory_applications", nil)
	if err != nil {
		return nil, err
	}
	var out []access.Application
	for _, r := range found {
		out = append(out, access.Application{ID: r.text("id"), Name: r.text("name")})
	}
	sortBy(out, func(a *access.Application) string { return a.Name })
	return out, nil
}

// Integrations lists them by the sort key of the name, then by key.
func (s *Store) Integrations(ctx context.Context) ([]access.Integration, error) {
	out, err := s.readIntegrations(ctx)
	slices.SortFunc(out, func(a, b access.Integration) int {
		if c := strings.Compare(access.SortKey(a.Name), access.SortKey(b.Name)); c != 0 {
			return c
		}
		return strings.Compare(a.Key, b.Key)
	})
	return out, err
}

func (s *Store) readIntegrations(ctx context.Context) ([]access.Integration, error) {
	found, err := s.query(ctx, "directory_integrations", nil)
	if err != nil {
		return nil, err
	}
	var out []access.Integration
	for _, r := range found {
		m, _ := r.any("integration").(map[string]any)
		i, err := decodeIntegration(fromMap(m))
		if err != nil {
			return nil, err
		}
		i.Owners = decodeOwners(r.any("owners"))
		out = append(out, i)
	}
	return out, nil
}

// EmployeesByID returns them in the order of ids, nil where there is none.
func (s *Store) EmployeesByID(ctx context.Context, ids []string) ([]*access.Employee, error) {
	out := make([]*access.Employee, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	found, err := s.query(ctx, "directory_employees_by_id", map[string]any{"ids": ids})
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*access.Employee, len(found))
	for _, r := range found {
		e, _ := employeeRow(r.any)
		byID[e.ID] = e
	}
	for i, id := range ids {
		out[i] = byID[id]
	}
	return out, nil
}

// Employees lists people by the sort key of the full name, then id. First ≤ 0 lists all.
func (s *Store) Employees(ctx context.Context, q store.EmployeeQuery) (page store.EmployeePage, err error) {
	var name, id string
	if q.After != "" {
		if name, id, err = store.ParseEmployeeCursor(q.After); err != nil {
			return page, err
		}
	}
	limit := q.First
	if limit > 0 {
		limit++ // one more tells whether there is a next page
	}
	params := map[string]any{
		"afterName": name, "afterId": id, "limit": limitParam(limit), "search": access.Fold(q.Search),
		"department": access.Fold(q.Department), "title": access.Fold(q.Title), "manager": access.Fold(q.Manager),
		"state": string(q.State), "today": access.CivilDate(q.Today),
	}
	// One transaction, so that the total and the page are of about the same state.
	err = s.read(ctx, func(tx driver.ManagedTransaction) error {
		page = store.EmployeePage{Total: -1}
		if q.WithTotal {
			found, err := rows(ctx, tx, "directory_employees_total", params)
			if err != nil {
				return err
			}
			page.Total = int(found[0].int("total"))
		}
		found, err := rows(ctx, tx, "directory_employees", params)
		for _, r := range found {
			if q.First > 0 && len(page.Employees) == q.First {
				page.HasNext = true
				break
			}
			e, _ := employeeRow(r.any)
			page.Employees = append(page.Employees, e)
			page.Cursors = append(page.Cursors, store.EmployeeCursor(access.SortKey(e.FullName), e.ID))
		}
		return err
	})
	return page, err
}

// MappedEntities returns the ids of the live entities of each employee, sorted.
func (s *Store) MappedEntities(ctx context.Context, employeeIDs []string) ([][]string, error) {
	found, err := s.query(ctx, "directory_mapped", map[string]any{"ids": distinct(employeeIDs)})
	if err != nil {
		return nil, err
	}
	of := map[string][]string{}
	for _, r := range found {
		of[r.text("employee")] = append(of[r.text("employee")], r.text("entity"))
	}
	out := make([][]string, len(employeeIDs))
	for i, id := range employeeIDs {
		out[i] = of[id]
	}
	return out, nil
}

// BusinessOwners returns the owners of each entity, in the order of ids.
func (s *Store) BusinessOwners(ctx context.Context, entityIDs []string) ([]access.Owners, error) {
	found, err := s.query(ctx, "directory_owners", map[string]any{"ids": distinct(entityIDs)})
	if err != nil {
		return nil, err
	}
	of := map[string]access.Owners{}
	for _, r := range found {
		o := of[r.text("id")]
		if r.int("rank") == 0 {
			o.Primary = r.text("employee")
		} else {
			o.Secondaries = append(o.Secondaries, r.text("employee"))
		}
		of[r.text("id")] = o
	}
	out := make([]access.Owners, len(entityIDs))
	for i, id := range entityIDs {
		out[i] = of[id]
	}
	return out, nil
}

func distinct(ids []string) []string {
	out := slices.Clone(ids)
	slices.Sort(out)
	return slices.Compact(out)
}

// FindEntities returns the live entities with this source id, by id.
func (s *Store) FindEntities(ctx context.Context, integration, sourceID string) ([]*access.Entity, error) {
	found, err := s.query(ctx, "directory_find_entities", map[string]any{"integration": integration, "sourceId": sourceID})
	if err != nil {
		return nil, err
	}
	var out []*access.Entity
	for _, r := range found {
		e, _ := entityRow(r.any)
		out = append(out, e)
	}
	return out, nil
}
