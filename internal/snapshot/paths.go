package snapshot

import (
	"context"
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
	if !r.prune() {
		return query.Chains{}, nil
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

// between shows a region with one source and one target as the enumerator wants it: rows
// in the order of ids.
func (r *region) between(target uint32) (query.ChainGraph, []uint32) {
	rows := slices.Clone(r.rows)
	if r.node(target) < 0 {
		rows = append(rows, target)
	}
	slices.SortFunc(rows, r.s.compareIDs)
	number := make([]int32, len(r.rows)) // node → place
	g := query.ChainGraph{Through: make([]bool, len(rows)), Next: make([][]int32, len(rows))}
	for i, row := range rows {
		place := int32(i) //nolint:gosec // an index
		g.Through[i] = r.passes(row)
		if v := r.node(row); v >= 0 {
			number[v] = place
		}
		if row == target {
			g.Target = place
		}
	}
	g.Source = number[0]
	all := make([]int32, 0, len(r.next)+len(r.ends))
	for v, e := 0, 0; v < len(r.rows); v++ {
		begin := len(all)
		for _, w := range r.next[r.starts[v]:r.starts[v+1]] {
			all = append(all, number[w])
		}
		for ; e < len(r.ends) && int(r.ends[e].node) == v; e++ {
			all = append(all, g.Target)
		}
		slices.Sort(all[begin:])
		own := slices.Compact(all[begin:]) // a target that is passed through is there twice
		all = all[:begin+len(own)]
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
