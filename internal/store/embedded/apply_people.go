package embedded

import (
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

func (a *applier) putApplication(app *access.Application) error {
	return a.exec("INSERT INTO application (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name", app.ID, app.Name)
}

func (a *applier) putIntegration(i *access.Integration) error {
	if i.Key == "" {
		return access.Errorf(access.CodeInvalidInput, "integration %q has no key", i.Name)
	}
	err := a.exec(`INSERT INTO integration (key, id, name, name_fold, application, description, extraction, status, message,
  column_map, defaults, created_at, last_sync, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
  ON CONFLICT (key) DO UPDATE SET id = excluded.id, name = excluded.name, name_fold = excluded.name_fold,
  application = excluded.application, description = excluded.description, extraction = excluded.extraction,
  status = excluded.status, message = excluded.message, column_map = excluded.column_map, defaults = excluded.defaults,
  created_at = excluded.created_at, last_sync = excluded.last_sync`,
		i.Key, i.ID, i.Name, access.Fold(i.Name), i.Application, i.Description, string(i.Extraction), string(i.Status), i.Message,
		pairs(i.ColumnMap), pairs(i.Defaults), micros(i.CreatedAt), micros(i.LastSync))
	if err != nil {
		return err
	}
	n, _, err := a.ids.integration(i.Key)
	if err != nil {
		return err
	}
	a.touched[n] = true
	return a.owners("integration_owner", "integration", n, "the integration "+i.Name, i.Owners)
}

// owners replaces the owners of one object.
func (a *applier) owners(table, column string, n int64, what string, o access.Owners) error {
	if err := a.exec("DELETE FROM "+table+" WHERE "+column+" = ?", n); err != nil {
		return err
	}
	for rank, id := range append([]string{o.Primary}, o.Secondaries...) {
		if id == "" && rank == 0 {
			continue // nobody comes first
		}
		if err := a.employeeExists(id, what); err != nil {
			return err
		}
		if err := a.exec("INSERT INTO "+table+" ("+column+", rank, employee) VALUES (?, ?, ?)", n, rank, id); err != nil {
			return err
		}
	}
	return nil
}

func (a *applier) employeeExists(id, what string) error {
	var one int
	ok, err := a.get([]any{&one}, "SELECT 1 FROM employee WHERE id = ?", id)
	if err == nil && !ok {
		err = access.Errorf(access.CodeInvalidInput, "%s: the employee %q does not exist", what, id)
	}
	return err
}

func (a *applier) putEmployee(e *access.Employee) error {
	if e.ID == "" {
		return access.Errorf(access.CodeInvalidInput, "employee %q has no id", e.FullName)
	}
	return a.exec(`INSERT INTO employee (id, work_email, work_email_fold, user_id, full_name, full_name_fold, first_name, last_name,
  department, department_fold, title, title_fold, start_date, end_date, employment_type, organization, manager,
  manager_email, manager_email_fold, source_user_id, roles, metadata_ver, metadata)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET work_email = excluded.work_email, work_email_fold = excluded.work_email_fold,
  user_id = excluded.user_id, full_name = excluded.full_name, full_name_fold = excluded.full_name_fold,
  first_name = excluded.first_name, last_name = excluded.last_name, department = excluded.department,
  department_fold = excluded.department_fold, title = excluded.title, title_fold = excluded.title_fold,
  start_date = excluded.start_date, end_date = excluded.end_date, employment_type = excluded.employment_type,
  organization = excluded.organization, manager = excluded.manager, manager_email = excluded.manager_email,
  manager_email_fold = excluded.manager_email_fold, source_user_id = excluded.source_user_id, roles = excluded.roles,
  metadata_ver = excluded.metadata_ver, metadata = excluded.metadata`,
		e.ID, e.WorkEmail, access.Fold(e.WorkEmail), e.UserID, e.FullName, access.Fold(e.FullName), e.FirstName, e.LastName,
		e.Department, access.Fold(e.Department), e.Title, access.Fold(e.Title), micros(e.StartDate), micros(e.EndDate),
		e.EmploymentType, e.Organization, e.Manager, e.ManagerEmail, access.Fold(e.ManagerEmail), e.SourceUserID,
		texts(e.Roles), e.MetadataVer, e.Metadata)
}

// about finds the entity, live or removed, that something is said about.
func (a *applier) about(id, what string) (int64, error) {
	e, ok, err := a.ids.find(id)
	if err == nil && !ok {
		err = access.Errorf(access.CodeInvalidInput, "%s of the entity %q, which does not exist", what, id)
	}
	return e.n, err
}

func (a *applier) putMapping(m *access.Mapping) error {
	n, err := a.about(m.EntityID, "a mapping")
	if err != nil {
		return err
	}
	if m.Relation != access.NotMapped {
		if err := a.employeeExists(m.EmployeeID, "the mapping of "+m.EntityID); err != nil {
			return err
		}
	} else if m.EmployeeID != "" {
		return access.Errorf(access.CodeInvalidInput, "the mapping of %s to nobody names an employee", m.EntityID)
	}
	return a.exec("INSERT OR REPLACE INTO mapping (entity, employee, relation, origin, reason, at) VALUES (?, ?, ?, ?, ?, ?)",
		n, m.EmployeeID, string(m.Relation), string(m.Origin), m.Reason, micros(m.At))
}

func (a *applier) removeMapping(id string) error {
	e, ok, err := a.ids.find(id)
	if err != nil || !ok {
		return err
	}
	return a.exec("DELETE FROM mapping WHERE entity = ?", e.n)
}

func (a *applier) putOwners(o *store.EntityOwners) error {
	n, err := a.about(o.EntityID, "owners")
	if err != nil {
		return err
	}
	return a.owners("entity_owner", "entity", n, "the owners of "+o.EntityID, o.Owners)
}

func (a *applier) putLabels(l *store.EntityLabels) error {
	n, err := a.about(l.EntityID, "labels")
	if err != nil {
		return err
	}
	if err := a.exec("DELETE FROM entity_label WHERE entity = ?", n); err != nil {
		return err
	}
	for _, label := range l.Labels {
		if err := a.exec("INSERT OR IGNORE INTO entity_label (entity, label) VALUES (?, ?)", n, label); err != nil {
			return err
		}
	}
	return nil
}

func (a *applier) putInsights(i *store.EntityInsights) error {
	n, err := a.about(i.EntityID, "insights")
	if err != nil {
		return err
	}
	if err := a.exec("DELETE FROM entity_insight WHERE entity = ?", n); err != nil {
		return err
	}
	for _, in := range i.Insights {
		err := a.exec("INSERT OR REPLACE INTO entity_insight (entity, name, since, evidence) VALUES (?, ?, ?, ?)",
			n, in.Name, micros(in.Since), in.Evidence)
		if err != nil {
			return err
		}
	}
	return nil
}
