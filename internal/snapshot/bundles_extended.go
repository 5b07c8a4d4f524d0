package snapshot

import (
	"cmp"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
)

// bundleExtender makes the bundles of a patched snapshot: those of the pairs of its base,
// under the same numbers, and what the patch adds.
type bundleExtender struct {
	out  *bundles
	sets []bundle
	rank map[access.Permission]uint32
	base *grantTable
	of   [2]map[uint64]uint32 // of base and the ended grants: permission and value → rank
}

// extend begins; finish ends it.
func (b *bundles) extend(p *patch) *bundleExtender {
	e := &bundleExtender{
		out:  &bundles{ranked: b.ranked, code: b.code, index: map[string]uint32{}, joins: map[uint64]uint32{}, limit: b.limit},
		rank: make(map[access.Permission]uint32, len(b.ranked)), base: p.base.grants, of: [2]map[uint64]uint32{{}, {}},
	}
	for r, permission := range b.ranked {
		e.rank[permission] = uint32(r) //nolint:gosec // an index
	}
	e.sets = slices.Clone((*b.all.Load())[:b.base])
	if fresh := e.fresh(p); len(fresh) > 0 {
		e.insert(b, p, fresh)
	}
	for i := range e.sets {
		e.out.index[string(appendRanks(nil, e.sets[i].ranks))] = uint32(i) //nolint:gosec // an index
	}
	return e
}

// fresh returns the permissions that the patch needs and the base does not know.
func (e *bundleExtender) fresh(p *patch) []access.Permission {
	var out []access.Permission
	seen := map[uint64]bool{}
	want := func(permission access.Permission) {
		if _, known := e.rank[permission]; !known {
			e.rank[permission] = 0 // found once; insert numbers them all
			out = append(out, permission)
		}
	}
	t := p.base.ended
	for g := range p.revived.Rows {
		if key := t.pairCode(g); t.counts.Has(g) && !seen[key] {
			seen[key] = true
			want(t.access(g))
		}
	}
	for i := range p.added {
		if g := p.added[i].g; g.Counts {
			want(access.Permission{Name: g.Permission, Value: g.Value})
		}
	}
	return out
}

// insert puts permissions into their places in the order, which moves those behind them.
func (e *bundleExtender) insert(b *bundles, p *patch, fresh []access.Permission) {
	ranked := append(slices.Clone(b.ranked), fresh...)
	slices.SortFunc(ranked, func(x, y access.Permission) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Value, y.Value))
	})
	for r, permission := range ranked {
		e.rank[permission] = uint32(r) //nolint:gosec // an index
	}
	e.out.ranked, e.out.code = ranked, make([]uint32, len(ranked))
	for _, permission := range fresh {
		e.out.code[e.rank[permission]] = p.code(permission.Name)
	}
	moved := make([]uint32, len(b.ranked))
	for r, permission := range b.ranked {
		moved[r] = e.rank[permission]
		e.out.code[moved[r]] = b.code[r]
	}
	for i, set := range e.sets {
		ranks := make([]uint32, len(set.ranks))
		for j, r := range set.ranks {
			ranks[j] = moved[r]
		}
		e.sets[i] = e.out.bundle(ranks)
	}
}

// pairCode is the permission and value of a grant in one number.
func (t *grantTable) pairCode(g uint32) uint64 {
	return uint64(t.permission.at(g))<<32 | uint64(t.value.at(g))
}

// rankOf is the rank of a counting grant of one of the base's tables.
func (e *bundleExtender) rankOf(t *grantTable, g uint32) uint32 {
	of := e.of[0]
	if t != e.base {
		of = e.of[1]
	}
	key := t.pairCode(g)
	r, ok := of[key]
	if !ok {
		r = e.rank[t.access(g)]
		of[key] = r
	}
	return r
}

// intern returns the bundle of some ranks, ascending and distinct, which stay the caller's.
func (e *bundleExtender) intern(ranks []uint32) uint32 {
	key := string(appendRanks(nil, ranks))
	n, ok := e.out.index[key]
	if !ok {
		n = uint32(len(e.sets)) //nolint:gosec // no more than pairs
		e.sets = append(e.sets, e.out.bundle(slices.Clone(ranks)))
		e.out.index[key] = n
	}
	return n
}

func (e *bundleExtender) finish() *bundles {
	e.out.base = uint32(len(e.sets)) //nolint:gosec // no more than pairs
	e.out.all.Store(&e.sets)
	return e.out
}
