package discovery

import (
	"context"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/store"
)

// scope is what a reviewer sees: the identities of themselves and of their direct
// reports, and what those reach. nil = everything.
type scope struct {
	self   *access.Employee
	people map[string]bool // employee ids
	emails []string
}

// visible returns the scope of the caller; nil for those who see everything.
func (s *Session) visible(ctx context.Context) (*scope, error) {
	p, err := auth.Require(ctx, access.Reviewer)
	if err != nil {
		return nil, err
	}
	if p.Has(access.RiskManager) {
		return nil, nil //nolint:nilnil // nil is the whole graph
	}
	return s.scope.get(func() (*scope, error) { return s.svc.scopeOf(ctx, p.EmployeeID, s.now) })
}

func (s *Service) scopeOf(ctx context.Context, employeeID string, now time.Time) (*scope, error) {
	sc := &scope{people: map[string]bool{}}
	if employeeID == "" {
		return sc, nil
	}
	found, err := s.dir.EmployeesByID(ctx, []string{employeeID})
	if err != nil || found[0] == nil {
		return sc, err
	}
	sc.self = found[0]
	sc.add(sc.self)
	q := store.EmployeeQuery{Manager: sc.self.WorkEmail, Today: now, First: query.MaxFirst}
	for {
		page, err := s.dir.Employees(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Employees {
			sc.add(e)
		}
		if !page.HasNext {
			return sc, nil
		}
		q.After = page.Cursors[len(page.Cursors)-1]
	}
}

func (sc *scope) add(e *access.Employee) {
	if !sc.people[e.ID] {
		sc.people[e.ID] = true
		sc.emails = append(sc.emails, e.WorkEmail)
	}
}

// identities selects the identities of the people in scope.
func (sc *scope) identities() filter.Filter {
	if len(sc.emails) == 0 {
		// An empty list would restrict nothing; no text is both missing and present.
		none, yes := "", true
		return filter.Filter{User: &filter.StringMatch{Eq: &none, IsEmpty: &yes}}
	}
	return filter.Filter{Type: []access.EntityType{access.Identity}, User: &filter.StringMatch{In: sc.emails}}
}

// everything selects all that is in scope.
func (sc *scope) everything() filter.Filter {
	own := sc.identities()
	return filter.Filter{Or: []filter.Filter{own, {Having: []filter.Having{{Direction: filter.AccessibleBy, Entity: &own}}}}}
}

// narrow returns the filter such that neither its answer nor the way it is worked out
// depends on anything out of scope: related entities and people behind connections and
// resources are looked for in scope alone.
func (sc *scope) narrow(f *filter.Filter) *filter.Filter {
	if sc == nil {
		return f
	}
	inner := sc.rewrite(f)
	return &filter.Filter{And: []filter.Filter{inner, sc.everything()}}
}

func (sc *scope) rewrite(f *filter.Filter) filter.Filter {
	if f == nil {
		return filter.Filter{}
	}
	out := *f
	out.And, out.Or, out.Having = nil, nil, nil
	for i := range f.And {
		out.And = append(out.And, sc.rewrite(&f.And[i]))
	}
	for i := range f.Or {
		out.Or = append(out.Or, sc.rewrite(&f.Or[i]))
	}
	if f.Not != nil {
		n := sc.rewrite(f.Not)
		out.Not = &n
	}
	for _, h := range f.Having {
		sc.rewriteHaving(&out, h)
	}
	if !f.Permission.Neutral() {
		out.Permission = nil
		out.And = append(out.And, sc.holding(filter.Filter{Permission: f.Permission}))
	}
	if people, ok := peopleOf(f); ok {
		out.User, out.Manager, out.Department, out.JobTitle, out.EmploymentType, out.EmployeeState = nil, nil, nil, nil, nil, nil
		own := people
		own.Type = []access.EntityType{access.Identity}
		out.And = append(out.And, filter.Filter{Or: []filter.Filter{own, {
			Type: []access.EntityType{access.Connection, access.Resource},
			Having: []filter.Having{{Direction: filter.AccessibleBy, Entity: &filter.Filter{
				And: []filter.Filter{own, sc.identities()},
			}}},
		}}})
	}
	return out
}

// rewriteHaving adds a clause to out that looks at related entities in scope, and at the
// access of entities that may be asked about alone.
func (sc *scope) rewriteHaving(out *filter.Filter, h filter.Having) {
	h.Entity = sc.narrow(h.Entity)
	if h.Via != nil {
		h.Via = sc.narrow(h.Via)
	}
	switch {
	case h.Direction == filter.AccessibleBy:
		h.Entity = &filter.Filter{And: []filter.Filter{*h.Entity, sc.sources()}}
		out.Having = append(out.Having, h)
	case h.None:
		h.None, h.AtLeast = false, nil
		some := sc.holding(filter.Filter{Having: []filter.Having{h}})
		out.And = append(out.And, filter.Filter{Not: &some})
	default:
		out.And = append(out.And, sc.holding(filter.Filter{Having: []filter.Having{h}}))
	}
}

// sources selects, of what is in scope, that whose own access is: not the identities of
// others, which are in scope only as something that can be reached.
func (sc *scope) sources() filter.Filter {
	return filter.Filter{Or: []filter.Filter{sc.identities(), {Type: []access.EntityType{access.Connection, access.Resource}}}}
}

// holding is f, which says what an entity has access to, for sources alone.
func (sc *scope) holding(f filter.Filter) filter.Filter {
	return filter.Filter{And: []filter.Filter{f, sc.sources()}}
}

// own reports whether the access of an entity in scope is in scope as well; see sources.
func (sc *scope) own(e *access.Entity) bool {
	return e.Type != access.Identity || e.Mapping != nil && sc.people[e.Mapping.EmployeeID]
}

// through refuses reviewers what identities of others give.
func (sc *scope) through(identities bool) error {
	if sc == nil || !identities {
		return nil
	}
	return &access.Error{Code: access.CodeForbidden, Path: "throughIdentities", Message: "a reviewer cannot ask for what other identities give"}
}

// effective answers what entities in scope reach; nothing for those whose access is not.
func (sc *scope) effective(ctx context.Context, r query.Reader, q query.EffectiveQuery) ([]query.AccessPage, error) {
	list, err := r.EntitiesByID(ctx, q.Of)
	if err != nil {
		return nil, err
	}
	out := make([]query.AccessPage, len(list))
	var ids []string
	var at []int
	for i, e := range list {
		if e != nil && sc.own(e) {
			ids, at = append(ids, e.ID), append(at, i)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	q.Of = ids
	pages, err := r.Effective(ctx, q)
	if err != nil {
		return nil, err
	}
	for i, p := range pages {
		out[at[i]] = p
	}
	return out, nil
}

// peopleOf is the part of f that tests employees.
func peopleOf(f *filter.Filter) (filter.Filter, bool) {
	p := filter.Filter{User: f.User, Manager: f.Manager, Department: f.Department, JobTitle: f.JobTitle,
		EmploymentType: f.EmploymentType, EmployeeState: f.EmployeeState}
	for _, m := range []*filter.StringMatch{p.User, p.Manager, p.Department, p.JobTitle, p.EmploymentType} {
		if !m.Neutral() {
			return p, true
		}
	}
	return p, len(p.EmployeeState) > 0
}

// keep returns the entities with those out of scope made nil.
func (s *Session) keep(ctx context.Context, r query.Reader, list []*access.Entity) ([]*access.Entity, error) {
	sc, err := s.visible(ctx)
	if err != nil || sc == nil {
		return list, err
	}
	out := make([]*access.Entity, len(list))
	var ask []string
	var at []int
	for i, e := range list {
		switch {
		case e == nil:
		case e.Type == access.Identity && sc.own(e):
			out[i] = e
		default:
			ask, at = append(ask, e.ID), append(at, i)
		}
	}
	if len(ask) == 0 {
		return out, nil
	}
	own := sc.identities()
	pages, err := r.Effective(ctx, query.EffectiveQuery{Of: ask, Direction: filter.AccessibleBy, Filter: &own, NoProviders: true, Page: query.Page{First: 1}})
	if err != nil {
		return nil, err
	}
	for i, p := range pages {
		if len(p.Edges) > 0 {
			out[at[i]] = list[at[i]]
		}
	}
	return out, nil
}
