package exportjob

import (
	"context"
	"encoding/json"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/export"
	"github.com/accessgraph/accessgraph/internal/jobs"
	"github.com/accessgraph/accessgraph/internal/simulate"
	"github.com/accessgraph/accessgraph/internal/store"
)

// KindName is the kind of the jobs.
const KindName = "export"

// maxQueued is how many exports of one caller may wait or run.
const maxQueued = 10

// Jobs is what the service needs of the job manager.
type Jobs interface {
	Submit(ctx context.Context, kind string, params any) (jobs.Job, error)
	Get(ctx context.Context, id string) (jobs.Job, error)
	List(ctx context.Context, kind string, state jobs.State, after string, limit int) ([]jobs.Job, error)
}

// Service exports in the background. Safe for concurrent use.
type Service struct {
	local   *export.Local
	changes *simulate.Local
	audit   store.Committer
	files   *Files
	clock   func() time.Time
}

// New returns the service. Without a folder in files there are no exports in the
// background: UNAVAILABLE.
func New(local *export.Local, changes *simulate.Local, auditing store.Committer, files *Files, clock func() time.Time) *Service {
	return &Service{local: local, changes: changes, audit: auditing, files: files, clock: clock}
}

// Result is what a finished job says.
type Result struct {
	Name      string         `json:"name"` // of the file
	Dataset   export.Dataset `json:"dataset"`
	Format    export.Format  `json:"format"`
	Rows      int64          `json:"rows"`
	Bytes     int64          `json:"bytes"`
	ExpiresAt time.Time      `json:"expiresAt"` // the file is deleted then
}

// Kind is how the job manager runs exports. They begin anew after an interruption, on any
// server: with several servers the folder of the files should be one that all share.
func (s *Service) Kind() jobs.Kind {
	return jobs.Kind{Name: KindName, Resumable: true, Run: func(ctx context.Context, t *jobs.Task) (any, error) {
		var r Request
		if err := t.Params(&r); err != nil {
			return nil, err
		}
		return s.run(ctx, t.Job().ID, r, t.Report)
	}}
}

// Submit queues an export. It needs Risk Manager.
func (s *Service) Submit(ctx context.Context, manager Jobs, r Request) (jobs.Job, error) {
	p, err := auth.Require(ctx, access.RiskManager)
	if err != nil {
		return jobs.Job{}, err
	}
	if err := r.Check(); err != nil {
		return jobs.Job{}, err
	}
	if !s.files.there() {
		return jobs.Job{}, access.Errorf(access.CodeUnavailable, "this server keeps no files of exports")
	}
	busy := 0
	for _, state := range []jobs.State{jobs.Queued, jobs.Running} {
		list, err := manager.List(ctx, KindName, state, "", 500)
		if err != nil {
			return jobs.Job{}, err
		}
		for _, j := range list {
			if j.By.Same(p) {
				busy++
			}
		}
	}
	if busy >= maxQueued {
		return jobs.Job{}, access.Errorf(access.CodeLimitExceeded, "%d of your exports are at work; wait for one to end", busy)
	}
	return manager.Submit(ctx, KindName, r)
}

// Downloadable returns the result of a job when its file is there for the caller: who
// submitted it and administrators.
func (s *Service) Downloadable(ctx context.Context, j jobs.Job) (Result, bool) {
	p, ok := auth.FromContext(ctx)
	if !ok || j.Kind != KindName || j.State != jobs.Succeeded || !p.Same(j.By) && !p.Has(access.Administrator) {
		return Result{}, false
	}
	var r Result
	if json.Unmarshal(j.Result, &r) != nil || !s.clock().Before(r.ExpiresAt) {
		return Result{}, false
	}
	return r, true
}

// Open opens the file of a job for whoever may have it, and audits that it was fetched.
// NOT_FOUND when it has expired, or was written elsewhere.
func (s *Service) Open(ctx context.Context, manager Jobs, id string) (*File, error) {
	j, err := manager.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	p, err := auth.Require(ctx, access.Reviewer)
	if err != nil {
		return nil, err
	}
	if !p.Same(j.By) && !p.Has(access.Administrator) {
		return nil, access.Errorf(access.CodeForbidden, "the export is somebody else's")
	}
	result, ok := s.Downloadable(ctx, j)
	if !ok {
		return nil, access.Errorf(access.CodeNotFound, "the export is not finished, or its file has expired")
	}
	f, err := s.files.open(id, result)
	if err != nil {
		return nil, err
	}
	now := s.clock()
	entry, err := audit.Entry(ctx, now, "export.download", id, nil, result)
	if err == nil {
		_, err = s.audit.Commit(ctx, store.Commit{At: now, Audit: []store.AuditEntry{entry}})
	}
	if err != nil {
		return nil, joined(err, f.Close())
	}
	return f, nil
}
