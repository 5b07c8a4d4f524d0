// Package flow finds maximum flows and minimum cuts.
package flow

import (
	"context"
	"math"
	"slices"
)

// Infinite is a capacity that no cut can pay for. Capacities that are not infinite must
// add up to less.
const Infinite = math.MaxInt64 / 4

// Network is a directed graph with capacities. Nodes are 0 … n-1. It is used once:
// arcs are added, then Run, then the results.
type Network struct {
	nodes int32
	from  []int32
	to    []int32 // of arc a: to[2a]; its reverse 2a+1
	left  []int64 // what can still flow along each half arc
	first []int32 // node → its half arcs are arcs[first[v]:first[v+1]]
	arcs  []int32
	level []int32
	queue []int32
	s, t  int32
}

// New returns a network without arcs; arcs says how many to expect.
func New(nodes, arcs int) *Network {
	return &Network{
		nodes: int32(nodes), from: make([]int32, 0, arcs), to: make([]int32, 0, 2*arcs), left: make([]int64, 0, 2*arcs), //nolint:gosec // fewer than 2^31
	}
}

// Add adds an arc and returns its number: 0, 1, 2 …
func (n *Network) Add(from, to int32, capacity int64) int {
	n.from = append(n.from, from)
	n.to = append(n.to, to, from)
	n.left = append(n.left, capacity, 0)
	return len(n.from) - 1
}

// Run sends as much as can flow from s to t and returns how much that is: Infinite or
// more when a way of infinite arcs leads there. It is Dinic's algorithm (1970):
// O(nodes² × arcs), and O(arcs^1.5) when all capacities are 1. Cancelling ctx stops it.
func (n *Network) Run(ctx context.Context, s, t int32) (int64, error) {
	n.s, n.t = s, t
	n.index()
	n.level = make([]int32, n.nodes)
	at := make([]int32, n.nodes) // the half arc to try next
	total := int64(0)
	for n.layer() {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		copy(at, n.first[:n.nodes])
		sent := n.block(at)
		if total += sent; total >= Infinite {
			return total, nil
		}
	}
	return total, ctx.Err()
}

// index groups the half arcs by the node they leave, in the order of adding.
func (n *Network) index() {
	n.first = make([]int32, n.nodes+1)
	for i := range n.to {
		n.first[n.to[i^1]+1]++
	}
	for v := range n.nodes {
		n.first[v+1] += n.first[v]
	}
	next := append([]int32(nil), n.first...)
	n.arcs = make([]int32, len(n.to))
	for i := range n.to {
		v := n.to[i^1]
		n.arcs[next[v]] = int32(i) //nolint:gosec // an index
		next[v]++
	}
}

// layer numbers the nodes by their distance from s along what is left; false when t is
// cut off.
func (n *Network) layer() bool {
	for i := range n.level {
		n.level[i] = -1
	}
	n.level[n.s] = 0
	n.queue = append(n.queue[:0], n.s)
	for i := 0; i < len(n.queue) && n.level[n.t] < 0; i++ {
		v := n.queue[i]
		for _, a := range n.arcs[n.first[v]:n.first[v+1]] {
			if w := n.to[a]; n.left[a] > 0 && n.level[w] < 0 {
				n.level[w] = n.level[v] + 1
				n.queue = append(n.queue, w)
			}
		}
	}
	return n.level[n.t] >= 0
}

// block saturates the layered network: a depth-first search without recursion, for
// chains can be as long as there are nodes.
func (n *Network) block(at []int32) (sent int64) {
	var path []int32
	v := n.s
	for {
		if v == n.t {
			amount := int64(math.MaxInt64)
			for _, a := range path {
				amount = min(amount, n.left[a])
			}
			cut := 0
			for i := len(path) - 1; i >= 0; i-- {
				a := path[i]
				n.left[a] -= amount
				n.left[a^1] += amount
				if n.left[a] == 0 {
					cut = i
				}
			}
			sent += amount
			if sent >= Infinite {
				return sent
			}
			v = n.to[path[cut]^1] // go on before the first arc that is full
			path = path[:cut]
			continue
		}
		for ; at[v] < n.first[v+1]; at[v]++ {
			a := n.arcs[at[v]]
			if n.left[a] > 0 && n.level[n.to[a]] == n.level[v]+1 {
				break
			}
		}
		if at[v] < n.first[v+1] {
			a := n.arcs[at[v]]
			path = append(path, a)
			v = n.to[a]
			continue
		}
		if v == n.s {
			return sent
		}
		last := path[len(path)-1] // a dead end
		path = path[:len(path)-1]
		v = n.to[last^1]
		at[v]++
	}
}

