package embedded

import (
	"context"
	"database/sql"
	"encoding/json"
	"sort"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

func (t *tx) writeRecord(w *store.RecordWrite) error {
	kind, err := store.KindOf(w.Kind)
	if err != nil {
		return err
	}
	if w.ID == "" {
		return access.Errorf(access.CodeInvalidInput, "a %s has no id", w.Kind)
	}
	if err := declared(kind, w.Index); err != nil {
		return err
	}
	var present int64
	if _, err := t.get([]any{&present}, "SELECT revision FROM record WHERE kind = ? AND id = ?", w.Kind, w.ID); err != nil {
		return err
	}
	switch {
	case w.Expect == store.AnyRevision, w.Expect == present:
	case w.Expect == 0:
		return access.Errorf(access.CodeConflict, "%s %s exists already", w.Kind, w.ID)
	case present == 0:
		return access.Errorf(access.CodeConflict, "%s %s was deleted meanwhile", w.Kind, w.ID)
	default:
		return access.Errorf(access.CodeConflict, "%s %s was changed meanwhile (revision %d, expected %d)", w.Kind, w.ID, present, w.Expect)
	}
	if present > 0 {
		for _, field := range kind.Index {
			// By the value that stands there, so that the index finds the row.
			err := t.exec(`DELETE FROM record_index WHERE kind = ?1 AND field = ?2 AND id = ?3
  AND value = coalesce((SELECT fields ->> ('$."' || ?2 || '"') FROM record WHERE kind = ?1 AND id = ?3), '')`, w.Kind, field, w.ID)
			if err != nil {
				return err
			}
		}
	}
	if w.Doc == nil {
		return t.exec("DELETE FROM record WHERE kind = ? AND id = ?", w.Kind, w.ID)
	}
	if !json.Valid(w.Doc) {
		return access.Errorf(access.CodeInvalidInput, "%s %s is not JSON", w.Kind, w.ID)
	}
	for _, field := range kind.Index {
		if err := t.exec("INSERT INTO record_index (kind, field, value, id) VALUES (?, ?, ?, ?)", w.Kind, field, w.Index[field], w.ID); err != nil {
			return err
		}
	}
	return t.exec("INSERT OR REPLACE INTO record (kind, id, revision, doc, fields) VALUES (?, ?, ?, ?, ?)",
		w.Kind, w.ID, present+1, string(w.Doc), pairs(w.Index))
}

// declared refuses index fields that the kind does not have.
func declared(kind store.RecordKind, fields map[string]string) error {
	for field := range fields {
		found := false
		for _, f := range kind.Index {
			found = found || f == field
		}
		if !found {
			return access.Errorf(access.CodeInternal, "record kind %q has no index field %q", kind.Name, field)
		}
	}
	return nil
}

// GetRecord implements store.Records.
func (s *Store) GetRecord(ctx context.Context, kind, id string) (store.Record, error) {
	if _, err := store.KindOf(kind); err != nil {
		return store.Record{}, err
	}
	found, err := s.records(ctx, "SELECT kind, id, revision, doc, fields FROM record WHERE kind = ? AND id = ?", kind, id)
	switch {
	case err != nil:
		return store.Record{}, fault("read the "+kind, err)
	case len(found) == 0:
		return store.Record{}, access.Errorf(access.CodeNotFound, "there is no %s %s", kind, id)
	}
	return found[0], nil
}

// FindRecords implements store.Records. A field that a record does not have equals "".
func (s *Store) FindRecords(ctx context.Context, q store.RecordQuery) ([]store.Record, error) {
	kind, err := store.KindOf(q.Kind)
	if err != nil {
		return nil, err
	}
	if err := declared(kind, q.Where); err != nil {
		return nil, err
	}
	text := strings.Builder{}
	text.WriteString("SELECT r.kind, r.id, r.revision, r.doc, r.fields FROM record r WHERE r.kind = ?")
	args := []any{q.Kind}
	fields := make([]string, 0, len(q.Where))
	for field := range q.Where {
		fields = append(fields, field)
	}
	sort.Strings(fields)
	for _, field := range fields {
		text.WriteString(" AND r.id IN (SELECT id FROM record_index WHERE kind = ? AND field = ? AND value = ?)")
		args = append(args, q.Kind, field, q.Where[field])
	}
	after, order := " AND r.id > ?", " ORDER BY r.id"
	if q.Descending {
		after, order = " AND r.id < ?", " ORDER BY r.id DESC"
	}
	if q.After != "" {
		text.WriteString(after)
		args = append(args, q.After)
	}
	text.WriteString(order)
	if q.Limit > 0 {
		text.WriteString(" LIMIT ?")
		args = append(args, q.Limit)
	}
	found, err := s.records(ctx, text.String(), args...)
	return found, fault("list "+q.Kind, err)
}

func (s *Store) records(ctx context.Context, query string, args ...any) ([]store.Record, error) {
	var out []store.Record
	err := each(ctx, s.reads, func(rows *sql.Rows) error {
		var r store.Record
		var doc string
		var fields sql.NullString
		if err := rows.Scan(&r.Kind, &r.ID, &r.Revision, &doc, &fields); err != nil {
			return err
		}
		r.Doc = json.RawMessage(doc)
		out = append(out, r)
		return unlist(fields, &out[len(out)-1].Index)
	}, query, args...)
	return out, err
}

// each calls do for every row.
func each(ctx context.Context, db querier, do func(*sql.Rows) error, query string, args ...any) error {
	rows, err := db.QueryContext(ctx, query, args...)
	return scanAll(rows, err, do)
}

func scanAll(rows *sql.Rows, err error, do func(*sql.Rows) error) error {
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := do(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
