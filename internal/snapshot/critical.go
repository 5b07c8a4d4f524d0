package snapshot

import (
	"cmp"
	"context"
	"encoding/binary"
	"hash/maphash"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/snapshot/dominator"
)

// critical counts, for every pair of the graph, the access that depends on it.
type critical struct {
	s          *Snapshot
	targets    Bits // nil = all
	identities bool
	offsets    []uint32 // row → place of its first pair
	// By pair, in the order of rows, added to atomically. What is lost by a pair whose target
	// is not passed through is that target alone: affected says it.
	lost     []uint64
	affected []uint32
	pairs    atomic.Int64
}

// Critical implements query.Explainer. What is lost without a pair of entities is, for each
// identity, what the pair dominates in the graph of what it reaches: the dominator tree
// of the holders, with the other targets hung below the nearest common dominator of those
// who grant them, tells it for all pairs at once. Identities with equal grants that nothing
// leads to are worked on once. A pair with several grants does not depend on any of them.
//
// O(P log P) for an identity whose holders have P pairs, in parallel over identities; 12
// bytes a pair of the graph.
func (r *reader) Critical(ctx context.Context, q query.CriticalQuery) (query.Critical, error) {
	s := r.s
	who, err := s.Select(ctx, q.Identities, "", r.now)
	if err != nil {
		return query.Critical{}, err
	}
	who.And(s.live)
	who.And(s.types[kindIdentity])
	c := critical{s: s, identities: q.ThroughIdentities, offsets: make([]uint32, s.n+1)}
	if q.Targets != nil {
		if c.targets, err = s.Select(ctx, q.Targets, "", r.now); err != nil {
			return query.Critical{}, err
		}
	}
	for row := range uint32(s.n) { //nolint:gosec // fewer than 2^32 rows
		c.offsets[row+1] = c.offsets[row] + uint32(len(s.to.Of(row))) //nolint:gosec // fewer than 2^32 pairs
	}
	c.lost, c.affected = make([]uint64, c.offsets[s.n]), make([]uint32, c.offsets[s.n])
	groups := s.alike(who)
	pool := sync.Pool{New: func() any {
		return &criticalWorker{critical: &c, r: s.region(c.identities), ends: make([]end, s.n)}
	}}
	const piece = 64 // groups
	work := func(ctx context.Context, n int) int {
		w := pool.Get().(*criticalWorker) //nolint:forcetypeassert // holds nothing else
		defer pool.Put(w)
		some := groups[n*piece : min((n+1)*piece, len(groups))]
		for _, group := range some {
			if ctx.Err() == nil {
				w.count(group)
			}
		}
		return len(some)
	}
	done := 0
	err = ordered(ctx, (len(groups)+piece-1)/piece, work, func(n int) bool {
		if done += n; q.Progress != nil {
			q.Progress(done, len(groups))
		}
		return true
	})
	if err != nil {
		return query.Critical{}, err
	}
	return c.result(ctx, q.First)
}

// alike groups rows that hold grants on the same rows and that nothing leads to; others
// stand alone. Those that hold nothing are left out.
func (s *Snapshot) alike(rows Bits) [][]uint32 {
	var groups [][]uint32
	seed := maphash.MakeSeed()
	byHash := map[uint64][]int{}
	var text []byte
next:
	for row := range rows.Rows {
		list := s.to.Of(row)
		if len(list) == 0 {
			continue
		}
		if len(s.from.Of(row)) > 0 {
			groups = append(groups, []uint32{row})
			continue
		}
		text = text[:0]
		for _, to := range list {
			text = binary.LittleEndian.AppendUint32(text, to)
		}
		h := maphash.Bytes(seed, text)
		for _, g := range byHash[h] {
			if slices.Equal(list, s.to.Of(groups[g][0])) {
				groups[g] = append(groups[g], row)
				continue next
			}
		}
		byHash[h] = append(byHash[h], len(groups))
		groups = append(groups, []uint32{row})
	}
	return groups
}

