package snapshot

import "slices"

// arc is a way from one node of a region to another.
type arc struct{ from, to int32 }

// survey fills the region with all that a source holds, in the order of the length of the
// shortest chain to it, then of the ids along the first of these, and with the last hops to
// one target, but without arcs: only those that nothing was found by are noted. It does not
// look at what the holders have grants on besides: what they hold comes from the condensed
// graph, the last hops from the target's side if that is shorter.
// O(pairs of two holders, and the lesser of the target's sources and of holders × log pairs).
func (r *region) survey(source, target uint32) {
	r.forget()
	r.enter(source)
	r.sources = 1
	rows, slot, parent, aside := r.rows, r.slot, append(r.parent[:0], -1), r.aside[:0]
	for v := 0; v < len(rows); v++ {
		begin, from := len(rows), int32(v) //nolint:gosec // an index
		for _, row := range r.held(rows[v]) {
			if node := slot[row]; node == 0 {
				rows = append(rows, row)
			} else {
				aside = append(aside, arc{from, int32(node) - 1}) //nolint:gosec // fewer than 2^31 rows
			}
		}
		// Holders that are found from one at a time, sorted by id, stand behind one another
		// as those that they were found from do.
		if len(rows) > begin+1 {
			r.s.sortByID(rows[begin:])
		}
		for i := begin; i < len(rows); i++ {
			slot[rows[i]] = uint32(i) + 1 //nolint:gosec // an index
			parent = append(parent, from)
		}
	}
	r.rows, r.parent, r.aside = rows, parent, aside
	r.lastHops(target)
}

// link adds the arcs to a surveyed region.
func (r *region) link() {
	r.starts = append(r.starts, 0)
	for _, row := range r.rows {
		for _, to := range r.held(row) {
			r.next = append(r.next, r.node(to))
		}
		r.starts = append(r.starts, int32(len(r.next))) //nolint:gosec // fewer than 2^31 pairs
	}
}

// lastHops finds the holders with a pair on the target.
func (r *region) lastHops(target uint32) {
	if by := r.s.from.Of(target); len(by) <= 8*len(r.rows) {
		for _, row := range by {
			if v := r.node(row); v >= 0 {
				r.ends = append(r.ends, lastHop{v, target})
			}
		}
		if len(r.ends) > 1 {
			slices.SortFunc(r.ends, func(a, b lastHop) int { return int(a.node - b.node) })
		}
		return
	}
	for v, row := range r.rows {
		if _, ok := slices.BinarySearch(r.s.to.Of(row), target); ok {
			r.ends = append(r.ends, lastHop{int32(v), target}) //nolint:gosec // an index
		}
	}
}

// held is what is passed through that a row has pairs on; good until the next call.
func (r *region) held(row uint32) []uint32 {
	t := r.s.topology
	if c := t.of[row]; c != none && !r.identities {
		return t.nested(row, c)
	}
	list := r.list[:0]
	for _, to := range r.s.to.Of(row) {
		if r.passes(to) {
			list = append(list, to)
		}
	}
	r.list = list
	return list
}

// Whether there are chains besides the first, however long: any that is too long is as good
// a reason to call an answer truncated as one that was left out.
type others uint8

const (
	unknownOthers others = iota // it takes an enumeration to tell
	noOthers                    // and no walks longer than the limit either: nothing is truncated
	someOthers
)

// first returns the rows of the first chain of a surveyed region, by length, then by ids,
// all but the target, and what the survey tells about others; nothing when that chain is
// longer than maxDepth.
func (r *region) first(maxDepth int) ([]uint32, others) {
	last := r.ends[0].node
	hops := 0
	for v := last; v >= 0; v = r.parent[v] {
		hops++
	}
	if hops > maxDepth {
		return nil, someOthers
	}
	path := grow(r.path, hops)
	r.path = path
	at := grow(r.hops, len(r.rows)) // node → its place on the path + 1
	r.hops = at
	clear(at)
	for v, i := last, hops; i > 0; v, i = r.parent[v], i-1 {
		path[i-1], at[v] = r.rows[v], int32(i) //nolint:gosec // an index
	}
	return path, r.besides(at, maxDepth)
}

// besides tells whether there are chains besides the first one, which the nodes with a
// place in at are on. A chain found by the search stays one when it goes on to the target by
// another last hop, or comes into the first chain from aside. Where it does so from a node
// that was itself found by way of what follows, and where it comes back to the source,
// which may lead on to walks that are no chains, telling is left to the enumeration.
func (r *region) besides(at []int32, maxDepth int) others {
	if len(r.ends) > 1 {
		return someOthers
	}
	out := noOthers
	around := r.passes(r.rows[0]) && len(r.rows) > maxDepth // else there are too few nodes for that
	for _, a := range r.aside {
		switch {
		case at[a.to] == 0 || a.to == a.from:
		case a.to == 0:
			if around {
				out = unknownOthers
			}
		case r.through(a.from, at, at[a.to]):
			out = unknownOthers
		default:
			return someOthers
		}
	}
	return out
}

// through reports whether the search found a node by way of a node of the chain from a
// place on.
func (r *region) through(v int32, at []int32, place int32) bool {
	for ; v >= 0; v = r.parent[v] {
		if at[v] > 0 {
			return at[v] >= place // the nodes before it on the chain have lesser places
		}
	}
	return false
}
