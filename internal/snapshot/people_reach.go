package snapshot

import (
	"context"
	"math/bits"
	"slices"
	"sync"
)

// reachedPeople says, for an attribute of employees, which of its values lead to each
// connection and resource: those of the identities that reach it. It is found out when it
// is first asked for.
type reachedPeople struct {
	counts []int       // by group: live rows that it leads to, or whose own it is
	sets   []valueRows // by group: those rows and removed identities; nil when they are too many to keep
}

// reachedColumns keeps them by the column of the attribute.
type reachedColumns struct {
	lock  sync.Mutex
	of    map[*column]*reachedPeople
	fewer int // taken off maxReachedPairs
}

// maxReachedPairs bounds the pairs of a value and a row that are kept of one attribute.
const maxReachedPairs = 8 << 20

// groupsOf numbers the values of an attribute of employees: equal folds are one group, of
// the first of their codes, where folded asks for that. The last is for no value.
func groupsOf(c *column, folded bool) []uint32 {
	group := make([]uint32, c.len()+1)
	for code := range group {
		group[code] = uint32(code)                                                                               //nolint:gosec // an index
		if folded && code > 0 && code < int(c.len()) && c.folds.at(uint32(code-1)) == c.folds.at(uint32(code)) { //nolint:gosec // an index
			group[code] = group[code-1]
		}
	}
	return group
}

// groupOf is the group of an identity's own employee.
func (s *Snapshot) groupOf(row uint32, c *column, group []uint32) uint32 {
	if at := s.employeeAt[row]; at >= 0 {
		if code := c.codes.at(uint32(at)); code != none { //nolint:gosec // not negative
			return group[code]
		}
	}
	return group[len(group)-1]
}

// reachedBy finds out who leads to all rows.
func (s *Snapshot) reachedBy(ctx context.Context, c *column, group []uint32) (*reachedPeople, error) {
	s.reached.lock.Lock()
	defer s.reached.lock.Unlock()
	if known := s.reached.of[c]; known != nil {
		return known, nil
	}
	known, rows := &reachedPeople{counts: make([]int, len(group))}, make([][]uint32, len(group))
	kept, err := s.leadTo(ctx, s.notIdentities(s.live), c, group, known.counts, rows)
	if err != nil {
		return nil, err
	}
	for row := range s.types[kindIdentity].Rows {
		g := s.groupOf(row, c, group)
		if s.live.Has(row) {
			known.counts[g]++
		}
		if kept {
			rows[g] = append(rows[g], row)
		}
	}
	if kept {
		known.sets = make([]valueRows, len(group))
		for g := range rows {
			known.sets[g] = packRows(rows[g], s.n)
		}
	}
	if s.reached.of == nil {
		s.reached.of = map[*column]*reachedPeople{}
	}
	s.reached.of[c] = known
	return known, nil
}

func (s *Snapshot) notIdentities(rows Bits) Bits {
	out := rows.Clone()
	out.AndNot(s.types[kindIdentity])
	return out
}

// countPeopleOf counts rows by group: identities by their own employee's, the others once
// by each that an identity reaching them has.
func (s *Snapshot) countPeopleOf(ctx context.Context, rows Bits, c *column, group []uint32) ([]int, error) {
	known, err := s.reachedBy(ctx, c, group)
	switch {
	case err != nil:
		return nil, err
	case slices.Equal(rows, s.live):
		return known.counts, nil
	}
	counts := make([]int, len(group))
	if known.sets != nil {
		for g := range known.sets {
			counts[g] = known.sets[g].countIn(rows)
		}
		return counts, nil
	}
	for row := range rows.Rows {
		if s.kind[row] == kindIdentity {
			counts[s.groupOf(row, c, group)]++
		}
	}
	_, err = s.leadTo(ctx, s.notIdentities(rows), c, group, counts, nil)
	return counts, err
}

