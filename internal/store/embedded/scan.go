package embedded

import (
	"database/sql"
	"encoding/json"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
)

// selectEntity reads entities with their labels, insights and mapping.
const selectEntity = `SELECT e.id, i.key, e.removed_at, e.project, e.type, e.source_id, e.source_type, e.name,
  e.username, e.email, e.first_name, e.last_name, e.status, e.last_login, e.latest_activity, e.last_password_changed,
  e.mfa, e.super_admin, e.administrative, e.external, e.locked, e.service_account, e.service_account_reason,
  e.factors, e.metadata, e.stub, e.first_seen,
  m.employee, m.relation, m.origin, m.reason, m.at,
  (SELECT json_group_array(label) FROM (SELECT label FROM entity_label WHERE entity = e.n ORDER BY label)),
  (SELECT json_group_array(json_array(name, since, evidence)) FROM (SELECT name, since, evidence FROM entity_insight WHERE entity = e.n ORDER BY name))
  FROM entity e JOIN integration i ON i.n = e.integration LEFT JOIN mapping m ON m.entity = e.n`

func scanEntity(rows *sql.Rows) (*access.Entity, error) {
	var (
		e                                                        access.Entity
		removed, login, activity, password, seen, mappedAt       sql.NullInt64
		mfa, superAdmin, administrative, external, locked, agent sql.NullInt64
		factors, employee, relation, origin, reason              sql.NullString
		labels, insights                                         string
	)
	err := rows.Scan(&e.ID, &e.Integration, &removed, &e.Project, &e.Type, &e.SourceID, &e.SourceType, &e.Name,
		&e.Username, &e.Email, &e.FirstName, &e.LastName, &e.Status, &login, &activity, &password,
		&mfa, &superAdmin, &administrative, &external, &locked, &agent, &e.ServiceAccountReason,
		&factors, &e.Metadata, &e.Stub, &seen, &employee, &relation, &origin, &reason, &mappedAt, &labels, &insights)
	if err != nil {
		return nil, err
	}
	e.RemovedAt, e.FirstSeen = timeOf(removed), timeOf(seen)
	e.LastLogin, e.LatestActivity, e.LastPasswordChanged = timeOf(login), timeOf(activity), timeOf(password)
	e.MFA, e.SuperAdmin, e.Administrative = tristate(mfa), tristate(superAdmin), tristate(administrative)
	e.External, e.Locked, e.ServiceAccount = tristate(external), tristate(locked), tristate(agent)
	if err := unlist(factors, &e.Factors); err != nil {
		return nil, err
	}
	if relation.Valid && access.MappingRelation(relation.String) != access.NotMapped {
		e.Mapping = &access.MappingRef{
			EmployeeID: employee.String, Relation: access.MappingRelation(relation.String),
			Origin: access.MappingOrigin(origin.String), Reason: reason.String, At: timeOf(mappedAt),
		}
	}
	if labels != "[]" {
		if err := json.Unmarshal([]byte(labels), &e.Labels); err != nil {
			return nil, err
		}
	}
	if insights != "[]" {
		if e.Insights, err = parseInsights(insights); err != nil {
			return nil, err
		}
	}
	return &e, nil
}

func parseInsights(text string) ([]access.Insight, error) {
	var rows [][3]any
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber() // microseconds do not fit a float64 for ever
	if err := dec.Decode(&rows); err != nil {
		return nil, err
	}
	out := make([]access.Insight, len(rows))
	for i, row := range rows {
		out[i].Name, _ = row[0].(string)
		out[i].Evidence, _ = row[2].(string)
		if since, ok := row[1].(json.Number); ok {
			n, err := since.Int64()
			if err != nil {
				return nil, err
			}
			out[i].Since = timeOf(sql.NullInt64{Int64: n, Valid: true})
		}
	}
	return out, nil
}

func scanGrant(rows *sql.Rows) (access.Grant, error) {
	var g access.Grant
	var used, from, to sql.NullInt64
	err := rows.Scan(&g.Source, &g.Target, &g.Permission, &g.Scope, &g.Value, &g.Counts, &g.Project, &used, &g.Metadata, &from, &to)
	g.LastUsed, g.From, g.To = timeOf(used), timeOf(from), timeOf(to)
	return g, err
}

func scanMapping(rows *sql.Rows) (access.Mapping, error) {
	var m access.Mapping
	var at sql.NullInt64
	err := rows.Scan(&m.EntityID, &m.EmployeeID, &m.Relation, &m.Origin, &m.Reason, &at)
	m.At = timeOf(at)
	return m, err
}

const selectEmployee = `SELECT id, work_email, user_id, full_name, first_name, last_name, department, title, start_date, end_date,
  employment_type, organization, manager, manager_email, source_user_id, roles, metadata_ver, metadata FROM employee`

func scanEmployee(rows *sql.Rows) (*access.Employee, error) {
	var e access.Employee
	var start, end sql.NullInt64
	var roles sql.NullString
	err := rows.Scan(&e.ID, &e.WorkEmail, &e.UserID, &e.FullName, &e.FirstName, &e.LastName, &e.Department, &e.Title, &start, &end,
		&e.EmploymentType, &e.Organization, &e.Manager, &e.ManagerEmail, &e.SourceUserID, &roles, &e.MetadataVer, &e.Metadata)
	if err != nil {
		return nil, err
	}
	e.StartDate, e.EndDate = timeOf(start), timeOf(end)
	return &e, unlist(roles, &e.Roles)
}
