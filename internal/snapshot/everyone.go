package snapshot

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/accessgraph/accessgraph/internal/access"
)

// everyone is the live identities of rows, nil = all of them.
func (s *Snapshot) everyone(rows Bits) []uint32 {
	out := s.types[kindIdentity].Clone()
	out.And(s.live)
	if rows != nil {
		out.And(rows)
	}
	return out.List()
}

// CountEffective counts the pairs of a live identity of sources (nil = all) and something
// of targets (nil = all, whatever its kind) that it reaches, itself excepted. It works on
// all cores. O(pairs) at worst; identities that hold the same are counted once.
func (s *Snapshot) CountEffective(ctx context.Context, sources, targets Bits) (int64, error) {
	list := s.everyone(sources)
	if err := s.flattenAll(ctx); err != nil {
		return 0, err
	}
	lists, err := s.listTargets(ctx, targets)
	if err != nil {
		return 0, err
	}
	defer lists.release()
	var total atomic.Int64
	counters := sync.Pool{New: func() any { return newCounter(s, targets, lists) }}
	err = s.share(ctx, len(list), 1024, func(w *walker, from, to int) {
		c := counters.Get().(*counter) //nolint:forcetypeassert // holds nothing else
		defer counters.Put(c)
		total.Add(c.count(w, list[from:to]))
	})
	return total.Load(), err
}

// EachIdentityAccess yields each live identity of rows (nil = all) with all that it
// reaches, itself excepted, ascending; identities in the order of rows, those that reach
// nothing included, from one goroutine. targets is good until yield returns. That many
// workers (0 = one a core) do the work, a bounded number of identities ahead. An error of
// yield, or the end of ctx, ends it and is returned.
func (s *Snapshot) EachIdentityAccess(ctx context.Context, rows Bits, workers int, yield func(identity uint32, targets []uint32) error) error {
	return s.each(ctx, rows, workers, false, func(identity uint32, targets []uint32, _ [][]access.Permission) error {
		return yield(identity, targets)
	})
}

// EachAccess is EachIdentityAccess with the effective permissions at each target, sorted;
// the lists of permissions are shared, may be kept and must not be changed.
func (s *Snapshot) EachAccess(ctx context.Context, rows Bits, workers int, yield func(identity uint32, targets []uint32, permissions [][]access.Permission) error) error {
	return s.each(ctx, rows, workers, true, yield)
}
