package query

import (
	"context"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// Whole is a Reader that holds the whole graph in memory. It answers what Cypher cannot:
// past moments, changes that nobody made yet, differences of effective access, and
// explanations.
type Whole interface {
	Reader
	Explainer

	// AsOf returns a reader of the graph as it was at a moment: the entities that were
	// first seen by then and not yet removed, and the grants held then. Attributes, names,
	// mappings and people are those of the present: history keeps none of them. An entity
	// that went and came back counts as there in between, without the grants that ended.
	// Moments before any data give an empty graph, later ones than the present give the
	// present.
	AsOf(ctx context.Context, at time.Time) (Whole, error)
	// With returns a reader of the graph as it would be after the changes, made in order.
	// What cannot be changed so is INVALID_INPUT, located as changes[3].source and the like.
	With(ctx context.Context, changes []Change) (Whole, error)

	// Differences returns a page of the differences of effective access between the
	// receiver (before) and after.
	Differences(ctx context.Context, after Whole, q DifferenceQuery) (DifferencePage, error)
	// EachDifference yields all of them in the same order, whatever q.Page says, until
	// yield returns an error, which it returns.
	EachDifference(ctx context.Context, after Whole, q DifferenceQuery, yield func(*Difference) error) error
}

// WholeEngine is an engine that can answer from memory, even where it usually does not.
type WholeEngine interface {
	// Whole is Reader from memory. It may have to load the graph first.
	Whole(ctx context.Context, now time.Time) (Whole, error)
}

// ReadWhole returns a reader of e that holds the whole graph; UNAVAILABLE when e answers
// by Cypher alone.
func ReadWhole(ctx context.Context, e Engine, now time.Time) (Whole, error) {
	if w, ok := e.(WholeEngine); ok {
		return w.Whole(ctx, now)
	}
	r, err := e.Reader(ctx, now)
	if err != nil {
		return nil, err
	}
	if w, ok := r.(Whole); ok {
		return w, nil
	}
	return nil, access.Errorf(access.CodeUnavailable, "past moments, simulations and differences are answered from memory alone, which is switched off here: run with --engine auto or memory")
}

// Change is one change to try; exactly one field is set. Ids are those of live entities.
type Change struct {
	AddGrant    *NewGrant
	RemoveGrant *GrantMatch
	Suspend     string // the entity's status becomes SUSPENDED, which changes no access
	Delete      string // the entity is removed, with every grant that it holds or that is on it
}

// NewGrant is a grant to add. One with the same source, target, permission and scope is
// replaced.
type NewGrant struct {
	Source, Target    string
	Permission, Scope string // no permission: access.DefaultPermission of the target
	Value             string // empty = true
}

// GrantMatch selects the live grants of a pair; nil = of any permission, any scope. It
// has to match one at least.
type GrantMatch struct {
	Source, Target    string
	Permission, Scope *string
}

// DifferenceQuery asks for differences of effective access.
type DifferenceQuery struct {
	// Filter selects whose access is compared, Targets what is reached. An entity passes
	// when it does so before or after.
	Filter, Targets *filter.Filter
	NoCauses        bool // causes are not asked for
	Page            Page // forwards only
}

// DifferenceKind says what became of the access of a pair.
type DifferenceKind string

// The kinds of differences.
const (
	Gained  DifferenceKind = "GAINED"  // no access before
	Lost    DifferenceKind = "LOST"    // none after
	Changed DifferenceKind = "CHANGED" // other permissions
)

// Difference is a pair whose effective access differs. Lists of them are ordered by name
// and id of the source, then of the target.
type Difference struct {
	Cursor         string // in pages
	Kind           DifferenceKind
	Source, Target *access.Entity // as they are after, or before when they are not there any more
	Gained, Lost   []access.Permission
	Causes         []Cause
}

// Cause is a grant that explains a difference: it is held on one side only, and it lies
// on a chain, of the shortest that there are on that side, that gives the pair a permission
// which it has on that side only. Each permission gained or lost has one; causes are
// distinct, those of what is gained first.
type Cause struct {
	Grant  access.Grant
	Gained bool // the grant is held after
	// At is when the grant began (Gained) or ended, where that is known.
	At time.Time
}

// DifferencePage is a page of differences.
type DifferencePage struct {
	Differences []Difference
	PageInfo
}

// Matches reports whether m selects the grant with the key.
func (m *GrantMatch) Matches(k access.GrantKey) bool {
	return k.Source == m.Source && k.Target == m.Target &&
		(m.Permission == nil || *m.Permission == k.Permission) && (m.Scope == nil || *m.Scope == k.Scope)
}
