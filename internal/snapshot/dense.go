package snapshot

import (
	"context"
	"math/bits"
	"slices"
)

// forward returns {t : some s in seeds, s ≠ t, reaches t by a pair that passes}.
// Components are passed on from those on top to those below, each once.
// O(pairs of the seeds and of what they hold).
func (s *Snapshot) forward(seeds, passing Bits) Bits {
	t := s.topology
	out, held := NewBits(s.n), NewBits(t.components())
	mark := func(row uint32) {
		rows, bundles := s.to.with(row)
		for i, to := range rows {
			if passing == nil || passing.Has(bundles[i]) {
				out.Set(to)
			}
		}
	}
	for row := range seeds.Rows {
		if c := t.of[row]; c != none {
			held.Set(c)
			continue
		}
		rows, bundles := s.to.with(row)
		for i, to := range rows {
			if passing == nil || passing.Has(bundles[i]) {
				out.Set(to)
			}
			if c := t.of[to]; c != none {
				held.Set(c)
			}
		}
	}
	// What a component leads to has a lower number.
	for i := len(held) - 1; i >= 0; i-- {
		for held[i] != 0 {
			c := held.top(i)
			held.Clear(c)
			for _, row := range t.members.Of(c) {
				mark(row)
			}
			for _, d := range t.next.Of(c) {
				held.Set(d)
			}
		}
	}
	w := s.walker()
	defer s.done(w)
	for row := range s.doubtful(out, seeds) {
		if w.reachedByOther(row, seeds, passing, 1) == 0 {
			out.Clear(row)
		}
	}
	return out
}

// backward returns {e : some r in targets, r ≠ e, is reached by e by a pair that passes}.
// Few targets are walked back from; when that comes to a large part of the graph, every
// row is asked instead whether it has one of them, which most can say at their first pair.
func (s *Snapshot) backward(ctx context.Context, targets, passing Bits) (Bits, error) {
	w := s.walker()
	defer s.done(w)
	out := NewBits(s.n)
	if w.reachedWithin(targets, passing, s.to.Edges()/64+64) {
		for _, row := range w.holders {
			out.Set(row)
		}
	} else if err := s.pull(ctx, targets, passing, out); err != nil {
		return nil, err
	}
	for row := range s.doubtful(out, targets) {
		if w.reachesOther(row, targets, passing, nil, 1) == 0 {
			out.Clear(row)
		}
	}
	return out, nil
}

// reachedWithin is reachedBy that gives up after so many pairs.
func (w *walker) reachedWithin(targets, passing Bits, limit int) bool {
	w.reset()
	for row := range targets.Rows {
		if limit -= len(w.s.from.Of(row)) + 1; limit < 0 {
			return false
		}
		w.sources(row, passing)
	}
	for i := 0; i < len(w.holders); i++ {
		if row := w.holders[i]; w.passes(row) {
			if limit -= len(w.s.from.Of(row)); limit < 0 {
				return false
			}
			w.sources(row, nil)
		}
	}
	return true
}

// pull adds to out the rows with a pair that passes on one of the targets, or that hold a
// connection with one; on all cores.
func (s *Snapshot) pull(ctx context.Context, targets, passing, out Bits) error {
	t := s.topology
	// goal is what it is enough to have a grant on, whatever it gives.
	goal := NewBits(s.n)
	if passing == nil {
		copy(goal, targets)
	}
	// Connections first, in the order in which their pairs lie in memory.
	err := s.eachRow(ctx, s.types[kindConnection], func(row uint32) {
		if s.has(row, nil, targets, passing) {
			out.Set(row)
		}
	})
	if err != nil {
		return err
	}
	found := NewBits(t.components())
	for c := range uint32(t.components()) { //nolint:gosec // no more than rows
		if !t.leads(c, found, out) {
			continue
		}
		found.Set(c)
		for _, row := range t.members.Of(c) {
			goal.Set(row)
			out.Set(row)
		}
	}
	rest := s.live.Clone()
	rest.AndNot(s.types[kindConnection])
	return s.eachRow(ctx, rest, func(row uint32) {
		if s.has(row, goal, targets, passing) {
			out.Set(row)
		}
	})
}

// leads reports whether a member of a component is in rows, or the component leads to one
// that was found.
func (t *topology) leads(c uint32, found, rows Bits) bool {
	for _, d := range t.next.Of(c) {
		if found.Has(d) {
			return true
		}
	}
	return slices.ContainsFunc(t.members.Of(c), rows.Has)
}

// eachRow calls f for each row of a set, on all cores; rows of one word of sets (64 from
// one that divides by it) are always the same core's.
func (s *Snapshot) eachRow(ctx context.Context, rows Bits, f func(row uint32)) error {
	return s.share(ctx, len(rows), 256, func(_ *walker, from, to int) {
		for i := from; i < to; i++ {
			for word := rows[i]; word != 0; word &= word - 1 {
				f(uint32(i<<6 + bits.TrailingZeros64(word))) //nolint:gosec // below the number of rows
			}
		}
	})
}

// has reports whether row has a pair on goal, or one that passes on a target.
func (s *Snapshot) has(row uint32, goal, targets, passing Bits) bool {
	rows, bundles := s.to.with(row)
	if passing == nil {
		if goal == nil {
			goal = targets
		}
		for _, to := range rows {
			if goal.Has(to) {
				return true
			}
		}
		return false
	}
	for i, to := range rows {
		if goal != nil && goal.Has(to) || targets.Has(to) && passing.Has(bundles[i]) {
			return true
		}
	}
	return false
}