// result ranks the pairs whose access depends on one grant.
func (c *critical) result(ctx context.Context, first int) (query.Critical, error) {
	s := c.s
	type loss struct {
		lost     uint64
		from, to uint32
		pair     uint32
	}
	var all []loss
	for row := range uint32(s.n) { //nolint:gosec // fewer than 2^32 rows
		for i, to := range s.to.Of(row) {
			pair := c.offsets[row] + uint32(i) //nolint:gosec // an index
			if c.affected[pair] > 0 && s.grantCount(row, to) == 1 {
				all = append(all, loss{max(c.lost[pair], uint64(c.affected[pair])), row, to, pair})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b loss) int { return cmp.Compare(b.lost, a.lost) })
	if first <= 0 {
		first = query.DefaultFirst
	}
	out := query.Critical{Total: len(all), Pairs: c.pairs.Load()}
	for _, l := range all[:min(first, len(all))] {
		out.Grants = append(out.Grants, query.CriticalGrant{
			Grant: s.countingGrants(l.from, l.to, nil)[0], Lost: int64(l.lost), Identities: int(c.affected[l.pair]), //nolint:gosec // counts
		})
	}
	return out, ctx.Err()
}

// end is how a target is reached that is not passed through: the node that dominates it
// + 1, below 0 when several grant it, and the pair of the only one.
type end struct {
	by   int32
	pair uint32
}

// criticalWorker is the scratch of one goroutine.
type criticalWorker struct {
	*critical
	r      *region
	tree   dominator.Tree
	pairs  []uint32 // by arc of the region
	ends   []end    // by row, of targets that are not passed through
	leaves []uint32 // those that were found
	// By node of the region.
	below   []uint64 // targets that it dominates
	size    []int32  // nodes in its part of the tree
	begin   []int32  // its place in an order of the tree, where each part stands together
	free    []int32
	outside []int32  // arcs to it from what it does not dominate
	entry   []uint32 // the last of their pairs
}

// count adds what the identities of a group, which hold grants on the same rows, would lose.
func (w *criticalWorker) count(group []uint32) {
	w.explore(group[0])
	w.tree.Build(w.r.starts, w.r.next)
	n := len(w.r.rows)
	w.below, w.size = grow(w.below, n), grow(w.size, n)
	for v, row := range w.r.rows {
		w.below[v], w.size[v] = 0, 1
		if v > 0 && w.wanted(row) {
			w.below[v] = 1
		}
	}
	w.hang(group)
	w.number()
	reached := w.below[0]
	w.critical.pairs.Add(int64(reached) * int64(len(group))) //nolint:gosec // a count
	w.outside, w.entry = grow(w.outside, n), grow(w.entry, n)
	clear(w.outside)
	for v := range int32(n) { //nolint:gosec // fewer than 2^31 rows
		for i := w.r.starts[v]; i < w.r.starts[v+1]; i++ {
			to := w.r.next[i]
			if b := w.begin[v] - w.begin[to]; b < 0 || b >= w.size[to] {
				w.outside[to]++
				w.entry[to] = w.pairs[i]
			}
		}
	}
	for v := 1; v < n; v++ {
		if w.outside[v] == 1 && w.below[v] > 0 {
			w.add(group, w.tree.Up[v], w.entry[v], w.below[v])
		}
	}
}

func (w *criticalWorker) wanted(row uint32) bool { return w.targets == nil || w.targets.Has(row) }

// explore finds the holders of an identity.
func (w *criticalWorker) explore(from uint32) {
	r := w.r
	r.forget()
	w.pairs = w.pairs[:0]
	r.enter(from)
	r.starts = append(r.starts, 0)
	for v := 0; v < len(r.rows); v++ {
		holder := r.rows[v]
		for i, row := range w.s.to.Of(holder) {
			if row != holder && r.passes(row) {
				r.next = append(r.next, r.enter(row))
				w.pairs = append(w.pairs, w.offsets[holder]+uint32(i)) //nolint:gosec // an index
			}
		}
		r.starts = append(r.starts, int32(len(r.next))) //nolint:gosec // fewer than 2^31 pairs
	}
}

// hang finds the dominators of the targets that are not passed through.
func (w *criticalWorker) hang(group []uint32) {
	from := group[0]
	for v, holder := range w.r.rows {
		node := int32(v) //nolint:gosec // an index
		for i, row := range w.s.to.Of(holder) {
			if w.r.passes(row) || row == from || !w.wanted(row) {
				continue
			}
			e := &w.ends[row]
			if e.by != 0 {
				e.by = -w.tree.Common(max(e.by, -e.by)-1, node) - 1
				continue
			}
			e.by, e.pair = node+1, w.offsets[holder]+uint32(i) //nolint:gosec // an index
			w.leaves = append(w.leaves, row)
		}
	}
	for _, row := range w.leaves {
		e := w.ends[row]
		w.ends[row].by = 0
		if e.by > 0 {
			w.add(group, e.by-1, e.pair, 0)
		}
		w.below[max(e.by, -e.by)-1]++
	}
	w.leaves = w.leaves[:0]
}

// number sums up the parts of the tree and numbers the nodes so that each part stands
// together.
func (w *criticalWorker) number() {
	n, order, up := len(w.r.rows), w.tree.Order, w.tree.Up
	for p := n - 1; p > 0; p-- {
		v := order[p]
		w.below[up[v]] += w.below[v]
		w.size[up[v]] += w.size[v]
	}
	w.begin, w.free = grow(w.begin, n), grow(w.free, n)
	w.begin[0], w.free[0] = 0, 1
	for _, v := range order[1:] {
		w.begin[v] = w.free[up[v]]
		w.free[up[v]] += w.size[v]
		w.free[v] = w.begin[v] + 1
	}
}

// add counts a loss for every identity of the group; 0 of a target that is not passed
// through.
func (w *criticalWorker) add(group []uint32, node int32, pair uint32, lost uint64) {
	if node > 0 {
		atomic.AddUint32(&w.affected[pair], uint32(len(group))) //nolint:gosec // a count
		if lost > 0 {
			atomic.AddUint64(&w.lost[pair], lost*uint64(len(group)))
		}
		return
	}
	for _, row := range group { // each has a pair of its own
		own := w.offsets[row] + pair - w.offsets[group[0]]
		atomic.AddUint32(&w.affected[own], 1)
		if lost > 0 {
			atomic.AddUint64(&w.lost[own], lost)
		}
	}
}
