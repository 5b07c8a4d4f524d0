package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
)

func TestExitCodes(t *testing.T) {
	rejected := &access.Error{Code: access.CodeInvalidInput, Message: "m", Err: ingest.ErrRejected}
	for _, c := range []struct {
		err  error
		code int
	}{
		{nil, 0}, {errors.New("x"), 1}, {access.Errorf(access.CodeUnavailable, "x"), 1}, {access.Invalid("p", "x"), 2},
		{Usage("x"), 2}, {fmt.Errorf("w: %w", Usage("x")), 2}, {rejected, 3}, {&ShownError{Code: 4}, 4}, {context.Canceled, 1},
	} {
		require.Equal(t, c.code, ExitCode(c.err), "%v", c.err)
	}
}

func TestErrorsAreShownWithoutTheirCauses(t *testing.T) {
	err := &access.Error{Code: access.CodeUnavailable, Path: "data", Message: "cannot open", Err: errors.New("secret inner cause")}
	var b bytes.Buffer
	require.Equal(t, 1, ShowError(&b, err, false, false))
	require.Equal(t, "Error: data: cannot open\n", b.String())
	b.Reset()
	ShowError(&b, err, true, true)
	require.JSONEq(t, `{"error":{"code":"UNAVAILABLE","path":"data","message":"cannot open: secret inner cause"}}`, b.String())
	b.Reset()
	require.Equal(t, 3, ShowError(&b, &ShownError{Code: 3}, true, false))
	require.Empty(t, b.String())
}

func TestFilesAreWholeOrAbsent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	require.NoError(t, WriteFile(path, func(w io.Writer) error { _, err := io.WriteString(w, "one"); return err }))
	failure := errors.New("half way")
	err := WriteFile(path, func(w io.Writer) error { _, _ = io.WriteString(w, "tw"); return failure })
	require.ErrorIs(t, err, failure)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "one", string(text))
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, left, 1)
	require.NoError(t, WriteFile(os.DevNull, func(w io.Writer) error { _, err := io.WriteString(w, "x"); return err }))
	require.Equal(t, 2, ExitCode(WriteFile(t.TempDir(), func(io.Writer) error { return nil })))
	require.Equal(t, 2, ExitCode(WriteFile(filepath.Join(path, "below", "a", "file"), func(io.Writer) error { return nil })))
}

func TestReportsForPeople(t *testing.T) {
	r := &ingest.Report{Kind: "entitlements", File: "f.csv", Rows: 12}
	r.Entities.Added = 3
	for i := range int64(12) {
		r.Warn(ingest.Issue{Row: i + 2, Column: "C", Code: "W_X", Message: "m"})
	}
	var b bytes.Buffer
	ShowReport(&b, r)
	require.Contains(t, b.String(), "f.csv: 12 rows imported")
	require.Contains(t, b.String(), `row 2, column "C": W_X: m`)
	require.Contains(t, b.String(), "and 2 more: --report FILE.csv")
	r.Error(ingest.Issue{Row: 7, Code: "E_CSV", Message: "bad"})
	b.Reset()
	ShowReport(&b, r)
	require.Contains(t, b.String(), "rejected: nothing was written")
	require.Contains(t, b.String(), "row 7: E_CSV: bad")
}

func TestProgressIsQuietAtFirstAndSafeToEnd(t *testing.T) {
	var b bytes.Buffer
	p := NewProgress(&b, "x")
	p.Stage("read", 1, 2)
	p.Done()
	p.Done()
	p.Stage("read", 2, 2)
	require.Empty(t, b.String())
	NewProgress(nil, "").Stage("read", 1, 1)
	p = NewProgress(&b, "file")
	p.last = p.last.Add(-2 * quietFor)
	p.Stage("read", 3<<20, 6<<20)
	require.Equal(t, "file: read: 3.0 MiB of 6.0 MiB (50 %)\n", b.String())
}

