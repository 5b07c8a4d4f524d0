// Package changelog is how both stores remember what a commit changed: a Log collects it
// from the changes themselves, Pack and Unpack are the form in which it is kept under the
// version that the commit makes, Merge joins those of several versions.
//
// A log depends on nothing but the changes, not on what they find in the store. So it may
// name things that did not change, which costs a reader a look, and it costs a commit no
// question to the database.
package changelog

import (
	"slices"

	"github.com/accessgraph/accessgraph/internal/store"
)

// What a store remembers.
const (
	// Versions is how many of the latest versions are kept.
	Versions = 200
	// Bytes is how much the logs of all of them may take; older ones go first.
	Bytes = 32 << 20
	// Limit is how many things a log may name. A commit of more is not remembered: beyond
	// that reading everything costs about as much, and a commit's memory must not grow.
	Limit = 250_000
)

// Log collects what a commit changes. The zero value is ready.
type Log struct {
	Max     int // instead of Limit, for tests
	set     store.ChangeSet
	tooMany bool
}

// Add notes one change.
func (l *Log) Add(c *store.Change) {
	if l.tooMany {
		return
	}
	switch {
	case c.PutGrant != nil:
		l.set.Pairs = append(l.set.Pairs, store.Pair{Source: c.PutGrant.Source, Target: c.PutGrant.Target})
	case c.RemoveGrant != nil:
		l.set.Pairs = append(l.set.Pairs, store.Pair{Source: c.RemoveGrant.Source, Target: c.RemoveGrant.Target})
	case c.PutEntity != nil:
		l.entity(c.PutEntity.ID)
	case c.RemoveEntity != "":
		l.entity(c.RemoveEntity)
		l.set.Removed = append(l.set.Removed, c.RemoveEntity)
	case c.PutMapping != nil:
		l.entity(c.PutMapping.EntityID)
	case c.RemoveMapping != "":
		l.entity(c.RemoveMapping)
	case c.PutLabels != nil:
		l.entity(c.PutLabels.EntityID)
	case c.PutInsights != nil:
		l.entity(c.PutInsights.EntityID)
	case c.PutEmployee != nil:
		l.set.Employees = append(l.set.Employees, c.PutEmployee.ID)
	case c.PutApplication != nil, c.PutIntegration != nil:
		l.set.Integrations = true
	}
	// Several changes often name one thing, so the lists are thinned out before giving up;
	// twice the limit, so that this happens seldom.
	if l.set.Size() > 2*l.limit() {
		l.Set()
	}
}

func (l *Log) entity(id string) { l.set.Entities = append(l.set.Entities, id) }

func (l *Log) limit() int {
	if l.Max > 0 {
		return l.Max
	}
	return Limit
}

// Forget keeps what changes from being remembered.
func (l *Log) Forget() { l.set, l.tooMany = store.ChangeSet{}, true }

// Set returns what was collected; false when it was too much.
func (l *Log) Set() (store.ChangeSet, bool) {
	normalize(&l.set)
	if l.set.Size() > l.limit() {
		l.Forget()
	}
	return l.set, !l.tooMany
}

// Merge is the change set of several versions; false when it names more than Limit things.
func Merge(sets ...store.ChangeSet) (store.ChangeSet, bool) {
	var all store.ChangeSet
	for i := range sets {
		s := &sets[i]
		all.Entities = append(all.Entities, s.Entities...)
		all.Removed = append(all.Removed, s.Removed...)
		all.Pairs = append(all.Pairs, s.Pairs...)
		all.Employees = append(all.Employees, s.Employees...)
		all.Integrations = all.Integrations || s.Integrations
	}
	normalize(&all)
	if all.Size() > Limit {
		return store.ChangeSet{}, false
	}
	return all, true
}

func normalize(c *store.ChangeSet) {
	for _, list := range []*[]string{&c.Entities, &c.Removed, &c.Employees} {
		if !slices.IsSorted(*list) {
			slices.Sort(*list)
		}
		*list = slices.Compact(*list)
		if len(*list) == 0 {
			*list = nil // nothing has one form, however it was written
		}
	}
	if !slices.IsSortedFunc(c.Pairs, store.Pair.Compare) {
		slices.SortFunc(c.Pairs, store.Pair.Compare)
	}
	c.Pairs = slices.Compact(c.Pairs)
}
