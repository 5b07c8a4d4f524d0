package snapshot

// walker is the scratch of one traversal: marks that are cleared by counting up, so that
// a small traversal costs what it visits and not the size of the graph. A walker serves
// one goroutine; the slices it returns are good until its next traversal.
type walker struct {
	s          *Snapshot
	held       []uint32 // stamps by row
	hit        []uint32
	stamp      uint32
	holders    []uint32
	targets    []uint32
	identities bool // pass through identities too

	// Of the page at hand.
	found  rowSet
	rows   []uint32
	bundle []uint32 // row → bundle gathered so far + 1
	joiner joiner
}

func (s *Snapshot) walker() *walker {
	w, ok := s.walkers.Get().(*walker)
	if !ok {
		w = &walker{s: s, held: make([]uint32, s.n), hit: make([]uint32, s.n), found: newRowSet(s.n), bundle: make([]uint32, s.n), joiner: joiner{b: s.bundles}}
	}
	w.identities = false
	return w
}

func (s *Snapshot) done(w *walker) { s.walkers.Put(w) }

func (w *walker) reset() {
	if w.stamp++; w.stamp == 0 {
		clear(w.held)
		clear(w.hit)
		w.stamp = 1
	}
	w.holders, w.targets = w.holders[:0], w.targets[:0]
}

// passes reports whether access goes on through the row.
func (w *walker) passes(row uint32) bool {
	return w.s.kind[row] == kindConnection || w.identities && w.s.kind[row] == kindIdentity
}

// hold computes the holders of the seeds: the seeds and all that is passed through from
// them. With only, rows outside it are not passed through.
func (w *walker) hold(seeds []uint32, only Bits) []uint32 {
	w.reset()
	for _, row := range seeds {
		if w.held[row] != w.stamp {
			w.held[row] = w.stamp
			w.holders = append(w.holders, row)
		}
	}
	next := w.s.member[0]
	if w.identities {
		next = w.s.member[1]
	}
	for i := 0; i < len(w.holders); i++ {
		for _, row := range next.Of(w.holders[i]) {
			if w.held[row] != w.stamp && (only == nil || only.Has(row)) {
				w.held[row] = w.stamp
				w.holders = append(w.holders, row)
			}
		}
	}
	return w.holders
}

// permissionSet is the permissions that a condition accepts; nil accepts all.
type permissionSet struct {
	codes Bits
	empty bool // accepts a grant without a permission name
}

func (p *permissionSet) has(code uint32) bool {
	if code == none {
		return p.empty
	}
	return p.codes.Has(code)
}

// each yields the targets of the holders' pairs whose bundle passes (nil = all do), with
// repetitions.
func (w *walker) each(holders []uint32, passing Bits, yield func(target uint32) bool) bool {
	s := w.s
	for _, h := range holders {
		lo, hi := s.to.offsets[h], s.to.offsets[h+1]
		for i := lo; i < hi; i++ {
			if (passing == nil || passing.Has(s.bundles.of[i])) && !yield(s.to.rows[i]) {
				return false
			}
		}
	}
	return true
}

// reach returns what the row reaches with an effective permission that passes, itself excepted.
func (w *walker) reach(row uint32, passing Bits) []uint32 {
	holders := w.hold([]uint32{row}, nil)
	w.hit[row] = w.stamp
	if passing == nil {
		for _, h := range holders {
			for _, to := range w.s.to.Of(h) {
				if w.hit[to] != w.stamp {
					w.hit[to] = w.stamp
					w.targets = append(w.targets, to)
				}
			}
		}
		return w.targets
	}
	w.each(holders, passing, func(to uint32) bool {
		if w.hit[to] != w.stamp {
			w.hit[to] = w.stamp
			w.targets = append(w.targets, to)
		}
		return true
	})
	return w.targets
}

// reachesOther counts the rows of set, row excepted, that it reaches with a permission
// that passes, up to limit. only bounds what is passed through.
func (w *walker) reachesOther(row uint32, set Bits, passing Bits, only Bits, limit int) int {
	holders := w.hold([]uint32{row}, only)
	w.hit[row] = w.stamp
	n := 0
	w.each(holders, passing, func(to uint32) bool {
		if set.Has(to) && w.hit[to] != w.stamp {
			w.hit[to] = w.stamp
			n++
		}
		return n < limit
	})
	return n
}

// sources marks and collects the rows with a pair on a target that passes.
func (w *walker) sources(target uint32, passing Bits) {
	s := w.s
	lo, hi := s.from.offsets[target], s.from.offsets[target+1]
	for i := lo; i < hi; i++ {
		row := s.from.rows[i]
		if w.held[row] != w.stamp && (passing == nil || passing.Has(s.bundles.back[i])) {
			w.held[row] = w.stamp
			w.holders = append(w.holders, row)
		}
	}
}

// reachedBy returns what reaches one of the targets with a permission that passes; a target
// itself is included when it does so in a cycle. While visit says true it goes on.
func (w *walker) reachedBy(targets []uint32, passing Bits, visit func(row uint32) bool) []uint32 {
	w.reset()
	for _, t := range targets {
		w.sources(t, passing)
	}
	for i := 0; i < len(w.holders); i++ {
		row := w.holders[i]
		if visit != nil && !visit(row) {
			break
		}
		if w.passes(row) {
			w.sources(row, nil)
		}
	}
	return w.holders
}

// reachedByOther counts the rows of set, row excepted, that reach it with a permission in
// passing, up to limit.
func (w *walker) reachedByOther(row uint32, set Bits, passing Bits, limit int) int {
	n := 0
	w.reachedBy([]uint32{row}, passing, func(by uint32) bool {
		if by != row && set.Has(by) {
			n++
		}
		return n < limit
	})
	return n
}

// forward returns {t : some s in seeds, s ≠ t, reaches t with a permission that passes}.
func (s *Snapshot) forward(seeds Bits, passing Bits) Bits {
	w := s.walker()
	defer s.done(w)
	out := NewBits(s.n)
	w.each(w.hold(seeds.List(), nil), passing, func(to uint32) bool { out.Set(to); return true })
	for row := range s.doubtful(out, seeds) {
		if w.reachedByOther(row, seeds, passing, 1) == 0 {
			out.Clear(row)
		}
	}
	return out
}

// backward returns {e : some r in targets, r ≠ e, is reached by e with a permission that passes}.
func (s *Snapshot) backward(targets Bits, passing Bits) Bits {
	w := s.walker()
	defer s.done(w)
	out := NewBits(s.n)
	for _, row := range w.reachedBy(targets.List(), passing, nil) {
		out.Set(row)
	}
	for row := range s.doubtful(out, targets) {
		if w.reachesOther(row, targets, passing, nil, 1) == 0 {
			out.Clear(row)
		}
	}
	return out
}

// doubtful yields the rows of found that may be there only because they reach
// themselves: those that are in the other set as well and lie on a cycle.
func (s *Snapshot) doubtful(found, other Bits) func(yield func(uint32) bool) {
	both := found.Clone()
	both.And(other)
	both.And(s.loops)
	return both.Rows
}
