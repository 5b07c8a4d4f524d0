package embedded

import (
	"database/sql"
	"encoding/json"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// micros is how a time is kept; nil for none.
func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// or is the first of the two times that is set.
func or(t, other time.Time) time.Time {
	if t.IsZero() {
		return other
	}
	return t
}

func timeOf(v sql.NullInt64) time.Time {
	if !v.Valid {
		return time.Time{}
	}
	return time.UnixMicro(v.Int64).UTC()
}

func flag(t access.Tristate) any {
	switch t {
	case access.True:
		return int64(1)
	case access.False:
		return int64(0)
	}
	return nil
}

func tristate(v sql.NullInt64) access.Tristate {
	if !v.Valid {
		return access.Unknown
	}
	return access.TristateOf(v.Int64 != 0)
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// texts keeps a list as JSON, nothing for an empty one.
func texts[E ~string](v []E) any {
	if len(v) == 0 {
		return nil
	}
	return toJSON(v)
}

// pairs keeps a map as JSON, nothing for an empty one.
func pairs(v map[string]string) any {
	if len(v) == 0 {
		return nil
	}
	return toJSON(v)
}

func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only texts, lists and maps of texts come here
	}
	return string(b)
}

func unlist(text sql.NullString, into any) error {
	if !text.Valid {
		return nil
	}
	return json.Unmarshal([]byte(text.String), into)
}
