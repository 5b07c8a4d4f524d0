package server_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/graph/graphtest"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/auth/apikey"
	"github.com/accessgraph/accessgraph/internal/server"
)

type site struct {
	*graphtest.World
	*httptest.Server
	t     *testing.T
	token string // of an administrator
}

func start(t *testing.T, change func(*server.Options)) *site {
	t.Helper()
	return startWorld(t, graphtest.Options{}, change)
}

func startWorld(t *testing.T, world graphtest.Options, change func(*server.Options)) *site {
	t.Helper()
	w := graphtest.New(t, world)
	opt := server.Options{App: w.App, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if change != nil {
		change(&opt)
	}
	s, err := server.New(opt)
	require.NoError(t, err)
	h := httptest.NewServer(s.Handler())
	t.Cleanup(h.Close)
	return &site{World: w, Server: h, t: t, token: key(t, w, access.Administrator)}
}

func key(t *testing.T, w *graphtest.World, role access.ProductRole) string {
	t.Helper()
	k, err := w.Keys.Create(auth.WithPrincipal(t.Context(), auth.System()), apikey.NewKey{Name: "test " + string(role), Role: role})
	require.NoError(t, err)
	return k.Token
}

func (s *site) do(method, path, body string, headers ...string) (*http.Response, string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.URL+path, strings.NewReader(body))
	require.NoError(s.t, err)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(s.t, err)
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(s.t, err)
	return resp, string(raw)
}

// post asks with the administrator's key.
func (s *site) post(body string, headers ...string) (*http.Response, string) {
	return s.do(http.MethodPost, "/graphql", body, append([]string{"Authorization", "Bearer " + s.token}, headers...)...)
}

func TestKeysAreAskedFor(t *testing.T) {
	s := start(t, nil)
	me := queryBody(`{ me { kind } }`)
	resp, body := s.do(http.MethodPost, "/graphql", me)
	require.Equal(t, http.StatusUnauthorized, resp.StatusCode)
	require.Contains(t, body, `"UNAUTHENTICATED"`)
	require.NotEmpty(t, resp.Header.Get("WWW-Authenticate"))
	resp, _ = s.do(http.MethodPost, "/graphql", me, "Authorization", "Bearer agk_x.y")
	require.Equal(t, http.StatusUnauthorized, resp.StatusCode)
	resp, body = s.post(me)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.JSONEq(t, `{"data":{"me":{"kind":"apiKey"}}}`, body)
	id, secret, _ := strings.Cut(s.token, ".")
	resp, _ = s.do(http.MethodPost, "/graphql", me, "X-API-Key", id, "X-API-Secret", secret)
	require.Equal(t, http.StatusOK, resp.StatusCode)
}

func TestTheBodyIsThatOfExecute(t *testing.T) {
	s := start(t, nil)
	text := `{ entities(first: 2) { edges { node { name } } } }`
	_, body := s.post(queryBody(text))
	require.Equal(t, string(s.Graph.Execute(t.Context(), auth.System(), text, nil, "").Body)+"\n", body)
}

func TestGraphQLOverHTTP(t *testing.T) {
	s := start(t, nil)
	const ok, invalid, graphQL = `{ me { kind } }`, `{ nothing }`, "application/graphql-response+json"
	for _, c := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		media                    string
	}{
		{"plain", "POST", "", queryBody(ok), nil, 200, "application/json"},
		{"new type", "POST", "", queryBody(ok), []string{"Accept", graphQL}, 200, graphQL},
		{"both", "POST", "", queryBody(ok), []string{"Accept", graphQL + ", application/json;q=0.9"}, 200, graphQL},
		{"anything", "POST", "", queryBody(ok), []string{"Accept", "*/*"}, 200, "application/json"},
		{"invalid, plain", "POST", "", queryBody(invalid), nil, 200, "application/json"},
		{"invalid, new type", "POST", "", queryBody(invalid), []string{"Accept", graphQL}, 400, graphQL},
		{"syntax, new type", "POST", "", queryBody("{"), []string{"Accept", graphQL}, 400, graphQL},
		{"failed field, new type", "POST", "", queryBody(`{ entities(first: 0) { totalCount } }`), []string{"Accept", graphQL}, 200, graphQL},
		{"unacceptable", "POST", "", queryBody(ok), []string{"Accept", "image/png"}, 406, "application/json"},
		{"no JSON", "POST", "", "{", nil, 400, "application/json"},
		{"a list", "POST", "", "[]", nil, 400, "application/json"},
		{"two objects", "POST", "", queryBody(ok) + queryBody(ok), nil, 400, "application/json"},
		{"no query", "POST", "", "{}", []string{"Accept", graphQL}, 400, graphQL},
		{"form", "POST", "", "query=x", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "application/json"},
		{"text", "POST", "", queryBody(ok), []string{"Content-Type", "text/plain"}, 415, "application/json"},
		{"get", "GET", "?query=" + url.QueryEscape(ok), "", nil, 200, "application/json"},
		{"get, mutation", "GET", "?query=" + url.QueryEscape(`mutation { cancelJob(id: "x") { id } }`), "", nil, 405, "application/json"},
		{"get, bad variables", "GET", "?variables=x&query=" + url.QueryEscape(ok), "", nil, 400, "application/json"},
		{"put", "PUT", "", queryBody(ok), nil, 405, "application/json"},
		{"subscription", "POST", "", queryBody(`subscription { jobProgress(id: "x") { id } }`), []string{"Accept", graphQL}, 400, graphQL},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, body := s.do(c.method, "/graphql"+c.path, c.body, append([]string{"Authorization", "Bearer " + s.token}, c.headers...)...)
			require.Equal(t, c.status, resp.StatusCode, body)
			require.Equal(t, c.media+"; charset=utf-8", resp.Header.Get("Content-Type"))
			var a struct {
				Data   *json.RawMessage
				Errors []graphtest.Error
			}
			require.NoError(t, json.Unmarshal([]byte(body), &a))
			if c.status != 200 {
				require.Nil(t, a.Data, "nothing was run")
				require.Equal(t, access.CodeInvalidInput, a.Errors[0].Code(), body)
			}
		})
	}
}

