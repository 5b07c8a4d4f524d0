package graph

import (
	"bytes"
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/accessgraph/accessgraph/graph/generated"
	"github.com/accessgraph/accessgraph/graph/stream"
	"github.com/accessgraph/accessgraph/internal/auth"
)

// direct is the schema with two executors: the direct one for what it knows, and the
// general one of gqlgen for everything else, and again for whatever did not go well: a
// query may be asked twice, and only the general one says what is wrong.
type direct struct {
	graphql.ExecutableSchema
	g *Graph
}

// Exec implements graphql.ExecutableSchema.
func (d direct) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	r, ok := ctx.Value(requestKey{}).(*request)
	principal, signedIn := auth.FromContext(ctx)
	if !ok || !signedIn || d.g.general {
		return d.ExecutableSchema.Exec(ctx)
	}
	p := stream.Planner{Schema: d.Schema(), Known: generated.DirectFields, Allowed: func(object, field string) bool {
		return d.g.rules.check(principal, signedIn, object, field) == nil
	}}
	plan := p.Plan(op)
	if plan == nil {
		return d.ExecutableSchema.Exec(ctx)
	}
	asked := false
	var general graphql.ResponseHandler
	return func(ctx context.Context) *graphql.Response {
		if general != nil {
			return general(ctx)
		}
		if asked {
			return nil
		}
		asked = true
		w := stream.NewWriter()
		defer w.Free()
		generated.Direct(ctx, d.ExecutableSchema, &stream.Run{Variables: op.Variables, Within: elsewhere, Slow: &d.g.slow}, plan, w)
		if d.g.onDirect != nil {
			d.g.onDirect(!w.Failed())
		}
		if w.Failed() {
			general = d.ExecutableSchema.Exec(ctx)
			return general(ctx)
		}
		r.direct = true
		return &graphql.Response{Data: bytes.Clone(w.Bytes())}
	}
}
