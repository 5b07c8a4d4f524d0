package server_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/graph/graphtest"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth/apikey"
	"github.com/accessgraph/accessgraph/internal/directory"
	"github.com/accessgraph/accessgraph/internal/imports"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/server"
	"github.com/accessgraph/accessgraph/internal/store"
)

// slowStore takes its time to commit, unless it is told to stop.
type slowStore struct {
	store.Store
	takes time.Duration
}

// Commit implements store.Committer.
func (s slowStore) Commit(ctx context.Context, c store.Commit) (int64, error) {
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-time.After(s.takes):
	}
	return s.Store.Commit(ctx, c)
}

func slowSite(t *testing.T, commit time.Duration, opt server.Options) *site {
	t.Helper()
	w := graphtest.New(t, graphtest.Options{})
	st := slowStore{Store: w.Store, takes: commit}
	opt.App, opt.Log = w.App, slog.New(slog.NewTextHandler(io.Discard, nil))
	opt.Imports = imports.New(ingest.NewImporter(st, time.Now), directory.NewImporter(st, w.Settings.Now))
	s, err := server.New(opt)
	require.NoError(t, err)
	h := httptest.NewServer(s.Handler())
	t.Cleanup(h.Close)
	return &site{World: w, Server: h, t: t, token: key(t, w, access.Administrator)}
}

// Whoever announces a body and does not send it gets an answer, and loses the connection.
func TestBodiesThatNeverArrive(t *testing.T) {
	s := slowSite(t, 0, server.Options{BodyTimeout: 200 * time.Millisecond, UploadSilence: 200 * time.Millisecond})
	for _, c := range []struct {
		path, key string
		status    int
	}{
		{"/graphql", "", http.StatusRequestTimeout},
		{"/graphql", s.token, http.StatusRequestTimeout},
		{"/api/v1/imports/employees", "", http.StatusUnauthorized},
		{"/api/v1/imports/employees", s.token, http.StatusBadRequest},
		{"/api/v1/imports/nothing", s.token, http.StatusBadRequest},
		{"/healthz", "", http.StatusMethodNotAllowed},
		{"/nothing", "", http.StatusNotFound},
	} {
		t.Run(c.path, func(t *testing.T) {
			conn, err := net.Dial("tcp", s.Listener.Addr().String())
			require.NoError(t, err)
			defer conn.Close()
			require.NoError(t, conn.SetDeadline(time.Now().Add(5*time.Second)))
			authorization := ""
			if c.key != "" {
				authorization = "Authorization: Bearer " + c.key + "\r\n"
			}
			_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n%sContent-Length: 1000\r\n\r\n{", c.path, authorization)
			require.NoError(t, err)
			in := bufio.NewReader(conn)
			resp, err := http.ReadResponse(in, nil)
			require.NoError(t, err)
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			require.Equal(t, c.status, resp.StatusCode, string(body))
			_, err = in.ReadByte()
			require.ErrorIs(t, err, io.EOF, "closed")
		})
	}
}

// The patience with a sender ends with the file; the import takes as long as it needs.
func TestALongImportIsNotTakenForASilentSender(t *testing.T) {
	s := slowSite(t, 500*time.Millisecond, server.Options{BodyTimeout: 100 * time.Millisecond, UploadSilence: 100 * time.Millisecond})
	file := "Work Email,Full Name,Start Date\nnew@example.com,New Person,2024-01-01\n"
	for _, sender := range []struct {
		name string
		body io.Reader
	}{{"plain", strings.NewReader(file)}, {"chunked", io.MultiReader(strings.NewReader(file), strings.NewReader("other@example.com,Other,2024-01-01\n"))}} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/api/v1/imports/employees", sender.body)
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+s.token)
		resp, err := http.DefaultClient.Do(r)
		require.NoError(t, err, sender.name)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusOK, resp.StatusCode, sender.name+": "+string(body))
	}
}

// silentStore answers nothing about API keys.
type silentStore struct{ store.Store }

// GetRecord implements store.Records.
func (silentStore) GetRecord(ctx context.Context, _, _ string) (store.Record, error) {
	<-ctx.Done()
	return store.Record{}, ctx.Err()
}

func TestAKeyThatCannotBeChecked(t *testing.T) {
	s := start(t, func(o *server.Options) {
		o.KeyTimeout = 50 * time.Millisecond
		app := *o.App
		app.Keys = apikey.New(silentStore{app.Store}, app.Settings.Now, slog.New(slog.NewTextHandler(io.Discard, nil)))
		o.App = &app
	})
	begun := time.Now()
	resp, body := s.post(queryBody(`{ me { kind } }`))
	require.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
	require.Contains(t, body, `"UNAVAILABLE"`)
	require.Less(t, time.Since(begun), 3*time.Second)
}
