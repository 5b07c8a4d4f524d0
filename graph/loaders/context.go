package loaders

import (
	"context"

	"github.com/accessgraph/accessgraph/internal/discovery"
)

type contextKey struct{}

// With returns a context whose resolvers read through l.
func With(ctx context.Context, l *Loaders) context.Context {
	return context.WithValue(ctx, contextKey{}, l)
}

// For returns the loaders of the request. Resolvers run under With only.
func For(ctx context.Context) *Loaders {
	return ctx.Value(contextKey{}).(*Loaders) //nolint:forcetypeassert // every operation is run under With
}

// Session is what the loaders read from.
func (l *Loaders) Session() *discovery.Session { return l.session }

// Session is the session of the request.
func Session(ctx context.Context) *discovery.Session { return For(ctx).session }
