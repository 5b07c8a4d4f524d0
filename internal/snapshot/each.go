package snapshot

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"github.com/accessgraph/accessgraph/internal/access"
)

// batch is what some identities reach.
type batch struct {
	identities  []uint32
	ends        []int // by identity: where its targets end
	targets     []uint32
	permissions [][]access.Permission
}

func (s *Snapshot) each(ctx context.Context, rows Bits, workers int, permissions bool, yield func(uint32, []uint32, [][]access.Permission) error) error {
	list := s.everyone(rows)
	if err := s.flattenAll(ctx); err != nil {
		return err
	}
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	const chunk = 256
	spare := sync.Pool{New: func() any { return new(batch) }}
	var failed error
	err := orderedBy(ctx, workers, (len(list)+chunk-1)/chunk, func(ctx context.Context, piece int) *batch {
		b := spare.Get().(*batch) //nolint:forcetypeassert // holds nothing else
		*b = batch{
			identities: list[piece*chunk : min((piece+1)*chunk, len(list))],
			ends:       b.ends[:0], targets: b.targets[:0], permissions: b.permissions[:0],
		}
		w := s.walker()
		defer s.done(w)
		for _, row := range b.identities {
			if ctx.Err() != nil {
				break
			}
			w.reachInto(b, row, permissions)
		}
		return b
	}, func(b *batch) bool {
		from := 0
		for i, end := range b.ends {
			var of [][]access.Permission
			if permissions {
				of = b.permissions[from:end:end]
			}
			if failed = yield(b.identities[i], b.targets[from:end:end], of); failed != nil {
				return false
			}
			from = end
		}
		spare.Put(b)
		return true
	})
	if failed != nil {
		return failed
	}
	return err
}

// reachInto appends what row reaches, ascending.
func (w *walker) reachInto(b *batch, row uint32, permissions bool) {
	from := len(b.targets)
	if permissions {
		w.joiner.reset()
		if !w.merge(row) {
			w.gather(w.hold([]uint32{row}, nil), false)
		}
		w.found.addAll(w.targets)
	} else {
		w.findReach(row)
	}
	b.targets = w.found.drain(b.targets)
	found := b.targets[from:]
	if permissions {
		for _, to := range found {
			b.permissions = append(b.permissions, w.joiner.get(w.bundle[to]).list)
			w.bundle[to] = 0
		}
	}
	if w.s.loops.Has(row) {
		if at, self := slices.BinarySearch(found, row); self {
			b.targets = slices.Delete(b.targets, from+at, from+at+1)
			if permissions {
				b.permissions = slices.Delete(b.permissions, from+at, from+at+1)
			}
		}
	}
	b.ends = append(b.ends, len(b.targets))
}

// findReach collects in w.found what row reaches, itself included.
func (w *walker) findReach(row uint32) {
	if w.flatsOf(row) {
		if w.s.topology.of[row] == none {
			w.found.addAll(w.s.to.Of(row))
		}
		for _, f := range w.flats {
			w.found.addAll(f.rows)
		}
		return
	}
	for _, h := range w.hold([]uint32{row}, nil) {
		w.found.addAll(w.s.to.Of(h))
	}
}
