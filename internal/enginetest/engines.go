// Package enginetest opens every engine over every store for the tests that hold their
// answers equal: scenarios and random worlds.
package enginetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/snapshot"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/embedded"
	"github.com/accessgraph/accessgraph/internal/store/neo4j"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// Named is a reader and the engine and store behind it.
type Named struct {
	Name   string
	Reader query.Reader
	// Planned: every new question costs the database a query plan.
	Planned bool
}

// Bench holds the server that worlds are loaded into. It is not for concurrent use.
type Bench struct {
	server neo4jtest.Server
}

// New borrows a Neo4j server until the test ends.
func New(t *testing.T) *Bench {
	t.Helper()
	return &Bench{server: neo4jtest.Acquire(t)}
}

// Load puts the world into empty stores of both kinds and opens every engine on them:
// memory over the embedded store, memory over Neo4j, and Cypher.
func (b *Bench) Load(t *testing.T, w *querytest.World, now time.Time) []Named {
	t.Helper()
	ctx := t.Context()
	file, err := embedded.Open(ctx, t.TempDir(), embedded.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, file.Close()) })
	neo4jtest.Fresh(t, b.server)
	server, err := neo4j.Open(ctx, neo4j.Config{
		URI: b.server.URI, Username: b.server.Username, Password: b.server.Password, Database: b.server.Database,
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	for _, s := range []store.Store{file, server} {
		for _, c := range w.Commits() {
			_, err := s.Commit(ctx, c)
			require.NoError(t, err, s.Name())
		}
	}
	return []Named{
		{Name: "memory over embedded", Reader: reader(ctx, t, snapshot.NewEngine(file), now)},
		{Name: "memory over neo4j", Reader: reader(ctx, t, snapshot.NewEngine(server), now)},
		{Name: "cypher", Reader: server.Cypher(now), Planned: true},
	}
}

func reader(ctx context.Context, t *testing.T, e query.Engine, now time.Time) query.Reader {
	t.Helper()
	r, err := e.Reader(ctx, now)
	require.NoError(t, err)
	return r
}
