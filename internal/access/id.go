package access

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strings"
)

// EntityKey is what makes an entity the same entity in every store and after every
// re-import. Integration is the immutable key of the integration, not its present name.
type EntityKey struct {
	Integration string
	Project     string
	Type        EntityType
	SourceID    string
}

var idEncoding = base32.StdEncoding.WithPadding(base32.NoPadding)

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
	h := sha256.New()
	var n [4]byte
	for _, f := range fields {
		binary.BigEndian.PutUint32(n[:], uint32(len(f))) //nolint:gosec // a field longer than 4 GiB cannot be read
		h.Write(n[:])
		h.Write([]byte(f))
	}
	return prefix + strings.ToLower(idEncoding.EncodeToString(h.Sum(nil)))[:26]
}
