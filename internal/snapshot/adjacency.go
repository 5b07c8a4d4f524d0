package snapshot

import "slices"

// Adjacency is a graph over rows in compressed form: the neighbours of row r are
// ascending and distinct.
type Adjacency struct {
	offsets, rows []uint32
	bundles       []uint32 // by pair: what it gives; nil when that is not known
}

// with returns the neighbours of a row and the bundle of each.
func (a *Adjacency) with(row uint32) (rows, bundles []uint32) {
	lo, hi := a.offsets[row], a.offsets[row+1]
	rows = a.rows[lo:hi]
	return rows, a.bundles[lo:hi:hi][:len(rows)]
}

// Of returns the neighbours of a row; the slice must not be changed.
func (a *Adjacency) Of(row uint32) []uint32 { return a.rows[a.offsets[row]:a.offsets[row+1]] }

// Edges is the number of pairs.
func (a *Adjacency) Edges() int { return len(a.rows) }

// pairs returns the distinct pairs with a counting grant.
func (t *grantTable) pairs(rows int) *Adjacency {
	a := &Adjacency{offsets: make([]uint32, rows+1)}
	g := uint32(0)
	for row := range uint32(rows) { //nolint:gosec // fewer than 2^32 rows
		last := none
		for ; g < t.out[row+1]; g++ {
			if to := t.target[g]; to != last && t.counts.Has(g) {
				a.rows = append(a.rows, to)
				last = to
			}
		}
		a.offsets[row+1] = uint32(len(a.rows)) //nolint:gosec // fewer than 2^32 pairs
	}
	a.rows = slices.Clip(a.rows)
	return a
}

// give returns what source has on target; false when there is no such pair.
func (a *Adjacency) give(source, target uint32) (bundle uint32, ok bool) {
	rows, bundles := a.with(source)
	i, ok := slices.BinarySearch(rows, target)
	if !ok {
		return 0, false
	}
	return bundles[i], true
}

// reverse turns every pair around, with what it gives.
func (a *Adjacency) reverse() *Adjacency {
	n := len(a.offsets) - 1
	starts, order := group(a.rows, n)
	// order holds positions in a.rows, ascending by source; find the sources.
	sourceOf := make([]uint32, len(a.rows))
	for source := range n {
		for i := a.offsets[source]; i < a.offsets[source+1]; i++ {
			sourceOf[i] = uint32(source) //nolint:gosec // fewer than 2^32 rows
		}
	}
	return &Adjacency{offsets: starts, rows: permute(sourceOf, order), bundles: permute(a.bundles, order)}
}
