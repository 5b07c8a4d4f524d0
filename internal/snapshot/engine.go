package snapshot

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/store"
)

// Engine keeps a snapshot of a store and renews it when the store has moved on. It is
// safe for concurrent use.
type Engine struct {
	graph   store.Graph
	current atomic.Pointer[Snapshot]
	saved   *saved // nil without a folder
	lasting bool   // loads outlive those who wait for them

	mu       sync.Mutex
	flight   *flight // the load under way, nil when none
	closed   bool
	renewals Renewals
}

// Lasting lets a load go on when nobody waits for it any longer: in a server the next
// request finds it further on, so that a graph which takes longer to load than a request
// may wait is answered from all the same. Such an engine is to be closed.
func Lasting() Option { return func(e *Engine) { e.lasting = true } }

// Renewals counts how an engine came by its snapshots.
type Renewals struct {
	Loaded   int // read whole
	Scanned  int // of those, read while commits went on
	Followed int // made of the one before, or of a saved one, and what changed
}

// Renewals returns the counts so far.
func (e *Engine) Renewals() Renewals {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.renewals
}

// flight is one load, shared by all who wait for it.
type flight struct {
	cancel  context.CancelFunc
	waiters int
	done    chan struct{}
	s       *Snapshot // after done
	err     error
}

var _ query.Engine = (*Engine)(nil)

// NewEngine returns an engine over a store. Nothing is loaded before the first question.
// One with a folder is to be closed.
func NewEngine(g store.Graph, options ...Option) *Engine {
	e := &Engine{graph: g}
	for _, o := range options {
		o(e)
	}
	return e
}

// Close ends a load that nobody waits for, and saves the snapshot if it has a folder and is
// not saved yet. Readers go on to work. It is safe to call twice.
func (e *Engine) Close() error {
	e.mu.Lock()
	e.closed = true
	f := e.flight
	abandoned := f != nil && f.waiters == 0
	if abandoned {
		f.cancel()
		e.flight = nil
	}
	e.mu.Unlock()
	if abandoned {
		<-f.done
	}
	e.saved.close()
	return nil
}

// Current is the snapshot held at present, which may be behind the store; nil before the
// first load.
func (e *Engine) Current() *Snapshot { return e.current.Load() }

// Held returns a reader of the present snapshot, however old; false before the first load.
func (e *Engine) Held(now time.Time) (query.Reader, bool) {
	s := e.current.Load()
	if s == nil {
		return nil, false
	}
	return s.Reader(now), true
}

// Reader implements query.Engine: it compares the version held with the store's (one
// indexed read) and loads anew when they differ. Concurrent readers share a load.
func (e *Engine) Reader(ctx context.Context, now time.Time) (query.Reader, error) {
	s, err := e.fresh(ctx)
	if err != nil {
		return nil, err
	}
	return s.Reader(now), nil
}

// Refresh makes the snapshot as new as the store is at the call.
func (e *Engine) Refresh(ctx context.Context) error {
	_, err := e.fresh(ctx)
	return err
}

