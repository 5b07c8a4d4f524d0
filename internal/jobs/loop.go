package jobs

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

const (
	pruneEvery = time.Hour
	// stopGrace is how long Shutdown waits for a cancelled job to return.
	stopGrace = 10 * time.Second
)

// Start begins to run jobs, after it took over those that a former process left. Call it once.
func (m *Manager) Start() {
	m.loop.Go(func() {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		poll := time.NewTicker(m.opt.Poll)
		defer poll.Stop()
		var swept, pruned time.Time
		for {
			now := time.Now()
			m.keepLocal(ctx)
			if now.Sub(swept) >= m.opt.LeaseTTL {
				swept = now
				m.try(ctx, "take over jobs", m.sweep)
			}
			m.try(ctx, "look at the queue", m.claimQueued)
			if now.Sub(pruned) >= pruneEvery {
				pruned = now
				m.try(ctx, "delete old jobs", m.prune)
			}
			select {
			case <-m.stop:
				return
			case <-m.wake:
			case <-poll.C:
			}
		}
	})
}

func (m *Manager) try(ctx context.Context, what string, f func(context.Context) error) {
	if err := f(ctx); err != nil {
		m.opt.Log.WarnContext(ctx, "jobs: could not "+what, "error", err)
	}
}

// keepLocal renews the leases of local jobs that wait here for their turn.
func (m *Manager) keepLocal(ctx context.Context) {
	m.mu.Lock()
	ids := slices.Sorted(maps.Keys(m.local))
	m.mu.Unlock()
	for _, id := range ids {
		if _, err := m.store.AcquireLease(ctx, leaseName(id), m.opt.Server, m.opt.LeaseTTL); err != nil {
			m.opt.Log.WarnContext(ctx, "could not renew the lease of a queued job", "job", id, "error", err)
		}
	}
}

// sweep looks for running jobs whose server died.
func (m *Manager) sweep(ctx context.Context) error {
	records, err := m.store.FindRecords(ctx, store.RecordQuery{Kind: recordKind, Where: map[string]string{"state": string(Running)}})
	if err != nil {
		return err
	}
	return m.claimEach(ctx, records)
}

func (m *Manager) claimQueued(ctx context.Context) error {
	if !m.room() {
		return nil
	}
	records, err := m.store.FindRecords(ctx, store.RecordQuery{Kind: recordKind, Where: map[string]string{"state": string(Queued)}})
	if err != nil {
		return err
	}
	return m.claimEach(ctx, records)
}

func (m *Manager) claimEach(ctx context.Context, records []store.Record) error {
	for _, r := range records {
		if m.task(r.ID) != nil {
			continue
		}
		j, err := decode(r)
		if err != nil {
			return err
		}
		_, known := m.kinds[j.Kind]
		needsRun := j.State == Queued || j.Resumable
		if needsRun && (!known || !m.room()) && !m.orphan(j) {
			continue // another server knows it, or has room
		}
		if err := m.claim(ctx, r.ID); err != nil {
			return err
		}
	}
	return nil
}

// orphan reports whether j is a queued job that only another server can run; all we can
// do, if that server is gone, is to say so.
func (m *Manager) orphan(j Job) bool {
	return j.State == Queued && j.Local && j.Server != m.opt.Server
}

// claim takes the lease of a job and does what is due. Only the loop calls it, since a
// lease does not keep this very process out.
func (m *Manager) claim(ctx context.Context, id string) error {
	got, err := m.store.AcquireLease(ctx, leaseName(id), m.opt.Server, m.opt.LeaseTTL)
	if err != nil || !got {
		return err
	}
	var run *Job
	err = m.change(ctx, id, func(j *Job) bool {
		run = nil
		if j.State.Final() {
			return false
		}
		switch died := j.State == Running; {
		case j.CancelRequested:
			j.State = Cancelled
		case m.orphan(*j):
			j.State, j.Failure = Failed, interrupted("the server that accepted it stopped before it began")
		case died && (!j.Resumable || j.Local):
			j.State, j.Failure = Failed, interrupted("the server that ran it stopped")
		default:
			j.State, j.Server, j.StartedAt, j.Progress = Running, m.opt.Server, m.opt.Clock().UTC(), Progress{}
			j.Attempt++
			started := *j
			run = &started
			return true
		}
		j.FinishedAt = m.opt.Clock().UTC()
		return true
	})
	m.mu.Lock()
	delete(m.local, id)
	m.mu.Unlock()
	if err != nil || run == nil {
		m.release(ctx, id)
		m.notify(id)
		if access.CodeOf(err) == access.CodeNotFound {
			return nil
		}
		return err
	}
	m.start(m.kinds[run.Kind], *run)
	return nil
}

// Shutdown stops taking jobs and waits for those that run. When ctx is done they are
// stopped: resumable ones go back to the queue for another server, others fail. It
// returns an error when a job does not let itself be stopped. Call it once, at the end.
func (m *Manager) Shutdown(ctx context.Context) error {
	defer close(m.done)
	m.mu.Lock()
	m.stopping = true
	m.mu.Unlock()
	close(m.stop)
	m.loop.Wait() // from here on nothing new starts
	m.failLocal(context.WithoutCancel(ctx))
	m.mu.Lock()
	m.draining = true
	none := len(m.running) == 0
	m.mu.Unlock()
	if none {
		return nil
	}
	select {
	case <-m.idle:
		return nil
	case <-ctx.Done():
	}
	m.mu.Lock()
	for _, t := range m.running {
		t.cancel(ErrShutdown)
	}
	m.mu.Unlock()
	select {
	case <-m.idle:
		return nil
	case <-time.After(stopGrace):
		m.mu.Lock()
		defer m.mu.Unlock()
		return fmt.Errorf("jobs that did not stop: %s", strings.Join(slices.Sorted(maps.Keys(m.running)), ", "))
	}
}

// failLocal ends the queued jobs that no other server can run.
func (m *Manager) failLocal(ctx context.Context) {
	m.mu.Lock()
	ids := slices.Sorted(maps.Keys(m.local))
	clear(m.local)
	m.mu.Unlock()
	for _, id := range ids {
		err := m.change(ctx, id, func(j *Job) bool {
			if j.State != Queued {
				return false
			}
			j.State, j.Failure, j.FinishedAt = Failed, interrupted("the server was shut down before it began"), m.opt.Clock().UTC()
			return true
		})
		if err != nil {
			m.opt.Log.WarnContext(ctx, "could not end a queued job", "job", id, "error", err)
		}
		m.release(ctx, id)
		m.notify(id)
	}
}

func (m *Manager) room() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.running) < m.opt.Concurrency
}

func (m *Manager) task(id string) *Task {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.running[id]
}
