package snapshot

import (
	"cmp"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/accessgraph/accessgraph/internal/access"
)

// renumbering says where the rows of a new snapshot come from. Rows whose entity did not
// change keep their order among themselves, so that what is sorted by rows stays sorted but
// for the changed ones.
type renumbering struct {
	n       int
	was     []uint32 // new row → old row, none for an entity that the old snapshot has not
	now     []uint32 // old row → new row
	changed []uint32 // new rows of the changed entities, ascending
	entity  []*access.Entity
	same    bool // every old row keeps its number and there are no others
}

// renumber places the changed entities among those that are kept. O(rows + changed × log rows).
func (s *Snapshot) renumber(changed []*access.Entity) *renumbering {
	type placed struct {
		e         *access.Entity
		fold      string
		old, next uint32 // next: the first old row that comes after it, or is it
	}
	list := make([]placed, len(changed))
	replaced := NewBits(s.n)
	for i, e := range changed {
		p := placed{e: e, fold: access.Fold(e.Name), old: none}
		if row, ok := s.Row(e.ID); ok {
			p.old = row
			replaced.Set(row)
		}
		p.next = s.seekFold(p.fold, e.ID)
		list[i] = p
	}
	slices.SortFunc(list, func(a, b placed) int {
		// next orders all but those that come to lie between the same two rows.
		return cmp.Or(cmp.Compare(a.next, b.next), compareNames(a.fold, b.fold), strings.Compare(a.e.ID, b.e.ID))
	})
	r := &renumbering{now: make([]uint32, s.n), same: true}
	r.was = make([]uint32, 0, s.n+len(list))
	emit := func(old uint32) {
		if old != none {
			r.now[old] = uint32(len(r.was)) //nolint:gosec // fewer than 2^32 rows
			r.same = r.same && r.now[old] == old
		}
		r.was = append(r.was, old)
	}
	for row := range uint32(s.n) { //nolint:gosec // fewer than 2^32 rows
		for len(list) > 0 && list[0].next <= row {
			r.place(list[0].e)
			emit(list[0].old)
			list = list[1:]
		}
		if !replaced.Has(row) {
			emit(row)
		}
	}
	for _, p := range list {
		r.place(p.e)
		emit(p.old)
	}
	r.n = len(r.was)
	r.same = r.same && r.n == s.n
	return r
}

// rowsOf are the places of a column of the old snapshot in the new one; changed rows have
// the fresh values. Without any change it is the old column.
func rowsOf[T comparable](r *renumbering, old []T, fresh func(*access.Entity) T) []T {
	same := r.same
	for i, row := range r.changed {
		same = same && old[r.was[row]] == fresh(r.entity[i])
	}
	if same {
		return old
	}
	out := make([]T, r.n)
	for row, was := range r.was {
		if was != none {
			out[row] = old[was]
		}
	}
	for i, row := range r.changed {
		out[row] = fresh(r.entity[i])
	}
	return out
}

// place notes that the next row is that of a changed entity.
func (r *renumbering) place(e *access.Entity) {
	r.changed = append(r.changed, uint32(len(r.was))) //nolint:gosec // fewer than 2^32 rows
	r.entity = append(r.entity, e)
}

// compareNames orders folded names as rows are ordered: missing ones last.
func compareNames(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == "":
		return 1
	case b == "":
		return -1
	}
	return strings.Compare(a, b)
}

// seekFold returns the first row that does not come before (fold of the name, id).
func (s *Snapshot) seekFold(fold, id string) uint32 {
	names := s.text[textName]
	i := sort.Search(s.n, func(i int) bool {
		row := uint32(i) //nolint:gosec // an index
		return cmp.Or(compareNames(names.fold(names.codes.at(row)), fold), strings.Compare(s.ids[row], id)) >= 0
	})
	return uint32(i) //nolint:gosec // an index
}

// spread runs work over parts of 0 … n-1 on up to half of the cores, so that readers of the
// old snapshot keep the other half.
func spread(n int, work func(from, to int)) {
	parts := halfOfCores()
	size := max(1<<14, (n+parts-1)/parts)
	var tasks []func()
	for from := 0; from < n; from += size {
		tasks = append(tasks, func() { work(from, min(n, from+size)) })
	}
	inTurn(tasks)
}

func halfOfCores() int { return max(1, runtime.GOMAXPROCS(0)/2) }

// inTurn runs independent pieces of work on half of the cores.
func inTurn(work []func()) {
	var all sync.WaitGroup
	slots := make(chan struct{}, halfOfCores())
	for _, f := range work {
		slots <- struct{}{}
		all.Go(func() { defer func() { <-slots }(); f() })
	}
	all.Wait()
}
