// Package filter is the typed form of a graph filter: which entities, by what they are
// and by how they are connected. It parses, validates and explains filters and brings
// them into the one normal form (Tree) that both engines compile.
package filter

import "github.com/accessgraph/accessgraph/internal/access"

// Filter selects entities. The fields of one object are joined by AND; And, Or and Not
// combine objects. Empty lists and empty objects are neutral: as if they were not there.
type Filter struct {
	And []Filter `json:"and,omitempty"`
	Or  []Filter `json:"or,omitempty"`
	Not *Filter  `json:"not,omitempty"`

	IDs          []string              `json:"ids,omitempty"` // one of these entities: a selection
	Type         []access.EntityType   `json:"type,omitempty"`
	Name         *StringMatch          `json:"name,omitempty"`
	SourceType   *StringMatch          `json:"sourceType,omitempty"`
	SourceID     *StringMatch          `json:"sourceId,omitempty"`
	Application  *StringMatch          `json:"application,omitempty"`
	Integration  *StringMatch          `json:"integration,omitempty"` // the present name
	Project      *StringMatch          `json:"project,omitempty"`
	Status       []access.Status       `json:"status,omitempty"`
	IdentityType []access.IdentityType `json:"identityType,omitempty"`
	MfaEnabled   []access.Tristate     `json:"mfaEnabled,omitempty"`
	Username     *StringMatch          `json:"username,omitempty"`
	Email        *StringMatch          `json:"email,omitempty"`

	// HR fields: of the mapped employee of an identity; a connection or resource matches
	// when one identity reaching it matches all HR fields of this object.
	User           *StringMatch           `json:"user,omitempty"`    // work e-mail
	Manager        *StringMatch           `json:"manager,omitempty"` // work e-mail of the direct manager
	Department     *StringMatch           `json:"department,omitempty"`
	JobTitle       *StringMatch           `json:"jobTitle,omitempty"`
	EmploymentType *StringMatch           `json:"employmentType,omitempty"`
	EmployeeState  []access.EmployeeState `json:"employeeState,omitempty"`

	Insight *StringMatch `json:"insight,omitempty"` // any of the entity's insights
	Label   *StringMatch `json:"label,omitempty"`   // any of the entity's labels

	InactiveForDays       *int  `json:"inactiveForDays,omitempty"` // never active counts as inactive
	NeverActive           *bool `json:"neverActive,omitempty"`
	PasswordOlderThanDays *int  `json:"passwordOlderThanDays,omitempty"`

	SourceSystem   *StringMatch            `json:"sourceSystem,omitempty"` // the integration's name, for extracted entities
	Factor         *StringMatch            `json:"factor,omitempty"`       // any enrolled factor
	FactorStrength []access.FactorStrength `json:"factorStrength,omitempty"`
	SuperAdmin     []access.Tristate       `json:"superAdmin,omitempty"`
	Administrative []access.Tristate       `json:"administrative,omitempty"`
	External       []access.Tristate       `json:"external,omitempty"`
	ServiceAccount []access.Tristate       `json:"serviceAccount,omitempty"`

	Permission *StringMatch `json:"permission,omitempty"` // holds it directly, counting, on anything

	// Removed widens the population by the entities that only history keeps. It counts
	// wherever it stands among And, Or and Not of the outermost filter.
	Removed bool `json:"removed,omitempty"`

	Having []Having `json:"having,omitempty"`
}

// StringMatch tests text; its fields are joined by AND. Missing text matches only
// IsEmpty = true. Eq and In mind case except for e-mails; the others never do. For a
// field with several values one value must pass all of Eq … EndsWith.
type StringMatch struct {
	Eq         *string  `json:"eq,omitempty"`
	In         []string `json:"in,omitempty"`
	Contains   *string  `json:"contains,omitempty"`
	StartsWith *string  `json:"startsWith,omitempty"`
	EndsWith   *string  `json:"endsWith,omitempty"`
	IsEmpty    *bool    `json:"isEmpty,omitempty"`
}

// Direction is which end of the access the entity is.
type Direction string

// The directions.
const (
	HasAccessTo  Direction = "HAS_ACCESS_TO"
	AccessibleBy Direction = "ACCESSIBLE_BY"
)

// Reach is whether only grants of the entity's own count, or chains too.
type Reach string

// The reaches.
const (
	Direct    Reach = "DIRECT"
	Effective Reach = "EFFECTIVE"
)

// Having asks for related entities. Zero values of Direction and Reach mean HasAccessTo
// and Effective; a nil AtLeast means 1.
type Having struct {
	Direction  Direction    `json:"direction,omitempty"`
	Reach      Reach        `json:"reach,omitempty"`
	Entity     *Filter      `json:"entity,omitempty"`
	Permission *StringMatch `json:"permission,omitempty"`
	Via        *Filter      `json:"via,omitempty"`
	AtLeast    *int         `json:"atLeast,omitempty"`
	None       bool         `json:"none,omitempty"`
}

// Field names an entity field, for facets.
type Field string

// The facet fields.
const (
	FieldType           Field = "TYPE"
	FieldSourceType     Field = "SOURCE_TYPE"
	FieldStatus         Field = "STATUS"
	FieldApplication    Field = "APPLICATION"
	FieldIntegration    Field = "INTEGRATION"
	FieldProject        Field = "PROJECT"
	FieldIdentityType   Field = "IDENTITY_TYPE"
	FieldMFA            Field = "MFA"
	FieldDepartment     Field = "DEPARTMENT"
	FieldJobTitle       Field = "JOB_TITLE"
	FieldEmploymentType Field = "EMPLOYMENT_TYPE"
	FieldManager        Field = "MANAGER"
	FieldInsight        Field = "INSIGHT"
	FieldLabel          Field = "LABEL"
)

// Fields lists every facet field.
var Fields = []Field{FieldType, FieldSourceType, FieldStatus, FieldApplication, FieldIntegration, FieldProject,
	FieldIdentityType, FieldMFA, FieldDepartment, FieldJobTitle, FieldEmploymentType, FieldManager, FieldInsight, FieldLabel}

// IncludesRemoved reports whether the filter's population includes removed entities:
// whether it, or any of its And, Or and Not parts, says so.
func (f *Filter) IncludesRemoved() bool {
	if f == nil {
		return false
	}
	if f.Removed || f.Not.IncludesRemoved() {
		return true
	}
	for _, list := range [][]Filter{f.And, f.Or} {
		for i := range list {
			if list[i].IncludesRemoved() {
				return true
			}
		}
	}
	return false
}
