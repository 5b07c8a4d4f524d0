package snapshot

// findLoops returns the rows that reach themselves: connections on a cycle of counting
// grants or with a grant on themselves, and others that a connection they hold leads
// back to.
func (s *Snapshot) findLoops() Bits {
	loops := NewBits(s.n)
	s.components(func(component []uint32) {
		if len(component) > 1 {
			for _, row := range component {
				loops.Set(row)
			}
		}
	})
	w := &walker{s: s, held: make([]uint32, s.n), hit: make([]uint32, s.n)}
	for row := range uint32(s.n) { //nolint:gosec // fewer than 2^32 rows
		for _, to := range s.to.Of(row) {
			if to == row {
				loops.Set(row)
			}
		}
		if s.kind[row] == kindConnection || len(s.from.Of(row)) == 0 || len(s.member[0].Of(row)) == 0 {
			continue
		}
		w.each(w.hold([]uint32{row}, nil), nil, func(to uint32) bool {
			if to == row {
				loops.Set(row)
			}
			return to != row
		})
	}
	return loops
}

// components yields the strongly connected components of the connections, each after all
// that it leads to (Tarjan's algorithm, without recursion, for nesting has no depth limit).
func (s *Snapshot) components(yield func(rows []uint32)) {
	index := make([]uint32, s.n) // order of discovery from 1, 0 = not seen
	low := make([]uint32, s.n)
	onStack := NewBits(s.n)
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
	for root := range uint32(s.n) { //nolint:gosec // fewer than 2^32 rows
		if s.kind[root] != kindConnection || index[root] != 0 {
			continue
		}
		for enter(root); len(calls) > 0; {
			f := &calls[len(calls)-1]
			row, next := f.row, s.member[0].Of(f.row)
			if f.next < len(next) {
				to := next[f.next]
				f.next++
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
