package snapshot

import (
	"context"
	"sort"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// Neighbors implements query.Reader.
func (r *reader) Neighbors(ctx context.Context, q query.NeighborQuery) ([]query.GrantPage, error) {
	s := r.s
	var after *query.GrantPosition
	if q.Page.After != "" {
		p, err := query.DecodeGrantCursor("after", q.Page.After)
		if err != nil {
			return nil, err
		}
		after = &p
	}
	forward := q.Direction != filter.AccessibleBy
	out := make([]query.GrantPage, len(q.Of))
	for i, id := range q.Of {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var grants grantList
		if row, ok := s.Row(id); ok {
			grants = s.grantList(row, forward, q.Ended)
		}
		position := func(i int) query.GrantPosition {
			grant := grants.at(i)
			other := grants.other(i, forward)
			return query.GrantPosition{
				Other:      query.AccessPosition{NameKey: s.nameKey(other), ID: s.ids[other]},
				Permission: grant.Permission, Scope: grant.Scope, Value: grant.Value, From: grant.From,
			}
		}
		page := query.GrantPage{PageInfo: query.PageInfo{Total: -1}}
		if q.Page.WithTotal {
			page.Total = grants.len()
		}
		from, to := 0, grants.len()
		if after != nil {
			from = sort.Search(to, func(i int) bool { return position(i).Compare(*after) > 0 })
			page.HasPrevious = from > 0
		}
		n, _ := window(q.Page)
		if to-from > n {
			to, page.HasNext = from+n, true
		}
		page.Grants, page.Cursors = make([]access.Grant, to-from), make([]string, to-from)
		for j := from; j < to; j++ {
			page.Grants[j-from] = grants.at(j)
			page.Cursors[j-from] = query.EncodeGrantCursor(position(j))
		}
		out[i] = page
	}
	return out, nil
}

// grantList is the grants of a row in the order of pages: places in a table, or grants that
// are in none.
type grantList struct {
	t      *grantTable
	ids    []string
	places []uint32
	fresh  []freshGrant
}

// grantList returns the grants that a row holds (forward), or those on it.
func (s *Snapshot) grantList(row uint32, forward, ended bool) grantList {
	if !ended {
		if p := s.patchedSource(row); p != nil && forward {
			return grantList{fresh: p.heldBy(row)}
		}
		if p := s.patchedTarget(row); p != nil && !forward {
			return grantList{fresh: p.heldOn(row)}
		}
	}
	t := s.grants
	if ended {
		t = s.ended
	}
	list := grantList{t: t, ids: s.ids, places: t.on(row)}
	if forward {
		list.places = make([]uint32, 0, t.out[row+1]-t.out[row])
		for g := t.out[row]; g < t.out[row+1]; g++ {
			list.places = append(list.places, g)
		}
	}
	if ended {
		list.places = s.endedBy(list.places)
	}
	return list
}

func (l *grantList) len() int { return len(l.places) + len(l.fresh) }

func (l *grantList) at(i int) access.Grant {
	if l.t == nil {
		return *l.fresh[i].g
	}
	return l.t.grant(l.places[i], l.ids)
}

// other is the row of the other end.
func (l *grantList) other(i int, forward bool) uint32 {
	switch {
	case l.t == nil && forward:
		return l.fresh[i].target
	case l.t == nil:
		return l.fresh[i].source
	case forward:
		return l.t.target[l.places[i]]
	}
	return l.t.source[l.places[i]]
}
