package snapshot

import (
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// What explanations need to know of single grants.

// countingGrants appends the counting grants of a pair to dst, in the order of permission,
// scope and value.
func (s *Snapshot) countingGrants(from, to uint32, dst []access.Grant) []access.Grant {
	for g := range s.between(from, to) {
		if g.Counts {
			dst = append(dst, g)
		}
	}
	return dst
}

// grantCount is how many counting grants a pair has.
func (s *Snapshot) grantCount(from, to uint32) int64 {
	n := int64(0)
	if s.patchedSource(from) != nil {
		for g := range s.between(from, to) {
			if g.Counts {
				n++
			}
		}
		return n
	}
	lo, hi := s.grants.between(from, to)
	for g := lo; g < hi; g++ {
		if s.grants.counts.Has(g) {
			n++
		}
	}
	return n
}

// granted tells which permissions a question is about. It serves one goroutine.
type granted struct {
	s     *Snapshot
	match *filter.StringMatch // nil = all
	known map[string]bool     // by name
}

func (s *Snapshot) granted(m *filter.StringMatch) *granted {
	if m.Neutral() {
		return &granted{s: s}
	}
	return &granted{s: s, match: m, known: map[string]bool{}}
}

// permission reports whether the question is about permissions of the name.
func (g *granted) permission(name string) bool {
	if g.match == nil {
		return true
	}
	is, ok := g.known[name]
	if !ok {
		is = g.match.Value(name, false)
		g.known[name] = is
	}
	return is
}

// pair reports whether a pair with a counting grant has one with such a permission.
func (g *granted) pair(from, to uint32) bool {
	if g.match == nil {
		return true
	}
	for _, p := range g.s.permissions(from, to) {
		if g.permission(p.Name) {
			return true
		}
	}
	return false
}
