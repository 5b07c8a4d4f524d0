package embedded

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// Applications implements store.Directory.
func (s *Store) Applications(ctx context.Context) ([]access.Application, error) {
	out, err := applications(ctx, s.reads)
	return out, fault("list the applications", err)
}

func applications(ctx context.Context, db querier) ([]access.Application, error) {
	var out []access.Application
	err := each(ctx, db, func(rows *sql.Rows) error {
		var a access.Application
		err := rows.Scan(&a.ID, &a.Name)
		out = append(out, a)
		return err
	}, "SELECT id, name FROM application ORDER BY name, id")
	return out, err
}

// Integrations implements store.Directory.
func (s *Store) Integrations(ctx context.Context) ([]access.Integration, error) {
	out, err := integrations(ctx, s.reads, "name_fold, key")
	return out, fault("list the integrations", err)
}

func integrations(ctx context.Context, db querier, order string) ([]access.Integration, error) {
	var out []access.Integration
	err := each(ctx, db, func(rows *sql.Rows) error {
		var i access.Integration
		var columns, defaults sql.NullString
		var created, synced sql.NullInt64
		var owners string
		err := rows.Scan(&i.ID, &i.Key, &i.Name, &i.Application, &i.Description, &i.Extraction, &i.Status, &i.Message,
			&columns, &defaults, &created, &synced, &i.Revision, &owners)
		if err != nil {
			return err
		}
		i.CreatedAt, i.LastSync = timeOf(created), timeOf(synced)
		if err := unlist(columns, &i.ColumnMap); err != nil {
			return err
		}
		if err := unlist(defaults, &i.Defaults); err != nil {
			return err
		}
		i.Owners, err = parseOwners(owners)
		out = append(out, i)
		return err
	}, `SELECT id, key, name, application, description, extraction, status, message, column_map, defaults, created_at, last_sync, revision,
  (SELECT json_group_array(json_array(rank, employee)) FROM (SELECT rank, employee FROM integration_owner o WHERE o.integration = i.n ORDER BY rank))
  FROM integration i ORDER BY `+order)
	return out, err
}

// parseOwners reads [[rank, employee], …] in the order of ranks.
func parseOwners(text string) (access.Owners, error) {
	var o access.Owners
	if text == "[]" {
		return o, nil
	}
	var pairs [][2]any
	if err := json.Unmarshal([]byte(text), &pairs); err != nil {
		return o, err
	}
	for _, p := range pairs {
		employee, _ := p[1].(string)
		if p[0] == 0.0 {
			o.Primary = employee
		} else {
			o.Secondaries = append(o.Secondaries, employee)
		}
	}
	return o, nil
}

// among passes a list of any length as one parameter: IN (SELECT value FROM json_each(?)).
func among(ids []string) string { return toJSON(ids) }

// EmployeesByID implements store.Directory.
func (s *Store) EmployeesByID(ctx context.Context, ids []string) ([]*access.Employee, error) {
	out := make([]*access.Employee, len(ids))
	found := map[string]*access.Employee{}
	err := each(ctx, s.reads, func(rows *sql.Rows) error {
		e, err := scanEmployee(rows)
		if err == nil {
			found[e.ID] = e
		}
		return err
	}, selectEmployee+" WHERE id IN (SELECT value FROM json_each(?))", among(ids))
	for i, id := range ids {
		out[i] = found[id]
	}
	return out, fault("read employees", err)
}

// Employees implements store.Directory. First ≤ 0 lists all.
func (s *Store) Employees(ctx context.Context, q store.EmployeeQuery) (store.EmployeePage, error) {
	where, args := employeeFilter(q)
	page := store.EmployeePage{Total: -1}
	// One transaction, so that the total and the page are of the same state.
	tx, err := s.reads.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return page, fault("list employees", err)
	}
	defer func() { _ = tx.Rollback() }()
	if q.WithTotal {
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM employee"+where, args...).Scan(&page.Total); err != nil {
			return page, fault("count employees", err)
		}
	}
	if q.After != "" {
		name, id, err := store.ParseEmployeeCursor(q.After)
		if err != nil {
			return page, err
		}
		where += " AND (full_name_fold, id) > (?, ?)"
		args = append(args, name, id)
	}
	text := selectEmployee + where + " ORDER BY full_name_fold, id"
	if q.First > 0 {
		text += " LIMIT ?"
		args = append(args, q.First+1) // one more tells whether there is a next page
	}
	err = each(ctx, tx, func(rows *sql.Rows) error {
		e, err := scanEmployee(rows)
		if err != nil {
			return err
		}
		if q.First > 0 && len(page.Employees) == q.First {
			page.HasNext = true
			return nil
		}
		page.Employees = append(page.Employees, e)
		page.Cursors = append(page.Cursors, store.EmployeeCursor(access.Fold(e.FullName), e.ID))
		return nil
	}, text, args...)
	return page, fault("list employees", err)
}

