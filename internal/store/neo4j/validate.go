package neo4j

import (
	"maps"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// validator sees that all of a large commit can be applied, before any of it is: what
// it refers to was put earlier in the sequence or is in the database. It holds the ids
// that the commit puts: some 60 bytes for each entity and employee.
type validator struct {
	*applier
	put, gone, people, integrations map[string]bool
	needs                           struct {
		live    map[string]*access.Grant // id → the grant that needs it
		known   map[string]string        // entity id → what is said about it
		people  map[string]string        // employee id → for what
		sources map[string]*access.Entity
	}
	waiting int
}

func newValidator(a *applier) *validator {
	v := &validator{applier: a, put: map[string]bool{}, gone: map[string]bool{}, people: map[string]bool{}, integrations: map[string]bool{}}
	v.reset()
	return v
}

func (v *validator) reset() {
	v.waiting = 0
	v.needs.live, v.needs.known = map[string]*access.Grant{}, map[string]string{}
	v.needs.people, v.needs.sources = map[string]string{}, map[string]*access.Entity{}
}

func (v *validator) validateAll(c store.Commit) error {
	for change, err := range c.Graph {
		if err != nil {
			return err
		}
		if err := (&changes{}).add(&change, v.gone); err != nil {
			return err
		}
		v.note(&change)
		v.log.Add(&change)
		if v.waiting >= batchSize {
			if err := v.check(); err != nil {
				return err
			}
		}
	}
	if err := v.check(); err != nil {
		return err
	}
	return v.learnFresh(slices.Sorted(maps.Keys(v.integrations)))
}

// freshIntegrations are the integrations of the commit that have no entities yet.
func (v *validator) freshIntegrations() []string {
	out := []string{}
	for key, fresh := range v.fresh {
		if fresh {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}

// note remembers what the change puts and what it needs.
func (v *validator) note(c *store.Change) {
	switch {
	case c.PutEntity != nil:
		v.put[c.PutEntity.ID] = true
		if !v.integrations[c.PutEntity.Integration] {
			v.needs.sources[c.PutEntity.Integration] = c.PutEntity
			v.waiting++
		}
	case c.RemoveEntity != "":
		// What stood before the removal was checked against the database; what comes after
		// is refused by changes.add.
	case c.PutGrant != nil:
		for _, id := range []string{c.PutGrant.Source, c.PutGrant.Target} {
			if !v.put[id] && v.needs.live[id] == nil {
				v.needs.live[id] = c.PutGrant
				v.waiting++
			}
		}
	case c.PutEmployee != nil:
		v.people[c.PutEmployee.ID] = true
	case c.PutIntegration != nil:
		v.integrations[c.PutIntegration.Key] = true
		v.owners(c.PutIntegration.Owners, "the integration "+c.PutIntegration.Name)
	case c.PutMapping != nil:
		v.about(c.PutMapping.EntityID, "a mapping")
		if c.PutMapping.Relation != access.NotMapped {
			v.person(c.PutMapping.EmployeeID, "the mapping of "+c.PutMapping.EntityID)
		}
	case c.PutOwners != nil:
		v.about(c.PutOwners.EntityID, "owners")
		v.owners(c.PutOwners.Owners, "the owners of "+c.PutOwners.EntityID)
	case c.PutLabels != nil:
		v.about(c.PutLabels.EntityID, "labels")
	case c.PutInsights != nil:
		v.about(c.PutInsights.EntityID, "insights")
	}
}

func (v *validator) about(id, what string) {
	if !v.put[id] {
		v.needs.known[id] = what
		v.waiting++
	}
}

func (v *validator) owners(o access.Owners, what string) {
	if o.Primary != "" {
		v.person(o.Primary, what)
	}
	for _, id := range o.Secondaries {
		v.person(id, what)
	}
}

func (v *validator) person(id, what string) {
	if !v.people[id] {
		v.needs.people[id] = what
		v.waiting++
	}
}

// check asks the database for what was noted.
func (v *validator) check() error {
	defer v.reset()
	missing, err := missingOf(v, "grants_sources", "ids", "id", v.needs.live)
	if err != nil {
		return err
	}
	for id, g := range missing {
		return grantError(g, id)
	}
	unknown, err := missingOf(v, "entities_find", "ids", "id", v.needs.known)
	if err != nil {
		return err
	}
	for id, what := range unknown {
		return access.Errorf(access.CodeInvalidInput, "%s of the entity %q, which does not exist", what, id)
	}
	nobody, err := missingOf(v, "employees_known", "ids", "id", v.needs.people)
	if err != nil {
		return err
	}
	for id, what := range nobody {
		return access.Errorf(access.CodeInvalidInput, "%s: the employee %q does not exist", what, id)
	}
	nowhere, err := missingOf(v, "integrations_known", "keys", "key", v.needs.sources)
	if err != nil {
		return err
	}
	for key, e := range nowhere {
		return access.Errorf(access.CodeInvalidInput, "entity %s is of the integration %q, which does not exist", e.ID, key)
	}
	for key := range v.needs.sources {
		v.integrations[key] = true
	}
	return nil
}

// missingOf returns those of the wanted that a statement does not find.
func missingOf[T any](v *validator, name, param, column string, wanted map[string]T) (map[string]T, error) {
	if len(wanted) == 0 {
		return nil, nil
	}
	ids := slices.Sorted(maps.Keys(wanted))
	params := batched(param, ids)
	params[param] = ids // some statements have them there
	found, err := v.run(name, params)
	if err != nil {
		return nil, err
	}
	missing := maps.Clone(wanted)
	for _, r := range found {
		delete(missing, r.text(column))
	}
	return missing, nil
}
