package snapshot

import (
	"cmp"
	"encoding/binary"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/accessgraph/accessgraph/internal/access"
)

// bundle is a set of permissions: a non-empty list, sorted and shared by all who show it.
type bundle struct {
	list  []access.Permission
	ranks []uint32 // places of its permissions in bundles.ranked, ascending
}

// bundles interns the sets of permissions. Few sets occur in a graph, whatever its size,
// and even fewer unions of them, so that what a pair shows is one number, and putting the
// permissions of several grants together is looking that number up.
type bundles struct {
	ranked []access.Permission // the distinct permissions, in order
	code   []uint32            // by rank: the permission's code in grantTable.permissions
	base   uint32              // bundles of pairs; those after are unions

	// all holds the bundles. Unions are added under the lock to a slice that only grows,
	// so that what was read stays good.
	all  atomic.Pointer[[]bundle]
	lock sync.Mutex
	// index finds a bundle by its ranks, joins a union by its two parts.
	index map[string]uint32
	joins map[uint64]uint32
	limit int // unions that are kept
}

// maxUnions bounds the unions that a snapshot keeps; more are made anew where they are needed.
const maxUnions = 1 << 16

// newBundles interns the permissions of the pairs and notes in to what each gives.
func newBundles(t *grantTable, to *Adjacency) *bundles {
	b := &bundles{index: map[string]uint32{}, joins: map[uint64]uint32{}, limit: maxUnions}
	rank := b.rank(t)
	to.bundles = make([]uint32, len(to.rows))
	var all []bundle
	alone := make([]uint32, len(b.ranked)) // by rank: the bundle of it alone, + 1
	var key []byte
	var ranks []uint32
	for source := range len(to.offsets) - 1 {
		g := t.out[source]
		for i := to.offsets[source]; i < to.offsets[source+1]; i++ {
			for t.target[g] != to.rows[i] {
				g++
			}
			for ranks = ranks[:0]; g < t.out[source+1] && t.target[g] == to.rows[i]; g++ {
				if t.counts.Has(g) {
					ranks = append(ranks, rank[g])
				}
			}
			if len(ranks) > 1 {
				slices.Sort(ranks)
				ranks = slices.Compact(ranks)
			}
			if len(ranks) == 1 && alone[ranks[0]] > 0 {
				to.bundles[i] = alone[ranks[0]] - 1
				continue
			}
			key = appendRanks(key[:0], ranks)
			n, seen := b.index[string(key)]
			if !seen {
				n = uint32(len(all)) //nolint:gosec // no more than pairs
				b.index[string(key)] = n
				all = append(all, b.bundle(slices.Clone(ranks)))
			}
			to.bundles[i] = n
			if len(ranks) == 1 {
				alone[ranks[0]] = n + 1
			}
		}
	}
	b.base = uint32(len(all)) //nolint:gosec // no more than pairs
	b.all.Store(&all)
	return b
}

// rank numbers the distinct permissions of the counting grants in their order; it returns
// the rank of each grant.
func (b *bundles) rank(t *grantTable) []uint32 {
	type pair struct{ permission, value uint32 }
	number := map[pair]uint32{}
	// A table answers sooner than a map, where permissions and values are not too many for it.
	var table []uint32 // by permission and value: the number + 1
	values := uint64(t.values.len()) + 1
	if size := (uint64(t.permissions.len()) + 1) * values; size <= 1<<20 {
		table = make([]uint32, size)
	}
	rank := make([]uint32, t.len())
	for g := range rank {
		p := pair{t.permission.at(uint32(g)), t.value.at(uint32(g))} //nolint:gosec // an index
		var n uint32
		var seen bool
		slot := uint64(p.permission+1)*values + uint64(p.value+1) // none + 1 is 0
		if table != nil {
			n, seen = table[slot]-1, table[slot] > 0
		} else {
			n, seen = number[p]
		}
		if !seen {
			n = uint32(len(b.ranked)) //nolint:gosec // no more than grants
			if table != nil {
				table[slot] = n + 1
			} else {
				number[p] = n
			}
			b.ranked = append(b.ranked, t.access(uint32(g))) //nolint:gosec // an index
			b.code = append(b.code, p.permission)
		}
		rank[g] = n
	}
	order := make([]uint32, len(b.ranked))
	for i := range order {
		order[i] = uint32(i) //nolint:gosec // an index
	}
	slices.SortFunc(order, func(x, y uint32) int {
		p, q := b.ranked[x], b.ranked[y]
		return cmp.Or(cmp.Compare(p.Name, q.Name), cmp.Compare(p.Value, q.Value))
	})
	final := make([]uint32, len(order))
	for i, o := range order {
		final[o] = uint32(i) //nolint:gosec // an index
	}
	b.ranked, b.code = permute(b.ranked, order), permute(b.code, order)
	for g, n := range rank {
		rank[g] = final[n]
	}
	return rank
}

