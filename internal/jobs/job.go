// Package jobs runs long work in the background: an import, a campaign, an export.
//
// A job is a record, so every server sees it; who runs it holds its lease and renews it.
// When the holder dies, the lease runs out and another server takes the job over: it
// runs a resumable one again and marks any other as failed, so no job is left hanging.
// Every write of a running job carries the attempt it belongs to: a server that lost its
// lease cannot overwrite what its successor did.
package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/auth"
)

const recordKind = "Job"

// State is where a job is.
type State string

// The states of a job. The last three are final.
const (
	Queued    State = "QUEUED"
	Running   State = "RUNNING"
	Succeeded State = "SUCCEEDED"
	Failed    State = "FAILED"
	Cancelled State = "CANCELLED"
)

// Final reports whether a job in this state stays in it.
func (s State) Final() bool { return s == Succeeded || s == Failed || s == Cancelled }

// Progress is how far a job is. Total 0 = not known.
type Progress struct {
	Done  int64  `json:"done"`
	Total int64  `json:"total"`
	Stage string `json:"stage,omitempty"` // e.g. "validating"
}

// Failure says why a job failed, in words that may be shown.
type Failure struct {
	Code    access.Code `json:"code"`
	Path    string      `json:"path,omitempty"`
	Message string      `json:"message"`
}

// Job is the state of one piece of background work.
type Job struct {
	ID       string          `json:"id"` // a ULID
	Kind     string          `json:"kind"`
	State    State           `json:"state"`
	Progress Progress        `json:"progress"`
	Params   json.RawMessage `json:"params,omitempty"`
	Result   json.RawMessage `json:"result,omitempty"` // may be set for a failed job too
	Failure  *Failure        `json:"failure,omitempty"`

	By      auth.Principal `json:"by"`      // who submitted it; it runs in their name
	Request audit.Request  `json:"request"` // the request that submitted it

	Resumable bool   `json:"resumable,omitempty"`
	Local     bool   `json:"local,omitempty"`
	Server    string `json:"server,omitempty"` // who runs or ran it; for a queued local job who will
	Attempt   int    `json:"attempt"`          // 1 = first run

	CancelRequested bool      `json:"cancelRequested,omitempty"`
	CreatedAt       time.Time `json:"createdAt"`
	StartedAt       time.Time `json:"startedAt,omitzero"`
	FinishedAt      time.Time `json:"finishedAt,omitzero"`
}

// Kind declares a kind of job.
type Kind struct {
	Name string
	// Resumable: Run can be called again with the same parameters after an interruption
	// at any moment. A job of another kind fails when its server stops.
	Resumable bool
	// Local: only the server that accepted the job can run it, because the parameters
	// name something of that server, such as an uploaded file.
	Local bool
	// Run does the work. It must return soon after ctx is done. ctx carries the principal
	// and the request of whoever submitted the job. The result is stored as JSON, also
	// beside an error. A job whose Run returns nil has succeeded, even when somebody
	// tried to cancel it.
	Run func(ctx context.Context, t *Task) (result any, err error)
}

// The causes (context.Cause) for which the context of a running job ends.
var (
	ErrCancelled = errors.New("the job was cancelled")
	ErrShutdown  = errors.New("the server is shutting down")
	ErrLeaseLost = errors.New("the lease of the job was lost to another server")
)

// failureOf turns an error of Run into words for the user. What is no access.Error is
// for the log alone.
func failureOf(err error, id string) *Failure {
	var e *access.Error
	if errors.As(err, &e) {
		return &Failure{Code: e.Code, Path: e.Path, Message: e.Message}
	}
	return &Failure{Code: access.CodeInternal, Message: "an internal error; the server's log has it under job " + id}
}

func interrupted(message string) *Failure {
	return &Failure{Code: access.CodeUnavailable, Message: "interrupted: " + message}
}
