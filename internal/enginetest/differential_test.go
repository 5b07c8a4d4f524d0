package enginetest

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/query/querytest"
)

// Every engine answers every question as the brute-force oracle does, on random worlds.
// The seed is printed; ACCESSGRAPH_SEED repeats a run and ACCESSGRAPH_WORLDS sets how many
// worlds are tried.
func TestEnginesAgreeWithTheOracle(t *testing.T) {
	seed := uint64(time.Now().UnixNano()) //nolint:gosec // any seed will do
	if s := os.Getenv("ACCESSGRAPH_SEED"); s != "" {
		var err error
		seed, err = strconv.ParseUint(s, 10, 64)
		require.NoError(t, err)
	}
	worlds := 300
	if s := os.Getenv("ACCESSGRAPH_WORLDS"); s != "" {
		var err error
		worlds, err = strconv.Atoi(s)
		require.NoError(t, err)
	}
	t.Logf("ACCESSGRAPH_SEED=%d ACCESSGRAPH_WORLDS=%d", seed, worlds)
	const lanes = 2 // each with a server of its own
	for lane := range lanes {
		t.Run("lane"+strconv.Itoa(lane), func(t *testing.T) {
			t.Parallel()
			bench := New(t)
			for i := lane; i < worlds; i += lanes {
				if !t.Run(strconv.Itoa(i), func(t *testing.T) { oneWorld(t, bench, seed, uint64(i)) }) { //nolint:gosec // small
					return
				}
			}
		})
	}
}

// shapes is how many sets of questions Cypher is asked: a new one costs a plan of some
// 100 ms, so each set is asked of many worlds.
const shapes = 20

//nolint:gosec // repeatable numbers
func oneWorld(t *testing.T, bench *Bench, seed, i uint64) {
	w := querytest.RandomWorld(rand.New(rand.NewPCG(seed, i)))
	for _, n := range bench.Load(t, w, querytest.Now) {
		d := querytest.Differ{
			Want: querytest.NewOracle(w, querytest.Now), Got: n.Reader, World: w, Questions: 8,
			Shapes: rand.New(rand.NewPCG(seed, i+1<<32)), Rand: rand.New(rand.NewPCG(seed, i+1<<33)),
		}
		if n.Planned {
			d.Shapes, d.Questions, d.FacetFields = rand.New(rand.NewPCG(seed, i%shapes+1<<34)), 3, 4
		}
		require.NoError(t, d.Run(t.Context()), "%s: ACCESSGRAPH_SEED=%d, world %d", n.Name, seed, i)
	}
}
