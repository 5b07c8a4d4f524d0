package snapshot

import "slices"

// Adjacency is a graph over rows in compressed form: the neighbours of row r are
// ascending and distinct.
type Adjacency struct {
	offsets, rows []uint32
	bundles       []uint32 // by pair: what it gives; nil when that is not known

	// Of some rows others are right: of row r what instead has at place at[r]-1, where at[r]
	// is not 0. nil = of none.
	at      []uint32
	instead *Adjacency
	pairs   int // with at: how many pairs there are
}

// with returns the neighbours of a row and the bundle of each.
func (a *Adjacency) with(row uint32) (rows, bundles []uint32) {
	if a.at != nil {
		return a.patchedWith(row)
	}
	lo, hi := a.offsets[row], a.offsets[row+1]
	rows = a.rows[lo:hi]
	return rows, a.bundles[lo:hi:hi][:len(rows)]
}

// Of returns the neighbours of a row; the slice must not be changed.
func (a *Adjacency) Of(row uint32) []uint32 {
	if a.at != nil {
		return a.patched(row)
	}
	return a.rows[a.offsets[row]:a.offsets[row+1]]
}

func (a *Adjacency) patched(row uint32) []uint32 {
	if p := a.at[row]; p != 0 {
		return a.instead.rows[a.instead.offsets[p-1]:a.instead.offsets[p]]
	}
	return a.rows[a.offsets[row]:a.offsets[row+1]]
}

func (a *Adjacency) patchedWith(row uint32) (rows, bundles []uint32) {
	if p := a.at[row]; p != 0 {
		lo, hi := a.instead.offsets[p-1], a.instead.offsets[p]
		return a.instead.rows[lo:hi:hi], a.instead.bundles[lo:hi:hi]
	}
	lo, hi := a.offsets[row], a.offsets[row+1]
	return a.rows[lo:hi:hi], a.bundles[lo:hi:hi]
}

// Edges is the number of pairs.
func (a *Adjacency) Edges() int {
	if a.at != nil {
		return a.pairs
	}
	return len(a.rows)
}

// replacing returns the same graph with the neighbours of some rows, ascending, replaced
// by those of their places in instead; it shares a's memory. a itself must not have been
// made so.
func (a *Adjacency) replacing(rows Bits, instead *Adjacency) *Adjacency {
	out := &Adjacency{offsets: a.offsets, rows: a.rows, bundles: a.bundles, at: make([]uint32, len(a.offsets)-1), instead: instead, pairs: len(a.rows) + len(instead.rows)}
	place := uint32(0)
	for row := range rows.Rows {
		place++
		out.at[row] = place
		out.pairs -= int(a.offsets[row+1] - a.offsets[row])
	}
	return out
}

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
