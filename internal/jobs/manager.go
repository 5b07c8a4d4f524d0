package jobs

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/store"
)

// Store is what jobs need of a store.
type Store interface {
	store.Committer
	store.Records
	store.Leases
}

// Options of a Manager; zero fields have the defaults said.
type Options struct {
	Server      string           // name of this process, unique among all; made up if empty
	Concurrency int              // jobs run at once here (2)
	LeaseTTL    time.Duration    // how long a dead server blocks its jobs (30 s)
	Poll        time.Duration    // how often queue, cancel flags and remote jobs are looked at and progress is written (2 s)
	Retention   time.Duration    // how long finished jobs are kept (30 days)
	Clock       func() time.Time // time.Now
	Log         *slog.Logger     // slog.Default
}

func (o *Options) defaults() {
	if o.Server == "" {
		host, _ := os.Hostname()
		o.Server = fmt.Sprintf("%s-%d-%s", host, os.Getpid(), rand.Text()[:8])
	}
	if o.Concurrency <= 0 {
		o.Concurrency = 2
	}
	if o.LeaseTTL <= 0 {
		o.LeaseTTL = 30 * time.Second
	}
	if o.Poll <= 0 {
		o.Poll = 2 * time.Second
	}
	if o.Retention <= 0 {
		o.Retention = 30 * 24 * time.Hour
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
}

// Manager submits, runs and watches jobs. Safe for concurrent use.
type Manager struct {
	store Store
	opt   Options
	kinds map[string]Kind

	wake chan struct{} // something was queued
	stop chan struct{} // closed by Shutdown: claim no more
	done chan struct{} // closed at the end of Shutdown: watchers end
	loop sync.WaitGroup

	mu       sync.Mutex
	stopping bool                                  // nothing new is accepted
	draining bool                                  // nothing new starts
	running  map[string]*Task                      // by job id
	local    map[string]bool                       // queued local jobs whose leases we keep
	watchers map[string]map[chan struct{}]struct{} // by job id
	idle     chan struct{}                         // closed when draining and nothing runs any more
}

// New returns a manager for the kinds. It runs nothing before Start; a process that only
// submits or looks never starts it.
func New(s Store, opt Options, kinds ...Kind) *Manager {
	opt.defaults()
	m := &Manager{
		store: s, opt: opt, kinds: map[string]Kind{},
		wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}), idle: make(chan struct{}),
		running: map[string]*Task{}, local: map[string]bool{}, watchers: map[string]map[chan struct{}]struct{}{},
	}
	for _, k := range kinds {
		m.kinds[k.Name] = k
	}
	return m
}

// Submit queues a job in the name of the principal of ctx, who must have been allowed by
// the caller. params are stored as JSON and must hold no secrets.
func (m *Manager) Submit(ctx context.Context, kind string, params any) (Job, error) {
	k, ok := m.kinds[kind]
	if !ok {
		return Job{}, access.Errorf(access.CodeInternal, "there is no job kind %q", kind)
	}
	p, ok := auth.FromContext(ctx)
	if !ok {
		return Job{}, access.Errorf(access.CodeUnauthenticated, "sign in or give an API key")
	}
	raw, err := json.Marshal(params)
	if err != nil {
		return Job{}, fmt.Errorf("parameters of job %s: %w", kind, err)
	}
	now := m.opt.Clock()
	j := Job{
		ID: audit.NewID(now), Kind: kind, State: Queued, Params: raw, By: p, Request: audit.RequestFrom(ctx),
		Resumable: k.Resumable, Local: k.Local, CreatedAt: now.UTC(),
	}
	if err := m.accept(ctx, &j); err != nil {
		return Job{}, err
	}
	entry, err := audit.Entry(ctx, now, "job.submit", j.ID, nil, map[string]string{"kind": kind})
	if err == nil {
		err = m.write(ctx, j, 0, entry)
	}
	if err != nil {
		m.forgetLocal(ctx, j)
		return Job{}, err
	}
	select {
	case m.wake <- struct{}{}:
	default:
	}
	return j, nil
}

