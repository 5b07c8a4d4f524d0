package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/server"
	"github.com/accessgraph/accessgraph/internal/store"
)

const sessionURL = "/api/v1/session"

// browser is somebody who signed in.
type browser struct {
	*site
	cookie *http.Cookie
	csrf   string
}

func (s *site) signIn(token string) *browser {
	s.t.Helper()
	resp, body := s.do(http.MethodPost, sessionURL, `{"key":"`+token+`"}`)
	require.Equal(s.t, http.StatusOK, resp.StatusCode, body)
	var in struct{ CSRF string }
	require.NoError(s.t, json.Unmarshal([]byte(body), &in))
	require.NotEmpty(s.t, in.CSRF)
	require.Len(s.t, resp.Cookies(), 1)
	return &browser{s, resp.Cookies()[0], in.CSRF}
}

func (b *browser) do(method, path, body string, headers ...string) (*http.Response, string) {
	b.t.Helper()
	return b.site.do(method, path, body, append([]string{"Cookie", b.cookie.Name + "=" + b.cookie.Value}, headers...)...)
}

func TestABrowserSignsIn(t *testing.T) {
	s := start(t, nil)
	resp, body := s.do(http.MethodGet, sessionURL, "")
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.JSONEq(t, `{"open":false,"csrf":"","me":null,"expiresAt":null}`, body)

	b := s.signIn(s.token)
	require.True(t, b.cookie.HttpOnly)
	require.Equal(t, http.SameSiteStrictMode, b.cookie.SameSite)
	require.Equal(t, "/", b.cookie.Path)
	require.False(t, b.cookie.Secure, "plain http")
	require.NotContains(t, b.cookie.Value, strings.Split(s.token, ".")[1])

	me := queryBody(`{ me { kind roles } }`)
	resp, body = b.do(http.MethodPost, "/graphql", me, "X-CSRF-Token", b.csrf)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.JSONEq(t, `{"data":{"me":{"kind":"apiKey","roles":["ADMINISTRATOR"]}}}`, body)

	_, body = b.do(http.MethodGet, sessionURL, "")
	var state struct {
		CSRF string
		Me   struct{ Name string }
	}
	require.NoError(t, json.Unmarshal([]byte(body), &state))
	require.Equal(t, b.csrf, state.CSRF, "a page that is loaded again asks for it")
	require.Equal(t, "test ADMINISTRATOR", state.Me.Name)

	resp, body = b.do(http.MethodDelete, sessionURL, "")
	require.Equal(t, http.StatusForbidden, resp.StatusCode, body)
	resp, _ = b.do(http.MethodDelete, sessionURL, "", "X-CSRF-Token", b.csrf)
	require.Equal(t, http.StatusNoContent, resp.StatusCode)
	require.Negative(t, resp.Cookies()[0].MaxAge)
	resp, _ = b.do(http.MethodPost, "/graphql", me, "X-CSRF-Token", b.csrf)
	require.Equal(t, http.StatusUnauthorized, resp.StatusCode)
	resp, body = b.do(http.MethodGet, sessionURL, "")
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Contains(t, body, `"me":null`)
	require.Negative(t, resp.Cookies()[0].MaxAge, "a dead cookie is taken away")

	for _, action := range []string{"session.signIn", "session.signOut"} {
		rows, err := s.Store.AuditEntries(t.Context(), store.AuditQuery{Action: action})
		require.NoError(t, err)
		require.Len(t, rows, 1, action)
		require.NotEmpty(t, rows[0].IP)
		require.NotEmpty(t, rows[0].RequestID)
	}
}