func employeeFilter(q store.EmployeeQuery) (where string, args []any) {
	where = " WHERE true"
	if q.Search != "" {
		where += ` AND (instr(full_name_fold, ?) OR instr(work_email_fold, ?) OR instr(title_fold, ?) OR instr(department_fold, ?))`
		f := access.Fold(q.Search)
		args = append(args, f, f, f, f)
	}
	for _, c := range []struct{ column, value string }{
		{"department_fold", q.Department}, {"title_fold", q.Title}, {"manager_email_fold", q.Manager},
	} {
		if c.value != "" {
			where += " AND " + c.column + " = ?"
			args = append(args, access.Fold(c.value))
		}
	}
	// As access.Employee.State decides.
	today := access.CivilDate(q.Today).UnixMicro()
	switch q.State {
	case access.EmployeeTerminated:
		where += " AND end_date < ?"
		args = append(args, today)
	case access.EmployeeFuture:
		where += " AND (end_date IS NULL OR end_date >= ?) AND start_date > ?"
		args = append(args, today, today)
	case access.EmployeeActive:
		where += " AND (end_date IS NULL OR end_date >= ?) AND (start_date IS NULL OR start_date <= ?)"
		args = append(args, today, today)
	}
	return where, args
}

// MappedEntities implements store.Directory.
func (s *Store) MappedEntities(ctx context.Context, employeeIDs []string) ([][]string, error) {
	found := map[string][]string{}
	err := each(ctx, s.reads, func(rows *sql.Rows) error {
		var employee, entity string
		err := rows.Scan(&employee, &entity)
		found[employee] = append(found[employee], entity)
		return err
	}, `SELECT m.employee, e.id FROM mapping m JOIN entity e ON e.n = m.entity
  WHERE m.employee IN (SELECT value FROM json_each(?)) AND m.relation <> 'NONE' AND e.removed_at IS NULL ORDER BY e.id`, among(employeeIDs))
	out := make([][]string, len(employeeIDs))
	for i, id := range employeeIDs {
		out[i] = found[id]
	}
	return out, fault("read mappings", err)
}

// BusinessOwners implements store.Directory.
func (s *Store) BusinessOwners(ctx context.Context, entityIDs []string) ([]access.Owners, error) {
	found := map[string]access.Owners{}
	err := each(ctx, s.reads, func(rows *sql.Rows) error {
		var entity, employee string
		var rank int
		if err := rows.Scan(&entity, &rank, &employee); err != nil {
			return err
		}
		o := found[entity]
		if rank == 0 {
			o.Primary = employee
		} else {
			o.Secondaries = append(o.Secondaries, employee)
		}
		found[entity] = o
		return nil
	}, `SELECT e.id, o.rank, o.employee FROM entity_owner o JOIN entity e ON e.n = o.entity
  WHERE e.id IN (SELECT value FROM json_each(?)) ORDER BY e.id, o.rank`, among(entityIDs))
	out := make([]access.Owners, len(entityIDs))
	for i, id := range entityIDs {
		out[i] = found[id]
	}
	return out, fault("read owners", err)
}

// FindEntities implements store.Directory.
func (s *Store) FindEntities(ctx context.Context, integration, sourceID string) ([]*access.Entity, error) {
	var out []*access.Entity
	err := each(ctx, s.reads, func(rows *sql.Rows) error {
		e, err := scanEntity(rows)
		out = append(out, e)
		return err
	}, selectEntity+" WHERE e.integration = (SELECT n FROM integration WHERE key = ?) AND e.source_id = ? AND e.removed_at IS NULL ORDER BY e.id",
		integration, sourceID)
	return out, fault("find entities", err)
}
