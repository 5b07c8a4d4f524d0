package access

import "time"

// Employee is a person of the workforce. Dates are civil dates: midnight UTC of the day.
type Employee struct {
	ID             string // EmployeeID(WorkEmail)
	WorkEmail      string
	UserID         string
	FullName       string
	FirstName      string
	LastName       string
	Department     string
	Title          string
	StartDate      time.Time
	EndDate        time.Time // zero = still employed
	EmploymentType string
	Organization   string
	Manager        string // the manager's name as the source says it
	ManagerEmail   string // the manager's work e-mail, or empty
	SourceUserID   string
	Roles          []ProductRole // never empty
	MetadataVer    string
	Metadata       string // a JSON object, or empty
}

// State is the employee's state on the civil day that today falls on in its own location.
func (e *Employee) State(today time.Time) EmployeeState {
	day := CivilDate(today)
	switch {
	case !e.EndDate.IsZero() && e.EndDate.Before(day):
		return EmployeeTerminated
	case e.StartDate.After(day):
		return EmployeeFuture
	}
	return EmployeeActive
}

// CivilDate is midnight UTC of t's day in t's own location.
func CivilDate(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// MappingRelation says how an employee is tied to an identity.
type MappingRelation string

// IS: the employee logs in with the identity. OWNS: the employee answers for a service
// account. NotMapped is a person's decision that the identity belongs to nobody; it keeps
// automatic mapping away and reads as no mapping at all.
const (
	IS        MappingRelation = "IS"
	OWNS      MappingRelation = "OWNS"
	NotMapped MappingRelation = "NONE"
)

// ParseMappingRelation reads IS or OWNS in any case.
func ParseMappingRelation(s string) (MappingRelation, bool) {
	return parseEnum(s, []MappingRelation{IS, OWNS})
}

// MappingOrigin says who made a mapping. Manual wins over automatic and survives re-import.
type MappingOrigin string

// The mapping origins.
const (
	ManualMapping    MappingOrigin = "MANUAL"
	AutomaticMapping MappingOrigin = "AUTOMATIC"
)

// Mapping ties one identity to at most one employee.
type Mapping struct {
	EntityID   string
	EmployeeID string // empty when Relation is NotMapped
	Relation   MappingRelation
	Origin     MappingOrigin
	Reason     string // the rule or the person's word, e.g. "e-mail equals work e-mail"
	At         time.Time
}

// MappingRef is a mapping as seen from its identity.
type MappingRef struct {
	EmployeeID string
	Relation   MappingRelation
	Origin     MappingOrigin
	Reason     string
	At         time.Time
}

// Owners are the business owners of an entity or the application owners of an
// integration: employee ids. Secondaries never repeat the primary.
type Owners struct {
	Primary     string
	Secondaries []string
}

// Empty reports whether nobody owns it.
func (o Owners) Empty() bool { return o.Primary == "" && len(o.Secondaries) == 0 }
