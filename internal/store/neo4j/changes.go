package neo4j

import (
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// changes are a batch of a commit, sorted by kind. Within a batch the kinds are applied
// in the order of the fields: with at most one change for a key, and a thing put
// before what refers to it, that gives what the order of the sequence gives.
type changes struct {
	applications   []*access.Application
	employees      []*access.Employee
	integrations   []*access.Integration
	entities       []*access.Entity
	removedGrants  []*access.GrantKey
	grants         []*access.Grant
	removedIDs     []string
	mappings       []*access.Mapping
	removedMapping []string
	owners         []*store.EntityOwners
	labels         []*store.EntityLabels
	insights       []*store.EntityInsights
	size           int
}

// add sorts one change in. A grant on an entity that an earlier change removed is the
// caller's mistake; gone has those.
func (b *changes) add(c *store.Change, gone map[string]bool) error {
	b.size++
	switch {
	case c.PutGrant != nil:
		for _, id := range []string{c.PutGrant.Source, c.PutGrant.Target} {
			if gone[id] {
				return grantError(c.PutGrant, id)
			}
		}
		b.grants = append(b.grants, c.PutGrant)
	case c.PutEntity != nil:
		if err := checkEntity(c.PutEntity); err != nil {
			return err
		}
		delete(gone, c.PutEntity.ID)
		b.entities = append(b.entities, c.PutEntity)
	case c.RemoveGrant != nil:
		b.removedGrants = append(b.removedGrants, c.RemoveGrant)
	case c.RemoveEntity != "":
		gone[c.RemoveEntity] = true
		b.removedIDs = append(b.removedIDs, c.RemoveEntity)
	case c.PutEmployee != nil:
		if err := checkEmployee(c.PutEmployee); err != nil {
			return err
		}
		b.employees = append(b.employees, c.PutEmployee)
	case c.PutApplication != nil:
		b.applications = append(b.applications, c.PutApplication)
	case c.PutIntegration != nil:
		if c.PutIntegration.Key == "" {
			return access.Errorf(access.CodeInvalidInput, "integration %q has no key", c.PutIntegration.Name)
		}
		b.integrations = append(b.integrations, c.PutIntegration)
	default:
		return b.addAbout(c)
	}
	return nil
}

// addAbout sorts in what is said about entities.
func (b *changes) addAbout(c *store.Change) error {
	switch {
	case c.PutMapping != nil:
		if mappingStatements[c.PutMapping.Relation] == "" {
			return access.Errorf(access.CodeInvalidInput, "the mapping of %s: %q is no relation", c.PutMapping.EntityID, c.PutMapping.Relation)
		}
		if c.PutMapping.Relation == access.NotMapped && c.PutMapping.EmployeeID != "" {
			return access.Errorf(access.CodeInvalidInput, "the mapping of %s to nobody names an employee", c.PutMapping.EntityID)
		}
		b.mappings = append(b.mappings, c.PutMapping)
	case c.RemoveMapping != "":
		b.removedMapping = append(b.removedMapping, c.RemoveMapping)
	case c.PutOwners != nil:
		b.owners = append(b.owners, c.PutOwners)
	case c.PutLabels != nil:
		b.labels = append(b.labels, c.PutLabels)
	case c.PutInsights != nil:
		b.insights = append(b.insights, c.PutInsights)
	default:
		return access.Errorf(access.CodeInvalidInput, "a change without content")
	}
	return nil
}

func grantError(g *access.Grant, id string) error {
	which := "target"
	if id == g.Source {
		which = "source"
	}
	return access.Errorf(access.CodeInvalidInput, "the grant %q from %s to %s: its %s is not a live entity", g.Permission, g.Source, g.Target, which)
}

// maxIndexed is how many bytes an indexed text may have: a key of Neo4j's range index
// ends near 8,000, and a sort key has two for each byte.
const maxIndexed = 3800

func checkEntity(e *access.Entity) error {
	if e.ID == "" {
		return access.Errorf(access.CodeInvalidInput, "entity %q has no id", e.Name)
	}
	if createStatements[e.Type] == "" {
		return access.Errorf(access.CodeInvalidInput, "entity %s: %q is not an entity type", e.ID, e.Type)
	}
	return checkLengths("entity "+e.ID, map[string]string{"name": e.Name, "source id": e.SourceID, "source type": e.SourceType, "e-mail": e.Email})
}

func checkEmployee(e *access.Employee) error {
	if e.ID == "" {
		return access.Errorf(access.CodeInvalidInput, "employee %q has no id", e.FullName)
	}
	return checkLengths("employee "+e.ID, map[string]string{
		"full name": e.FullName, "work e-mail": e.WorkEmail, "manager e-mail": e.ManagerEmail,
	})
}

func checkLengths(of string, texts map[string]string) error {
	for what, text := range texts {
		if len(text) > maxIndexed/3 && len(access.Fold(text)) > maxIndexed {
			return access.Errorf(access.CodeInvalidInput, "%s: the %s has %d bytes; the Neo4j store takes up to %d", of, what, len(text), maxIndexed)
		}
	}
	return nil
}
