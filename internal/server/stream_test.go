package server_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/graph/graphtest"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/jobs"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/server"
)

// streaming is a site with a job that runs until it is let go.
func streaming(t *testing.T, change ...func(*server.Options)) (s *site, job string, let func()) {
	t.Helper()
	release := make(chan struct{})
	w := graphtest.New(t, graphtest.Options{App: func(o *server.AppOptions) {
		o.Jobs.Poll = 10 * time.Millisecond
		o.JobKinds = []jobs.Kind{{Name: "wait", Run: func(ctx context.Context, task *jobs.Task) (any, error) {
			task.Report(1, 2, "waiting")
			select {
			case <-release:
			case <-ctx.Done():
			}
			return nil, ctx.Err()
		}}}
	}})
	opt := server.Options{App: w.App, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	for _, f := range change {
		f(&opt)
	}
	srv, err := server.New(opt)
	require.NoError(t, err)
	h := httptest.NewServer(srv.Handler())
	t.Cleanup(h.Close)
	w.Jobs.Start()
	let = sync.OnceFunc(func() { close(release) })
	t.Cleanup(func() {
		let()
		_ = w.Jobs.Shutdown(context.Background())
	})
	j, err := w.Jobs.Submit(auth.WithPrincipal(t.Context(), auth.System()), "wait", nil)
	require.NoError(t, err)
	return &site{World: w, Server: h, t: t, token: key(t, w, access.RiskManager)}, j.ID, let
}

const progress = `subscription($id: ID!) { jobProgress(id: $id) { state progress { done total stage } } }`

func TestProgressOverEvents(t *testing.T) {
	s, id, let := streaming(t)
	body, _ := json.Marshal(map[string]any{"query": progress, "variables": map[string]any{"id": id}})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/graphql", strings.NewReader(string(body)))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("Authorization", "Bearer "+s.token)
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
	var last string
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data:"); ok && strings.Contains(data, "jobProgress") {
			last = strings.TrimSpace(data)
			if strings.Contains(data, `"RUNNING"`) {
				let()
			}
		}
	}
	require.JSONEq(t, `{"data":{"jobProgress":{"state":"SUCCEEDED","progress":{"done":1,"total":2,"stage":"waiting"}}}}`, last)
}

// The transport would log a body that it cannot read, line ends and secrets included.
func TestEventsOfABadBodyStayInside(t *testing.T) {
	s := start(t, nil)
	var logged bytes.Buffer
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)
	resp, body := s.do(http.MethodPost, "/graphql", "{\nsecret", "Authorization", "Bearer "+s.token, "Accept", "text/event-stream", "Content-Type", "application/json")
	require.Equal(t, http.StatusBadRequest, resp.StatusCode)
	require.Contains(t, body, "INVALID_INPUT")
	require.NotContains(t, body, "secret")
	require.NotContains(t, logged.String(), "secret")
}

func TestProgressOverAWebsocket(t *testing.T) {
	s, id, let := streaming(t)
	dial := func(origin string) (*websocket.Conn, error) {
		c, resp, err := websocket.Dial(t.Context(), s.URL+"/graphql", &websocket.DialOptions{
			Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{"Origin": {origin}},
		})
		if resp != nil && resp.Body != nil {
			_ = resp.Body.Close()
		}
		return c, err
	}
	_, err := dial("https://evil.example")
	require.Error(t, err, "a page of another origin")

	c, err := dial(s.URL)
	require.NoError(t, err)
	send := func(v any) { require.NoError(t, wsjson.Write(t.Context(), c, v)) }
	type message struct {
		Type    string
		Payload json.RawMessage
	}
	receive := func() (m message) {
		for {
			m = message{}
			require.NoError(t, wsjson.Read(t.Context(), c, &m))
			if m.Type != "ping" && m.Type != "ka" {
				return m
			}
		}
	}
	send(map[string]any{"type": "connection_init", "payload": map[string]any{"Authorization": "Bearer " + s.token}})
	require.Equal(t, "connection_ack", receive().Type)
	send(map[string]any{"id": "1", "type": "subscribe", "payload": map[string]any{"query": progress, "variables": map[string]any{"id": id}}})
	var last message
	for m := receive(); m.Type != "complete"; m = receive() {
		require.Equal(t, "next", m.Type, string(m.Payload))
		last = m
		if strings.Contains(string(m.Payload), `"RUNNING"`) {
			let()
		}
	}
	require.Contains(t, string(last.Payload), `"SUCCEEDED"`)
	send(map[string]any{"id": "2", "type": "subscribe", "payload": map[string]any{"query": `{ apiKeys { id } }`}})
	require.Contains(t, string(receive().Payload), `"FORBIDDEN"`, "the rules hold here too")
	require.NoError(t, c.Close(websocket.StatusNormalClosure, ""))
}

func TestAWebsocketNeedsAKey(t *testing.T) {
	s, _, let := streaming(t)
	defer let()
	for _, payload := range []map[string]any{{}, {"Authorization": "Bearer agk_x.y"}} {
		c, resp, err := websocket.Dial(t.Context(), s.URL+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
		require.NoError(t, err)
		if resp.Body != nil {
			_ = resp.Body.Close()
		}
		require.NoError(t, wsjson.Write(t.Context(), c, map[string]any{"type": "connection_init", "payload": payload}))
		var m struct{ Type string }
		for err == nil {
			err = wsjson.Read(t.Context(), c, &m)
			require.NotEqual(t, "connection_ack", m.Type)
		}
		_ = c.CloseNow()
	}
}

// waiting says when a question has begun and when its context ended.
type waiting struct {
	query.Engine
	begun, ended chan struct{}
}

type waitingReader struct {
	query.Reader
	w *waiting
}

func (w *waiting) Reader(ctx context.Context, now time.Time) (query.Reader, error) {
	r, err := w.Engine.Reader(ctx, now)
	return waitingReader{r, w}, err
}

func (r waitingReader) Entities(ctx context.Context, _ query.EntityQuery) (query.EntityPage, error) {
	close(r.w.begun)
	<-ctx.Done()
	close(r.w.ended)
	return query.EntityPage{}, ctx.Err()
}

func TestAClientThatLeavesStopsItsQuestion(t *testing.T) {
	e := &waiting{begun: make(chan struct{}), ended: make(chan struct{})}
	w := graphtest.New(t, graphtest.Options{Engine: func(inner query.Engine) query.Engine { e.Engine = inner; return e }})
	srv, err := server.New(server.Options{App: w.App, Open: true, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	require.NoError(t, err)
	h := httptest.NewServer(srv.Handler())
	defer h.Close()
	ctx, leave := context.WithCancel(t.Context())
	go func() { <-e.begun; leave() }()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL+"/graphql", strings.NewReader(queryBody(`{ entities { totalCount } }`)))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err == nil {
		_ = resp.Body.Close()
	}
	require.ErrorIs(t, err, context.Canceled)
	select {
	case <-e.ended:
	case <-time.After(5 * time.Second):
		t.Fatal("the question goes on")
	}
}

func queryBody(text string) string {
	raw, _ := json.Marshal(map[string]string{"query": text})
	return string(raw)
}
