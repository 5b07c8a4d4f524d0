package embedded

import (
	"context"
	"database/sql"
	"encoding/json"
	"iter"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/changelog"
)

// advance begins the next version: it gets a mark, its changes are kept and those of old
// versions forgotten.
func (a *applier) advance() error {
	if changes, ok := a.log.Set(); ok {
		data := changelog.Pack(changes)
		err := a.exec("INSERT INTO graph_change (version, base, bytes, changes) SELECT version + 1, mark, ?, ? FROM graph_version", len(data), data)
		if err != nil {
			return err
		}
	}
	if err := a.exec("UPDATE graph_version SET version = version + 1, mark = lower(hex(randomblob(16)))"); err != nil {
		return err
	}
	return a.exec(`DELETE FROM graph_change WHERE version <= (SELECT version FROM graph_version) - ? OR version <=
  (SELECT max(version) FROM (SELECT version, sum(bytes) OVER (ORDER BY version DESC) AS total FROM graph_change) WHERE total > ?)`,
		changelog.Versions, changelog.Bytes)
}

var _ store.ChangeView = (*view)(nil)

// Mark implements store.ChangeView.
func (v *view) Mark(ctx context.Context) (string, error) {
	var mark string
	err := v.tx.QueryRowContext(ctx, "SELECT mark FROM graph_version").Scan(&mark)
	return mark, ended(ctx, err)
}

// Since implements store.ChangeView.
func (v *view) Since(ctx context.Context, version int64, mark string) (store.ChangeSet, bool, error) {
	if version == v.version {
		present, err := v.Mark(ctx)
		return store.ChangeSet{}, present == mark, err
	}
	var sets []store.ChangeSet
	next, ok := version+1, version < v.version
	err := each(ctx, v.tx, func(rows *sql.Rows) error {
		var at int64
		var base string
		var data []byte
		if err := rows.Scan(&at, &base, &data); err != nil {
			return err
		}
		ok = ok && at == next && (len(sets) > 0 || base == mark)
		next++
		if !ok {
			return nil
		}
		c, err := changelog.Unpack(data)
		sets = append(sets, c)
		return err
	}, "SELECT version, base, changes FROM graph_change WHERE version > ? ORDER BY version", version)
	if err != nil || !ok || next != v.version+1 {
		return store.ChangeSet{}, false, ended(ctx, err)
	}
	all, ok := changelog.Merge(sets...)
	return all, ok, nil
}

// askedAtOnce is how many ids one statement gets.
const askedAtOnce = 5000

// inParts runs a query for some of a list at a time, which the query takes as JSON.
func inParts[P, T any](ctx context.Context, v *view, list []P, scan func(*sql.Rows) (T, error), query string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for part := range slices.Chunk(list, askedAtOnce) {
			text, err := json.Marshal(part)
			if err != nil {
				panic(err) // texts and pairs of texts always have a JSON form
			}
			for item, err := range stream(ctx, v.tx, scan, query, string(text)) {
				if !yield(item, err) || err != nil {
					return
				}
			}
		}
	}
}

// EntitiesByID implements store.ChangeView.
func (v *view) EntitiesByID(ctx context.Context, ids []string) iter.Seq2[*access.Entity, error] {
	return inParts(ctx, v, ids, scanEntity, selectEntity+" WHERE e.id IN (SELECT value FROM json_each(?)) ORDER BY e.id")
}

// EmployeesByID implements store.ChangeView.
func (v *view) EmployeesByID(ctx context.Context, ids []string) iter.Seq2[*access.Employee, error] {
	return inParts(ctx, v, ids, scanEmployee, selectEmployee+" WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id")
}

// Pairs come as JSON lists of two ids, in order.
const (
	fromPairs = ` FROM json_each(?) p CROSS JOIN entity s ON s.id = p.value ->> 0 CROSS JOIN entity t ON t.id = p.value ->> 1
  CROSS JOIN `
	onPair = ` g ON g.source = s.n AND g.target = t.n ORDER BY p.key, g.permission, g.scope`
)

func pairLists(pairs []store.Pair) [][2]string {
	out := make([][2]string, len(pairs))
	for i, p := range pairs {
		out[i] = [2]string{p.Source, p.Target}
	}
	return out
}

// GrantsBetween implements store.ChangeView.
func (v *view) GrantsBetween(ctx context.Context, pairs []store.Pair) iter.Seq2[access.Grant, error] {
	return inParts(ctx, v, pairLists(pairs), scanGrant, selectGrant+"NULL"+fromPairs+"grant_live"+onPair)
}

// HistoryBetween implements store.ChangeView.
func (v *view) HistoryBetween(ctx context.Context, pairs []store.Pair) iter.Seq2[access.Grant, error] {
	return inParts(ctx, v, pairLists(pairs), scanGrant, selectGrant+"g.to_at"+fromPairs+"grant_history"+onPair+", g.from_at, g.to_at, g.rowid")
}
