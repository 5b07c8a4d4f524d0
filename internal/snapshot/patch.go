package snapshot

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// patch is how a derived snapshot differs from that of the present.
type patch struct {
	base    *Snapshot
	gone    Bits         // grants of base.grants that are not held
	revived Bits         // grants of base.ended that are held
	added   []freshGrant // grants of neither table, in the order of a table
	known   Bits         // rows whose entities exist, removed or not; nil = all

	removedAt map[uint32]time.Time // where it is not what the column says
	status    map[uint32]access.Status

	// The rows that hold, or on which there are, other grants than in base.
	sources, targets Bits

	names []string // permissions that base.grants has no code for: their codes come after its own
}

func newPatch(base *Snapshot) *patch {
	return &patch{
		base: base, gone: NewBits(base.grants.len()), revived: NewBits(base.ended.len()),
		removedAt: map[uint32]time.Time{}, status: map[uint32]access.Status{},
	}
}

// drop ends all that a row holds and all that is held on it.
func (p *patch) drop(row uint32) {
	t := p.base.grants
	for g := t.out[row]; g < t.out[row+1]; g++ {
		p.gone.Set(g)
	}
	for _, g := range t.on(row) {
		p.gone.Set(g)
	}
}

// remove ends the grant with a key, of whichever table.
func (p *patch) remove(key access.GrantKey) {
	for _, t := range []struct {
		table *grantTable
		held  func(g uint32) bool
		end   func(g uint32)
	}{
		{p.base.grants, func(g uint32) bool { return !p.gone.Has(g) }, p.gone.Set},
		{p.base.ended, p.revived.Has, p.revived.Clear},
	} {
		source, _ := p.base.Row(key.Source)
		target, _ := p.base.Row(key.Target)
		lo, hi := t.table.between(source, target)
		for g := lo; g < hi; g++ {
			if t.held(g) && t.table.permissions.value(t.table.permission.at(g)) == key.Permission && t.table.scopes.value(t.table.scope.at(g)) == key.Scope {
				t.end(g)
			}
		}
	}
}

// finish puts the patch in order.
func (p *patch) finish() {
	slices.SortFunc(p.added, compareFresh)
	p.sources, p.targets = NewBits(p.base.n), NewBits(p.base.n)
	for g := range p.gone.Rows {
		p.sources.Set(p.base.grants.source[g])
		p.targets.Set(p.base.grants.target[g])
	}
	for g := range p.revived.Rows {
		p.sources.Set(p.base.ended.source[g])
		p.targets.Set(p.base.ended.target[g])
	}
	for i := range p.added {
		p.sources.Set(p.added[i].source)
		p.targets.Set(p.added[i].target)
	}
}

// addedBy returns the added grants of a source.
func (p *patch) addedBy(row uint32) []freshGrant {
	from := sort.Search(len(p.added), func(i int) bool { return p.added[i].source >= row })
	to := from
	for to < len(p.added) && p.added[to].source == row {
		to++
	}
	return p.added[from:to]
}

// heldBy returns the grants that a row holds, in the order of a table.
func (p *patch) heldBy(row uint32) []freshGrant {
	var out []freshGrant
	for _, t := range []*grantTable{p.base.grants, p.base.ended} {
		for g := t.out[row]; g < t.out[row+1]; g++ {
			out = p.appendHeld(out, t, g)
		}
	}
	out = append(out, p.addedBy(row)...)
	slices.SortFunc(out, compareFresh)
	return out
}

