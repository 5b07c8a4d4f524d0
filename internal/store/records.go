package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Records keeps governance objects: documents with declared index fields. They do not
// advance the graph version; each has a revision of its own.
type Records interface {
	// GetRecord returns NOT_FOUND when there is none.
	GetRecord(ctx context.Context, kind, id string) (Record, error)
	// FindRecords lists records of a kind.
	FindRecords(ctx context.Context, q RecordQuery) ([]Record, error)
}

// Record is a stored document.
type Record struct {
	Kind     string // a name of the closed registry RecordKinds
	ID       string
	Revision int64
	Doc      json.RawMessage
	Index    map[string]string // the declared index fields
}

// RecordWrite puts or deletes one record.
type RecordWrite struct {
	Kind, ID string
	// Expect is the revision the record must have: 0 = must not exist, AnyRevision = whatever.
	Expect int64
	Doc    json.RawMessage // nil = delete
	Index  map[string]string
}

// AnyRevision skips the revision check.
const AnyRevision int64 = -1

// RecordQuery selects records by equality on index fields.
type RecordQuery struct {
	Kind  string
	Where map[string]string
	// After and Limit page by id; ULIDs make that the order of creation. Descending is newest first.
	After      string
	Limit      int // 0 = all
	Descending bool
}

// RecordKind declares a kind of governance object: the label of its node and its
// index fields. Only kinds in this registry can be stored.
type RecordKind struct {
	Name  string // record kind and Neo4j label
	Index []string
}

// RecordKinds are the kinds of governance objects. A feature adds a line.
var RecordKinds = []RecordKind{
	{Name: "ImportRun", Index: []string{"integration", "state"}},
	{Name: "Job", Index: []string{"kind", "state"}},
	{Name: "Setting", Index: nil},
	{Name: "ApiKey", Index: []string{"hash", "employee"}},
	{Name: "Session", Index: []string{"key"}},
	{Name: "SavedFilter", Index: nil},
	{Name: "SavedFilterName", Index: nil}, // a filter's claim on its name
}

// KindOf returns the declared kind.
func KindOf(name string) (RecordKind, error) {
	for _, k := range RecordKinds {
		if k.Name == name {
			return k, nil
		}
	}
	return RecordKind{}, access.Errorf(access.CodeInternal, "record kind %q is not declared", name)
}

// AuditEntry is one line of the append-only audit log.
type AuditEntry struct {
	ID        string    `json:"id"` // a ULID
	At        time.Time `json:"at"`
	ActorKind string    `json:"actorKind"` // user, apiKey, system, open
	Actor     string    `json:"actor"`
	Action    string    `json:"action"` // e.g. "identity.map"
	Object    string    `json:"object"` // the id of what was changed
	Before    string    `json:"before,omitempty"`
	After     string    `json:"after,omitempty"`
	RequestID string    `json:"requestId,omitempty"`
	IP        string    `json:"ip,omitempty"`
}

// AuditLog reads the audit log; it is written by Commit alone and never changed.
type AuditLog interface {
	// AuditEntries lists entries newest first; After is the id of the last one seen.
	AuditEntries(ctx context.Context, q AuditQuery) ([]AuditEntry, error)
}

// AuditQuery selects audit entries; empty fields are neutral.
type AuditQuery struct {
	Actor, Action, Object string
	After                 string
	Limit                 int
}

// Leases let several servers share work: at most one holds a name at a time.
type Leases interface {
	// AcquireLease takes or renews the lease for holder until now+ttl by the store's
	// clock; false when another holder has it and it has not expired.
	AcquireLease(ctx context.Context, name, holder string, ttl time.Duration) (bool, error)
	// ReleaseLease gives it up; releasing what one does not hold does nothing.
	ReleaseLease(ctx context.Context, name, holder string) error
}
