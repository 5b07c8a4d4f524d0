package query

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
)

// bruteForce follows the definition: every chain by plain depth-first search, then sort
// and cut; whether longer walks exist by trying them.
func bruteForce(g *ChainGraph, maxDepth, first int) (paths [][]int32, truncated bool) {
	if g.Source == g.Target {
		return nil, false
	}
	passable := func(v int32) bool { return g.Through[v] && v != g.Source }
	var all [][]int32
	var walk func(path []int32)
	walk = func(path []int32) {
		for _, v := range g.Next[path[len(path)-1]] {
			longer := append(slices.Clone(path), v)
			if v == g.Target {
				all = append(all, longer)
			}
			if passable(v) && !slices.Contains(path, v) {
				walk(longer)
			}
		}
	}
	walk([]int32{g.Source})
	slices.SortFunc(all, func(a, b []int32) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return slices.Compare(a, b)
	})
	within := slices.DeleteFunc(slices.Clone(all), func(p []int32) bool { return len(p)-1 > maxDepth })
	// S: passable nodes between the two ends.
	reach := func(from int32) map[int32]bool {
		seen := map[int32]bool{}
		var visit func(int32)
		visit = func(u int32) {
			for _, v := range g.Next[u] {
				if !seen[v] {
					seen[v] = true
					if g.Through[v] {
						visit(v)
					}
				}
			}
		}
		visit(from)
		return seen
	}
	between := map[int32]bool{}
	for v := range reach(g.Source) {
		if passable(v) && reach(v)[g.Target] {
			between[v] = true
		}
	}
	level := map[int32]bool{g.Source: true}
	for range maxDepth {
		up := map[int32]bool{}
		for u := range level {
			for _, v := range g.Next[u] {
				if between[v] {
					up[v] = true
				}
			}
		}
		level = up
	}
	truncated = len(within) > first || len(level) > 0 && len(between)+1 > maxDepth
	return within[:min(first, len(within))], truncated
}

func TestEnumerateAgainstBruteForce(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	var chains, interior, cut int
	for n := range 6000 {
		nodes := 2 + r.IntN(6)
		g := &ChainGraph{Source: int32(r.IntN(nodes)), Target: int32(r.IntN(nodes)), Through: make([]bool, nodes), Next: make([][]int32, nodes)}
		density := r.Float64()
		for u := range nodes {
			g.Through[u] = r.Float64() < 0.8
			for v := range nodes {
				if r.Float64() < density*0.8 {
					g.Next[u] = append(g.Next[u], int32(v))
				}
			}
		}
		maxDepth, first := 1+r.IntN(8), r.IntN(40)
		want, wantTruncated := bruteForce(g, maxDepth, first)
		got, truncated, err := g.Enumerate(context.Background(), maxDepth, first)
		require.NoError(t, err)
		what := fmt.Sprintf("graph %d: %+v maxDepth %d first %d", n, *g, maxDepth, first)
		require.Equal(t, len(want), len(got), what)
		for i := range want {
			require.Equal(t, want[i], got[i], what)
			if slices.Contains(got[i][:len(got[i])-1], g.Target) {
				interior++
			}
		}
		require.Equal(t, wantTruncated, truncated, what)
		chains += len(got)
		if truncated {
			cut++
		}
	}
	// The graphs are of the kinds that matter.
	assert.Greater(t, chains, 5000)
	assert.Greater(t, interior, 200)
	assert.Greater(t, cut, 200)
}

// A ladder has 2^40 ways that lead nowhere and one that arrives; the first chains must
// come at once all the same.
func TestDeadEndsCostNothing(t *testing.T) {
	const rungs = 40
	g := &ChainGraph{Source: 0, Target: 1}
	node := func(i, side int) int32 { return int32(2 + 2*i + side) }
	n := 2 + 2*rungs
	g.Through, g.Next = make([]bool, n), make([][]int32, n)
	for i := range g.Through {
		g.Through[i] = i > 1
	}
	g.Next[0] = []int32{node(0, 0), node(0, 1)}
	for i := range rungs - 1 {
		for side := range 2 {
			g.Next[node(i, side)] = []int32{node(i+1, 0), node(i+1, 1)}
		}
	}
	// The last rung leads back into the ladder: cycles everywhere, one exit.
	g.Next[node(rungs-1, 0)] = []int32{node(0, 0), node(0, 1)}
	g.Next[node(3, 1)] = append([]int32{1}, g.Next[node(3, 1)]...)

	start := time.Now()
	paths, truncated, err := g.Enumerate(context.Background(), MaxChainDepth, MaxChains)
	require.NoError(t, err)
	assert.Len(t, paths, 8, "two ways on each of the three rungs before the exit")
	assert.True(t, truncated, "a longer chain may lead around")
	assert.Equal(t, []int32{0, 2, 4, 6, 9, 1}, paths[0])
	assert.Less(t, time.Since(start), 2*time.Second)
}

func TestEnumerateStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	g := &ChainGraph{Source: 0, Target: 1, Through: make([]bool, 2), Next: [][]int32{{1}, nil}}
	_, _, err := g.Enumerate(ctx, 12, 50)
	require.ErrorIs(t, err, context.Canceled)
}

// Membership in a group that is a member of itself through another raises one's permission
// on that very group: the target is passed through.
func TestTargetInACycle(t *testing.T) {
	member, admin := access.Permission{Name: "member", Value: "true"}, access.Permission{Name: "admin", Value: "true"}
	hops := []Hop{
		{"user", "group", []access.Permission{member}},
		{"group", "owners", []access.Permission{member}},
		{"owners", "group", []access.Permission{admin}},
	}
	through := func(id string) bool { return id == "group" || id == "owners" }
	got, err := EnumerateChains(context.Background(), Pair{"user", "group"}, hops, through, 12, 50)
	require.NoError(t, err)
	assert.Equal(t, Chains{Chains: []Chain{
		{Nodes: []string{"user", "group"}, Hops: [][]access.Permission{{member}}},
		{Nodes: []string{"user", "group", "owners", "group"}, Hops: [][]access.Permission{{member}, {member}, {admin}}},
	}}, got)

	none, err := EnumerateChains(context.Background(), Pair{"group", "group"}, hops, through, 12, 50)
	require.NoError(t, err)
	assert.Empty(t, none.Chains)
	assert.False(t, none.Truncated)
	unknown, err := EnumerateChains(context.Background(), Pair{"nobody", "group"}, hops, through, 12, 50)
	require.NoError(t, err)
	assert.Empty(t, unknown.Chains)
}

func TestDistinctPermissions(t *testing.T) {
	got := DistinctPermissions([]access.Permission{{Name: "b", Value: "1"}, {Name: "a", Value: "2"}, {Name: "B", Value: ""}, {Name: "a", Value: "1"}, {Name: "a", Value: "2"}})
	assert.Equal(t, []access.Permission{{Name: "B", Value: ""}, {Name: "a", Value: "1"}, {Name: "a", Value: "2"}, {Name: "b", Value: "1"}}, got)
}

func BenchmarkEnumerate(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	const n = 2000
	g := &ChainGraph{Source: 0, Target: n - 1, Through: make([]bool, n), Next: make([][]int32, n)}
	for u := range n {
		g.Through[u] = true
		for range 5 {
			g.Next[u] = append(g.Next[u], int32(r.IntN(n)))
		}
		slices.Sort(g.Next[u])
		g.Next[u] = slices.Compact(g.Next[u])
	}
	for b.Loop() {
		if _, _, err := g.Enumerate(context.Background(), DefaultMaxDepth, DefaultChains); err != nil {
			b.Fatal(err)
		}
	}
}
