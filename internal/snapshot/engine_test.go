package snapshot_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/snapshot"
	"github.com/accessgraph/accessgraph/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var _ query.Holder = (*snapshot.Engine)(nil)

// version is a graph of as many entities as its version says.
func version(n int64) *snapshot.Data {
	d := &snapshot.Data{GraphVersion: n}
	for i := range n {
		d.AllEntities = append(d.AllEntities, &access.Entity{ID: fmt.Sprintf("e_%03d", i), Type: access.Identity, Name: fmt.Sprint("user ", i)})
	}
	return d
}

// slow is a source whose loads wait to be let through.
type slow struct {
	*snapshot.Source
	loads atomic.Int32
	enter chan struct{} // a load has begun
	gate  chan error    // lets it go on
}

func (s *slow) ReadGraph(ctx context.Context, read func(context.Context, store.GraphView) error) error {
	s.loads.Add(1)
	return s.Source.ReadGraph(ctx, func(ctx context.Context, v store.GraphView) error {
		s.enter <- struct{}{}
		select {
		case err := <-s.gate:
			if err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
		return read(ctx, v)
	})
}

func newSlow() *slow {
	return &slow{Source: snapshot.NewSource(version(1)), enter: make(chan struct{}, 100), gate: make(chan error)}
}

// What was committed before the question is seen, by everybody, at the price of one load.
func TestEngineIsFresh(t *testing.T) {
	source := snapshot.NewSource(version(1))
	e := snapshot.NewEngine(source)
	assert.Nil(t, e.Current())
	_, ok := e.Held(time.Now())
	assert.False(t, ok)
	now := time.Unix(7, 0)
	for v := int64(1); v <= 5; v++ {
		source.Set(version(v))
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				r, err := e.Reader(t.Context(), now)
				if !assert.NoError(t, err) {
					return
				}
				assert.Equal(t, query.Info{Engine: query.Memory, GraphVersion: v, Now: now}, r.Info())
				page, err := r.Entities(t.Context(), query.EntityQuery{Page: query.Page{WithTotal: true}})
				assert.NoError(t, err)
				assert.Equal(t, int(v), page.Total)
			})
		}
		wait.Wait()
	}
	assert.Equal(t, int64(5), e.Current().Version())
	assert.Equal(t, 5, e.Current().Stats().Entities)
}

// A reader keeps its version while the engine moves on.
func TestReaderIsPinned(t *testing.T) {
	source := snapshot.NewSource(version(2))
	e := snapshot.NewEngine(source)
	old, err := e.Reader(t.Context(), time.Now())
	require.NoError(t, err)
	source.Set(version(3))
	_, err = e.Reader(t.Context(), time.Now())
	require.NoError(t, err)
	page, err := old.Entities(t.Context(), query.EntityQuery{})
	require.NoError(t, err)
	assert.Len(t, page.Entities, 2)
}

func TestLoadsAreShared(t *testing.T) {
	s := newSlow()
	e := snapshot.NewEngine(s)
	var wait sync.WaitGroup
	for range 10 {
		wait.Go(func() {
			_, err := e.Reader(context.Background(), time.Now())
			assert.NoError(t, err)
		})
	}
	<-s.enter
	// All ten are on their way to the one load; whoever comes after it finds it done.
	s.gate <- nil
	wait.Wait()
	assert.Equal(t, int32(1), s.loads.Load())
}

// A load that began before a commit does not answer a question asked after it.
func TestOlderLoadIsNotEnough(t *testing.T) {
	s := newSlow()
	e := snapshot.NewEngine(s)
	got := make(chan int64, 2)
	ask := func() {
		r, err := e.Reader(context.Background(), time.Now())
		if assert.NoError(t, err) {
			got <- r.Info().GraphVersion
		}
	}
	go ask()
	<-s.enter // version 1 is being read
	s.Set(version(2))
	done := make(chan struct{})
	go func() { defer close(done); ask() }()
	s.gate <- nil
	assert.Equal(t, int64(1), <-got)
	<-s.enter
	s.gate <- nil
	assert.Equal(t, int64(2), <-got)
	<-done
}

