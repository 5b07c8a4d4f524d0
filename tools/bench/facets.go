package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/store"
)

// panelFields are the facets of the filter panel, which are all there are. Those of
// people ask, for groups and resources, who reaches them.
var (
	ownFields    = []filter.Field{filter.FieldType, filter.FieldSourceType, filter.FieldStatus, filter.FieldApplication, filter.FieldIntegration, filter.FieldProject, filter.FieldIdentityType, filter.FieldMFA, filter.FieldInsight, filter.FieldLabel}
	peopleFields = []filter.Field{filter.FieldDepartment, filter.FieldJobTitle, filter.FieldEmploymentType, filter.FieldManager}
)

// plainColumn is a facet as a column of codes, one or more of each entity, by number.
type plainColumn struct {
	values  []string // "" = missing
	offsets []uint32 // nil: one code each
	codes   []uint32
}

// count is the bare pass over the column: one addition for each code, of 1 for the
// entities asked for (nil = all) and else of 0, which is faster than a branch.
func (c *plainColumn) count(keep []uint8) []int {
	counts := make([]int, len(c.values))
	switch {
	case keep == nil:
		for _, code := range c.codes {
			counts[code]++
		}
	case c.offsets == nil:
		for n, code := range c.codes {
			counts[code] += int(keep[n])
		}
	default:
		for n := range len(c.offsets) - 1 {
			if keep[n] > 0 {
				for _, code := range c.codes[c.offsets[n]:c.offsets[n+1]] {
					counts[code]++
				}
			}
		}
	}
	return counts
}

// facet is what the counts say, as the product orders it.
func (c *plainColumn) facet(field filter.Field, counts []int) query.Facet {
	f := query.Facet{Field: field}
	for code, n := range counts {
		if n > 0 {
			f.Buckets = append(f.Buckets, query.Bucket{Value: c.values[code], Count: n})
		}
	}
	slices.SortFunc(f.Buckets, func(a, b query.Bucket) int {
		return cmp.Or(b.Count-a.Count, cmp.Compare(a.Value, b.Value))
	})
	return f
}

// columnOf makes a column by asking for each entity's values; "" = missing. Entities
// without any are not counted: those that nobody reaches have nobody's department.
func (g *sized) columnOf(valuesOf func(n int) []string) *plainColumn {
	c := &plainColumn{values: []string{""}, offsets: []uint32{0}}
	codes := map[string]uint32{"": 0}
	single := true
	for n := range g.entities() {
		values := valuesOf(n)
		single = single && len(values) == 1
		for _, v := range values {
			code, ok := codes[v]
			if !ok {
				code = uint32(len(c.values)) //nolint:gosec // few
				codes[v] = code
				c.values = append(c.values, v)
			}
			c.codes = append(c.codes, code)
		}
		c.offsets = append(c.offsets, uint32(len(c.codes))) //nolint:gosec // fewer than 2^32
	}
	if single {
		c.offsets = nil
	}
	return c
}

// ownColumns are the columns of ownFields, from the changes that the store was filled with.
func (g *sized) ownColumns() map[filter.Field]*plainColumn {
	labels, insights := make([][]string, g.entities()), make([][]string, g.entities())
	number := make(map[string]int, g.entities())
	for n, id := range g.ids {
		number[id] = n
	}
	if g.Staff {
		g.staff(g.ids, func(c store.Change) bool {
			if c.PutLabels != nil {
				labels[number[c.PutLabels.EntityID]] = c.PutLabels.Labels
			}
			if c.PutInsights != nil {
				insights[number[c.PutInsights.EntityID]] = []string{c.PutInsights.Insights[0].Name}
			}
			return true
		})
	}
	of := func(value func(e *access.Entity) string) *plainColumn {
		return g.columnOf(func(n int) []string { return []string{value(g.entity(uint32(n), g.ids[n]))} }) //nolint:gosec // an index
	}
	return map[filter.Field]*plainColumn{
		filter.FieldType:         of(func(e *access.Entity) string { return string(e.Type) }),
		filter.FieldSourceType:   of(func(e *access.Entity) string { return e.SourceType }),
		filter.FieldStatus:       of(func(e *access.Entity) string { return string(e.Status) }),
		filter.FieldApplication:  of(func(*access.Entity) string { return application }),
		filter.FieldIntegration:  of(func(*access.Entity) string { return integration }),
		filter.FieldProject:      of(func(*access.Entity) string { return "" }),
		filter.FieldIdentityType: g.columnOf(func(n int) []string { return []string{g.identityType(n)} }),
		filter.FieldMFA:          of(func(e *access.Entity) string { return string(e.MFA.Known()) }),
		filter.FieldInsight:      g.columnOf(func(n int) []string { return orMissing(insights[n]) }),
		filter.FieldLabel:        g.columnOf(func(n int) []string { return orMissing(labels[n]) }),
	}
}

func orMissing(values []string) []string {
	if len(values) == 0 {
		return []string{""}
	}
	return values
}

func (g *sized) identityType(n int) string {
	switch {
	case n >= g.People:
		return ""
	case g.Staff && n%10 != 9:
		return string(access.EmployeeIdentity)
	}
	return string(access.Unmapped)
}