func TestSigningInIsRefused(t *testing.T) {
	s := start(t, func(o *server.Options) { o.SignInsPerMinute = 9 })
	right := `{"key":"` + s.token + `"}`
	for _, c := range []struct {
		name, body string
		headers    []string
		status     int
	}{
		{"a wrong key", `{"key":"agk_x.y"}`, nil, http.StatusUnauthorized},
		{"no key", `{"key":" "}`, nil, http.StatusBadRequest},
		{"no JSON", `key=x`, nil, http.StatusBadRequest},
		{"more than a key", `{"key":"x","role":"ADMINISTRATOR"}`, nil, http.StatusBadRequest},
		{"a form", right, []string{"Content-Type", "text/plain"}, http.StatusForbidden},
		{"another origin", right, []string{"Origin", "https://evil.example"}, http.StatusForbidden},
		{"another site", right, []string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		{"ours", right, []string{"Origin", s.URL, "Sec-Fetch-Site", "same-origin"}, http.StatusOK},
		{"too large", `{"key":"` + strings.Repeat("x", 3<<20) + `"}`, nil, http.StatusRequestEntityTooLarge},
	} {
		resp, body := s.do(http.MethodPost, sessionURL, c.body, c.headers...)
		require.Equal(t, c.status, resp.StatusCode, "%s: %s", c.name, body)
		require.Equal(t, c.status == http.StatusOK, len(resp.Cookies()) > 0, c.name)
	}
	resp, body := s.do(http.MethodPost, sessionURL, right)
	require.Equal(t, http.StatusTooManyRequests, resp.StatusCode)
	require.Contains(t, body, "LIMIT_EXCEEDED")
}

func TestCookiesNeedTheTokenOfTheirPage(t *testing.T) {
	s := start(t, nil)
	b, other := s.signIn(s.token), s.signIn(s.token)
	me := queryBody(`{ me { kind } }`)
	for name, headers := range map[string][]string{
		"none": nil, "empty": {"X-CSRF-Token", ""}, "of another session": {"X-CSRF-Token", other.csrf},
		"the cookie itself": {"X-CSRF-Token", b.cookie.Value},
		"another origin":    {"X-CSRF-Token", b.csrf, "Origin", "https://evil.example"},
		"another port":      {"X-CSRF-Token", b.csrf, "Origin", "http://127.0.0.1:1"},
		"a sandbox":         {"X-CSRF-Token", b.csrf, "Origin", "null"},
		"another site":      {"X-CSRF-Token", b.csrf, "Sec-Fetch-Site", "same-site"},
	} {
		resp, body := b.do(http.MethodPost, "/graphql", me, headers...)
		require.Equal(t, http.StatusForbidden, resp.StatusCode, name)
		require.Contains(t, body, "FORBIDDEN", name)
	}
	resp, _ := b.do(http.MethodGet, "/graphql?query=%7Bme%7Bkind%7D%7D", "")
	require.Equal(t, http.StatusOK, resp.StatusCode, "reading needs no token")
	resp, _ = b.do(http.MethodGet, "/graphql?query=%7Bme%7Bkind%7D%7D", "", "Sec-Fetch-Site", "cross-site")
	require.Equal(t, http.StatusForbidden, resp.StatusCode)
	resp, _ = b.do(http.MethodPost, "/api/v1/exports/access", `{"format":"csv"}`)
	require.Equal(t, http.StatusForbidden, resp.StatusCode)
	resp, body := b.do(http.MethodPost, "/api/v1/exports/access", `{"format":"csv"}`, "X-CSRF-Token", b.csrf)
	require.Equal(t, http.StatusOK, resp.StatusCode, body)
	resp, _ = b.do(http.MethodPost, "/graphql", me, "Authorization", "Bearer "+s.token)
	require.Equal(t, http.StatusOK, resp.StatusCode, "a key given goes before the cookie")
}

func TestCookiesAreSecureBehindTLS(t *testing.T) {
	s := start(t, nil)
	resp, _ := s.do(http.MethodPost, sessionURL, `{"key":"`+s.token+`"}`, "X-Forwarded-Proto", "https")
	c := resp.Cookies()[0]
	require.True(t, c.Secure)
	require.Equal(t, "__Host-accessgraph", c.Name)
	_, body := s.do(http.MethodGet, sessionURL, "", "X-Forwarded-Proto", "https", "Cookie", c.Name+"="+c.Value)
	require.Contains(t, body, `"apiKey"`)
	_, body = s.do(http.MethodGet, sessionURL, "", "X-Forwarded-Proto", "https", "Cookie", "accessgraph="+c.Value)
	require.Contains(t, body, `"me":null`)
}

func TestAnOpenServerHasNoSessions(t *testing.T) {
	s := start(t, func(o *server.Options) { o.Open = true })
	_, body := s.do(http.MethodGet, sessionURL, "")
	require.JSONEq(t, `{"open":true,"csrf":"","expiresAt":null,"me":{"kind":"open","id":"open","name":"Open server","roles":["ADMINISTRATOR"],"employee":null}}`, body)
	resp, _ := s.do(http.MethodPost, sessionURL, `{"key":"`+s.token+`"}`)
	require.Equal(t, http.StatusBadRequest, resp.StatusCode)
	resp, _ = s.do(http.MethodPost, "/graphql", queryBody(`{ me { kind } }`), "Cookie", "accessgraph=left.over")
	require.Equal(t, http.StatusOK, resp.StatusCode, "a cookie left over is nothing to it")
}

func TestStreamsBySession(t *testing.T) {
	s, id, _ := streaming(t, func(o *server.Options) { o.Recheck = 20 * time.Millisecond })
	b := s.signIn(s.token)
	dial := func(origin, cookie string) (*websocket.Conn, *http.Response, error) {
		h := http.Header{"Cookie": {b.cookie.Name + "=" + cookie}}
		if origin != "" {
			h.Set("Origin", origin)
		}
		c, resp, err := websocket.Dial(t.Context(), s.URL+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: h})
		if resp != nil && resp.Body != nil {
			_ = resp.Body.Close()
		}
		return c, resp, err
	}
	for origin, status := range map[string]int{"https://evil.example": http.StatusForbidden, "": http.StatusForbidden} {
		_, resp, err := dial(origin, b.cookie.Value)
		require.Error(t, err, origin)
		require.Equal(t, status, resp.StatusCode, origin)
	}
	_, resp, err := dial(s.URL, "ags_x.y")
	require.Error(t, err)
	require.Equal(t, http.StatusUnauthorized, resp.StatusCode)

	c, _, err := dial(s.URL, b.cookie.Value)
	require.NoError(t, err)
	require.NoError(t, wsjson.Write(t.Context(), c, map[string]any{"type": "connection_init"}))
	require.NoError(t, wsjson.Write(t.Context(), c, map[string]any{
		"id": "1", "type": "subscribe", "payload": map[string]any{"query": progress, "variables": map[string]any{"id": id}}}))
	var got []string
	for len(got) < 2 {
		var m struct{ Type string }
		require.NoError(t, wsjson.Read(t.Context(), c, &m))
		if m.Type != "ping" && m.Type != "ka" {
			got = append(got, m.Type)
		}
	}
	require.Equal(t, []string{"connection_ack", "next"}, got)

	resp, body := b.do(http.MethodPost, "/graphql", queryBody(`subscription { jobProgress(id: "`+id+`") { state } }`), "Accept", "text/event-stream")
	require.Equal(t, http.StatusForbidden, resp.StatusCode, body)

	// The key is revoked: the stream ends, though its job goes on.
	keyID, _, _ := strings.Cut(s.token, ".")
	_, err = s.Keys.Revoke(auth.WithPrincipal(t.Context(), auth.System()), keyID)
	require.NoError(t, err)
	over := make(chan struct{})
	go func() {
		defer close(over)
		for {
			var m struct{ Type string }
			if err := wsjson.Read(t.Context(), c, &m); err != nil || m.Type == "complete" {
				return
			}
		}
	}()
	select {
	case <-over:
	case <-time.After(5 * time.Second):
		t.Fatal("the stream outlives its key")
	}
	require.Equal(t, access.CodeUnauthenticated, access.CodeOf(s.Sessions.Check(t.Context(), b.cookie.Value)))
}
