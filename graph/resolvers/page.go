package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/accessgraph/accessgraph/graph/model"
	"github.com/accessgraph/accessgraph/internal/discovery"
	"github.com/accessgraph/accessgraph/internal/query"
)

// selected reports whether the answer's field of this name is asked for; with more names,
// whether the last is, in the field of those before it.
func selected(ctx context.Context, path ...string) bool {
	return selects(ctx, graphql.CollectFieldsCtx(ctx, nil), path)
}

func selects(ctx context.Context, fields []graphql.CollectedField, path []string) bool {
	for _, f := range fields { // several may have the name, under aliases
		if f.Name != path[0] {
			continue
		}
		if len(path) == 1 || selects(ctx, graphql.CollectFields(graphql.GetOperationContext(ctx), f.Selections, nil), path[1:]) {
			return true
		}
	}
	return false
}

// forward is a page of a list that is read forwards only.
func forward(ctx context.Context, first *int, after *string) discovery.Paging {
	return discovery.Paging{First: first, After: after, WithTotal: selected(ctx, "totalCount")}
}

func pageInfo(p query.PageInfo, cursors []string) *model.PageInfo {
	out := &model.PageInfo{HasNextPage: p.HasNext, HasPreviousPage: p.HasPrevious}
	if n := len(cursors); n > 0 {
		out.StartCursor, out.EndCursor = &cursors[0], &cursors[n-1]
	}
	return out
}

func pointers[T any](list []T) []*T {
	out := make([]*T, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

func orZero[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

func optional[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