func TestCancelledLoad(t *testing.T) {
	s := newSlow()
	e := snapshot.NewEngine(s)
	impatient, cancel := context.WithCancel(context.Background())
	first := make(chan error)
	go func() { _, err := e.Reader(impatient, time.Now()); first <- err }()
	<-s.enter
	cancel()
	require.ErrorIs(t, <-first, context.Canceled)
	// Nobody waits any more: the load was given up, and the next reader begins its own.
	second := make(chan error)
	go func() { _, err := e.Reader(context.Background(), time.Now()); second <- err }()
	<-s.enter
	s.gate <- nil
	require.NoError(t, <-second)
	assert.Equal(t, int32(2), s.loads.Load())
}

func TestLastingLoad(t *testing.T) {
	s := newSlow()
	e := snapshot.NewEngine(s, snapshot.Lasting())
	impatient, cancel := context.WithCancel(context.Background())
	first := make(chan error)
	go func() { _, err := e.Reader(impatient, time.Now()); first <- err }()
	<-s.enter
	cancel()
	require.ErrorIs(t, <-first, context.Canceled)
	// The load goes on without anybody, and the next reader has it.
	second := make(chan error)
	go func() { _, err := e.Reader(context.Background(), time.Now()); second <- err }()
	s.gate <- nil
	require.NoError(t, <-second)
	assert.Equal(t, int32(1), s.loads.Load())
	require.NoError(t, e.Close())
}

// Close ends a load that nobody waits for; goleak sees that nothing stays behind.
func TestCloseEndsALastingLoad(t *testing.T) {
	s := newSlow()
	e := snapshot.NewEngine(s, snapshot.Lasting())
	impatient, cancel := context.WithCancel(context.Background())
	first := make(chan error)
	go func() { _, err := e.Reader(impatient, time.Now()); first <- err }()
	<-s.enter
	cancel()
	require.ErrorIs(t, <-first, context.Canceled)
	require.NoError(t, e.Close())
	require.NoError(t, e.Close())
}

func TestFailedLoad(t *testing.T) {
	s := newSlow()
	e := snapshot.NewEngine(s)
	down := errors.New("down")
	got := make(chan error)
	go func() { _, err := e.Reader(context.Background(), time.Now()); got <- err }()
	<-s.enter
	s.gate <- down
	require.ErrorIs(t, <-got, down)
	go func() { got <- e.Refresh(context.Background()) }()
	<-s.enter
	s.gate <- nil
	require.NoError(t, <-got, "a failure is not kept")
}

// breaking yields an error in the middle of the grants.
type breaking struct{ *snapshot.Data }

func (b breaking) Grants(context.Context, string) iter.Seq2[access.Grant, error] {
	return func(yield func(access.Grant, error) bool) { yield(access.Grant{}, errors.New("torn")) }
}

func TestBuildErrors(t *testing.T) {
	_, err := snapshot.Build(t.Context(), breaking{version(2)})
	require.EqualError(t, err, "torn")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = snapshot.Build(ctx, version(2))
	require.ErrorIs(t, err, context.Canceled)

	dangling := version(1)
	dangling.LiveGrants = []access.Grant{{Source: "e_000", Target: "e_gone", Counts: true}}
	_, err = snapshot.Build(t.Context(), dangling)
	require.Error(t, err)
	assert.Equal(t, access.CodeInternal, access.CodeOf(err))
	assert.ErrorContains(t, err, "e_gone")

	twice := version(1)
	twice.AllEntities = append(twice.AllEntities, twice.AllEntities[0])
	_, err = snapshot.Build(t.Context(), twice)
	require.ErrorContains(t, err, "twice")

	odd := version(1)
	odd.AllEntities[0].Type = "PLANET"
	_, err = snapshot.Build(t.Context(), odd)
	require.ErrorContains(t, err, "PLANET")

	empty, err := snapshot.Build(t.Context(), &snapshot.Data{})
	require.NoError(t, err)
	page, err := empty.Reader(time.Now()).Entities(t.Context(), query.EntityQuery{Page: query.Page{WithTotal: true}})
	require.NoError(t, err)
	assert.Empty(t, page.Entities)
	assert.Zero(t, page.Total)
}
