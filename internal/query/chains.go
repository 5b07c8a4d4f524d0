package query

import (
	"container/heap"
	"context"
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Hop is a pair of entities with a counting grant, as chains are made of.
type Hop struct {
	From, To    string
	Permissions []access.Permission // distinct, sorted
}

// DistinctPermissions sorts permissions by name, then value, in byte order and drops
// duplicates, in place.
func DistinctPermissions(ps []access.Permission) []access.Permission {
	slices.SortFunc(ps, func(a, b access.Permission) int {
		if c := strings.Compare(a.Name, b.Name); c != 0 {
			return c
		}
		return strings.Compare(a.Value, b.Value)
	})
	return slices.Compact(ps)
}

// EnumerateChains lists the chains of pair in a subgraph given as hops, one per pair of
// entities, in any order. The subgraph must hold every hop from the source, between the
// entities of S and to the target; more does no harm. through says which entities may be passed through: connections, and identities
// where asked. See ChainGraph.Enumerate.
func EnumerateChains(ctx context.Context, pair Pair, hops []Hop, through func(id string) bool, maxDepth, first int) (Chains, error) {
	ids := make([]string, 0, 2*len(hops)+2)
	ids = append(ids, pair.From, pair.To)
	for _, h := range hops {
		ids = append(ids, h.From, h.To)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	at := make(map[string]int32, len(ids))
	g := ChainGraph{Through: make([]bool, len(ids)), Next: make([][]int32, len(ids))}
	for i, id := range ids {
		at[id] = int32(i) //nolint:gosec // fewer than 2^31 entities
		g.Through[i] = through(id)
	}
	g.Source, g.Target = at[pair.From], at[pair.To]
	permissions := make(map[[2]int32][]access.Permission, len(hops))
	for _, h := range hops {
		from, to := at[h.From], at[h.To]
		g.Next[from] = append(g.Next[from], to)
		permissions[[2]int32{from, to}] = h.Permissions
	}
	for i := range g.Next {
		slices.Sort(g.Next[i])
		g.Next[i] = slices.Compact(g.Next[i])
	}
	paths, truncated, err := g.Enumerate(ctx, maxDepth, first)
	if err != nil {
		return Chains{}, err
	}
	out := Chains{Truncated: truncated, Chains: make([]Chain, len(paths))}
	for i, p := range paths {
		c := Chain{Nodes: make([]string, len(p)), Hops: make([][]access.Permission, len(p)-1)}
		for j, n := range p {
			c.Nodes[j] = ids[n]
			if j > 0 {
				c.Hops[j-1] = permissions[[2]int32{p[j-1], n}]
			}
		}
		out.Chains[i] = c
	}
	return out, nil
}

// ChainGraph is the part of the graph between two entities. Nodes are numbered in the
// byte order of their ids.
type ChainGraph struct {
	Source, Target int32
	Through        []bool    // by node: whether chains may pass through it
	Next           [][]int32 // by node: distinct targets of counting grants, ascending
	// Pruned says that there is nothing but Source, Target and S (see Enumerate), at least
	// one chain, and nothing in the Next of Target unless it is in S.
	Pruned bool
}

// Enumerate lists the chains from Source to Target of at most maxDepth hops, at most first
// of them: shortest first, then by the nodes along them. A chain never repeats a node,
// except that Target may also be passed through on the way to its last hop. truncated
// says that there are more than first within maxDepth, or that longer ones cannot be
// ruled out: with S = the passable nodes other than Source that are reachable from Source
// and from which Target is, a walk of maxDepth hops from Source stays in S, and S is large
// enough (|S| + 1 > maxDepth). From a node to itself there is no chain.
//
// It is Lawler's k-shortest-paths method: each chain found splits what is left into
// disjoint subspaces (a common prefix and forbidden next steps), and only the best of
// each is kept. The delay between chains is polynomial: O(maxDepth × hops) at worst,
// whatever dead ends there are.
func (g *ChainGraph) Enumerate(ctx context.Context, maxDepth, first int) (paths [][]int32, truncated bool, err error) {
	if g.Source == g.Target {
		return nil, false, nil
	}
	e := newChainSearch(g, maxDepth)
	if e == nil {
		return nil, false, nil
	}
	queue := &candidates{}
	if c, ok := e.best([]int32{e.source}, nil); ok {
		heap.Push(queue, c)
	}
	for queue.Len() > 0 && len(paths) < first {
		if err := ctx.Err(); err != nil {
			return nil, false, err
		}
		c := heap.Pop(queue).(candidate) //nolint:forcetypeassert // holds nothing else
		paths = append(paths, e.original(c.path))
		for i := c.branch; i < len(c.path)-1; i++ {
			forbidden := []int32{c.path[i+1]}
			if i == c.branch {
				forbidden = append(forbidden, c.forbidden...)
			}
			if child, ok := e.best(c.path[:i+1], forbidden); ok {
				heap.Push(queue, child)
			}
		}
	}
	return paths, queue.Len() > 0 || e.longer(), nil
}

// chainSearch is the graph cut down to what chains can use: the source and S, numbered in
// id order, and a sink that stands for the target as the end of a chain (the target itself
// may be in S, as a node to pass through).
type chainSearch struct {
	ids          []int32 // node → number in the ChainGraph
	next, prev   arcs
	source, sink int32
	maxDepth     int
	static       []int32 // hops to the sink, nothing excluded; -1 = none
	dist         []int32 // the same without the prefix, scratch
	excluded     []bool  // the prefix, scratch
	barred       []bool  // forbidden next steps, scratch
	frontier     []int32 // scratch
}

func newChainSearch(g *ChainGraph, maxDepth int) *chainSearch {
	keep := func(v int) bool { return v != int(g.Target) || len(g.Next[v]) > 0 }
	if !g.Pruned {
		between := g.between()
		if !between[g.Source] {
			return nil
		}
		keep = func(v int) bool { return between[v] }
	}
	n, hops := len(g.Next), 0
	memory := make([]int32, 6*n+8)
	take := func(size int) []int32 {
		out := memory[:size:size]
		memory = memory[size:]
		return out
	}
	e := &chainSearch{maxDepth: maxDepth, ids: take(n + 1)[:0]}
	number := take(n)
	for v := range n {
		number[v] = -1
		if keep(v) {
			number[v] = int32(len(e.ids))   //nolint:gosec // fewer than 2^31 entities
			e.ids = append(e.ids, int32(v)) //nolint:gosec // as above
			hops += len(g.Next[v])
		}
	}
	e.source, e.sink = number[g.Source], int32(len(e.ids)) //nolint:gosec // as above
	e.ids = append(e.ids, g.Target)
	m := len(e.ids)
	marks := make([]bool, 2*m)
	e.static, e.dist, e.excluded, e.barred = take(m), take(m), marks[:m], marks[m:]
	// Each hop is one arc, one to the target two when it can be passed through as well.
	e.next = arcs{starts: take(m + 1), ends: make([]int32, 0, hops+m)}
	for u := range e.sink {
		for _, v := range g.Next[e.ids[u]] {
			if v == g.Target {
				e.next.ends = append(e.next.ends, e.sink)
			}
			if number[v] >= 0 && v != g.Source {
				e.next.ends = append(e.next.ends, number[v])
			}
		}
		e.next.starts[u+1] = int32(len(e.next.ends)) //nolint:gosec // fewer than 2^31 pairs
	}
	e.next.starts[m] = e.next.starts[m-1]
	e.prev = e.next.turned()
	e.distances(e.static, m)
	return e
}

// between marks Source, if there is a chain, and S.
func (g *ChainGraph) between() []bool {
	n := len(g.Next)
	passable := func(v int32) bool { return g.Through[v] && v != g.Source }
	forward := make([]bool, n)
	forward[g.Source] = true
	stack := []int32{g.Source}
	prev := make([][]int32, n)
	for len(stack) > 0 {
		u := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, v := range g.Next[u] {
			prev[v] = append(prev[v], u)
			if passable(v) && !forward[v] {
				forward[v] = true
				stack = append(stack, v)
			}
		}
	}
	// backward: nodes with a walk of one hop or more to the target.
	backward := make([]bool, n)
	stack = append(stack, g.Target)
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, u := range prev[v] {
			if backward[u] {
				continue
			}
			backward[u] = true
			// The target's own predecessors are taken at the start. What leads to the target
			// through the source alone belongs to S, though no chain can use it.
			if u != g.Target && (u != g.Source || g.Through[u]) {
				stack = append(stack, u)
			}
		}
	}
	for v := range backward {
		backward[v] = backward[v] && forward[v]
	}
	return backward
}

// arcs holds the nodes that each node leads to, or comes from.
type arcs struct{ starts, ends []int32 }

func (a *arcs) of(v int32) []int32 { return a.ends[a.starts[v]:a.starts[v+1]] }

// turned turns every arc around.
func (a *arcs) turned() arcs {
	n := len(a.starts) - 1
	out := arcs{starts: make([]int32, n+1), ends: make([]int32, len(a.ends))}
	for _, v := range a.ends {
		out.starts[v]++
	}
	sum := int32(0)
	for v := range out.starts {
		sum += out.starts[v]
		out.starts[v] = sum
	}
	for u := int32(n) - 1; u >= 0; u-- { //nolint:gosec // fewer than 2^31 entities
		for _, v := range a.of(u) {
			out.starts[v]--
			out.ends[out.starts[v]] = u
		}
	}
	return out
}

// distances fills dist with the hops to the sink, avoiding excluded nodes, up to limit.
func (e *chainSearch) distances(dist []int32, limit int) {
	for i := range dist {
		dist[i] = -1
	}
	dist[e.sink] = 0
	e.frontier = append(e.frontier[:0], e.sink)
	for i := 0; i < len(e.frontier); i++ {
		v := e.frontier[i]
		if int(dist[v]) >= limit {
			return
		}
		for _, u := range e.prev.of(v) {
			if dist[u] < 0 && !e.excluded[u] {
				dist[u] = dist[v] + 1
				e.frontier = append(e.frontier, u)
			}
		}
	}
}

// best is the shortest, then lexicographically first chain that begins with prefix and
// does not go on with a forbidden node.
func (e *chainSearch) best(prefix, forbidden []int32) (candidate, bool) {
	mark(e.excluded, prefix, true)
	mark(e.barred, forbidden, true)
	defer mark(e.excluded, prefix, false)
	defer mark(e.barred, forbidden, false)
	// Distances in the whole graph are lower bounds; when the chain they lead to happens
	// to avoid the prefix, it is the best one. Only else is a search of its own needed.
	path, clean := e.follow(e.static, prefix)
	if !clean {
		e.distances(e.dist, e.maxDepth-len(prefix)+1)
		path, _ = e.follow(e.dist, prefix)
	}
	if path == nil {
		return candidate{}, false
	}
	return candidate{path: path, branch: len(prefix) - 1, forbidden: forbidden}, true
}

func mark(set []bool, nodes []int32, to bool) {
	for _, v := range nodes {
		set[v] = to
	}
}

// follow completes prefix along falling distances, smallest node first, avoiding
// barred steps; nil when there is no completion within maxDepth. It is not clean when it runs into an excluded node.
func (e *chainSearch) follow(dist, prefix []int32) (path []int32, clean bool) {
	at := int32(-1)
	for _, v := range e.next.of(prefix[len(prefix)-1]) {
		if dist[v] >= 0 && !e.excluded[v] && !e.barred[v] && (at < 0 || dist[v] < dist[at]) {
			at = v
		}
	}
	// len(prefix) - 1 hops so far, one to at, dist[at] on.
	if at < 0 || len(prefix)+int(dist[at]) > e.maxDepth {
		return nil, true
	}
	path = append(make([]int32, 0, len(prefix)+int(dist[at])+1), prefix...)
	for path = append(path, at); at != e.sink; path = append(path, at) {
		here := at
		for _, v := range e.next.of(here) {
			if dist[v] >= 0 && dist[v] == dist[here]-1 {
				at = v
				break
			}
		}
		if e.excluded[at] {
			return nil, false
		}
	}
	return path, true
}

// longer reports whether chains beyond maxDepth cannot be ruled out.
func (e *chainSearch) longer() bool {
	// ids holds the source, S and the sink; |S| + 1 > maxDepth.
	if len(e.ids)-1 <= e.maxDepth {
		return false
	}
	// Every node of S leads to the target, so a walk that is still in S after maxDepth
	// hops can be made one that ends there.
	level, seen := []int32{e.source}, make([]int, len(e.ids))
	for depth := 1; depth <= e.maxDepth && len(level) > 0; depth++ {
		var up []int32
		for _, u := range level {
			for _, v := range e.next.of(u) {
				if v != e.sink && seen[v] != depth {
					seen[v] = depth
					up = append(up, v)
				}
			}
		}
		level = up
	}
	return len(level) > 0
}

func (e *chainSearch) original(path []int32) []int32 {
	out := make([]int32, len(path))
	for i, v := range path {
		out[i] = e.ids[v]
	}
	return out
}

// candidate is the best chain of a subspace: those that share path[:branch+1] and go on
// with none of forbidden.
type candidate struct {
	path      []int32
	branch    int
	forbidden []int32
}

// candidates is a heap by length, then nodes.
type candidates []candidate

func (c candidates) Len() int { return len(c) }
func (c candidates) Less(i, j int) bool {
	if len(c[i].path) != len(c[j].path) {
		return len(c[i].path) < len(c[j].path)
	}
	return slices.Compare(c[i].path, c[j].path) < 0
}
func (c candidates) Swap(i, j int) { c[i], c[j] = c[j], c[i] }
func (c *candidates) Push(x any)   { *c = append(*c, x.(candidate)) } //nolint:forcetypeassert // holds nothing else
func (c *candidates) Pop() any {
	old := *c
	x := old[len(old)-1]
	*c = old[:len(old)-1]
	return x
}
