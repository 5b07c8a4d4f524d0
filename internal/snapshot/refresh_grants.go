package snapshot

import (
	"cmp"
	"slices"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// freshGrant is a grant of a changed pair, with its rows in the new snapshot.
type freshGrant struct {
	source, target uint32
	g              *access.Grant
}

// grantPlan says where the grants of a new table come from.
type grantPlan struct {
	from  []uint32 // by new grant: the old grant, or old.len() + the place in fresh
	fresh []freshGrant
	out   []uint32 // of the new table
	same  bool     // every grant stays where it is, and between the same rows
}

// span is a range of grants.
type span struct{ lo, hi uint32 }

// planGrants merges what is left of a table with the grants of the changed pairs. The rows
// of pairs (sorted by source, then target, by old rows) and of fresh are known; fresh is
// sorted as a table is. O(rows + grants) on half of the cores.
func planGrants(t *grantTable, r *renumbering, gone []span, fresh []freshGrant) *grantPlan {
	p := &grantPlan{fresh: fresh}
	if len(gone) == 0 && len(fresh) == 0 && r.same {
		p.same = true
		return p
	}
	left := make([]uint32, len(t.out)-1) // by old row: how many of its grants are left
	for row := range left {
		left[row] = t.out[row+1] - t.out[row]
	}
	for _, s := range gone {
		left[t.source[s.lo]] -= s.hi - s.lo
	}
	p.out = make([]uint32, r.n+1)
	f := 0
	for row, old := range r.was {
		n := uint32(0)
		if old != none {
			n = left[old]
		}
		for ; f < len(fresh) && fresh[f].source == uint32(row); f++ { //nolint:gosec // an index
			n++
		}
		p.out[row+1] = p.out[row] + n
	}
	p.from = make([]uint32, p.out[r.n])
	spread(r.n, func(from, to int) {
		var m grantMerge
		f, _ := slices.BinarySearchFunc(fresh, from, func(g freshGrant, row int) int { return cmp.Compare(int(g.source), row) })
		for row := from; row < to; row++ {
			at := p.from[p.out[row]:p.out[row]:p.out[row+1]]
			last := f
			for last < len(fresh) && int(fresh[last].source) == row {
				last++
			}
			m.row(t, r, gone, fresh, f, last, r.was[row], at)
			f = last
		}
	})
	return p
}

// grantMerge merges the grants of one source row; it keeps memory between rows.
type grantMerge struct{ kept []keptGrant }

type keptGrant struct{ target, g uint32 }

// row appends where the grants of a row come from to at, which has room for them.
func (m *grantMerge) row(t *grantTable, r *renumbering, gone []span, fresh []freshGrant, f, last int, old uint32, at []uint32) {
	m.kept = m.kept[:0]
	if old != none {
		g, end := t.out[old], t.out[old+1]
		i, _ := slices.BinarySearchFunc(gone, g, func(s span, g uint32) int { return cmp.Compare(s.lo, g) })
		sorted := true
		for g < end {
			if i < len(gone) && gone[i].lo == g {
				g = gone[i].hi
				i++
				continue
			}
			k := keptGrant{r.now[t.target[g]], g}
			sorted = sorted && (len(m.kept) == 0 || m.kept[len(m.kept)-1].target <= k.target)
			m.kept = append(m.kept, k)
			g++
		}
		if !sorted { // a target has another place now; grants of one pair stay as they are
			slices.SortFunc(m.kept, func(a, b keptGrant) int { return cmp.Or(cmp.Compare(a.target, b.target), cmp.Compare(a.g, b.g)) })
		}
	}
	for _, k := range m.kept {
		for ; f < last && fresh[f].target < k.target; f++ {
			at = append(at, uint32(t.len()+f)) //nolint:gosec // fewer than 2^32 grants
		}
		at = append(at, k.g)
	}
	for ; f < last; f++ {
		at = append(at, uint32(t.len()+f)) //nolint:gosec // fewer than 2^32 grants
	}
}

// goneFrom returns the ranges of a table that the pairs have, ascending.
func (s *Snapshot) goneFrom(t *grantTable, pairs []store.Pair) []span {
	var out []span
	for _, p := range pairs {
		source, known := s.Row(p.Source)
		target, also := s.Row(p.Target)
		if !known || !also {
			continue
		}
		if lo, hi := t.between(source, target); lo < hi {
			out = append(out, span{lo, hi})
		}
	}
	slices.SortFunc(out, func(a, b span) int { return cmp.Compare(a.lo, b.lo) })
	return out
}

// renewed is the table that a plan describes; the old one when nothing changed.
func (t *grantTable) renewed(p *grantPlan, r *renumbering) *grantTable {
	if p.same {
		return t
	}
	n := &grantTable{out: p.out}
	var work []func()
	code := func(out *codes, d *dict, old *codes, from *dict, of func(*access.Grant) string) func() {
		return func() {
			change := newDictChange(from)
			for i := range p.fresh {
				change.gain(of(p.fresh[i].g))
			}
			var recode []uint32
			*d, recode = change.apply(nil)
			*out = gatherCodes(p, old, recode, func(g *access.Grant) uint32 { return d.code(of(g)) })
			dropUnused(d, out)
		}
	}
	work = append(work,
		func() {
			n.source = make([]uint32, len(p.from))
			for row := range uint32(r.n) { //nolint:gosec // fewer than 2^32 rows
				for g := p.out[row]; g < p.out[row+1]; g++ {
					n.source[g] = row
				}
			}
		},
		func() {
			n.target = make([]uint32, len(p.from))
			for g, source := range p.from {
				if int(source) >= t.len() {
					n.target[g] = p.fresh[int(source)-t.len()].target
				} else {
					n.target[g] = r.now[t.target[source]]
				}
			}
			n.in, n.inOrder = group(n.target, r.n)
		},
		code(&n.permission, &n.permissions, &t.permission, &t.permissions, func(g *access.Grant) string { return g.Permission }),
		code(&n.scope, &n.scopes, &t.scope, &t.scopes, func(g *access.Grant) string { return g.Scope }),
		code(&n.value, &n.values, &t.value, &t.values, func(g *access.Grant) string { return g.Value }),
		code(&n.project, &n.projects, &t.project, &t.projects, func(g *access.Grant) string { return g.Project }),
		func() { n.lastUsed = t.lastUsed.gathered(p, func(g *access.Grant) time.Time { return g.LastUsed }) },
		func() { n.from = t.from.gathered(p, func(g *access.Grant) time.Time { return g.From }) },
		func() { n.to = t.to.gathered(p, func(g *access.Grant) time.Time { return g.To }) },
		func() { n.metadata = t.metadata.gathered(p, func(g *access.Grant) string { return g.Metadata }) },
		func() {
			n.counts = NewBits(len(p.from))
			for g, source := range p.from {
				if int(source) >= t.len() {
					if p.fresh[int(source)-t.len()].g.Counts {
						n.counts.Set(uint32(g)) //nolint:gosec // an index
					}
				} else if t.counts.Has(source) {
					n.counts.Set(uint32(g)) //nolint:gosec // an index
				}
			}
		},
	)
	inTurn(work)
	return n
}
