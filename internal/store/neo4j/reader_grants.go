package neo4j

import (
	"context"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

func grantsStatement(q query.NeighborQuery) string {
	switch {
	case q.Direction == filter.AccessibleBy && q.Ended:
		return "read_ended_on"
	case q.Direction == filter.AccessibleBy:
		return "read_grants_on"
	case q.Ended:
		return "read_ended_held"
	}
	return "read_grants_held"
}

// Neighbors implements query.Reader. The statement orders and cuts by other ends, which
// have ASCII keys; the few parallel grants with one other end are ordered here.
func (r *cypherReader) Neighbors(ctx context.Context, q query.NeighborQuery) (out []query.GrantPage, err error) {
	limit := pageLimit(q.Page)
	var after *query.GrantPosition
	// Two more other ends than grants: the first may be done, the last shows that there is more.
	params := map[string]any{"of": q.Of, "key": "", "id": "", "limit": limit + 2, "total": q.Page.WithTotal}
	if q.Page.After != "" {
		p, err := query.DecodeGrantCursor("after", q.Page.After)
		if err != nil {
			return nil, err
		}
		after = &p
		params["key"], params["id"] = keyOrLast(p.Other.NameKey), p.Other.ID
	}
	if len(q.Of) == 0 {
		return nil, nil
	}
	err = r.answer(ctx, func(a *asking) error {
		found, err := a.ask(ctx, named(grantsStatement(q), params), grantRows)
		if err != nil {
			return err
		}
		out = make([]query.GrantPage, len(q.Of))
		for i := range out {
			out[i].Total = -1
			if q.Page.WithTotal {
				out[i].Total = 0
			}
		}
		for _, f := range found.rows {
			at := asInt(f[0])
			page := cutGrants(placedGrants(q, q.Of[at], f[1]), after, limit)
			page.HasPrevious = page.HasPrevious || asBool(f[2])
			page.Total = int(asInt(f[3]))
			out[at] = page
		}
		return nil
	})
	return out, err
}

type placedGrant struct {
	grant access.Grant
	place query.GrantPosition
}

// placedGrants reads a list of {other, key, grants} and sorts the grants.
func placedGrants(q query.NeighborQuery, x string, v any) []placedGrant {
	groups, _ := v.([]any)
	var out []placedGrant
	for _, item := range groups {
		group, _ := item.(map[string]any)
		other := query.AccessPosition{NameKey: asText(group["key"]), ID: asText(group["other"])}
		pair := pairOf(q.Direction, x, other.ID)
		grants, _ := group["grants"].([]any)
		for _, properties := range grants {
			m, _ := properties.(map[string]any)
			g := decodeGrant(pair.From, pair.To, fromMap(m))
			out = append(out, placedGrant{g, query.GrantPosition{
				Other: other, Permission: g.Permission, Scope: g.Scope, Value: g.Value, From: g.From,
			}})
		}
	}
	slices.SortFunc(out, func(a, b placedGrant) int { return a.place.Compare(b.place) })
	return out
}

// cutGrants takes the page out of sorted grants that begin at or before its start.
func cutGrants(list []placedGrant, after *query.GrantPosition, limit int) query.GrantPage {
	var page query.GrantPage
	for _, g := range list {
		if after != nil && g.place.Compare(*after) <= 0 {
			page.HasPrevious = true
			continue
		}
		if len(page.Grants) == limit {
			page.HasNext = true
			break
		}
		page.Grants = append(page.Grants, g.grant)
		page.Cursors = append(page.Cursors, query.EncodeGrantCursor(g.place))
	}
	return page
}
