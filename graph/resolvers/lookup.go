package resolvers

import (
	"context"
	"strings"

	"github.com/accessgraph/accessgraph/graph/loaders"
	"github.com/accessgraph/accessgraph/graph/model"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/discovery"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// node finds anything by its id, whose prefix says what it is; ids without one are those
// of jobs and import runs.
func (r *Resolver) node(ctx context.Context, id string) (model.Node, error) {
	s := loaders.Session(ctx)
	prefix, _, _ := strings.Cut(id, "_")
	switch prefix {
	case "e":
		e, err := s.Entity(ctx, id)
		return some(model.OneEntity(e), err)
	case "p":
		e, err := s.Employee(ctx, id)
		return some(model.Employees([]*access.Employee{e}, s.Now())[0], err)
	case "a":
		a, err := s.Application(ctx, id)
		if a == nil {
			return nil, err
		}
		return &model.Application{Application: *a}, err
	case "i":
		i, err := s.VisibleIntegration(ctx, id)
		return some(model.Integrations([]*access.Integration{i})[0], err)
	case "s":
		name, err := s.InsightName(ctx, id)
		if name == "" {
			return nil, err
		}
		return &model.Insight{Name: name}, err
	}
	j, err := r.Services.Jobs.Get(ctx, id)
	switch access.CodeOf(err) {
	case "":
		return r.job(ctx, j), nil
	case access.CodeForbidden:
		return nil, nil //nolint:nilnil // what may not be seen is not there
	case access.CodeNotFound:
	default:
		return nil, err
	}
	run, err := s.VisibleImportRun(ctx, id)
	if run == nil {
		return nil, err
	}
	return importRun(*run), err
}

// some keeps a nil pointer from becoming a node that is not nil.
func some[T any](p *T, err error) (model.Node, error) {
	if p == nil || err != nil {
		return nil, err
	}
	return p, nil
}

func (r *Resolver) entity(ctx context.Context, id *string, key *model.EntityKey) (*access.Entity, error) {
	switch {
	case (id == nil) == (key == nil):
		return nil, access.Invalid("id", "give exactly one of id and key")
	case id != nil:
		return loaders.Session(ctx).Entity(ctx, *id)
	}
	return loaders.Session(ctx).EntityByKey(ctx, access.EntityKey{
		Integration: key.Integration, Project: orZero(key.Project), Type: key.Type, SourceID: key.SourceID,
	})
}

func (r *Resolver) access(ctx context.Context, e *model.Entity, q discovery.AccessQuery) (*model.AccessConnection, error) {
	p, err := loaders.For(ctx).AccessOf(ctx, e, q)
	if err != nil {
		return nil, err
	}
	return accessConnection(p), nil
}

// directionOf exists because arguments named filter hide the package where it is needed.
func directionOf(from bool) filter.Direction {
	if from {
		return filter.HasAccessTo
	}
	return filter.AccessibleBy
}

func (r *Resolver) integrationOf(ctx context.Context, key string) (*model.Integration, error) {
	i, err := loaders.For(ctx).IntegrationOf(ctx, key)
	if err == nil && i == nil {
		err = access.Errorf(access.CodeConflict, "the graph changed while it was read; ask again")
	}
	return i, err
}

func (r *Resolver) integration(ctx context.Context, id, name *string) (*access.Integration, error) {
	switch {
	case (id == nil) == (name == nil):
		return nil, access.Invalid("id", "give exactly one of id and name")
	case id != nil:
		return loaders.Session(ctx).Integration(ctx, *id)
	}
	return loaders.Session(ctx).IntegrationByName(ctx, *name)
}

func (r *Resolver) employee(ctx context.Context, id, workEmail *string) (*model.Employee, error) {
	if (id == nil) == (workEmail == nil) {
		return nil, access.Invalid("id", "give exactly one of id and workEmail")
	}
	if id == nil {
		derived := access.EmployeeID(access.Clean(*workEmail))
		id = &derived
	}
	s := loaders.Session(ctx)
	e, err := s.Employee(ctx, *id)
	return model.Employees([]*access.Employee{e}, s.Now())[0], err
}

// changed returns the entities that a mutation was about, read after it.
func changed(ctx context.Context, ids []string, err error) (*model.EntitiesPayload, error) {
	if err != nil {
		return nil, err
	}
	list, err := loaders.For(ctx).Entities(ctx, ids)
	if err != nil {
		return nil, err
	}
	return &model.EntitiesPayload{Entities: list}, nil
}

func owners(in *model.OwnersInput) access.Owners {
	if in == nil {
		return access.Owners{}
	}
	return access.Owners{Primary: orZero(in.Primary), Secondaries: in.Secondaries}
}
