package server_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/graph/graphtest"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/exportjob"
	"github.com/accessgraph/accessgraph/internal/server"
	"github.com/accessgraph/accessgraph/internal/store"
)

// exporting is a site that runs jobs and keeps files of exports in a folder.
func exporting(t *testing.T, files exportjob.FileOptions) (*site, *time.Time) {
	t.Helper()
	if files.Folder == "" {
		files.Folder = filepath.Join(t.TempDir(), "exports")
	}
	now := graphtest.Now
	s := startWorld(t, graphtest.Options{App: func(o *server.AppOptions) {
		o.Exports, o.Jobs.Poll = files, 10*time.Millisecond
		o.Clock = func() time.Time { return now }
	}}, nil)
	s.Jobs.Start()
	t.Cleanup(func() { require.NoError(t, s.Jobs.Shutdown(context.Background())) })
	return s, &now
}

type exportedJob struct {
	ID, State   string
	DownloadURL *string
	Result      exportjob.Result
	Failure     *struct{ Code, Message string }
}

func (s *site) graphQL(token, text string, variables map[string]any, to any) []graphtest.Error {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"query": text, "variables": variables})
	require.NoError(s.t, err)
	_, raw := s.do(http.MethodPost, "/graphql", string(body), "Authorization", "Bearer "+token)
	var a struct {
		Data   json.RawMessage
		Errors []graphtest.Error
	}
	require.NoError(s.t, json.Unmarshal([]byte(raw), &a), raw)
	if len(a.Errors) == 0 {
		require.NoError(s.t, json.Unmarshal(a.Data, to), raw)
	}
	return a.Errors
}

// export runs an export to its end.
func (s *site) export(input map[string]any) exportedJob {
	s.t.Helper()
	var started struct{ StartExport exportedJob }
	require.Empty(s.t, s.graphQL(s.token, `mutation($in: ExportInput!) { startExport(input: $in) { id state downloadUrl } }`, map[string]any{"in": input}, &started))
	require.Nil(s.t, started.StartExport.DownloadURL)
	return s.ended(started.StartExport.ID)
}

func (s *site) ended(id string) exportedJob {
	s.t.Helper()
	var found struct{ Node exportedJob }
	require.Eventually(s.t, func() bool {
		require.Empty(s.t, s.graphQL(s.token, `query($id: ID!) { node(id: $id) { ... on Job { id state downloadUrl result failure { code message } } } }`, map[string]any{"id": id}, &found))
		return found.Node.State != "QUEUED" && found.Node.State != "RUNNING"
	}, 20*time.Second, 10*time.Millisecond)
	return found.Node
}

func (s *site) file(j exportedJob) string {
	s.t.Helper()
	require.Equal(s.t, "SUCCEEDED", j.State, "%+v", j.Failure)
	require.NotNil(s.t, j.DownloadURL)
	resp, body := s.do(http.MethodGet, *j.DownloadURL, "", "Authorization", "Bearer "+s.token)
	require.Equal(s.t, http.StatusOK, resp.StatusCode, body)
	require.Equal(s.t, `attachment; filename=`+j.Result.Name, resp.Header.Get("Content-Disposition"))
	require.EqualValues(s.t, j.Result.Bytes, len(body))
	return body
}

