package access

import (
	"strings"
	"time"
)

// Entity is the full state of one entity. Empty text and zero time mean that the
// source says nothing. All text is Clean.
type Entity struct {
	ID          string
	Integration string // integration key
	Project     string
	Type        EntityType
	SourceID    string
	SourceType  string
	Name        string

	Username  string
	Email     string
	FirstName string
	LastName  string
	Status    Status

	LastLogin           time.Time
	LatestActivity      time.Time
	LastPasswordChanged time.Time

	MFA            Tristate
	SuperAdmin     Tristate
	Administrative Tristate
	External       Tristate
	Locked         Tristate
	// ServiceAccount is what the source says, else the classifier's verdict for
	// identities (see ClassifyServiceAccount), else Unknown.
	ServiceAccount       Tristate
	ServiceAccountReason string

	Factors  []string // enrolled authentication factors, sorted, distinct
	Metadata string   // a JSON object, or empty

	// Stub: the entity is only known as a target; no row ever described it.
	Stub bool

	FirstSeen time.Time
	RemovedAt time.Time // zero while the entity is live

	// Set by readers, ignored by writers of entities.
	Labels   []string    // sorted
	Insights []Insight   // sorted by name
	Mapping  *MappingRef // nil when no employee is tied to it
}

// Key returns the entity's key.
func (e *Entity) Key() EntityKey {
	return EntityKey{Integration: e.Integration, Project: e.Project, Type: e.Type, SourceID: e.SourceID}
}

// Removed reports whether only history keeps the entity.
func (e *Entity) Removed() bool { return !e.RemovedAt.IsZero() }

// LastActive is the latest activity, or the last login when activity is unknown.
func (e *Entity) LastActive() time.Time {
	if e.LatestActivity.IsZero() {
		return e.LastLogin
	}
	return e.LatestActivity
}

// IdentityType says whom an identity belongs to; "" for connections and resources.
// An identity that an employee logs in with is an employee's, whatever else it looks like;
// one that is owned, or that is classified as non-human, is a service account.
func (e *Entity) IdentityType() IdentityType {
	if e.Type != Identity {
		return ""
	}
	switch {
	case e.Mapping != nil && e.Mapping.Relation == IS:
		return EmployeeIdentity
	case e.Mapping != nil && e.Mapping.Relation == OWNS, e.ServiceAccount == True:
		return ServiceAccount
	}
	return Unmapped
}

// Insight is a label that the engine put on an entity.
type Insight struct {
	Name     string
	Since    time.Time
	Evidence string
}

// Grant is one permission that a source holds on a target. There is one per
// (Source, Target, Permission, Scope).
type Grant struct {
	Source     string // entity id
	Target     string // entity id
	Permission string
	Scope      string // id of what the permission is limited to; empty = everything
	Value      string // as the source says it; "true" by default
	Counts     bool   // Value is not false, see ValueCounts
	Project    string
	LastUsed   time.Time
	Metadata   string    // a JSON object, or empty
	From       time.Time // when it was first seen with this value
	To         time.Time // when it ended; zero while it is held
}

// GrantKey identifies a live grant.
type GrantKey struct{ Source, Target, Permission, Scope string }

// Key returns the grant's key.
func (g *Grant) Key() GrantKey {
	return GrantKey{Source: g.Source, Target: g.Target, Permission: g.Permission, Scope: g.Scope}
}

// CompareGrants is the order in which stores, files and their copies list grants: source,
// target, permission, scope, each in byte order.
func CompareGrants(a, b *Grant) int {
	if c := strings.Compare(a.Source, b.Source); c != 0 {
		return c
	}
	if c := strings.Compare(a.Target, b.Target); c != 0 {
		return c
	}
	if c := strings.Compare(a.Permission, b.Permission); c != 0 {
		return c
	}
	return strings.Compare(a.Scope, b.Scope)
}

// Permission is the name and value of something granted. Lists of permissions are
// distinct and sorted by name, then value, in byte order.
type Permission struct{ Name, Value string }

// ValueCounts reports whether a grant with this value gives anything: every value
// does, except the texts false, no and 0 in any case.
func ValueCounts(value string) bool {
	switch Fold(Clean(value)) {
	case "false", "no", "0":
		return false
	}
	return true
}

// DefaultPermission is the permission name of a row that gives none.
func DefaultPermission(target EntityType) string {
	if target == Connection {
		return "member"
	}
	return "access"
}
