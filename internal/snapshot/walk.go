package snapshot

// walker is the scratch of one traversal: marks that are cleared by counting up, so that
// a small traversal costs what it visits and not the size of the graph. A walker serves
// one goroutine; the slices it returns are good until its next traversal.
type walker struct {
	s          *Snapshot
	held, hit  []uint32 // stamps by row
	stamp      uint32
	holders    []uint32
	targets    []uint32
	identities bool // pass through identities too

	// Of the page at hand.
	set         Bits
	slot        []uint32 // row → its place on the page + 1
	permissions permissionLists
}

func (s *Snapshot) walker() *walker {
	w, ok := s.walkers.Get().(*walker)
	if !ok {
		w = &walker{s: s, held: make([]uint32, s.n), hit: make([]uint32, s.n), set: NewBits(s.n), slot: make([]uint32, s.n)}
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

// each yields the targets of counting grants of the holders that pass, with repetitions.
func (w *walker) each(holders []uint32, p *permissionSet, yield func(target uint32) bool) bool {
	for _, h := range holders {
		if p == nil {
			for _, row := range w.s.to.Of(h) {
				if !yield(row) {
					return false
				}
			}
			continue
		}
		t := w.s.grants
		for g := t.out[h]; g < t.out[h+1]; g++ {
			if t.counts.Has(g) && p.has(t.permission[g]) && !yield(t.target[g]) {
				return false
			}
		}
	}
	return true
}

// reach returns what the row reaches with an effective permission in p, itself excepted.
func (w *walker) reach(row uint32, p *permissionSet) []uint32 {
	holders := w.hold([]uint32{row}, nil)
	w.hit[row] = w.stamp
	if p == nil {
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
	w.each(holders, p, func(to uint32) bool {
		if w.hit[to] != w.stamp {
			w.hit[to] = w.stamp
			w.targets = append(w.targets, to)
		}
		return true
	})
	return w.targets
}

// reachesOther counts the rows of set, row excepted, that it reaches with a permission
// in p, up to limit. only bounds what is passed through.
func (w *walker) reachesOther(row uint32, set Bits, p *permissionSet, only Bits, limit int) int {
	holders := w.hold([]uint32{row}, only)
	w.hit[row] = w.stamp
	n := 0
	w.each(holders, p, func(to uint32) bool {
		if set.Has(to) && w.hit[to] != w.stamp {
			w.hit[to] = w.stamp
			n++
		}
		return n < limit
	})
	return n
}

// sources marks and collects the rows with a counting grant on a target that passes.
func (w *walker) sources(target uint32, p *permissionSet) {
	add := func(row uint32) {
		if w.held[row] != w.stamp {
			w.held[row] = w.stamp
			w.holders = append(w.holders, row)
		}
	}
	if p == nil {
		for _, row := range w.s.from.Of(target) {
			add(row)
		}
		return
	}
	t := w.s.grants
	for _, g := range t.on(target) {
		if t.counts.Has(g) && p.has(t.permission[g]) {
			add(t.source[g])
		}
	}
}

// reachedBy returns what reaches one of the targets with a permission in p; a target
// itself is included when it does so in a cycle. While visit says true it goes on.
func (w *walker) reachedBy(targets []uint32, p *permissionSet, visit func(row uint32) bool) []uint32 {
	w.reset()
	for _, t := range targets {
		w.sources(t, p)
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
// p, up to limit.
func (w *walker) reachedByOther(row uint32, set Bits, p *permissionSet, limit int) int {
	n := 0
	w.reachedBy([]uint32{row}, p, func(by uint32) bool {
		if by != row && set.Has(by) {
			n++
		}
		return n < limit
	})
	return n
}

// forward returns {t : some s in seeds, s ≠ t, reaches t with a permission in p}.
func (s *Snapshot) forward(seeds Bits, p *permissionSet) Bits {
	w := s.walker()
	defer s.done(w)
	out := NewBits(s.n)
	w.each(w.hold(seeds.List(), nil), p, func(to uint32) bool { out.Set(to); return true })
	for row := range s.doubtful(out, seeds) {
		if w.reachedByOther(row, seeds, p, 1) == 0 {
			out.Clear(row)
		}
	}
	return out
}

// backward returns {e : some r in targets, r ≠ e, is reached by e with a permission in p}.
func (s *Snapshot) backward(targets Bits, p *permissionSet) Bits {
	w := s.walker()
	defer s.done(w)
	out := NewBits(s.n)
	for _, row := range w.reachedBy(targets.List(), p, nil) {
		out.Set(row)
	}
	for row := range s.doubtful(out, targets) {
		if w.reachesOther(row, targets, p, nil, 1) == 0 {
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
