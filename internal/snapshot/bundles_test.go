package snapshot_test

import (
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/snapshot"
)

// Answers are the same whatever a snapshot may keep: unions of permissions, and lists of
// what components reach, and answers to filters; and however many cores there are.
func TestBudgets(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for i := range 120 {
		runtime.GOMAXPROCS([]int{1, 4}[i/3%2])
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		w := querytest.RandomWorld(r)
		s, err := snapshot.Build(t.Context(), dataOf(w, r))
		require.NoError(t, err)
		if i%2 == 0 {
			snapshot.KeepUnions(s, i%3)
		}
		budget := []int64{0, 2000, 1 << 30}[i%3]
		snapshot.KeepFlats(s, budget)
		snapshot.KeepAnswers(s, []int64{0, 1000, 1 << 30}[i%3])
		o := querytest.NewOracle(w, querytest.Now)
		for range 2 { // the second time from what was kept
			shapes, order := rand.New(rand.NewPCG(seed, uint64(i))), rand.New(rand.NewPCG(seed+1, uint64(i)))
			d := querytest.Differ{Want: o, Got: s.Reader(querytest.Now), World: w, Shapes: shapes, Rand: order, Questions: 8}
			require.NoError(t, d.Run(t.Context()), "seed %d, world %d", seed, i)
		}
		require.LessOrEqual(t, snapshot.FlatBytes(s), budget)
		require.LessOrEqual(t, snapshot.AnswerBytes(s), []int64{0, 1000, 1 << 30}[i%3])
	}
}
