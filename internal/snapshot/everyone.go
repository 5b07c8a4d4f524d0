package snapshot

import (
	"context"
	"slices"
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
	var total atomic.Int64
	counters := sync.Pool{New: func() any {
		c := newCounter(s, targets)
		c.lists = lists
		return c
	}}
	err = s.share(ctx, len(list), 1024, func(w *walker, from, to int) {
		c := counters.Get().(*counter) //nolint:forcetypeassert // holds nothing else
		defer counters.Put(c)
		n := int64(0)
		for _, row := range list[from:to] {
			n += int64(c.count(w, row))
		}
		total.Add(n)
	})
	return total.Load(), err
}

// counter counts what identities reach; it serves one goroutine. Stamps of one byte keep
// its marks near the processor; they are cleared when the stamp starts over.
type counter struct {
	seen    []uint8
	stamp   uint8
	targets Bits
	known   []counted // by hash of what an identity has grants on
	// lists are the targets that each component reaches, nil where that is not known; some
	// are those of the identity at hand.
	lists, some [][]uint32
}

func newCounter(s *Snapshot, targets Bits) *counter {
	return &counter{seen: make([]uint8, s.n), targets: targets, known: make([]counted, 4096)}
}

// counted is an identity that was counted, and what it reaches, itself included.
type counted struct {
	hash uint64
	row  uint32
	n    int
}

// count is how many of the targets row reaches, itself excepted.
func (c *counter) count(w *walker, row uint32) int {
	s := w.s
	own := s.to.Of(row)
	if len(own) == 0 {
		return 0
	}
	hash := uint64(len(own))
	for _, to := range own {
		hash = (hash ^ uint64(to)) * 0x9e3779b97f4a7c15
		hash ^= hash >> 29
	}
	known := &c.known[hash&uint64(len(c.known)-1)]
	if known.hash != hash || known.n == 0 || !slices.Equal(s.to.Of(known.row), own) {
		*known = counted{hash, row, c.reached(w, row, own)}
	}
	if s.loops.Has(row) && (c.targets == nil || c.targets.Has(row)) {
		return known.n - 1
	}
	return known.n
}

// reached is count without the exception, for an identity that is not counted yet.
func (c *counter) reached(w *walker, row uint32, own []uint32) int {
	if c.stamp++; c.stamp == 0 {
		clear(c.seen)
		c.stamp = 1
	}
	if c.lists != nil && c.listsOf(w.s, row, own) {
		n := c.add(own)
		for _, list := range c.some {
			n += c.addTargets(list)
		}
		return n
	}
	if !w.flatsOf(row) {
		n := 0
		for _, h := range w.hold([]uint32{row}, nil) {
			n += c.add(w.s.to.Of(h))
		}
		return n
	}
	n := c.add(own)
	for _, f := range w.flats {
		n += c.add(f.rows)
	}
	return n
}

// listTargets returns the targets that each component reaches; nil when all count.
func (s *Snapshot) listTargets(ctx context.Context, targets Bits) ([][]uint32, error) {
	if targets == nil {
		return nil, nil
	}
	lists := make([][]uint32, s.topology.components())
	return lists, s.share(ctx, len(lists), 512, func(_ *walker, from, to int) {
		var slab []uint32
		for c := from; c < to; c++ {
			f := s.topology.flats.lists[c].Load()
			if f == nil {
				continue
			}
			slab = slices.Grow(slab, len(f.rows))
			first := len(slab)
			for _, row := range f.rows {
				if targets.Has(row) {
					slab = append(slab, row)
				}
			}
			lists[c] = slab[first:len(slab):len(slab)]
		}
	})
}

// listsOf finds the lists of the components that row holds; false as walker.merge says.
func (c *counter) listsOf(s *Snapshot, row uint32, own []uint32) bool {
	c.some = c.some[:0]
	sum, largest := 0, 0
	for _, to := range own {
		component := s.topology.of[to]
		if component == none {
			continue
		}
		list := c.lists[component]
		if list == nil {
			return false
		}
		c.some = append(c.some, list)
		sum, largest = sum+len(list), max(largest, len(list))
	}
	return s.topology.of[row] == none && sum <= 8*largest+1024
}

// addTargets is add for rows all of which count.
func (c *counter) addTargets(rows []uint32) (n int) {
	seen, stamp := c.seen, c.stamp
	for _, to := range rows {
		if seen[to] != stamp {
			n++
		}
		seen[to] = stamp
	}
	return n
}

// add marks rows and says how many of them were not marked and count.
func (c *counter) add(rows []uint32) (n int) {
	if c.targets == nil {
		return c.addTargets(rows)
	}
	seen, stamp := c.seen, c.stamp
	for _, to := range rows {
		if seen[to] != stamp && c.targets.Has(to) {
			n++
		}
		seen[to] = stamp
	}
	return n
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
