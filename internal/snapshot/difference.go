package snapshot

import (
	"context"
	"slices"
	"sync"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// difference compares the effective access of two snapshots. Rows of either side are
// turned into places: one numbering of the entities of both.
type difference struct {
	side    [2]side // before, after
	targets Bits    // places that may be reached; nil = all
	sources []uint32
	rowsOf  [2][]uint32 // place → row, none; nil when places are rows
	spare   sync.Pool
}

// side is one of the two snapshots.
type side struct {
	s       *Snapshot
	place   []uint32 // row → place; nil when they are equal
	touched Bits     // rows whose own counting grants are not those of the other side
}

func (d *side) at(row uint32) uint32 {
	if d.place == nil {
		return row
	}
	return d.place[row]
}

// pairDifference is one difference, in places.
type pairDifference struct {
	source, target uint32
	kind           query.DifferenceKind
	gained, lost   []access.Permission
	causes         []query.Cause
}

func compare(ctx context.Context, before, after *reader, q query.DifferenceQuery) (*difference, error) {
	d := &difference{side: [2]side{{s: before.s}, {s: after.s}}}
	d.join()
	d.touch()
	var some [2]Bits
	for i, r := range []*reader{before, after} {
		rows, err := r.s.Select(ctx, q.Filter, "", r.now)
		if err != nil {
			return nil, err
		}
		some[i] = d.places(i, rows)
		if q.Targets == nil {
			continue
		}
		reached, err := r.s.Select(ctx, q.Targets, "", r.now)
		if err != nil {
			return nil, err
		}
		reached = d.places(i, reached)
		if d.targets == nil {
			d.targets = reached
		} else {
			d.targets.Or(reached)
		}
	}
	some[0].Or(some[1])
	changed := d.places(0, d.side[0].affected())
	changed.Or(d.places(1, d.side[1].affected()))
	some[0].And(changed)
	if d.targets != nil && !some[0].Empty() {
		reaching, err := d.reaching(ctx)
		if err != nil {
			return nil, err
		}
		some[0].And(reaching)
	}
	d.sources = some[0].List()
	if d.rowsOf[0] != nil {
		slices.SortFunc(d.sources, d.compare)
	}
	return d, ctx.Err()
}

// reaching returns the places that reach one of the targets on either side: others have no
// difference there, and asking each of them would take as long as asking for all targets.
func (d *difference) reaching(ctx context.Context) (Bits, error) {
	var out Bits
	for i := range d.side {
		targets := NewBits(d.side[i].s.n)
		for place := range d.targets.Rows {
			if row, ok := d.row(i, place); ok {
				targets.Set(row)
			}
		}
		rows, err := d.side[i].s.backward(ctx, targets, nil)
		if err != nil {
			return nil, err
		}
		if rows = d.places(i, rows); out == nil {
			out = rows
		} else {
			out.Or(rows)
		}
	}
	return out, nil
}

// join numbers the entities of both sides.
func (d *difference) join() {
	a, b := d.side[0].s, d.side[1].s
	if a.sameRows(b) {
		return
	}
	d.side[0].place, d.side[1].place = make([]uint32, a.n), make([]uint32, b.n)
	d.rowsOf[1] = make([]uint32, b.n, a.n+b.n)
	d.rowsOf[0] = make([]uint32, b.n, a.n+b.n)
	for row := range uint32(b.n) { //nolint:gosec // fewer than 2^32 rows
		d.side[1].place[row], d.rowsOf[1][row], d.rowsOf[0][row] = row, row, none
	}
	for row := range uint32(a.n) { //nolint:gosec // fewer than 2^32 rows
		place, ok := b.Row(a.ids[row])
		if !ok {
			place = uint32(len(d.rowsOf[0])) //nolint:gosec // fewer than 2^32 rows
			d.rowsOf[0], d.rowsOf[1] = append(d.rowsOf[0], none), append(d.rowsOf[1], none)
		}
		d.side[0].place[row], d.rowsOf[0][place] = place, row
	}
}

// sameRows reports whether the rows of both are the same entities.
func (s *Snapshot) sameRows(o *Snapshot) bool {
	return s.n == o.n && (s.n == 0 || &s.ids[0] == &o.ids[0])
}

func (d *difference) count() int {
	if d.rowsOf[0] == nil {
		return d.side[0].s.n
	}
	return len(d.rowsOf[0])
}

// row returns the row of a place on a side; false when the entity is not there.
func (d *difference) row(i int, place uint32) (uint32, bool) {
	if d.rowsOf[i] == nil {
		return place, true
	}
	row := d.rowsOf[i][place]
	return row, row != none
}

// places turns a set of rows of a side into a set of places.
func (d *difference) places(i int, rows Bits) Bits {
	if d.rowsOf[0] == nil {
		return rows
	}
	out := NewBits(d.count())
	for row := range rows.Rows {
		out.Set(d.side[i].at(row))
	}
	return out
}

// shown is the side that shows the entity of a place, and its row there.
func (d *difference) shown(place uint32) (*Snapshot, uint32) {
	if row, ok := d.row(1, place); ok {
		return d.side[1].s, row
	}
	row, _ := d.row(0, place)
	return d.side[0].s, row
}

func (d *difference) placeOf(place uint32) query.AccessPosition {
	s, row := d.shown(place)
	return query.AccessPosition{NameKey: s.nameKey(row), ID: s.ids[row]}
}

func (d *difference) compare(x, y uint32) int { return d.placeOf(x).Compare(d.placeOf(y)) }

func (d *difference) position(p *pairDifference) query.DifferencePosition {
	return query.DifferencePosition{Source: d.placeOf(p.source), Target: d.placeOf(p.target)}
}

// touch finds the rows whose own access is not the same on both sides.
func (d *difference) touch() {
	for i := range d.side {
		d.side[i].touched = NewBits(d.side[i].s.n)
	}
	for place := range d.suspects() {
		before, okBefore := d.row(0, place)
		after, okAfter := d.row(1, place)
		if okBefore && okAfter && d.sameOwn(before, after) {
			continue
		}
		if okBefore {
			d.side[0].touched.Set(before)
		}
		if okAfter {
			d.side[1].touched.Set(after)
		}
	}
}

// suspects yields the places whose own access may differ: where both sides are patches of
// the same snapshot, those that either patches.
func (d *difference) suspects() func(yield func(uint32) bool) {
	a, b := d.side[0].s, d.side[1].s
	all := NewBits(d.count())
	if a.present() != b.present() {
		all.Flip(d.count())
		return all.Rows
	}
	for _, s := range []*Snapshot{a, b} {
		if p := s.derived.patch; p != nil {
			all.Or(p.sources)
		}
	}
	return all.Rows
}

func (d *difference) sameOwn(before, after uint32) bool {
	a, b := &d.side[0], &d.side[1]
	to, of := a.s.to.Of(before), b.s.to.Of(after)
	if len(to) != len(of) {
		return false
	}
	for _, target := range to {
		other, ok := d.row(1, a.at(target))
		if !ok || !b.s.holdsOn(after, other) || !slices.Equal(a.s.permissions(before, target), b.s.permissions(after, other)) {
			return false
		}
	}
	return true
}

// holdsOn reports whether a counting grant leads from source to target.
func (s *Snapshot) holdsOn(source, target uint32) bool {
	_, ok := slices.BinarySearch(s.to.Of(source), target)
	return ok
}

// affected returns the rows whose access may differ: those touched, and those that hold
// a touched connection.
func (d *side) affected() Bits {
	out := d.touched.Clone()
	var through []uint32
	for row := range d.touched.Rows {
		if d.s.kind[row] == kindConnection {
			through = append(through, row)
		}
	}
	w := d.s.walker()
	defer d.s.done(w)
	for _, row := range w.reachedBy(through, nil, nil) {
		out.Set(row)
	}
	return out
}

// each yields the differences in order, from the source of start on (nil = all), with all
// that this source has; with their causes where that is asked for.
func (d *difference) each(ctx context.Context, start *query.DifferencePosition, causes bool, yield func(*pairDifference) bool) error {
	sources := d.sources
	if start != nil {
		i, _ := slices.BinarySearchFunc(sources, start.Source, func(place uint32, p query.AccessPosition) int { return d.placeOf(place).Compare(p) })
		sources = sources[i:]
	}
	const chunk = 64
	return ordered(ctx, (len(sources)+chunk-1)/chunk, func(ctx context.Context, piece int) []pairDifference {
		c := d.comparer()
		defer d.done(c)
		var out []pairDifference
		from := piece * chunk
		for _, place := range sources[from:min(from+chunk, len(sources))] {
			if ctx.Err() != nil {
				return nil
			}
			first := len(out)
			out = c.of(place, out)
			for i := first; causes && i < len(out); i++ {
				out[i].causes = c.causes.of(&out[i])
			}
		}
		return out
	}, func(list []pairDifference) bool {
		for i := range list {
			if !yield(&list[i]) {
				return false
			}
		}
		return true
	})
}

// any reports whether there is a difference at or before p.
func (d *difference) any(ctx context.Context, p query.DifferencePosition) bool {
	found := false
	_ = d.each(ctx, nil, false, func(one *pairDifference) bool { // an end of ctx is seen by the caller
		found = d.position(one).Compare(p) <= 0
		return false
	})
	return found
}

// without returns the elements of a sorted list that are not in another.
func without(list, other []access.Permission) []access.Permission {
	var out []access.Permission
	for _, p := range list {
		if !slices.Contains(other, p) {
			out = append(out, p)
		}
	}
	return out
}

// describe turns a difference into what readers hand out.
func (d *difference) describe(p *pairDifference) query.Difference {
	out := query.Difference{Kind: p.kind, Gained: p.gained, Lost: p.lost, Causes: p.causes}
	s, row := d.shown(p.source)
	out.Source = s.show(row).entity
	s, row = d.shown(p.target)
	out.Target = s.show(row).entity
	return out
}
