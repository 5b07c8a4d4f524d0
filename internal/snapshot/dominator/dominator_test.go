package dominator_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/accessgraph/accessgraph/internal/snapshot/dominator"
)

// reached lists what is reached from 0 without passing through a node; -1 = none.
func reached(next [][]int32, without int32) map[int32]bool {
	seen := map[int32]bool{}
	var walk func(v int32)
	walk = func(v int32) {
		if v == without || seen[v] {
			return
		}
		seen[v] = true
		for _, w := range next[v] {
			walk(w)
		}
	}
	walk(0)
	return seen
}

// connected draws a graph in which all can be reached from 0: what cannot is left out.
func connected(n int, arcs [][2]int32) (starts, next []int32, graph [][]int32) {
	all := make([][]int32, n)
	for _, a := range arcs {
		all[a[0]] = append(all[a[0]], a[1])
	}
	keep := reached(all, -1)
	number := map[int32]int32{}
	for v := range int32(n) {
		if keep[v] {
			number[v] = int32(len(number))
		}
	}
	graph = make([][]int32, len(number))
	starts = []int32{0}
	for v := range int32(n) {
		if !keep[v] {
			continue
		}
		for _, w := range all[v] {
			graph[number[v]] = append(graph[number[v]], number[w])
			next = append(next, number[w])
		}
		starts = append(starts, int32(len(next)))
	}
	return starts, next, graph
}

func TestAgainstDefinition(t *testing.T) {
	var tree dominator.Tree // built again and again
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 14).Draw(t, "nodes")
		node := rapid.Int32Range(0, int32(n)-1)
		arcs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) [2]int32 { return [2]int32{node.Draw(t, "from"), node.Draw(t, "to")} }), 0, 40).Draw(t, "arcs")
		starts, next, graph := connected(n, arcs)
		tree.Build(starts, next)
		size := int32(len(graph))
		dominates := make([]map[int32]bool, size) // d → what it dominates
		for d := range size {
			left := reached(graph, d)
			dominates[d] = map[int32]bool{}
			for v := range size {
				dominates[d][v] = !left[v]
			}
		}
		for v := range size {
			above := map[int32]bool{}
			for u, depth := v, tree.Depth[v]; ; u, depth = tree.Up[u], depth-1 {
				require.GreaterOrEqual(t, depth, int32(0))
				above[u] = true
				if u == 0 {
					require.Zero(t, depth)
					break
				}
			}
			for d := range size {
				require.Equal(t, dominates[d][v], above[d], "%d over %d", d, v)
			}
			require.Equal(t, v, tree.Order[tree.Place[v]])
			for w := range size {
				c := tree.Common(v, w)
				require.True(t, dominates[c][v] && dominates[c][w])
				for d := range size {
					if dominates[d][v] && dominates[d][w] {
						require.LessOrEqual(t, tree.Depth[d], tree.Depth[c])
					}
				}
			}
		}
	})
}

// Nesting without end needs no recursion.
func TestLongChain(t *testing.T) {
	const n = 200000
	starts, next := []int32{0}, make([]int32, 0, n)
	for v := range int32(n) {
		if v+1 < n {
			next = append(next, v+1)
		}
		if v > 0 {
			next = append(next, v-1)
		}
		starts = append(starts, int32(len(next)))
	}
	var tree dominator.Tree
	tree.Build(starts, next)
	assert.EqualValues(t, n-1, tree.Depth[n-1])
	assert.EqualValues(t, n-2, tree.Up[n-1])
}

func BenchmarkBuild(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	const n = 2000
	var arcs [][2]int32
	for v := int32(1); v < n; v++ {
		arcs = append(arcs, [2]int32{r.Int32N(v), v})
		for range 3 {
			arcs = append(arcs, [2]int32{r.Int32N(n), r.Int32N(n)})
		}
	}
	starts, next, _ := connected(n, arcs)
	var tree dominator.Tree
	for b.Loop() {
		tree.Build(starts, next)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(next)), "ns/arc")
}
