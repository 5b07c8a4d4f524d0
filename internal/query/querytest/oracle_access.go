package querytest

import (
	"context"
	"sort"
	"strconv"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// Neighbors implements query.Reader.
func (o *Oracle) Neighbors(_ context.Context, q query.NeighborQuery) ([]query.GrantPage, error) {
	everyone := map[string]*access.Entity{}
	for i := range o.w.Entities {
		everyone[o.w.Entities[i].ID] = &o.w.Entities[i]
	}
	var out []query.GrantPage
	for _, id := range q.Of {
		var list []access.Grant
		other := func(g access.Grant) string { return g.Target }
		if q.Direction == filter.AccessibleBy {
			other = func(g access.Grant) string { return g.Source }
		}
		for _, g := range o.w.Grants {
			mine := g.Source
			if q.Direction == filter.AccessibleBy {
				mine = g.Target
			}
			if mine == id && g.To.IsZero() != q.Ended {
				list = append(list, g)
			}
		}
		sort.Slice(list, func(i, j int) bool {
			a, b := list[i], list[j]
			return lessText([]string{access.SortKey(everyone[other(a)].Name), other(a), a.Permission, a.Scope, a.Value, a.From.UTC().Format("2006-01-02T15:04:05.000000")},
				[]string{access.SortKey(everyone[other(b)].Name), other(b), b.Permission, b.Scope, b.Value, b.From.UTC().Format("2006-01-02T15:04:05.000000")})
		})
		from, to, info := window(len(list), q.Page)
		page := query.GrantPage{PageInfo: info}
		for i := from; i < to; i++ {
			page.Grants = append(page.Grants, list[i])
			page.Cursors = append(page.Cursors, strconv.Itoa(i))
		}
		out = append(out, page)
	}
	return out, nil
}

func lessText(a, b []string) bool {
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

// Effective implements query.Reader.
func (o *Oracle) Effective(_ context.Context, q query.EffectiveQuery) ([]query.AccessPage, error) {
	var out []query.AccessPage
	for _, id := range q.Of {
		var others []string
		for _, other := range o.g.ids {
			source, target := id, other
			if q.Direction == filter.AccessibleBy {
				source, target = other, id
			}
			own := o.g.hops[hop{source, target}]
			pair := o.g.effective(source, target, q.ThroughIdentities)
			asked := pair
			if q.Direct {
				asked = own
			}
			if other == id || len(asked) == 0 || o.g.entities[id] == nil {
				continue
			}
			if says(q.Permission) && !text(q.Permission, false, names(asked)) {
				continue
			}
			if o.passes(o.g.entities[other], q.Filter) {
				others = append(others, other)
			}
		}
		sort.Slice(others, func(i, j int) bool { return o.g.nameLess(others[i], others[j]) })
		from, to, info := window(len(others), q.Page)
		page := query.AccessPage{PageInfo: info}
		for i := from; i < to; i++ {
			source, target := id, others[i]
			if q.Direction == filter.AccessibleBy {
				source, target = others[i], id
			}
			page.Edges = append(page.Edges, query.Access{
				Cursor: strconv.Itoa(i), Entity: o.g.entities[others[i]],
				Direct:      len(o.g.hops[hop{source, target}]) > 0,
				Permissions: o.g.effective(source, target, q.ThroughIdentities),
				Providers:   o.g.providers(source, target, q.ThroughIdentities),
			})
		}
		out = append(out, page)
	}
	return out, nil
}

// Chains implements query.Reader.
func (o *Oracle) Chains(_ context.Context, q query.ChainQuery) ([]query.Chains, error) {
	var out []query.Chains
	for _, p := range q.Pairs {
		all := o.g.chains(p.From, p.To, q.MaxDepth, q.ThroughIdentities)
		c := query.Chains{Truncated: len(all) > q.First || o.g.longer(p.From, p.To, q.MaxDepth, q.ThroughIdentities)}
		for i, nodes := range all {
			if i == q.First {
				break
			}
			chain := query.Chain{Nodes: nodes}
			for k := 0; k+1 < len(nodes); k++ {
				chain.Hops = append(chain.Hops, distinct(o.g.hops[hop{nodes[k], nodes[k+1]}]))
			}
			c.Chains = append(c.Chains, chain)
		}
		out = append(out, c)
	}
	return out, nil
}
