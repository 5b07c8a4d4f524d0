package snapshot_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/snapshot"
)

// Answers are the same whatever a snapshot may keep: unions of permissions, and lists of
// what components reach.
func TestBudgets(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	for i := range 120 {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		w := querytest.RandomWorld(r)
		s, err := snapshot.Build(t.Context(), dataOf(w, r))
		require.NoError(t, err)
		if i%2 == 0 {
			snapshot.KeepUnions(s, i%3)
		}
		budget := []int64{0, 2000, 1 << 30}[i%3]
		snapshot.KeepFlats(s, budget)
		d := querytest.Differ{Want: querytest.NewOracle(w, querytest.Now), Got: s.Reader(querytest.Now), World: w, Shapes: r, Rand: r, Questions: 12}
		require.NoError(t, d.Run(t.Context()), "seed %d, world %d", seed, i)
		require.LessOrEqual(t, snapshot.FlatBytes(s), budget)
	}
}
