package snapshot

import (
	"iter"

	"github.com/accessgraph/accessgraph/internal/access"
)

// patchedSource is the patch where it concerns what a row holds; nil elsewhere.
func (s *Snapshot) patchedSource(row uint32) *patch {
	if p := s.derived.patch; p != nil && p.sources.Has(row) {
		return p
	}
	return nil
}

// patchedTarget is the patch where it concerns what is held on a row; nil elsewhere.
func (s *Snapshot) patchedTarget(row uint32) *patch {
	if p := s.derived.patch; p != nil && p.targets.Has(row) {
		return p
	}
	return nil
}

// between yields the live grants from one row to another, false ones included, in the
// order of permission, scope and value.
func (s *Snapshot) between(from, to uint32) iter.Seq[access.Grant] {
	return func(yield func(access.Grant) bool) {
		if p := s.patchedSource(from); p != nil {
			for _, g := range p.heldBetween(from, to) {
				if !yield(*g.g) {
					return
				}
			}
			return
		}
		lo, hi := s.grants.between(from, to)
		for g := lo; g < hi; g++ {
			if !yield(s.grants.grant(g, s.ids)) {
				return
			}
		}
	}
}

// grantsOf is between for entities; those that do not exist have none.
func (s *Snapshot) grantsOf(source, target string) iter.Seq[access.Grant] {
	from, okFrom := s.Row(source)
	to, okTo := s.Row(target)
	if !okFrom || !okTo {
		return func(func(access.Grant) bool) {}
	}
	return s.between(from, to)
}

// grantsAt yields the live grants that the row holds and those on it; one on itself twice.
func (s *Snapshot) grantsAt(row uint32) iter.Seq[access.Grant] {
	return func(yield func(access.Grant) bool) {
		for _, forward := range []bool{true, false} {
			list := s.grantList(row, forward, false)
			for i := range list.len() {
				if !yield(list.at(i)) {
					return
				}
			}
		}
	}
}

// endedBy returns the grants, of those at the places in s.ended, that had ended by the
// snapshot's moment.
func (s *Snapshot) endedBy(places []uint32) []uint32 {
	if s.derived.moment.IsZero() {
		return places
	}
	var out []uint32
	for _, g := range places {
		if !s.ended.to.at(g).After(s.derived.moment) {
			out = append(out, g)
		}
	}
	return out
}
