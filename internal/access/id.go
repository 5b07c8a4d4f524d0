package access

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
)

// EntityKey is what makes an entity the same entity in every store and after every
// re-import. Integration is the immutable key of the integration, not its present name.
type EntityKey struct {
	Integration string
	Project     string
	Type        EntityType
	SourceID    string
}

// idEncoding is lower-case base32.
var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// ID derives the entity id: "e_" and the first 26 characters of the lower-case
// base32 of SHA-256 over the length-prefixed fields. Lengths are 32-bit big endian byte
// counts, so no two keys share an encoding.
func (k EntityKey) ID() string {
	return derive("e_", k.Integration, k.Project, string(k.Type), k.SourceID)
}

// EmployeeID derives the id of the employee with this work e-mail, compared without case.
func EmployeeID(workEmail string) string { return derive("p_", Fold(workEmail)) }

// ApplicationID derives the id of the application with this name.
func ApplicationID(name string) string { return derive("a_", Clean(name)) }

// IntegrationID derives the id of the integration with this key.
func IntegrationID(key string) string { return derive("i_", key) }

// InsightID derives the id of the insight with this name.
func InsightID(name string) string { return derive("s_", Clean(name)) }

func derive(prefix string, fields ...string) string {
	var scratch [256]byte
	b := scratch[:0]
	for _, f := range fields {
		b = binary.BigEndian.AppendUint32(b, uint32(len(f))) //nolint:gosec // a field longer than 4 GiB cannot be read
		b = append(b, f...)
	}
	sum := sha256.Sum256(b)
	var text [2 + 56]byte
	n := copy(text[:2], prefix)
	idEncoding.Encode(text[n:], sum[:])
	return string(text[:n+26])
}