func TestExportsInTheBackground(t *testing.T) {
	s, now := exporting(t, exportjob.FileOptions{})
	identities := map[string]any{"type": []any{"IDENTITY"}}
	entities := s.export(map[string]any{"dataset": "ENTITIES", "filter": identities, "search": "GH", "columns": []any{"Name", "Type", "Source ID"}})
	rows, err := csv.NewReader(strings.NewReader(s.file(entities))).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"Name", "Type", "Source ID"}, rows[0])
	var want struct {
		Entities struct {
			Edges []struct{ Node struct{ Name string } }
		}
	}
	require.Empty(t, s.graphQL(s.token, `query($f: EntityFilter) { entities(filter: $f, search: "GH") { edges { node { name } } } }`, map[string]any{"f": identities}, &want))
	require.Len(t, rows, 1+len(want.Entities.Edges))
	require.NotEmpty(t, want.Entities.Edges)
	for i, e := range want.Entities.Edges {
		require.Equal(t, e.Node.Name, rows[1+i][0])
		require.Equal(t, "IDENTITY", rows[1+i][1])
	}
	require.EqualValues(t, len(rows)-1, entities.Result.Rows)

	// The same rows in every format.
	for _, format := range []string{"PARQUET", "ARROW"} {
		j := s.export(map[string]any{"dataset": "ENTITIES", "format": format, "filter": identities, "search": "GH", "columns": []any{"Name", "Type", "Source ID"}})
		require.Equal(t, rows[1:], columnsOf(t, format, s.file(j), []string{"name", "type", "source_id"}), format)
	}

	// Access and changes are those of the questions.
	body := s.file(s.export(map[string]any{"dataset": "ACCESS", "filter": identities}))
	_, direct := s.do(http.MethodPost, "/api/v1/exports/access", `{"format":"csv","filter":{"type":["IDENTITY"]}}`, "Authorization", "Bearer "+s.token)
	require.Equal(t, direct, body)
	body = s.file(s.export(map[string]any{"dataset": "CHANGES", "from": "2024-01-01T00:00:00Z", "to": "2024-03-01T12:00:00Z"}))
	var changes struct{ AccessChanges struct{ TotalCount int } }
	require.Empty(t, s.graphQL(s.token, `{ accessChanges(from: "2024-01-01T00:00:00Z", to: "2024-03-01T12:00:00Z") { totalCount } }`, nil, &changes))
	require.Positive(t, changes.AccessChanges.TotalCount)
	require.Equal(t, 1+changes.AccessChanges.TotalCount, strings.Count(body, "\n"))
	empty := s.file(s.export(map[string]any{"dataset": "ENTITIES", "asOf": "2020-01-01T00:00:00Z"}))
	require.Equal(t, 1, strings.Count(empty, "\n"), "there was nothing then")

	// Others do not get it, reviewers cannot start one, and it expires.
	other := key(t, s.World, access.RiskManager)
	resp, _ := s.do(http.MethodGet, *entities.DownloadURL, "", "Authorization", "Bearer "+other)
	require.Equal(t, http.StatusForbidden, resp.StatusCode)
	var seen struct{ Node exportedJob }
	require.Empty(t, s.graphQL(other, `query($id: ID!) { node(id: $id) { ... on Job { downloadUrl } } }`, map[string]any{"id": entities.ID}, &seen))
	require.Nil(t, seen.Node.DownloadURL)
	resp, _ = s.do(http.MethodGet, *entities.DownloadURL, "")
	require.Equal(t, http.StatusUnauthorized, resp.StatusCode)
	errs := s.graphQL(key(t, s.World, access.Reviewer), `mutation { startExport(input: {dataset: ENTITIES}) { id } }`, nil, nil)
	require.Equal(t, access.CodeForbidden, errs[0].Code())
	for _, action := range []string{"export.run", "export.download"} {
		list, err := s.Store.AuditEntries(t.Context(), store.AuditQuery{Action: action, Object: entities.ID})
		require.NoError(t, err)
		require.Len(t, list, 1, action)
	}
	*now = now.Add(exportjob.DefaultTTL)
	resp, _ = s.do(http.MethodGet, *entities.DownloadURL, "", "Authorization", "Bearer "+s.token)
	require.Equal(t, http.StatusNotFound, resp.StatusCode)
	require.Nil(t, s.ended(entities.ID).DownloadURL)
}

