package discovery

import (
	"context"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// Entity returns the entity, a removed one too; nil when there is none or it is out of
// the caller's scope.
func (s *Session) Entity(ctx context.Context, id string) (*access.Entity, error) {
	list, err := s.EntitiesByID(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// EntitiesByID returns the entities in the order of ids, nil where Entity would be nil.
func (s *Session) EntitiesByID(ctx context.Context, ids []string) ([]*access.Entity, error) {
	r, err := s.read(ctx)
	if err != nil {
		return nil, err
	}
	list, err := r.EntitiesByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	return s.keep(ctx, r, list)
}

// EntityByKey is Entity by key. Texts are cleaned as an import cleans them.
func (s *Session) EntityByKey(ctx context.Context, k access.EntityKey) (*access.Entity, error) {
	k.Integration, k.Project, k.SourceID = access.Clean(k.Integration), access.Clean(k.Project), access.Clean(k.SourceID)
	return s.Entity(ctx, k.ID())
}

// ListQuery asks for a list of entities.
type ListQuery struct {
	Filter  *filter.Filter
	Search  string
	OrderBy []query.Order
	Paging  Paging
}

// maxOrderBy is more than there are fields; a cursor names them all.
const maxOrderBy = 10

// Entities lists the entities in the caller's scope that pass the filter and the search.
func (s *Session) Entities(ctx context.Context, q ListQuery) (query.EntityPage, error) {
	page, err := q.Paging.Page()
	if err != nil {
		return query.EntityPage{}, err
	}
	if len(q.OrderBy) > maxOrderBy {
		return query.EntityPage{}, access.Invalid("orderBy", "more than %d fields", maxOrderBy)
	}
	f, r, err := s.prepare(ctx, q.Filter)
	if err != nil {
		return query.EntityPage{}, err
	}
	return r.Entities(ctx, query.EntityQuery{Filter: f, Search: q.Search, OrderBy: q.OrderBy, Page: page})
}

// prepare validates the filter and narrows it to the caller's scope.
func (s *Session) prepare(ctx context.Context, f *filter.Filter) (*filter.Filter, query.Reader, error) {
	if err := f.Validate("filter"); err != nil {
		return nil, nil, err
	}
	r, err := s.read(ctx)
	if err != nil {
		return nil, nil, err
	}
	sc, err := s.visible(ctx)
	if err != nil {
		return nil, nil, err
	}
	return sc.narrow(f), r, nil
}

// Facets counts the entities in the caller's scope by each field.
func (s *Session) Facets(ctx context.Context, q query.FacetQuery) ([]query.Facet, error) {
	if len(q.By) > len(filter.Fields) { // each is a count over everything
		return nil, access.Invalid("by", "more fields than there are: %d", len(filter.Fields))
	}
	f, r, err := s.prepare(ctx, q.Filter)
	if err != nil {
		return nil, err
	}
	sc, err := s.visible(ctx)
	if err != nil {
		return nil, err
	}
	for i, field := range q.By {
		switch field {
		case filter.FieldDepartment, filter.FieldJobTitle, filter.FieldEmploymentType, filter.FieldManager:
			// On connections and resources these count people whom a reviewer may not see.
			if sc != nil {
				return nil, &access.Error{Code: access.CodeForbidden, Path: indexed("by", i), Message: "a reviewer cannot count by " + string(field)}
			}
		}
	}
	q.Filter = f
	return r.Facets(ctx, q)
}

// AccessQuery asks what entities reach, or what reaches them.
type AccessQuery struct {
	Direction         filter.Direction
	Reach             filter.Reach
	Filter            *filter.Filter
	Permission        *filter.StringMatch
	ThroughIdentities bool
	NoProviders       bool // providers are not asked for: they may stay nil
	Paging            Paging
}

// Access returns a page for each id, of entities that were shown to the caller; the other
// ends are those in the caller's scope.
func (s *Session) Access(ctx context.Context, of []string, q AccessQuery) ([]query.AccessPage, error) {
	page, err := q.Paging.Page()
	if err != nil {
		return nil, err
	}
	if err := q.Permission.Validate("permission"); err != nil {
		return nil, err
	}
	f, r, err := s.prepare(ctx, q.Filter)
	if err != nil {
		return nil, err
	}
	sc, err := s.visible(ctx)
	if err != nil {
		return nil, err
	}
	if err := sc.through(q.ThroughIdentities); err != nil {
		return nil, err
	}
	ask := query.EffectiveQuery{
		Of: of, Direction: q.Direction, Direct: q.Reach == filter.Direct, Filter: f, Permission: q.Permission,
		ThroughIdentities: q.ThroughIdentities, NoProviders: q.NoProviders, Page: page,
	}
	if sc == nil {
		return r.Effective(ctx, ask)
	}
	if q.Direction == filter.AccessibleBy {
		ask.Filter = &filter.Filter{And: []filter.Filter{*f, sc.sources()}}
		return r.Effective(ctx, ask)
	}
	return sc.effective(ctx, r, ask)
}

// GrantQuery asks for the grants of entities as they were reported.
type GrantQuery struct {
	Direction filter.Direction
	Ended     bool
	Paging    Paging
}

// Grants returns a page of grants for each id. It needs Risk Manager: what a grant shows
// of its other end is not for reviewers.
func (s *Session) Grants(ctx context.Context, of []string, q GrantQuery) ([]query.GrantPage, error) {
	page, err := q.Paging.Page()
	if err != nil {
		return nil, err
	}
	r, err := s.readAll(ctx)
	if err != nil {
		return nil, err
	}
	return r.Neighbors(ctx, query.NeighborQuery{Of: of, Direction: q.Direction, Ended: q.Ended, Page: page})
}

// InsightNames are the insights in use with the number of live entities that carry
// each, by name. It needs Risk Manager.
func (s *Session) InsightNames(ctx context.Context) ([]query.Bucket, error) {
	r, err := s.readAll(ctx)
	if err != nil {
		return nil, err
	}
	return s.insights.get(func() ([]query.Bucket, error) {
		facets, err := r.Facets(ctx, query.FacetQuery{By: []filter.Field{filter.FieldInsight}})
		if err != nil {
			return nil, err
		}
		return byValue(facets[0].Buckets), nil
	})
}
