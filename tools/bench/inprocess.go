package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"

	web "github.com/accessgraph/accessgraph/internal/server"
)

// answering answers requests in this process, without a network, so that a profile shows
// what a server in a process of its own spends its time on.
func (g *sized) answering(requests []request) (func() error, error) {
	quiet := slog.New(slog.DiscardHandler)
	app, err := web.NewApp(web.AppOptions{Store: g.store, Engine: g.engine, Log: quiet})
	if err != nil {
		return nil, err
	}
	s, err := web.New(web.Options{App: app, Open: true, Log: quiet})
	if err != nil {
		return nil, err
	}
	return func() error {
		for _, body := range requests {
			r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/graphql", bytes.NewReader(body))
			r.RemoteAddr = "127.0.0.1:1"
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				return fmt.Errorf("HTTP %d: %.300s", w.Code, w.Body)
			}
		}
		return nil
	}, nil
}
