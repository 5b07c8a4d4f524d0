package query

import (
	"context"
	"sync"
	"time"
)

// Versions tells the present graph version, by one indexed read.
type Versions interface {
	Version(ctx context.Context) (int64, error)
}

// Holder is an engine that answers from a copy which it can be asked to renew.
type Holder interface {
	Engine
	// Held returns a reader of the copy as it is, however old; false when there is none.
	Held(now time.Time) (Reader, bool)
	// Refresh makes the copy as new as the store is at the call. Concurrent calls share
	// the work.
	Refresh(ctx context.Context) error
}

// Auto answers from memory when the copy there is of the database's version, else by the
// other engine, while the copy is renewed in the background for the requests that follow.
type Auto struct {
	versions Versions
	memory   Holder
	cypher   Engine
	failed   func(error)

	stop   context.CancelFunc
	ctx    context.Context //nolint:containedctx // the lifetime of the background work
	mu     sync.Mutex
	busy   bool
	closed bool
	work   sync.WaitGroup
}

var (
	_ Engine      = (*Auto)(nil)
	_ WholeEngine = (*Auto)(nil)
)

// NewAuto returns an engine that chooses. failed, when set, is told of every renewal that
// fails; requests are answered by cypher all the same. Close it after use.
func NewAuto(versions Versions, memory Holder, cypher Engine, failed func(error)) *Auto {
	ctx, stop := context.WithCancel(context.Background())
	return &Auto{versions: versions, memory: memory, cypher: cypher, failed: failed, ctx: ctx, stop: stop}
}

// Reader implements Engine.
func (a *Auto) Reader(ctx context.Context, now time.Time) (Reader, error) {
	version, err := a.versions.Version(ctx)
	if err != nil {
		return nil, err
	}
	if r, ok := a.memory.Held(now); ok && r.Info().GraphVersion == version {
		return r, nil
	}
	a.renew()
	return a.cypher.Reader(ctx, now)
}

// Whole implements WholeEngine: it waits for the copy to be of the database's version.
func (a *Auto) Whole(ctx context.Context, now time.Time) (Whole, error) {
	return ReadWhole(ctx, a.memory, now)
}

// renew starts a renewal unless one is under way.
func (a *Auto) renew() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.busy || a.closed {
		return
	}
	a.busy = true
	a.work.Go(func() {
		err := a.memory.Refresh(a.ctx)
		a.mu.Lock()
		a.busy = false
		a.mu.Unlock()
		if err != nil && a.ctx.Err() == nil && a.failed != nil {
			a.failed(err)
		}
	})
}

// Close stops the background work and waits for it. Readers that were handed out go on
// to work; new ones are no longer served from a renewed copy.
func (a *Auto) Close() {
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	a.stop()
	a.work.Wait()
}
