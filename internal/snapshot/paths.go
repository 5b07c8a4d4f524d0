package snapshot

import (
	"context"
	"math"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// Chains implements query.Reader.
func (r *reader) Chains(ctx context.Context, q query.ChainQuery) ([]query.Chains, error) {
	out := make([]query.Chains, len(q.Pairs))
	for i, pair := range q.Pairs {
		from, okFrom := r.s.liveRow(pair.From)
		to, okTo := r.s.liveRow(pair.To)
		if !okFrom || !okTo || from == to {
			continue
		}
		var err error
		if out[i], err = r.s.chains(ctx, from, to, q); err != nil {
			return nil, err
		}
	}
	return out, ctx.Err()
}

// chains cuts out the part of the graph between the two ends and hands it to the
// enumerator that both engines share.
func (s *Snapshot) chains(ctx context.Context, from, to uint32, q query.ChainQuery) (query.Chains, error) {
	r := s.region(q.ThroughIdentities)
	defer r.release()
	r.explore([]uint32{from}, targets{one: to}, &granted{})
	if !r.find() {
		return query.Chains{}, nil
	}
	if q.First == 1 {
		if nodes, more := r.shortest(q.MaxDepth); more {
			return query.Chains{Chains: []query.Chain{s.chain(append(nodes, to))}, Truncated: true}, nil
		}
	}
	g, rows := r.between(to)
	paths, truncated, err := g.Enumerate(ctx, q.MaxDepth, q.First)
	if err != nil {
		return query.Chains{}, err
	}
	out := query.Chains{Truncated: truncated, Chains: make([]query.Chain, len(paths))}
	var path []uint32
	for i, nodes := range paths {
		path = path[:0]
		for _, n := range nodes {
			path = append(path, rows[n])
		}
		out.Chains[i] = s.chain(path)
	}
	return out, nil
}

// shortest returns the rows of the shortest chain of a region with one source, all but the
// target, and whether it is easy to see that there may be others.
func (r *region) shortest(maxDepth int) (rows []uint32, more bool) {
	if int(r.hops[0]) > maxDepth {
		return nil, false
	}
	path := r.onward(0, nil, true)
	if !r.longer(maxDepth) && !r.branches(path, maxDepth) {
		return nil, false
	}
	for _, node := range path {
		rows = append(rows, r.rows[node])
	}
	return rows, true
}

// longer is what query.ChainGraph.Enumerate says of chains beyond maxDepth: whether a walk
// from the source goes on so long, and whether there are enough nodes for a chain.
func (r *region) longer(maxDepth int) bool {
	nodes := 0
	for _, alive := range r.alive {
		if alive {
			nodes++
		}
	}
	if nodes <= maxDepth {
		return false
	}
	seen := grow(r.back, len(r.rows)) // the last depth at which a node was come upon
	r.back = seen
	clear(seen)
	level, up := append(r.pending[:0], 0), []int32(nil)
	for depth := int32(1); int(depth) <= maxDepth && len(level) > 0; depth++ {
		up = up[:0]
		for _, v := range level {
			for _, w := range r.next[r.starts[v]:r.starts[v+1]] {
				if r.alive[w] && w > 0 && seen[w] != depth {
					seen[w] = depth
					up = append(up, w)
				}
			}
		}
		level, up = up, level
	}
	return len(level) > 0
}

// branches reports whether some chain leaves the shortest one and goes on by a shortest
// way that does not come upon it again before where it left.
func (r *region) branches(path []int32, maxDepth int) bool {
	for i, v := range path {
		for _, w := range r.next[r.starts[v]:r.starts[v+1]] {
			if !r.alive[w] || i+1+int(r.hops[w]) > maxDepth || slices.Contains(path[:i+1], w) || i+1 < len(path) && path[i+1] == w {
				continue
			}
			if r.onward(w, path[:i+1], false) != nil {
				return true
			}
		}
	}
	return false
}

// onward follows a shortest way from a node to the last hop; nil when it comes upon one to
// avoid. With first it is the first such way by ids.
func (r *region) onward(v int32, avoid []int32, first bool) []int32 {
	path := []int32{v}
	for r.hops[v] > 1 {
		best := int32(-1)
		for _, w := range r.next[r.starts[v]:r.starts[v+1]] {
			if r.alive[w] && r.hops[w] == r.hops[v]-1 && (best < 0 || first && r.s.compareIDs(r.rows[w], r.rows[best]) < 0) {
				best = w
			}
		}
		if v = best; slices.Contains(avoid, v) {
			return nil
		}
		path = append(path, v)
	}
	return path
}

// between shows what is alive of a region with one source and one target as the enumerator
// wants it: rows in the order of ids.
func (r *region) between(target uint32) (query.ChainGraph, []uint32) {
	s, n := r.s, len(r.rows)
	keys := r.keys[:0] // the place of the id, then the node
	for v, row := range r.rows {
		if r.alive[v] {
			keys = append(keys, uint64(s.idPos[row])<<32|uint64(v)) //nolint:gosec // an index
		}
	}
	if v := r.node(target); v < 0 || !r.alive[v] {
		keys = append(keys, uint64(s.idPos[target])<<32|uint64(n))
	}
	slices.Sort(keys)
	r.keys = keys
	rows := make([]uint32, len(keys))
	number := grow(r.back, n+1) // node → place
	r.back = number
	g := query.ChainGraph{Through: make([]bool, len(keys)), Next: make([][]int32, len(keys)), Pruned: true}
	for i, key := range keys {
		row, v := target, int(key&math.MaxUint32) //nolint:gosec // an index
		if v < n {
			row = r.rows[v]
		}
		rows[i], number[v], g.Through[i] = row, int32(i), r.passes(row) //nolint:gosec // an index
		if row == target {
			g.Target = int32(i) //nolint:gosec // an index
		}
	}
	g.Source = number[0]
	// Arcs are put together where there is room for all: their slices must stay good.
	all := grow(r.pending, len(r.next)+len(r.ends))[:0]
	r.pending = all
	e := 0
	for v := range n {
		if !r.alive[v] {
			continue // no end of chains either
		}
		begin := len(all)
		for _, w := range r.next[r.starts[v]:r.starts[v+1]] {
			if r.alive[w] {
				all = append(all, number[w])
			}
		}
		for ; e < len(r.ends) && int(r.ends[e].node) == v; e++ {
			all = append(all, g.Target)
		}
		own := all[begin:]
		if len(own) > 1 {
			slices.Sort(own)
			own = slices.Compact(own) // a target that is passed through is there twice
			all = all[:begin+len(own)]
		}
		g.Next[number[v]] = own[:len(own):len(own)]
	}
	return g, rows
}

// permissions are those of the counting grants of a pair, sorted; shared, not to be changed.
func (s *Snapshot) permissions(from, to uint32) []access.Permission {
	bundle, ok := s.to.give(from, to)
	if !ok {
		return nil
	}
	return (*s.bundles.all.Load())[bundle].list
}
