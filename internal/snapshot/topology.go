package snapshot

import "slices"

// topology is the graph of connections with its cycles taken out: connections that reach
// each other hold the same access, so they are one component, and what is left has no
// cycle. Components are numbered so that each comes after all that it leads to.
type topology struct {
	of      []uint32  // row → component of a connection, none for all else
	members Adjacency // component → its rows
	next    Adjacency // component → the components it leads to directly, itself excepted
	nests   Adjacency // place in members.rows → the connections that this row has pairs on
	cyclic  Bits      // components whose members reach themselves
	flats   *flats
}

// newTopology condenses the connections of a graph.
func newTopology(kind []uint8, to *Adjacency) *topology {
	t := &topology{of: make([]uint32, len(kind)), members: Adjacency{offsets: []uint32{0}}, next: Adjacency{offsets: []uint32{0}}, nests: Adjacency{offsets: []uint32{0}}}
	for row := range t.of {
		t.of[row] = none
	}
	condense(kind, to, func(rows []uint32) {
		n := uint32(len(t.members.offsets) - 1) //nolint:gosec // no more than rows
		from := len(t.members.rows)
		t.members.rows = append(t.members.rows, rows...)
		slices.Sort(t.members.rows[from:])
		t.members.offsets = append(t.members.offsets, uint32(len(t.members.rows))) //nolint:gosec // no more than rows
		for _, row := range rows {
			t.of[row] = n
		}
	})
	n := len(t.members.offsets) - 1
	t.cyclic = NewBits(n)
	for c := range uint32(n) { //nolint:gosec // no more than rows
		own := t.members.Of(c)
		if len(own) > 1 {
			t.cyclic.Set(c)
		}
		from := len(t.next.rows)
		for _, row := range own {
			for _, target := range to.Of(row) {
				d := t.of[target]
				if d == none {
					continue
				}
				t.nests.rows = append(t.nests.rows, target)
				if d == c {
					t.cyclic.Set(c)
				} else {
					t.next.rows = append(t.next.rows, d)
				}
			}
			t.nests.offsets = append(t.nests.offsets, uint32(len(t.nests.rows))) //nolint:gosec // no more than pairs
		}
		slices.Sort(t.next.rows[from:])
		t.next.rows = t.next.rows[:from+len(slices.Compact(t.next.rows[from:]))]
		t.next.offsets = append(t.next.offsets, uint32(len(t.next.rows))) //nolint:gosec // no more than pairs
	}
	t.members.rows, t.next.rows, t.nests.rows = slices.Clip(t.members.rows), slices.Clip(t.next.rows), slices.Clip(t.nests.rows)
	t.flats = newFlats(n)
	return t
}

// nested returns the connections that a row of a component has pairs on, ascending.
func (t *topology) nested(row, c uint32) []uint32 {
	place := t.members.offsets[c]
	if members := t.members.rows[place:t.members.offsets[c+1]]; len(members) > 1 {
		i, _ := slices.BinarySearch(members, row)
		place += uint32(i) //nolint:gosec // an index
	}
	return t.nests.rows[t.nests.offsets[place]:t.nests.offsets[place+1]]
}

// components is how many there are.
func (t *topology) components() int { return len(t.members.offsets) - 1 }

// condense yields the strongly connected components of the connections, each after all
// that it leads to (Tarjan, "Depth-first search and linear graph algorithms", 1972, without
// recursion, for nesting has no depth limit). O(connections and their pairs).
func condense(kind []uint8, to *Adjacency, yield func(rows []uint32)) {
	n := len(kind)
	index := make([]uint32, n) // order of discovery from 1, 0 = not seen
	low := make([]uint32, n)
	onStack := NewBits(n)
	type frame struct {
		row  uint32
		next int
	}
	var stack []uint32
	var calls []frame
	count := uint32(0)
	enter := func(row uint32) {
		count++
		index[row], low[row] = count, count
		stack = append(stack, row)
		onStack.Set(row)
		calls = append(calls, frame{row: row})
	}
	for root := range uint32(n) { //nolint:gosec // fewer than 2^32 rows
		if kind[root] != kindConnection || index[root] != 0 {
			continue
		}
		for enter(root); len(calls) > 0; {
			f := &calls[len(calls)-1]
			row, next := f.row, to.Of(f.row)
			if f.next < len(next) {
				to := next[f.next]
				f.next++
				if kind[to] != kindConnection {
					continue
				}
				if index[to] == 0 {
					enter(to)
				} else if onStack.Has(to) {
					low[row] = min(low[row], index[to])
				}
				continue
			}
			calls = calls[:len(calls)-1]
			if len(calls) > 0 {
				above := calls[len(calls)-1].row
				low[above] = min(low[above], low[row])
			}
			if low[row] == index[row] {
				at := len(stack) - 1
				for stack[at] != row {
					at--
				}
				for _, member := range stack[at:] {
					onStack.Clear(member)
				}
				yield(stack[at:])
				stack = stack[:at]
			}
		}
	}
}

// findLoops returns the rows that reach themselves: connections on a cycle of counting
// grants or with a grant on themselves, and others that a connection they hold leads
// back to.
func (s *Snapshot) findLoops() Bits {
	loops := NewBits(s.n)
	for c := range s.topology.cyclic.Rows {
		for _, row := range s.topology.members.Of(c) {
			loops.Set(row)
		}
	}
	var w *walker
	for row := range uint32(s.n) { //nolint:gosec // fewer than 2^32 rows
		if s.kind[row] == kindConnection || len(s.from.Of(row)) == 0 {
			continue
		}
		own := s.to.Of(row)
		if _, self := slices.BinarySearch(own, row); self {
			loops.Set(row)
			continue
		}
		if !slices.ContainsFunc(own, func(to uint32) bool { return s.kind[to] == kindConnection }) {
			continue
		}
		// Something between holds it: look which connections it holds has a grant back.
		if w == nil {
			w = s.walker()
			defer s.done(w)
		}
		w.hold([]uint32{row}, nil)
		if slices.ContainsFunc(s.from.Of(row), func(by uint32) bool { return w.held[by] == w.stamp }) {
			loops.Set(row)
		}
	}
	return loops
}
