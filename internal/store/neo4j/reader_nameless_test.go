package neo4j

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// TestReachWithoutNames follows pages of what entities reach where some, all or none of it has
// a name, with a cycle of groups: missing names come last, whatever the size of pages.
func TestReachWithoutNames(t *testing.T) {
	server := neo4jtest.Acquire(t)
	s := openOn(t, server)
	ctx := t.Context()
	for _, every := range []int{1, 3, 100} { // each how manieth thing has no name
		w := nameless(every)
		loadWorld(t, s, server, w)
		oracle, reader := querytest.NewOracle(w, querytest.Now), s.Cypher(querytest.Now)
		first, second := w.Entities[0].ID, w.Entities[1].ID
		for _, of := range [][]string{{first}, {second}, {first, second}} {
			for _, f := range []*filter.Filter{nil, {Type: []access.EntityType{access.Resource}}, {Having: []filter.Having{{Direction: filter.AccessibleBy}}}} {
				for _, through := range []bool{false, true} {
					for _, size := range []int{1, 2, 3, 50} {
						q := query.EffectiveQuery{
							Of: of, Direction: filter.HasAccessTo, Filter: f, ThroughIdentities: through, Page: query.Page{First: 1000, WithTotal: true},
						}
						all, err := oracle.Effective(ctx, q)
						require.NoError(t, err)
						for i := range all { // the oracle knows no order of missing names
							slices.SortStableFunc(all[i].Edges, func(a, b query.Access) int { return strings.Compare(unnamed(a), unnamed(b)) })
						}
						q.Page.First = size
						seen := 0
						for {
							got, err := reader.Effective(ctx, q)
							require.NoError(t, err)
							want := slices.Clone(all)
							for i := range want {
								edges := all[i].Edges
								want[i].Edges = edges[seen:min(seen+size, len(edges))]
								want[i].PageInfo = query.PageInfo{HasPrevious: seen > 0, HasNext: seen+size < len(edges), Total: len(edges)}
							}
							require.Equal(t, told(want), told(got), "every %d, of %v, pages of %d after %d", every, of, size, seen)
							seen += len(got[0].Edges)
							if !got[0].PageInfo.HasNext || len(of) > 1 {
								break
							}
							q.Page.After = got[0].Edges[len(got[0].Edges)-1].Cursor
						}
						require.Positive(t, seen)
					}
				}
			}
		}
	}
}

func unnamed(a query.Access) string { return strconv.FormatBool(a.Entity.Name == "") }

// told is what pages say, without entities' other fields and cursors, providers by id.
func told(pages []query.AccessPage) (lines []string) {
	for _, p := range pages {
		lines = append(lines, fmt.Sprint(p.PageInfo))
		for _, e := range p.Edges {
			lines = append(lines, fmt.Sprint(e.Entity.ID, e.Entity.Name, e.Direct, e.Permissions, slices.Sorted(slices.Values(e.Providers))))
		}
	}
	return lines
}

// nameless is a person and a group first, then more groups, in a cycle, and things.
func nameless(every int) *querytest.World {
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	w := &querytest.World{Applications: []access.Application{{ID: access.ApplicationID("App"), Name: "App"}}}
	w.Integrations = []access.Integration{{
		ID: access.IntegrationID("k"), Key: "k", Name: "k", Application: "App", Extraction: access.FileUpload,
		Status: access.IntegrationConnected, CreatedAt: from, LastSync: from,
	}}
	types := []access.EntityType{access.Identity, access.Connection, access.Connection, access.Connection}
	for i := range 12 {
		e := access.Entity{
			Integration: "k", Type: access.Resource, SourceID: fmt.Sprint(i), SourceType: "thing", Name: fmt.Sprintf("n%d", (i*5)%7),
			Status: access.StatusActive, FirstSeen: from,
		}
		if i < len(types) {
			e.Type = types[i]
		}
		if i%every == every-1 {
			e.Name = ""
		}
		e.ID = e.Key().ID()
		w.Entities = append(w.Entities, e)
	}
	grant := func(from, to int, permission string) {
		w.Grants = append(w.Grants, access.Grant{
			Source: w.Entities[from].ID, Target: w.Entities[to].ID, Permission: permission, Value: "true", Counts: true, From: w.Entities[0].FirstSeen,
		})
	}
	grant(0, 1, "member")
	grant(1, 2, "member")
	grant(2, 3, "member")
	grant(3, 1, "member")
	for i := len(types); i < len(w.Entities); i++ {
		grant(i%len(types), i, "read")
		grant(i%3, i, "write")
	}
	return w
}
