package snapshot

import (
	"iter"

	"github.com/accessgraph/accessgraph/internal/access"
)

// grantsOf yields the live grants from source to target, false ones included.
func (s *Snapshot) grantsOf(source, target string) iter.Seq[access.Grant] {
	return s.grantsBetween(s.grants, source, target)
}

// grantsBetween yields the grants of a pair.
func (s *Snapshot) grantsBetween(t *grantTable, source, target string) iter.Seq[access.Grant] {
	return func(yield func(access.Grant) bool) {
		from, okFrom := s.Row(source)
		to, okTo := s.Row(target)
		if !okFrom || !okTo {
			return
		}
		lo, hi := t.between(from, to)
		for g := lo; g < hi; g++ {
			if !yield(t.grant(g, s.ids)) {
				return
			}
		}
	}
}

// grantsAt yields the live grants that the row holds and those on it; one on itself twice.
func (s *Snapshot) grantsAt(row uint32) iter.Seq[access.Grant] {
	return func(yield func(access.Grant) bool) {
		t := s.grants
		for g := t.out[row]; g < t.out[row+1]; g++ {
			if !yield(t.grant(g, s.ids)) {
				return
			}
		}
		for _, g := range t.on(row) {
			if !yield(t.grant(g, s.ids)) {
				return
			}
		}
	}
}
