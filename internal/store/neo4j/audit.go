package neo4j

import (
	"context"
	"strconv"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

func fieldParam(i int) string { return "field" + strconv.Itoa(i) }

// appendAudit writes entries; an id that is there already is a CONFLICT.
func appendAudit(ctx context.Context, tx driver.ManagedTransaction, entries []store.AuditEntry, at time.Time) error {
	if len(entries) == 0 {
		return nil
	}
	list := make([]any, len(entries))
	seen := map[string]bool{}
	for i, e := range entries {
		if e.ID == "" {
			return access.Errorf(access.CodeInvalidInput, "the audit entry of %q has no id", e.Action)
		}
		if seen[e.ID] {
			return auditConflict(e.ID)
		}
		seen[e.ID] = true
		p := props{"id": e.ID, "at": micros(or(e.At, at))}
		p.text("actorKind", e.ActorKind)
		p.text("actor", e.Actor)
		p.text("action", e.Action)
		p.text("object", e.Object)
		p.text("before", e.Before)
		p.text("after", e.After)
		p.text("requestId", e.RequestID)
		p.text("ip", e.IP)
		list[i] = p.withoutNil()
	}
	known, err := knownAudit(ctx, tx, entries)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if known[e.ID] {
			return auditConflict(e.ID)
		}
	}
	_, err = rows(ctx, tx, "audit_append", map[string]any{"rows": list})
	return err
}

// knownAudit tells which of the entries' ids exist already.
func knownAudit(ctx context.Context, tx driver.ManagedTransaction, entries []store.AuditEntry) (map[string]bool, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.ID
	}
	found, err := rows(ctx, tx, "audit_known", map[string]any{"ids": ids})
	known := make(map[string]bool, len(found))
	for _, r := range found {
		known[r.text("id")] = true
	}
	return known, err
}

func auditConflict(id string) error {
	return access.Errorf(access.CodeConflict, "the audit entry %s exists already", id)
}

// before is where a descending list begins: below the id, or at the end of all ids.
func before(id string) string {
	if id == "" {
		return "\uffff"
	}
	return id
}

// AuditEntries lists entries newest first.
func (s *Store) AuditEntries(ctx context.Context, q store.AuditQuery) (out []store.AuditEntry, err error) {
	name := "audit_find"
	switch {
	case q.Object != "":
		name = "audit_find_object"
	case q.Actor != "":
		name = "audit_find_actor"
	}
	err = s.read(ctx, func(tx driver.ManagedTransaction) error {
		out = nil
		found, err := rows(ctx, tx, name, map[string]any{
			"actor": q.Actor, "action": q.Action, "object": q.Object, "after": before(q.After), "limit": limitParam(q.Limit),
		})
		for _, r := range found {
			m, _ := r.any("entry").(map[string]any)
			out = append(out, store.AuditEntry{
				ID: asText(m["id"]), At: asTime(m["at"]), ActorKind: asText(m["actorKind"]), Actor: asText(m["actor"]),
				Action: asText(m["action"]), Object: asText(m["object"]), Before: asText(m["before"]), After: asText(m["after"]),
				RequestID: asText(m["requestId"]), IP: asText(m["ip"]),
			})
		}
		return err
	})
	return out, err
}
