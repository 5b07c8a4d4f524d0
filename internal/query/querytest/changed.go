package querytest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// AsOf is the world as it was at a moment, by the definition of query.Whole. Attributes
// stay those of the present.
func (w *World) AsOf(at time.Time) *World {
	past := *w
	past.Entities, past.Grants = nil, nil
	live := map[string]bool{}
	for _, e := range w.Entities {
		if e.FirstSeen.After(at) {
			continue
		}
		if e.RemovedAt.After(at) {
			e.RemovedAt = time.Time{}
		}
		live[e.ID] = e.RemovedAt.IsZero()
		past.Entities = append(past.Entities, e)
	}
	for _, g := range w.Grants {
		switch {
		case g.From.After(at):
		case !g.To.IsZero() && !g.To.After(at):
			past.Grants = append(past.Grants, g)
		case live[g.Source] && live[g.Target]:
			g.To = time.Time{}
			past.Grants = append(past.Grants, g)
		}
	}
	return &past
}

// With is the world after the changes, which happen at a moment; what they end leaves no
// history. The changes must be possible.
func (w *World) With(changes []query.Change, at time.Time) *World {
	next := *w
	next.Entities, next.Grants = slices.Clone(w.Entities), slices.Clone(w.Grants)
	for _, c := range changes {
		next.change(c, at)
	}
	return &next
}

func (w *World) change(c query.Change, at time.Time) {
	drop := func(when func(g *access.Grant) bool) {
		w.Grants = slices.DeleteFunc(w.Grants, func(g access.Grant) bool { return g.To.IsZero() && when(&g) })
	}
	for i := range w.Entities {
		e := &w.Entities[i]
		switch e.ID {
		case c.Suspend:
			e.Status = access.StatusSuspended
		case c.Delete:
			e.RemovedAt = at
			drop(func(g *access.Grant) bool { return g.Source == e.ID || g.Target == e.ID })
		}
	}
	if m := c.RemoveGrant; m != nil {
		drop(func(g *access.Grant) bool { return m.Matches(g.Key()) })
	}
	if n := c.AddGrant; n != nil {
		g := access.Grant{Source: n.Source, Target: n.Target, Permission: n.Permission, Scope: n.Scope, Value: n.Value, Counts: access.ValueCounts(n.Value)}
		if !slices.ContainsFunc(w.Grants, func(have access.Grant) bool {
			return have.To.IsZero() && have.Key() == g.Key() && have.Value == g.Value
		}) {
			drop(func(have *access.Grant) bool { return have.Key() == g.Key() })
			w.Grants = append(w.Grants, g)
		}
	}
}

// RandomChanges draws up to n changes that are possible one after the other.
func RandomChanges(r *rand.Rand, w *World, n int) []query.Change {
	var out []query.Change
	for range n {
		var live []access.Entity
		for _, e := range w.Entities {
			if !e.Removed() {
				live = append(live, e)
			}
		}
		if len(live) == 0 {
			return out
		}
		var held []access.Grant
		for _, g := range w.Grants {
			if g.To.IsZero() {
				held = append(held, g)
			}
		}
		var c query.Change
		switch k := r.IntN(10); {
		case k == 0:
			c.Suspend = pick(r, live).ID
		case k == 1:
			c.Delete = pick(r, live).ID
		case k < 6 && len(held) > 0:
			g := pick(r, held)
			c.RemoveGrant = &query.GrantMatch{Source: g.Source, Target: g.Target}
			if chance(r, 60) {
				c.RemoveGrant.Permission = &g.Permission
			}
			if chance(r, 30) {
				c.RemoveGrant.Scope = &g.Scope
			}
		default:
			c.AddGrant = &query.NewGrant{
				Source: pick(r, live).ID, Target: pick(r, live).ID, Permission: pick(r, somePermissions), Value: pick(r, someValues),
			}
			if chance(r, 10) {
				c.AddGrant.Scope = "scope-1"
			}
		}
		w = w.With([]query.Change{c}, Now)
		out = append(out, c)
	}
	return out
}

// Differences are all differences between two worlds, as texts, by trying every pair:
// source, target, what became of them, permissions gained and lost.
func Differences(before, after *World, sources func(*access.Entity) bool) []string {
	a, b := newGraph(before), newGraph(after)
	everyone := map[string]*access.Entity{}
	for _, w := range []*World{before, after} {
		for i := range w.Entities {
			everyone[w.Entities[i].ID] = &w.Entities[i]
		}
	}
	ids := make([]string, 0, len(everyone))
	for id := range everyone {
		ids = append(ids, id)
	}
	sort.Slice(ids, func(i, j int) bool {
		x, y := everyone[ids[i]], everyone[ids[j]]
		return query.AccessPosition{NameKey: access.SortKey(x.Name), ID: x.ID}.Compare(query.AccessPosition{NameKey: access.SortKey(y.Name), ID: y.ID}) < 0
	})
	var out []string
	for _, source := range ids {
		if !sources(everyone[source]) {
			continue
		}
		for _, target := range ids {
			had, has := a.effective(source, target, false), b.effective(source, target, false)
			gained, lost := minus(has, had), minus(had, has)
			kind := query.Changed
			switch {
			case len(gained)+len(lost) == 0:
				continue
			case len(had) == 0:
				kind = query.Gained
			case len(has) == 0:
				kind = query.Lost
			}
			out = append(out, ShowDifference(&query.Difference{Kind: kind, Source: everyone[source], Target: everyone[target], Gained: gained, Lost: lost}))
		}
	}
	return out
}

// ShowDifference is a difference as a text, without its causes.
func ShowDifference(d *query.Difference) string {
	return fmt.Sprintf("%s %s %s +%v -%v", d.Source.ID, d.Kind, d.Target.ID, d.Gained, d.Lost)
}

func minus(list, other []access.Permission) []access.Permission {
	var out []access.Permission
	for _, p := range list {
		if !slices.Contains(other, p) {
			out = append(out, p)
		}
	}
	return out
}

// CheckCause reports what is wrong with a cause of a difference: the grant must be held on
// its side only, by a holder of the source, and its target must be the target or lead to it.
func CheckCause(before, after *World, d *query.Difference, c *query.Cause) error {
	own, other := newGraph(before), newGraph(after)
	if c.Gained {
		own, other = other, own
	}
	p := access.Permission{Name: c.Grant.Permission, Value: c.Grant.Value}
	here, there := own.hops[hop{c.Grant.Source, c.Grant.Target}], other.hops[hop{c.Grant.Source, c.Grant.Target}]
	last := c.Grant.Target == d.Target.ID
	switch {
	case !slices.Contains(here, p):
		return fmt.Errorf("the grant %+v is not held on its side", c.Grant)
	case slices.Contains(there, p):
		return fmt.Errorf("the grant %+v is held on both sides", c.Grant)
	case c.Grant.Source != d.Source.ID && !own.holders(d.Source.ID, false)[c.Grant.Source]:
		return fmt.Errorf("the source does not hold the source of %+v", c.Grant)
	case !last && !own.reach(c.Grant.Target, false)[d.Target.ID]:
		return fmt.Errorf("the target of %+v does not lead to the target", c.Grant)
	}
	return nil
}
