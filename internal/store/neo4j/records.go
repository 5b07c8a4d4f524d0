package neo4j

import (
	"context"
	"encoding/json"
	"maps"
	"math"
	"slices"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/accessgraph/accessgraph/cypher/queries"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// writeRecords checks and writes the records in the order of their keys, so that two
// commits never wait for each other in a circle.
func writeRecords(ctx context.Context, tx driver.ManagedTransaction, writes []store.RecordWrite, checkRevisions bool) error {
	writes = slices.Clone(writes)
	slices.SortStableFunc(writes, func(a, b store.RecordWrite) int {
		if a.Kind != b.Kind {
			return compare(a.Kind, b.Kind)
		}
		return compare(a.ID, b.ID)
	})
	for i := range writes {
		if err := writeRecord(ctx, tx, &writes[i], checkRevisions); err != nil {
			return err
		}
	}
	return nil
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// checkRecord sees that the write is well-formed.
func checkRecord(w *store.RecordWrite) (store.RecordKind, error) {
	kind, err := store.KindOf(w.Kind)
	if err != nil {
		return kind, err
	}
	if w.ID == "" {
		return kind, access.Errorf(access.CodeInvalidInput, "a %s has no id", w.Kind)
	}
	if w.Doc != nil && !json.Valid(w.Doc) {
		return kind, access.Errorf(access.CodeInvalidInput, "%s %s is not JSON", w.Kind, w.ID)
	}
	return kind, declared(kind, w.Index)
}

func declared(kind store.RecordKind, fields map[string]string) error {
	for field := range fields {
		if !slices.Contains(kind.Index, field) {
			return access.Errorf(access.CodeInternal, "record kind %q has no index field %q", kind.Name, field)
		}
	}
	return nil
}

// lockRecord returns the present revision, 0 when there is none, and checks it.
func lockRecord(ctx context.Context, tx driver.ManagedTransaction, w *store.RecordWrite, check bool) (int64, error) {
	found, err := textRows(ctx, tx, queries.ForKind("record_lock", w.Kind), map[string]any{"id": w.ID})
	if err != nil {
		return 0, err
	}
	present := found[0].int("revision")
	switch {
	case !check, w.Expect == store.AnyRevision, w.Expect == present:
		return present, nil
	case w.Expect == 0:
		err = access.Errorf(access.CodeConflict, "%s %s exists already", w.Kind, w.ID)
	case present == 0:
		err = access.Errorf(access.CodeConflict, "%s %s was deleted meanwhile", w.Kind, w.ID)
	default:
		err = access.Errorf(access.CodeConflict, "%s %s was changed meanwhile (revision %d, expected %d)", w.Kind, w.ID, present, w.Expect)
	}
	return 0, err
}

func writeRecord(ctx context.Context, tx driver.ManagedTransaction, w *store.RecordWrite, check bool) error {
	kind, err := checkRecord(w)
	if err != nil {
		return err
	}
	present, err := lockRecord(ctx, tx, w, check)
	if err != nil {
		return err
	}
	if w.Doc == nil {
		return deleteRecord(ctx, tx, w)
	}
	set := map[string]any{"id": w.ID, "revision": present + 1, "doc": string(w.Doc)}
	if len(w.Index) > 0 {
		set["index"] = jsonMap(w.Index)
	}
	for _, field := range kind.Index {
		set[field] = w.Index[field] // an absent field equals ""
	}
	_, err = textRows(ctx, tx, queries.ForKind("record_put", w.Kind), map[string]any{"id": w.ID, "set": set})
	return err
}

func deleteRecord(ctx context.Context, tx driver.ManagedTransaction, w *store.RecordWrite) error {
	_, err := textRows(ctx, tx, queries.ForKind("record_delete", w.Kind), map[string]any{"id": w.ID})
	return err
}

// GetRecord returns NOT_FOUND when there is none.
func (s *Store) GetRecord(ctx context.Context, kind, id string) (out store.Record, err error) {
	if _, err := store.KindOf(kind); err != nil {
		return store.Record{}, err
	}
	err = s.read(ctx, func(tx driver.ManagedTransaction) error {
		found, err := textRows(ctx, tx, queries.ForKind("record_get", kind), map[string]any{"id": id})
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return access.Errorf(access.CodeNotFound, "there is no %s %s", kind, id)
		}
		out, err = decodeRecord(kind, found[0])
		return err
	})
	return out, err
}

// FindRecords lists records of a kind by id. A field that a record does not have equals "".
func (s *Store) FindRecords(ctx context.Context, q store.RecordQuery) (out []store.Record, err error) {
	kind, err := store.KindOf(q.Kind)
	if err != nil {
		return nil, err
	}
	if err := declared(kind, q.Where); err != nil {
		return nil, err
	}
	fields := slices.Sorted(maps.Keys(q.Where))
	params := map[string]any{"after": q.After, "limit": limitParam(q.Limit)}
	for i, field := range fields {
		params[fieldParam(i)] = q.Where[field]
	}
	name := "record_find"
	if q.Descending {
		name = "record_find_descending"
		params["after"] = before(q.After)
	}
	err = s.read(ctx, func(tx driver.ManagedTransaction) error {
		out = nil
		found, err := textRows(ctx, tx, queries.ForKind(name, q.Kind, fields...), params)
		for _, r := range found {
			record, err := decodeRecord(q.Kind, r)
			if err != nil {
				return err
			}
			out = append(out, record)
		}
		return err
	})
	return out, err
}

// limitParam makes 0 stand for all.
func limitParam(limit int) int64 {
	if limit <= 0 {
		return math.MaxInt64
	}
	return int64(limit)
}

func decodeRecord(kind string, r row) (store.Record, error) {
	out := store.Record{Kind: kind, ID: r.text("id"), Revision: r.int("revision"), Doc: json.RawMessage(r.text("doc"))}
	if index := r.text("index"); index != "" {
		if err := json.Unmarshal([]byte(index), &out.Index); err != nil {
			return out, &access.Error{Code: access.CodeInternal, Message: "the index of " + kind + " " + out.ID + " cannot be read", Err: err}
		}
	}
	return out, nil
}