// heldBetween returns the grants of one row on another, in the order of a table.
func (p *patch) heldBetween(from, to uint32) []freshGrant {
	var out []freshGrant
	for _, t := range []*grantTable{p.base.grants, p.base.ended} {
		lo, hi := t.between(from, to)
		for g := lo; g < hi; g++ {
			out = p.appendHeld(out, t, g)
		}
	}
	for _, a := range p.addedBy(from) {
		if a.target == to {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, compareFresh)
	return out
}

// heldOn returns the grants on a row, in the order of sources, then of a table.
func (p *patch) heldOn(row uint32) []freshGrant {
	var out []freshGrant
	for _, t := range []*grantTable{p.base.grants, p.base.ended} {
		for _, g := range t.on(row) {
			out = p.appendHeld(out, t, g)
		}
	}
	for _, a := range p.added {
		if a.target == row {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, compareFresh)
	return out
}

// appendHeld appends a grant of a table if it is held.
func (p *patch) appendHeld(out []freshGrant, t *grantTable, g uint32) []freshGrant {
	if t == p.base.grants && p.gone.Has(g) || t == p.base.ended && !p.revived.Has(g) {
		return out
	}
	grant := t.grant(g, p.base.ids)
	grant.To = time.Time{}
	return append(out, freshGrant{t.source[g], t.target[g], &grant})
}

// given is a permission, by rank, that a source has on a target.
type given struct{ target, rank uint32 }

// pairs returns the counting pairs of the patched sources, by their place among them.
func (p *patch) pairs(b *bundleExtender) *Adjacency {
	a := &Adjacency{offsets: []uint32{0}}
	var list []given
	var ranks []uint32
	for row := range p.sources.Rows {
		list = p.givenBy(row, b, list[:0])
		for i := 0; i < len(list); {
			target := list[i].target
			for ranks = ranks[:0]; i < len(list) && list[i].target == target; i++ {
				ranks = append(ranks, list[i].rank)
			}
			a.rows = append(a.rows, target)
			a.bundles = append(a.bundles, b.intern(slices.Compact(ranks)))
		}
		a.offsets = append(a.offsets, uint32(len(a.rows))) //nolint:gosec // fewer than 2^32 pairs
	}
	return a
}

// givenBy appends what a row has by counting grants of its own, sorted.
func (p *patch) givenBy(row uint32, b *bundleExtender, list []given) []given {
	for _, t := range []*grantTable{p.base.grants, p.base.ended} {
		for g := t.out[row]; g < t.out[row+1]; g++ {
			if t.counts.Has(g) && (t == p.base.grants && !p.gone.Has(g) || t == p.base.ended && p.revived.Has(g)) {
				list = append(list, given{t.target[g], b.rankOf(t, g)})
			}
		}
	}
	for _, a := range p.addedBy(row) {
		if a.g.Counts {
			list = append(list, given{a.target, b.rank[access.Permission{Name: a.g.Permission, Value: a.g.Value}]})
		}
	}
	slices.SortFunc(list, func(x, y given) int { return cmp.Or(cmp.Compare(x.target, y.target), cmp.Compare(x.rank, y.rank)) })
	return list
}

// reversed returns the pairs on the patched targets, by their place among them; to holds
// those of the patched sources.
func (p *patch) reversed(to *Adjacency) *Adjacency {
	type pair struct{ target, source, bundle uint32 }
	var list []pair
	place := uint32(0)
	for source := range p.sources.Rows {
		rows, bundles := to.with(place)
		for i, target := range rows {
			if p.targets.Has(target) {
				list = append(list, pair{target, source, bundles[i]})
			}
		}
		place++
	}
	for target := range p.targets.Rows {
		rows, bundles := p.base.from.with(target)
		for i, source := range rows {
			if !p.sources.Has(source) {
				list = append(list, pair{target, source, bundles[i]})
			}
		}
	}
	slices.SortFunc(list, func(x, y pair) int { return cmp.Or(cmp.Compare(x.target, y.target), cmp.Compare(x.source, y.source)) })
	a := &Adjacency{offsets: []uint32{0}, rows: make([]uint32, len(list)), bundles: make([]uint32, len(list))}
	at := 0
	for target := range p.targets.Rows {
		for ; at < len(list) && list[at].target == target; at++ {
			a.rows[at], a.bundles[at] = list[at].source, list[at].bundle
		}
		a.offsets = append(a.offsets, uint32(at)) //nolint:gosec // fewer than 2^32 pairs
	}
	return a
}

// nests reports whether connections lead to other connections than in base.
func (p *patch) nests(to *Adjacency) bool {
	kind := p.base.kind
	connections := func(rows []uint32) []uint32 {
		var out []uint32
		for _, row := range rows {
			if kind[row] == kindConnection {
				out = append(out, row)
			}
		}
		return out
	}
	place := uint32(0)
	for row := range p.sources.Rows {
		if kind[row] == kindConnection && !slices.Equal(connections(to.Of(place)), connections(p.base.to.Of(row))) {
			return true
		}
		place++
	}
	return false
}

// code is the code of a permission's name, in base.grants or after its own.
func (p *patch) code(name string) uint32 {
	if name == "" {
		return none
	}
	d := &p.base.grants.permissions
	if code, ok := d.find(name); ok {
		return code
	}
	i := slices.Index(p.names, name)
	if i < 0 {
		i = len(p.names)
		p.names = append(p.names, strings.Clone(name))
	}
	return uint32(d.values.len() + i) //nolint:gosec // fewer than 2^32 names
}
