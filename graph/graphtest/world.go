// Package graphtest is a small company on a real store, for tests of what stands on GraphQL.
package graphtest

import (
	"context"
	"encoding/json"
	"io"
	"iter"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/server"
	"github.com/accessgraph/accessgraph/internal/snapshot"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/embedded"
)

// Now is the clock of every world.
var Now = time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)

// World is the product over the small company.
type World struct {
	*server.App
	t *testing.T
}

// Options change a world.
type Options struct {
	// Engine wraps the memory engine.
	Engine func(query.Engine) query.Engine
	// App changes the options of the product.
	App func(*server.AppOptions)
	// More adds to the graph.
	More []store.Change
}

// New returns the product over the worked example of GitHub (alicegh, bobgh, …) with
// the employees alice (managed by bob), bob and carol (managed by bob), and an
// integration "Loops" with a cycle of two groups.
func New(t *testing.T, opt Options) *World {
	t.Helper()
	s, err := embedded.Open(t.Context(), t.TempDir(), embedded.Options{Clock: func() time.Time { return Now }})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	changes := append(company(), opt.More...)
	_, err = s.Commit(t.Context(), store.Commit{At: Now.Add(-time.Hour), Graph: seq(changes), GraphCount: int64(len(changes))})
	require.NoError(t, err)
	var engine query.Engine = snapshot.NewEngine(s)
	if opt.Engine != nil {
		engine = opt.Engine(engine)
	}
	options := server.AppOptions{
		Store: s, Engine: engine, Clock: func() time.Time { return Now }, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	if opt.App != nil {
		opt.App(&options)
	}
	app, err := server.NewApp(options)
	require.NoError(t, err)
	return &World{App: app, t: t}
}

func seq(changes []store.Change) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		for _, c := range changes {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// Principal is somebody with a role; email may be empty.
func Principal(role access.ProductRole, email string) auth.Principal {
	p := auth.Principal{Kind: auth.KindAPIKey, KeyID: "agk_test", Roles: []access.ProductRole{role}}
	if email != "" {
		p.EmployeeID = access.EmployeeID(email)
	}
	return p
}

// Answer is the answer to an operation.
type Answer struct {
	Data       map[string]any
	Errors     []Error
	Extensions map[string]any
}

// Error is an error of an answer.
type Error struct {
	Message    string
	Path       []any
	Extensions map[string]any
}

// Code is the error's code.
func (e Error) Code() access.Code {
	c, _ := e.Extensions["code"].(string)
	return access.Code(c)
}

// Ask runs an operation as p.
func (w *World) Ask(p auth.Principal, text string, variables map[string]any) Answer {
	w.t.Helper()
	return w.AskContext(w.t.Context(), p, text, variables)
}

// AskContext is Ask until ctx ends.
func (w *World) AskContext(ctx context.Context, p auth.Principal, text string, variables map[string]any) Answer {
	w.t.Helper()
	var a Answer
	require.NoError(w.t, json.Unmarshal(w.Graph.Execute(ctx, p, text, variables, "").Body, &a))
	return a
}

// Must is Ask as an administrator, of something that must succeed; it returns the data.
func (w *World) Must(text string, variables map[string]any) map[string]any {
	w.t.Helper()
	a := w.Ask(auth.System(), text, variables)
	require.Empty(w.t, a.Errors)
	return a.Data
}

// ID is the id of an entity of the company.
func ID(t access.EntityType, sourceID string) string {
	return access.EntityKey{Integration: "GitHub (test)", Project: "example-org", Type: t, SourceID: sourceID}.ID()
}
