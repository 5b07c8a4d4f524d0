// Package directory keeps the people: who works here, whose every identity is, and who
// owns what. It reads the employees, identity mapping and business owners files, maps
// identities automatically, and holds the mutations and reads behind the API.
//
// Rules that hold everywhere:
//   - A mapping made by a person wins over an automatic one; so does the decision that an
//     identity belongs to nobody (a pin).
//   - Whatever changes the people recomputes the automatic mappings of all integrations in
//     the same commit.
//   - A commit that rests on what was read expects the integrations' revisions and, when
//     it changes mappings, advances them: an import that runs at the same time meets a
//     conflict instead of overwriting a person's decision unseen.
package directory

import (
	"context"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/store"
)

// Store is what the directory needs of a store.
type Store interface {
	store.Committer
	store.Graph
	store.Directory
}

// Clock is the present moment in the configured zone: settings.Service.Now.
type Clock func(context.Context) (time.Time, error)

// attempts is how often a commit that met a conflict is planned again.
const attempts = 5

// again reports whether a failed commit is worth another plan.
func again(ctx context.Context, err error, attempt int) bool {
	return access.CodeOf(err) == access.CodeConflict && ctx.Err() == nil && attempt < attempts
}

// plan is a set of graph changes and the integration revisions that they rest on.
type plan struct {
	changes      []store.Change
	integrations map[string]access.Integration // as read, by key
	advance      map[string]bool               // keys whose revision this commit must advance
	log          []logLine                     // what of it is audited line by line
}

// logLine is an audit row to be.
type logLine struct {
	action, object string
	before, after  any
}

func (p *plan) note(action, object string, before, after any) {
	p.log = append(p.log, logLine{action, object, before, after})
}

// entries are the audit rows of the plan, in the name of the principal of ctx.
func (p *plan) entries(ctx context.Context, at time.Time) ([]store.AuditEntry, error) {
	out := make([]store.AuditEntry, 0, len(p.log)+1)
	for _, l := range p.log {
		e, err := audit.Entry(ctx, at, l.action, l.object, l.before, l.after)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

func newPlan(integrations []access.Integration) *plan {
	p := &plan{integrations: map[string]access.Integration{}, advance: map[string]bool{}}
	for _, i := range integrations {
		p.integrations[i.Key] = i
	}
	return p
}

func (p *plan) add(c store.Change) { p.changes = append(p.changes, c) }

// commit turns the plan into a Commit at the given time.
func (p *plan) commit(at time.Time) store.Commit {
	c := store.Commit{At: at, Expect: map[string]int64{}}
	for key, i := range p.integrations {
		c.Expect[key] = i.Revision
	}
	changes := p.changes
	for key := range p.advance {
		i := p.integrations[key]
		// Put as it is: that alone advances the revision.
		changes = append(changes, store.Change{PutIntegration: &i})
	}
	if len(changes) == 0 {
		c.Expect = nil
		return c
	}
	c.GraphCount = int64(len(changes))
	c.Graph = func(yield func(store.Change, error) bool) {
		for _, change := range changes {
			if !yield(change, nil) {
				return
			}
		}
	}
	return c
}

// only keeps the expectation of the integrations named, since the others do not matter.
func (p *plan) only(keys map[string]bool) {
	for key := range p.integrations {
		if !keys[key] {
			delete(p.integrations, key)
		}
	}
}
