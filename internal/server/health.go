package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

const checkTimeout = 5 * time.Second

// healthz says that the process lives.
func healthz(w http.ResponseWriter, _ *http.Request) { sayHealth(w, http.StatusOK, "ok", "") }

// readyz says whether questions can be answered: whether the store answers.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), checkTimeout)
	defer cancel()
	if s.streams.Err() != nil {
		sayHealth(w, http.StatusServiceUnavailable, "stopping", "the server is stopping")
		return
	}
	err := s.app.Store.Check(ctx)
	if err == nil {
		sayHealth(w, http.StatusOK, "ready", "")
		return
	}
	s.log.WarnContext(ctx, "not ready", "error", err)
	message := "the store does not answer"
	var known *access.Error
	if errors.As(err, &known) && known.Code != access.CodeInternal {
		message = known.Message // says what to do, and no cause
	}
	sayHealth(w, http.StatusServiceUnavailable, "unavailable", message)
}

func sayHealth(w http.ResponseWriter, status int, state, message string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(struct {
		Status  string `json:"status"`
		Message string `json:"message,omitempty"`
	}{state, message})
}
