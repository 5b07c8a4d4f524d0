package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/httprate"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
)

// authenticate finds out who asks, by an API key or by a session's cookie. A websocket
// handshake may come without credentials, which then come with its first message;
// everything else is refused without.
func (s *Server) authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), s.opt.KeyTimeout)
		p, given, err := s.app.Keys.Request(r.WithContext(ctx))
		var in signedIn
		bySession := false
		if !given && err == nil && !s.opt.Open {
			in, bySession, err = s.bySession(r.WithContext(ctx))
			p = in.Principal
		}
		cancel()
		switch {
		case err != nil:
			s.authFailed(w, r, err)
			return
		case bySession:
			r = r.WithContext(context.WithValue(r.Context(), sessionKey{}, in))
		case !given && s.opt.Open:
			p = auth.Open()
		case !given && websocket(r):
			next.ServeHTTP(w, r)
			return
		case !given:
			s.unauthenticated(w, "sign in, or give an API key: Authorization: Bearer <API key>")
			return
		}
		note(r.Context(), p)
		next.ServeHTTP(w, r.WithContext(auth.WithPrincipal(r.Context(), p)))
	})
}

// authFailed answers when it could not be found out who asks, or when they may not.
func (s *Server) authFailed(w http.ResponseWriter, r *http.Request, err error) {
	var known *access.Error
	switch {
	case errors.As(err, &known) && known.Code == access.CodeUnauthenticated:
		s.unauthenticated(w, known.Message)
	case errors.As(err, &known) && known.Code == access.CodeForbidden:
		refuse(w, http.StatusForbidden, access.CodeForbidden, known.Message)
	default:
		s.log.ErrorContext(r.Context(), "could not check who asks", "error", err)
		refuse(w, http.StatusServiceUnavailable, access.CodeUnavailable, "it could not be checked who asks; try again")
	}
}

func (s *Server) unauthenticated(w http.ResponseWriter, message string) {
	w.Header().Set("WWW-Authenticate", `Bearer realm="accessgraph"`)
	refuse(w, http.StatusUnauthorized, access.CodeUnauthenticated, message)
}

// refuse answers in the form of a GraphQL error, whatever was asked.
func refuse(w http.ResponseWriter, status int, code access.Code, message string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"errors": []any{map[string]any{"message": message, "extensions": map[string]any{"code": code}}},
	})
}

// limitRate bounds the requests of each principal. An open server has no callers to keep
// apart: it is one person's own machine.
func (s *Server) limitRate() func(http.Handler) http.Handler {
	if s.opt.Open {
		return func(next http.Handler) http.Handler { return next }
	}
	return httprate.LimitBy(s.opt.RequestsPerMinute, time.Minute,
		func(r *http.Request) (string, error) {
			if p, ok := auth.FromContext(r.Context()); ok {
				return string(p.Kind) + ":" + p.Actor(), nil
			}
			return "ip:" + clientIP(r), nil
		},
		httprate.WithLimitHandler(func(w http.ResponseWriter, _ *http.Request) {
			refuse(w, http.StatusTooManyRequests, access.CodeLimitExceeded, "too many requests; wait a moment")
		}))
}

// boundBody limits how long the body of any request may take, also one that nobody reads:
// net/http reads what is left of it before it answers. Whoever has read to the end must
// lift the limit, since the connection is then watched for the client's leaving.
func (s *Server) boundBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			readUntil(w, time.Now().Add(s.opt.BodyTimeout))
		}
		next.ServeHTTP(w, r)
	})
}

// readUntil limits reading from the connection; the zero time lifts the limit.
func readUntil(w http.ResponseWriter, t time.Time) {
	_ = http.NewResponseController(w).SetReadDeadline(t) // a recorder in tests has none
}

// readBody reads the request's body, within limits of size and time, before anything
// else looks at it: a slow sender holds no session.
func (s *Server) readBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			next.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			refuse(w, http.StatusRequestEntityTooLarge, access.CodeLimitExceeded, "the request is larger than 2 MiB")
			return
		case err != nil:
			w.Header().Set("Connection", "close") // else the rest is waited for before the answer
			refuse(w, http.StatusRequestTimeout, access.CodeTimeout, "the request did not arrive whole")
			return
		}
		readUntil(w, time.Time{})
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}

func websocket(r *http.Request) bool { return strings.EqualFold(r.Header.Get("Upgrade"), "websocket") }

func streaming(r *http.Request) bool {
	return websocket(r) || strings.Contains(r.Header.Get("Accept"), "text/event-stream")
}

func clientIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// actorKey holds a place where authenticate leaves the principal for the access log,
// which sees the request only as it was before.
type actorKey struct{}

func note(ctx context.Context, p auth.Principal) {
	if to, ok := ctx.Value(actorKey{}).(*string); ok {
		*to = string(p.Kind) + ":" + p.Actor()
	}
}
