package querytest

import (
	"context"
	"sort"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

var _ query.Explainer = (*Oracle)(nil)

// live are the counting grants that exist, in the order of names: source, target,
// permission, scope.
func (o *Oracle) live() []access.Grant {
	var out []access.Grant
	for _, g := range o.w.Grants {
		if g.Counts && g.To.IsZero() && o.g.entities[g.Source] != nil && o.g.entities[g.Target] != nil {
			out = append(out, g)
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		switch {
		case a.Source != b.Source:
			return o.g.nameLess(a.Source, b.Source)
		case a.Target != b.Target:
			return o.g.nameLess(a.Target, b.Target)
		}
		return lessText([]string{a.Permission, a.Scope, a.Value}, []string{b.Permission, b.Scope, b.Value})
	})
	return out
}

// with is the graph of some grants.
func (o *Oracle) with(grants []access.Grant) *graph {
	g := &graph{entities: o.g.entities, ids: o.g.ids, hops: map[hop][]access.Permission{}}
	for _, x := range grants {
		h := hop{x.Source, x.Target}
		g.hops[h] = append(g.hops[h], access.Permission{Name: x.Permission, Value: x.Value})
	}
	return g
}

// reaches: x has an effective permission that matches on t.
func (g *graph) reaches(x, t string, m *filter.StringMatch, through bool) bool {
	for _, p := range g.effective(x, t, through) {
		if !says(m) || text(m, false, []string{p.Name}) {
			return true
		}
	}
	return false
}

// gained are the targets that x reaches in after and not in g, in the order of names.
func (g *graph) gained(after *graph, x string, through bool) []string {
	before := g.reach(x, through)
	var out []string
	for t := range after.reach(x, through) {
		if !before[t] {
			out = append(out, t)
		}
	}
	sort.Slice(out, func(i, j int) bool { return g.nameLess(out[i], out[j]) })
	return out
}

func (o *Oracle) named(f *filter.Filter, only access.EntityType) []string {
	var out []string
	for _, e := range o.population(f, "") {
		if !e.Removed() && (only == "" || e.Type == only) {
			out = append(out, e.ID)
		}
	}
	sort.Slice(out, func(i, j int) bool { return o.g.nameLess(out[i], out[j]) })
	return out
}

// Shortest implements query.Explainer.
func (o *Oracle) Shortest(_ context.Context, q query.ShortestQuery, yield func(query.Chain) error) (query.Yielded, error) {
	var out query.Yielded
	for _, x := range o.named(q.From, "") {
		for _, t := range o.named(q.To, "") {
			all := o.g.chains(x, t, len(o.g.ids)+1, q.ThroughIdentities)
			if len(all) == 0 {
				continue
			}
			if q.Limit > 0 && out.Count == q.Limit {
				out.Truncated = true
				return out, nil
			}
			if err := yield(o.g.chain(all[0])); err != nil {
				return out, err
			}
			out.Count++
		}
	}
	return out, nil
}

func (g *graph) chain(nodes []string) query.Chain {
	c := query.Chain{Nodes: nodes}
	for k := 0; k+1 < len(nodes); k++ {
		c.Hops = append(c.Hops, distinct(g.hops[hop{nodes[k], nodes[k+1]}]))
	}
	return c
}

// Joining implements query.Explainer.
func (o *Oracle) Joining(_ context.Context, q query.JoinQuery) ([]query.Gain, error) {
	if e := o.g.entities[q.Group]; e != nil && !o.g.passable(q.Group, q.ThroughIdentities) {
		return nil, access.Invalid("group", "is no connection")
	}
	var out []query.Gain
	for _, x := range q.Of {
		gain := query.Gain{Of: x}
		if o.g.entities[x] != nil && o.g.entities[q.Group] != nil && x != q.Group {
			gain.Member = o.g.holders(x, q.ThroughIdentities)[q.Group]
			after := o.with(append(o.live(), access.Grant{Source: x, Target: q.Group}))
			gain.Targets = o.g.gained(after, x, q.ThroughIdentities)
			gain.Count = len(gain.Targets)
			gain.Targets = gain.Targets[:min(q.First, gain.Count)]
		}
		out = append(out, gain)
	}
	return out, nil
}

// Newcomers implements query.Explainer.
func (o *Oracle) Newcomers(_ context.Context, q query.NewcomerQuery) (query.Newcomers, error) {
	var out query.Newcomers
	if e := o.g.entities[q.Group]; e != nil && !o.g.passable(q.Group, q.ThroughIdentities) {
		return out, access.Invalid("group", "is no connection")
	}
	only := access.Identity
	if q.Who != nil {
		only = ""
	}
	for _, x := range o.named(q.Who, only) {
		if x == q.Group || o.g.entities[q.Group] == nil || o.g.entities[q.Target] == nil || o.g.reaches(x, q.Target, q.Permission, q.ThroughIdentities) {
			continue
		}
		after := o.with(append(o.live(), access.Grant{Source: x, Target: q.Group, Permission: "\x00member"}))
		if after.reaches(x, q.Target, q.Permission, q.ThroughIdentities) {
			out.Count++
			if out.Count <= q.First {
				out.Who = append(out.Who, x)
			}
		}
	}
	return out, nil
}

// Critical implements query.Explainer: it takes away each grant and counts again.
func (o *Oracle) Critical(_ context.Context, q query.CriticalQuery) (query.Critical, error) {
	who, to := o.named(q.Identities, access.Identity), map[string]bool{}
	for _, t := range o.named(q.Targets, "") {
		to[t] = true
	}
	counts := func(g *graph) map[string]int {
		out := map[string]int{}
		for _, x := range who {
			for t := range g.reach(x, q.ThroughIdentities) {
				if to[t] {
					out[x]++
				}
			}
		}
		return out
	}
	before := counts(o.g)
	var out query.Critical
	for _, n := range before {
		out.Pairs += int64(n)
	}
	grants := o.live()
	for i, g := range grants {
		after := counts(o.with(append(append([]access.Grant{}, grants[:i]...), grants[i+1:]...)))
		c := query.CriticalGrant{Grant: g}
		for x, n := range before {
			if after[x] < n {
				c.Identities++
				c.Lost += int64(n - after[x])
			}
		}
		if c.Lost > 0 {
			out.Total++
			out.Grants = append(out.Grants, c)
		}
	}
	sort.SliceStable(out.Grants, func(i, j int) bool { return out.Grants[i].Lost > out.Grants[j].Lost })
	out.Grants = out.Grants[:min(q.First, len(out.Grants))]
	return out, nil
}
