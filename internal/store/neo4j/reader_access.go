package neo4j

import (
	"context"
	"slices"

	"github.com/accessgraph/accessgraph/cypher/compile"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// missingKey stands for a missing name in statements: it sorts after every key.
const missingKey = "~"

func keyOrLast(key string) string {
	if key == "" {
		return missingKey
	}
	return key
}

// Effective implements query.Reader: one statement selects the pages of all ids with their
// entities, and describes the pairs on them or leaves that to a second one.
func (r *cypherReader) Effective(ctx context.Context, q query.EffectiveQuery) (out []query.AccessPage, err error) {
	limit := pageLimit(q.Page)
	eq := compile.Effective{
		Of: q.Of, Direction: q.Direction, Direct: q.Direct, Permission: q.Permission, ThroughIdentities: q.ThroughIdentities,
		Limit: limit + 1, Total: q.Page.WithTotal, NoProviders: q.NoProviders,
	}
	if q.Page.After != "" {
		p, err := query.DecodeAccessCursor("after", q.Page.After)
		if err != nil {
			return nil, err
		}
		eq.After = &compile.Position{Values: []any{p.NameKey}, ID: p.ID}
	}
	if len(q.Of) == 0 {
		return nil, nil
	}
	node := q.Filter.Tree(r.now)
	err = r.answer(ctx, func(a *asking) error {
		c, err := a.compiler(ctx, node)
		if err != nil {
			return err
		}
		eq.Other = c.Condition(node, false)
		found, err := a.ask(ctx, c.Effective(eq), compile.EffectiveRows)
		if err != nil {
			return err
		}
		out = make([]query.AccessPage, len(q.Of))
		for i := range out {
			out[i].Total = -1
			if q.Page.WithTotal {
				out[i].Total = 0
			}
		}
		pages, want := make([][]string, len(q.Of)), map[query.Pair]*described{}
		for _, f := range found.rows {
			at := asInt(f[0])
			page, _ := f[1].([]any)
			out[at].PageInfo = query.PageInfo{HasPrevious: asBool(f[2]), HasNext: len(page) > limit, Total: int(asInt(f[3]))}
			for _, item := range page[:min(len(page), limit)] {
				list, _ := item.([]any)
				id := asText(list[0])
				pages[at] = append(pages[at], id)
				if eq.Describes() {
					want[pairOf(q.Direction, q.Of[at], id)] = describedBy(list)
				}
			}
		}
		if !eq.Describes() {
			if err := a.describe(ctx, q, pages, want); err != nil {
				return err
			}
		}
		for i, page := range pages {
			for _, other := range page {
				e := found.entities[other]
				if e == nil {
					return errChanged
				}
				out[i].Edges = append(out[i].Edges, want[pairOf(q.Direction, q.Of[i], other)].edge(e))
			}
		}
		return nil
	})
	return out, err
}

// described is what is known of a pair.
type described struct {
	direct      bool
	permissions []access.Permission
	providers   []query.AccessPosition
}

// describedBy reads what Effective says of a pair after the other end's id.
func describedBy(item []any) *described {
	d := &described{direct: asBool(item[1]), permissions: permissionsOf(item[2])}
	if len(item) < 4 {
		return d
	}
	providers, _ := item[3].([]any)
	for _, p := range providers {
		if pair, ok := p.([]any); ok && len(pair) == 2 {
			d.providers = append(d.providers, query.AccessPosition{NameKey: asText(pair[0]), ID: asText(pair[1])})
		}
	}
	return d
}

// describe asks what the pairs on pages consist of.
func (a *asking) describe(ctx context.Context, q query.EffectiveQuery, pages [][]string, want map[query.Pair]*described) error {
	var pairs []compile.SourceTargets
	at := map[string]int{} // source → place in pairs
	for i, page := range pages {
		for _, other := range page {
			pair := pairOf(q.Direction, q.Of[i], other)
			if want[pair] != nil {
				continue
			}
			want[pair] = &described{}
			n, seen := at[pair.From]
			if !seen {
				n = len(pairs)
				at[pair.From] = n
				pairs = append(pairs, compile.SourceTargets{Source: pair.From})
			}
			pairs[n].Targets = append(pairs[n].Targets, pair.To)
		}
	}
	if len(pairs) == 0 {
		return nil
	}
	found, err := a.ask(ctx, compile.New(a.now, nil).Access(pairs, q.ThroughIdentities), compile.AccessRows)
	if err != nil {
		return err
	}
	for _, f := range found.rows {
		source, holder := asText(f[0]), asText(f[2])
		d := want[query.Pair{From: source, To: asText(f[1])}]
		if d == nil {
			continue
		}
		d.permissions = append(d.permissions, permissionsOf(f[4])...)
		if holder == source {
			d.direct = true
		} else if !q.NoProviders {
			d.providers = append(d.providers, query.AccessPosition{NameKey: asText(f[3]), ID: holder})
		}
	}
	return nil
}

func pairOf(d filter.Direction, x, other string) query.Pair {
	if d == filter.AccessibleBy {
		return query.Pair{From: other, To: x}
	}
	return query.Pair{From: x, To: other}
}

func (d *described) edge(e *access.Entity) query.Access {
	slices.SortFunc(d.providers, query.AccessPosition.Compare)
	edge := query.Access{
		Cursor: query.EncodeAccessCursor(query.AccessPosition{NameKey: access.SortKey(e.Name), ID: e.ID}),
		Entity: e, Direct: d.direct,
		Permissions: query.DistinctPermissions(slices.Clone(d.permissions)),
	}
	d.providers = slices.Compact(d.providers) // several edges may share d
	for _, p := range d.providers {
		edge.Providers = append(edge.Providers, p.ID)
	}
	return edge
}

// Chains implements query.Reader: one statement fetches what lies between the ends of each
// pair; the chains are then enumerated here, as for every engine.
func (r *cypherReader) Chains(ctx context.Context, q query.ChainQuery) (out []query.Chains, err error) {
	if len(q.Pairs) == 0 {
		return nil, nil
	}
	pairs := make([]compile.PairOf, len(q.Pairs))
	for i, p := range q.Pairs {
		pairs[i] = compile.PairOf{From: p.From, To: p.To}
	}
	var hops [][]query.Hop
	var passable []map[string]bool
	err = r.answer(ctx, func(a *asking) error {
		found, err := a.ask(ctx, compile.New(a.now, nil).Hops(pairs, q.ThroughIdentities), compile.HopRows)
		if err != nil {
			return err
		}
		hops, passable = make([][]query.Hop, len(pairs)), make([]map[string]bool, len(pairs))
		for _, f := range found.rows {
			at, to := asInt(f[0]), asText(f[2])
			if passable[at] == nil {
				passable[at] = map[string]bool{}
			}
			passable[at][to] = asBool(f[3])
			hops[at] = append(hops[at], query.Hop{From: asText(f[1]), To: to, Permissions: permissionsOf(f[4])})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out = make([]query.Chains, len(pairs))
	for i, p := range q.Pairs {
		through := func(id string) bool { return passable[i][id] }
		if out[i], err = query.EnumerateChains(ctx, p, hops[i], through, q.MaxDepth, q.First); err != nil {
			return nil, r.store.explain(ctx, err)
		}
	}
	return out, nil
}
