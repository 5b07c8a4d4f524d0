package store

import (
	"encoding/base64"
	"encoding/json"

	"github.com/accessgraph/accessgraph/internal/access"
)

// EmployeeCursor is the opaque cursor of a list of people: the key that the store orders
// names by, and the id.
func EmployeeCursor(key, id string) string {
	text, err := json.Marshal([]string{key, id})
	if err != nil {
		panic(err) // a list of texts always has a JSON form
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// ParseEmployeeCursor reads what EmployeeCursor made; anything else is INVALID_INPUT at "after".
func ParseEmployeeCursor(text string) (key, id string, err error) {
	var parts []string
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(b, &parts)
	}
	if err != nil || len(parts) != 2 {
		return "", "", access.Invalid("after", "this is not a cursor of this list")
	}
	return parts[0], parts[1], nil
}
