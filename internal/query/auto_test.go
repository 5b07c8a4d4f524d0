package query

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// named is a reader that only says who it is.
type named struct {
	Reader
	info Info
}

func (n named) Info() Info { return n.info }

type fakeStore struct {
	mu      sync.Mutex
	version int64
	err     error
}

func (f *fakeStore) Version(context.Context) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.version, f.err
}

func (f *fakeStore) set(v int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.version = v
}

type fakeCypher struct{ store *fakeStore }

func (f fakeCypher) Reader(ctx context.Context, now time.Time) (Reader, error) {
	v, err := f.store.Version(ctx)
	return named{info: Info{Engine: Cypher, GraphVersion: v, Now: now}}, err
}

// fakeMemory refreshes when gate lets it.
type fakeMemory struct {
	store    *fakeStore
	gate     chan error
	mu       sync.Mutex
	held     int64
	started  int
	renewals chan struct{}
}

func (f *fakeMemory) Reader(context.Context, time.Time) (Reader, error) {
	panic("auto never waits for memory")
}

func (f *fakeMemory) Held(now time.Time) (Reader, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return named{info: Info{Engine: Memory, GraphVersion: f.held, Now: now}}, f.held > 0
}

func (f *fakeMemory) Refresh(ctx context.Context) error {
	f.mu.Lock()
	f.started++
	f.mu.Unlock()
	defer func() { f.renewals <- struct{}{} }()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-f.gate:
		if err != nil {
			return err
		}
	}
	v, err := f.store.Version(ctx)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.held = v
	return err
}

func TestAutoChoosesAndRenews(t *testing.T) {
	ctx, now := context.Background(), time.Unix(1, 0)
	store := &fakeStore{version: 1}
	memory := &fakeMemory{store: store, gate: make(chan error), renewals: make(chan struct{}, 10)}
	failures := make(chan error, 1)
	auto := NewAuto(store, memory, fakeCypher{store}, func(err error) { failures <- err })
	defer auto.Close()
	ask := func() Info {
		t.Helper()
		r, err := auto.Reader(ctx, now)
		require.NoError(t, err)
		return r.Info()
	}
	assert.Equal(t, Info{Engine: Cypher, GraphVersion: 1, Now: now}, ask(), "nothing is loaded yet")
	assert.Equal(t, Info{Engine: Cypher, GraphVersion: 1, Now: now}, ask(), "still loading")
	memory.gate <- nil
	<-memory.renewals
	assert.Equal(t, Info{Engine: Memory, GraphVersion: 1, Now: now}, ask())
	assert.Equal(t, 1, memory.started, "one renewal served both")

	store.set(2)
	assert.Equal(t, Info{Engine: Cypher, GraphVersion: 2, Now: now}, ask(), "memory is behind")
	memory.gate <- errors.New("broken")
	<-memory.renewals
	assert.EqualError(t, <-failures, "broken")
	assert.Equal(t, Info{Engine: Cypher, GraphVersion: 2, Now: now}, ask(), "a failed renewal leaves the old answer out and is tried again")
	memory.gate <- nil
	<-memory.renewals
	assert.Equal(t, Info{Engine: Memory, GraphVersion: 2, Now: now}, ask())

	store.err = errors.New("down")
	_, err := auto.Reader(ctx, now)
	assert.EqualError(t, err, "down")
}

// Close ends a renewal that is under way; goleak sees that nothing stays behind.
func TestAutoClose(t *testing.T) {
	store := &fakeStore{version: 1}
	memory := &fakeMemory{store: store, gate: make(chan error), renewals: make(chan struct{}, 1)}
	auto := NewAuto(store, memory, fakeCypher{store}, func(err error) { t.Errorf("cancelled by Close, not failed: %v", err) })
	_, err := auto.Reader(context.Background(), time.Now())
	require.NoError(t, err)
	auto.Close()
	<-memory.renewals
	r, err := auto.Reader(context.Background(), time.Now())
	require.NoError(t, err, "questions are still answered")
	assert.Equal(t, Cypher, r.Info().Engine)
}
