package querytest

import (
	"context"
	"sort"
	"strconv"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// Oracle answers every question by the definition, trying everything. It is slow and
// plain on purpose. Its cursors are positions in the whole list.
type Oracle struct {
	w            *World
	g            *graph
	now          time.Time
	integrations map[string]access.Integration
	employees    map[string]*access.Employee
}

var _ query.Reader = (*Oracle)(nil)

// NewOracle reads the world, which must not change afterwards.
func NewOracle(w *World, now time.Time) *Oracle {
	o := &Oracle{w: w, g: newGraph(w), now: now, integrations: map[string]access.Integration{}, employees: map[string]*access.Employee{}}
	for _, i := range w.Integrations {
		o.integrations[i.Key] = i
	}
	for i := range w.Employees {
		o.employees[w.Employees[i].ID] = &w.Employees[i]
	}
	return o
}

// Info implements query.Reader.
func (o *Oracle) Info() query.Info { return query.Info{Engine: "oracle", Now: o.now} }

// population: the entities that pass, in the order of their ids.
func (o *Oracle) population(f *filter.Filter, search string) []*access.Entity {
	var out []*access.Entity
	for i := range o.w.Entities {
		e := &o.w.Entities[i]
		if e.Removed() && !f.IncludesRemoved() {
			continue
		}
		if o.passes(e, f) && searched(e, search) {
			out = append(out, e)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

func searched(e *access.Entity, search string) bool {
	search = access.Clean(search)
	if search == "" {
		return true
	}
	m := &filter.StringMatch{Contains: &search}
	return text(m, false, one(e.Name)) || text(m, false, one(e.Username)) || text(m, false, one(e.Email)) || text(m, false, one(e.SourceID))
}

// Entities implements query.Reader.
func (o *Oracle) Entities(_ context.Context, q query.EntityQuery) (query.EntityPage, error) {
	list := o.population(q.Filter, q.Search)
	order := q.OrderBy
	if len(order) == 0 {
		order = []query.Order{{Field: query.ByName}}
	}
	for i := len(order) - 1; i >= 0; i-- {
		sortBy(list, order[i])
	}
	from, to, info := window(len(list), q.Page)
	page := query.EntityPage{PageInfo: info}
	for i := from; i < to; i++ {
		page.Entities = append(page.Entities, list[i])
		page.Cursors = append(page.Cursors, strconv.Itoa(i))
	}
	return page, nil
}

func sortBy(list []*access.Entity, by query.Order) {
	key := func(e *access.Entity) (string, bool) {
		switch by.Field {
		case query.ByName:
			return access.SortKey(e.Name), true
		case query.ByType:
			return string(e.Type), true
		case query.BySourceType:
			return access.SortKey(e.SourceType), true
		case query.ByStatus:
			return string(e.Status), true
		}
		return e.LastLogin.UTC().Format("2006-01-02T15:04:05.000000000"), !e.LastLogin.IsZero()
	}
	sort.SliceStable(list, func(i, j int) bool {
		a, hasA := key(list[i])
		b, hasB := key(list[j])
		if hasA != hasB {
			return hasA
		}
		if by.Desc {
			return b < a
		}
		return a < b
	})
}

// window cuts a page out of a list of n.
func window(n int, p query.Page) (from, to int, info query.PageInfo) {
	from, to = 0, n
	if p.After != "" {
		i, _ := strconv.Atoi(p.After)
		from = i + 1
	}
	if p.Before != "" {
		i, _ := strconv.Atoi(p.Before)
		to = max(i, from)
	}
	switch {
	case p.Last > 0:
		from = max(from, to-p.Last)
	case p.First > 0:
		to = min(to, from+p.First)
	default:
		to = min(to, from+query.DefaultFirst)
	}
	info = query.PageInfo{HasPrevious: from > 0, HasNext: to < n, Total: -1}
	if p.WithTotal {
		info.Total = n
	}
	return from, to, info
}

// EntitiesByID implements query.Reader.
func (o *Oracle) EntitiesByID(_ context.Context, ids []string) ([]*access.Entity, error) {
	out := make([]*access.Entity, len(ids))
	for i, id := range ids {
		for j := range o.w.Entities {
			if o.w.Entities[j].ID == id {
				out[i] = &o.w.Entities[j]
			}
		}
	}
	return out, nil
}

// Facets implements query.Reader.
func (o *Oracle) Facets(_ context.Context, q query.FacetQuery) ([]query.Facet, error) {
	var out []query.Facet
	for _, field := range q.By {
		counts := map[string]int{}
		for _, e := range o.population(q.Filter, q.Search) {
			seen := map[string]bool{}
			for _, v := range o.values(e, field) {
				if !seen[v] {
					seen[v] = true
					counts[v]++
				}
			}
		}
		f := query.Facet{Field: field}
		for v, n := range counts {
			f.Buckets = append(f.Buckets, query.Bucket{Value: v, Label: o.label(field, v), Count: n})
		}
		sort.Slice(f.Buckets, func(i, j int) bool {
			if f.Buckets[i].Count != f.Buckets[j].Count {
				return f.Buckets[i].Count > f.Buckets[j].Count
			}
			return f.Buckets[i].Value < f.Buckets[j].Value
		})
		out = append(out, f)
	}
	return out, nil
}

// values: what the entity has in the field; "" for nothing.
func (o *Oracle) values(e *access.Entity, field filter.Field) []string {
	i := o.integrations[e.Integration]
	orMissing := func(vs []string) []string {
		if len(vs) == 0 {
			return []string{""}
		}
		return vs
	}
	switch field {
	case filter.FieldType:
		return []string{string(e.Type)}
	case filter.FieldSourceType:
		return []string{e.SourceType}
	case filter.FieldStatus:
		return []string{string(e.Status)}
	case filter.FieldApplication:
		return []string{i.Application}
	case filter.FieldIntegration:
		return []string{i.Name}
	case filter.FieldProject:
		return []string{e.Project}
	case filter.FieldIdentityType:
		if ts := identityType(e); len(ts) > 0 {
			return []string{string(ts[0])}
		}
		return []string{""}
	case filter.FieldMFA:
		return []string{string(e.MFA.Known())}
	case filter.FieldLabel:
		return orMissing(e.Labels)
	case filter.FieldInsight:
		var vs []string
		for _, in := range e.Insights {
			vs = append(vs, in.Name)
		}
		return orMissing(vs)
	}
	var vs []string
	for _, identity := range o.peopleOf(e) {
		var p access.Employee
		if m := o.employeeOf(identity); m != nil {
			p = *m
		}
		vs = append(vs, map[filter.Field]string{
			filter.FieldDepartment: p.Department, filter.FieldJobTitle: p.Title,
			filter.FieldEmploymentType: p.EmploymentType, filter.FieldManager: fold(p.ManagerEmail),
		}[field])
	}
	return vs
}

func (o *Oracle) label(field filter.Field, v string) string {
	if field == filter.FieldManager && v != "" {
		for i := range o.w.Employees {
			if p := &o.w.Employees[i]; fold(p.WorkEmail) == v && p.FullName != "" {
				return p.FullName
			}
		}
	}
	return v
}

// Ranked implements query.Reader.
func (o *Oracle) Ranked(_ context.Context, q query.RankQuery) ([]query.Ranked, error) {
	var out []query.Ranked
	for _, e := range o.population(q.Filter, "") {
		n := 0
		for _, id := range o.g.ids {
			reached := o.g.reach(e.ID, false)[id]
			if q.Direction == filter.AccessibleBy {
				reached = o.g.reach(id, false)[e.ID]
			}
			if reached && o.passes(o.g.entities[id], q.Related) {
				n++
			}
		}
		if n > 0 {
			out = append(out, query.Ranked{Entity: e, Count: n})
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Count != out[j].Count {
			return out[i].Count > out[j].Count
		}
		return o.g.nameLess(out[i].Entity.ID, out[j].Entity.ID)
	})
	if q.First > 0 && len(out) > q.First {
		out = out[:q.First]
	}
	return out, nil
}

// Nesting implements query.Reader.
func (o *Oracle) Nesting(_ context.Context, integration string) ([]query.Pair, error) {
	var out []query.Pair
	for h := range o.g.hops {
		a, b := o.g.entities[h.from], o.g.entities[h.to]
		if a.Type == access.Connection && b.Type == access.Connection && (integration == "" || a.Integration == integration) {
			out = append(out, query.Pair{From: h.from, To: h.to})
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].From != out[j].From {
			return out[i].From < out[j].From
		}
		return out[i].To < out[j].To
	})
	return out, nil
}
