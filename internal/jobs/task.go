package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/auth"
)

// notifyEvery is how often at most progress wakes the watchers of this process.
const notifyEvery = 100 * time.Millisecond

// Task is a running job as its Run sees it. Safe for concurrent use.
type Task struct {
	m      *Manager
	job    Job // as it was when this attempt began
	ctx    context.Context
	cancel context.CancelCauseFunc

	mu       sync.Mutex
	progress Progress
	notified time.Time
}

// Job returns the job as it was when this attempt began.
func (t *Task) Job() Job { return t.job }

// Params decodes the parameters into v.
func (t *Task) Params(v any) error {
	if err := json.Unmarshal(t.job.Params, v); err != nil {
		return fmt.Errorf("parameters of job %s: %w", t.job.ID, err)
	}
	return nil
}

// Report says how far the job is. It is cheap and may be called for each row: watchers
// hear of it at most every 100 ms, the store at most every Options.Poll.
func (t *Task) Report(done, total int64, stage string) {
	now := time.Now()
	t.mu.Lock()
	t.progress = Progress{Done: done, Total: total, Stage: stage}
	tell := now.Sub(t.notified) >= notifyEvery
	if tell {
		t.notified = now
	}
	t.mu.Unlock()
	if tell {
		t.m.notify(t.job.ID)
	}
}

func (t *Task) now() Progress {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.progress
}

// start runs the job in the background. The caller holds the lease and has written that
// the job runs.
func (m *Manager) start(k Kind, j Job) {
	ctx := audit.WithRequest(auth.WithPrincipal(context.Background(), j.By), j.Request)
	t := &Task{m: m, job: j}
	t.ctx, t.cancel = context.WithCancelCause(ctx)
	m.mu.Lock()
	m.running[j.ID] = t
	m.mu.Unlock()
	m.notify(j.ID)
	go func() {
		over := make(chan struct{})
		kept := make(chan struct{})
		go func() {
			defer close(kept)
			t.keep(over)
		}()
		result, err := t.call(k)
		close(over)
		<-kept // so that the last progress cannot overwrite the end
		t.end(result, err)
	}()
}

// call runs the job's code; a panic is an error of the job, not the end of the server.
func (t *Task) call(k Kind) (result any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return k.Run(t.ctx, t)
}

// mine reports whether the stored job is still this attempt.
func (t *Task) mine(j *Job) bool {
	return j.State == Running && j.Server == t.m.opt.Server && j.Attempt == t.job.Attempt
}

// keep renews the lease, looks for a request to cancel and writes progress until the
// job is over.
func (t *Task) keep(over <-chan struct{}) {
	m, id := t.m, t.job.ID
	renewed := time.Now() // claimed just now
	var written Progress
	every(over, m.opt.Poll, func() {
		ctx := context.WithoutCancel(t.ctx)
		if time.Since(renewed) >= m.opt.LeaseTTL/3 {
			at := time.Now()
			switch ok, err := m.store.AcquireLease(ctx, leaseName(id), m.opt.Server, m.opt.LeaseTTL); {
			case err == nil && ok:
				renewed = at
			case err == nil: // another server has it
				t.cancel(ErrLeaseLost)
				return
			case time.Since(renewed) >= m.opt.LeaseTTL:
				t.cancel(ErrLeaseLost) // unknown, but by now another server may have it
				return
			default:
				m.opt.Log.WarnContext(ctx, "could not renew the lease of a job", "job", id, "error", err)
			}
		}
		p := t.now()
		err := m.change(ctx, id, func(j *Job) bool {
			if !t.mine(j) {
				t.cancel(ErrLeaseLost)
				return false
			}
			if j.CancelRequested {
				t.cancel(ErrCancelled)
			}
			j.Progress = p
			return p != written
		})
		if err != nil {
			m.opt.Log.WarnContext(ctx, "could not write the progress of a job", "job", id, "error", err)
			return
		}
		written = p
		m.notify(id) // the last word of a burst that Report held back
	})
}

// end writes how the job ended and gives up its lease.
func (t *Task) end(result any, err error) {
	m, id := t.m, t.job.ID
	ctx := context.WithoutCancel(t.ctx)
	cause := context.Cause(t.ctx)
	t.cancel(nil)
	if cause != ErrLeaseLost { //nolint:errorlint // one of our own, never wrapped
		t.record(ctx, cause, result, err)
	}
	m.mu.Lock()
	delete(m.running, id)
	last := m.draining && len(m.running) == 0
	m.mu.Unlock()
	m.release(ctx, id)
	m.notify(id)
	if last {
		close(m.idle)
	}
	select {
	case m.wake <- struct{}{}: // there is room for another
	default:
	}
}

func (t *Task) record(ctx context.Context, cause error, result any, err error) {
	m, id := t.m, t.job.ID
	var raw json.RawMessage
	if result != nil {
		var encodeErr error
		if raw, encodeErr = json.Marshal(result); encodeErr != nil && err == nil {
			err = fmt.Errorf("result: %w", encodeErr)
		}
	}
	if err != nil && access.CodeOf(err) == access.CodeInternal && cause == nil {
		m.opt.Log.ErrorContext(ctx, "a job failed", "job", id, "kind", t.job.Kind, "error", err)
	}
	outcome := func(j *Job) bool {
		if !t.mine(j) {
			return false
		}
		j.Progress, j.Result, j.FinishedAt = t.now(), raw, m.opt.Clock().UTC()
		switch {
		case err == nil:
			j.State = Succeeded
		case cause == ErrCancelled: //nolint:errorlint // see end
			j.State = Cancelled
		case cause == ErrShutdown && t.job.Resumable: //nolint:errorlint // see end
			j.State, j.FinishedAt = Queued, time.Time{}
		case cause == ErrShutdown: //nolint:errorlint // see end
			j.State, j.Failure = Failed, interrupted("the server was shut down")
		default:
			j.State, j.Failure = Failed, failureOf(err, id)
		}
		return true
	}
	// A store that is away for a moment must not cost the outcome; while the lease lives
	// nobody else touches the job. After that it counts as interrupted.
	giveUp := time.Now().Add(m.opt.LeaseTTL / 2)
	for {
		writeErr := m.change(ctx, id, outcome)
		if writeErr == nil {
			return
		}
		m.opt.Log.ErrorContext(ctx, "could not write the outcome of a job", "job", id, "error", writeErr)
		if time.Now().After(giveUp) {
			return
		}
		time.Sleep(m.opt.Poll)
	}
}
