package snapshot

import (
	"cmp"
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
)

// grantTable holds grants as columns, sorted by source row, target row, permission, scope,
// value (byte order), From: the order of grant pages. One table holds the live grants,
// another the ended ones.
type grantTable struct {
	source, target                    []uint32
	permission, scope, value, project codes // none = empty
	permissions, scopes, values       dict
	projects                          dict
	counts                            Bits // by grant
	lastUsed, from, to                times
	metadata                          plain

	out []uint32 // grants of source row r are out[r] … out[r+1]-1
	in  []uint32 // grants on target row r are inOrder[in[r]:in[r+1]]
	// inOrder lists the grants by target row, then in table order.
	inOrder []uint32
}

func (t *grantTable) len() int { return len(t.source) }

// between returns the range of the grants from source to target.
func (t *grantTable) between(source, target uint32) (lo, hi uint32) {
	from, to := t.out[source], t.out[source+1]
	i, _ := slices.BinarySearch(t.target[from:to], target)
	lo = from + uint32(i) //nolint:gosec // an index
	for hi = lo; hi < to && t.target[hi] == target; hi++ {
	}
	return lo, hi
}

// on returns the grants on a target, by source.
func (t *grantTable) on(target uint32) []uint32 { return t.inOrder[t.in[target]:t.in[target+1]] }

func (t *grantTable) access(g uint32) access.Permission {
	return access.Permission{Name: t.permissions.value(t.permission.at(g)), Value: t.values.value(t.value.at(g))}
}

func (t *grantTable) grant(g uint32, ids []string) access.Grant {
	return access.Grant{
		Source: ids[t.source[g]], Target: ids[t.target[g]],
		Permission: t.permissions.value(t.permission.at(g)), Scope: t.scopes.value(t.scope.at(g)), Value: t.values.value(t.value.at(g)),
		Counts: t.counts.Has(g), Project: t.projects.value(t.project.at(g)),
		LastUsed: t.lastUsed.at(g), Metadata: t.metadata.text(g), From: t.from.at(g), To: t.to.at(g),
	}
}

// maxInterned bounds the table that finds equal texts that are not searched.
const maxInterned = 1 << 16

// grantBuilder takes grants in the order of arrival.
type grantBuilder struct {
	source, target                        []uint32
	permissions, scopes, values, projects *columnBuilder
	counts                                []bool
	lastUsed, from, to                    []instant
	metadata                              []string
	seen                                  map[string]string // metadata texts, kept once
}

func newGrantBuilder() *grantBuilder {
	return &grantBuilder{
		permissions: newColumnBuilder(), scopes: newColumnBuilder(), values: newColumnBuilder(), projects: newColumnBuilder(),
		seen: map[string]string{},
	}
}

// add appends a grant between two arrivals of entities.
func (b *grantBuilder) add(source, target uint32, g *access.Grant) {
	b.source, b.target = append(b.source, source), append(b.target, target)
	b.permissions.add(g.Permission)
	b.scopes.add(g.Scope)
	b.values.add(g.Value)
	b.projects.add(g.Project)
	b.counts = append(b.counts, g.Counts)
	b.lastUsed = append(b.lastUsed, instantOf(g.LastUsed))
	b.from = append(b.from, instantOf(g.From))
	b.to = append(b.to, instantOf(g.To))
	metadata := g.Metadata
	if kept, ok := b.seen[metadata]; ok {
		metadata = kept
	} else if len(b.seen) < maxInterned {
		b.seen[metadata] = metadata
	}
	b.metadata = append(b.metadata, metadata)
}

