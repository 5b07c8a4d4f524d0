package jobs

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store/recordtest"
)

func TestALongJobStaysWithItsServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := recordtest.New()
		opt := Options{LeaseTTL: 30 * time.Second}
		k := sleeping("sleep", 10*time.Minute)
		k.Resumable = true
		a, b := newServer(st, "a", opt, k), newServer(st, "b", opt, k)
		a.Start()
		j := submit(t, a, "sleep", nil)
		synctest.Wait()
		b.Start()
		time.Sleep(11 * time.Minute)
		j = get(t, b, j.ID)
		require.Equal(t, Succeeded, j.State)
		require.Equal(t, "a", j.Server)
		require.Equal(t, 1, j.Attempt)
		a.shutdown(t)
		b.shutdown(t)
	})
}

func TestTakeover(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := recordtest.New()
		opt := Options{LeaseTTL: 30 * time.Second, Concurrency: 5}
		var mu sync.Mutex
		causes := map[string]error{}
		kind := func(name string, resumable, local bool) Kind {
			return Kind{Name: name, Resumable: resumable, Local: local, Run: func(ctx context.Context, task *Task) (any, error) {
				if task.Job().Server == "b" {
					return "by b", nil
				}
				<-ctx.Done()
				mu.Lock()
				defer mu.Unlock()
				causes[name] = context.Cause(ctx)
				return "by a", nil // a success that must not count
			}}
		}
		kinds := []Kind{kind("once", false, false), kind("again", true, false), kind("local", true, true)}
		a, b := newServer(st, "a", opt, kinds...), newServer(st, "b", opt, kinds...)
		a.Start()
		b.Start()
		ids := map[string]string{}
		for _, k := range kinds {
			b.link.cut.Store(true) // so that a gets them
			ids[k.Name] = submit(t, a, k.Name, nil).ID
		}
		synctest.Wait()
		b.link.cut.Store(false)
		a.link.cut.Store(true)
		time.Sleep(29 * time.Second)
		require.Equal(t, "a", get(t, b, ids["again"]).Server, "not before the lease has run out")
		time.Sleep(60 * time.Second)

		once := get(t, b, ids["once"])
		require.Equal(t, Failed, once.State)
		require.Equal(t, access.CodeUnavailable, once.Failure.Code)
		require.Contains(t, once.Failure.Message, "the server that ran it stopped")
		require.Equal(t, Failed, get(t, b, ids["local"]).State, "another server cannot run a local job")
		again := get(t, b, ids["again"])
		require.Equal(t, Succeeded, again.State)
		require.Equal(t, "b", again.Server)
		require.Equal(t, 2, again.Attempt)
		mu.Lock()
		require.Equal(t, map[string]error{"once": ErrLeaseLost, "again": ErrLeaseLost, "local": ErrLeaseLost}, causes)
		mu.Unlock()

		a.link.cut.Store(false)
		time.Sleep(time.Minute)
		require.Equal(t, once, get(t, b, once.ID), "the dead server's return changes nothing")
		require.Equal(t, again, get(t, b, again.ID))
		a.shutdown(t)
		b.shutdown(t)
	})
}

func TestAShortOutageOfTheStoreCostsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(recordtest.New(), "a", Options{LeaseTTL: 30 * time.Second}, sleeping("sleep", 20*time.Second))
		s.Start()
		j := submit(t, s, "sleep", nil)
		synctest.Wait()
		s.link.cut.Store(true)
		time.Sleep(22 * time.Second) // the job ends while the store is away
		s.link.cut.Store(false)
		time.Sleep(5 * time.Second)
		require.Equal(t, Succeeded, get(t, s, j.ID).State)
		s.shutdown(t)
	})
}

func TestAQueuedLocalJobOfADeadServerFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := recordtest.New()
		k := blocking("upload")
		k.Local = true
		opt := Options{Concurrency: 1, LeaseTTL: 30 * time.Second}
		a, b := newServer(st, "a", opt, k), newServer(st, "b", opt, k)
		a.Start()
		b.Start()
		submit(t, a, "upload", nil)
		waiting := submit(t, a, "upload", nil)
		time.Sleep(5 * time.Minute)
		require.Equal(t, Queued, get(t, b, waiting.ID).State, "its lease is kept while it waits")
		a.link.cut.Store(true)
		time.Sleep(2 * time.Minute)
		j := get(t, b, waiting.ID)
		require.Equal(t, Failed, j.State)
		require.Contains(t, j.Failure.Message, "before it began")
		require.Zero(t, j.Attempt)
		a.link.cut.Store(false)
		a.shutdown(t)
		b.shutdown(t)
	})
}

func TestAServerLeavesKindsItDoesNotKnow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := recordtest.New()
		old := newServer(st, "old", Options{})
		fresh := newServer(st, "new", Options{}, sleeping("k", time.Second))
		j := submit(t, fresh, "k", nil)
		_, err := old.Submit(alice, "k", nil)
		require.Equal(t, access.CodeInternal, access.CodeOf(err))
		old.Start()
		time.Sleep(time.Minute)
		require.Equal(t, Queued, get(t, old, j.ID).State)
		fresh.Start()
		time.Sleep(2 * time.Second)
		require.Equal(t, Succeeded, get(t, old, j.ID).State)
		old.shutdown(t)
		fresh.shutdown(t)
	})
}

func TestWatchSeesJobsOfOtherServers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := recordtest.New()
		a := newServer(st, "a", Options{}, Kind{Name: "k", Run: func(_ context.Context, task *Task) (any, error) {
			task.Report(1, 2, "half")
			time.Sleep(10 * time.Second)
			return nil, nil
		}})
		b := newServer(st, "b", Options{})
		a.Start()
		j := submit(t, a, "k", nil)
		watch, err := b.Watch(alice, j.ID)
		require.NoError(t, err)
		var halves int
		var last Job
		for last = range watch {
			if last.State == Running && last.Progress == (Progress{1, 2, "half"}) {
				halves++
			}
		}
		require.Equal(t, 1, halves, "told once, of a change")
		require.Equal(t, Succeeded, last.State)
		ctx, cancel := context.WithCancel(alice)
		watch, err = b.Watch(ctx, submit(t, a, "k", nil).ID)
		require.NoError(t, err)
		cancel()
		for range watch { //nolint:revive // it must be closed
		}
		a.shutdown(t)
		b.shutdown(t)
	})
}
