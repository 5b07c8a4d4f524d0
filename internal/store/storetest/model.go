package storetest

import (
	"cmp"
	"slices"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// model is the contract of Commit written as plainly as possible: maps, no indexes.
type model struct {
	version      int64
	applications map[string]access.Application
	integrations map[string]access.Integration
	employees    map[string]access.Employee
	entities     map[string]access.Entity
	grants       map[access.GrantKey]access.Grant
	history      []access.Grant
	mappings     map[string]access.Mapping
	owners       map[string]access.Owners
	labels       map[string][]string
	insights     map[string][]access.Insight
}

func newModel() *model {
	return &model{
		applications: map[string]access.Application{}, integrations: map[string]access.Integration{},
		employees: map[string]access.Employee{}, entities: map[string]access.Entity{},
		grants: map[access.GrantKey]access.Grant{}, mappings: map[string]access.Mapping{}, owners: map[string]access.Owners{},
		labels: map[string][]string{}, insights: map[string][]access.Insight{},
	}
}

// commit applies valid changes.
func (m *model) commit(at time.Time, cs []store.Change) {
	touched := map[string]bool{}
	for _, c := range cs {
		m.apply(at, c, touched)
	}
	for key := range touched {
		i := m.integrations[key]
		i.Revision++
		m.integrations[key] = i
	}
	if len(cs) > 0 {
		m.version++
	}
}

func (m *model) apply(at time.Time, c store.Change, touched map[string]bool) {
	switch {
	case c.PutApplication != nil:
		m.applications[c.PutApplication.ID] = *c.PutApplication
	case c.PutIntegration != nil:
		i := *c.PutIntegration
		i.Revision = m.integrations[i.Key].Revision
		m.integrations[i.Key] = i
		touched[i.Key] = true
	case c.PutEmployee != nil:
		m.employees[c.PutEmployee.ID] = *c.PutEmployee
	case c.PutEntity != nil:
		e := *c.PutEntity
		if old, known := m.entities[e.ID]; known {
			e.FirstSeen = old.FirstSeen
		} else if e.FirstSeen.IsZero() {
			e.FirstSeen = at
		}
		e.RemovedAt = time.Time{}
		m.entities[e.ID] = e
		touched[e.Integration] = true
	case c.RemoveEntity != "":
		e, known := m.entities[c.RemoveEntity]
		if !known || e.Removed() {
			return
		}
		e.RemovedAt = at
		m.entities[e.ID] = e
		touched[e.Integration] = true
		for k := range m.grants {
			if k.Source == e.ID || k.Target == e.ID {
				m.end(at, k, touched)
			}
		}
	case c.PutGrant != nil:
		g := *c.PutGrant
		old, live := m.grants[g.Key()]
		switch {
		case live && old.Value != g.Value:
			m.end(at, g.Key(), touched)
			g.From = at
		case live:
			g.From = old.From
		case g.From.IsZero():
			g.From = at
		}
		m.grants[g.Key()] = g
		touched[m.entities[g.Source].Integration] = true
	case c.RemoveGrant != nil:
		if _, live := m.grants[*c.RemoveGrant]; live {
			m.end(at, *c.RemoveGrant, touched)
		}
	case c.PutMapping != nil:
		m.mappings[c.PutMapping.EntityID] = *c.PutMapping
	case c.RemoveMapping != "":
		delete(m.mappings, c.RemoveMapping)
	case c.PutOwners != nil:
		m.owners[c.PutOwners.EntityID] = c.PutOwners.Owners
	case c.PutLabels != nil:
		m.labels[c.PutLabels.EntityID] = c.PutLabels.Labels
	case c.PutInsights != nil:
		m.insights[c.PutInsights.EntityID] = c.PutInsights.Insights
	}
}

func (m *model) end(at time.Time, k access.GrantKey, touched map[string]bool) {
	g := m.grants[k]
	g.To = at
	m.history = append(m.history, g)
	delete(m.grants, k)
	touched[m.entities[k.Source].Integration] = true
}

// state is what a store that holds the model must say.
func (m *model) state() state {
	st := state{Version: m.version, Owners: map[string]access.Owners{}}
	for _, e := range m.entities {
		e.Labels = slices.Compact(slices.Sorted(slices.Values(m.labels[e.ID])))
		e.Insights = slices.Clone(m.insights[e.ID])
		slices.SortFunc(e.Insights, func(a, b access.Insight) int { return cmp.Compare(a.Name, b.Name) })
		if p, ok := m.mappings[e.ID]; ok && p.Relation != access.NotMapped {
			e.Mapping = &access.MappingRef{EmployeeID: p.EmployeeID, Relation: p.Relation, Origin: p.Origin, Reason: p.Reason, At: p.At}
		}
		st.Entities = append(st.Entities, &e)
		if o := m.owners[e.ID]; !o.Empty() {
			st.Owners[e.ID] = o
		}
	}
	slices.SortFunc(st.Entities, func(a, b *access.Entity) int { return cmp.Compare(a.ID, b.ID) })
	for _, g := range m.grants {
		st.Grants = append(st.Grants, g)
	}
	slices.SortFunc(st.Grants, compareGrants)
	st.History = slices.Clone(m.history)
	slices.SortFunc(st.History, compareGrants)
	for _, a := range m.applications {
		st.Applications = append(st.Applications, a)
	}
	slices.SortFunc(st.Applications, func(a, b access.Application) int { return cmp.Compare(a.Name, b.Name) })
	for _, i := range m.integrations {
		st.Integrations = append(st.Integrations, i)
	}
	slices.SortFunc(st.Integrations, func(a, b access.Integration) int { return cmp.Compare(a.Key, b.Key) })
	for _, e := range m.employees {
		st.Employees = append(st.Employees, &e)
	}
	slices.SortFunc(st.Employees, func(a, b *access.Employee) int { return cmp.Compare(a.ID, b.ID) })
	for _, p := range m.mappings {
		st.Mappings = append(st.Mappings, p)
	}
	slices.SortFunc(st.Mappings, func(a, b access.Mapping) int { return cmp.Compare(a.EntityID, b.EntityID) })
	return st
}

// compareGrants is the order of Grants and History.
func compareGrants(a, b access.Grant) int {
	return cmp.Or(
		cmp.Compare(a.Source, b.Source), cmp.Compare(a.Target, b.Target),
		cmp.Compare(a.Permission, b.Permission), cmp.Compare(a.Scope, b.Scope), a.From.Compare(b.From),
	)
}
