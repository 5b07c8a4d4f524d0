package neo4j

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
)

// merge merges two ordered sequences; it stops at the first error.
func merge[T any](a, b iter.Seq2[T, error], less func(x, y T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		nextB, stop := iter.Pull2(b)
		defer stop()
		y, errB, moreB := nextB()
		for x, errA := range a {
			for moreB && errB == nil && errA == nil && less(y, x) {
				if !yield(y, nil) {
					return
				}
				y, errB, moreB = nextB()
			}
			if moreB && errB != nil && errA == nil {
				yield(y, errB)
				return
			}
			if !yield(x, errA) || errA != nil {
				return
			}
		}
		for moreB {
			if !yield(y, errB) || errB != nil {
				return
			}
			y, errB, moreB = nextB()
		}
	}
}

// bySource orders grants that come grouped by source: the server orders the sources by
// their index, Go the grants of one source, in byte order. Memory is the grants of one
// source.
func bySource(grants iter.Seq2[access.Grant, error]) iter.Seq2[access.Grant, error] {
	return func(yield func(access.Grant, error) bool) {
		var group []access.Grant
		flush := func() bool {
			slices.SortFunc(group, compareGrants)
			for _, g := range group {
				if !yield(g, nil) {
					return false
				}
			}
			group = group[:0]
			return true
		}
		for g, err := range grants {
			if err != nil {
				yield(g, err)
				return
			}
			if len(group) > 0 && group[0].Source != g.Source && !flush() {
				return
			}
			group = append(group, g)
		}
		flush()
	}
}

func compareGrants(a, b access.Grant) int {
	return cmp.Or(access.CompareGrants(&a, &b), a.From.Compare(b.From), a.To.Compare(b.To), cmp.Compare(a.Value, b.Value))
}

func sortBy[T any](list []T, key func(*T) string) {
	slices.SortFunc(list, func(a, b T) int { return strings.Compare(key(&a), key(&b)) })
}
