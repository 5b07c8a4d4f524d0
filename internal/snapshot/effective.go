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
	a := accesses{
		s: s, w: s.walker(), others: others, passing: s.bundles.passing(s.permissionSet(q.Permission)),
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
	others          Bits // the other ends that pass; nil = all
	passing         Bits // the bundles that pass; nil = all
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
	s, w := a.s, a.w
	seen, gathered := w.targets[:0], w.bundle
	for i, h := range w.hold([]uint32{row}, nil) {
		lo, hi := s.to.offsets[h], s.to.offsets[h+1]
		pairs := s.to.rows[lo:hi]
		bundles := s.bundles.of[lo:hi:hi][:len(pairs)]
		for j, to := range pairs {
			b := bundles[j] + 1
			switch have := gathered[to]; {
			case have == b:
			case have != 0:
				gathered[to] = w.joiner.join(have, b)
			case !a.direct || i == 0: // the first holder is row itself
				gathered[to] = b
				seen = append(seen, to)
			}
		}
		if a.passing != nil && (!a.direct || i == 0) {
			for j, to := range pairs {
				if a.passing.Has(bundles[j]) && a.shows(row, to) {
					w.found.add(to)
				}
			}
		}
	}
	if a.passing == nil {
		for _, to := range seen {
			if a.shows(row, to) {
				w.found.add(to)
			}
		}
	}
	w.targets = seen
}

// sources finds what reaches row, or with direct what has grants on it.
func (a *accesses) sources(row uint32) {
	s, w := a.s, a.w
	var found []uint32
	switch {
	case !a.direct:
		found = w.reachedBy([]uint32{row}, a.passing, nil)
	case a.passing == nil:
		found = s.from.Of(row)
	default:
		w.reset()
		w.sources(row, a.passing)
		found = w.holders
	}
	for _, by := range found {
		if a.shows(row, by) {
			w.found.add(by)
		}
	}
}
