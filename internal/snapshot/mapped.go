package snapshot

import (
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// mappedField is a text of a mapping to a person.
type mappedField int

const (
	mappedEmployee mappedField = iota // id
	mappedRelation                    // missing where there is no mapping
	mappedOrigin
	mappedReason
	mappedFields
)

// mapped is the mapping of each row to a person.
type mapped struct {
	text [mappedFields]plain
	at   times
}

// mappedOf is what an entity puts into these columns; all empty when it is not mapped.
func mappedOf(e *access.Entity) (text [mappedFields]string, at time.Time) {
	m := e.Mapping
	if m == nil || m.Relation == access.NotMapped {
		return text, at
	}
	return [mappedFields]string{
		mappedEmployee: m.EmployeeID, mappedRelation: string(m.Relation), mappedOrigin: string(m.Origin), mappedReason: m.Reason,
	}, m.At
}

// ref is the mapping of a row, nil where there is none.
func (m *mapped) ref(row uint32) *access.MappingRef {
	relation := m.text[mappedRelation].text(row)
	if relation == "" {
		return nil
	}
	return &access.MappingRef{
		EmployeeID: m.text[mappedEmployee].text(row), Relation: access.MappingRelation(relation),
		Origin: access.MappingOrigin(m.text[mappedOrigin].text(row)), Reason: m.text[mappedReason].text(row), At: m.at.at(row),
	}
}