// accept takes the lease of a local job before others can see it queued.
func (m *Manager) accept(ctx context.Context, j *Job) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stopping {
		return access.Errorf(access.CodeUnavailable, "the server is shutting down")
	}
	if !j.Local {
		return nil
	}
	j.Server = m.opt.Server
	if _, err := m.store.AcquireLease(ctx, leaseName(j.ID), m.opt.Server, m.opt.LeaseTTL); err != nil {
		return err
	}
	m.local[j.ID] = true
	return nil
}

func (m *Manager) forgetLocal(ctx context.Context, j Job) {
	if !j.Local {
		return
	}
	m.mu.Lock()
	delete(m.local, j.ID)
	m.mu.Unlock()
	m.release(context.WithoutCancel(ctx), j.ID)
}

// Get returns a job to whoever submitted it and to risk managers.
func (m *Manager) Get(ctx context.Context, id string) (Job, error) {
	p, err := auth.Require(ctx, access.Reviewer)
	if err != nil {
		return Job{}, err
	}
	j, _, err := m.read(ctx, id)
	if err != nil {
		return Job{}, err
	}
	if !p.Same(j.By) && !p.Has(access.RiskManager) {
		return Job{}, access.Errorf(access.CodeForbidden, "the job is somebody else's")
	}
	return m.live(j), nil
}

// List returns up to limit jobs (0 = 50), newest first, those after the id given: to
// risk managers all, to others their own.
func (m *Manager) List(ctx context.Context, kind string, state State, after string, limit int) ([]Job, error) {
	p, err := auth.Require(ctx, access.Reviewer)
	if err != nil {
		return nil, err
	}
	if limit == 0 {
		limit = 50
	}
	if limit < 0 || limit > 500 {
		return nil, access.Invalid("first", "must be from 1 to 500")
	}
	q := store.RecordQuery{Kind: recordKind, Where: map[string]string{}, After: after, Limit: limit, Descending: true}
	if kind != "" {
		q.Where["kind"] = kind
	}
	if state != "" {
		q.Where["state"] = string(state)
	}
	jobs := []Job{}
	for {
		records, err := m.store.FindRecords(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			j, err := decode(r)
			if err != nil {
				return nil, err
			}
			if p.Same(j.By) || p.Has(access.RiskManager) {
				jobs = append(jobs, m.live(j))
			}
			q.After = r.ID
			if len(jobs) == limit {
				return jobs, nil
			}
		}
		if len(records) < q.Limit {
			return jobs, nil
		}
	}
}

// Cancel asks that a job stop: a queued one at once, a running one when it notices,
// whichever server runs it. Whoever submitted the job and Administrators may. A job that
// is over stays as it is.
func (m *Manager) Cancel(ctx context.Context, id string) (Job, error) {
	p, err := auth.Require(ctx, access.Reviewer)
	if err != nil {
		return Job{}, err
	}
	for {
		j, revision, err := m.read(ctx, id)
		if err != nil {
			return Job{}, err
		}
		if !p.Same(j.By) && !p.Has(access.Administrator) {
			return Job{}, access.Errorf(access.CodeForbidden, "the job is somebody else's")
		}
		if j.State.Final() || j.CancelRequested {
			return m.live(j), nil
		}
		now := m.opt.Clock()
		j.CancelRequested = true
		if j.State == Queued {
			j.State, j.FinishedAt = Cancelled, now.UTC()
		}
		entry, err := audit.Entry(ctx, now, "job.cancel", id, nil, map[string]string{"kind": j.Kind})
		if err != nil {
			return Job{}, err
		}
		err = m.write(ctx, j, revision, entry)
		if access.CodeOf(err) == access.CodeConflict && ctx.Err() == nil {
			continue // it moved on meanwhile
		}
		if err != nil {
			return Job{}, err
		}
		if t := m.task(id); t != nil {
			t.cancel(ErrCancelled)
		}
		if j.State.Final() {
			m.forgetLocal(ctx, j)
		}
		m.notify(id)
		return m.live(j), nil
	}
}
