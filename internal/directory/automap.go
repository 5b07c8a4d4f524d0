package directory

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/store"
)

// The reasons of automatic mappings.
const (
	ReasonEmail     = "e-mail equals work e-mail"
	ReasonUsername  = "username equals work e-mail"
	ReasonLocalPart = "username equals the local part of the only such work e-mail"
)

// AutoMapper finds the employee whom an identity belongs to by itself. It is made once
// for a set of employees and is safe for concurrent use. Match takes constant time.
type AutoMapper struct {
	byEmail map[string]string // fold of the work e-mail → employee id
	byLocal map[string]string // fold of its local part → employee id, "" when several share it
}

// NewAutoMapper returns the mapper for these employees.
func NewAutoMapper(employees []*access.Employee) *AutoMapper {
	m := &AutoMapper{byEmail: make(map[string]string, len(employees)), byLocal: make(map[string]string, len(employees))}
	for _, e := range employees {
		email := access.Fold(e.WorkEmail)
		m.byEmail[email] = e.ID
		local, _, _ := strings.Cut(email, "@")
		if other, taken := m.byLocal[local]; taken && other != e.ID {
			m.byLocal[local] = ""
			continue
		}
		m.byLocal[local] = e.ID
	}
	return m
}

// AutoMap makes the mapper from a stream of employees; it is what
// ingest.EntitlementsOptions.AutoMap takes.
func AutoMap(employees iter.Seq2[*access.Employee, error]) (ingest.AutoMapper, error) {
	var all []*access.Employee
	for e, err := range employees {
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return NewAutoMapper(all), nil
}

// Match returns the employee who logs in with the identity (relation IS) and by which
// rule: its e-mail is their work e-mail; else its username is that, or the local part of
// exactly one work e-mail. Case does not matter. Service accounts, connections and
// resources never match.
func (m *AutoMapper) Match(e *access.Entity) (employeeID, reason string, ok bool) {
	if e.Type != access.Identity || e.ServiceAccount == access.True || access.NonHumanSourceType(e.SourceType) {
		return "", "", false
	}
	if e.Email != "" {
		if id, found := m.byEmail[access.Fold(e.Email)]; found {
			return id, ReasonEmail, true
		}
	}
	if e.Username == "" {
		return "", "", false
	}
	username := access.Fold(e.Username)
	if id, found := m.byEmail[username]; found {
		return id, ReasonUsername, true
	}
	if id := m.byLocal[username]; id != "" {
		return id, ReasonLocalPart, true
	}
	return "", "", false
}

// remap adds to p what makes the automatic mappings of all live identities those of m.
// Mappings by a person and pins stay. The identities are streamed.
func remap(ctx context.Context, v store.GraphView, m *AutoMapper, at time.Time, p *plan) error {
	pinned, err := pins(ctx, v)
	if err != nil {
		return err
	}
	for e, err := range v.Entities(ctx, "", false) {
		if err != nil {
			return err
		}
		if e.Type != access.Identity || pinned[e.ID] || e.Mapping != nil && e.Mapping.Origin == access.ManualMapping {
			continue
		}
		change, needed := automatic(e, m, at)
		if needed {
			p.add(change)
			p.advance[e.Integration] = true
		}
	}
	return nil
}

// automatic is the change that gives the identity its automatic mapping, if it lacks it.
func automatic(e *access.Entity, m *AutoMapper, at time.Time) (store.Change, bool) {
	employee, reason, ok := m.Match(e)
	switch {
	case !ok && e.Mapping == nil:
		return store.Change{}, false
	case !ok:
		return store.Change{RemoveMapping: e.ID}, true
	case e.Mapping != nil && e.Mapping.Origin == access.AutomaticMapping && e.Mapping.EmployeeID == employee &&
		e.Mapping.Relation == access.IS && e.Mapping.Reason == reason:
		return store.Change{}, false
	}
	return store.Change{PutMapping: &access.Mapping{
		EntityID: e.ID, EmployeeID: employee, Relation: access.IS, Origin: access.AutomaticMapping, Reason: reason, At: at,
	}}, true
}

// pins are the identities that a person declared to belong to nobody; an entity's own
// Mapping does not show them.
func pins(ctx context.Context, v store.GraphView) (map[string]bool, error) {
	pinned := map[string]bool{}
	for m, err := range v.Mappings(ctx, "") {
		if err != nil {
			return nil, err
		}
		if m.Relation == access.NotMapped {
			pinned[m.EntityID] = true
		}
	}
	return pinned, nil
}
