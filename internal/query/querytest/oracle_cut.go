package querytest

import (
	"context"
	"math"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// Cut implements query.Explainer without the proof: it tries every set of grants, so that
// only worlds of a dozen grants are for it.
func (o *Oracle) Cut(_ context.Context, q query.CutQuery) (query.Cut, error) {
	grants := o.live()
	if q.FromFilter != nil {
		q.From = append(o.named(q.FromFilter, ""), q.From...)
	}
	if q.ToFilter != nil {
		q.To = append(o.named(q.ToFilter, ""), q.To...)
	}
	reached := func(g *graph) bool {
		for _, x := range q.From {
			for _, t := range q.To {
				if o.g.entities[x] != nil && o.g.entities[t] != nil && g.reaches(x, t, q.Permission, q.ThroughIdentities) {
					return true
				}
			}
		}
		return false
	}
	// side is what the sources still hold, or what still leads to the targets, of what is
	// on some way from a source to a target.
	side := func(g *graph) map[string]bool {
		out := map[string]bool{}
		for _, v := range o.g.ids {
			from, leads := false, false
			for _, x := range q.From {
				from = from || o.g.entities[x] != nil && o.g.holders(x, q.ThroughIdentities)[v]
			}
			for _, t := range q.To {
				leads = leads || o.g.entities[t] != nil && leadsTo(o.g, v, t, q)
			}
			if !from || !leads {
				continue
			}
			for _, x := range q.From {
				if !q.NearTarget && o.g.entities[x] != nil && g.holders(x, q.ThroughIdentities)[v] {
					out[v] = true
				}
			}
			for _, t := range q.To {
				if q.NearTarget && o.g.entities[t] != nil && leadsTo(g, v, t, q) {
					out[v] = true
				}
			}
		}
		return out
	}
	best := query.Cut{Weight: math.MaxInt64, Impossible: true}
	var bestSide map[string]bool
	for set := range uint(1) << len(grants) {
		weight, kept := int64(0), []access.Grant(nil)
		possible := true
		cut := query.Cut{}
		for i, g := range grants {
			if set>>i&1 == 0 {
				kept = append(kept, g)
				continue
			}
			w := int64(1)
			if q.Weight != nil {
				w = q.Weight(g)
			}
			possible = possible && w > 0
			weight += w
			cut.Grants = append(cut.Grants, g)
		}
		if !possible || weight > best.Weight {
			continue
		}
		g := o.with(kept)
		if reached(g) {
			continue
		}
		cut.Weight = weight
		s := side(g)
		if weight < best.Weight || within(s, bestSide) {
			best, bestSide = cut, s
		}
	}
	if best.Impossible {
		best.Weight = 0
	}
	best.Flow = best.Weight
	return best, nil
}

// leadsTo is reaching with the permission asked for, itself not excepted.
func leadsTo(g *graph, v, t string, q query.CutQuery) bool {
	for h := range g.holders(v, q.ThroughIdentities) {
		for _, p := range g.hops[hop{h, t}] {
			if !says(q.Permission) || text(q.Permission, false, []string{p.Name}) {
				return true
			}
		}
	}
	return false
}

func within(a, b map[string]bool) bool {
	for v := range a {
		if !b[v] {
			return false
		}
	}
	return true
}