// finish sorts and indexes, on all cores; rowOf maps arrivals of entities to rows.
func (b *grantBuilder) finish(rowOf []uint32, rows int) *grantTable {
	n := len(b.source)
	for i := range b.source {
		b.source[i], b.target[i] = rowOf[b.source[i]], rowOf[b.target[i]]
	}
	t := &grantTable{}
	var permission, scope, value, project coded
	parallel([]func(){
		func() { t.permissions, permission = b.permissions.coded() },
		func() { t.scopes, scope = b.scopes.coded() },
		func() { t.values, value = b.values.coded() },
		func() { t.projects, project = b.projects.coded() },
	})
	// Sorted by source first, by counting; then the grants of each source by the rest.
	out, order := group(b.source, rows)
	t.out = out
	compare := func(x, y uint32) int {
		if b.target[x] != b.target[y] {
			return cmp.Compare(b.target[x], b.target[y])
		}
		return cmp.Or(permission.compare(x, y), scope.compare(x, y), value.compare(x, y), b.from[x].compare(b.from[y]), b.to[x].compare(b.to[y]))
	}
	const chunk = 4096
	var work []func()
	for first := 0; first < rows; first += chunk {
		work = append(work, func() {
			for row := first; row < min(first+chunk, rows); row++ {
				if of := order[out[row]:out[row+1]]; !slices.IsSortedFunc(of, compare) {
					slices.SortFunc(of, compare)
				}
			}
		})
	}
	parallel(work)
	parallel([]func(){
		func() { t.source = permute(b.source, order) },
		func() {
			t.target = permute(b.target, order)
			t.in, t.inOrder = group(t.target, rows)
		},
		func() { t.permission = packCodes(permute(permission.codes, order)) },
		func() { t.scope = packCodes(permute(scope.codes, order)) },
		func() { t.value = packCodes(permute(value.codes, order)) },
		func() { t.project = packCodes(permute(project.codes, order)) },
		func() { t.metadata = packPlain(permute(b.metadata, order)) },
		func() { t.lastUsed = packTimes(permute(b.lastUsed, order)) },
		func() { t.from = packTimes(permute(b.from, order)) },
		func() { t.to = packTimes(permute(b.to, order)) },
		func() {
			t.counts = NewBits(n)
			for i, arrival := range order {
				if b.counts[arrival] {
					t.counts.Set(uint32(i)) //nolint:gosec // an index
				}
			}
		},
	})
	return t
}

// coded is a column of codes that can be compared in the byte order of their texts, the
// empty one first.
type coded struct{ codes, ranks []uint32 }

func (b *columnBuilder) coded() (dict, coded) {
	d, recode := b.dictionary()
	for i, v := range b.codes {
		if v != none {
			b.codes[i] = recode[v]
		}
	}
	return d, coded{b.codes, byteRanks(d.values.list())}
}

func (c *coded) compare(x, y uint32) int {
	p, q := c.codes[x], c.codes[y]
	if p == q {
		return 0
	}
	if p == none {
		return -1
	}
	if q == none {
		return 1
	}
	return cmp.Compare(c.ranks[p], c.ranks[q])
}

func permute[T any](column []T, order []uint32) []T {
	out := make([]T, len(order))
	for i, o := range order {
		out[i] = column[o]
	}
	return out
}

// byteRanks gives each value its place in byte order.
func byteRanks(values []string) []uint32 {
	order := make([]uint32, len(values))
	for i := range order {
		order[i] = uint32(i) //nolint:gosec // an index
	}
	slices.SortFunc(order, func(x, y uint32) int { return strings.Compare(values[x], values[y]) })
	rank := make([]uint32, len(values))
	for i, o := range order {
		rank[o] = uint32(i) //nolint:gosec // an index
	}
	return rank
}

// group sorts positions by key, stably: those with key k are order[starts[k]:starts[k+1]].
func group(keys []uint32, n int) (starts, order []uint32) {
	starts = make([]uint32, n+2)
	for _, k := range keys {
		starts[k+2]++
	}
	for i := 2; i < len(starts); i++ {
		starts[i] += starts[i-1]
	}
	order = make([]uint32, len(keys))
	for i, k := range keys {
		order[starts[k+1]] = uint32(i) //nolint:gosec // an index
		starts[k+1]++
	}
	return starts[:n+1], order
}