// peopleColumns are the columns of peopleFields, by brute force: what everybody with a
// value reaches has the value.
func (g *sized) peopleColumns() map[filter.Field]*plainColumn {
	of := map[filter.Field]func(e *access.Employee) string{
		filter.FieldDepartment: func(e *access.Employee) string { return e.Department }, filter.FieldJobTitle: func(e *access.Employee) string { return e.Title },
		filter.FieldEmploymentType: func(e *access.Employee) string { return e.EmploymentType }, filter.FieldManager: func(e *access.Employee) string { return access.Fold(e.ManagerEmail) },
	}
	var people []*access.Employee // by person, nil = unmapped
	at := map[string]int{}
	for i := range g.People {
		at[access.EmployeeID(fmt.Sprintf("user%d@example.com", i))] = i
	}
	people = make([]*access.Employee, g.People)
	if g.Staff {
		g.staff(g.ids, func(c store.Change) bool {
			if c.PutEmployee != nil {
				people[at[c.PutEmployee.ID]] = c.PutEmployee
			}
			return true
		})
	}
	out := map[filter.Field]*plainColumn{}
	s := g.csr.scratch()
	prev := make([]uint32, g.Groups+g.Resources)
	for field, value := range of {
		byValue := map[string][]int{}
		for i, e := range people {
			if e == nil {
				byValue[""] = append(byValue[""], i)
			} else {
				byValue[value(e)] = append(byValue[value(e)], i)
			}
		}
		values := make([][]string, g.entities())
		for v, members := range byValue {
			seen := make(map[int]bool)
			for _, i := range members {
				values[i] = []string{v}
				g.csr.search(uint32(i), s, prev) //nolint:gosec // an index
				for _, row := range s.stack[1:] {
					seen[int(row)] = true
				}
				for _, row := range s.stack {
					for _, r := range g.csr.own.of(row) {
						seen[g.People+g.Groups+int(r)] = true
					}
				}
			}
			for n := range seen {
				values[n] = append(values[n], v)
			}
		}
		out[field] = g.columnOf(func(n int) []string { return values[n] })
	}
	return out
}

// facets counts all facets of the filter panel.
func (b *scale) facets() error {
	g, err := b.graph(b.medium())
	if err != nil {
		return err
	}
	own, people := g.ownColumns(), g.peopleColumns()
	halfOf := make([]uint8, g.entities())
	for i := range g.People {
		if g.mfa[i] {
			halfOf[i] = 1
		}
	}
	for _, q := range []struct {
		name   string
		fields []filter.Field
		filter *filter.Filter
		keep   []uint8
	}{
		{"fields of entities, no filter", ownFields, nil, nil},
		{"fields of entities, identities with MFA", ownFields, &filter.Filter{Type: []access.EntityType{access.Identity}, MfaEnabled: []access.Tristate{access.True}}, halfOf},
		{"the whole panel, no filter", append(slices.Clone(ownFields), peopleFields...), nil, nil},
		{"the whole panel, identities with MFA", append(slices.Clone(ownFields), peopleFields...), &filter.Filter{Type: []access.EntityType{access.Identity}, MfaEnabled: []access.Tristate{access.True}}, halfOf},
	} {
		columns := make([]*plainColumn, len(q.fields))
		codes := 0
		for i, f := range q.fields {
			if columns[i] = own[f]; columns[i] == nil {
				columns[i] = people[f]
			}
			codes += len(columns[i].codes)
		}
		ask := func() ([]query.Facet, error) {
			return g.reader().Facets(b.ctx, query.FacetQuery{Filter: q.filter, By: q.fields})
		}
		got, err := ask()
		if err != nil {
			return err
		}
		for i, c := range columns {
			if err := sameFacet(got[i], c.facet(q.fields[i], c.count(q.keep))); err != nil {
				return fmt.Errorf("%s: %s: %w", q.name, q.fields[i], err)
			}
		}
		run := func() error { _, err := ask(); return err }
		times, err := b.race(1, b.s.ScaleRounds,
			contender{"memory", func(context.Context) (time.Duration, error) { return repeated(run) }},
			contender{"one pass over the columns, one core", func(context.Context) (time.Duration, error) {
				return repeated(func() error {
					for _, c := range columns {
						c.count(q.keep)
					}
					return nil
				})
			}})
		if err != nil {
			return err
		}
		b.s.log("facets, %s: memory %s, one pass %s", q.name, duration(times[0].median()), duration(times[1].median()))
		if err := b.res.addProfiled(comparison{
			Part: partFacets, Size: g.Name, Name: fmt.Sprintf("all facets of %s, %s", q.name, g.Name), Ours: times[0], Peer: times[1], Cost: true, Goal: 3,
			Detail: fmt.Sprintf("%s; %d fields, %d values of entities in all", g.describe(), len(q.fields), codes),
		}, b.s.log, run); err != nil {
			return err
		}
	}
	return nil
}

// sameFacet compares values and counts; labels are for people.
func sameFacet(got, want query.Facet) error {
	line := func(f query.Facet) string {
		var out strings.Builder
		for _, b := range f.Buckets {
			fmt.Fprintf(&out, "%q %d\n", b.Value, b.Count)
		}
		return out.String()
	}
	return sameAnswer(strings.Split(line(got), "\n"), strings.Split(line(want), "\n"))
}
