package model

import (
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// Node is anything with an id: *Entity, *Employee, *Application, *Integration, *Insight,
// *Job or *ImportRun.
type Node any

// Entity is an entity among those that were read together.
type Entity struct {
	*access.Entity
	// Batch is every entity of the same answer, this one included: what one of them is
	// asked, all are asked, so loaders read for the whole batch at once.
	Batch *EntityBatch
}

// EntityBatch is the entities of one answer.
type EntityBatch struct{ Entities []*access.Entity }

// IDs returns the ids of the batch.
func (b *EntityBatch) IDs() []string {
	ids := make([]string, len(b.Entities))
	for i, e := range b.Entities {
		ids[i] = e.ID
	}
	return ids
}

// EmployeeIDs returns the ids of the employees that the batch's identities are tied to.
func (b *EntityBatch) EmployeeIDs() []string {
	var ids []string
	for _, e := range b.Entities {
		if e.Mapping != nil && e.Mapping.EmployeeID != "" {
			ids = append(ids, e.Mapping.EmployeeID)
		}
	}
	return ids
}

// Entities wraps what was read together; nil stays nil.
func Entities(list []*access.Entity) []*Entity {
	batch := &EntityBatch{}
	out := make([]*Entity, len(list))
	for i, e := range list {
		if e != nil {
			batch.Entities = append(batch.Entities, e)
			out[i] = &Entity{Entity: e, Batch: batch}
		}
	}
	return out
}

// OneEntity wraps an entity that was read alone; nil stays nil.
func OneEntity(e *access.Entity) *Entity { return Entities([]*access.Entity{e})[0] }

// Username is null when unknown.
func (e *Entity) Username() *string { return optional(e.Entity.Username) }

// Email is null when unknown.
func (e *Entity) Email() *string { return optional(e.Entity.Email) }

// FirstName is null when unknown.
func (e *Entity) FirstName() *string { return optional(e.Entity.FirstName) }

// LastName is null when unknown.
func (e *Entity) LastName() *string { return optional(e.Entity.LastName) }

// Status is UNKNOWN when the source says nothing.
func (e *Entity) Status() access.Status {
	if e.Entity.Status == "" {
		return access.StatusUnknown
	}
	return e.Entity.Status
}

// MfaEnabled is null when unknown.
func (e *Entity) MfaEnabled() *bool { return e.MFA.Bool() }

// LastLoginTime is zero when unknown.
func (e *Entity) LastLoginTime() time.Time { return e.LastLogin }

// LatestActivityTime falls back to the last login.
func (e *Entity) LatestActivityTime() time.Time { return e.LastActive() }

// LastPasswordChangedTime is zero when unknown.
func (e *Entity) LastPasswordChangedTime() time.Time { return e.LastPasswordChanged }

// SuperAdmin is UNKNOWN when the source says nothing.
func (e *Entity) SuperAdmin() access.Tristate { return e.Entity.SuperAdmin.Known() }

// Administrative is UNKNOWN when the source says nothing.
func (e *Entity) Administrative() access.Tristate { return e.Entity.Administrative.Known() }

// External is UNKNOWN when the source says nothing.
func (e *Entity) External() access.Tristate { return e.Entity.External.Known() }

// Locked is UNKNOWN when the source says nothing.
func (e *Entity) Locked() access.Tristate { return e.Entity.Locked.Known() }

// ServiceAccount is UNKNOWN when neither the source nor the classifier says.
func (e *Entity) ServiceAccount() access.Tristate { return e.Entity.ServiceAccount.Known() }

// ServiceAccountReason is null when there is none.
func (e *Entity) ServiceAccountReason() *string { return optional(e.Entity.ServiceAccountReason) }

// Factors are the enrolled factors with their strength.
func (e *Entity) Factors() []*AuthenticationFactor {
	out := make([]*AuthenticationFactor, len(e.Entity.Factors))
	for i, f := range e.Entity.Factors {
		out[i] = &AuthenticationFactor{Name: f, Strength: access.StrengthOf(f)}
	}
	return out
}

// Metadata is what the source says besides.
func (e *Entity) Metadata() JSON { return JSONText(e.Entity.Metadata) }

// Labels is never nil.
func (e *Entity) Labels() []string { return append([]string{}, e.Entity.Labels...) }

// IdentityType is null for connections and resources.
func (e *Entity) IdentityType() *access.IdentityType {
	t := e.Entity.IdentityType()
	if t == "" {
		return nil
	}
	return &t
}

// Mapping is null where no employee is tied to the identity.
func (e *Entity) Mapping() *IdentityMapping {
	m := e.Entity.Mapping
	if m == nil || m.Relation == access.NotMapped {
		return nil
	}
	return &IdentityMapping{Relation: m.Relation, Origin: m.Origin, Reason: optional(m.Reason), At: &m.At}
}

// Insights are the entity's own.
func (e *Entity) Insights() []*Insight {
	out := make([]*Insight, len(e.Entity.Insights))
	for i, s := range e.Entity.Insights {
		out[i] = &Insight{Name: s.Name, Since: s.Since, Evidence: optional(s.Evidence)}
	}
	return out
}

// Insight is an insight, as an entity carries it or by itself (Since is zero).
type Insight struct {
	Name     string
	Since    time.Time
	Evidence *string
}

// ID is derived from the name.
func (i *Insight) ID() string { return access.InsightID(i.Name) }

// Label is what people see.
func (i *Insight) Label() string { return i.Name }

// Grant is a grant among those that were read together.
type Grant struct {
	access.Grant
	Batch *GrantBatch
}

// GrantBatch is the grants of one answer, by the ids of both their ends.
type GrantBatch struct{ Ends []string }

// Metadata is what the source says besides.
func (g *Grant) Metadata() JSON { return JSONText(g.Grant.Metadata) }

// Pairs is every pair of source and target of one answer, for counting paths at once.
type Pairs struct {
	Pairs             []query.Pair
	Providers         []string // ids of the providers of all of them
	ThroughIdentities bool
}

// AccessEdge is one pair of entities and the whole access between them.
type AccessEdge struct {
	Cursor      string
	Node        *Entity
	Direct      bool
	Permissions []access.Permission
	ProviderIDs []string
	Pair        query.Pair
	Batch       *Pairs
}

// AccessStep is one hop of a path.
type AccessStep struct {
	From, To    *Entity
	Permissions []access.Permission
}
