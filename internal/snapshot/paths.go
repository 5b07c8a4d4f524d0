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

// chains cuts out the rows between the two ends and hands them to the enumerator that
// both engines share.
func (s *Snapshot) chains(ctx context.Context, from, to uint32, q query.ChainQuery) (query.Chains, error) {
	rows := s.between(from, to, q.ThroughIdentities)
	if rows == nil {
		return query.Chains{}, nil
	}
	number := make(map[uint32]int32, len(rows))
	for i, row := range rows {
		number[row] = int32(i) //nolint:gosec // fewer than 2^31 rows
	}
	g := query.ChainGraph{Source: number[from], Target: number[to], Through: make([]bool, len(rows)), Next: make([][]int32, len(rows))}
	for i, row := range rows {
		g.Through[i] = s.kind[row] == kindConnection || q.ThroughIdentities && s.kind[row] == kindIdentity
		for _, next := range s.to.Of(row) {
			if n, ok := number[next]; ok {
				g.Next[i] = append(g.Next[i], n)
			}
		}
		slices.Sort(g.Next[i])
	}
	paths, truncated, err := g.Enumerate(ctx, q.MaxDepth, q.First)
	if err != nil {
		return query.Chains{}, err
	}
	out := query.Chains{Truncated: truncated, Chains: make([]query.Chain, len(paths))}
	for i, path := range paths {
		chain := query.Chain{Nodes: make([]string, len(path)), Hops: make([][]access.Permission, len(path)-1)}
		for j, n := range path {
			chain.Nodes[j] = s.ids[rows[n]]
			if j > 0 {
				chain.Hops[j-1] = s.permissions(rows[path[j-1]], rows[n])
			}
		}
		out.Chains[i] = chain
	}
	return out, nil
}

// between returns the two ends and the rows that chains from one to the other can pass
// through, in the order of ids; nil when there is no chain.
func (s *Snapshot) between(from, to uint32, throughIdentities bool) []uint32 {
	ahead, behind := s.walker(), s.walker()
	defer s.done(ahead)
	defer s.done(behind)
	ahead.identities, behind.identities = throughIdentities, throughIdentities
	ahead.hold([]uint32{from}, nil)
	var rows []uint32
	leads := false
	for _, row := range behind.reachedBy([]uint32{to}, nil, nil) {
		if ahead.held[row] == ahead.stamp {
			rows = append(rows, row)
			leads = leads || row == from
		}
	}
	if !leads {
		return nil
	}
	rows = append(rows, to)
	slices.SortFunc(rows, func(x, y uint32) int { return int(s.idPos[x]) - int(s.idPos[y]) })
	return slices.Compact(rows)
}

// permissions are those of the counting grants of a pair, sorted; shared, not to be changed.
func (s *Snapshot) permissions(from, to uint32) []access.Permission {
	bundle, ok := s.to.give(from, to)
	if !ok {
		return nil
	}
	return (*s.bundles.all.Load())[bundle].list
}
