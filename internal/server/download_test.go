package server_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/server"
)

const downloads = "/api/v1/exports/access"

// A download is for Risk Managers, says its type, and ends with the number of its rows.
func TestDownloadOfAccess(t *testing.T) {
	s := start(t, nil)
	ask := func(token, body string, headers ...string) (*http.Response, string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+downloads, strings.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+token)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		resp, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp, string(text)
	}
	resp, text := ask(key(t, s.World, access.RiskManager), `{"format":"csv","filter":{"name":{"eq":"carolgh"}},"targetFilter":{"type":["RESOURCE"]}}`)
	require.Equal(t, http.StatusOK, resp.StatusCode, text)
	require.Equal(t, "text/csv; charset=utf-8", resp.Header.Get("Content-Type"))
	require.Equal(t, "2", resp.Trailer.Get(server.RowsTrailer))
	lines := strings.Split(strings.TrimSpace(text), "\n")
	require.Len(t, lines, 3)
	require.Contains(t, lines[1], "carolgh > Platform > admin-application")

	resp, text = ask(s.token, `{"format":"parquet","asOf":"2001-01-01T00:00:00Z"}`)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.True(t, strings.HasPrefix(text, "PAR1") && strings.HasSuffix(text, "PAR1"), "a Parquet file without rows is one")
	require.Equal(t, "0", resp.Trailer.Get(server.RowsTrailer))

	resp, _ = ask(key(t, s.World, access.Reviewer), `{"format":"csv"}`)
	require.Equal(t, http.StatusForbidden, resp.StatusCode)
	resp, _ = ask(s.token, `{"format":"csv"}`, "Sec-Fetch-Site", "cross-site")
	require.Equal(t, http.StatusForbidden, resp.StatusCode)
	for body, says := range map[string]string{
		`{"format":"xlsx"}`: "csv, parquet and arrow",
		`{}`:                "is not available",
		`nonsense`:          "is not of the form",
		`{"format":"csv","filter":{"type":["GROUP"]}}`:    "filter",
		`{"format":"csv","targetFilter":{"nothing":"x"}}`: "targetFilter",
	} {
		resp, text := ask(s.token, body)
		require.Equal(t, http.StatusBadRequest, resp.StatusCode, body)
		require.Contains(t, text, says, body)
		require.Contains(t, text, `"code":"INVALID_INPUT"`)
	}
}
