package jobs

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store/embedded"
)

// TestOnARealStore runs the whole life of jobs on the embedded store and in real time:
// what the other tests assume of records, conflicts and leases must hold there.
func TestOnARealStore(t *testing.T) {
	s, err := embedded.Open(context.Background(), t.TempDir(), embedded.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	kinds := []Kind{
		blocking("block"),
		{Name: "again", Resumable: true, Run: func(_ context.Context, task *Task) (any, error) { return task.Job().Attempt, nil }},
		{Name: "count", Run: func(_ context.Context, task *Task) (any, error) {
			for i := range int64(50) {
				task.Report(i+1, 50, "counting")
				time.Sleep(time.Millisecond)
			}
			return 50, nil
		}},
	}
	manager := func(server string, clock func() time.Time) *Manager {
		return New(s, Options{Server: server, Poll: 20 * time.Millisecond, LeaseTTL: 200 * time.Millisecond, Clock: clock, Log: slog.New(slog.DiscardHandler)}, kinds...)
	}
	last := func(m *Manager, id string) Job {
		t.Helper()
		ctx, cancel := context.WithTimeout(admin, 30*time.Second)
		defer cancel()
		watch, err := m.Watch(ctx, id)
		require.NoError(t, err)
		var j Job
		for j = range watch { //nolint:revive // the last one counts
		}
		require.NoError(t, ctx.Err(), "the job did not end")
		return j
	}

	// Jobs that a process left when it died: claimed, their leases run out.
	dead := manager("dead", nil)
	left := map[string]string{}
	for _, kind := range []string{"block", "again"} {
		j, err := dead.Submit(alice, kind, nil)
		require.NoError(t, err)
		_, err = s.AcquireLease(context.Background(), leaseName(j.ID), "dead", 100*time.Millisecond)
		require.NoError(t, err)
		require.NoError(t, dead.change(context.Background(), j.ID, func(j *Job) bool {
			j.State, j.Server, j.Attempt = Running, "dead", 1
			return true
		}))
		left[kind] = j.ID
	}

	m := manager("alive", nil)
	m.Start()
	j := last(m, left["block"])
	require.Equal(t, Failed, j.State)
	require.Equal(t, access.CodeUnavailable, j.Failure.Code)
	j = last(m, left["again"])
	require.Equal(t, Succeeded, j.State)
	require.Equal(t, "2", string(j.Result))

	counted, err := m.Submit(alice, "count", nil)
	require.NoError(t, err)
	j = last(m, counted.ID)
	require.Equal(t, Succeeded, j.State)
	require.Equal(t, Progress{Done: 50, Total: 50, Stage: "counting"}, j.Progress)

	blocked, err := m.Submit(alice, "block", nil)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		j, err := m.Get(alice, blocked.ID)
		return err == nil && j.State == Running
	}, 10*time.Second, 5*time.Millisecond)
	_, err = manager("other", nil).Cancel(alice, blocked.ID)
	require.NoError(t, err)
	require.Equal(t, Cancelled, last(m, blocked.ID).State)

	all, err := m.List(alice, "", "", "", 0)
	require.NoError(t, err)
	require.Len(t, all, 4)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	require.NoError(t, m.Shutdown(ctx))

	later := manager("later", func() time.Time { return time.Now().Add(60 * 24 * time.Hour) })
	require.NoError(t, later.prune(context.Background()))
	all, err = m.List(alice, "", "", "", 0)
	require.NoError(t, err)
	require.Empty(t, all)
}
