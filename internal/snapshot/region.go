package snapshot

import (
	"cmp"
	"slices"
	"sync"
)

// region is the part of the graph that access from some rows to others can pass through,
// numbered from 0. It serves one goroutine, and is released after use.
type region struct {
	s          *Snapshot
	identities bool
	rows       []uint32 // node → row; the sources come first
	sources    int      // how many there are
	starts     []int32  // the nodes that node v leads on to are next[starts[v]:starts[v+1]]
	next       []int32
	ends       []lastHop // by node, then in the order of rows

	parent []int32 // the node that each was found from, where survey filled the region
	aside  []arc   // and the arcs that nothing was found by, in order

	slot    []uint32 // row → node + 1, 0 = not in the region; all 0 when released
	alive   []bool
	back    []int32 // scratch of prune
	counts  []int32
	hops    []int32
	pending []int32
	keys    []uint64
	list    []uint32
	path    []uint32
}

// lastHop is a pair of a node and a target.
type lastHop struct {
	node   int32
	target uint32
}

// regions are shared by all snapshots: what is kept of one is memory, never content.
var regions sync.Pool

func (s *Snapshot) region(throughIdentities bool) *region {
	r, ok := regions.Get().(*region)
	if !ok {
		r = &region{}
	}
	if len(r.slot) < s.n {
		r.slot = make([]uint32, s.n)
	}
	r.s, r.identities = s, throughIdentities
	return r
}

func (r *region) release() {
	r.forget()
	r.s = nil
	regions.Put(r)
}

func (r *region) forget() {
	for _, row := range r.rows {
		r.slot[row] = 0
	}
	r.rows, r.starts, r.next, r.ends, r.sources = r.rows[:0], r.starts[:0], r.next[:0], r.ends[:0], 0
}

// passes reports whether access goes on through the row.
func (r *region) passes(row uint32) bool {
	k := r.s.kind[row]
	return k == kindConnection || r.identities && k == kindIdentity
}

// enter returns the node of a row, a new one when it has none.
func (r *region) enter(row uint32) int32 {
	if r.slot[row] == 0 {
		r.rows = append(r.rows, row)
		r.slot[row] = uint32(len(r.rows)) //nolint:gosec // fewer than 2^32 rows
	}
	return int32(r.slot[row]) - 1 //nolint:gosec // fewer than 2^31 rows
}

// node is the node of a row; -1 when it is not in the region.
func (r *region) node(row uint32) int32 { return int32(r.slot[row]) - 1 } //nolint:gosec // fewer than 2^31 rows

// ends of a region: one target or a set.
type targets struct {
	one uint32
	set Bits // nil = one
}

// targets makes a question's targets of their rows. No rows are a set that has none.
func (s *Snapshot) targets(rows []uint32) targets {
	if len(rows) == 1 {
		return targets{one: rows[0]}
	}
	set := NewBits(s.n)
	for _, row := range rows {
		set.Set(row)
	}
	return targets{set: set}
}

func (t *targets) has(row uint32) bool {
	if t.set == nil {
		return row == t.one
	}
	return t.set.Has(row)
}

// explore fills the region with all that the sources hold, in the order of a
// breadth-first search, and the last hops to the targets that p selects. Every pair of
// a holder is looked at once.
func (r *region) explore(sources []uint32, to targets, p *granted) {
	r.forget()
	for _, row := range sources {
		r.enter(row)
	}
	r.sources = len(r.rows)
	r.starts = append(r.starts, 0)
	pairs, kind := r.s.to, r.s.kind
	through := [3]bool{kindConnection: true, kindIdentity: r.identities}
	for v := 0; v < len(r.rows); v++ {
		holder := r.rows[v]
		list := pairs.Of(holder)
		if to.set == nil {
			if _, ok := slices.BinarySearch(list, to.one); ok && p.pair(holder, to.one) {
				r.ends = append(r.ends, lastHop{int32(v), to.one}) //nolint:gosec // an index
			}
		}
		for _, row := range list {
			if to.set != nil && to.set.Has(row) && p.pair(holder, row) {
				r.ends = append(r.ends, lastHop{int32(v), row}) //nolint:gosec // an index
			}
			if through[kind[row]] {
				r.next = append(r.next, r.enter(row))
			}
		}
		r.starts = append(r.starts, int32(len(r.next))) //nolint:gosec // fewer than 2^31 pairs
	}
}

