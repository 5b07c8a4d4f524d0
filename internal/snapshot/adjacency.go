package snapshot

import "slices"

// Adjacency is a graph over rows in compressed form: the neighbours of row r are
// ascending and distinct.
type Adjacency struct {
	offsets, rows []uint32
}

// Of returns the neighbours of a row; the slice must not be changed.
func (a *Adjacency) Of(row uint32) []uint32 { return a.rows[a.offsets[row]:a.offsets[row+1]] }

// Edges is the number of pairs.
func (a *Adjacency) Edges() int { return len(a.rows) }

// pairs returns the distinct pairs with a counting grant whose target keep accepts.
func (t *grantTable) pairs(rows int, keep func(target uint32) bool) *Adjacency {
	a := &Adjacency{offsets: make([]uint32, rows+1)}
	g := uint32(0)
	for row := range uint32(rows) { //nolint:gosec // fewer than 2^32 rows
		last := none
		for ; g < t.out[row+1]; g++ {
			if to := t.target[g]; to != last && t.counts.Has(g) && keep(to) {
				a.rows = append(a.rows, to)
				last = to
			}
		}
		a.offsets[row+1] = uint32(len(a.rows)) //nolint:gosec // fewer than 2^32 pairs
	}
	a.rows = append(make([]uint32, 0, len(a.rows)), a.rows...)
	return a
}

// find returns the place of a pair; false when there is none.
func (a *Adjacency) find(source, target uint32) (uint32, bool) {
	i, ok := slices.BinarySearch(a.Of(source), target)
	return a.offsets[source] + uint32(i), ok //nolint:gosec // an index
}

// reverse turns every pair around; position says which pair of a each became.
func (a *Adjacency) reverse() (turned *Adjacency, position []uint32) {
	n := len(a.offsets) - 1
	starts, order := group(a.rows, n)
	// order holds positions in a.rows, ascending by source; find the sources.
	sourceOf := make([]uint32, len(a.rows))
	for source := range n {
		for i := a.offsets[source]; i < a.offsets[source+1]; i++ {
			sourceOf[i] = uint32(source) //nolint:gosec // fewer than 2^32 rows
		}
	}
	return &Adjacency{offsets: starts, rows: permute(sourceOf, order)}, order
}
