package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/recordtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// link is one server's connection to the shared store; a cut one fails everything.
type link struct {
	*recordtest.Store
	cut atomic.Bool
}

var errCut = access.Errorf(access.CodeUnavailable, "the store is away")

func (l *link) Commit(ctx context.Context, c store.Commit) (int64, error) {
	if l.cut.Load() {
		return 0, errCut
	}
	return l.Store.Commit(ctx, c)
}

func (l *link) GetRecord(ctx context.Context, kind, id string) (store.Record, error) {
	if l.cut.Load() {
		return store.Record{}, errCut
	}
	return l.Store.GetRecord(ctx, kind, id)
}

func (l *link) FindRecords(ctx context.Context, q store.RecordQuery) ([]store.Record, error) {
	if l.cut.Load() {
		return nil, errCut
	}
	return l.Store.FindRecords(ctx, q)
}

func (l *link) AcquireLease(ctx context.Context, name, holder string, ttl time.Duration) (bool, error) {
	if l.cut.Load() {
		return false, errCut
	}
	return l.Store.AcquireLease(ctx, name, holder, ttl)
}

func (l *link) ReleaseLease(ctx context.Context, name, holder string) error {
	if l.cut.Load() {
		return errCut
	}
	return l.Store.ReleaseLease(ctx, name, holder)
}

type server struct {
	*Manager
	link *link
}

func newServer(st *recordtest.Store, name string, opt Options, kinds ...Kind) *server {
	opt.Server, opt.Log = name, slog.New(slog.DiscardHandler)
	l := &link{Store: st}
	return &server{Manager: New(l, opt, kinds...), link: l}
}

func (s *server) shutdown(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	require.NoError(t, s.Shutdown(ctx))
}

func user(id string, roles ...access.ProductRole) context.Context {
	return auth.WithPrincipal(context.Background(), auth.Principal{Kind: auth.KindUser, EmployeeID: id, Roles: roles})
}

var (
	admin = auth.WithPrincipal(context.Background(), auth.System())
	alice = user("p_alice", access.Reviewer)
)

func submit(t *testing.T, s *server, kind string, params any) Job {
	t.Helper()
	j, err := s.Submit(alice, kind, params)
	require.NoError(t, err)
	require.Equal(t, Queued, j.State)
	return j
}

func get(t *testing.T, s *server, id string) Job {
	t.Helper()
	j, err := s.Get(admin, id)
	require.NoError(t, err)
	return j
}

// blocking runs until told to stop, ignoring nothing.
func blocking(name string) Kind {
	return Kind{Name: name, Run: func(ctx context.Context, _ *Task) (any, error) {
		<-ctx.Done()
		return nil, context.Cause(ctx)
	}}
}

func sleeping(name string, d time.Duration) Kind {
	return Kind{Name: name, Run: func(ctx context.Context, _ *Task) (any, error) {
		select {
		case <-time.After(d):
			return "slept", nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}}
}

func TestRunAndWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(recordtest.New(), "a", Options{}, Kind{Name: "count", Run: func(ctx context.Context, task *Task) (any, error) {
			var n int64
			if err := task.Params(&n); err != nil {
				return nil, err
			}
			p, _ := auth.FromContext(ctx)
			for i := range n {
				task.Report(i+1, n, "counting")
				time.Sleep(time.Second)
			}
			return map[string]any{"n": n, "by": p.EmployeeID}, nil
		}})
		s.Start()
		j := submit(t, s, "count", 5)
		watch, err := s.Watch(alice, j.ID)
		require.NoError(t, err)
		var last Job
		var done []int64
		for last = range watch {
			if last.State == Running && last.Progress.Done > 0 {
				done = append(done, last.Progress.Done)
			}
		}
		require.Equal(t, []int64{1, 2, 3, 4, 5}, done, "watchers of this process hear of every slow step")
		require.Equal(t, Succeeded, last.State)
		require.JSONEq(t, `{"n":5,"by":"p_alice"}`, string(last.Result))
		require.Equal(t, Progress{Done: 5, Total: 5, Stage: "counting"}, last.Progress)
		require.Equal(t, 5*time.Second, last.FinishedAt.Sub(last.StartedAt))
		require.Equal(t, 1, last.Attempt)
		require.Equal(t, last, get(t, s, j.ID))
		s.shutdown(t)
	})
}

func TestFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(recordtest.New(), "a", Options{Concurrency: 3},
			Kind{Name: "said", Run: func(context.Context, *Task) (any, error) { return "partial", access.Invalid("file", "is empty") }},
			Kind{Name: "unsaid", Run: func(context.Context, *Task) (any, error) { return nil, errors.New("password=hunter2") }},
			Kind{Name: "panic", Run: func(context.Context, *Task) (any, error) { panic("hunter2") }},
		)
		s.Start()
		said, unsaid, panics := submit(t, s, "said", nil), submit(t, s, "unsaid", nil), submit(t, s, "panic", nil)
		synctest.Wait()
		j := get(t, s, said.ID)
		require.Equal(t, Failed, j.State)
		require.Equal(t, &Failure{Code: access.CodeInvalidInput, Path: "file", Message: "is empty"}, j.Failure)
		require.Equal(t, `"partial"`, string(j.Result))
		for _, id := range []string{unsaid.ID, panics.ID} {
			j := get(t, s, id)
			require.Equal(t, Failed, j.State)
			require.Equal(t, access.CodeInternal, j.Failure.Code)
			require.NotContains(t, j.Failure.Message, "hunter2")
		}
		s.shutdown(t)
	})
}

func TestCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := recordtest.New()
		a := newServer(st, "a", Options{Concurrency: 1, Poll: 2 * time.Second}, blocking("block"))
		b := newServer(st, "b", Options{}) // knows no kinds, only submits and looks
		a.Start()
		b.Start()
		running, queued, far := submit(t, a, "block", nil), submit(t, a, "block", nil), submit(t, a, "block", nil)
		synctest.Wait()
		require.Equal(t, Running, get(t, a, running.ID).State)
		require.Equal(t, Queued, get(t, a, queued.ID).State)

		j, err := a.Cancel(alice, queued.ID)
		require.NoError(t, err)
		require.Equal(t, Cancelled, j.State, "a queued job at once")

		_, err = a.Cancel(alice, running.ID)
		require.NoError(t, err)
		synctest.Wait()
		require.Equal(t, Cancelled, get(t, a, running.ID).State, "one of this process at once")

		require.Equal(t, Running, get(t, a, far.ID).State, "the next took its place")
		_, err = b.Cancel(admin, far.ID)
		require.NoError(t, err)
		time.Sleep(2*time.Second + time.Millisecond)
		synctest.Wait()
		require.Equal(t, Cancelled, get(t, b, far.ID).State, "one of another server within a poll")

		again, err := b.Cancel(admin, far.ID)
		require.NoError(t, err)
		require.Equal(t, get(t, b, far.ID), again, "what is over stays")
		rows, err := st.AuditEntries(admin, store.AuditQuery{Action: "job.cancel"})
		require.NoError(t, err)
		require.Len(t, rows, 3)
		a.shutdown(t)
		b.shutdown(t)
	})
}

func TestShutdown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := recordtest.New()
		again, local := blocking("again"), blocking("local")
		again.Resumable = true
		local.Local = true
		s := newServer(st, "a", Options{Concurrency: 3}, again, blocking("once"), sleeping("short", 5*time.Second), local)
		s.Start()
		ids := map[string]string{}
		for _, name := range []string{"again", "once", "short", "local"} {
			ids[name] = submit(t, s, name, nil).ID
		}
		synctest.Wait()
		watch, err := s.Watch(alice, ids["once"])
		require.NoError(t, err)
		<-watch
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		began := time.Now()
		require.NoError(t, s.Shutdown(ctx))
		require.Equal(t, 10*time.Second, time.Since(began), "it waits as long as it may, and no longer")
		for range watch { //nolint:revive // it must be closed
		}
		require.Equal(t, Succeeded, get(t, s, ids["short"]).State)
		require.Equal(t, Queued, get(t, s, ids["again"]).State)
		for _, name := range []string{"once", "local"} {
			j := get(t, s, ids[name])
			require.Equal(t, Failed, j.State)
			require.Contains(t, j.Failure.Message, "shut down")
		}
		_, err = s.Submit(alice, "once", nil)
		require.Equal(t, access.CodeUnavailable, access.CodeOf(err))

		again.Run = func(context.Context, *Task) (any, error) { return nil, nil }
		next := newServer(st, "b", Options{}, again)
		next.Start()
		synctest.Wait()
		j := get(t, next, ids["again"])
		require.Equal(t, Succeeded, j.State)
		require.Equal(t, 2, j.Attempt)
		next.shutdown(t)
	})
}

func TestFirstInFirstOutWithinTheLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var order []int
		at, most := 0, 0
		s := newServer(recordtest.New(), "a", Options{Concurrency: 2}, Kind{Name: "k", Run: func(_ context.Context, task *Task) (any, error) {
			var n int
			err := task.Params(&n)
			mu.Lock()
			order, at = append(order, n), at+1
			most = max(most, at)
			mu.Unlock()
			time.Sleep(time.Duration(10+n) * time.Second)
			mu.Lock()
			at--
			mu.Unlock()
			return nil, err
		}})
		for i := range 6 {
			submit(t, s, "k", i)
		}
		s.Start()
		time.Sleep(2 * time.Minute)
		mu.Lock()
		defer mu.Unlock()
		require.Equal(t, 2, most)
		require.ElementsMatch(t, []int{0, 1}, order[:2])
		require.Equal(t, []int{2, 3, 4, 5}, order[2:])
		s.shutdown(t)
	})
}

func TestProgressIsWrittenRarely(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := recordtest.New()
		s := newServer(st, "a", Options{Poll: 2 * time.Second}, Kind{Name: "k", Run: func(_ context.Context, task *Task) (any, error) {
			for i := range int64(6000) {
				task.Report(i, 6000, "")
				time.Sleep(10 * time.Millisecond)
			}
			return nil, nil
		}})
		s.Start()
		j := submit(t, s, "k", nil)
		time.Sleep(61 * time.Second)
		require.Equal(t, Succeeded, get(t, s, j.ID).State)
		require.LessOrEqual(t, st.Commits(), 60/2+4)
		require.Greater(t, st.Commits(), 20)
		s.shutdown(t)
	})
}

func TestWhoMay(t *testing.T) {
	s := newServer(recordtest.New(), "a", Options{}, blocking("k"))
	bob, risk := user("p_bob", access.Reviewer), user("p_risk", access.RiskManager)
	j := submit(t, s, "k", nil)
	_, err := s.Submit(context.Background(), "k", nil)
	require.Equal(t, access.CodeUnauthenticated, access.CodeOf(err))
	for name, ctx := range map[string]context.Context{"alice": alice, "risk": risk, "admin": admin} {
		_, err := s.Get(ctx, j.ID)
		require.NoError(t, err, name)
		all, err := s.List(ctx, "k", Queued, "", 0)
		require.NoError(t, err)
		require.Len(t, all, 1, name)
	}
	_, err = s.Get(bob, j.ID)
	require.Equal(t, access.CodeForbidden, access.CodeOf(err))
	_, err = s.Watch(bob, j.ID)
	require.Equal(t, access.CodeForbidden, access.CodeOf(err))
	mine, err := s.List(bob, "", "", "", 0)
	require.NoError(t, err)
	require.Empty(t, mine)
	for _, ctx := range []context.Context{bob, risk} {
		_, err = s.Cancel(ctx, j.ID)
		require.Equal(t, access.CodeForbidden, access.CodeOf(err))
	}
	_, err = s.Get(admin, "none")
	require.Equal(t, access.CodeNotFound, access.CodeOf(err))
	require.Empty(t, s.watchers)
}

func TestListPages(t *testing.T) {
	s := newServer(recordtest.New(), "a", Options{}, blocking("k"))
	for i := range 7 {
		_, err := s.Submit(user("p_"+strconv.Itoa(i%2), access.Reviewer), "k", i)
		require.NoError(t, err)
	}
	var got []string
	after := ""
	for {
		page, err := s.List(user("p_0", access.Reviewer), "", "", after, 3)
		require.NoError(t, err)
		for _, j := range page {
			got = append(got, string(j.Params))
			after = j.ID
		}
		if len(page) < 3 {
			break
		}
	}
	require.Equal(t, []string{"6", "4", "2", "0"}, got)
	_, err := s.List(admin, "", "", "", 501)
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
}

func TestOldJobsArePruned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := recordtest.New()
		s := newServer(st, "a", Options{Retention: 24 * time.Hour}, sleeping("k", time.Second))
		s.Start()
		old := submit(t, s, "k", nil)
		time.Sleep(20 * time.Hour)
		young := submit(t, s, "k", nil)
		time.Sleep(6 * time.Hour)
		_, err := s.Get(admin, old.ID)
		require.Equal(t, access.CodeNotFound, access.CodeOf(err))
		require.Equal(t, Succeeded, get(t, s, young.ID).State)
		s.shutdown(t)
	})
}

func TestJobSurvivesJSON(t *testing.T) {
	j := Job{ID: "1", State: Failed, Failure: &Failure{Code: access.CodeTimeout, Message: "m"}, CreatedAt: time.Unix(1, 0).UTC()}
	raw, err := json.Marshal(j)
	require.NoError(t, err)
	require.NotContains(t, string(raw), "finishedAt")
	var back Job
	require.NoError(t, json.Unmarshal(raw, &back))
	require.Equal(t, j, back)
}
