package storetest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

func modelTests(o Options) []test {
	return []test{{"model/random commits", func(t *testing.T, s store.Store) {
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		runModel(t, s, seed, o.Steps)
	}}}
}

// runModel makes the same random commits in the store and in the model and compares all
// that they say after each.
func runModel(t *testing.T, s store.Store, seed uint64, steps int) {
	r := &random{Rand: rand.New(rand.NewPCG(seed, 1)), m: newModel()}
	at := t0
	for step := range steps {
		at = at.Add(time.Duration(1+r.IntN(1_000_000)) * time.Microsecond)
		var cs []store.Change
		if step == 0 {
			cs = r.basics()
		} else {
			cs = r.changes(at)
		}
		_, err := try(t, s, at, cs...)
		require.NoError(t, err, "seed %d, step %d", seed, step)
		r.m.commit(at, cs)
		require.Equal(t, r.m.state(), stateOf(t, s, ""), "seed %d, step %d: %s", seed, step, describe(cs))
	}
	for key := range r.m.integrations { // the parts make up the whole
		part, whole := stateOf(t, s, key), r.m.state()
		n := 0
		for _, g := range whole.Grants {
			if r.m.entities[g.Source].Integration == key {
				require.Equal(t, g, part.Grants[n])
				n++
			}
		}
		require.Len(t, part.Grants, n)
	}
}

func describe(cs []store.Change) string {
	text := ""
	for _, c := range cs {
		switch {
		case c.PutEntity != nil:
			text += "\n  put entity " + c.PutEntity.ID
		case c.RemoveEntity != "":
			text += "\n  remove entity " + c.RemoveEntity
		case c.PutGrant != nil:
			text += fmt.Sprintf("\n  put grant %+v", *c.PutGrant)
		case c.RemoveGrant != nil:
			text += fmt.Sprintf("\n  remove grant %+v", *c.RemoveGrant)
		default:
			text += fmt.Sprintf("\n  %+v", c)
		}
	}
	return text
}

// random makes valid commits: few names, so that they meet again and again.
type random struct {
	*rand.Rand
	m *model
}

var (
	modelIntegrations = []string{"one", "two"}
	modelTypes        = []access.EntityType{access.Identity, access.Connection, access.Resource}
	modelEmployees    = []string{"a@example.com", "b@example.com", "c@example.com"}
)

func pick[T any](r *random, from []T) T { return from[r.IntN(len(from))] }

func (r *random) entity() *access.Entity {
	e := entity(pick(r, modelIntegrations), pick(r, modelTypes), fmt.Sprint("n", r.IntN(4)))
	e.Name, e.Email = pick(r, oddTexts), pick(r, []string{"", "x@example.com"})
	e.MFA, e.Status, e.Stub = pick(r, access.Tristates), pick(r, access.Statuses), r.IntN(3) == 0
	return e
}

func (r *random) employee() string { return access.EmployeeID(pick(r, modelEmployees)) }

// basics is what the other changes refer to.
func (r *random) basics() []store.Change {
	var cs []store.Change
	for _, email := range modelEmployees {
		cs = append(cs, putEmployee(employee(email, email)))
	}
	for _, key := range modelIntegrations {
		cs = append(cs, putIntegration(key))
	}
	for range 12 {
		if c := putEntity(r.entity()); !r.said(cs, c) {
			cs = append(cs, c)
		}
	}
	return cs
}

// keyOf names what a change is about: a commit has at most one change for each.
func keyOf(c store.Change) string {
	switch {
	case c.PutEntity != nil:
		return "entity " + c.PutEntity.ID
	case c.RemoveEntity != "":
		return "entity " + c.RemoveEntity
	case c.PutGrant != nil:
		return fmt.Sprint("grant ", c.PutGrant.Key())
	case c.RemoveGrant != nil:
		return fmt.Sprint("grant ", *c.RemoveGrant)
	case c.PutMapping != nil:
		return "mapping " + c.PutMapping.EntityID
	case c.RemoveMapping != "":
		return "mapping " + c.RemoveMapping
	case c.PutOwners != nil:
		return "owners " + c.PutOwners.EntityID
	case c.PutLabels != nil:
		return "labels " + c.PutLabels.EntityID
	case c.PutInsights != nil:
		return "insights " + c.PutInsights.EntityID
	case c.PutEmployee != nil:
		return "employee " + c.PutEmployee.ID
	case c.PutIntegration != nil:
		return "integration " + c.PutIntegration.Key
	}
	return "application " + c.PutApplication.ID
}

