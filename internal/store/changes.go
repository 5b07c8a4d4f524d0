package store

import (
	"context"
	"iter"

	"github.com/accessgraph/accessgraph/internal/access"
)

// ChangeView is the GraphView of a store that remembers what its latest versions changed,
// so that a snapshot of an earlier version need not read everything again. It is optional:
// ask for it by a type assertion inside ReadGraph.
//
// Changes are state-based: they say what to read again, not what happened to it, so that
// applying them twice is the same as once.
type ChangeView interface {
	GraphView

	// Since says what changed after a version, up to the view's own. ok is false when the
	// store does not know: the version is too old, or a commit in between was too large to
	// be remembered. Then the graph has to be read whole.
	Since(ctx context.Context, version int64) (c ChangeSet, ok bool, err error)

	// EntitiesByID yields these entities, removed ones included, ordered by id; those that
	// do not exist are left out. Labels, Insights and Mapping are filled.
	EntitiesByID(ctx context.Context, ids []string) iter.Seq2[*access.Entity, error]
	// GrantsOf yields the live grants of these sources, in the order of Grants.
	GrantsOf(ctx context.Context, sources []string) iter.Seq2[access.Grant, error]
	// HistoryOf yields the ended grants of these sources, in the order of History.
	HistoryOf(ctx context.Context, sources []string) iter.Seq2[access.Grant, error]
}

// ChangeSet is what may differ between two versions. Lists are sorted and distinct.
type ChangeSet struct {
	Entities []string // ids of entities that, or whose labels, insights or mapping, changed
	Sources  []string // ids of entities whose live or ended grants changed
	// Directory: applications, integrations or employees were put. Revisions of
	// integrations, which advance with nearly every commit, do not count.
	Directory bool
}
