package snapshot

import (
	"context"
	"iter"
	"slices"
	"strings"

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
// not change is shared with it. Apply gives the same answers as Build of the later version.
func Apply(ctx context.Context, old *Snapshot, c *Changes) (*Snapshot, error) {
	s, err := Build(ctx, &renewedView{old: old, c: c})
	if err != nil {
		return nil, err
	}
	s.mark = c.mark
	return s, nil
}

// renewedView is the graph of the later version, put together from a snapshot and changes.
type renewedView struct {
	Data
	old *Snapshot
	c   *Changes
}

func (v *renewedView) Version() int64 { return v.c.version }

func (v *renewedView) Integrations(context.Context) ([]access.Integration, error) {
	return v.c.integrations, nil
}

func (v *renewedView) Employees(context.Context) iter.Seq2[*access.Employee, error] {
	return merged(slices.Values(v.old.people.all), v.c.employees, func(a, b *access.Employee) int { return strings.Compare(a.ID, b.ID) })
}

func (v *renewedView) Entities(context.Context, string, bool) iter.Seq2[*access.Entity, error] {
	return merged(func(yield func(*access.Entity) bool) {
		for _, row := range v.old.byID {
			if !yield(v.old.Entity(row)) {
				return
			}
		}
	}, v.c.entities, func(a, b *access.Entity) int { return strings.Compare(a.ID, b.ID) })
}

func (v *renewedView) Grants(context.Context, string) iter.Seq2[access.Grant, error] {
	return v.grants(v.old.grants, v.c.live)
}

func (v *renewedView) History(context.Context, string) iter.Seq2[access.Grant, error] {
	return v.grants(v.old.ended, v.c.ended)
}

func (v *renewedView) grants(t *grantTable, fresh []access.Grant) iter.Seq2[access.Grant, error] {
	return func(yield func(access.Grant, error) bool) {
		for g := range uint32(t.len()) { //nolint:gosec // an index
			grant := t.grant(g, v.old.ids)
			if _, changed := slices.BinarySearchFunc(v.c.pairs, store.Pair{Source: grant.Source, Target: grant.Target}, store.Pair.Compare); changed {
				continue
			}
			if !yield(grant, nil) {
				return
			}
		}
		for _, g := range fresh {
			if !yield(g, nil) {
				return
			}
		}
	}
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
