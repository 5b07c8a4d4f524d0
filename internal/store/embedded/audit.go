package embedded

import (
	"context"
	"database/sql"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// appendAudit writes one entry; an id that is there already is a CONFLICT.
func (t *tx) appendAudit(e *store.AuditEntry, at time.Time) error {
	if e.ID == "" {
		return access.Errorf(access.CodeInvalidInput, "the audit entry of %q has no id", e.Action)
	}
	result, err := t.run(`INSERT INTO audit (id, at, actor_kind, actor, action, object, before, after, request_id, ip)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		e.ID, micros(or(e.At, at)), e.ActorKind, e.Actor, e.Action, e.Object, e.Before, e.After, e.RequestID, e.IP)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		err = access.Errorf(access.CodeConflict, "the audit entry %s exists already", e.ID)
	}
	return err
}

// AuditEntries implements store.AuditLog.
func (s *Store) AuditEntries(ctx context.Context, q store.AuditQuery) ([]store.AuditEntry, error) {
	text := "SELECT id, at, actor_kind, actor, action, object, before, after, request_id, ip FROM audit WHERE true"
	var args []any
	for _, c := range []struct{ condition, value string }{
		{" AND actor = ?", q.Actor}, {" AND action = ?", q.Action}, {" AND object = ?", q.Object}, {" AND id < ?", q.After},
	} {
		if c.value != "" {
			text += c.condition
			args = append(args, c.value)
		}
	}
	text += " ORDER BY id DESC"
	if q.Limit > 0 {
		text += " LIMIT ?"
		args = append(args, q.Limit)
	}
	var out []store.AuditEntry
	err := each(ctx, s.reads, func(rows *sql.Rows) error {
		var e store.AuditEntry
		var at sql.NullInt64
		if err := rows.Scan(&e.ID, &at, &e.ActorKind, &e.Actor, &e.Action, &e.Object, &e.Before, &e.After, &e.RequestID, &e.IP); err != nil {
			return err
		}
		e.At = timeOf(at)
		out = append(out, e)
		return nil
	}, text, args...)
	return out, fault("read the audit log", err)
}
