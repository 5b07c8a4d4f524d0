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
	permission, scope, value, project []uint32 // codes, none = empty
	permissions, scopes, values       dict
	projects                          dict
	counts                            Bits // by grant
	lastUsed, from, to                times
	metadata                          []string

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
	return access.Permission{Name: t.permissions.value(t.permission[g]), Value: t.values.value(t.value[g])}
}

func (t *grantTable) grant(g uint32, ids []string) access.Grant {
	return access.Grant{
		Source: ids[t.source[g]], Target: ids[t.target[g]],
		Permission: t.permissions.value(t.permission[g]), Scope: t.scopes.value(t.scope[g]), Value: t.values.value(t.value[g]),
		Counts: t.counts.Has(g), Project: t.projects.value(t.project[g]),
		LastUsed: t.lastUsed.at(g), Metadata: t.metadata[g], From: t.from.at(g), To: t.to.at(g),
	}
}

// grantBuilder takes grants in the order of arrival.
type grantBuilder struct {
	t                                     grantTable
	permissions, scopes, values, projects *columnBuilder
	counts                                []bool
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
	b.t.source, b.t.target = append(b.t.source, source), append(b.t.target, target)
	b.permissions.add(g.Permission)
	b.scopes.add(g.Scope)
	b.values.add(g.Value)
	b.projects.add(g.Project)
	b.counts = append(b.counts, g.Counts)
	b.t.lastUsed.add(g.LastUsed)
	b.t.from.add(g.From)
	b.t.to.add(g.To)
	metadata := g.Metadata
	if kept, ok := b.seen[metadata]; ok {
		metadata = kept
	} else if len(b.seen) < maxInterned {
		b.seen[metadata] = metadata
	}
	b.t.metadata = append(b.t.metadata, metadata)
}

// maxInterned bounds the table that finds equal metadata: texts that differ in every
// grant are not worth a table of their own.
const maxInterned = 1 << 16

// finish sorts and indexes; rowOf maps arrivals of entities to rows.
func (b *grantBuilder) finish(rowOf []uint32, rows int) *grantTable {
	t := &b.t
	n := len(t.source)
	for i := range t.source {
		t.source[i], t.target[i] = rowOf[t.source[i]], rowOf[t.target[i]]
	}
	code := func(c *columnBuilder) (d dict, codes, byteRank []uint32) {
		d, recode := c.dictionary()
		for i, v := range c.codes {
			if v != none {
				c.codes[i] = recode[v]
			}
		}
		return d, c.codes, byteRanks(d.values)
	}
	var rank [3][]uint32
	t.permissions, t.permission, rank[0] = code(b.permissions)
	t.scopes, t.scope, rank[1] = code(b.scopes)
	t.values, t.value, rank[2] = code(b.values)
	t.projects, t.project, _ = code(b.projects)
	byRank := func(codes, rank []uint32, x, y uint32) int {
		a, b := uint32(0), uint32(0) // empty text comes first
		if codes[x] != none {
			a = rank[codes[x]] + 1
		}
		if codes[y] != none {
			b = rank[codes[y]] + 1
		}
		return cmp.Compare(a, b)
	}
	order := make([]uint32, n)
	for i := range order {
		order[i] = uint32(i) //nolint:gosec // an index
	}
	slices.SortFunc(order, func(x, y uint32) int {
		if c := cmp.Compare(t.source[x], t.source[y]); c != 0 {
			return c
		}
		if c := cmp.Compare(t.target[x], t.target[y]); c != 0 {
			return c
		}
		if c := byRank(t.permission, rank[0], x, y); c != 0 {
			return c
		}
		if c := byRank(t.scope, rank[1], x, y); c != 0 {
			return c
		}
		if c := byRank(t.value, rank[2], x, y); c != 0 {
			return c
		}
		if c := t.from.compare(x, y); c != 0 {
			return c
		}
		return t.to.compare(x, y)
	})
	for _, column := range []*[]uint32{&t.source, &t.target, &t.permission, &t.scope, &t.value, &t.project} {
		*column = permute(*column, order)
	}
	t.metadata = permute(t.metadata, order)
	t.lastUsed.order(order)
	t.from.order(order)
	t.to.order(order)
	t.counts = NewBits(n)
	for i, arrival := range order {
		if b.counts[arrival] {
			t.counts.Set(uint32(i)) //nolint:gosec // an index
		}
	}
	t.out, _ = group(t.source, rows)
	t.in, t.inOrder = group(t.target, rows)
	return t
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
