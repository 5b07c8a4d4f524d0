package snapshot

import (
	"context"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
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
	a := accesses{s: s, w: s.walker(), permission: s.permissionSet(q.Permission), forward: q.Direction != filter.AccessibleBy, direct: q.Direct, providers: !q.NoProviders}
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
	providers       bool
}

func (a *accesses) page(row uint32, others Bits, p query.Page, after *query.AccessPosition) query.AccessPage {
	s := a.s
	n, _ := window(p)
	from := uint32(0)
	if after != nil {
		from = s.seek(after.NameKey, after.ID)
		if int(from) < s.n && s.ids[from] == after.ID && s.nameKey(from) == after.NameKey {
			from++
		}
	}
	rows, total, skipped, more := a.cut(row, others, from, n)
	out := query.AccessPage{PageInfo: query.PageInfo{Total: -1, HasPrevious: skipped, HasNext: more}, Edges: make([]query.Access, len(rows))}
	if p.WithTotal {
		out.Total = total
	}
	for i, other := range rows {
		shown := s.show(other)
		out.Edges[i].Entity, out.Edges[i].Cursor = shown.entity, shown.cursor
	}
	a.w.permissions.reset(s.grants, len(rows))
	if a.forward {
		a.describeTargets(row, rows, out.Edges)
	} else {
		a.describeSources(row, rows, out.Edges)
	}
	a.w.permissions.each(func(i int, permissions []access.Permission) { out.Edges[i].Permissions = permissions })
	return out
}

// cut returns the first n of the other ends from a row on, ascending, and how many there
// are in all. The set of them is sorted by being one.
func (a *accesses) cut(row uint32, others Bits, from uint32, n int) (rows []uint32, total int, skipped, more bool) {
	set := a.w.set
	ends := a.ends(row)
	for _, r := range ends {
		if r != row && (others == nil || others.Has(r)) {
			set.Set(r)
		}
	}
	defer func() {
		for _, r := range ends {
			set.Clear(r)
		}
	}()
	total = set.Count()
	left := total
	if from > 0 && int(from) < a.s.n {
		left -= set.CountBelow(from)
	} else if from > 0 {
		left = 0
	}
	rows = make([]uint32, 0, min(n, left))
	for at := from; len(rows) < cap(rows); at++ {
		at, _ = set.Next(at)
		rows = append(rows, at)
	}
	return rows, total, left < total, left > len(rows)
}

// ends returns the other ends that the permission and directness select, with repetitions;
// good until the walker's next traversal.
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
		return a.w.reach(row, a.permission)
	}
	return a.w.reachedBy([]uint32{row}, a.permission, nil)
}

// describeTargets fills what source has on each of the targets, sorted.
func (a *accesses) describeTargets(source uint32, targets []uint32, edges []query.Access) {
	s, slot := a.s, a.w.slot
	holders := a.w.holders // reach has found them
	if a.direct {
		holders = a.w.hold([]uint32{source}, nil)
	}
	if a.providers {
		slices.Sort(holders) // the order of providers
	}
	for i, to := range targets {
		slot[to] = uint32(i) + 1 //nolint:gosec // an index
	}
	for _, h := range holders {
		base := s.to.offsets[h]
		pairs := s.to.Of(h)
		if len(pairs) > 16*len(targets) { // looked up rather than looked through
			for i, to := range targets {
				if at, ok := slices.BinarySearch(pairs, to); ok {
					a.describe(i, base+uint32(at), h, source, &edges[i]) //nolint:gosec // an index
				}
			}
			continue
		}
		for at, to := range pairs {
			if i := slot[to]; i > 0 {
				a.describe(int(i)-1, base+uint32(at), h, source, &edges[i-1]) //nolint:gosec // an index
			}
		}
	}
	for _, to := range targets {
		slot[to] = 0
	}
}

// describeSources fills what each of the sources has on target.
func (a *accesses) describeSources(target uint32, sources []uint32, edges []query.Access) {
	granting := a.s.from.Of(target)
	describe := func(i int, h, source uint32) {
		if at, ok := a.s.to.find(h, target); ok {
			a.describe(i, at, h, source, &edges[i])
		}
	}
	for i, source := range sources {
		holders := a.w.hold([]uint32{source}, nil)
		if len(holders) < len(granting) {
			if a.providers {
				slices.Sort(holders)
			}
			for _, h := range holders {
				describe(i, h, source)
			}
			continue
		}
		for _, h := range granting {
			if a.w.held[h] == a.w.stamp {
				describe(i, h, source)
			}
		}
	}
}

// describe adds what holder gives source by one pair.
func (a *accesses) describe(i int, pair, holder, source uint32, edge *query.Access) {
	a.w.permissions.add(i, a.s.first[pair])
	if holder == source {
		edge.Direct = true
	} else if a.providers {
		edge.Providers = append(edge.Providers, a.s.ids[holder])
	}
}
