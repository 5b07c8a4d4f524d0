// Package discovery answers what people ask of the graph: lists, details, access both
// ways, paths, overview numbers and data-quality hints. It checks what is asked, keeps
// limits, and lets a reviewer see only what concerns them.
package discovery

import (
	"context"
	"sync"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/settings"
	"github.com/accessgraph/accessgraph/internal/store"
)

// Store is what discovery needs of the store besides the graph.
type Store interface {
	store.Directory
	store.Records
}

// Settings gives the general settings.
type Settings interface {
	General(ctx context.Context) (settings.Settings, error)
}

// Service opens sessions. Safe for concurrent use.
type Service struct {
	engine   query.Engine
	dir      Store
	settings Settings
	clock    func() time.Time

	remembered remembered
}

// New returns the service; clock is time.Now outside tests.
func New(engine query.Engine, dir Store, settings Settings, clock func() time.Time) *Service {
	return &Service{engine: engine, dir: dir, settings: settings, clock: clock}
}

// Session answers the questions of one request: all for one instant and, once the first
// is asked, of one reader. It is safe for concurrent use. The caller is the principal of
// the context; every call of one session must carry the same.
type Session struct {
	svc      *Service
	settings settings.Settings
	now      time.Time

	open   func(context.Context) (query.Reader, error) // of a derived session
	moment time.Time
	mu     sync.Mutex
	reader query.Reader
	whole  query.Whole // the reader, or what answers beside a Cypher reader

	integrations memo[[]*access.Integration]
	applications memo[[]access.Application]
	counts       memo[map[string]Counts]
	insights     memo[[]query.Bucket]
	scope        memo[*scope]
}

// Begin opens a session. Of the graph nothing is read until something is asked.
func (s *Service) Begin(ctx context.Context) (*Session, error) {
	general, err := s.settings.General(ctx)
	if err != nil {
		return nil, err
	}
	zone, err := general.Location()
	if err != nil {
		return nil, err
	}
	return &Session{svc: s, settings: general, now: s.clock().In(zone)}, nil
}

// OutOfSync reports whether the integration has had no successful import for too long.
func (s *Session) OutOfSync(i *access.Integration) bool { return s.settings.OutOfSync(i, s.now) }

// Now is the instant of the session, in the configured zone.
func (s *Session) Now() time.Time { return s.now }

// Info says which engine answers and for which version; false while no question has
// touched the graph.
func (s *Session) Info() (query.Info, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reader == nil {
		return query.Info{}, false
	}
	return s.reader.Info(), true
}

func (s *Session) read(ctx context.Context) (query.Reader, error) {
	if _, err := auth.Require(ctx, access.Reviewer); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reader == nil {
		open := s.open
		if open == nil {
			open = func(ctx context.Context) (query.Reader, error) { return s.svc.engine.Reader(ctx, s.now) }
		}
		r, err := open(ctx)
		if err != nil {
			return nil, err
		}
		s.reader = r
	}
	return s.reader, nil
}

// readAll is read for questions about everything, which are not for reviewers.
func (s *Session) readAll(ctx context.Context) (query.Reader, error) {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return nil, err
	}
	return s.read(ctx)
}

// memo computes a value once; a failure is not kept.
type memo[T any] struct {
	mu    sync.Mutex
	done  bool
	value T
}

func (m *memo[T]) get(f func() (T, error)) (T, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.done {
		return m.value, nil
	}
	v, err := f()
	if err == nil {
		m.value, m.done = v, true
	}
	return v, err
}
