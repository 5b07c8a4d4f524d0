package neo4j

import (
	"context"

	"github.com/google/uuid"
	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/packed"
)

// tendCopies is called after a commit on these integrations. Where an import found no
// copy it makes one; where the deltas have become too many, which is not known after a large
// commit, it merges them. It does nothing while a large import is under way, and failing costs later
// imports time only.
func (s *Store) tendCopies(ctx context.Context, expect map[string]int64, large bool) {
	for key := range expect {
		if _, wanted := s.wantCopies.LoadAndDelete(key); wanted || large {
			_ = s.tendCopy(ctx, key, wanted)
		}
	}
}

func (s *Store) tendCopy(ctx context.Context, key string, wanted bool) error {
	release, err := s.awaitLease(ctx, loadLeaseName, s.loadLease, 0, func() (bool, error) { return false, nil })
	if err != nil || release == nil {
		return err
	}
	defer release()
	// Behind the lock: what is at this revision now is whole, and whatever changes it
	// advances the revision.
	if _, pending, err := s.fence(ctx); err != nil || pending {
		return err
	}
	h, known, err := s.copyHead(ctx, key)
	if err != nil || !known {
		return err
	}
	good := h.valid && !s.isBad(h)
	from, isStale := h.head.Stale(s.smallDeltas)
	switch {
	case good && !isStale:
		return nil
	case !good && !wanted:
		return nil // nobody has asked for it yet
	}
	changeSet := "copy-" + uuid.NewString()
	defer s.unstage(context.WithoutCancel(ctx), changeSet)
	w := newCopyWriter(func(part map[string]any) error { return s.stagePart(ctx, changeSet, part) })
	keep := 0 // runs that stay
	if good {
		keep, err = from, h.head.Compact(ctx, from, key, s.copyParts(key), w.writer)
	} else {
		err = s.packGraph(ctx, key, w.writer)
	}
	run, ok := w.close()
	if err != nil || !ok {
		return err
	}
	return s.replaceCopy(ctx, key, h, keep, run, changeSet)
}

// packGraph packs an integration as it is in the graph.
func (s *Store) packGraph(ctx context.Context, key string, w *packed.Writer) error {
	v := &view{s: s}
	for e, err := range v.Entities(ctx, key, false) {
		if err == nil {
			err = w.Add(&store.Change{PutEntity: e})
		}
		if err != nil {
			return err
		}
	}
	for g, err := range v.Grants(ctx, key) {
		if err == nil {
			err = w.Add(&store.Change{PutGrant: &g})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// replaceCopy puts a staged run in the place of all runs but the first, unless anything
// changed meanwhile.
func (s *Store) replaceCopy(ctx context.Context, key string, was copyHead, keep int, run packed.Run, changeSet string) error {
	return s.write(ctx, func(tx driver.ManagedTransaction) error {
		if _, err := s.lock(ctx, tx, map[string]int64{key: was.revision}); err != nil {
			return err
		}
		heads, err := copyHeads(ctx, tx, []string{key})
		if err != nil || heads[key].text != was.text {
			return err
		}
		staged, err := rows(ctx, tx, "packed_staged", map[string]any{"changeSet": changeSet})
		if err != nil || staged[0].int("parts") != int64(run.PartCount()) {
			return err
		}
		if keep == 0 {
			_, err = rows(ctx, tx, "packed_drop", map[string]any{"keys": []string{key}})
		} else {
			ids := []int64{}
			for _, r := range was.head.Runs[keep:] {
				ids = append(ids, r.ID)
			}
			_, err = rows(ctx, tx, "packed_drop_runs", map[string]any{"key": key, "runs": ids})
		}
		if err != nil {
			return err
		}
		head := packed.Head{Format: packed.Format, Revision: was.revision, Runs: append(was.head.Runs[:keep:keep], run)}
		_, err = rows(ctx, tx, "packed_attach", map[string]any{"key": key, "head": head.Text(), "changeSet": changeSet})
		return err
	})
}

func (s *Store) unstage(ctx context.Context, changeSet string) {
	_ = s.write(ctx, func(tx driver.ManagedTransaction) error { // the next large commit discards them otherwise
		_, err := rows(ctx, tx, "packed_unstage", map[string]any{"changeSet": changeSet})
		return err
	})
}
