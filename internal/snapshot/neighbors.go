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
	t := s.grants
	if q.Ended {
		t = s.ended
	}
	forward := q.Direction != filter.AccessibleBy
	out := make([]query.GrantPage, len(q.Of))
	for i, id := range q.Of {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		// Grants are kept in the order of pages, in both directions.
		var grants []uint32
		if row, ok := s.Row(id); ok {
			if forward {
				for g := t.out[row]; g < t.out[row+1]; g++ {
					grants = append(grants, g)
				}
			} else {
				grants = t.on(row)
			}
		}
		position := func(g uint32) query.GrantPosition {
			other := t.source[g]
			if forward {
				other = t.target[g]
			}
			grant := t.grant(g, s.ids)
			return query.GrantPosition{
				Other:      query.AccessPosition{NameKey: s.nameKey(other), ID: s.ids[other]},
				Permission: grant.Permission, Scope: grant.Scope, Value: grant.Value, From: grant.From,
			}
		}
		page := query.GrantPage{PageInfo: query.PageInfo{Total: -1}}
		if q.Page.WithTotal {
			page.Total = len(grants)
		}
		if after != nil {
			skip := sort.Search(len(grants), func(i int) bool { return position(grants[i]).Compare(*after) > 0 })
			grants, page.HasPrevious = grants[skip:], skip > 0
		}
		n, _ := window(q.Page)
		if len(grants) > n {
			grants, page.HasNext = grants[:n], true
		}
		page.Grants, page.Cursors = make([]access.Grant, len(grants)), make([]string, len(grants))
		for j, g := range grants {
			page.Grants[j] = t.grant(g, s.ids)
			page.Cursors[j] = query.EncodeGrantCursor(position(g))
		}
		out[i] = page
	}
	return out, nil
}
