package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/stretchr/testify/require"
)

// Effective access is written in each format, the same by the store and by a server.
func TestExportAccessFormats(t *testing.T) {
	p := newProgram(t)
	p.loadNested()
	s := p.serve("--open")
	dir := t.TempDir()
	want := p.export("access")
	require.NotEmpty(t, want.rows)
	for _, format := range []string{"csv", "parquet", "arrow"} {
		path := filepath.Join(dir, "access."+format)
		r := p.run("export", "access", "--format", format, "-o", path)
		require.Zero(t, r.code, r.err)
		require.Contains(t, r.err, " rows of access are in ")
		local, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(local), p.ok("export", "access", "--format", format), "standard output")
		require.Equal(t, string(local), p.ok("export", "access", "--format", format, "--server", s.url))
		switch format {
		case "parquet":
			f, err := file.NewParquetReader(bytes.NewReader(local))
			require.NoError(t, err)
			require.EqualValues(t, len(want.rows), f.NumRows())
		case "arrow":
			f, err := ipc.NewFileReader(bytes.NewReader(local))
			require.NoError(t, err)
			n := 0
			for i := range f.NumRecords() {
				rec, err := f.Record(i)
				require.NoError(t, err)
				n += int(rec.NumRows())
			}
			require.Equal(t, len(want.rows), n)
		}
	}
	for i := range want.rows {
		hops := strings.Count(want.cell(i, "Shortest Chain"), " > ")
		require.Equal(t, want.cell(i, "Direct") == "true", hops == 1)
		require.Equal(t, want.cell(i, "Length"), string(rune('0'+hops)))
	}
	resources := p.export("access", "--target-filter", `{"type":["RESOURCE"]}`, "--server", s.url)
	require.Equal(t, resources, p.export("access", "--target-filter", `{"type":["RESOURCE"]}`))
	require.NotEmpty(t, resources.rows)
	require.Less(t, len(resources.rows), len(want.rows))
	for i := range resources.rows {
		require.Equal(t, "RESOURCE", resources.cell(i, "Target Type"))
	}
	require.Empty(t, p.export("access", "--as-of", "2020-01-01").rows)
	require.Empty(t, p.export("access", "--as-of", "2020-01-01", "--server", s.url).rows)
	require.Equal(t, want, p.export("access", "--as-of", time.Now().Add(time.Hour).UTC().Format(time.RFC3339)))
}

func TestExportAccessWrongUse(t *testing.T) {
	p := newProgram(t)
	p.loadNested()
	s := p.serve("--open")
	path := filepath.Join(t.TempDir(), "x")
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"access", "--format", "xlsx"}, "csv, parquet and arrow"},
		{[]string{"entities", "--format", "parquet"}, "written as csv"},
		{[]string{"grants", "--as-of", "1d"}, "are for access"},
		{[]string{"access", "--as-of", "whenever"}, "is not a moment"},
		{[]string{"access", "--filter", `{"nome":{}}`}, "nome"},
		{[]string{"access", "--target-filter", `{"having":[{"atLeast":0}]}`}, "atLeast"},
		{[]string{"access", "--target-filter", `{"having":[{"atLeast":0}]}`, "--server", s.url}, "atLeast"},
	} {
		r := p.run(append([]string{"export"}, append(c.args, "-o", path)...)...)
		require.Equal(t, 2, r.code, "%v: %s", c.args, r.err)
		require.Contains(t, r.err, c.says, c.args)
		require.NoFileExists(t, path)
	}
	status, body := s.post("/api/v1/exports/access", "", []byte(`{"format":"csv","filtre":{}}`))
	require.Equal(t, http.StatusBadRequest, status)
	require.Contains(t, body, "filtre")
	status, body = s.post("/api/v1/exports/access", "no.key", []byte(`{"format":"csv"}`))
	require.Equal(t, http.StatusUnauthorized, status, body)
}
