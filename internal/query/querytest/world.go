// Package querytest holds what every engine is tested with: small worlds, a brute-force
// oracle written for clarity, random worlds and questions, and scenarios that people
// can read. It is test support; nothing of the product imports it.
package querytest

import (
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// World is a whole small graph as plain values. Entities carry their Labels, Insights
// and Mapping; Grants are live ones (To zero) and ended ones.
type World struct {
	Applications []access.Application
	Integrations []access.Integration
	Employees    []access.Employee
	Entities     []access.Entity
	Grants       []access.Grant
}

// Commits are the commits that bring an empty store into the world's state. Ended
// grants and removed entities are first live, then removed, as it happens in life; so
// there are several commits, in the order of time.
func (w *World) Commits() []store.Commit {
	times := map[time.Time]bool{}
	for i := range w.Entities {
		e := &w.Entities[i]
		times[e.FirstSeen] = true
		if e.Removed() {
			times[e.RemovedAt] = true
		}
	}
	for _, g := range w.Grants {
		times[g.From] = true
		if !g.To.IsZero() {
			times[g.To] = true
		}
	}
	moments := sortedTimes(times)
	if len(moments) == 0 {
		moments = []time.Time{time.Unix(0, 0).UTC()}
	}
	var commits []store.Commit
	for i, at := range moments {
		changes := w.changesAt(at, i == 0)
		if i == len(moments)-1 {
			changes = append(changes, w.marks()...)
		}
		commits = append(commits, store.Commit{At: at, Graph: sequence(changes), GraphCount: int64(len(changes))})
	}
	return commits
}

func (w *World) people() []store.Change {
	var out []store.Change
	for i := range w.Applications {
		out = append(out, store.Change{PutApplication: &w.Applications[i]})
	}
	for i := range w.Employees {
		out = append(out, store.Change{PutEmployee: &w.Employees[i]})
	}
	for i := range w.Integrations {
		out = append(out, store.Change{PutIntegration: &w.Integrations[i]})
	}
	return out
}

func (w *World) changesAt(at time.Time, first bool) []store.Change {
	var out []store.Change
	if first {
		out = w.people()
	}
	for i := range w.Entities {
		if e := w.Entities[i]; e.FirstSeen.Equal(at) {
			e.RemovedAt, e.Labels, e.Insights, e.Mapping = time.Time{}, nil, nil, nil
			out = append(out, store.Change{PutEntity: &e})
		}
	}
	// Endings come before beginnings: a grant that returns at once starts a new interval.
	started := map[access.GrantKey]bool{}
	for i := range w.Grants {
		if g := w.Grants[i]; g.From.Equal(at) {
			started[g.Key()] = true
		}
	}
	for i := range w.Grants {
		if g := w.Grants[i]; !g.To.IsZero() && g.To.Equal(at) && !started[g.Key()] {
			key := g.Key()
			out = append(out, store.Change{RemoveGrant: &key})
		}
	}
	for i := range w.Grants {
		if g := w.Grants[i]; g.From.Equal(at) {
			g.To = time.Time{}
			out = append(out, store.Change{PutGrant: &g})
		}
	}
	for i := range w.Entities {
		if e := w.Entities[i]; e.Removed() && e.RemovedAt.Equal(at) {
			out = append(out, store.Change{RemoveEntity: e.ID})
		}
	}
	return out
}

// marks are what the product itself puts on entities: mappings, labels, insights.
func (w *World) marks() []store.Change {
	var out []store.Change
	for i := range w.Entities {
		e := &w.Entities[i]
		if m := e.Mapping; m != nil {
			out = append(out, store.Change{PutMapping: &access.Mapping{
				EntityID: e.ID, EmployeeID: m.EmployeeID, Relation: m.Relation, Origin: m.Origin, Reason: m.Reason, At: m.At,
			}})
		}
		if len(e.Labels) > 0 {
			out = append(out, store.Change{PutLabels: &store.EntityLabels{EntityID: e.ID, Labels: e.Labels}})
		}
		if len(e.Insights) > 0 {
			out = append(out, store.Change{PutInsights: &store.EntityInsights{EntityID: e.ID, Insights: e.Insights}})
		}
	}
	return out
}

func sequence(changes []store.Change) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		for _, c := range changes {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func sortedTimes(set map[time.Time]bool) []time.Time {
	return slices.SortedFunc(maps.Keys(set), time.Time.Compare)
}
