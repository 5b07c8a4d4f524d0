package snapshot

import (
	"context"
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
	// whole says that all lists were made that there was room for.
	whole atomic.Bool
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

// add keeps a list if there is room without others going.
func (f *flats) add(c uint32, list *flat) bool {
	f.lock.Lock()
	defer f.lock.Unlock()
	if f.lists[c].Load() != nil {
		return true
	}
	if f.bytes.Load()+list.bytes() > f.budget.Load() {
		return false
	}
	f.lists[c].Store(list)
	f.bytes.Add(list.bytes())
	f.kept = append(f.kept, c)
	return true
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
	if !w.mergeNext(c) {
		w.gather(w.hold(w.s.topology.members.Of(c)[:1], nil), false)
	}
	w.found.addAll(w.targets)
	list := &flat{rows: make([]uint32, 0, w.found.n), bundles: make([]uint32, w.found.n)}
	list.rows = w.found.drain(list.rows)
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

// mergeNext gathers what a component reaches from its members and the lists of the
// components it leads to; false when these are not all kept or have much in common.
func (w *walker) mergeNext(c uint32) bool {
	t := w.s.topology
	w.flats = w.flats[:0]
	sum, largest := 0, 0
	for _, d := range t.next.Of(c) {
		f := t.flats.lists[d].Load()
		if f == nil {
			return false
		}
		w.flats = append(w.flats, f)
		sum, largest = sum+len(f.rows), max(largest, len(f.rows))
	}
	if sum > 8*largest+1024 {
		return false
	}
	w.gather(t.members.Of(c), false)
	for _, f := range w.flats {
		w.collect(f.rows, f.bundles, true)
	}
	return true
}

// flattenAll makes the lists of all components that connections are held by, those beyond
// first, until the budget is used up; on all cores.
func (s *Snapshot) flattenAll(ctx context.Context) error {
	t := s.topology
	if t.flats.whole.Load() {
		return nil
	}
	// Components come after what they lead to: those whose next are all of lower levels can
	// be made side by side.
	level, last := t.levels()
	order := make([][]uint32, last+1)
	for c, l := range level {
		order[l] = append(order[l], uint32(c)) //nolint:gosec // an index
	}
	var full atomic.Bool
	for _, components := range order {
		err := s.share(ctx, len(components), 256, func(w *walker, from, to int) {
			for _, c := range components[from:to] {
				if full.Load() || t.flats.lists[c].Load() != nil {
					continue
				}
				if list := w.flatten(c); list != nil && !t.flats.add(c, list) {
					full.Store(true)
				}
			}
		})
		if err != nil {
			return err
		}
	}
	t.flats.whole.Store(true)
	return nil
}

// levels gives each component the length of the longest way on from it.
func (t *topology) levels() (level []uint32, last uint32) {
	level = make([]uint32, t.components())
	for c := range level {
		for _, d := range t.next.Of(uint32(c)) { //nolint:gosec // an index
			level[c] = max(level[c], level[d]+1)
		}
		last = max(last, level[c])
	}
	return level, last
}
