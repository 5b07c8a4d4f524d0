package snapshot_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/snapshot"
)

// Answers are the same when a snapshot may keep no union of permissions, or only some.
func TestUnionsThatAreNotKept(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	for i := range 60 {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		w := querytest.RandomWorld(r)
		s, err := snapshot.Build(t.Context(), dataOf(w, r))
		require.NoError(t, err)
		snapshot.KeepUnions(s, i%3)
		d := querytest.Differ{Want: querytest.NewOracle(w, querytest.Now), Got: s.Reader(querytest.Now), World: w, Shapes: r, Rand: r, Questions: 12}
		require.NoError(t, d.Run(t.Context()), "seed %d, world %d", seed, i)
	}
}
