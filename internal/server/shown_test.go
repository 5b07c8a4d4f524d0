package server

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/describe"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/store/neo4j"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// TestShownCypherAnswersTheFilter runs the statements that people are shown, with parameters
// that went through JSON, and expects the list that the product gives.
func TestShownCypherAnswersTheFilter(t *testing.T) {
	server := neo4jtest.Acquire(t)
	ctx := auth.WithPrincipal(t.Context(), auth.System())
	now := querytest.Now
	found := 0
	for seed := range uint64(3) {
		neo4jtest.Fresh(t, server)
		s, err := neo4j.Open(ctx, neo4j.Config{URI: server.URI, Username: server.Username, Password: server.Password, Database: server.Database})
		require.NoError(t, err)
		r := rand.New(rand.NewPCG(seed, 7))
		w := querytest.RandomWorld(r)
		for _, c := range w.Commits() {
			_, err := s.Commit(ctx, c)
			require.NoError(t, err)
		}
		service := describe.New(s, shownCypher, func(context.Context) (time.Time, error) { return now, nil })
		reader := s.Cypher(now)
		for range 8 {
			f := querytest.RandomFilter(r, 2)
			search := []string{"", "", "A"}[r.IntN(3)]
			shown, err := service.Cypher(ctx, f, search)
			require.NoError(t, err)
			raw, err := json.Marshal(shown.Parameters)
			require.NoError(t, err)
			var read map[string]any
			require.NoError(t, json.Unmarshal(raw, &read))
			for name, v := range read {
				if n, ok := v.(float64); ok { // Neo4j's LIMIT wants a whole number; its tools read one
					read[name] = int64(n)
				}
			}
			result, err := driver.ExecuteQuery(ctx, server.Driver(), shown.Text, read, driver.EagerResultTransformer, driver.ExecuteQueryWithDatabase(server.Database))
			require.NoError(t, err, shown.Text)
			page, err := reader.Entities(ctx, query.EntityQuery{Filter: f, Search: search, Page: query.Page{First: describe.Limit}})
			require.NoError(t, err)
			var want, got []string
			for _, e := range page.Entities {
				want = append(want, e.ID)
			}
			for _, record := range result.Records {
				got = append(got, record.Values[0].(string))
			}
			require.Equal(t, want, got, "%s\n%s", shown.Text, raw)
			found += len(got)
		}
		require.NoError(t, s.Close())
	}
	require.Positive(t, found)
	_, err := describe.New(nil, shownCypher, nil).Cypher(auth.WithPrincipal(t.Context(), auth.Principal{Kind: auth.KindAPIKey, Roles: []access.ProductRole{access.Reviewer}}), nil, "")
	require.Equal(t, access.CodeForbidden, access.CodeOf(err))
}
