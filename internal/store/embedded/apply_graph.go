package embedded

import (
	"database/sql"

	"github.com/accessgraph/accessgraph/internal/access"
)

// What a put of a known entity does not set is kept: n and first_seen, also from history.
const upsertEntity = insertEntity + `
  ON CONFLICT (id) DO UPDATE SET integration = excluded.integration, removed_at = NULL,
  project = excluded.project, type = excluded.type, source_id = excluded.source_id, source_type = excluded.source_type,
  name = excluded.name, username = excluded.username, email = excluded.email, first_name = excluded.first_name,
  last_name = excluded.last_name, status = excluded.status, last_login = excluded.last_login,
  latest_activity = excluded.latest_activity, last_password_changed = excluded.last_password_changed, mfa = excluded.mfa,
  super_admin = excluded.super_admin, administrative = excluded.administrative, external = excluded.external,
  locked = excluded.locked, service_account = excluded.service_account, service_account_reason = excluded.service_account_reason,
  factors = excluded.factors, metadata = excluded.metadata, stub = excluded.stub`

const insertEntity = `INSERT INTO entity (n, id, integration, project, type, source_id, source_type, name,
  username, email, first_name, last_name, status, last_login, latest_activity, last_password_changed,
  mfa, super_admin, administrative, external, locked, service_account, service_account_reason, factors, metadata, stub, first_seen)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// The last parameter is the time of the commit. The trigger grant_value_changed says what
// becomes of the old value.
const upsertGrant = insertGrant + `
  ON CONFLICT (source, target, permission, scope) DO UPDATE SET value = excluded.value, counts = excluded.counts,
  project = excluded.project, last_used = excluded.last_used, metadata = excluded.metadata,
  from_at = CASE WHEN value = excluded.value THEN from_at ELSE ? END`

const insertGrant = `INSERT INTO grant_live (source, target, permission, scope, value, counts, project, last_used, metadata, from_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

func (a *applier) putEntity(e *access.Entity) error {
	if e.ID == "" {
		return access.Errorf(access.CodeInvalidInput, "entity %q has no id", e.Name)
	}
	integration, ok, err := a.ids.integration(e.Integration)
	if err != nil {
		return err
	}
	if !ok {
		return access.Errorf(access.CodeInvalidInput, "entity %s is of the integration %q, which does not exist", e.ID, e.Integration)
	}
	known, ok, err := a.ids.find(e.ID)
	if err != nil {
		return err
	}
	if !ok {
		known.n = a.ids.next
		a.ids.next++
	} else if known.integration != integration {
		a.touched[known.integration] = true
	}
	known.integration, known.live = integration, true
	a.ids.remember(e.ID, known)
	a.touched[integration] = true
	status := e.Status
	if status == "" {
		status = access.StatusUnknown
	}
	return a.exec(upsertEntity, known.n, e.ID, integration, e.Project, string(e.Type), e.SourceID, e.SourceType, e.Name,
		e.Username, e.Email, e.FirstName, e.LastName, string(status),
		micros(e.LastLogin), micros(e.LatestActivity), micros(e.LastPasswordChanged),
		flag(e.MFA), flag(e.SuperAdmin), flag(e.Administrative), flag(e.External), flag(e.Locked), flag(e.ServiceAccount),
		e.ServiceAccountReason, texts(e.Factors), e.Metadata, bit(e.Stub), micros(or(e.FirstSeen, a.at)))
}

// end is where a grant ends up: at a live entity, or the put is a mistake of the caller.
func (a *applier) end(g *access.Grant, which, id string) (node, error) {
	e, ok, err := a.ids.find(id)
	if err == nil && (!ok || !e.live) {
		err = access.Errorf(access.CodeInvalidInput, "the grant %q from %s to %s: its %s is not a live entity", g.Permission, g.Source, g.Target, which)
	}
	return e, err
}

func (a *applier) putGrant(g *access.Grant) error {
	source, err := a.end(g, "source", g.Source)
	if err != nil {
		return err
	}
	target, err := a.end(g, "target", g.Target)
	if err != nil {
		return err
	}
	a.touched[source.integration] = true
	return a.exec(upsertGrant, source.n, target.n, g.Permission, g.Scope, g.Value, bit(g.Counts), g.Project,
		micros(g.LastUsed), g.Metadata, micros(or(g.From, a.at)), micros(a.at))
}

const closeGrants = `INSERT INTO grant_history
  SELECT source, target, permission, scope, value, counts, project, last_used, metadata, from_at, ? FROM grant_live WHERE `

func (a *applier) removeGrant(k *access.GrantKey) error {
	source, ok, err := a.ids.find(k.Source)
	if err != nil || !ok {
		return err
	}
	target, ok, err := a.ids.find(k.Target)
	if err != nil || !ok {
		return err
	}
	const key = "source = ? AND target = ? AND permission = ? AND scope = ?"
	closed, err := a.run(closeGrants+key, micros(a.at), source.n, target.n, k.Permission, k.Scope)
	if err != nil {
		return err
	}
	if n, err := closed.RowsAffected(); err != nil || n == 0 {
		return err
	}
	a.touched[source.integration] = true
	return a.exec("DELETE FROM grant_live WHERE "+key, source.n, target.n, k.Permission, k.Scope)
}

func (a *applier) removeEntity(id string) error {
	e, ok, err := a.ids.find(id)
	if err != nil || !ok || !e.live {
		return err
	}
	if err := a.exec("UPDATE entity SET removed_at = ? WHERE n = ?", micros(a.at), e.n); err != nil {
		return err
	}
	e.live = false
	a.ids.remember(id, e)
	a.touched[e.integration] = true
	err = a.each(func(rows *sql.Rows) error {
		var integration int64
		err := rows.Scan(&integration)
		a.touched[integration] = true
		return err
	}, "SELECT DISTINCT s.integration FROM grant_live g JOIN entity s ON s.n = g.source WHERE g.target = ?", e.n)
	if err != nil {
		return err
	}
	// A self-loop goes with the first of the two.
	for _, end := range []string{"source = ?", "target = ?"} {
		if err := a.exec(closeGrants+end, micros(a.at), e.n); err != nil {
			return err
		}
		if err := a.exec("DELETE FROM grant_live WHERE "+end, e.n); err != nil {
			return err
		}
	}
	return nil
}
