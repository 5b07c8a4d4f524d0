package snapshot

import (
	"sync"
	"sync/atomic"
)

// flat is all that a component reaches: what its members and all components beyond have
// grants on, as one sorted list with the permissions gathered.
type flat struct {
	rows    []uint32
	bundles []uint32 // by place in rows: the bundle gathered
	used    atomic.Bool
}

func (f *flat) bytes() int64 { return int64(8*len(f.rows) + 96) }

// flats keeps flat lists under a budget of memory. A list is made when it is asked for a
// second time, since making it costs what walking does. When the budget is used up, lists
// that were not asked for since the hand last passed go first (a clock, which comes near
// to leaving out the least recently used, and costs readers one load).
type flats struct {
	lists  []atomic.Pointer[flat] // by component
	asked  []atomic.Bool
	budget atomic.Int64
	bytes  atomic.Int64
	lock   sync.Mutex
	hand   int
	kept   []uint32 // components with a list, in the order of the clock
}

// flatBudget is how many bytes of flat lists a snapshot keeps unless told otherwise.
const flatBudget = 256 << 20

func newFlats(components int) *flats {
	f := &flats{lists: make([]atomic.Pointer[flat], components), asked: make([]atomic.Bool, components)}
	f.budget.Store(flatBudget)
	return f
}

// get returns the list of a component if it is kept. worth says whether making it would pay.
func (f *flats) get(c uint32) (list *flat, worth bool) {
	if list = f.lists[c].Load(); list != nil {
		if !list.used.Load() {
			list.used.Store(true)
		}
		return list, false
	}
	if f.asked[c].Load() {
		return nil, f.budget.Load() > 0
	}
	f.asked[c].Store(true)
	return nil, false
}

// put keeps a list if the budget allows, at the expense of others.
func (f *flats) put(c uint32, list *flat) {
	size, budget := list.bytes(), f.budget.Load()
	// One list must not push out all others.
	if size > budget/8 {
		return
	}
	f.lock.Lock()
	defer f.lock.Unlock()
	if f.lists[c].Load() != nil {
		return
	}
	for f.bytes.Load()+size > budget && len(f.kept) > 0 {
		if f.hand >= len(f.kept) {
			f.hand = 0
		}
		at := f.kept[f.hand]
		old := f.lists[at].Load()
		if old.used.CompareAndSwap(true, false) {
			f.hand++
			continue
		}
		f.lists[at].Store(nil)
		f.asked[at].Store(false)
		f.bytes.Add(-old.bytes())
		f.kept[f.hand] = f.kept[len(f.kept)-1]
		f.kept = f.kept[:len(f.kept)-1]
	}
	f.lists[c].Store(list)
	f.bytes.Add(size)
	f.kept = append(f.kept, c)
}

// flat returns all that a component reaches; nil when the list is not kept.
func (s *Snapshot) flat(c uint32) *flat {
	list, worth := s.topology.flats.get(c)
	if !worth {
		return list
	}
	w := s.walker()
	defer s.done(w)
	if list = w.flatten(c); list != nil {
		s.topology.flats.put(c, list)
	}
	return list
}

// flatten makes the list of a component; nil when it holds unions of permissions that
// are not kept.
func (w *walker) flatten(c uint32) *flat {
	w.joiner.reset()
	w.gather(w.hold(w.s.topology.members.Of(c)[:1], nil), false)
	for _, to := range w.targets {
		w.found.add(to)
	}
	list := &flat{rows: make([]uint32, 0, w.found.n), bundles: make([]uint32, w.found.n)}
	list.rows, _ = w.found.take(list.rows, 0, w.found.n)
	w.found.clear()
	lost := false
	for i, to := range list.rows {
		b := w.bundle[to]
		lost = lost || b >= ownBundle
		list.bundles[i] = b - 1
		w.bundle[to] = 0
	}
	if lost {
		return nil
	}
	return list
}
