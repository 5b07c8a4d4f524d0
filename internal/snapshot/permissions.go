package snapshot

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
)

// rankPermissions numbers the distinct permissions in their order and the grants by them,
// so that sets of permissions can be put together as bits.
func (t *grantTable) rankPermissions() {
	type pair struct{ permission, value uint32 }
	number := map[pair]uint32{}
	t.rank = make([]uint32, t.len())
	for g := range t.rank {
		p := pair{t.permission[g], t.value[g]}
		n, seen := number[p]
		if !seen {
			n = uint32(len(t.ranked)) //nolint:gosec // no more than grants
			number[p] = n
			t.ranked = append(t.ranked, t.access(uint32(g))) //nolint:gosec // an index
		}
		t.rank[g] = n
	}
	order := make([]uint32, len(t.ranked))
	for i := range order {
		order[i] = uint32(i) //nolint:gosec // an index
	}
	slices.SortFunc(order, func(x, y uint32) int {
		a, b := t.ranked[x], t.ranked[y]
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Value, b.Value))
	})
	final := make([]uint32, len(order))
	for i, o := range order {
		final[o] = uint32(i) //nolint:gosec // an index
	}
	t.ranked = permute(t.ranked, order)
	for g, n := range t.rank {
		t.rank[g] = final[n]
	}
}

// permissionLists gathers distinct permissions for each of some lists.
type permissionLists struct {
	t     *grantTable
	words int      // of a list
	bits  []uint64 // by list
}

// reset makes n empty lists.
func (p *permissionLists) reset(t *grantTable, n int) {
	p.t, p.words = t, (len(t.ranked)+63)/64
	p.bits = slices.Grow(p.bits[:0], n*p.words)[:n*p.words]
	clear(p.bits)
}

// add puts the permissions of the counting grants from g on that have the same source
// and target into a list.
func (p *permissionLists) add(list int, g uint32) {
	t, own := p.t, p.bits[list*p.words:]
	end := t.out[t.source[g]+1]
	for target := t.target[g]; g < end && t.target[g] == target; g++ {
		if t.counts.Has(g) {
			own[t.rank[g]>>6] |= 1 << (t.rank[g] & 63)
		}
	}
}

// each yields the lists, sorted; they may be kept.
func (p *permissionLists) each(yield func(list int, permissions []access.Permission)) {
	total := 0
	for _, w := range p.bits {
		total += bits.OnesCount64(w)
	}
	all := make([]access.Permission, 0, total)
	for list := 0; (list+1)*p.words <= len(p.bits) && p.words > 0; list++ {
		from := len(all)
		for i, w := range p.bits[list*p.words : (list+1)*p.words] {
			for ; w != 0; w &= w - 1 {
				all = append(all, p.t.ranked[i<<6+bits.TrailingZeros64(w)])
			}
		}
		yield(list, all[from:len(all):len(all)])
	}
}
