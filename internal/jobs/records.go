package jobs

import (
	"context"
	"encoding/json"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

func leaseName(id string) string { return "job/" + id }

func (m *Manager) read(ctx context.Context, id string) (Job, int64, error) {
	r, err := m.store.GetRecord(ctx, recordKind, id)
	if err != nil {
		return Job{}, 0, err
	}
	j, err := decode(r)
	return j, r.Revision, err
}

func decode(r store.Record) (Job, error) {
	var j Job
	if err := json.Unmarshal(r.Doc, &j); err != nil {
		return Job{}, &access.Error{Code: access.CodeInternal, Message: "job " + r.ID + " is damaged", Err: err}
	}
	return j, nil
}

func (m *Manager) write(ctx context.Context, j Job, expect int64, entries ...store.AuditEntry) error {
	doc, err := json.Marshal(j)
	if err != nil {
		return err
	}
	_, err = m.store.Commit(ctx, store.Commit{
		At: m.opt.Clock(),
		Records: []store.RecordWrite{{
			Kind: recordKind, ID: j.ID, Expect: expect, Doc: doc,
			Index: map[string]string{"kind": j.Kind, "state": string(j.State)},
		}},
		Audit: entries,
	})
	return err
}

// change applies f to the stored job and writes it, again when somebody else wrote in
// between. f returns false to leave it as it is.
func (m *Manager) change(ctx context.Context, id string, f func(*Job) bool) error {
	for {
		j, revision, err := m.read(ctx, id)
		if err != nil || !f(&j) {
			return err
		}
		err = m.write(ctx, j, revision)
		if access.CodeOf(err) != access.CodeConflict || ctx.Err() != nil {
			return err
		}
	}
}

func (m *Manager) release(ctx context.Context, id string) {
	if err := m.store.ReleaseLease(ctx, leaseName(id), m.opt.Server); err != nil {
		m.opt.Log.WarnContext(ctx, "could not release the lease of a job; it runs out by itself", "job", id, "error", err)
	}
}

// prune deletes finished jobs that are older than the retention, oldest first.
func (m *Manager) prune(ctx context.Context) error {
	const batch = 200
	q := store.RecordQuery{Kind: recordKind, Limit: batch}
	limit := m.opt.Clock().Add(-m.opt.Retention)
	for {
		records, err := m.store.FindRecords(ctx, q)
		if err != nil {
			return err
		}
		var gone []store.RecordWrite
		young := false
		for _, r := range records {
			j, err := decode(r)
			if err != nil {
				return err
			}
			q.After = r.ID
			if young = !j.CreatedAt.Before(limit); young {
				break // ids are in the order of creation
			}
			if j.State.Final() && j.FinishedAt.Before(limit) {
				gone = append(gone, store.RecordWrite{Kind: recordKind, ID: r.ID, Expect: store.AnyRevision})
			}
		}
		if len(gone) > 0 {
			if _, err := m.store.Commit(ctx, store.Commit{At: m.opt.Clock(), Records: gone}); err != nil {
				return err
			}
		}
		if young || len(records) < batch {
			return nil
		}
	}
}

// every calls f now and then each d until stop is closed.
func every(stop <-chan struct{}, d time.Duration, f func()) {
	t := time.NewTicker(d)
	defer t.Stop()
	for {
		f()
		select {
		case <-stop:
			return
		case <-t.C:
		}
	}
}
