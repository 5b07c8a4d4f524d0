package discovery

import (
	"slices"

	"github.com/accessgraph/accessgraph/internal/query"
)

// cycles returns the strongly connected components of two or more nodes, each sorted,
// ordered by their first member. Tarjan's algorithm without recursion: O(pairs).
func cycles(pairs []query.Pair) [][]string {
	next := map[string][]string{}
	var roots []string
	for _, p := range pairs {
		if next[p.From] == nil {
			roots = append(roots, p.From)
		}
		next[p.From] = append(next[p.From], p.To)
	}
	type frame struct {
		node string
		edge int
	}
	index, low := map[string]int{}, map[string]int{}
	onStack := map[string]bool{}
	var stack []string
	var out [][]string
	enter := func(v string) frame {
		index[v], low[v] = len(index)+1, len(index)+1
		stack, onStack[v] = append(stack, v), true
		return frame{node: v}
	}
	for _, root := range roots {
		if index[root] != 0 {
			continue
		}
		work := []frame{enter(root)}
		for len(work) > 0 {
			f := &work[len(work)-1]
			if f.edge < len(next[f.node]) {
				w := next[f.node][f.edge]
				f.edge++
				switch {
				case index[w] == 0:
					work = append(work, enter(w))
				case onStack[w]:
					low[f.node] = min(low[f.node], index[w])
				}
				continue
			}
			v := f.node
			work = work[:len(work)-1]
			if len(work) > 0 {
				parent := work[len(work)-1].node
				low[parent] = min(low[parent], low[v])
			}
			if low[v] != index[v] {
				continue
			}
			var ring []string
			for ring == nil || ring[len(ring)-1] != v {
				w := stack[len(stack)-1]
				stack, onStack[w] = stack[:len(stack)-1], false
				ring = append(ring, w)
			}
			if len(ring) > 1 {
				slices.Sort(ring)
				out = append(out, ring)
			}
		}
	}
	slices.SortFunc(out, func(a, b []string) int { return slices.Compare(a[:1], b[:1]) })
	return out
}
