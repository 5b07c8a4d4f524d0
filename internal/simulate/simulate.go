// Package simulate answers what would be: the graph after changes that nobody made, the
// effective access that they would give and take, and what was gained and lost between
// two moments of the past. Everything here needs Risk Manager, and the memory engine.
package simulate

import (
	"context"
	"fmt"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/discovery"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// MaxChanges is how many changes one simulation takes.
const MaxChanges = 1000

// Simulation is the graph after some changes. Safe for concurrent use.
type Simulation struct {
	*Comparison
	// Session answers from the graph after the changes.
	Session *discovery.Session
}

// New tries changes on what the session answers from. What cannot be changed so is
// INVALID_INPUT, located as changes[3].addGrant.source and the like.
func New(ctx context.Context, s *discovery.Session, changes []query.Change) (*Simulation, error) {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return nil, err
	}
	if err := check(changes); err != nil {
		return nil, err
	}
	before, err := s.Whole(ctx)
	if err != nil {
		return nil, err
	}
	if changes, err = named(ctx, before, changes); err != nil {
		return nil, err
	}
	after, err := before.With(ctx, changes)
	if err != nil {
		return nil, err
	}
	return &Simulation{
		Comparison: &Comparison{before: before, after: after, changes: changes}, Session: s.Over(after),
	}, nil
}

func check(changes []query.Change) error {
	if len(changes) == 0 {
		return access.Invalid("changes", "there is nothing to try")
	}
	if len(changes) > MaxChanges {
		return access.Invalid("changes", "there are %d changes; at most %d can be tried at once", len(changes), MaxChanges)
	}
	for i := range changes {
		c := &changes[i]
		said := 0
		for _, yes := range []bool{c.AddGrant != nil, c.RemoveGrant != nil, c.Suspend != "", c.Delete != ""} {
			if yes {
				said++
			}
		}
		if said != 1 {
			return access.Invalid(fmt.Sprintf("changes[%d]", i), "give exactly one of addGrant, removeGrant, suspend and delete")
		}
	}
	return nil
}

// named returns the changes with texts as imports write them and every permission named.
func named(ctx context.Context, r query.Reader, changes []query.Change) ([]query.Change, error) {
	out := slices.Clone(changes)
	var ids []string
	var of []*query.NewGrant
	for i := range out {
		if n := out[i].AddGrant; n != nil {
			own := *n
			own.Permission, own.Scope, own.Value = access.Clean(n.Permission), access.Clean(n.Scope), access.Clean(n.Value)
			out[i].AddGrant = &own
			if own.Permission == "" {
				ids, of = append(ids, own.Target), append(of, &own)
			}
		}
	}
	targets, err := r.EntitiesByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, e := range targets {
		if e != nil { // else it is refused at its place
			of[i].Permission = access.DefaultPermission(e.Type)
		}
	}
	return out, nil
}

// Between compares the graph as two sessions see it, the earlier moment first.
func Between(ctx context.Context, before, after *discovery.Session) (*Comparison, error) {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return nil, err
	}
	if !before.Moment().Before(after.Moment()) {
		return nil, access.Invalid("from", "must lie before to")
	}
	a, err := before.Whole(ctx)
	if err != nil {
		return nil, err
	}
	b, err := after.Whole(ctx)
	if err != nil {
		return nil, err
	}
	return &Comparison{before: a, after: b}, nil
}

// Comparison is two states of the graph. Safe for concurrent use.
type Comparison struct {
	before, after query.Whole
	changes       []query.Change // that lie between them; nil for moments
}

// Info says what the comparison is answered from.
func (c *Comparison) Info() query.Info { return c.after.Info() }

// Query selects differences: of the identities that pass Filter and the targets that pass
// Targets, before or after.
type Query struct {
	Filter, Targets *filter.Filter
	NoCauses        bool // causes are not asked for
}

func (q Query) port() (query.DifferenceQuery, error) {
	if err := q.Filter.Validate("filter"); err != nil {
		return query.DifferenceQuery{}, err
	}
	if err := q.Targets.Validate("targetFilter"); err != nil {
		return query.DifferenceQuery{}, err
	}
	f := filter.Filter{Type: []access.EntityType{access.Identity}}
	if q.Filter != nil {
		f = filter.Filter{And: []filter.Filter{f, *q.Filter}}
	}
	return query.DifferenceQuery{Filter: &f, Targets: q.Targets, NoCauses: q.NoCauses}, nil
}

// Differences returns a page of the differences of identities' effective access.
func (c *Comparison) Differences(ctx context.Context, q Query, p discovery.Paging) (query.DifferencePage, error) {
	ask, err := q.port()
	if err != nil {
		return query.DifferencePage{}, err
	}
	if ask.Page, err = p.Page(); err != nil {
		return query.DifferencePage{}, err
	}
	return c.before.Differences(ctx, c.after, ask)
}

// Each yields all differences in order until yield returns an error, which it returns.
func (c *Comparison) Each(ctx context.Context, q Query, yield func(*query.Difference) error) error {
	ask, err := q.port()
	if err != nil {
		return err
	}
	return c.before.EachDifference(ctx, c.after, ask, yield)
}

// ChangeOf returns which change brought the cause about: the last one that touches its
// grant. False for moments, between which nobody named the changes.
func (c *Comparison) ChangeOf(cause *query.Cause) (int, bool) {
	g := &cause.Grant
	for i := len(c.changes) - 1; i >= 0; i-- {
		change := &c.changes[i]
		switch {
		case change.AddGrant != nil:
			// A grant with another value is replaced: so an addition can also take away.
			n := change.AddGrant
			if (access.GrantKey{Source: n.Source, Target: n.Target, Permission: n.Permission, Scope: n.Scope}) == g.Key() {
				return i, true
			}
		case change.RemoveGrant != nil && !cause.Gained:
			if change.RemoveGrant.Matches(g.Key()) {
				return i, true
			}
		case change.Delete != "" && !cause.Gained:
			if change.Delete == g.Source || change.Delete == g.Target {
				return i, true
			}
		}
	}
	return 0, false
}
