package snapshot

import (
	"slices"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// causes finds the grants that explain differences. The holders of the source asked about
// last are kept: differences come source by source. Not safe for concurrent use.
type causes struct {
	d    *difference
	tree [2]holderTree
	made map[causeKey]query.Cause // few grants explain many differences
}

type causeKey struct {
	side           int
	source, target uint32 // rows
	permission     access.Permission
}

// maxCauses is how many causes are kept.
const maxCauses = 1 << 12

// holderTree is the holders of a source on one side in breadth-first order, each with the
// place of the one it was found from.
type holderTree struct {
	source uint32 // place of the source; none before the first
	rows   []uint32
	from   []int32
	found  []uint64 // by row: the round and the place in rows
	round  uint32
}

func newCauses(d *difference) *causes {
	c := &causes{d: d, made: map[causeKey]query.Cause{}}
	for i := range c.tree {
		c.tree[i] = holderTree{source: none, found: make([]uint64, d.side[i].s.n)}
	}
	return c
}

// at is the place of a holder; false for other rows.
func (t *holderTree) at(row uint32) (int, bool) {
	v := t.found[row]
	return int(uint32(v)), uint32(v>>32) == t.round //nolint:gosec // two halves
}

func (t *holderTree) add(row uint32, from int) {
	t.found[row] = uint64(t.round)<<32 | uint64(len(t.rows))
	t.rows, t.from = append(t.rows, row), append(t.from, int32(from)) //nolint:gosec // a place of a row
}

func (c *causes) of(p *pairDifference) []query.Cause {
	var out []query.Cause
	for _, permission := range p.gained {
		out = appendCause(out, c.find(1, p, permission))
	}
	for _, permission := range p.lost {
		out = appendCause(out, c.find(0, p, permission))
	}
	return out
}

func appendCause(list []query.Cause, one query.Cause) []query.Cause {
	if slices.ContainsFunc(list, func(c query.Cause) bool { return c.Gained == one.Gained && c.Grant.Key() == one.Grant.Key() }) {
		return list
	}
	return append(list, one)
}

// find walks a shortest chain to the permission on side i and returns its first grant that
// the other side does not have. There is one: with the same chain the other side would
// have the permission, too.
func (c *causes) find(i int, p *pairDifference, permission access.Permission) query.Cause {
	own := c.d.side[i].s
	target, _ := c.d.row(i, p.target)
	tree := c.holders(i, p.source)
	var chain []uint32
	for at := tree.first(own, target, permission); at >= 0; at = int(tree.from[at]) {
		chain = append(chain, tree.rows[at])
	}
	slices.Reverse(chain)
	for k := 0; k+1 < len(chain); k++ {
		if !c.other(i, chain[k], chain[k+1], nil) {
			return c.cause(i, chain[k], chain[k+1], nil)
		}
	}
	return c.cause(i, chain[len(chain)-1], target, &permission)
}

// other reports whether the other side has the pair, with the permission where one is meant.
func (c *causes) other(i int, source, target uint32, permission *access.Permission) bool {
	from, okFrom := c.d.row(1-i, c.d.side[i].at(source))
	to, okTo := c.d.row(1-i, c.d.side[i].at(target))
	if !okFrom || !okTo {
		return false
	}
	s := c.d.side[1-i].s
	return s.holdsOn(from, to) && (permission == nil || slices.Contains(s.permissions(from, to), *permission))
}

// cause is the first counting grant of the pair, of the permission where one is meant.
func (c *causes) cause(i int, source, target uint32, permission *access.Permission) query.Cause {
	key := causeKey{side: i, source: source, target: target}
	if permission != nil {
		key.permission = *permission
	}
	if have, ok := c.made[key]; ok {
		return have
	}
	s := c.d.side[i].s
	out := query.Cause{Gained: i == 1}
	for g := range s.between(source, target) {
		if g.Counts && (permission == nil || g.Permission == permission.Name && g.Value == permission.Value) {
			out.Grant = g
			break
		}
	}
	if out.Gained {
		out.At = out.Grant.From
	} else {
		out.At = s.present().endOf(&out.Grant)
	}
	if len(c.made) >= maxCauses {
		clear(c.made)
	}
	c.made[key] = out
	return out
}

// endOf returns when the grant ended; zero when it did not.
func (s *Snapshot) endOf(g *access.Grant) time.Time {
	source, okSource := s.Row(g.Source)
	target, okTarget := s.Row(g.Target)
	if !okSource || !okTarget {
		return time.Time{}
	}
	lo, hi := s.ended.between(source, target)
	for at := lo; at < hi; at++ {
		have := s.ended.grant(at, s.ids)
		if have.Key() == g.Key() && have.Value == g.Value && have.From.Equal(g.From) {
			return have.To
		}
	}
	return time.Time{}
}

// first is the place of the first holder that has the permission on the target.
func (t *holderTree) first(s *Snapshot, target uint32, permission access.Permission) int {
	all := *s.bundles.all.Load()
	by, bundles := s.from.with(target)
	if len(by) > 16*len(t.rows) { // looked up rather than looked through
		return slices.IndexFunc(t.rows, func(h uint32) bool {
			b, ok := s.to.give(h, target)
			return ok && slices.Contains(all[b].list, permission)
		})
	}
	first := -1
	for i, h := range by {
		if at, ok := t.at(h); ok && (first < 0 || at < first) && slices.Contains(all[bundles[i]].list, permission) {
			first = at
		}
	}
	return first
}

// holders returns the holders of a source on side i.
func (c *causes) holders(i int, source uint32) *holderTree {
	t := &c.tree[i]
	if t.source == source {
		return t
	}
	row, _ := c.d.row(i, source)
	s := c.d.side[i].s
	t.source, t.rows, t.from = source, t.rows[:0], t.from[:0]
	if t.round++; t.round == 0 {
		clear(t.found)
		t.round = 1
	}
	t.add(row, -1)
	for k := 0; k < len(t.rows); k++ {
		for _, to := range s.to.Of(t.rows[k]) {
			if _, seen := t.at(to); !seen && s.kind[to] == kindConnection {
				t.add(to, k)
			}
		}
	}
	return t
}