func TestWhatAServerMaySay(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		code   access.Code
		says   string
	}{
		{401, `{"errors":[{"message":"no","extensions":{"code":"UNAUTHENTICATED"}}]}`, access.CodeUnauthenticated, "--api-key"},
		{404, "<html>nginx</html>", access.CodeUnavailable, "is --server the address"},
		{302, "", access.CodeUnavailable, "is --server the address"},
		{503, "", access.CodeUnavailable, "503"},
		{413, `{"error":{"code":"LIMIT_EXCEEDED","message":"too large"}}`, access.CodeLimitExceeded, "too large"},
		{400, `{"error":{"code":"INVALID_INPUT","path":"mode","message":"bad mode"}}`, access.CodeInvalidInput, "bad mode"},
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("Location", "https://elsewhere.example.com/")
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
		}))
		client := NewClient(s.URL, "key")
		_, err := client.GraphQL(t.Context(), []byte(`{}`))
		require.Equal(t, c.code, access.CodeOf(err), c.body)
		require.Contains(t, err.Error(), c.says)
		_, err = client.Import(t.Context(), "employees", url.Values{}, csvfile.FromBytes("f.csv", []byte("x")), nil)
		require.Equal(t, c.code, access.CodeOf(err), c.body)
		require.Contains(t, err.Error(), c.says)
		s.Close()
	}
}

func TestClientSendsTheFileAndItsKey(t *testing.T) {
	var got *http.Request
	var body string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got, body = r, string(b)
		w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = io.WriteString(w, `{"rows":1,"file":"f.csv","errors":[{"row":2,"column":"C","code":"E_ENUM","message":"m"}],"warnings":[],"warningCounts":{},"errorCounts":{"E_ENUM":1}}`)
	}))
	defer s.Close()
	src := csvfile.Source{Name: "f.csv", Reader: strings.NewReader("a,b\n"), Size: -1}
	report, err := NewClient(s.URL, "k.s").Import(t.Context(), "entitlements", url.Values{"map": {"A=B"}}, src, func(string, int64, int64) {})
	require.ErrorIs(t, err, ingest.ErrRejected)
	require.EqualValues(t, 2, report.Errors[0].Row)
	require.Equal(t, "a,b\n", body)
	require.Equal(t, "Bearer k.s", got.Header.Get("Authorization"))
	require.Equal(t, "/api/v1/imports/entitlements", got.URL.Path)
	require.Equal(t, url.Values{"map": {"A=B"}, "file": {"f.csv"}}, got.URL.Query())
}

func TestClientWaitsWhenTold(t *testing.T) {
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked++; asked == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = io.WriteString(w, `{"errors":[{"message":"too many requests"}]}`)
			return
		}
		_, _ = io.WriteString(w, `{"data":{}}`)
	}))
	defer s.Close()
	body, err := NewClient(s.URL, "").GraphQL(t.Context(), []byte(`{}`))
	require.NoError(t, err)
	require.JSONEq(t, `{"data":{}}`, string(body))
	require.Equal(t, 2, asked)
}

// Names come from source systems; none may steer the terminal of whoever reads a message.
func TestMessagesDoNotSteerTheTerminal(t *testing.T) {
	const evil = "a\x1b[2Jb\x9bc\x07"
	var out bytes.Buffer
	ShowError(&out, access.Invalid("file", "%s\nsecond line", evil), false, false)
	answer, err := ParseAnswer([]byte(`{"errors":[{"message":"a\u001b[2Jb\u009bc\u0007","path":["x"]}]}`))
	require.NoError(t, err)
	answer.ShowErrors(&out)
	out.WriteString(IssueLine(ingest.Issue{Row: 2, Column: evil, Code: "E_ENUM", Message: evil}))
	require.NotContains(t, out.String(), "\x1b")
	require.NotContains(t, out.String(), "\x07")
	require.NotContains(t, out.String(), "\u009b")
	require.Contains(t, out.String(), "\nsecond line\n")
}
