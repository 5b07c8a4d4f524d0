package cli

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
)

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

// A download is whole or an error, and a server's refusal is told as it is.
func TestDownloads(t *testing.T) {
	answer := func(handler http.HandlerFunc, w io.Writer) (int64, error) {
		s := httptest.NewServer(handler)
		defer s.Close()
		return NewClient(s.URL, "key").Download(t.Context(), []byte(`{}`), w)
	}
	whole := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", "Accessgraph-Rows")
		_, _ = io.WriteString(w, r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization"))
		w.Header().Set("Accessgraph-Rows", "7")
	}
	var b bytes.Buffer
	rows, err := answer(whole, &b)
	require.NoError(t, err)
	require.EqualValues(t, 7, rows)
	require.Equal(t, "POST /api/v1/exports/access Bearer key", b.String())

	_, err = answer(whole, failingWriter{})
	require.ErrorContains(t, err, "the disk is full")
	_, err = answer(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half of")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}, &b)
	require.Equal(t, access.CodeUnavailable, access.CodeOf(err))
	require.ErrorContains(t, err, "not whole")
	_, err = answer(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "no trailer") }, &b)
	require.ErrorContains(t, err, "not whole")
	_, err = answer(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":{"code":"INVALID_INPUT","path":"format","message":"no such format"}}`)
	}, &b)
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
}
