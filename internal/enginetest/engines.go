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
}

// Bench holds the stores that worlds are loaded into. It is not for concurrent use.
type Bench struct {
	server neo4jtest.Server
	neo4j  *neo4j.Store
}

// New borrows a Neo4j server until the test ends.
func New(t *testing.T) *Bench {
	t.Helper()
	b := &Bench{server: neo4jtest.Acquire(t)}
	s, err := neo4j.Open(t.Context(), neo4j.Config{
		URI: b.server.URI, Username: b.server.Username, Password: b.server.Password, Database: b.server.Database,
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	b.neo4j = s
	return b
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
	for _, s := range []store.Store{file, b.neo4j} {
		for _, c := range w.Commits() {
			_, err := s.Commit(ctx, c)
			require.NoError(t, err, s.Name())
		}
	}
	return []Named{
		{"memory over embedded", reader(ctx, t, snapshot.NewEngine(file), now)},
		{"memory over neo4j", reader(ctx, t, snapshot.NewEngine(b.neo4j), now)},
		{"cypher", b.neo4j.Cypher(now)},
	}
}

func reader(ctx context.Context, t *testing.T, e query.Engine, now time.Time) query.Reader {
	t.Helper()
	r, err := e.Reader(ctx, now)
	require.NoError(t, err)
	return r
}
