package embedded

import (
	"context"
	"database/sql"
	"iter"
	"maps"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

const (
	// keptVersions is how many versions are remembered.
	keptVersions = 200
	// maxChanges is how many entities and sources of a version are remembered. Beyond that
	// reading everything costs about as much, and a commit's memory must not grow.
	maxChanges = 10_000
)

// changeLog collects what a commit changes.
type changeLog struct {
	entities, sources map[string]bool
	directory         bool
	tooMany           bool
}

func newChangeLog() *changeLog {
	return &changeLog{entities: map[string]bool{}, sources: map[string]bool{}}
}

func (l *changeLog) entity(id string) { l.add(l.entities, id) }
func (l *changeLog) source(id string) { l.add(l.sources, id) }

func (l *changeLog) add(to map[string]bool, id string) {
	if l.tooMany {
		return
	}
	to[id] = true
	if len(l.entities)+len(l.sources) > maxChanges {
		l.entities, l.sources, l.tooMany = nil, nil, true
	}
}

// save keeps the log under the version that the commit makes and forgets old ones.
func (l *changeLog) save(t *tx) error {
	var changes any
	if !l.tooMany {
		changes = toJSON(store.ChangeSet{
			Entities: slices.Sorted(maps.Keys(l.entities)), Sources: slices.Sorted(maps.Keys(l.sources)), Directory: l.directory,
		})
	}
	if err := t.exec("INSERT INTO graph_change (version, changes) SELECT version, ? FROM graph_version", changes); err != nil {
		return err
	}
	return t.exec("DELETE FROM graph_change WHERE version <= (SELECT version FROM graph_version) - ?", keptVersions)
}

var _ store.ChangeView = (*view)(nil)

// Since implements store.ChangeView.
func (v *view) Since(ctx context.Context, version int64) (store.ChangeSet, bool, error) {
	log := newChangeLog()
	next, ok := version+1, version <= v.version
	err := each(ctx, v.tx, func(rows *sql.Rows) error {
		var at int64
		var text sql.NullString
		if err := rows.Scan(&at, &text); err != nil {
			return err
		}
		var c store.ChangeSet
		if err := unlist(text, &c); err != nil {
			return err
		}
		ok = ok && text.Valid && at == next
		next++
		for _, id := range c.Entities {
			log.entities[id] = true
		}
		for _, id := range c.Sources {
			log.sources[id] = true
		}
		log.directory = log.directory || c.Directory
		return nil
	}, "SELECT version, changes FROM graph_change WHERE version > ? ORDER BY version", version)
	if err != nil {
		return store.ChangeSet{}, false, ended(ctx, err)
	}
	if !ok || next != v.version+1 {
		return store.ChangeSet{}, false, nil
	}
	return store.ChangeSet{
		Entities: slices.Sorted(maps.Keys(log.entities)), Sources: slices.Sorted(maps.Keys(log.sources)), Directory: log.directory,
	}, true, nil
}

// EntitiesByID implements store.ChangeView.
func (v *view) EntitiesByID(ctx context.Context, ids []string) iter.Seq2[*access.Entity, error] {
	return stream(ctx, v.tx, scanEntity, selectEntity+" WHERE e.id IN (SELECT value FROM json_each(?)) ORDER BY e.id", among(ids))
}

// GrantsOf implements store.ChangeView.
func (v *view) GrantsOf(ctx context.Context, sources []string) iter.Seq2[access.Grant, error] {
	return stream(ctx, v.tx, scanGrant, selectGrant+"NULL FROM entity s CROSS JOIN grant_live"+grantEnds+
		" WHERE s.id IN (SELECT value FROM json_each(?))"+grantOrder, among(sources))
}

// HistoryOf implements store.ChangeView.
func (v *view) HistoryOf(ctx context.Context, sources []string) iter.Seq2[access.Grant, error] {
	return stream(ctx, v.tx, scanGrant, selectGrant+"g.to_at FROM entity s CROSS JOIN grant_history"+grantEnds+
		" WHERE s.id IN (SELECT value FROM json_each(?))"+historyOrder, among(sources))
}