// countIn is how many rows of the value are in a set.
func (v *valueRows) countIn(set Bits) (n int) {
	if v.dense != nil {
		for i, w := range v.dense {
			n += bits.OnesCount64(w & set[i])
		}
		return n
	}
	var some [256]uint32
	for it := v.sparse.ManyIterator(); ; {
		k := it.NextMany(some[:])
		if k == 0 {
			return n
		}
		for _, row := range some[:k] {
			if set.Has(row) {
				n++
			}
		}
	}
}

// blockWords is how many words of groups are looked at in one pass over the graph; a
// component takes as many meanwhile.
const blockWords = 16

// leadTo adds to counts how many of rows each group leads to, and lists them by group where
// lists is not nil; kept is false when they were too many. Groups go down the components
// as bits, a block of them at a time. O((groups / 1024 + 1) × pairs), on all cores.
func (s *Snapshot) leadTo(ctx context.Context, rows Bits, c *column, group []uint32, counts []int, lists [][]uint32) (kept bool, err error) {
	list := rows.List()
	if len(list) == 0 {
		return lists != nil, ctx.Err()
	}
	own := make([]uint32, s.n) // group of each identity, none for all else
	for row := range own {
		if own[row] = none; s.kind[row] == kindIdentity {
			own[row] = s.groupOf(uint32(row), c, group) //nolint:gosec // an index
		}
	}
	pairs, kept := 0, lists != nil
	for first := 0; first < len(group); first += 64 * blockWords {
		held := s.holdGroups(own, uint32(first)) //nolint:gosec // an index
		var lock sync.Mutex
		err := s.share(ctx, len(list), 4096, func(_ *walker, from, to int) {
			var mine [64 * blockWords]int
			var listed [64 * blockWords][]uint32
			for _, row := range list[from:to] {
				have := s.groupsAt(row, own, uint32(first), held) //nolint:gosec // an index
				for w, word := range have {
					for ; word != 0; word &= word - 1 {
						g := w<<6 + bits.TrailingZeros64(word)
						if mine[g]++; kept {
							listed[g] = append(listed[g], row)
						}
					}
				}
			}
			lock.Lock()
			defer lock.Unlock()
			for g, n := range mine {
				if n == 0 {
					continue
				}
				counts[first+g] += n
				if pairs += n; kept {
					lists[first+g] = append(lists[first+g], listed[g]...)
				}
			}
		})
		if err != nil {
			return false, err
		}
		if kept && pairs > maxReachedPairs-s.reached.fewer {
			kept = false
			clear(lists)
		}
	}
	return kept, nil
}

// groupsAt is the groups, from first on, of the identities that reach row.
func (s *Snapshot) groupsAt(row uint32, own []uint32, first uint32, held [][blockWords]uint64) (have [blockWords]uint64) {
	add := func(source uint32) {
		if c := s.topology.of[source]; c != none {
			for w, word := range held[c] {
				have[w] |= word
			}
		} else if g := own[source]; g != none && g-first < 64*blockWords {
			g -= first
			have[g>>6] |= 1 << (g & 63)
		}
	}
	for _, source := range s.from.Of(row) {
		add(source)
	}
	return have
}

// holdGroups is the groups, from first on, of the identities that hold each component.
func (s *Snapshot) holdGroups(own []uint32, first uint32) [][blockWords]uint64 {
	t := s.topology
	held := make([][blockWords]uint64, t.components())
	for i := len(held) - 1; i >= 0; i-- { // those that lead to i have higher numbers
		c := uint32(i) //nolint:gosec // an index
		for _, row := range t.members.Of(c) {
			for _, source := range s.from.Of(row) {
				if g := own[source]; g != none && g-first < 64*blockWords {
					g -= first
					held[i][g>>6] |= 1 << (g & 63)
				}
			}
		}
		for _, d := range t.next.Of(c) {
			for w, word := range held[i] {
				held[d][w] |= word
			}
		}
	}
	return held
}
