package access

import "strings"

// EntityType is one of the three kinds of things that a source reports.
type EntityType string

// The entity types. A connection is what provides access: a group, a role, a policy.
const (
	Identity   EntityType = "IDENTITY"
	Connection EntityType = "CONNECTION"
	Resource   EntityType = "RESOURCE"
)

// EntityTypes lists every entity type, in the order in which they sort.
var EntityTypes = []EntityType{Connection, Identity, Resource}

// ParseEntityType reads a type as files spell it: any case, surrounding blanks ignored.
func ParseEntityType(s string) (EntityType, bool) {
	return parseEnum(s, EntityTypes)
}

// Status is the state that the source reports for an entity. It is shown and
// filtered; it never changes what an entity reaches.
type Status string

// The entity statuses. StatusUnknown is the value of an entity whose source says nothing.
const (
	StatusActive    Status = "ACTIVE"
	StatusInactive  Status = "INACTIVE"
	StatusSuspended Status = "SUSPENDED"
	StatusLocked    Status = "LOCKED"
	StatusDeleted   Status = "DELETED"
	StatusUnknown   Status = "UNKNOWN"
)

// Statuses lists every status.
var Statuses = []Status{StatusActive, StatusInactive, StatusSuspended, StatusLocked, StatusDeleted, StatusUnknown}

// ParseStatus reads a status in any case.
func ParseStatus(s string) (Status, bool) { return parseEnum(s, Statuses) }

// Tristate is a boolean that a source may leave unsaid. Unknown is never treated as False.
type Tristate string

// The three states. The zero value reads as unknown through Or.
const (
	True    Tristate = "TRUE"
	False   Tristate = "FALSE"
	Unknown Tristate = "UNKNOWN"
)

// Tristates lists every state.
var Tristates = []Tristate{True, False, Unknown}

// TristateOf turns a known boolean into a Tristate.
func TristateOf(b bool) Tristate {
	if b {
		return True
	}
	return False
}

// Known returns t with the zero value made Unknown.
func (t Tristate) Known() Tristate {
	if t == "" {
		return Unknown
	}
	return t
}

// Bool returns the boolean, or nil when it is unknown.
func (t Tristate) Bool() *bool {
	switch t {
	case True:
		b := true
		return &b
	case False:
		b := false
		return &b
	}
	return nil
}

// IdentityType says whom an identity belongs to.
type IdentityType string

// The identity types; an entity that is no identity has none ("").
const (
	EmployeeIdentity IdentityType = "EMPLOYEE"
	ServiceAccount   IdentityType = "SERVICE_ACCOUNT"
	Unmapped         IdentityType = "UNMAPPED"
)

// IdentityTypes lists every identity type.
var IdentityTypes = []IdentityType{EmployeeIdentity, ServiceAccount, Unmapped}

// EmployeeState is computed from the dates of employment, never stored.
type EmployeeState string

// The employee states.
const (
	EmployeeActive     EmployeeState = "ACTIVE"
	EmployeeTerminated EmployeeState = "TERMINATED"
	EmployeeFuture     EmployeeState = "FUTURE"
)

// EmployeeStates lists every employee state.
var EmployeeStates = []EmployeeState{EmployeeActive, EmployeeTerminated, EmployeeFuture}

// ProductRole is a role in accessgraph itself. Each higher role includes the lower one.
type ProductRole string

// The product roles, lowest first.
const (
	Reviewer      ProductRole = "REVIEWER"
	RiskManager   ProductRole = "RISK_MANAGER"
	Administrator ProductRole = "ADMINISTRATOR"
)

// ProductRoles lists every product role, lowest first.
var ProductRoles = []ProductRole{Reviewer, RiskManager, Administrator}

// ParseProductRole reads a role as files spell it ("risk manager") or as the API does.
func ParseProductRole(s string) (ProductRole, bool) {
	return parseEnum(strings.Join(strings.Fields(s), "_"), ProductRoles)
}

// Includes reports whether holding r gives what other gives.
func (r ProductRole) Includes(other ProductRole) bool {
	rank := func(p ProductRole) int {
		for i, q := range ProductRoles {
			if p == q {
				return i
			}
		}
		return -1
	}
	return rank(r) >= rank(other) && rank(r) >= 0 && rank(other) >= 0
}

func parseEnum[T ~string](s string, all []T) (T, bool) {
	for _, v := range all {
		if equalASCII(s, string(v)) { // nearly every text, without a copy of it
			return v, true
		}
	}
	want := strings.ToUpper(strings.TrimSpace(s))
	for _, v := range all {
		if string(v) == want {
			return v, true
		}
	}
	return "", false
}

// equalASCII reports whether s is the upper-case ASCII text but for the case of its letters.
func equalASCII(s, upper string) bool {
	if len(s) != len(upper) {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c != upper[i] {
			return false
		}
	}
	return true
}
