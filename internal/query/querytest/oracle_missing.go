package querytest

import (
	"context"
	"sort"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// Missing implements query.Explainer: it adds every grant that is not there and looks
// whether it gives the access.
func (o *Oracle) Missing(_ context.Context, q query.MissingQuery) (query.Missing, error) {
	var out query.Missing
	x, t, through := q.From, q.To, q.ThroughIdentities
	if o.g.entities[x] == nil || o.g.entities[t] == nil || x == t {
		return out, nil
	}
	if o.g.reaches(x, t, q.Permission, through) {
		out.Reached = true
		return out, nil
	}
	asked := func(p access.Permission) bool {
		return !says(q.Permission) || text(q.Permission, false, []string{p.Name})
	}
	isReached := map[string]bool{}
	for _, id := range o.g.ids {
		isReached[id] = o.g.reaches(id, t, q.Permission, through)
		if isReached[id] && o.g.entities[id].Type == access.Identity {
			out.Others++
		}
	}
	type found struct {
		query.MissingGrant
		rank []int
	}
	var all []found
	for h := range o.g.holders(x, through) {
		for _, p := range o.g.ids {
			grant := access.Grant{Source: h, Target: p, Permission: "\x00member"}
			if p == t {
				grant.Permission = o.common(h, t, asked).Name
				if grant.Permission == "" {
					grant.Permission = "\x00asked"
				}
			}
			after := o.with(append(o.live(), grant))
			last := func(nodes []string) bool {
				end := hop{nodes[len(nodes)-2], t}
				if (end == hop{h, p}) {
					return p == t
				}
				for _, permission := range after.hops[end] {
					if asked(permission) {
						return true
					}
				}
				return false
			}
			var best []string
			for _, nodes := range after.chains(x, t, len(o.g.ids)+1, through) {
				if last(nodes) {
					best = nodes
					break
				}
			}
			if best == nil {
				continue
			}
			f := found{MissingGrant: query.MissingGrant{
				Source: h, Target: p, Permission: o.common(h, p, func(access.Permission) bool { return true }),
				Gained: len(o.g.gained(after, x, through)),
			}}
			if p == t {
				f.Permission = o.common(h, p, asked)
			}
			f.Chain = after.chain(best)
			for k := 0; k+1 < len(best); k++ {
				if best[k] == h && best[k+1] == p {
					f.Chain.Hops[k] = []access.Permission{f.Permission}
				}
			}
			for _, i := range o.g.ids {
				if i != x && i != t && o.g.entities[i].Type == access.Identity && !isReached[i] && o.g.holders(i, through)[h] {
					f.Others++
				}
			}
			f.Peers = o.direct(p, t, func(permission access.Permission) bool { return p != t || asked(permission) })
			if f.rank = []int{len(best), f.Others, f.Gained}; q.Order == query.LeastPrivilege {
				f.rank = []int{f.Others, f.Gained, len(best)}
			}
			all = append(all, f)
		}
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		for k := range a.rank {
			if a.rank[k] != b.rank[k] {
				return a.rank[k] < b.rank[k]
			}
		}
		if a.Source != b.Source {
			return o.g.nameLess(a.Source, b.Source)
		}
		return o.g.nameLess(a.Target, b.Target)
	})
	out.Total = len(all)
	for _, f := range all[:min(q.First, len(all))] {
		out.Grants = append(out.Grants, f.MissingGrant)
	}
	o.ways(&out, q, asked)
	return out, nil
}

// direct counts the identities with a grant of their own on p.
func (o *Oracle) direct(p, t string, asked func(access.Permission) bool) int {
	n := 0
	for _, i := range o.g.ids {
		has := false
		for _, permission := range o.g.hops[hop{i, p}] {
			has = has || asked(permission)
		}
		if has && i != p && i != t && o.g.entities[i].Type == access.Identity {
			n++
		}
	}
	return n
}

// common is the most frequent permission on p, of holders of the kind of h if there are any.
func (o *Oracle) common(h, p string, asked func(access.Permission) bool) access.Permission {
	for _, alike := range []bool{true, false} {
		counts := map[access.Permission]int{}
		for _, by := range o.g.ids {
			if alike && o.g.entities[by].Type != o.g.entities[h].Type {
				continue
			}
			for _, permission := range distinct(o.g.hops[hop{by, p}]) {
				if asked(permission) {
					counts[permission]++
				}
			}
		}
		var list []access.Permission
		for permission := range counts {
			list = append(list, permission)
		}
		list = distinct(list)
		sort.SliceStable(list, func(i, j int) bool { return counts[list[i]] > counts[list[j]] })
		if len(list) > 0 {
			return list[0]
		}
	}
	return access.Permission{}
}

func (o *Oracle) ways(out *query.Missing, q query.MissingQuery, asked func(access.Permission) bool) {
	var all []query.Way
	if n := o.direct(q.To, q.To, asked); n > 0 {
		all = append(all, query.Way{Direct: true, Identities: n, Length: 1})
	}
	for _, p := range o.g.ids {
		if !o.g.passable(p, q.ThroughIdentities) || p == q.To && !says(q.Permission) {
			continue
		}
		// The shortest chain on from p, where p may be the target itself, in a cycle.
		length := 0
		for at, n := map[string]bool{p: true}, 1; n <= len(o.g.ids) && length == 0; n++ {
			next := map[string]bool{}
			for h, permissions := range o.g.hops {
				if !at[h.from] {
					continue
				}
				for _, permission := range permissions {
					if h.to == q.To && asked(permission) {
						length = n
					}
				}
				if o.g.passable(h.to, q.ThroughIdentities) {
					next[h.to] = true
				}
			}
			at = next
		}
		n := o.direct(p, q.To, func(access.Permission) bool { return true })
		if length > 0 && n > 0 {
			all = append(all, query.Way{Entry: p, Identities: n, Length: length + 1})
		}
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		switch {
		case a.Identities != b.Identities:
			return a.Identities > b.Identities
		case a.Length != b.Length:
			return a.Length < b.Length
		case a.Direct != b.Direct:
			return a.Direct
		}
		return o.g.nameLess(a.Entry, b.Entry)
	})
	out.WaysMore = len(all) > q.First
	out.Ways = append(out.Ways, all[:min(q.First, len(all))]...)
}
