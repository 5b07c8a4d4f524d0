package snapshot

import (
	"cmp"
	"context"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// Facets implements query.Reader.
func (r *reader) Facets(ctx context.Context, q query.FacetQuery) ([]query.Facet, error) {
	rows, err := r.s.Select(ctx, q.Filter, q.Search, r.now)
	if err != nil {
		return nil, err
	}
	out := make([]query.Facet, len(q.By))
	for i, field := range q.By {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		buckets, err := r.s.facet(rows, field)
		if err != nil {
			return nil, err
		}
		if buckets = slices.DeleteFunc(buckets, func(b query.Bucket) bool { return b.Count == 0 }); len(buckets) == 0 {
			buckets = nil
		}
		slices.SortFunc(buckets, func(a, b query.Bucket) int {
			if a.Count != b.Count {
				return b.Count - a.Count
			}
			return cmp.Compare(a.Value, b.Value)
		})
		out[i] = query.Facet{Field: field, Buckets: buckets}
	}
	return out, nil
}

var facetText = map[filter.Field]textField{
	filter.FieldSourceType: textSourceType, filter.FieldApplication: textApplication,
	filter.FieldIntegration: textIntegrationName, filter.FieldProject: textProject,
}

var facetEnum = map[filter.Field]enumField{
	filter.FieldType: enumType, filter.FieldStatus: enumStatus, filter.FieldIdentityType: enumIdentityType, filter.FieldMFA: enumMFA,
}

func (s *Snapshot) facet(rows Bits, field filter.Field) ([]query.Bucket, error) {
	if f, ok := facetText[field]; ok {
		return s.text[f].count(rows), nil
	}
	if f, ok := facetEnum[field]; ok {
		return s.enums[f].count(rows), nil
	}
	switch field {
	case filter.FieldInsight:
		return s.insightNames.count(rows), nil
	case filter.FieldLabel:
		return s.labels.count(rows), nil
	case filter.FieldDepartment:
		return s.countPeople(rows, s.people.department, false), nil
	case filter.FieldJobTitle:
		return s.countPeople(rows, s.people.title, false), nil
	case filter.FieldEmploymentType:
		return s.countPeople(rows, s.people.employmentType, false), nil
	case filter.FieldManager:
		return s.countPeople(rows, s.people.managerEmail, true), nil
	}
	return nil, access.Invalid("by", "entities cannot be counted by %q", field)
}

// count counts the rows of the set by value.
func (c *column) count(rows Bits) []query.Bucket {
	missing := c.len()
	counts := make([]int, missing+1) // the last is for missing values
	for row := range rows.Rows {
		if !c.multi {
			counts[min(c.codes.at(row), missing)]++
			continue
		}
		codes := c.list(row)
		if len(codes) == 0 {
			counts[missing]++
		}
		for i, code := range codes {
			if !slices.Contains(codes[:i], code) {
				counts[code]++
			}
		}
	}
	out := []query.Bucket{{Count: counts[missing]}}
	for code, v := range c.all {
		out = append(out, query.Bucket{Value: v, Label: v, Count: counts[code]})
	}
	return out
}

func (c *enumColumn) count(rows Bits) []query.Bucket {
	var counts [noEnum + 1]int
	for row := range rows.Rows {
		counts[c.codes[row]]++
	}
	out := []query.Bucket{{Count: counts[noEnum]}}
	for code, v := range c.values {
		out = append(out, query.Bucket{Value: v, Label: v, Count: counts[code]})
	}
	return out
}

// countPeople counts by an attribute of employees: identities by their own employee, the
// others once for each value that an identity reaching them has. With folded, values
// that differ by case alone are one, and the label is the name of the person whose e-mail it is.
func (s *Snapshot) countPeople(rows Bits, c *column, folded bool) []query.Bucket {
	// group of each employee: the value's code, the first of its fold when folded.
	missing := c.len()
	group := make([]uint32, missing+1)
	group[missing] = missing
	for code := range missing {
		group[code] = code
		if folded && code > 0 && c.folds.at(code-1) == c.folds.at(code) {
			group[code] = group[code-1]
		}
	}
	// Live identities by group; removed ones reach nothing, but count themselves.
	counts := make([]int, missing+1)
	members := make([][]uint32, missing+1)
	for row := range s.types[kindIdentity].Rows {
		code := missing
		if at := s.employeeAt[row]; at >= 0 && c.codes.at(uint32(at)) != none { //nolint:gosec // not negative
			code = c.codes.at(uint32(at)) //nolint:gosec // not negative
		}
		code = group[code]
		if rows.Has(row) {
			counts[code]++
		}
		if len(s.to.Of(row)) > 0 {
			members[code] = append(members[code], row)
		}
	}
	others := rows.Clone()
	others.AndNot(s.types[kindIdentity])
	if !others.Empty() {
		w := s.walker()
		defer s.done(w)
		for code, list := range members {
			if len(list) == 0 {
				continue
			}
			w.each(w.hold(list, nil), nil, func(to uint32) bool {
				if w.hit[to] != w.stamp && others.Has(to) {
					w.hit[to] = w.stamp
					counts[code]++
				}
				return true
			})
		}
	}
	out := []query.Bucket{{Count: counts[missing]}}
	for code, v := range c.all {
		b := query.Bucket{Value: v, Label: v, Count: counts[code]}
		if folded {
			b.Value, b.Label = c.folds.at(code), c.folds.at(code)
			if name := s.people.nameOf(c.folds.at(code)); name != "" {
				b.Label = name
			}
		}
		out = append(out, b)
	}
	return out
}

// nameOf is the full name of the employee with that folded work e-mail, or "".
func (p *people) nameOf(fold string) string {
	lo, hi := p.workEmail.span(fold)
	for code := lo; code < hi && p.workEmail.folds.at(code) == fold; code++ {
		for i := range p.workEmail.with(code) {
			if name := p.all[i].FullName; name != "" {
				return name
			}
		}
	}
	return ""
}
