package snapshot

import (
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// comparer compares what single sources reach on both sides; it serves one goroutine.
type comparer struct {
	d      *difference
	w      [2]*walker
	found  rowSet // places of targets
	places []uint32
	causes *causes
}

func (d *difference) comparer() *comparer {
	if c, ok := d.spare.Get().(*comparer); ok {
		return c
	}
	c := &comparer{d: d, found: newRowSet(d.count()), causes: newCauses(d)}
	for i := range d.side {
		c.w[i] = d.side[i].s.walker()
	}
	return c
}

func (d *difference) done(c *comparer) { d.spare.Put(c) }

// of appends the differences of one source. A target can differ only where a holder has a
// grant on it that is a holder on one side alone, or whose own grants differ.
func (c *comparer) of(source uint32, out []pairDifference) []pairDifference {
	d := c.d
	var rows [2]uint32
	var there [2]bool
	for i := range d.side {
		if rows[i], there[i] = d.row(i, source); there[i] {
			c.w[i].hold([]uint32{rows[i]}, nil)
		} else {
			c.w[i].reset()
		}
	}
	for i := range d.side {
		own := &d.side[i]
		for _, h := range c.w[i].holders {
			if own.touched.Has(h) || !c.holds(1-i, own.at(h)) {
				for _, to := range own.s.to.Of(h) {
					c.found.add(own.at(to))
				}
			}
		}
	}
	if c.found.n == 0 {
		return out
	}
	c.places, _ = c.found.take(c.places[:0], 0, c.found.n)
	c.found.clear()
	for i := range d.side {
		c.w[i].joiner.reset()
		c.w[i].gather(c.w[i].holders, false)
	}
	first := len(out)
	for _, target := range c.places {
		if target == source || d.targets != nil && !d.targets.Has(target) {
			continue
		}
		had, has := c.permissions(0, target), c.permissions(1, target)
		p := pairDifference{source: source, target: target, kind: query.Changed}
		switch {
		case slices.Equal(had, has):
			continue
		case len(had) == 0:
			p.kind, p.gained = query.Gained, has
		case len(has) == 0:
			p.kind, p.lost = query.Lost, had
		default:
			p.gained, p.lost = without(has, had), without(had, has)
		}
		out = append(out, p)
	}
	for i := range d.side {
		for _, to := range c.w[i].targets {
			c.w[i].bundle[to] = 0
		}
	}
	if d.rowsOf[0] != nil {
		slices.SortFunc(out[first:], func(x, y pairDifference) int { return d.compare(x.target, y.target) })
	}
	return out
}

// holds reports whether the place is a holder of the source at hand on a side.
func (c *comparer) holds(i int, place uint32) bool {
	row, ok := c.d.row(i, place)
	return ok && c.w[i].held[row] == c.w[i].stamp
}

// permissions are those of the source at hand at a target on a side, as gathered.
func (c *comparer) permissions(i int, target uint32) []access.Permission {
	row, ok := c.d.row(i, target)
	if !ok || c.w[i].bundle[row] == 0 {
		return nil
	}
	return c.w[i].joiner.get(c.w[i].bundle[row]).list
}
