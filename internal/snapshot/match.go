package snapshot

import (
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// matchRows adds the rows of the column that pass m to out. It is filter.StringMatch.Value
// (single) and AnyOf (multi) over the whole column: each distinct value is tested once.
func (c *column) matchRows(m *filter.StringMatch, email bool, out Bits) {
	rest := m.Eq == nil && len(m.In) == 0 && m.Contains == nil && m.StartsWith == nil && m.EndsWith == nil
	switch {
	case m.IsEmpty != nil && *m.IsEmpty:
		if rest {
			missing := c.present.Clone()
			missing.Flip(c.n)
			out.Or(missing)
		}
	case rest:
		// isEmpty: false alone, or nothing at all, which filter.Tree leaves out.
		out.Or(c.present)
	default:
		for _, code := range c.matchCodes(m, email) {
			c.addTo(code, out)
		}
	}
}

// matchCodes returns the codes of the values that pass m, ascending. m asks for presence:
// it has a condition other than isEmpty.
func (d *dict) matchCodes(m *filter.StringMatch, email bool) []uint32 {
	// The most selective condition with a short cut gives the candidates, the others are tested.
	var codes []uint32
	same := func(value string) {
		if email {
			lo, hi := d.span(access.Fold(value))
			for code := lo; code < hi && d.folds.at(code) == access.Fold(value); code++ {
				codes = append(codes, code)
			}
		} else if code, ok := d.find(value); ok {
			codes = append(codes, code)
		}
	}
	lo, hi := uint32(0), d.len()
	switch {
	case m.Eq != nil:
		same(*m.Eq)
	case len(m.In) > 0:
		for _, v := range m.In {
			same(v)
		}
		slices.Sort(codes)
		codes = slices.Compact(codes)
	default:
		if m.StartsWith != nil {
			lo, hi = d.span(access.Fold(*m.StartsWith))
		}
		codes = make([]uint32, 0, hi-lo)
		for code := lo; code < hi; code++ {
			codes = append(codes, code)
		}
	}
	test := rest(m, email)
	return slices.DeleteFunc(codes, func(code uint32) bool { return !test(d.values.at(code), d.folds.at(code)) })
}

// rest returns the test of everything that a candidate may still fail.
func rest(m *filter.StringMatch, email bool) func(value, fold string) bool {
	fold := func(p *string) string {
		if p == nil {
			return ""
		}
		return access.Fold(*p)
	}
	contains, starts, ends := fold(m.Contains), fold(m.StartsWith), fold(m.EndsWith)
	// With Eq the candidates have passed Eq alone, so In is still to be tested.
	var in map[string]bool
	if m.Eq != nil && len(m.In) > 0 {
		in = make(map[string]bool, len(m.In))
		for _, v := range m.In {
			if email {
				v = access.Fold(v)
			}
			in[v] = true
		}
	}
	return func(value, folded string) bool {
		if in != nil && (email && !in[folded] || !email && !in[value]) {
			return false
		}
		return strings.Contains(folded, contains) && strings.HasPrefix(folded, starts) && strings.HasSuffix(folded, ends)
	}
}

// matchSet returns the codes of the values that pass m as a set, nil when m is nil. Unlike
// matchCodes it takes any m: values of a dictionary are present, so isEmpty: true fails.
func (d *dict) matchSet(m *filter.StringMatch) Bits {
	if m == nil {
		return nil
	}
	set := NewBits(d.values.len())
	if m.IsEmpty != nil && *m.IsEmpty {
		return set
	}
	for _, code := range d.matchCodes(m, false) {
		set.Set(code)
	}
	return set
}