func columnsOf(t *testing.T, format, body string, names []string) [][]string {
	t.Helper()
	if format == "PARQUET" {
		read, err := pqarrow.ReadTable(t.Context(), bytes.NewReader([]byte(body)), parquet.NewReaderProperties(memory.DefaultAllocator), pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
		require.NoError(t, err)
		table := array.NewTableReader(read, 0)
		require.True(t, table.Next())
		return recordRows(t, table.Record(), names)
	}
	file, err := ipc.NewFileReader(bytes.NewReader([]byte(body)))
	require.NoError(t, err)
	record, err := file.Record(0)
	require.NoError(t, err)
	return recordRows(t, record, names)
}

func recordRows(t *testing.T, record arrow.Record, names []string) [][]string {
	t.Helper()
	require.EqualValues(t, len(names), record.NumCols())
	out := make([][]string, record.NumRows())
	for i, column := range record.Columns() {
		require.Equal(t, names[i], record.ColumnName(i))
		for row := range out {
			out[row] = append(out[row], column.(*array.String).Value(row))
		}
	}
	return out
}

func TestRefusedExports(t *testing.T) {
	s, _ := exporting(t, exportjob.FileOptions{})
	for name, c := range map[string]struct {
		input map[string]any
		code  access.Code
	}{
		"a column that there is not": {map[string]any{"dataset": "ENTITIES", "columns": []any{"Name", "Colour"}}, access.CodeInvalidInput},
		"a column twice":             {map[string]any{"dataset": "ENTITIES", "columns": []any{"Name", "Name"}}, access.CodeInvalidInput},
		"columns of access":          {map[string]any{"dataset": "ACCESS", "columns": []any{"Source"}}, access.CodeInvalidInput},
		"a search in changes":        {map[string]any{"dataset": "CHANGES", "search": "x", "from": "2024-01-01T00:00:00Z", "to": "2024-02-01T00:00:00Z"}, access.CodeInvalidInput},
		"changes without moments":    {map[string]any{"dataset": "CHANGES"}, access.CodeInvalidInput},
		"a bad filter":               {map[string]any{"dataset": "ENTITIES", "filter": map[string]any{"inactiveForDays": -1}}, access.CodeInvalidInput},
		"filtered employees":         {map[string]any{"dataset": "EMPLOYEES", "filter": map[string]any{}}, access.CodeInvalidInput},
	} {
		errs := s.graphQL(s.token, `mutation($in: ExportInput!) { startExport(input: $in) { id } }`, map[string]any{"in": c.input}, nil)
		require.Len(t, errs, 1, name)
		require.Equal(t, c.code, errs[0].Code(), name)
	}
	resp, _ := s.do(http.MethodGet, "/api/v1/exports/..%2f..%2fetc/file", "", "Authorization", "Bearer "+s.token)
	require.Equal(t, http.StatusNotFound, resp.StatusCode)
	closed := start(t, nil)
	errs := closed.graphQL(closed.token, `mutation { startExport(input: {dataset: ENTITIES}) { id } }`, nil, nil)
	require.Equal(t, access.CodeUnavailable, errs[0].Code(), "no folder")
}

func TestExportsAreBounded(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "exports")
	s, _ := exporting(t, exportjob.FileOptions{Folder: folder, MaxFile: 200})
	j := s.export(map[string]any{"dataset": "ENTITIES"})
	require.Equal(t, "FAILED", j.State)
	require.Equal(t, string(access.CodeLimitExceeded), j.Failure.Code)
	require.Nil(t, j.DownloadURL)
	list, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, list, "no half file is left")

	// What is old goes, what is young stays, and a full folder takes nothing more.
	files := exportjob.NewFiles(exportjob.FileOptions{Folder: folder, TTL: time.Hour})
	for name, age := range map[string]time.Duration{"old.csv": 2 * time.Hour, "young.csv": time.Minute} {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, []byte("12345"), 0o600))
		require.NoError(t, os.Chtimes(path, time.Now().Add(-age), time.Now().Add(-age)))
	}
	left, err := files.Sweep()
	require.NoError(t, err)
	require.EqualValues(t, 5, left)
	full, _ := exporting(t, exportjob.FileOptions{Folder: folder, MaxTotal: 5})
	j = full.export(map[string]any{"dataset": "EMPLOYEES"})
	require.Equal(t, string(access.CodeLimitExceeded), j.Failure.Code)
}
