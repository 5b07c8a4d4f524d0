// Package dominator finds the nodes of a graph that every path from its root to another
// node goes through.
package dominator

// Tree is the dominator tree of a graph whose nodes can all be reached from its root. It
// may be built again for another graph, keeping its memory. The zero Tree is ready.
type Tree struct {
	// Of the graph, in the order of a depth-first search from the root, which is node 0 and
	// stays so: place → node and node → place.
	Order, Place []int32
	// Up is the immediate dominator of a node; that of the root is the root. Depth counts
	// the steps from the root.
	Up, Depth []int32

	parent, semi, label, up []int32 // by place
	first, before           []int32 // predecessors
	stack, compress, at     []int32
}

// Build computes the tree of the graph where the successors of node v are
// next[starts[v]:starts[v+1]]; repeats and loops do no harm. It is the Semi-NCA algorithm
// (Georgiadis, 2005): semidominators as of Lengauer and Tarjan, then each node's nearest
// common ancestor. O(arcs × log nodes) and the steps up in the second part: nodes × depth at
// worst, nearly none in practice.
func (t *Tree) Build(starts, next []int32) {
	n := len(starts) - 1
	for _, s := range []*[]int32{&t.Order, &t.Place, &t.Up, &t.Depth, &t.parent, &t.semi, &t.label, &t.up, &t.at} {
		if cap(*s) < n {
			*s = make([]int32, n, n+n/2)
		}
		*s = (*s)[:n]
	}
	t.search(starts, next)
	t.predecessors(starts, next, n)
	for p := range t.label {
		t.label[p], t.semi[p] = int32(p), t.parent[p] //nolint:gosec // an index
		t.up[p] = t.parent[p]                         // of the forest of eval first, of the tree later
	}
	for p := int32(n) - 1; p > 0; p-- { //nolint:gosec // fewer than 2^31
		v := t.Order[p]
		for _, u := range t.before[t.first[v]:t.first[v+1]] {
			t.semi[p] = min(t.semi[p], t.eval(t.Place[u], p))
		}
	}
	t.Up[0], t.Depth[0], t.up[0] = 0, 0, 0
	for p := int32(1); p < int32(n); p++ { //nolint:gosec // fewer than 2^31
		d := t.parent[p]
		for d > t.semi[p] {
			d = t.up[d]
		}
		t.up[p] = d
		v, u := t.Order[p], t.Order[d]
		t.Up[v], t.Depth[v] = u, t.Depth[u]+1
	}
}

// search numbers the nodes in preorder, without recursion.
func (t *Tree) search(starts, next []int32) {
	for v := range t.Place {
		t.Place[v] = -1
	}
	copy(t.at, starts)
	t.Place[0], t.Order[0], t.parent[0] = 0, 0, 0
	count := int32(1)
	t.stack = append(t.stack[:0], 0)
	for len(t.stack) > 0 {
		v := t.stack[len(t.stack)-1]
		if t.at[v] == starts[v+1] {
			t.stack = t.stack[:len(t.stack)-1]
			continue
		}
		w := next[t.at[v]]
		t.at[v]++
		if t.Place[w] < 0 {
			t.Place[w], t.Order[count], t.parent[count] = count, w, t.Place[v]
			count++
			t.stack = append(t.stack, w)
		}
	}
}

func (t *Tree) predecessors(starts, next []int32, n int) {
	if cap(t.first) < n+1 {
		t.first = make([]int32, n+1, n+n/2+1)
	}
	if cap(t.before) < len(next) {
		t.before = make([]int32, len(next), len(next)+len(next)/2)
	}
	t.first, t.before = t.first[:n+1], t.before[:len(next)]
	clear(t.first)
	for _, w := range next {
		t.first[w]++
	}
	sum := int32(0)
	for v := range t.first {
		sum += t.first[v]
		t.first[v] = sum
	}
	for v := n - 1; v >= 0; v-- {
		for _, w := range next[starts[v]:starts[v+1]] {
			t.first[w]--
			t.before[t.first[w]] = int32(v) //nolint:gosec // an index
		}
	}
}

// eval returns the least semidominator on the way from p up to, but not including, the
// first place below linked; p itself when it is one of these. Places from linked+1 on
// are linked; paths are compressed.
func (t *Tree) eval(p, linked int32) int32 {
	if p <= linked {
		return p
	}
	t.compress = t.compress[:0]
	for a := p; t.up[a] > linked; a = t.up[a] {
		t.compress = append(t.compress, a)
	}
	for i := len(t.compress) - 1; i >= 0; i-- {
		a := t.compress[i]
		above := t.up[a]
		if t.semi[t.label[above]] < t.semi[t.label[a]] {
			t.label[a] = t.label[above]
		}
		t.up[a] = t.up[above]
	}
	return t.semi[t.label[p]]
}

// Common is the nearest node that dominates both.
func (t *Tree) Common(v, w int32) int32 {
	for v != w {
		if t.Depth[v] < t.Depth[w] {
			v, w = w, v
		}
		v = t.Up[v]
	}
	return v
}