// Flow is what flows along an arc after Run.
func (n *Network) Flow(arc int) int64 { return n.left[2*arc+1] }

// SourceSide marks the nodes that more could flow to: the smallest source side of all
// minimum cuts, whatever flow was found. The arcs that leave it are the minimum cut nearest
// to the source.
func (n *Network) SourceSide() []bool {
	return n.side(n.s, func(a int32) bool { return n.left[a] > 0 })
}

// SinkSide marks the nodes that more could flow from to the sink: the smallest sink side
// of all minimum cuts. The arcs that enter it are the minimum cut nearest to the sink.
func (n *Network) SinkSide() []bool {
	return n.side(n.t, func(a int32) bool { return n.left[a^1] > 0 })
}

func (n *Network) side(from int32, open func(a int32) bool) []bool {
	in := make([]bool, n.nodes)
	in[from] = true
	stack := []int32{from}
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, a := range n.arcs[n.first[v]:n.first[v+1]] {
			if w := n.to[a]; !in[w] && open(a) {
				in[w] = true
				stack = append(stack, w)
			}
		}
	}
	return in
}

// Paths takes the flow apart into simple paths from the source to the sink: it yields the
// arcs of each and what flows along it. Together they are the whole flow; what only
// goes round in circles is left out. O(nodes × arcs) at worst. The slice is good until the
// next path.
func (n *Network) Paths(yield func(arcs []int32, amount int64) bool) {
	flow := make([]int64, len(n.from))
	for a := range flow {
		flow[a] = n.Flow(a)
	}
	at := append([]int32(nil), n.first[:n.nodes]...)
	on := make([]int32, n.nodes) // the place on the path + 1
	var path []int32
	v := n.s
	on[v] = 1
	for {
		if v == n.t {
			amount, cut := least(flow, path)
			if !yield(path, amount) {
				return
			}
			v = n.rewind(path, cut, on)
			path = path[:cut]
			continue
		}
		for ; at[v] < n.first[v+1]; at[v]++ {
			if a := n.arcs[at[v]]; a&1 == 0 && flow[a/2] > 0 {
				break
			}
		}
		if at[v] == n.first[v+1] {
			return // of s; elsewhere what comes in goes out again
		}
		a := n.arcs[at[v]] / 2
		w := n.to[2*a]
		path = append(path, a)
		if on[w] == 0 {
			on[w] = int32(len(path)) + 1 //nolint:gosec // an index
			v = w
			continue
		}
		// A circle: what flows round in it is taken off.
		begin := int(on[w]) - 1
		_, cut := least(flow, path[begin:])
		v = n.rewind(path, begin+cut, on)
		path = path[:begin+cut]
	}
}

// least takes the least flow along the arcs off them and returns it, and the first arc
// that has nothing left.
func least(flow []int64, arcs []int32) (amount int64, cut int) {
	amount = math.MaxInt64
	for _, a := range arcs {
		amount = min(amount, flow[a])
	}
	for i := len(arcs) - 1; i >= 0; i-- {
		if flow[arcs[i]] -= amount; flow[arcs[i]] == 0 {
			cut = i
		}
	}
	return amount, cut
}

// rewind takes what lies beyond the first keep arcs off the path and returns its new end.
func (n *Network) rewind(path []int32, keep int, on []int32) int32 {
	for _, a := range path[keep:] {
		if w := n.to[2*a]; int(on[w])-1 > keep { // not where a circle closes
			on[w] = 0
		}
	}
	return n.from[path[keep]]
}

// Ends are the nodes of an arc.
func (n *Network) Ends(arc int) (from, to int32) { return n.from[arc], n.to[2*arc] }

// Unlimited returns the arcs of a shortest path of infinite arcs from source to sink; nil
// when there is none.
func (n *Network) Unlimited() []int32 {
	by := make([]int32, n.nodes) // the arc that led to a node + 1
	queue := []int32{n.s}
	for i := 0; i < len(queue) && by[n.t] == 0; i++ {
		v := queue[i]
		for _, a := range n.arcs[n.first[v]:n.first[v+1]] {
			if w := n.to[a]; a&1 == 0 && w != n.s && by[w] == 0 && n.left[a]+n.left[a+1] >= Infinite {
				by[w] = a/2 + 1
				queue = append(queue, w)
			}
		}
	}
	var path []int32
	for v := n.t; by[v] != 0; v = n.from[by[v]-1] {
		path = append(path, by[v]-1)
	}
	slices.Reverse(path)
	return path
}
