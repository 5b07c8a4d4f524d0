package directory

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/store"
)

// MaxAtOnce is how many entities one mutation can change.
const MaxAtOnce = 10_000

// Service holds the mutations and reads of the directory. Every mutation is all or
// nothing, audited in its own commit, and checks who asks. Safe for concurrent use.
type Service struct {
	store  Store
	engine query.Engine
	now    Clock
}

// NewService returns the service over s; engine finds entities by id.
func NewService(s Store, engine query.Engine, now Clock) *Service {
	return &Service{store: s, engine: engine, now: now}
}

// mutate plans and commits until no other commit came in between. No changes, no commit.
func (s *Service) mutate(ctx context.Context, plan func(ctx context.Context, at time.Time) (*plan, error)) error {
	for attempt := 1; ; attempt++ {
		at, err := s.now(ctx)
		if err != nil {
			return err
		}
		p, err := plan(ctx, at)
		if err != nil {
			return err
		}
		c := p.commit(at)
		if c.Graph == nil {
			return nil
		}
		if c.Audit, err = p.entries(ctx, at); err != nil {
			return err
		}
		if _, err = s.store.Commit(ctx, c); err == nil || !again(ctx, err, attempt) {
			return err
		}
	}
}

// present returns the integrations as a plan to start from. It must be read before what
// the plan rests on, so that a change in between is a conflict.
func (s *Service) present(ctx context.Context) (*plan, error) {
	all, err := s.store.Integrations(ctx)
	if err != nil {
		return nil, err
	}
	return newPlan(all), nil
}

// entities returns the live entities with these ids, which must be distinct and of one
// of the types. path locates them in errors.
func (s *Service) entities(ctx context.Context, at time.Time, path string, ids []string, types ...access.EntityType) ([]*access.Entity, error) {
	if len(ids) == 0 {
		return nil, access.Invalid(path, "name at least one entity")
	}
	if len(ids) > MaxAtOnce {
		return nil, access.Invalid(path, "%d entities are too many at once; at most %d", len(ids), MaxAtOnce)
	}
	seen := map[string]int{}
	for i, id := range ids {
		if first, twice := seen[id]; twice {
			return nil, access.Invalid(fmt.Sprintf("%s[%d]", path, i), "repeats %s[%d]", path, first)
		}
		seen[id] = i
	}
	reader, err := s.engine.Reader(ctx, at)
	if err != nil {
		return nil, err
	}
	found, err := reader.EntitiesByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, e := range found {
		at := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case e == nil:
			return nil, access.Invalid(at, "there is no entity %s", ids[i])
		case e.Removed():
			return nil, access.Invalid(at, "%s has been removed", e.Name)
		case !slices.Contains(types, e.Type):
			return nil, access.Invalid(at, "%s is of type %s; this is for %v", e.Name, e.Type, types)
		}
	}
	return found, nil
}

// employees returns the employees with these ids; an unknown one is an error at its path.
func (s *Service) employees(ctx context.Context, ids []string, path func(i int) string) ([]*access.Employee, error) {
	found, err := s.store.EmployeesByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, e := range found {
		if e == nil {
			return nil, access.Invalid(path(i), "there is no employee %s", ids[i])
		}
	}
	return found, nil
}

// owners checks owners given by a caller and tidies them.
func (s *Service) owners(ctx context.Context, o access.Owners) (access.Owners, error) {
	if o.Primary == "" && len(o.Secondaries) > 0 {
		return o, access.Invalid("primary", "there are secondary owners but no primary one")
	}
	if o.Primary == "" {
		return access.Owners{}, nil
	}
	_, err := s.employees(ctx, append([]string{o.Primary}, o.Secondaries...), func(i int) string {
		if i == 0 {
			return "primary"
		}
		return fmt.Sprintf("secondaries[%d]", i-1)
	})
	return tidyOwners(o), err
}

// entitiesOf keeps the expectations of the integrations of these entities.
func (p *plan) entitiesOf(entities []*access.Entity) {
	keys := map[string]bool{}
	for _, e := range entities {
		keys[e.Integration] = true
	}
	p.only(keys)
}

// auditMapping is what the audit log says of a mapping.
type auditMapping struct {
	Employee string                 `json:"employee,omitempty"`
	Relation access.MappingRelation `json:"relation"`
	Origin   access.MappingOrigin   `json:"origin"`
	Reason   string                 `json:"reason,omitempty"`
}

// auditOwners is what the audit log says of owners.
type auditOwners struct {
	Primary     string   `json:"primary,omitempty"`
	Secondaries []string `json:"secondaries,omitempty"`
}

func mappingBefore(e *access.Entity) any {
	if e.Mapping == nil {
		return nil
	}
	return auditMapping{e.Mapping.EmployeeID, e.Mapping.Relation, e.Mapping.Origin, e.Mapping.Reason}
}

func mappingForAudit(m access.Mapping) any {
	return auditMapping{m.EmployeeID, m.Relation, m.Origin, m.Reason}
}

func ownersForAudit(o access.Owners) any {
	if o.Empty() {
		return nil
	}
	return auditOwners(o)
}

// MapIdentities is what MapIdentities is told: either an employee or ToAppOwner.
type MapIdentities struct {
	EntityIDs  []string
	EmployeeID string
	ToAppOwner bool // to the primary owner of each identity's integration
	Relation   access.MappingRelation
}

