package neo4j

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// TestCypherAgreesWithOracle asks random questions about a few random worlds; enginetest
// asks about hundreds. A failure is
// repeated with ACCESSGRAPH_TEST_SEED and ACCESSGRAPH_TEST_FIRST_WORLD;
// ACCESSGRAPH_TEST_WORLDS asks for more worlds.
func TestCypherAgreesWithOracle(t *testing.T) {
	seed, worlds := envNumber(t, "ACCESSGRAPH_TEST_SEED", uint64(time.Now().UnixNano())), envNumber(t, "ACCESSGRAPH_TEST_WORLDS", 4)
	t.Logf("ACCESSGRAPH_TEST_SEED=%d", seed)
	server := neo4jtest.Acquire(t)
	s := openOn(t, server)
	ctx := context.Background()
	for n := envNumber(t, "ACCESSGRAPH_TEST_FIRST_WORLD", 0); n < worlds; n++ {
		r := rand.New(rand.NewPCG(seed, n)) // #nosec G404 -- tests repeat
		w := querytest.RandomWorld(r)
		loadWorld(t, s, server, w)
		d := querytest.Differ{
			Want: querytest.NewOracle(w, querytest.Now), Got: s.Cypher(querytest.Now), World: w, Shapes: r, Rand: r, Questions: 6,
		}
		require.NoError(t, d.Run(ctx), "world %d of seed %d", n, seed)
	}
}

// loadWorld makes w the whole content of the server.
func loadWorld(t testing.TB, s *Store, server neo4jtest.Server, w *querytest.World) {
	t.Helper()
	neo4jtest.Fresh(t, server)
	ctx := context.Background()
	require.NoError(t, s.prepare(ctx, minVersion))
	for _, c := range w.Commits() {
		_, err := s.Commit(ctx, c)
		require.NoError(t, err)
	}
}

func envNumber(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	require.NoError(t, err)
	return n
}
