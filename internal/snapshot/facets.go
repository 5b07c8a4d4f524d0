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
		buckets, err := r.s.facet(ctx, rows, field)
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

func (s *Snapshot) facet(ctx context.Context, rows Bits, field filter.Field) ([]query.Bucket, error) {
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
		return s.countPeople(ctx, rows, s.people.department, false)
	case filter.FieldJobTitle:
		return s.countPeople(ctx, rows, s.people.title, false)
	case filter.FieldEmploymentType:
		return s.countPeople(ctx, rows, s.people.employmentType, false)
	case filter.FieldManager:
		return s.countPeople(ctx, rows, s.people.managerEmail, true)
	}
	return nil, access.Invalid("by", "entities cannot be counted by %q", field)
}

// count counts the rows of the set by value.
func (c *column) count(rows Bits) []query.Bucket {
	missing := c.len()
	counts := make([]int, missing+1) // the last is for missing values
	if c.sets != nil {
		for code := range c.sets {
			counts[code] = c.sets[code].countIn(rows)
		}
		some := rows.Clone()
		some.AndNot(c.present)
		counts[missing] = some.Count()
		return c.buckets(counts)
	}
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
	return c.buckets(counts)
}

// buckets are the values that were counted; the last count is of what has none.
func (d *dict) buckets(counts []int) []query.Bucket {
	var out []query.Bucket
	for code, v := range d.all {
		if counts[code] > 0 {
			out = append(out, query.Bucket{Value: v, Label: v, Count: counts[code]})
		}
	}
	return append(out, query.Bucket{Count: counts[len(counts)-1]})
}

func (c *enumColumn) count(rows Bits) []query.Bucket {
	var out []query.Bucket
	rest := rows.Count()
	for code, v := range c.values {
		n := c.sets[code].countIn(rows)
		out = append(out, query.Bucket{Value: v, Label: v, Count: n})
		rest -= n
	}
	return append(out, query.Bucket{Count: rest})
}

// countPeople counts by an attribute of employees: identities by their own employee, the
// others once for each value that an identity reaching them has. With folded, values
// that differ by case alone are one, and the label is the name of the person whose e-mail it is.
func (s *Snapshot) countPeople(ctx context.Context, rows Bits, c *column, folded bool) ([]query.Bucket, error) {
	group := groupsOf(c, folded)
	missing := c.len()
	counts, err := s.countPeopleOf(ctx, rows, c, group)
	if err != nil {
		return nil, err
	}
	out := []query.Bucket{{Count: counts[missing]}}
	for code, v := range c.all {
		if counts[code] == 0 {
			continue
		}
		b := query.Bucket{Value: v, Label: v, Count: counts[code]}
		if folded {
			b.Value, b.Label = c.folds.at(code), c.folds.at(code)
			if name := s.people.managerName(code); name != "" {
				b.Label = name
			}
		}
		out = append(out, b)
	}
	return out, nil
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
