package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// Everything the page refers to is there, and nothing comes from elsewhere.
func TestThePageStandsAlone(t *testing.T) {
	s := httptest.NewServer(firstPage())
	defer s.Close()
	get := func(path string) string {
		res, err := http.Get(s.URL + path)
		require.NoError(t, err)
		defer func() { _ = res.Body.Close() }()
		require.Equal(t, http.StatusOK, res.StatusCode, path)
		b, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return string(b)
	}
	page := get("/")
	seen := 0
	for _, m := range regexp.MustCompile(`(?:src|href)="([a-z]+\.[a-z]+)"`).FindAllStringSubmatch(page, -1) {
		get("/" + m[1])
		seen++
	}
	require.GreaterOrEqual(t, seen, 4)
	for _, file := range []string{"main.js", "views.js", "drawing.js", "api.js", "dom.js", "page.css"} {
		text := get("/" + file)
		for _, m := range regexp.MustCompile(`from '\./([a-z]+\.js)'`).FindAllStringSubmatch(text, -1) {
			get("/" + m[1])
		}
		require.NotRegexp(t, `https?://(?:[^w]|w[^w]|ww[^w])`, text, "%s loads from elsewhere", file)
	}
	res, err := http.Get(s.URL + "/no-such-file")
	require.NoError(t, err)
	_ = res.Body.Close()
	require.Equal(t, http.StatusNotFound, res.StatusCode)
}
