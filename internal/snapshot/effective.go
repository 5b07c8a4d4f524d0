package snapshot

import (
	"context"
	"slices"
	"sort"

	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// Effective implements query.Reader.
func (r *reader) Effective(ctx context.Context, q query.EffectiveQuery) ([]query.AccessPage, error) {
	s := r.s
	var after *query.AccessPosition
	if q.Page.After != "" {
		p, err := query.DecodeAccessCursor("after", q.Page.After)
		if err != nil {
			return nil, err
		}
		after = &p
	}
	var others Bits
	if q.Filter != nil {
		var err error
		if others, err = s.Select(ctx, q.Filter, "", r.now); err != nil {
			return nil, err
		}
	}
	a := accesses{s: s, w: s.walker(), permission: s.permissionSet(q.Permission), forward: q.Direction != filter.AccessibleBy, direct: q.Direct}
	defer s.done(a.w)
	a.w.identities = q.ThroughIdentities
	out := make([]query.AccessPage, len(q.Of))
	for i, id := range q.Of {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		row, ok := s.liveRow(id)
		if !ok {
			out[i] = query.AccessPage{PageInfo: query.PageInfo{Total: -1}}
			if q.Page.WithTotal {
				out[i].Total = 0
			}
			continue
		}
		out[i] = a.page(row, others, q.Page, after)
	}
	return out, nil
}

// accesses computes pages of accesses.
type accesses struct {
	s               *Snapshot
	w               *walker
	permission      *permissionSet
	forward, direct bool
}

func (a *accesses) page(row uint32, others Bits, p query.Page, after *query.AccessPosition) query.AccessPage {
	s := a.s
	rows := a.ends(row)
	rows = slices.DeleteFunc(rows, func(r uint32) bool { return r == row || others != nil && !others.Has(r) })
	slices.Sort(rows)
	rows = slices.Compact(rows)

	out := query.AccessPage{PageInfo: query.PageInfo{Total: -1}}
	if p.WithTotal {
		out.Total = len(rows)
	}
	if after != nil {
		first := s.seek(after.NameKey, after.ID)
		if int(first) < s.n && s.ids[first] == after.ID && s.nameKey(first) == after.NameKey {
			first++
		}
		skip := sort.Search(len(rows), func(i int) bool { return rows[i] >= first })
		rows, out.HasPrevious = rows[skip:], skip > 0
	}
	n, _ := window(p)
	if len(rows) > n {
		rows, out.HasNext = rows[:n], true
	}
	out.Edges = make([]query.Access, len(rows))
	for i, other := range rows {
		cursor := query.EncodeAccessCursor(query.AccessPosition{NameKey: s.nameKey(other), ID: s.ids[other]})
		out.Edges[i] = query.Access{Entity: s.Entity(other), Cursor: cursor}
	}
	if a.forward {
		a.describeTargets(row, rows, out.Edges)
	} else {
		a.describeSources(row, rows, out.Edges)
	}
	return out
}

// ends returns a copy of the other ends that the permission and directness select.
func (a *accesses) ends(row uint32) []uint32 {
	t := a.s.grants
	switch {
	case a.direct && a.forward:
		var out []uint32
		a.w.each([]uint32{row}, a.permission, func(to uint32) bool { out = append(out, to); return true })
		return out
	case a.direct:
		var out []uint32
		for _, g := range t.on(row) {
			if t.counts.Has(g) && (a.permission == nil || a.permission.has(t.permission[g])) {
				out = append(out, t.source[g])
			}
		}
		return out
	case a.forward:
		return slices.Clone(a.w.reach(row, a.permission))
	}
	return slices.Clone(a.w.reachedBy([]uint32{row}, a.permission, nil))
}

// describeTargets fills what source has on each of the targets, sorted.
func (a *accesses) describeTargets(source uint32, targets []uint32, edges []query.Access) {
	t := a.s.grants
	holders := a.w.hold([]uint32{source}, nil)
	slices.Sort(holders) // the order of providers
	for _, h := range holders {
		// Both the holder's pairs and the targets are sorted: walk the shorter, seek in the longer.
		pairs := a.s.to.Of(h)
		if len(pairs) < len(targets) {
			for _, to := range pairs {
				if i, ok := slices.BinarySearch(targets, to); ok {
					t.describe(h, to, source, &edges[i], a.s)
				}
			}
			continue
		}
		for i, to := range targets {
			at, ok := slices.BinarySearch(pairs, to)
			pairs = pairs[at:]
			if ok {
				t.describe(h, to, source, &edges[i], a.s)
			}
		}
	}
	for i := range edges {
		edges[i].Permissions = query.DistinctPermissions(edges[i].Permissions)
	}
}

// describeSources fills what each of the sources has on target.
func (a *accesses) describeSources(target uint32, sources []uint32, edges []query.Access) {
	t := a.s.grants
	granting := a.s.from.Of(target)
	for i, source := range sources {
		holders := a.w.hold([]uint32{source}, nil)
		if len(holders) < len(granting) {
			slices.Sort(holders)
			for _, h := range holders {
				if _, ok := slices.BinarySearch(granting, h); ok {
					t.describe(h, target, source, &edges[i], a.s)
				}
			}
		} else {
			for _, h := range granting {
				if a.w.held[h] == a.w.stamp {
					t.describe(h, target, source, &edges[i], a.s)
				}
			}
		}
		edges[i].Permissions = query.DistinctPermissions(edges[i].Permissions)
	}
}

// describe adds what holder gives source on target.
func (t *grantTable) describe(holder, target, source uint32, edge *query.Access, s *Snapshot) {
	lo, hi := t.between(holder, target)
	for g := lo; g < hi; g++ {
		if t.counts.Has(g) {
			edge.Permissions = append(edge.Permissions, t.access(g))
		}
	}
	if holder == source {
		edge.Direct = true
	} else {
		edge.Providers = append(edge.Providers, s.ids[holder])
	}
}
