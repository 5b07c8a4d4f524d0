// Package model holds the Go types behind the GraphQL types that are not domain types
// themselves: thin wrappers that know which rows were read together, and payloads.
package model

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/accessgraph/accessgraph/internal/access"
)

// MarshalInt writes a GraphQL Int.
func MarshalInt(i int) graphql.Marshaler { return graphql.MarshalInt(i) }

// UnmarshalInt reads a GraphQL Int: 32 bits, as the specification says.
func UnmarshalInt(v any) (int, error) {
	i, err := graphql.UnmarshalInt64(v)
	if err != nil {
		return 0, access.Invalid("", "%v is not a 32-bit integer", v)
	}
	if i > math.MaxInt32 || i < math.MinInt32 {
		return 0, access.Invalid("", "%d is not a 32-bit integer", i)
	}
	return int(i), nil
}

// MarshalTime writes an instant in UTC; the zero time is null.
func MarshalTime(t time.Time) graphql.Marshaler {
	if t.IsZero() {
		return graphql.Null
	}
	return graphql.MarshalTime(t.UTC())
}

// UnmarshalTime reads an instant as RFC 3339.
func UnmarshalTime(v any) (time.Time, error) {
	s, ok := v.(string)
	if !ok {
		return time.Time{}, access.Invalid("", "a time is a text such as 2026-05-31T12:00:00Z")
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, access.Invalid("", "%q is not a time such as 2026-05-31T12:00:00Z", s)
	}
	return t.UTC(), nil
}

// MarshalDate writes a civil date (midnight UTC); the zero time is null.
func MarshalDate(t time.Time) graphql.Marshaler {
	if t.IsZero() {
		return graphql.Null
	}
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(t.Format(time.DateOnly))) })
}

// UnmarshalDate reads a civil date as YYYY-MM-DD.
func UnmarshalDate(v any) (time.Time, error) {
	s, _ := v.(string)
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, access.Invalid("", "%q is not a date such as 2026-05-31", fmt.Sprint(v))
	}
	return t, nil
}

// JSON is any JSON value; empty = null.
type JSON json.RawMessage

// JSONText is the JSON value that s holds; text that is no JSON stays a JSON text.
func JSONText(s string) JSON {
	if s == "" {
		return nil
	}
	if json.Valid([]byte(s)) {
		return JSON(s)
	}
	return JSONOf(s)
}

// JSONOf encodes a value that cannot fail to encode.
func JSONOf(v any) JSON {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return raw
}

// MarshalGQL implements graphql.Marshaler.
func (j JSON) MarshalGQL(w io.Writer) {
	if len(j) == 0 {
		_, _ = io.WriteString(w, "null")
		return
	}
	_, _ = w.Write(j)
}

// UnmarshalGQL implements graphql.Unmarshaler.
func (j *JSON) UnmarshalGQL(v any) error {
	raw, err := json.Marshal(v)
	*j = raw
	return err
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
