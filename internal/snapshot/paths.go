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
// enumerator that both engines share, unless the search itself shows all that is asked for.
func (s *Snapshot) chains(ctx context.Context, from, to uint32, q query.ChainQuery) (query.Chains, error) {
	r := s.region(q.ThroughIdentities)
	defer r.release()
	r.survey(from, to)
	if len(r.ends) == 0 {
		return query.Chains{}, nil
	}
	path, others := r.first(q.MaxDepth)
	switch {
	case path == nil:
		return query.Chains{Truncated: true}, nil
	case others == noOthers, others == someOthers && q.First == 1:
		return query.Chains{Chains: []query.Chain{s.chain(append(path, to))}, Truncated: others == someOthers}, nil
	}
	r.link()
	r.find()
	g, rows := r.between(to)
	paths, truncated, err := g.Enumerate(ctx, q.MaxDepth, q.First)
	if err != nil {
		return query.Chains{}, err
	}
	out := query.Chains{Truncated: truncated, Chains: make([]query.Chain, len(paths))}
	for i, nodes := range paths {
		path = path[:0]
		for _, n := range nodes {
			path = append(path, rows[n])
		}
		out.Chains[i] = s.chain(path)
	}
	return out, nil
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
