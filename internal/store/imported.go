package store

import (
	"context"
	"iter"

	"github.com/accessgraph/accessgraph/internal/access"
)

// ImportView is the GraphView of a store that keeps a packed copy of what imports compare
// with, because it answers slowly record by record. It is optional: ask for it by a type
// assertion inside ReadGraph.
type ImportView interface {
	GraphView

	// Imported gives the live state of an integration, equal to what Entities and Grants
	// yield but for what an import does not look at: FirstSeen, Labels, Insights and Mapping
	// of entities and From of grants are not filled. Ok is false when the store has no copy
	// of the present state; then read Entities and Grants.
	Imported(ctx context.Context, integration string) (i Imported, ok bool, err error)
}

// Imported is the state of an integration, some records at a time, in the order of
// GraphView. Lists may be kept. Like the sequences of GraphView these stop at the first
// error, and so does ReadGraph's right to read again.
type Imported struct {
	Entities iter.Seq2[[]*access.Entity, error]
	Grants   iter.Seq2[[]access.Grant, error]
}
