package store

import (
	"context"
	"iter"

	"github.com/accessgraph/accessgraph/internal/access"
)

// ChangeView is the GraphView of a store that remembers what its latest versions changed,
// so that a snapshot of an earlier version need not read everything again. The views of
// both stores are; other graphs need not be: ask by a type assertion inside ReadGraph.
//
// Changes are state-based: they say what to read again, not what happened to it, so that
// applying them twice is the same as once.
type ChangeView interface {
	GraphView

	// Mark is a random text that the commit gave to the view's version. Two graphs with one
	// mark are the same graph: a copy of a store that was restored, and has since come to the
	// same version by other commits, has another.
	Mark(ctx context.Context) (string, error)

	// Since says what changed after a version with a mark, up to the view's own. ok is false
	// when the store does not know: it has no such version (any more), or a commit in between
	// was too large to be remembered. Then the graph has to be read whole.
	Since(ctx context.Context, version int64, mark string) (c ChangeSet, ok bool, err error)

	// EntitiesByID yields these entities, removed ones included, ordered by id; those that
	// do not exist are left out. Labels, Insights and Mapping are filled. ids are sorted and
	// distinct, as are those of the other methods.
	EntitiesByID(ctx context.Context, ids []string) iter.Seq2[*access.Entity, error]
	// GrantsBetween yields the live grants of these pairs, in the order of Grants.
	GrantsBetween(ctx context.Context, pairs []Pair) iter.Seq2[access.Grant, error]
	// HistoryBetween yields the ended grants of these pairs, in the order of History.
	HistoryBetween(ctx context.Context, pairs []Pair) iter.Seq2[access.Grant, error]
	// EmployeesByID yields these employees, ordered by id; unknown ones are left out.
	EmployeesByID(ctx context.Context, ids []string) iter.Seq2[*access.Employee, error]
}

// Scanner is a Graph without snapshot isolation that can be read while commits go on.
type Scanner interface {
	Graph
	// ScanGraph calls read once with a view that begins at its version and drifts: what it
	// yields is of that version or a later one, and parts may not fit together. To be right,
	// what was read needs what changed since (Since, in a later ReadGraph).
	ScanGraph(ctx context.Context, read func(ctx context.Context, v ChangeView) error) error
}

// Pair is two entities that grants lead from and to.
type Pair struct{ Source, Target string }

// Compare orders pairs by source, then target.
func (p Pair) Compare(q Pair) int {
	if p.Source != q.Source {
		if p.Source < q.Source {
			return -1
		}
		return 1
	}
	switch {
	case p.Target < q.Target:
		return -1
	case p.Target > q.Target:
		return 1
	}
	return 0
}

// ChangeSet is what may differ between two versions; what it does not name is the same.
// Lists are sorted and distinct. Things that were named in a commit but do not exist may occur.
type ChangeSet struct {
	// Entities that were put or removed, or whose labels, insights or mapping were written.
	Entities []string
	// Removed are those of Entities that were removed in between, though they may have
	// returned. All grants on them, both ways, that the earlier version had alive have ended;
	// Pairs does not list those, which may be any number.
	Removed []string
	// Pairs whose grants were put or removed.
	Pairs []Pair
	// Employees that were put.
	Employees []string
	// Integrations: integrations or applications were put. Revisions of integrations, which
	// advance with nearly every commit, do not count.
	Integrations bool
}

// Empty reports whether nothing changed.
func (c *ChangeSet) Empty() bool { return c.Size() == 0 && !c.Integrations }

// Size is how many things the set names.
func (c *ChangeSet) Size() int {
	return len(c.Entities) + len(c.Removed) + len(c.Pairs) + len(c.Employees)
}