func (b *bundles) bundle(ranks []uint32) bundle {
	if r := ranks[0]; len(ranks) == 1 {
		return bundle{ranks: ranks, list: b.ranked[r : r+1 : r+1]}
	}
	out := bundle{ranks: ranks, list: make([]access.Permission, len(ranks))}
	for i, r := range ranks {
		out.list[i] = b.ranked[r]
	}
	return out
}

func appendRanks(key []byte, ranks []uint32) []byte {
	for _, r := range ranks {
		key = binary.LittleEndian.AppendUint32(key, r)
	}
	return key
}

// passing returns the bundles of pairs that have a permission which p accepts; nil when p is.
func (b *bundles) passing(p *permissionSet) Bits {
	if p == nil {
		return nil
	}
	out := NewBits(int(b.base))
	for i, set := range (*b.all.Load())[:b.base] {
		if b.accepts(&set, p) {
			out.Set(uint32(i)) //nolint:gosec // an index
		}
	}
	return out
}

// accepts reports whether a permission of the bundle is accepted.
func (b *bundles) accepts(set *bundle, p *permissionSet) bool {
	return slices.ContainsFunc(set.ranks, func(r uint32) bool { return p.has(b.code[r]) })
}

// join returns the union of two different bundles; false when it is not kept.
func (b *bundles) join(x, y uint32) (uint32, bool) {
	b.lock.Lock()
	defer b.lock.Unlock()
	pair := uint64(min(x, y))<<32 | uint64(max(x, y))
	if n, ok := b.joins[pair]; ok {
		return n, true
	}
	if len(b.joins) >= b.limit {
		return 0, false
	}
	all := *b.all.Load()
	ranks := mergeRanks(all[x].ranks, all[y].ranks)
	key := string(appendRanks(nil, ranks))
	n, ok := b.index[key]
	if !ok {
		n = uint32(len(all)) //nolint:gosec // bounded by pairs and limit
		all = append(all, b.bundle(ranks))
		b.all.Store(&all)
		b.index[key] = n
	}
	b.joins[pair] = n
	return n, true
}

func mergeRanks(x, y []uint32) []uint32 {
	out := make([]uint32, 0, len(x)+len(y))
	out = append(append(out, x...), y...)
	slices.Sort(out)
	return slices.Compact(out)
}

// joiner puts bundles together for one traversal after the other; it serves one goroutine.
// Bundles are passed around as their number + 1, so that 0 is nothing yet.
type joiner struct {
	b *bundles
	// seen are unions asked for lately, at a place that depends on their parts.
	seen [256]struct{ x, y, both uint32 }
	own  []bundle // made for this traversal: ownBundle + their place
}

const ownBundle = 1 << 31

// join returns the union of two; neither is 0.
func (j *joiner) join(x, y uint32) uint32 {
	if x == y {
		return x
	}
	if x > y {
		x, y = y, x
	}
	if y >= ownBundle {
		return j.make(x, y)
	}
	at := &j.seen[(x*0x9e3779b1^y*0x85ebca6b)>>24]
	if at.x == x && at.y == y {
		return at.both
	}
	both, ok := j.b.join(x-1, y-1)
	if !ok {
		return j.make(x, y)
	}
	at.x, at.y, at.both = x, y, both+1
	return both + 1
}

func (j *joiner) make(x, y uint32) uint32 {
	j.own = append(j.own, j.b.bundle(mergeRanks(j.get(x).ranks, j.get(y).ranks)))
	return ownBundle + uint32(len(j.own)) - 1 //nolint:gosec // fewer than joins of a traversal
}

func (j *joiner) get(x uint32) *bundle {
	if x >= ownBundle {
		return &j.own[x-ownBundle]
	}
	return &(*j.b.all.Load())[x-1]
}

// reset forgets the bundles of the traversal before.
func (j *joiner) reset() {
	clear(j.own)
	j.own = j.own[:0]
}
