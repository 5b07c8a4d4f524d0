package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

const script = "console.log('the whole script')"

func pack(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

// made is an explorer over a small build.
func made(t *testing.T) http.Handler {
	t.Helper()
	e, err := newExplorer(fstest.MapFS{
		"index.html":            {Data: []byte(`<meta name="csp-nonce" content="__CSP_NONCE__"><div id="root"></div>`)},
		"icon.svg":              {Data: []byte("<svg/>")},
		"assets/index-a1.js.gz": {Data: pack(t, script)},
	})
	require.NoError(t, err)
	return e
}

func ask(h http.Handler, method, target string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, res *http.Response) string {
	t.Helper()
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return string(b)
}

var nonces = regexp.MustCompile(`content="([A-Za-z0-9+/]{24})"`)

func TestEveryAnswerHasANonceOfItsOwn(t *testing.T) {
	h := made(t)
	seen := map[string]bool{}
	for range 3 {
		res := ask(h, http.MethodGet, "/")
		require.Equal(t, http.StatusOK, res.StatusCode)
		require.Equal(t, "no-cache", res.Header.Get("Cache-Control"))
		m := nonces.FindStringSubmatch(body(t, res))
		require.Len(t, m, 2)
		rule := res.Header.Get("Content-Security-Policy")
		require.Contains(t, rule, "style-src 'self' 'nonce-"+m[1]+"';")
		require.NotContains(t, rule, "unsafe")
		seen[m[1]] = true
	}
	require.Len(t, seen, 3)
}

func TestAddressesOfPagesAnswerThePage(t *testing.T) {
	h := made(t)
	const browser = "text/html,application/xhtml+xml,*/*;q=0.8"
	for _, target := range []string{"/identities?q=x", "/entities/e_abc", "/entities/e_abc.js", "/a/../b"} {
		res := ask(h, http.MethodGet, target, "Accept", browser)
		require.Equal(t, http.StatusOK, res.StatusCode, target)
		require.Contains(t, body(t, res), `id="root"`, target)
	}
	for _, target := range []string{"/assets/gone-b2.js", "/api/v1/nothing"} {
		res := ask(h, http.MethodGet, target, "Accept", browser)
		require.Equal(t, http.StatusNotFound, res.StatusCode, target)
		_ = body(t, res)
	}
	res := ask(h, http.MethodGet, "/identities", "Accept", "application/json")
	require.Equal(t, http.StatusNotFound, res.StatusCode)
	_ = body(t, res)
	res = ask(h, http.MethodPost, "/identities", "Accept", browser)
	require.Equal(t, http.StatusMethodNotAllowed, res.StatusCode)
	_ = body(t, res)
}

func TestFilesAreSentCompressedAndKept(t *testing.T) {
	h := made(t)
	res := ask(h, http.MethodGet, "/assets/index-a1.js", "Accept-Encoding", "br, gzip")
	require.Equal(t, "gzip", res.Header.Get("Content-Encoding"))
	require.Equal(t, "Accept-Encoding", res.Header.Get("Vary"))
	require.Equal(t, "public, max-age=31536000, immutable", res.Header.Get("Cache-Control"))
	require.Equal(t, "text/javascript; charset=utf-8", res.Header.Get("Content-Type"))
	plain, err := unpack([]byte(body(t, res)))
	require.NoError(t, err)
	require.Equal(t, script, string(plain))

	for _, header := range []string{"", "br", "gzip;q=0"} {
		res = ask(h, http.MethodGet, "/assets/index-a1.js", "Accept-Encoding", header)
		require.Empty(t, res.Header.Get("Content-Encoding"), header)
		require.Equal(t, script, body(t, res), header)
	}
	res = ask(h, http.MethodGet, "/icon.svg")
	require.Equal(t, "no-cache", res.Header.Get("Cache-Control"))
	require.Equal(t, "<svg/>", body(t, res))
}

func TestWithoutABuildThereIsNoExplorer(t *testing.T) {
	_, err := newExplorer(fstest.MapFS{})
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// What was built last, if anything: everything that the page refers to is there, it runs no
// script of its own text, and it loads nothing from elsewhere.
func TestTheBuildStandsAlone(t *testing.T) {
	app, err := fs.Sub(dist, built)
	require.NoError(t, err)
	h, err := newExplorer(app)
	if err != nil {
		t.Skip("the explorer is not built: make web")
	}
	index := body(t, ask(h, http.MethodGet, "/"))
	refs := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(index, -1)
	require.GreaterOrEqual(t, len(refs), 3)
	for _, m := range refs {
		require.True(t, strings.HasPrefix(m[1], "/"), "%s comes from elsewhere", m[1])
		res := ask(h, http.MethodGet, m[1])
		require.Equal(t, http.StatusOK, res.StatusCode, m[1])
		require.NotEmpty(t, body(t, res))
	}
	licences := body(t, ask(h, http.MethodGet, "/licences.md"))
	require.Contains(t, licences, "react-dom")
	require.Contains(t, licences, "@mantine/core")
	require.NotRegexp(t, `<script(?:[^>]*[^>/])?>[^<]`, index)
	require.NotRegexp(t, `<style|style="|\son[a-z]+="`, index)
}
