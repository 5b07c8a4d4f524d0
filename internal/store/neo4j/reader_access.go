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

// Effective implements query.Reader: one statement selects the pages of all ids, one
// describes the pairs on them.
func (r *cypherReader) Effective(ctx context.Context, q query.EffectiveQuery) (out []query.AccessPage, err error) {
	limit := pageLimit(q.Page)
	eq := compile.Effective{
		Of: q.Of, Direction: q.Direction, Direct: q.Direct, Permission: q.Permission, ThroughIdentities: q.ThroughIdentities,
		Limit: limit + 1, Total: q.Page.WithTotal,
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
		found, err := a.compiled(ctx, c.Effective(eq))
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
		pages := make([][]string, len(q.Of))
		for _, f := range found {
			at, ids := f.int("at"), f.texts("page")
			info := query.PageInfo{HasPrevious: f.bool("lower"), HasNext: len(ids) > limit, Total: int(f.int("total"))}
			out[at].PageInfo, pages[at] = info, ids[:min(len(ids), limit)]
		}
		return a.describe(ctx, q, pages, out)
	})
	return out, err
}

// described is what is known of a pair.
type described struct {
	direct      bool
	permissions []access.Permission
	providers   []query.AccessPosition
}

// describe fills the edges of out for the other ends in pages.
func (a *asking) describe(ctx context.Context, q query.EffectiveQuery, pages [][]string, out []query.AccessPage) error {
	var pairs []compile.SourceTargets
	var others []string
	at := map[string]int{} // source → place in pairs
	want := map[query.Pair]*described{}
	for i, page := range pages {
		others = append(others, page...)
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
	found, err := a.compiled(ctx, compile.New(a.now, nil).Access(pairs, q.ThroughIdentities))
	if err != nil {
		return err
	}
	for _, f := range found {
		d := want[query.Pair{From: f.text("source"), To: f.text("target")}]
		if d == nil {
			continue
		}
		d.permissions = append(d.permissions, permissionsOf(f.any("permissions"))...)
		if holder := f.text("holder"); holder == f.text("source") {
			d.direct = true
		} else {
			d.providers = append(d.providers, query.AccessPosition{NameKey: f.text("key"), ID: holder})
		}
	}
	entities, err := a.entities(ctx, others)
	if err != nil {
		return err
	}
	for i, page := range pages {
		for _, other := range page {
			if e := entities[other]; e != nil {
				out[i].Edges = append(out[i].Edges, want[pairOf(q.Direction, q.Of[i], other)].edge(e))
			}
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
	edge := query.Access{
		Cursor: query.EncodeAccessCursor(query.AccessPosition{NameKey: access.SortKey(e.Name), ID: e.ID}),
		Entity: e, Direct: d.direct,
		Permissions: query.DistinctPermissions(slices.Clone(d.permissions)),
	}
	slices.SortFunc(d.providers, query.AccessPosition.Compare)
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
		found, err := a.compiled(ctx, compile.New(a.now, nil).Hops(pairs, q.ThroughIdentities))
		if err != nil {
			return err
		}
		hops, passable = make([][]query.Hop, len(pairs)), make([]map[string]bool, len(pairs))
		for _, f := range found {
			at, to := f.int("at"), f.text("to")
			if passable[at] == nil {
				passable[at] = map[string]bool{}
			}
			passable[at][to] = f.bool("through")
			hops[at] = append(hops[at], query.Hop{From: f.text("from"), To: to, Permissions: permissionsOf(f.any("permissions"))})
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