func (e *Engine) fresh(ctx context.Context) (*Snapshot, error) {
	version, err := e.graph.Version(ctx)
	if err != nil {
		return nil, err
	}
	for {
		if s := e.current.Load(); s != nil && s.version == version {
			return s, nil
		}
		s, joined, err := e.load(ctx)
		// A load that was under way before the version was read may be behind it; one that
		// began after is at least as new, whatever its version is by now.
		if !joined || err == nil && s.version == version {
			return s, err
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
}

// load waits for the load under way (joined) or begins one. A load goes on as long as
// somebody waits for it, a lasting one until Close.
func (e *Engine) load(ctx context.Context) (s *Snapshot, joined bool, err error) {
	e.mu.Lock()
	f := e.flight
	if joined = f != nil; !joined {
		loading, cancel := context.WithCancel(context.WithoutCancel(ctx))
		f = &flight{cancel: cancel, done: make(chan struct{})}
		e.flight = f
		go e.run(loading, f)
	}
	f.waiters++
	e.mu.Unlock()

	select {
	case <-f.done:
		return f.s, joined, f.err
	case <-ctx.Done():
		e.mu.Lock()
		defer e.mu.Unlock()
		if f.waiters--; f.waiters == 0 && (!e.lasting || e.closed) {
			f.cancel()
			if e.flight == f {
				e.flight = nil // nobody may join a load that is being given up
			}
		}
		return nil, joined, ctx.Err()
	}
}

func (e *Engine) run(ctx context.Context, f *flight) {
	defer f.cancel()
	var followed bool
	f.s, followed, f.err = e.renewed(ctx, e.current.Load())
	if f.err == nil {
		e.saved.offer(f.s, !followed)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case f.err != nil:
	case followed:
		e.renewals.Followed++
	default:
		e.renewals.Loaded++
	}
	if f.err == nil && e.flight == f {
		e.current.Store(f.s)
	}
	if e.flight == f {
		e.flight = nil
	}
	close(f.done)
}

// renewed is the present snapshot: the old one with what changed since, where the store
// knows that (followed), else a new one.
func (e *Engine) renewed(ctx context.Context, old *Snapshot) (s *Snapshot, followed bool, err error) {
	if old == nil {
		old = e.saved.load(ctx)
	}
	if old != nil && old.mark != "" {
		if s, err = e.follow(ctx, old); s != nil || ctx.Err() != nil {
			return s, true, err
		}
		if err != nil && access.CodeOf(err) != access.CodeInternal {
			return nil, true, err
		}
		if err != nil {
			slog.WarnContext(ctx, "the snapshot cannot be brought up to date and is loaded anew", "version", old.version, "error", err)
		}
	}
	if scanner, ok := e.graph.(store.Scanner); ok {
		if s, err = e.scan(ctx, scanner); s != nil || ctx.Err() != nil {
			return s, false, err
		}
		if err != nil {
			slog.InfoContext(ctx, "the graph is read again, undisturbed by commits", "error", err)
		}
	}
	err = e.graph.ReadGraph(ctx, func(ctx context.Context, v store.GraphView) (err error) {
		s, err = load(ctx, v)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	return s, false, nil
}

// scan loads the graph while commits go on, and applies those; nil when what they changed
// cannot be told.
func (e *Engine) scan(ctx context.Context, g store.Scanner) (s *Snapshot, err error) {
	whole := false
	err = g.ScanGraph(ctx, func(ctx context.Context, v store.ChangeView) (err error) {
		mark, err := v.Mark(ctx)
		if err != nil {
			return err
		}
		if s, whole, err = build(ctx, v, true); err == nil {
			s.mark, s.drifted = mark, true
		}
		return err
	})
	if err != nil || !whole {
		return nil, err
	}
	if s, err = e.follow(ctx, s); s != nil {
		e.mu.Lock()
		e.renewals.Scanned++
		e.mu.Unlock()
	}
	return s, err
}

// load builds a snapshot that can be followed, if the store remembers changes.
func load(ctx context.Context, v store.GraphView) (*Snapshot, error) {
	s, err := Build(ctx, v)
	if cv, ok := v.(store.ChangeView); ok && err == nil {
		s.mark, err = cv.Mark(ctx)
	}
	return s, err
}

// follow applies what changed since the old snapshot; nil when the store does not know it.
// Only the changes are read inside ReadGraph: a store need not keep a state, nor be asked
// again, while the snapshot is put together.
func (e *Engine) follow(ctx context.Context, old *Snapshot) (*Snapshot, error) {
	var c *Changes
	var ok bool
	err := e.graph.ReadGraph(ctx, func(ctx context.Context, v store.GraphView) (err error) {
		c, ok = nil, false
		if cv, follows := v.(store.ChangeView); follows {
			c, ok, err = ReadChanges(ctx, old, cv)
		}
		return err
	})
	if err != nil || !ok {
		return nil, err
	}
	return Apply(ctx, old, c)
}
