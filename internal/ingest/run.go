package ingest

import (
	"encoding/json"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// RunKind is the record kind of import runs.
const RunKind = "ImportRun"

// RunState is how an import ended.
type RunState string

// The run states. Rejected: the file has errors. Failed: the work failed.
const (
	RunSucceeded RunState = "SUCCEEDED"
	RunRejected  RunState = "REJECTED"
	RunFailed    RunState = "FAILED"
)

// Run is the record of one import. Its report lists at most RunIssueLimit issues of each
// kind; the counts are exact.
type Run struct {
	ID          string    `json:"id"`                    // a ULID
	Kind        string    `json:"kind"`                  // as Report.Kind
	Integration string    `json:"integration,omitempty"` // key
	File        string    `json:"file"`
	SHA256      string    `json:"sha256,omitempty"` // of the file as stored
	Mode        Mode      `json:"mode,omitempty"`
	ActorKind   string    `json:"actorKind"`
	Actor       string    `json:"actor"`
	StartedAt   time.Time `json:"startedAt"`
	FinishedAt  time.Time `json:"finishedAt"`
	State       RunState  `json:"state"`
	Message     string    `json:"message,omitempty"` // why it failed
	Report      Report    `json:"report"`
}

// RunIssueLimit is how many issues of each kind the record of a run keeps.
const RunIssueLimit = 200

// Write is the change that stores the run.
func (r Run) Write() (store.RecordWrite, error) {
	r.Report = r.Report.cut(RunIssueLimit)
	doc, err := json.Marshal(r)
	if err != nil {
		return store.RecordWrite{}, err
	}
	return store.RecordWrite{
		Kind: RunKind, ID: r.ID, Expect: 0, Doc: doc,
		Index: map[string]string{"integration": r.Integration, "state": string(r.State)},
	}, nil
}

// ParseRun reads the record of a run.
func ParseRun(rec store.Record) (Run, error) {
	var r Run
	err := json.Unmarshal(rec.Doc, &r)
	return r, err
}

// cut returns a report that lists at most n issues of each kind and says what it omits.
func (r Report) cut(n int) Report {
	if more := len(r.Warnings) - n; more > 0 {
		r.Warnings, r.Omitted = r.Warnings[:n], r.Omitted+int64(more)
	}
	if more := len(r.Errors) - n; more > 0 {
		r.Errors, r.Omitted = r.Errors[:n], r.Omitted+int64(more)
	}
	return r
}

// Actor is who imports, for the run's record and the audit log.
type Actor struct {
	Kind      string // user, apiKey, system, open
	Name      string
	RequestID string
	IP        string
}

func (a Actor) known() Actor {
	if a.Kind == "" {
		a.Kind = "system"
	}
	if a.Name == "" {
		a.Name = "accessgraph"
	}
	return a
}

// Audit makes the audit entry of an import.
func (a Actor) Audit(at time.Time, action, object, after string) store.AuditEntry {
	a = a.known()
	return store.AuditEntry{
		ID: NewID(at), At: at, ActorKind: a.Kind, Actor: a.Name, Action: action,
		Object: object, After: after, RequestID: a.RequestID, IP: a.IP,
	}
}

// NewID is a fresh ULID of that time.
func NewID(at time.Time) string {
	return ulid.MustNew(ulid.Timestamp(at), ulid.DefaultEntropy()).String()
}

// Mode says what an import does with what the file does not name.
type Mode string

// The modes. Snapshot: the file is the whole integration, what it lacks is removed.
// Merge: the file only adds and fills.
const (
	Snapshot Mode = "snapshot"
	Merge    Mode = "merge"
)

// ParseMode reads a mode; empty is Snapshot.
func ParseMode(s string) (Mode, error) {
	switch access.Fold(s) {
	case "", string(Snapshot):
		return Snapshot, nil
	case string(Merge):
		return Merge, nil
	}
	return "", access.Invalid("mode", "mode %q is neither snapshot nor merge", s)
}
