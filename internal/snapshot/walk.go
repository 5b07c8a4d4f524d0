package snapshot

import (
	"runtime"
	"sync"
)

// walker is the scratch of one traversal: marks that are cleared by counting up, so that
// a small traversal costs what it visits and not the size of the graph. A walker serves
// one goroutine; the slices it returns are good until its next traversal.
type walker struct {
	s          *Snapshot
	held       []uint32 // stamps by row
	hit        []uint32
	stamp      uint32
	components []uint32 // stamps by component
	holders    []uint32
	closure    []uint32 // components of the holders
	targets    []uint32
	identities bool // pass through identities too

	// Of the page at hand.
	found  rowSet
	rows   []uint32
	flats  []*flat
	bundle []uint32 // row → bundle gathered so far + 1
	joiner joiner
}

// walkers keeps those that are not at work. Unlike a pool that is emptied by collections
// of garbage it spares questions the making of a new one.
type walkers struct {
	lock sync.Mutex
	free []*walker
}

func (s *Snapshot) walker() *walker {
	s.walkers.lock.Lock()
	var w *walker
	if last := len(s.walkers.free) - 1; last >= 0 {
		w, s.walkers.free[last] = s.walkers.free[last], nil
		s.walkers.free = s.walkers.free[:last]
	}
	s.walkers.lock.Unlock()
	if w == nil {
		w = &walker{
			s: s, held: make([]uint32, s.n), hit: make([]uint32, s.n), components: make([]uint32, s.topology.components()),
			found: newRowSet(s.n), bundle: make([]uint32, s.n), joiner: joiner{b: s.bundles},
		}
	}
	w.identities = false
	return w
}

// done takes a walker back; more than are ever at work at a time are let go.
func (s *Snapshot) done(w *walker) {
	s.walkers.lock.Lock()
	defer s.walkers.lock.Unlock()
	if len(s.walkers.free) < 2*runtime.GOMAXPROCS(0) {
		s.walkers.free = append(s.walkers.free, w)
	}
}

func (k *walkers) bytes() (n int64) {
	k.lock.Lock()
	defer k.lock.Unlock()
	for _, w := range k.free {
		n += 4*int64(len(w.held)+len(w.hit)+len(w.bundle)+len(w.components)) + 8*int64(len(w.found.words))
	}
	return n
}

func (w *walker) reset() {
	if w.stamp++; w.stamp == 0 {
		clear(w.held)
		clear(w.hit)
		clear(w.components)
		w.stamp = 1
	}
	w.holders, w.targets, w.closure = w.holders[:0], w.targets[:0], w.closure[:0]
}

// passes reports whether access goes on through the row.
func (w *walker) passes(row uint32) bool {
	return w.s.kind[row] == kindConnection || w.identities && w.s.kind[row] == kindIdentity
}

// hold computes the holders of the seeds: the seeds, which come first, and all that is
// passed through from them. With only, rows outside it are not passed through; it must hold
// all or none of connections that reach each other.
func (w *walker) hold(seeds []uint32, only Bits) []uint32 {
	w.reset()
	for _, row := range seeds {
		w.take(row)
	}
	if w.identities {
		for i := 0; i < len(w.holders); i++ {
			for _, row := range w.s.to.Of(w.holders[i]) {
				if w.passes(row) && (only == nil || only.Has(row)) {
					w.take(row)
				}
			}
		}
		return w.holders
	}
	t := w.s.topology
	for i := range len(w.holders) {
		row := w.holders[i]
		if c := t.of[row]; c != none {
			w.enter(c, only)
			continue
		}
		for _, to := range w.s.to.Of(row) {
			if c := t.of[to]; c != none {
				w.enter(c, only)
			}
		}
	}
	for i := 0; i < len(w.closure); i++ {
		for _, row := range t.members.Of(w.closure[i]) {
			w.take(row)
		}
		for _, c := range t.next.Of(w.closure[i]) {
			w.enter(c, only)
		}
	}
	return w.holders
}

// take marks and collects a holder.
func (w *walker) take(row uint32) {
	if w.held[row] != w.stamp {
		w.held[row] = w.stamp
		w.holders = append(w.holders, row)
	}
}

// enter marks and collects a component.
func (w *walker) enter(c uint32, only Bits) {
	if w.components[c] != w.stamp && (only == nil || only.Has(w.s.topology.members.Of(c)[0])) {
		w.components[c] = w.stamp
		w.closure = append(w.closure, c)
	}
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
	for _, h := range holders {
		rows, bundles := w.s.to.with(h)
		for i, to := range rows {
			if (passing == nil || passing.Has(bundles[i])) && !yield(to) {
				return false
			}
		}
	}
	return true
}

// gather collects in w.targets what the holders have grants on, and in w.bundle what they
// have on it. With direct only the first holder says on what.
func (w *walker) gather(holders []uint32, direct bool) {
	w.targets = w.targets[:0]
	for i, h := range holders {
		rows, bundles := w.s.to.with(h)
		w.collect(rows, bundles, i == 0 || !direct)
	}
}

// collect adds what bundles give on rows; with more also on rows that nothing was gathered on.
func (w *walker) collect(rows, bundles []uint32, more bool) {
	seen, gathered := w.targets, w.bundle
	bundles = bundles[:len(rows)]
	for i, to := range rows {
		b := bundles[i] + 1
		switch have := gathered[to]; {
		case have == b:
		case have != 0:
			gathered[to] = w.joiner.join(have, b)
		case more:
			gathered[to] = b
			seen = append(seen, to)
		}
	}
	w.targets = seen
}

// merge is gather for all that row reaches, put together from the lists of the components
// it holds; false when these are not all kept, or when they have so much in common that
// walking is less work.
func (w *walker) merge(row uint32) bool {
	if !w.flatsOf(row) {
		return false
	}
	w.targets = w.targets[:0]
	if w.s.topology.of[row] == none {
		rows, bundles := w.s.to.with(row)
		w.collect(rows, bundles, true)
	}
	for _, f := range w.flats {
		w.collect(f.rows, f.bundles, true)
	}
	return true
}

// flatsOf finds the lists of the components that row holds; false as merge says.
func (w *walker) flatsOf(row uint32) bool {
	s := w.s
	w.flats = w.flats[:0]
	all, sum, largest := true, 0, 0
	add := func(c uint32) {
		f := s.flat(c)
		if f == nil {
			all = false
			return
		}
		w.flats = append(w.flats, f)
		sum, largest = sum+len(f.rows), max(largest, len(f.rows))
	}
	if c := s.topology.of[row]; c != none {
		add(c)
	} else {
		for _, to := range s.to.Of(row) {
			if c := s.topology.of[to]; c != none {
				add(c)
			}
		}
	}
	return all && sum <= 8*largest+1024
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
	rows, bundles := w.s.from.with(target)
	for i, row := range rows {
		if w.held[row] != w.stamp && (passing == nil || passing.Has(bundles[i])) {
			w.take(row)
			// Connections that reach each other reach the same.
			if c := w.s.topology.of[row]; c != none && w.s.topology.cyclic.Has(c) {
				for _, member := range w.s.topology.members.Of(c) {
					w.take(member)
				}
			}
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

// doubtful yields the rows of found that may be there only because they reach
// themselves: those that are in the other set as well and lie on a cycle.
func (s *Snapshot) doubtful(found, other Bits) func(yield func(uint32) bool) {
	both := found.Clone()
	both.And(other)
	both.And(s.loops)
	return both.Rows
}
