package graph

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/accessgraph/accessgraph/graph/loaders"
	"github.com/accessgraph/accessgraph/graph/model"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
)

// pipeline is what every operation goes through, whatever transport brought it.
type pipeline struct{ g *Graph }

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
	graphql.OperationInterceptor
	graphql.ResponseInterceptor
	graphql.RootFieldInterceptor
	graphql.FieldInterceptor
} = pipeline{}

// request is the state of one operation.
type request struct {
	mu  sync.Mutex
	all []*loaders.Loaders // a mutation has one for each of its fields

	direct bool // the direct executor has answered
}

type requestKey struct{}

// ExtensionName implements graphql.HandlerExtension.
func (pipeline) ExtensionName() string { return "accessgraph" }

// Validate implements graphql.HandlerExtension.
func (pipeline) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext checks the limits before anything runs.
func (p pipeline) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	op.DisableIntrospection = p.g.noIntrospection
	if err := p.g.limits.check(p.g.schema, op.Operation, op.Variables); err != nil {
		return gqlerror.Wrap(err)
	}
	return nil
}

// InterceptOperation sets the time limit and opens the session.
func (p pipeline) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	ctx = context.WithValue(ctx, requestKey{}, &request{})
	cancel := func() {}
	if graphql.GetOperationContext(ctx).Operation.Operation != ast.Subscription {
		ctx, cancel = context.WithTimeout(ctx, p.g.limits.Timeout)
	}
	ctx, err := p.begin(ctx)
	if err != nil {
		defer cancel()
		return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{p.g.present(ctx, err)}, Data: []byte("null")})
	}
	respond := next(ctx)
	return func(ctx context.Context) *graphql.Response {
		defer cancel()
		return respond(ctx)
	}
}

func (p pipeline) begin(ctx context.Context) (context.Context, error) {
	if _, ok := auth.FromContext(ctx); !ok {
		return ctx, nil // every field but public ones is refused; those read nothing
	}
	s, err := p.g.discovery.Begin(ctx)
	if err != nil {
		return ctx, err
	}
	l := loaders.New(s)
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		r.mu.Lock()
		r.all = append(r.all, l)
		r.mu.Unlock()
	}
	return loaders.With(ctx, l), nil
}

// InterceptRootField gives each field of a mutation a session of its own, so that what
// it returns is read after what it wrote.
func (p pipeline) InterceptRootField(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	if graphql.GetOperationContext(ctx).Operation.Operation != ast.Mutation {
		return next(ctx)
	}
	ctx, err := p.begin(ctx)
	if err != nil {
		graphql.AddError(ctx, err)
		return graphql.Null
	}
	return next(ctx)
}

// InterceptField checks the access rule.
func (p pipeline) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	field := graphql.GetFieldContext(ctx)
	if p.g.noIntrospection && (field.Field.Name == "__schema" || field.Field.Name == "__type") {
		return nil, access.Errorf(access.CodeForbidden, "introspection is switched off here")
	}
	principal, signedIn := auth.FromContext(ctx)
	if err := p.g.rules.check(principal, signedIn, field.Object, field.Field.Name); err != nil {
		return nil, err
	}
	return next(elsewhere(ctx, field))
}

// elsewhere returns the context in which a field, and everything nested in it, is answered:
// that of a past moment or of a simulation where one is meant.
func elsewhere(ctx context.Context, field *graphql.FieldContext) context.Context {
	if field.Object == "Simulation" && field.Parent != nil {
		if s, ok := field.Parent.Result.(*model.Simulation); ok {
			if under, ok := s.Under.(*loaders.Loaders); ok {
				return loaders.With(ctx, under)
			}
		}
	}
	name := "asOf"
	if field.Object == "Query" && field.Field.Name == "accessChanges" {
		name = "to"
	}
	switch at := field.Args[name].(type) {
	case *time.Time:
		if at != nil {
			return loaders.With(ctx, loaders.For(ctx).At(*at))
		}
	case time.Time:
		return loaders.With(ctx, loaders.For(ctx).At(at))
	}
	return ctx
}

// InterceptResponse says which engine answered, for which version of the graph and which
// past moments, and whether something was cut off.
func (p pipeline) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	resp := next(ctx)
	r, ok := ctx.Value(requestKey{}).(*request)
	if resp == nil || !ok {
		return resp
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	truncated, touched := false, false
	said := map[string]any{}
	moments := map[time.Time]bool{}
	for _, l := range r.all {
		truncated = truncated || l.Truncated()
		for _, info := range l.Infos() {
			touched = true
			said["engine"], said["graphVersion"] = info.Engine, info.GraphVersion
			if !info.AsOf.IsZero() {
				moments[info.AsOf.UTC()] = true
			}
			if info.Simulated {
				said["simulated"] = true
			}
		}
	}
	if !touched {
		return resp
	}
	said["truncated"] = truncated
	if len(moments) > 0 {
		said["asOf"] = slices.SortedFunc(maps.Keys(moments), time.Time.Compare)
	}
	if resp.Extensions == nil {
		resp.Extensions = map[string]any{}
	}
	resp.Extensions["accessgraph"] = said
	return resp
}
