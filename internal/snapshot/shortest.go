package snapshot

import (
	"context"
	"slices"
	"sync"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// ChainTree holds the shortest chains from one row to all that it reaches: one breadth-first
// search answers for every target. It serves one goroutine; Release it after use.
type ChainTree struct {
	r      *region
	parent []int32  // node → node before it
	first  []uint32 // row → node of its provider + 1; all 0 when released
	found  []uint32
}

// ChainTree returns a tree to be grown.
func (s *Snapshot) ChainTree(throughIdentities bool) *ChainTree {
	return &ChainTree{r: s.region(throughIdentities), first: make([]uint32, s.n)}
}

// Release gives the tree's memory back.
func (t *ChainTree) Release() { t.r.release() }

// Grow finds the shortest chains from a row and returns what it reaches, itself excepted,
// in no order; the slice is good until the next call. Of several shortest chains it
// takes the first by the ids along it. O(pairs of the holders).
func (t *ChainTree) Grow(from uint32) []uint32 {
	for _, row := range t.found {
		t.first[row] = 0
	}
	t.found = t.found[:0]
	t.r.search(from, &t.parent, func(v int32, targets []uint32) bool {
		for _, row := range targets {
			if t.first[row] == 0 && row != from {
				t.first[row] = uint32(v) + 1 //nolint:gosec // not negative
				t.found = append(t.found, row)
			}
		}
		return true
	})
	return t.found
}

// Chain appends the rows of the chain to a row that Grow has returned: the source first, the
// target last.
func (t *ChainTree) Chain(to uint32, dst []uint32) []uint32 {
	return append(t.r.wayTo(int32(t.first[to])-1, t.parent, dst), to) //nolint:gosec // fewer than 2^31 rows
}

// search visits the holders of a row in the order of the length of the shortest chain to
// them, then of the ids along the first of these, until visit says no. The order comes
// about by itself: holders that are found from one at a time, sorted by id, stand behind one
// another as those that they were found from do.
func (r *region) search(from uint32, parent *[]int32, visit func(v int32, targets []uint32) bool) {
	r.forget()
	r.enter(from)
	up := append((*parent)[:0], -1)
	for v := 0; v < len(r.rows); v++ {
		targets := r.s.to.Of(r.rows[v])
		if !visit(int32(v), targets) { //nolint:gosec // an index
			break
		}
		begin := len(r.rows)
		for _, row := range targets {
			if r.passes(row) && r.slot[row] == 0 {
				r.enter(row)
			}
		}
		if found := r.rows[begin:]; len(found) > 0 {
			r.s.sortByID(found)
			for range found {
				up = append(up, int32(v)) //nolint:gosec // an index
			}
		}
	}
	*parent = up
}

// wayTo appends the rows from the root to a node.
func (r *region) wayTo(v int32, parent []int32, dst []uint32) []uint32 {
	begin := len(dst)
	for ; v >= 0; v = parent[v] {
		dst = append(dst, r.rows[v])
	}
	slices.Reverse(dst[begin:])
	return dst
}

// ShortestChain appends the rows of the shortest chain between two rows to dst, the first
// by ids of several; nothing when there is no access.
func (s *Snapshot) ShortestChain(from, to uint32, throughIdentities bool, dst []uint32) []uint32 {
	if from == to {
		return dst
	}
	r := s.region(throughIdentities)
	defer r.release()
	found := int32(-1)
	r.search(from, &r.back, func(v int32, targets []uint32) bool {
		if _, ok := slices.BinarySearch(targets, to); ok {
			found = v
		}
		return found < 0
	})
	if found < 0 {
		return dst
	}
	return append(r.wayTo(found, r.back, dst), to)
}

// chain shows rows as a chain.
func (s *Snapshot) chain(rows []uint32) query.Chain {
	c := query.Chain{Nodes: make([]string, len(rows)), Hops: make([][]access.Permission, len(rows)-1)}
	for i, row := range rows {
		c.Nodes[i] = s.ids[row]
		if i > 0 {
			c.Hops[i-1] = s.permissions(rows[i-1], row)
		}
	}
	return c
}

// Shortest implements query.Explainer. Sources are worked on in parallel: O(pairs of the
// holders) for each, and the lengths of the chains.
func (r *reader) Shortest(ctx context.Context, q query.ShortestQuery, yield func(query.Chain) error) (query.Yielded, error) {
	s := r.s
	from, err := s.Select(ctx, q.From, "", r.now)
	if err != nil {
		return query.Yielded{}, err
	}
	to, err := s.Select(ctx, q.To, "", r.now)
	if err != nil {
		return query.Yielded{}, err
	}
	from.And(s.live)
	sources := from.List()
	var out query.Yielded
	const piece = 16 // sources
	pool := sync.Pool{New: func() any { return s.ChainTree(q.ThroughIdentities) }}
	work := func(ctx context.Context, n int) []query.Chain {
		tree := pool.Get().(*ChainTree) //nolint:forcetypeassert // holds nothing else
		defer pool.Put(tree)
		var chains []query.Chain
		for _, source := range sources[n*piece : min((n+1)*piece, len(sources))] {
			if ctx.Err() != nil || q.Limit > 0 && len(chains) > q.Limit { // one more tells that there is more
				break
			}
			chains = tree.chains(source, to, chains)
		}
		return chains
	}
	done := 0
	var failed error
	err = ordered(ctx, (len(sources)+piece-1)/piece, work, func(chains []query.Chain) bool {
		for _, c := range chains {
			if q.Limit > 0 && out.Count == q.Limit {
				out.Truncated = true
				return false
			}
			if failed = yield(c); failed != nil {
				return false
			}
			out.Count++
		}
		if done += piece; q.Progress != nil {
			q.Progress(min(done, len(sources)), len(sources))
		}
		return true
	})
	if failed != nil {
		err = failed
	}
	return out, err
}

// chains appends the chains to the targets in a set, in the order of rows.
func (t *ChainTree) chains(from uint32, to Bits, dst []query.Chain) []query.Chain {
	var targets []uint32
	for _, row := range t.Grow(from) {
		if to.Has(row) {
			targets = append(targets, row)
		}
	}
	slices.Sort(targets)
	var path []uint32
	for _, row := range targets {
		path = t.Chain(row, path[:0])
		dst = append(dst, t.r.s.chain(path))
	}
	return dst
}
