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
}

// holderTree is the holders of a source on one side in breadth-first order, each with the
// one it was found from.
type holderTree struct {
	source uint32 // place
	rows   []uint32
	before map[uint32]uint32 // holder → the holder before it; the source is not in it
}

func newCauses(d *difference) *causes {
	return &causes{d: d, tree: [2]holderTree{{source: none}, {source: none}}}
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
	last := slices.IndexFunc(tree.rows, func(h uint32) bool {
		return own.holdsOn(h, target) && slices.Contains(own.permissions(h, target), permission)
	})
	chain := []uint32{tree.rows[last]}
	for at, ok := tree.before[chain[0]]; ok; at, ok = tree.before[at] {
		chain = append(chain, at)
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
	s := c.d.side[i].s
	out := query.Cause{Gained: i == 1}
	for g := range s.grantsOf(s.ids[source], s.ids[target]) {
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

// holders returns the holders of a source on side i.
func (c *causes) holders(i int, source uint32) *holderTree {
	t := &c.tree[i]
	if t.source == source {
		return t
	}
	row, _ := c.d.row(i, source)
	s := c.d.side[i].s
	*t = holderTree{source: source, rows: []uint32{row}, before: map[uint32]uint32{}}
	for k := 0; k < len(t.rows); k++ {
		for _, to := range s.to.Of(t.rows[k]) {
			if s.kind[to] != kindConnection {
				continue
			}
			if _, seen := t.before[to]; !seen && to != row {
				t.before[to] = t.rows[k]
				t.rows = append(t.rows, to)
			}
		}
	}
	return t
}
