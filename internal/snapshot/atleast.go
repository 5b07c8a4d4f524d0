package snapshot

import "context"

// estimate bounds how many related entities rows have by what the components that they
// hold have, so that most rows need not be walked from to compare them with a number.
type estimate struct {
	c      *clause
	counts []uint32 // by component: its related entities, none where its list is not kept
}

// estimate counts the related entities of each component; nil when the lists are not worth
// making for so few rows, or the clause asks something else of them.
func (c *clause) estimate(ctx context.Context, rows int) (*estimate, error) {
	t := c.s.topology
	if !c.forward || c.direct || c.via != nil || rows < t.components()/4 {
		return nil, nil
	}
	if err := c.s.flattenAll(ctx); err != nil {
		return nil, err
	}
	e := &estimate{c: c, counts: make([]uint32, t.components())}
	err := c.s.share(ctx, len(e.counts), 1024, func(w *walker, from, to int) {
		for i := from; i < to; i++ {
			if f := t.flats.lists[i].Load(); f != nil {
				e.counts[i] = e.count(f.rows, f.bundles, w)
			} else {
				e.counts[i] = none
			}
		}
	})
	return e, err
}

func (e *estimate) count(rows, bundles []uint32, w *walker) (n uint32) {
	c := e.c
	if c.passing == nil {
		for _, to := range rows {
			n += uint32(c.entity[to>>6] >> (to & 63) & 1) //nolint:gosec // one bit
		}
		return n
	}
	for i, to := range rows {
		if !c.entity.Has(to) {
			continue
		}
		if b := bundles[i]; b < c.s.bundles.base && c.passing.Has(b) || b >= c.s.bundles.base && c.s.bundles.accepts(w.joiner.get(b+1), c.accepted) {
			n++
		}
	}
	return n
}

// between returns the least and the most related entities that row can have; false when
// that is not known.
func (e *estimate) between(row uint32, w *walker) (least, most int, ok bool) {
	s := e.c.s
	if s.loops.Has(row) { // it may itself be among what its components reach
		return 0, 0, false
	}
	add := func(n uint32) {
		least, most = max(least, int(n)), most+int(n)
		ok = ok && n != none
	}
	ok = true
	if c := s.topology.of[row]; c != none {
		add(e.counts[c])
		return least, most, ok
	}
	rows, bundles := s.to.with(row)
	for _, to := range rows {
		if c := s.topology.of[to]; c != none {
			add(e.counts[c])
		}
	}
	add(e.count(rows, bundles, w))
	return least, most, ok
}
