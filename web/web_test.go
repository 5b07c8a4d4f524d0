package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

// Without a build the program says how to get one, for every page and for no file.
func TestAPlaceholderWhereNothingWasBuilt(t *testing.T) {
	s := httptest.NewServer(&unbuilt{})
	defer s.Close()
	get := func(path, accept string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, http.NoBody)
		require.NoError(t, err)
		req.Header.Set("Accept", accept)
		res, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer func() { _ = res.Body.Close() }()
		b, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return res.StatusCode, string(b)
	}
	for _, path := range []string{"/", "/identities"} {
		status, page := get(path, "text/html")
		require.Equal(t, http.StatusOK, status, path)
		require.Contains(t, page, "make web")
		require.NotContains(t, page, "://", "nothing from elsewhere")
	}
	for _, path := range []string{"/no-such-file", "/assets/a.js"} {
		status, _ := get(path, "*/*")
		require.Equal(t, http.StatusNotFound, status, path)
	}
}