// prune takes out the nodes that lead to no target. It reports whether a source does.
func (r *region) prune() bool {
	if !r.find() {
		return false
	}
	r.compact()
	return true
}

// find marks the nodes that lead to a target as alive, with the hops of the shortest way.
// It reports whether a source does.
func (r *region) find() bool {
	n := len(r.rows)
	r.alive, r.hops = grow(r.alive, n), grow(r.hops, n)
	clear(r.alive)
	queue := r.pending[:0]
	for _, e := range r.ends {
		if !r.alive[e.node] {
			r.alive[e.node], r.hops[e.node] = true, 1
			queue = append(queue, e.node)
		}
	}
	if len(queue) == 0 {
		return false
	}
	r.turn()
	for i := 0; i < len(queue); i++ {
		v := queue[i]
		for _, u := range r.back[r.counts[v]:r.counts[v+1]] {
			if !r.alive[u] {
				r.alive[u], r.hops[u] = true, r.hops[v]+1
				queue = append(queue, u)
			}
		}
	}
	r.pending = queue
	return slices.Contains(r.alive[:r.sources], true)
}

// turn groups the arcs by where they lead: into v come back[counts[v]:counts[v+1]].
func (r *region) turn() {
	n := len(r.rows)
	r.counts, r.back = grow(r.counts, n+1), grow(r.back, len(r.next))
	clear(r.counts)
	for _, w := range r.next {
		r.counts[w]++
	}
	sum := int32(0)
	for v := range r.counts {
		sum += r.counts[v]
		r.counts[v] = sum
	}
	for v := n - 1; v >= 0; v-- {
		for _, w := range r.next[r.starts[v]:r.starts[v+1]] {
			r.counts[w]--
			r.back[r.counts[w]] = int32(v) //nolint:gosec // an index
		}
	}
}

// compact keeps the nodes that are alive, in their order.
func (r *region) compact() {
	number := grow(r.pending, len(r.rows)) // old node → new node
	r.pending = number
	kept := int32(0)
	for v := range r.rows {
		number[v] = -1
		if r.alive[v] {
			number[v] = kept
			kept++
		}
	}
	sources, arcs, from := 0, int32(0), int32(0)
	for v, row := range r.rows {
		to := r.starts[v+1]
		if !r.alive[v] {
			r.slot[row] = 0
			from = to
			continue
		}
		if v < r.sources {
			sources++
		}
		w := number[v]
		r.rows[w], r.slot[row] = row, uint32(w)+1 //nolint:gosec // not negative
		for _, next := range r.next[from:to] {
			if number[next] >= 0 {
				r.next[arcs] = number[next]
				arcs++
			}
		}
		from = to
		r.starts[w+1] = arcs
	}
	r.rows, r.starts, r.next, r.sources = r.rows[:kept], r.starts[:kept+1], r.next[:arcs], sources
	for i := range r.ends {
		r.ends[i].node = number[r.ends[i].node]
	}
}

// grow returns a slice of length n, with whatever was in it.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	return s[:n]
}

// sortByID sorts rows by their ids.
func (s *Snapshot) sortByID(rows []uint32) {
	place := s.idPos
	if len(rows) > 12 {
		slices.SortFunc(rows, func(x, y uint32) int { return cmp.Compare(place[x], place[y]) })
		return
	}
	for i := 1; i < len(rows); i++ {
		row := rows[i]
		j := i
		for ; j > 0 && place[rows[j-1]] > place[row]; j-- {
			rows[j] = rows[j-1]
		}
		rows[j] = row
	}
}
