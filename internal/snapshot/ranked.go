package snapshot

import (
	"context"
	"math"
	"sync"
)

type rowCount struct {
	row   uint32
	count int
}

// countRelated counts, for each of rows, the distinct other rows of related that it
// reaches (forward) or that reach it; zero counts are left out. In the order of rows.
func (s *Snapshot) countRelated(ctx context.Context, rows, related Bits, forward bool) ([]rowCount, error) {
	// What has no related row at all need not be looked at.
	var some Bits
	if forward {
		var err error
		if some, err = s.backward(ctx, related, nil); err != nil {
			return nil, err
		}
	} else {
		some = s.forward(related, nil)
	}
	some.And(rows)
	list := some.List()
	out := make([]rowCount, len(list))
	for i, row := range list {
		out[i].row = row
	}
	switch {
	case forward:
		return out, s.countReached(ctx, out, related)
	case len(list) > related.Count()/8:
		return out, s.countReaching(ctx, out, related)
	}
	return out, s.share(ctx, len(out), 32, func(w *walker, from, to int) {
		for i := range out[from:to] {
			one := &out[from+i]
			one.count = w.reachedByOther(one.row, related, nil, math.MaxInt)
		}
	})
}

// countReached counts what each row reaches.
func (s *Snapshot) countReached(ctx context.Context, rows []rowCount, related Bits) error {
	if len(rows) > s.topology.components()/4 {
		if err := s.flattenAll(ctx); err != nil {
			return err
		}
	}
	counters := sync.Pool{New: func() any { return newCounter(s, related, nil) }}
	return s.share(ctx, len(rows), 256, func(w *walker, from, to int) {
		c := counters.Get().(*counter) //nolint:forcetypeassert // holds nothing else
		defer counters.Put(c)
		var row [1]uint32
		for i := range rows[from:to] {
			one := &rows[from+i]
			row[0] = one.row
			one.count = int(c.count(w, row[:]))
		}
	})
}

// countReaching counts what reaches each row, by looking once at what each related row
// reaches: for many rows that is less work than to walk back from each.
func (s *Snapshot) countReaching(ctx context.Context, rows []rowCount, related Bits) error {
	if err := s.flattenAll(ctx); err != nil {
		return err
	}
	sources := related.List()
	var lock sync.Mutex
	var all [][]uint32 // by row, one list a worker
	spare := sync.Pool{New: func() any {
		counts := make([]uint32, s.n)
		lock.Lock()
		defer lock.Unlock()
		all = append(all, counts)
		return &counts
	}}
	err := s.share(ctx, len(sources), 1024, func(w *walker, from, to int) {
		counts := spare.Get().(*[]uint32) //nolint:forcetypeassert // holds nothing else
		defer spare.Put(counts)
		for _, source := range sources[from:to] {
			w.tally(source, *counts)
		}
	})
	for i := range rows {
		for _, counts := range all {
			rows[i].count += int(counts[rows[i].row])
		}
	}
	return err
}

// tally adds one to the count of all that row reaches, itself excepted.
func (w *walker) tally(row uint32, counts []uint32) {
	t := w.s.topology
	if !w.flatsOf(row) {
		for _, to := range w.reach(row, nil) {
			counts[to]++
		}
		return
	}
	w.reset()
	w.hit[row] = w.stamp
	mark := func(rows []uint32) {
		hit, stamp := w.hit, w.stamp
		for _, to := range rows {
			if hit[to] != stamp {
				hit[to] = stamp
				counts[to]++
			}
		}
	}
	if t.of[row] == none {
		mark(w.s.to.Of(row))
	}
	for _, f := range w.flats {
		mark(f.rows)
	}
}