func TestPersistedQueries(t *testing.T) {
	s := start(t, nil)
	text := `{ me { kind } }`
	sum := sha256.Sum256([]byte(text))
	extensions := `{"persistedQuery":{"version":1,"sha256Hash":"` + hex.EncodeToString(sum[:]) + `"}}`
	get := "/graphql?extensions=" + url.QueryEscape(extensions)
	_, body := s.do(http.MethodGet, get, "", "Authorization", "Bearer "+s.token)
	require.Contains(t, body, `"PERSISTED_QUERY_NOT_FOUND"`)
	_, body = s.post(`{"query":"` + text + `","extensions":` + extensions + `}`)
	require.Contains(t, body, `"apiKey"`)
	resp, body := s.do(http.MethodGet, get, "", "Authorization", "Bearer "+s.token)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.JSONEq(t, `{"data":{"me":{"kind":"apiKey"}}}`, body)

	for _, wrong := range []string{
		`{"version":1,"sha256Hash":"00"}`, `{"version":2,"sha256Hash":"00"}`, `{"sha256Hash":"00"}`, `"text"`,
	} {
		_, body = s.post(`{"query":"{ me { name } }","extensions":{"persistedQuery":` + wrong + `}}`)
		require.Contains(t, body, `"INVALID_INPUT"`, wrong)
	}
}

func TestLimitsOfRequests(t *testing.T) {
	s := start(t, func(o *server.Options) { o.RequestsPerMinute = 3 })
	resp, body := s.post(queryBody(strings.Repeat(" ", 3<<20)))
	require.Equal(t, http.StatusRequestEntityTooLarge, resp.StatusCode)
	require.Contains(t, body, "LIMIT_EXCEEDED")
	for range 3 {
		resp, _ = s.post(queryBody(`{ me { kind } }`))
		require.Equal(t, http.StatusOK, resp.StatusCode)
	}
	resp, body = s.post(queryBody(`{ me { kind } }`))
	require.Equal(t, http.StatusTooManyRequests, resp.StatusCode)
	require.Contains(t, body, "LIMIT_EXCEEDED")
	resp, _ = s.do(http.MethodPost, "/graphql", queryBody(`{ me { kind } }`), "Authorization", "Bearer "+key(t, s.World, access.Reviewer))
	require.Equal(t, http.StatusOK, resp.StatusCode, "another principal has a limit of its own")
}

func TestOpenOnlyOnLoopback(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	for listen, ok := range map[string]bool{
		"127.0.0.1:0": true, "localhost:8080": true, "[::1]:8080": true, "127.8.9.1:1": true,
		"0.0.0.0:8080": false, ":8080": false, "[::]:8080": false, "192.168.1.5:8080": false, "example.com:80": false, "localhost.example.com:80": false,
	} {
		_, err := server.New(server.Options{App: w.App, Listen: listen, Open: true})
		if ok {
			require.NoError(t, err, listen)
		} else {
			require.Equal(t, access.CodeInvalidInput, access.CodeOf(err), listen)
			require.ErrorContains(t, err, "loopback")
		}
	}
	s, err := server.New(server.Options{App: w.App, Open: true})
	require.NoError(t, err)
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "0.0.0.0:0")
	require.NoError(t, err)
	require.ErrorContains(t, s.Serve(t.Context(), l, nil), "reached by others")
}

