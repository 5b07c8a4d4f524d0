package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"runtime/debug"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
)

var requestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// identify gives the request an id, the caller's where it is harmless, for the answer,
// the logs and the audit rows.
func (s *Server) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !requestID.MatchString(id) {
			id = audit.NewID(time.Now())
		}
		w.Header().Set("X-Request-Id", id)
		ctx := audit.WithRequest(r.Context(), audit.Request{ID: id, IP: clientIP(r)})
		ctx = context.WithValue(ctx, actorKey{}, new(string))
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// observe logs and counts the request when it is over.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		out := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		next.ServeHTTP(out, r)
		took := time.Since(start)
		route := "other" // patterns only: paths would make endless time series
		if c := chi.RouteContext(r.Context()); c != nil && c.RoutePattern() != "" {
			route = c.RoutePattern()
		}
		status := out.Status()
		if status == 0 {
			status = http.StatusOK
		}
		s.metrics.observe(route, r.Method, status, took)
		actor, _ := r.Context().Value(actorKey{}).(*string)
		s.log.InfoContext(r.Context(), "request", "request", audit.RequestFrom(r.Context()).ID, "method", r.Method, "path", r.URL.Path,
			"status", status, "bytes", out.BytesWritten(), "ms", took.Milliseconds(), "ip", clientIP(r), "actor", *actor)
	})
}

// recoverer turns a panic into an answer.
func (s *Server) recoverer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			cause := recover()
			if cause == nil {
				return
			}
			if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(cause) // the way to cut a connection
			}
			id := audit.RequestFrom(r.Context()).ID
			s.log.ErrorContext(r.Context(), "panic", "request", id, "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
			refuse(w, http.StatusInternalServerError, access.CodeInternal, "an internal error; the log has it under request "+id)
		}()
		next.ServeHTTP(w, r)
	})
}

// strictPolicy lets a page use what this server sends and nothing else.
const strictPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", strictPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}
