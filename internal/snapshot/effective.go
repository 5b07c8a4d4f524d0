package snapshot

import (
	"context"

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
	accepted := s.permissionSet(q.Permission)
	a := accesses{
		s: s, w: s.walker(), others: others, accepted: accepted, passing: s.bundles.passing(accepted),
		forward: q.Direction != filter.AccessibleBy, direct: q.Direct, providers: !q.NoProviders,
	}
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
		a.page(&out[i], row, q.Page, after)
	}
	return out, nil
}

// accesses computes pages of accesses.
type accesses struct {
	s               *Snapshot
	w               *walker
	others          Bits           // the other ends that pass; nil = all
	accepted        *permissionSet // nil = all
	passing         Bits           // the bundles of pairs that are accepted; nil = all
	forward, direct bool
	providers       bool
}

// page selects the other ends into a set, which sorts them, and describes those on the page.
func (a *accesses) page(out *query.AccessPage, row uint32, p query.Page, after *query.AccessPosition) {
	s, w := a.s, a.w
	from := uint32(0)
	if after != nil {
		from = s.seek(after.NameKey, after.ID)
		if int(from) < s.n && s.ids[from] == after.ID && s.nameKey(from) == after.NameKey {
			from++
		}
	}
	w.joiner.reset()
	if a.forward {
		a.targets(row)
	} else {
		a.sources(row)
	}
	total := w.found.n
	n, _ := window(p)
	rows, below := w.found.take(w.rows[:0], from, min(n, total))
	w.rows = rows
	w.found.clear()
	out.PageInfo = query.PageInfo{Total: -1, HasPrevious: below > 0, HasNext: below+len(rows) < total}
	if p.WithTotal {
		out.Total = total
	}
	out.Edges = make([]query.Access, len(rows))
	own := s.to.Of(row)
	if !a.forward {
		own = s.from.Of(row)
	}
	for i, other := range rows {
		shown, edge := s.show(other), &out.Edges[i]
		edge.Entity, edge.Cursor = shown.entity, shown.cursor
		for len(own) > 0 && own[0] < other {
			own = own[1:]
		}
		edge.Direct = len(own) > 0 && own[0] == other
	}
	if a.forward {
		a.describeTargets(row, rows, out.Edges)
	} else {
		a.describeSources(row, rows, out.Edges)
	}
}

// shows reports whether the other end may be shown.
func (a *accesses) shows(row, other uint32) bool {
	return other != row && (a.others == nil || a.others.Has(other))
}

// targets finds what row reaches, or with direct what it has grants on, and gathers in
// w.bundle what its holders have on each of them.
func (a *accesses) targets(row uint32) {
	w := a.w
	if a.direct || a.providers || w.identities || !w.merge(row) {
		w.gather(w.hold([]uint32{row}, nil), a.direct)
	}
	if a.passing != nil && a.direct { // a permission of the pair's own grants
		rows, bundles := a.s.to.with(row)
		for i, to := range rows {
			if a.passing.Has(bundles[i]) && a.shows(row, to) {
				w.found.add(to)
			}
		}
		return
	}
	for _, to := range w.targets {
		if a.shows(row, to) && (a.passing == nil || a.accepts(w.bundle[to])) {
			w.found.add(to)
		}
	}
}

// accepts reports whether what was gathered has a permission that was asked for.
func (a *accesses) accepts(gathered uint32) bool {
	if b := gathered - 1; b < a.s.bundles.base {
		return a.passing.Has(b)
	}
	return a.s.bundles.accepts(a.w.joiner.get(gathered), a.accepted)
}

// sources finds what reaches row, or with direct what has grants on it.
func (a *accesses) sources(row uint32) {
	found, bundles := a.s.from.with(row)
	if !a.direct {
		found = a.w.reachedBy([]uint32{row}, a.passing, nil)
	}
	for i, by := range found {
		if a.shows(row, by) && (!a.direct || a.passing == nil || a.passing.Has(bundles[i])) {
			a.w.found.add(by)
		}
	}
}
