package discovery

import (
	"context"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// within selects the entities of one type in an integration.
func within(i *access.Integration, t access.EntityType) filter.Filter {
	f := ofType(t)
	f.Integration = &filter.StringMatch{Eq: &i.Name}
	return f
}

// IdentityFacet counts an integration's identities by one field. It needs Risk Manager.
func (s *Session) IdentityFacet(ctx context.Context, i *access.Integration, field filter.Field) ([]query.Bucket, error) {
	return s.facet(ctx, within(i, access.Identity), field)
}

// InsightFacet counts an integration's entities by the insights they carry. It needs Risk Manager.
func (s *Session) InsightFacet(ctx context.Context, i *access.Integration) ([]query.Bucket, error) {
	no := false
	return s.facet(ctx, filter.Filter{
		Integration: &filter.StringMatch{Eq: &i.Name}, Insight: &filter.StringMatch{IsEmpty: &no},
	}, filter.FieldInsight)
}

func (s *Session) facet(ctx context.Context, f filter.Filter, field filter.Field) ([]query.Bucket, error) {
	r, err := s.readAll(ctx)
	if err != nil {
		return nil, err
	}
	facets, err := r.Facets(ctx, query.FacetQuery{Filter: &f, By: []filter.Field{field}})
	if err != nil {
		return nil, err
	}
	return facets[0].Buckets, nil
}

// Mapped counts an integration's identities that belong to an employee or are known
// service accounts, and those that are neither. It needs Risk Manager.
func (s *Session) Mapped(ctx context.Context, i *access.Integration) (mapped, unmapped int, err error) {
	buckets, err := s.IdentityFacet(ctx, i, filter.FieldIdentityType)
	for _, b := range buckets {
		if b.Value == string(access.Unmapped) {
			unmapped += b.Count
		} else {
			mapped += b.Count
		}
	}
	return mapped, unmapped, err
}

// LastLogins counts identities by whole days since their latest activity, or their last
// login where that is unknown.
type LastLogins struct{ UpTo30Days, Days31To90, Days91To180, Over180Days, Never int }

// LastLogins counts the identities of an integration. It needs Risk Manager.
func (s *Session) LastLogins(ctx context.Context, i *access.Integration) (LastLogins, error) {
	count := func(change func(*filter.Filter)) (int, error) {
		f := within(i, access.Identity)
		change(&f)
		return s.count(ctx, f)
	}
	inactive := func(days int) func(*filter.Filter) {
		return func(f *filter.Filter) { f.InactiveForDays = &days }
	}
	yes := true
	var n [5]int // everyone, inactive for 31, 91 and 181 days, never active
	for k, change := range []func(*filter.Filter){
		func(*filter.Filter) {}, inactive(31), inactive(91), inactive(181), func(f *filter.Filter) { f.NeverActive = &yes },
	} {
		var err error
		if n[k], err = count(change); err != nil {
			return LastLogins{}, err
		}
	}
	return LastLogins{UpTo30Days: n[0] - n[1], Days31To90: n[1] - n[2], Days91To180: n[2] - n[3], Over180Days: n[3] - n[4], Never: n[4]}, nil
}

// count counts the live entities that pass; for those who see everything.
func (s *Session) count(ctx context.Context, f filter.Filter) (int, error) {
	r, err := s.readAll(ctx)
	if err != nil {
		return 0, err
	}
	page, err := r.Entities(ctx, query.EntityQuery{Filter: &f, Page: query.Page{First: 1, WithTotal: true}})
	return page.Total, err
}

const maxRanked = 100

// Top ranks an integration's entities of a type by how many identities reach them. It
// needs Risk Manager.
func (s *Session) Top(ctx context.Context, i *access.Integration, t access.EntityType, first *int) ([]query.Ranked, error) {
	n := 10
	if first != nil {
		n = *first
	}
	if n < 1 || n > maxRanked {
		return nil, access.Invalid("first", "must be between 1 and %d", maxRanked)
	}
	r, err := s.readAll(ctx)
	if err != nil {
		return nil, err
	}
	f, related := within(i, t), ofType(access.Identity)
	return r.Ranked(ctx, query.RankQuery{Filter: &f, Direction: filter.AccessibleBy, Related: &related, First: n})
}

// Statistics are numbers of the whole graph.
type Statistics struct {
	Applications, Integrations, OutOfSync                              int
	Identities, Connections, Resources                                 int
	Employees, EmployeeIdentities, ServiceAccounts, UnmappedIdentities int
	GraphVersion                                                       int64
}

// Statistics counts everything live. It needs Risk Manager.
func (s *Session) Statistics(ctx context.Context) (Statistics, error) {
	var st Statistics
	apps, err := s.Applications(ctx, "")
	if err != nil {
		return st, err
	}
	integrations, err := s.Integrations(ctx, IntegrationQuery{})
	if err != nil {
		return st, err
	}
	st.Applications, st.Integrations = len(apps), len(integrations)
	for _, i := range integrations {
		if s.settings.OutOfSync(i, s.now) {
			st.OutOfSync++
		}
	}
	one := 1
	people, err := s.Employees(ctx, EmployeeQuery{First: &one, WithTotal: true})
	if err != nil {
		return st, err
	}
	st.Employees = people.Total
	r, err := s.readAll(ctx)
	if err != nil {
		return st, err
	}
	st.GraphVersion = r.Info().GraphVersion
	facets, err := r.Facets(ctx, query.FacetQuery{By: []filter.Field{filter.FieldType, filter.FieldIdentityType}})
	if err != nil {
		return st, err
	}
	into := map[string]*int{
		string(access.Identity): &st.Identities, string(access.Connection): &st.Connections, string(access.Resource): &st.Resources,
		string(access.EmployeeIdentity): &st.EmployeeIdentities, string(access.ServiceAccount): &st.ServiceAccounts, string(access.Unmapped): &st.UnmappedIdentities,
	}
	for _, f := range facets {
		for _, b := range f.Buckets {
			if n := into[b.Value]; n != nil {
				*n = b.Count
			}
		}
	}
	return st, nil
}
