package server_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/graph/graphtest"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/server"
)

func TestGraphiQLComesFromTheBinaryAlone(t *testing.T) {
	s := start(t, nil)
	resp, page := s.do(http.MethodGet, "/graphiql", "")
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.NotContains(t, page, "://", "nothing from elsewhere")
	require.NotRegexp(t, `<script(?:>| [^s])`, page, "no script inside the page: the policy forbids it")
	files := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page, -1)
	require.Len(t, files, 8)
	for _, f := range files {
		for _, encoding := range []string{"gzip", "identity"} {
			resp, body := s.do(http.MethodGet, f[1], "", "Accept-Encoding", encoding)
			require.Equal(t, http.StatusOK, resp.StatusCode, f[1])
			require.NotEmpty(t, body)
			require.NotContains(t, resp.Header.Get("Content-Type"), "json")
			policy := resp.Header.Get("Content-Security-Policy")
			require.Contains(t, policy, "script-src 'self';")
			require.Contains(t, policy, "frame-ancestors 'self'", "the explorer frames it")
			require.Equal(t, "SAMEORIGIN", resp.Header.Get("X-Frame-Options"))
		}
	}
	for _, path := range []string{"/graphiql/README.md", "/graphiql/../graphiql.go", "/graphiql/nothing.js", "/graphiql/graphiql.js.gz"} {
		resp, _ := s.do(http.MethodGet, path, "")
		require.Equal(t, http.StatusNotFound, resp.StatusCode, path)
	}
	s = start(t, func(o *server.Options) { o.NoGraphiQL = true })
	resp, _ = s.do(http.MethodGet, "/graphiql", "")
	require.Equal(t, http.StatusNotFound, resp.StatusCode)
}

// TestExampleQueriesRun runs what a first visit sees, with the variables it has.
func TestExampleQueriesRun(t *testing.T) {
	s := start(t, nil)
	_, file := s.do(http.MethodGet, "/graphiql/examples.js", "")
	queries := regexp.MustCompile("(?s)query: `(.*?)`,(?:\n    variables: '(.*?)',)?").FindAllStringSubmatch(file, -1)
	require.Len(t, queries, strings.Count(file, "query: `"))
	require.Len(t, queries, 5)
	for _, q := range queries {
		var variables map[string]any
		if q[2] != "" {
			require.NoError(t, json.Unmarshal([]byte(q[2]), &variables))
		}
		if _, ok := variables["from"]; ok { // the example says to fill them in
			variables["from"], variables["to"] = graphtest.ID(access.Identity, "gh-user-2"), graphtest.ID(access.Resource, "gh-repo-2")
		}
		a := s.Ask(auth.System(), q[1], variables)
		require.Empty(t, a.Errors, q[1])
	}
}