func (r *random) said(cs []store.Change, c store.Change) bool {
	for _, other := range cs {
		if keyOf(other) == keyOf(c) {
			return true
		}
	}
	return false
}

// changes is a commit in the order that an import has: integrations and people, entities,
// what is said about them, grants, removals.
func (r *random) changes(at time.Time) []store.Change {
	var cs []store.Change
	add := func(c store.Change) bool {
		fresh := !r.said(cs, c)
		if fresh {
			cs = append(cs, c)
		}
		return fresh
	}
	live := map[string]bool{}
	var ids []string
	for _, e := range r.m.state().Entities { // in order: a seed must give the same commits again
		ids = append(ids, e.ID)
		live[e.ID] = !e.Removed()
	}
	if r.IntN(6) == 0 {
		c := putIntegration(pick(r, modelIntegrations))
		c.PutIntegration.Name, c.PutIntegration.LastSync = pick(r, oddTexts), at
		c.PutIntegration.Owners = r.owners()
		add(c)
	}
	if r.IntN(4) == 0 {
		e := employee(pick(r, modelEmployees), pick(r, oddTexts))
		e.Department = pick(r, oddTexts)
		add(putEmployee(e))
	}
	for range r.IntN(5) {
		e := r.entity()
		if add(putEntity(e)) {
			live[e.ID] = true
		}
	}
	for range r.IntN(4) {
		add(r.about(pick(r, ids), at))
	}
	for range r.IntN(14) {
		g := access.Grant{Source: pick(r, ids), Target: pick(r, ids), Permission: pick(r, []string{"read", "Read", "é"}),
			Scope: pick(r, []string{"", "", "s"}), Value: pick(r, []string{"true", "true", "false"}), Project: pick(r, []string{"", "p"})}
		g.Counts = access.ValueCounts(g.Value)
		if r.IntN(5) == 0 {
			g.From = at.Add(-time.Millisecond)
		}
		if live[g.Source] && live[g.Target] {
			add(putGrant(g))
		}
	}
	for _, g := range r.m.state().Grants {
		if r.IntN(8) == 0 {
			add(removeGrant(g))
		}
	}
	for _, id := range ids {
		if r.IntN(12) == 0 {
			add(store.Change{RemoveEntity: id})
		}
	}
	if len(cs) == 0 {
		return r.basics()[:1]
	}
	return cs
}

func (r *random) owners() access.Owners {
	return pick(r, []access.Owners{{}, {Primary: r.employee()},
		{Primary: access.EmployeeID(modelEmployees[0]), Secondaries: []string{access.EmployeeID(modelEmployees[2]), access.EmployeeID(modelEmployees[1])}}})
}

// about is a change of what is said about an entity.
func (r *random) about(id string, at time.Time) store.Change {
	switch r.IntN(6) {
	case 0:
		return store.Change{PutMapping: &access.Mapping{EntityID: id, EmployeeID: r.employee(), Relation: pick(r, []access.MappingRelation{access.IS, access.OWNS}),
			Origin: access.AutomaticMapping, Reason: pick(r, oddTexts), At: at}}
	case 1:
		return store.Change{PutMapping: &access.Mapping{EntityID: id, Relation: access.NotMapped, Origin: access.ManualMapping, Reason: "no", At: at}}
	case 2:
		return store.Change{RemoveMapping: id}
	case 3:
		return store.Change{PutOwners: &store.EntityOwners{EntityID: id, Owners: r.owners()}}
	case 4:
		var labels []string
		for range r.IntN(3) {
			labels = append(labels, pick(r, oddTexts))
		}
		return store.Change{PutLabels: &store.EntityLabels{EntityID: id, Labels: labels}}
	}
	var insights []access.Insight
	if r.IntN(2) == 0 {
		insights = []access.Insight{{Name: "SoD", Since: at, Evidence: "x"}, {Name: "MFA Missing", Since: at}}
	}
	return store.Change{PutInsights: &store.EntityInsights{EntityID: id, Insights: insights}}
}