// MapIdentities ties identities to an employee by hand, replacing what they were tied
// to. It needs Risk Manager.
func (s *Service) MapIdentities(ctx context.Context, in MapIdentities) error {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return err
	}
	switch {
	case in.Relation != access.IS && in.Relation != access.OWNS:
		return access.Invalid("relation", "%q is no relation; use IS or OWNS", in.Relation)
	case (in.EmployeeID != "") == in.ToAppOwner:
		return access.Invalid("employeeId", "give either an employee or toAppOwner")
	}
	return s.mutate(ctx, func(ctx context.Context, at time.Time) (*plan, error) {
		p, err := s.present(ctx)
		if err != nil {
			return nil, err
		}
		entities, err := s.entities(ctx, at, "entityIds", in.EntityIDs, access.Identity)
		if err != nil {
			return nil, err
		}
		if in.EmployeeID != "" {
			if _, err := s.employees(ctx, []string{in.EmployeeID}, func(int) string { return "employeeId" }); err != nil {
				return nil, err
			}
		}
		p.entitiesOf(entities)
		for i, e := range entities {
			m := access.Mapping{EntityID: e.ID, EmployeeID: in.EmployeeID, Relation: in.Relation, Origin: access.ManualMapping, Reason: "mapped by hand", At: at}
			if in.ToAppOwner {
				m.Reason = "mapped to the application owner"
				if m.EmployeeID = p.integrations[e.Integration].Owners.Primary; m.EmployeeID == "" {
					return nil, access.Invalid(fmt.Sprintf("entityIds[%d]", i), "the integration of %s has no application owner", e.Name)
				}
			}
			if old := e.Mapping; old != nil && old.Origin == access.ManualMapping && old.EmployeeID == m.EmployeeID && old.Relation == m.Relation {
				continue // it is so already
			}
			p.add(store.Change{PutMapping: &m})
			p.advance[e.Integration] = true
			p.note("identity.map", e.ID, mappingBefore(e), mappingForAudit(m))
		}
		return p, nil
	})
}

// UnmapIdentities takes identities from whom they are tied to. With pin they belong to
// nobody until a person says otherwise; without it they get their automatic mapping, if
// they have one. It needs Risk Manager.
func (s *Service) UnmapIdentities(ctx context.Context, entityIDs []string, pin bool) error {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return err
	}
	return s.mutate(ctx, func(ctx context.Context, at time.Time) (*plan, error) {
		p, err := s.present(ctx)
		if err != nil {
			return nil, err
		}
		entities, err := s.entities(ctx, at, "entityIds", entityIDs, access.Identity)
		if err != nil {
			return nil, err
		}
		var mapper *AutoMapper
		if !pin {
			if mapper, err = s.mapper(ctx); err != nil {
				return nil, err
			}
		}
		p.entitiesOf(entities)
		for _, e := range entities {
			change, after := unmapped(e, mapper, at)
			p.add(change)
			p.advance[e.Integration] = true
			p.note("identity.unmap", e.ID, mappingBefore(e), after)
		}
		return p, nil
	})
}

// unmapped is what becomes of an identity that is taken from somebody; a nil mapper pins.
func unmapped(e *access.Entity, mapper *AutoMapper, at time.Time) (store.Change, any) {
	if mapper == nil {
		m := access.Mapping{EntityID: e.ID, Relation: access.NotMapped, Origin: access.ManualMapping, Reason: "declared unmapped by hand", At: at}
		return store.Change{PutMapping: &m}, mappingForAudit(m)
	}
	employee, reason, ok := mapper.Match(e)
	if !ok {
		return store.Change{RemoveMapping: e.ID}, nil
	}
	m := access.Mapping{EntityID: e.ID, EmployeeID: employee, Relation: access.IS, Origin: access.AutomaticMapping, Reason: reason, At: at}
	return store.Change{PutMapping: &m}, mappingForAudit(m)
}

func (s *Service) mapper(ctx context.Context) (*AutoMapper, error) {
	var m *AutoMapper
	err := s.store.ReadGraph(ctx, func(ctx context.Context, v store.GraphView) error {
		people, err := loadRoster(ctx, v)
		if err != nil {
			return err
		}
		m = NewAutoMapper(people.all())
		return nil
	})
	return m, err
}

// SetBusinessOwners is what SetBusinessOwners is told: owners (empty = remove), or ToAppOwners.
type SetBusinessOwners struct {
	EntityIDs   []string
	Owners      access.Owners
	ToAppOwners bool // the owners of each entity's integration
}

// SetBusinessOwners sets the business owners of connections and resources. It needs Risk
// Manager.
func (s *Service) SetBusinessOwners(ctx context.Context, in SetBusinessOwners) error {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return err
	}
	if in.ToAppOwners && (in.Owners.Primary != "" || len(in.Owners.Secondaries) > 0) {
		return access.Invalid("primary", "give either owners or toAppOwners")
	}
	return s.mutate(ctx, func(ctx context.Context, at time.Time) (*plan, error) {
		p, err := s.present(ctx)
		if err != nil {
			return nil, err
		}
		entities, err := s.entities(ctx, at, "entityIds", in.EntityIDs, access.Connection, access.Resource)
		if err != nil {
			return nil, err
		}
		given, err := s.owners(ctx, in.Owners)
		if err != nil {
			return nil, err
		}
		before, err := s.store.BusinessOwners(ctx, in.EntityIDs)
		if err != nil {
			return nil, err
		}
		p.entitiesOf(entities)
		for i, e := range entities {
			owners := given
			if in.ToAppOwners {
				if owners = p.integrations[e.Integration].Owners; owners.Primary == "" {
					return nil, access.Invalid(fmt.Sprintf("entityIds[%d]", i), "the integration of %s has no application owner", e.Name)
				}
			}
			if sameOwners(before[i], owners) {
				continue
			}
			p.add(store.Change{PutOwners: &store.EntityOwners{EntityID: e.ID, Owners: owners}})
			p.note("entity.owners", e.ID, ownersForAudit(before[i]), ownersForAudit(owners))
		}
		return p, nil
	})
}
