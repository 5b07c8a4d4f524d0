package discovery

import (
	"context"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/query"
)

// A derived session answers the questions of a request from another state of the graph:
// a past moment, or after changes that nobody made. Who is asked, what they may see, the
// clock and the directory of people and integrations are those of the session it is
// derived from.

// AsOf returns a session that answers as of a moment. Nothing is read before something is
// asked of it; then INVALID_INPUT when s answers for a simulation.
func (s *Session) AsOf(at time.Time) *Session {
	d := s.derive(func(ctx context.Context) (query.Reader, error) {
		w, err := s.Whole(ctx)
		if err != nil {
			return nil, err
		}
		if w.Info().Simulated {
			return nil, access.Invalid("asOf", "a simulation is of the present: leave asOf out")
		}
		return w.AsOf(ctx, at)
	})
	d.moment = at
	return d
}

// Moment is what AsOf was given; zero for the present.
func (s *Session) Moment() time.Time { return s.moment }

// Over returns a session that answers from r.
func (s *Session) Over(r query.Reader) *Session {
	return s.derive(func(context.Context) (query.Reader, error) { return r, nil })
}

func (s *Session) derive(open func(context.Context) (query.Reader, error)) *Session {
	return &Session{svc: s.svc, settings: s.settings, now: s.now, open: open}
}

// Whole returns the session's reader as one that holds the whole graph, for questions
// that only memory answers; UNAVAILABLE where there is none. What it shows is not narrowed
// to the caller's scope: that is for whoever asks it.
func (s *Session) Whole(ctx context.Context) (query.Whole, error) {
	if _, err := auth.Require(ctx, access.Reviewer); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.whole != nil {
		return s.whole, nil
	}
	if s.reader == nil && s.open != nil {
		r, err := s.open(ctx)
		if err != nil {
			return nil, err
		}
		s.reader = r
	}
	if w, ok := s.reader.(query.Whole); ok {
		s.whole = w
		return w, nil
	}
	w, err := query.ReadWhole(ctx, s.svc.engine, s.now)
	if err != nil {
		return nil, err
	}
	if s.reader == nil {
		s.reader = w // all of the request is answered from the same version
	}
	s.whole = w
	return w, nil
}