func TestOpenIsSafeFromWebPages(t *testing.T) {
	s := start(t, func(o *server.Options) { o.Open = true })
	me := queryBody(`{ me { kind roles } }`)
	resp, body := s.do(http.MethodPost, "/graphql", me)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.JSONEq(t, `{"data":{"me":{"kind":"open","roles":["ADMINISTRATOR"]}}}`, body)
	host := strings.TrimPrefix(s.URL, "http://")
	for name, c := range map[string]struct {
		headers []string
		status  int
	}{
		"own page":           {[]string{"Origin", s.URL, "Sec-Fetch-Site", "same-origin"}, 200},
		"rebound name":       {[]string{"Host", "evil.example:8080"}, 421},
		"rebound, own host":  {[]string{"Host", "evil.example:8080", "Origin", "http://evil.example:8080"}, 421},
		"prefix of loopback": {[]string{"Host", "127.0.0.1.evil.example"}, 421},
		"cross-site":         {[]string{"Origin", "https://evil.example"}, 403},
		"other port":         {[]string{"Origin", "http://127.0.0.1:1"}, 403},
		"opaque origin":      {[]string{"Origin", "null"}, 403},
		"no origin sent":     {[]string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"}, 403},
		"followed link":      {[]string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, 403},
		"localhost":          {[]string{"Host", "localhost:" + host[strings.LastIndex(host, ":")+1:]}, 200},
	} {
		resp, _ := s.do(http.MethodPost, "/graphql", me, c.headers...)
		require.Equal(t, c.status, resp.StatusCode, name)
	}
	resp, _ = s.do(http.MethodGet, "/graphiql", "", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate")
	require.Equal(t, http.StatusOK, resp.StatusCode, "a link to a page may be followed")
	resp, _ = s.do(http.MethodPost, "/graphql", me, "Authorization", "Bearer agk_x.y")
	require.Equal(t, http.StatusUnauthorized, resp.StatusCode, "a wrong key is wrong even here")
}

func TestHealth(t *testing.T) {
	s := start(t, nil)
	resp, body := s.do(http.MethodGet, "/healthz", "")
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.JSONEq(t, `{"status":"ok"}`, body)
	_, body = s.do(http.MethodGet, "/readyz", "")
	require.JSONEq(t, `{"status":"ready"}`, body)
	s.post(queryBody(`{ me { kind } }`))
	_, body = s.do(http.MethodGet, "/metrics", "")
	require.Contains(t, body, "accessgraph_graph_version 1")
	require.Contains(t, body, `accessgraph_http_requests_total{method="POST",route="/graphql",status="200"} 1`)
	require.NotContains(t, body, s.token)
}

func TestHeaders(t *testing.T) {
	s := start(t, func(o *server.Options) {
		o.Web = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "page "+r.URL.Path) })
	})
	resp, body := s.do(http.MethodGet, "/some/page", "", "X-Request-Id", "abc-1")
	require.Equal(t, "page /some/page", body)
	require.Equal(t, "abc-1", resp.Header.Get("X-Request-Id"))
	policy := resp.Header.Get("Content-Security-Policy")
	require.Contains(t, policy, "default-src 'none'")
	require.NotContains(t, policy, "unsafe")
	require.NotContains(t, policy, "http")
	require.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"))
	require.Empty(t, resp.Header.Get("Access-Control-Allow-Origin"))
	resp, _ = s.do(http.MethodGet, "/healthz", "", "X-Request-Id", "a b\tc")
	require.Regexp(t, `^[0-9A-Z]{26}$`, resp.Header.Get("X-Request-Id"), "a harmful id is replaced")
	resp, body = s.post(queryBody(`{ entities { edges { node { name sourceId } } } }`), "Accept-Encoding", "gzip", "X-Forwarded-For", "203.0.113.9")
	require.Equal(t, "gzip", resp.Header.Get("Content-Encoding"))
	z, err := gzip.NewReader(strings.NewReader(body))
	require.NoError(t, err)
	plain, err := io.ReadAll(z)
	require.NoError(t, err)
	require.True(t, json.Valid(plain))
}

func TestGracefulShutdown(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	var log bytes.Buffer
	s, err := server.New(server.Options{App: w.App, Listen: "127.0.0.1:0", Open: true, Log: slog.New(slog.NewTextHandler(&log, nil))})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ready, done := make(chan net.Addr, 1), make(chan error, 1)
	go func() { done <- s.Run(ctx, func(a net.Addr) { ready <- a }) }()
	addr := <-ready
	resp, err := http.Get("http://" + addr.String() + "/healthz") //nolint:noctx // a plain client
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	cancel()
	select {
	case err := <-done:
		require.NoError(t, err)
	case <-time.After(10 * time.Second):
		t.Fatal("the server does not stop")
	}
	require.Contains(t, log.String(), "no API key is asked for")
}
