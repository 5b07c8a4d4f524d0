package imports

import (
	"context"
	"errors"
	"io"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
	"github.com/accessgraph/accessgraph/internal/jobs"
)

// JobKind is the kind of the jobs.
const JobKind = "import"

// maxQueued is how many imports of one caller may wait or run.
const maxQueued = 5

// job is the parameters of a job: the request, and where its file waits.
type job struct {
	File  string `json:"file"`  // what its sender called it
	Spool string `json:"spool"` // its name in the spool
	Size  int64  `json:"size"`

	Kind            Kind              `json:"kind"`
	Application     string            `json:"application,omitempty"`
	Integration     string            `json:"integration,omitempty"`
	Mode            ingest.Mode       `json:"mode,omitempty"`
	ConfirmRemovals bool              `json:"confirmRemovals,omitempty"`
	Map             map[string]string `json:"map"`      // null and empty differ
	Defaults        map[string]string `json:"defaults"` // null and empty differ
	DryRun          bool              `json:"dryRun,omitempty"`
	MaxRows         int64             `json:"maxRows,omitempty"`
	MaxBytes        int64             `json:"maxBytes,omitempty"`
}

// Kind is how the job manager runs imports: on the server that has the file, once. The
// result is the report of the import, also where the file was rejected.
func (s *Service) Kind(spool *Spool) jobs.Kind {
	return jobs.Kind{Name: JobKind, Local: true, Run: func(ctx context.Context, t *jobs.Task) (result any, err error) {
		var j job
		if err := t.Params(&j); err != nil {
			return nil, err
		}
		f, err := spool.open(j.Spool)
		if err != nil {
			return nil, err
		}
		defer func() { err = keepFirst(err, f.Close(), spool.remove(j.Spool)) }()
		report, err := s.Run(ctx, csvfile.Source{Name: j.File, Reader: cancelled{ctx, f}, Size: j.Size}, Request{
			Kind: j.Kind, Application: j.Application, Integration: j.Integration, Mode: j.Mode, ConfirmRemovals: j.ConfirmRemovals,
			Map: j.Map, Defaults: j.Defaults, DryRun: j.DryRun, MaxRows: j.MaxRows, MaxBytes: j.MaxBytes,
			Progress: func(stage string, done, total int64) { t.Report(done, max(total, 0), stage) },
		})
		if err != nil && !errors.Is(err, ingest.ErrRejected) && !errors.Is(err, ingest.ErrConfirmRemovals) {
			return nil, err
		}
		return report, err
	}}
}

func keepFirst(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// cancelled ends reading with its context.
type cancelled struct {
	ctx context.Context
	r   io.Reader
}

// Read implements io.Reader.
func (c cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// Jobs is what Submit needs of the job manager.
type Jobs interface {
	Submit(ctx context.Context, kind string, params any) (jobs.Job, error)
	List(ctx context.Context, kind string, state jobs.State, after string, limit int) ([]jobs.Job, error)
}

// Submit takes a file whole and queues its import. It needs Administrator; who may not
// import, and what no import could be, is refused before the file is read. r.Progress is
// not used.
func (s *Service) Submit(ctx context.Context, manager Jobs, spool *Spool, src csvfile.Source, r Request) (jobs.Job, error) {
	p, err := auth.Require(ctx, access.Administrator)
	if err != nil {
		return jobs.Job{}, err
	}
	if err := r.check(); err != nil {
		return jobs.Job{}, err
	}
	busy := 0
	for _, state := range []jobs.State{jobs.Queued, jobs.Running} {
		list, err := manager.List(ctx, JobKind, state, "", 500)
		if err != nil {
			return jobs.Job{}, err
		}
		for _, one := range list {
			if one.By.Same(p) {
				busy++
			}
		}
	}
	if busy >= maxQueued {
		return jobs.Job{}, access.Errorf(access.CodeLimitExceeded, "%d of your imports are at work; wait for one to end", busy)
	}
	name, size, err := spool.put(src.Reader)
	if err != nil {
		return jobs.Job{}, err
	}
	j, err := manager.Submit(ctx, JobKind, job{
		File: src.Name, Spool: name, Size: size, Kind: r.Kind, Application: r.Application, Integration: r.Integration, Mode: r.Mode,
		ConfirmRemovals: r.ConfirmRemovals, Map: r.Map, Defaults: r.Defaults, DryRun: r.DryRun, MaxRows: r.MaxRows, MaxBytes: r.MaxBytes,
	})
	if err != nil {
		return jobs.Job{}, keepFirst(err, spool.remove(name))
	}
	return j, nil
}
