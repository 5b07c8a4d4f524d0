package flow_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/accessgraph/accessgraph/internal/snapshot/flow"
)

type arc struct {
	from, to int32
	capacity int64
}

// cuts tries every set of nodes that holds 0 and not n-1: the least capacity that leaves
// one, and the intersection and the union of all least ones.
func cuts(n int, arcs []arc) (least int64, smallest, largest uint) {
	least = math.MaxInt64
	for set := range uint(1) << n {
		if set&1 == 0 || set>>(n-1)&1 == 1 {
			continue
		}
		cost := int64(0)
		for _, a := range arcs {
			if set>>a.from&1 == 1 && set>>a.to&1 == 0 {
				cost += a.capacity
			}
		}
		switch {
		case cost < least:
			least, smallest, largest = cost, set, set
		case cost == least:
			smallest &= set
			largest |= set
		}
	}
	return least, smallest, largest
}

func TestAgainstAllCuts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 8).Draw(t, "nodes")
		node := rapid.Int32Range(0, int32(n)-1)
		arcs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) arc {
			return arc{node.Draw(t, "from"), node.Draw(t, "to"), rapid.Int64Range(0, 4).Draw(t, "capacity")}
		}), 0, 24).Draw(t, "arcs")
		network := flow.New(n, len(arcs))
		for i, a := range arcs {
			require.Equal(t, i, network.Add(a.from, a.to, a.capacity))
		}
		got, err := network.Run(context.Background(), 0, int32(n)-1)
		require.NoError(t, err)
		least, smallest, largest := cuts(n, arcs)
		assert.Equal(t, least, got)
		source, sink := network.SourceSide(), network.SinkSide()
		for v := range n {
			assert.Equal(t, smallest>>v&1 == 1, source[v], "source side of %d", v)
			assert.Equal(t, largest>>v&1 == 0, sink[v], "sink side of %d", v)
		}
		// The paths are simple, go from source to sink and share no more than there is.
		used, total := make([]int64, len(arcs)), int64(0)
		network.Paths(func(path []int32, amount int64) bool {
			seen, at := map[int32]bool{0: true}, int32(0)
			require.Positive(t, amount)
			for _, a := range path {
				require.Equal(t, at, arcs[a].from)
				at = arcs[a].to
				require.False(t, seen[at])
				seen[at] = true
				used[a] += amount
			}
			require.EqualValues(t, n-1, at)
			total += amount
			return true
		})
		assert.Equal(t, got, total)
		for i, a := range arcs {
			assert.LessOrEqual(t, used[i], a.capacity)
			assert.LessOrEqual(t, network.Flow(i), a.capacity)
		}
	})
}

func TestInfinite(t *testing.T) {
	network := flow.New(3, 2)
	network.Add(0, 1, flow.Infinite)
	network.Add(1, 2, flow.Infinite)
	got, err := network.Run(t.Context(), 0, 2)
	require.NoError(t, err)
	assert.GreaterOrEqual(t, got, int64(flow.Infinite))
	assert.Equal(t, []int32{0, 1}, network.Unlimited())
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	network := flow.New(2, 1)
	network.Add(0, 1, 1)
	_, err := network.Run(ctx, 0, 1)
	require.ErrorIs(t, err, context.Canceled)
}

// A long ladder needs no recursion and many rounds.
func BenchmarkLadder(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	const n = 20000
	for b.Loop() {
		network := flow.New(n, 4*n)
		for v := range int32(n - 1) {
			network.Add(v, v+1, 1)
			network.Add(v, min(n-1, v+1+r.Int32N(40)), 1)
			network.Add(v, r.Int32N(n), 1)
		}
		if _, err := network.Run(b.Context(), 0, n-1); err != nil {
			b.Fatal(err)
		}
	}
}
