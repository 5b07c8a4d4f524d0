package snapshot

import (
	"context"
	"iter"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// Changes is what a snapshot needs to become that of a later version: the present state of
// all that may have changed since its own.
type Changes struct {
	version int64
	mark    string

	entities     []*access.Entity // ordered by id
	employees    []*access.Employee
	integrations []access.Integration // all of them
	pairs        []store.Pair         // in order; live and ended are all of their grants
	live, ended  []access.Grant
}

// maxRenewed is the share of the grants above which a snapshot is built anew rather than
// from the old one and what changed.
const maxRenewed = 8

// ReadChanges reads what changed between a snapshot and a view. ok is false when the store
// does not know or when it is so much that the graph is better read whole.
func ReadChanges(ctx context.Context, s *Snapshot, v store.ChangeView) (c *Changes, ok bool, err error) {
	set, ok, err := v.Since(ctx, s.version, s.mark)
	if err != nil || !ok {
		return nil, false, err
	}
	if s.drifted && len(set.Removed) > 0 {
		return nil, false, nil // grants may have ended unseen, after they were looked for and before their history was
	}
	c = &Changes{version: v.Version(), pairs: set.Pairs}
	if c.mark, err = v.Mark(ctx); err != nil {
		return nil, false, err
	}
	if c.integrations, err = v.Integrations(ctx); err != nil {
		return nil, false, err
	}
	if c.entities, err = collect(v.EntitiesByID(ctx, set.Entities)); err != nil {
		return nil, false, err
	}
	if c.employees, err = collect(v.EmployeesByID(ctx, set.Employees)); err != nil {
		return nil, false, err
	}
	if len(set.Removed) > 0 {
		c.pairs = s.pairsOn(set.Removed, c.pairs)
	}
	if len(c.pairs) > smallChange && len(c.pairs) > (s.grants.len()+s.ended.len())/maxRenewed {
		return nil, false, nil
	}
	if c.live, err = collect(v.GrantsBetween(ctx, c.pairs)); err != nil {
		return nil, false, err
	}
	if c.ended, err = collect(v.HistoryBetween(ctx, c.pairs)); err != nil {
		return nil, false, err
	}
	return c, true, nil
}

// smallChange is how many pairs are never too many.
const smallChange = 10_000

func collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var out []T
	for item, err := range seq {
		if err != nil {
			return nil, err
		}
		out = append(out, item)
	}
	return out, nil
}

// pairsOn adds the pairs of live grants from and to these entities.
func (s *Snapshot) pairsOn(ids []string, pairs []store.Pair) []store.Pair {
	pairs = slices.Clone(pairs)
	for _, id := range ids {
		row, ok := s.Row(id)
		if !ok {
			continue
		}
		for g := s.grants.out[row]; g < s.grants.out[row+1]; g++ {
			pairs = append(pairs, store.Pair{Source: id, Target: s.ids[s.grants.target[g]]})
		}
		for _, g := range s.grants.on(row) {
			pairs = append(pairs, store.Pair{Source: s.ids[s.grants.source[g]], Target: id})
		}
	}
	slices.SortFunc(pairs, store.Pair.Compare)
	return slices.Compact(pairs)
}

// Apply returns the snapshot of the later version. The old one goes on to answer; what did
// not change is shared with it. The new one gives the same answers as Build of the later
// version would. Apply is as long as a few passes over what the changes touch.
func Apply(ctx context.Context, old *Snapshot, c *Changes) (*Snapshot, error) {
	if c.version == old.version && c.mark == old.mark {
		if old.drifted {
			old.drifted = false // nothing was committed meanwhile
		}
		return old, nil
	}
	r := &renewal{old: old, c: c, s: &Snapshot{version: c.version, mark: c.mark}}
	if err := r.run(ctx); err != nil {
		return nil, err
	}
	return r.s, nil
}

// merged yields both ordered sequences; of two equal elements, the one of the list.
func merged[T any](seq iter.Seq[T], list []T, compare func(a, b T) int) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for item := range seq {
			for len(list) > 0 && compare(list[0], item) < 0 {
				if !yield(list[0], nil) {
					return
				}
				list = list[1:]
			}
			if len(list) > 0 && compare(list[0], item) == 0 {
				item, list = list[0], list[1:]
			}
			if !yield(item, nil) {
				return
			}
		}
		for _, item := range list {
			if !yield(item, nil) {
				return
			}
		}
	}
}
