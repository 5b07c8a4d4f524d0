package embedded

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

func requireCode(t *testing.T, want access.Code, err error) *access.Error {
	t.Helper()
	var e *access.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, want, e.Code, "%v", err)
	return e
}

// The folder may be one that others can read; what is in it is not for them.
func TestTheFilesAreTheOwners(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no permission bits")
	}
	dir := t.TempDir()
	s := open(t, dir, Options{})
	_, err := s.Commit(t.Context(), store.Commit{Graph: func(yield func(store.Change, error) bool) {
		yield(store.Change{PutApplication: &access.Application{ID: "a_1", Name: "App"}}, nil)
	}, GraphCount: 1})
	require.NoError(t, err)
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		info, err := f.Info()
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, f.Name())
	}
}

func TestSecondWriterIsRefused(t *testing.T) {
	dir := t.TempDir()
	first, err := Open(t.Context(), dir, Options{})
	require.NoError(t, err)
	_, err = Open(t.Context(), dir, Options{})
	e := requireCode(t, access.CodeUnavailable, err)
	host, err := os.Hostname()
	require.NoError(t, err)
	require.Contains(t, e.Message, fmt.Sprintf("process %d on %s since ", os.Getpid(), host))
	require.Contains(t, e.Message, "--server")
	require.Contains(t, e.Message, dir)
	require.NoError(t, first.Close())
	require.NoError(t, first.Close(), "closing again does nothing")
	open(t, dir, Options{}) // the lock is free again
}

func TestAfterClose(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	require.NoError(t, s.Close())
	_, err := s.Commit(t.Context(), numbered(1))
	_ = requireCode(t, access.CodeUnavailable, err)
}

func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(t.Context(), dir, Options{ReadOnly: true})
	_ = requireCode(t, access.CodeNotFound, err)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left, "nothing is created")

	w := open(t, dir, Options{})
	_, err = w.Commit(t.Context(), numbered(1))
	require.NoError(t, err)
	r := open(t, dir, Options{ReadOnly: true})
	require.Equal(t, int64(1), requireWhole(t, r))
	err = r.ReadGraph(t.Context(), func(ctx context.Context, v store.GraphView) error {
		// A commit of the writer shows at once, but not in what is being read.
		_, err := w.Commit(ctx, numbered(2))
		require.NoError(t, err)
		integrations, err := v.Integrations(ctx)
		require.NoError(t, err)
		require.Equal(t, "1", integrations[0].Name)
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, int64(2), requireWhole(t, r))

	_, err = r.Commit(t.Context(), numbered(3))
	_ = requireCode(t, access.CodeUnavailable, err)
	_, err = r.AcquireLease(t.Context(), "x", "y", time.Minute)
	_ = requireCode(t, access.CodeUnavailable, err)
	_ = requireCode(t, access.CodeUnavailable, r.ReleaseLease(t.Context(), "x", "y"))
	_, err = r.reads.ExecContext(t.Context(), "DELETE FROM entity")
	require.Error(t, err, "not even by mistake")

	require.NoError(t, w.Close())
	require.Equal(t, int64(2), requireWhole(t, r), "the writer may leave first")
	require.NoError(t, r.Close())
	alone := open(t, dir, Options{ReadOnly: true})
	require.Equal(t, int64(2), requireWhole(t, alone), "and a reader may come alone")
}

func TestOddFolders(t *testing.T) {
	for _, name := range []string{"with space", "50% off?", "hash#tag", "a&b=c", "ünïcödé 数据", "quote'\""} {
		dir := filepath.Join(t.TempDir(), name, "deep")
		s := open(t, dir, Options{})
		_, err := s.Commit(t.Context(), numbered(1))
		require.NoError(t, err)
		require.FileExists(t, filepath.Join(dir, FileName))
		require.Equal(t, int64(1), requireWhole(t, open(t, dir, Options{ReadOnly: true})))
	}
}

func TestUnusableFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := Open(t.Context(), file, Options{})
	_ = requireCode(t, access.CodeUnavailable, err)
}

// damage opens the file of a fresh store behind its back.
func damage(t *testing.T, dir string, statements ...string) {
	t.Helper()
	s, err := Open(t.Context(), dir, Options{})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	db, err := sql.Open("sqlite", filepath.Join(dir, FileName))
	require.NoError(t, err)
	for _, q := range statements {
		_, err = db.ExecContext(t.Context(), q)
		require.NoError(t, err)
	}
	require.NoError(t, db.Close())
}

func TestFilesThatAreNotOurs(t *testing.T) {
	for name, c := range map[string]struct {
		prepare  func(t *testing.T, dir string)
		readOnly bool // only a reader minds
		says     string
	}{
		"newer":                 {func(t *testing.T, dir string) { damage(t, dir, "PRAGMA user_version = 999") }, false, "newer accessgraph (schema 999"},
		"older":                 {func(t *testing.T, dir string) { damage(t, dir, "PRAGMA user_version = 0") }, true, "open it once for writing"},
		"another application's": {func(t *testing.T, dir string) { damage(t, dir, "PRAGMA application_id = 7") }, false, "is not an accessgraph database"},
		"no database": {func(t *testing.T, dir string) {
			require.NoError(t, os.WriteFile(filepath.Join(dir, FileName), []byte("Application,Integration,Entity Name\n"), 0o600))
		}, false, "is not an accessgraph database"},
		"empty": {func(t *testing.T, dir string) {
			require.NoError(t, os.WriteFile(filepath.Join(dir, FileName), nil, 0o600))
		}, true, "is not an accessgraph database"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			c.prepare(t, dir)
			_, err := Open(t.Context(), dir, Options{ReadOnly: true})
			require.Contains(t, requireCode(t, access.CodeUnavailable, err).Message, c.says)
			if c.readOnly {
				return
			}
			_, err = Open(t.Context(), dir, Options{})
			require.Contains(t, requireCode(t, access.CodeUnavailable, err).Message, c.says)
			_, err = Open(t.Context(), dir, Options{})
			require.NotContains(t, err.Error(), "in use", "a failed opening gives the lock back")
		})
	}
}

func TestDurabilitySettings(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	var mode string
	var sync int
	require.NoError(t, s.writes.conn.QueryRowContext(t.Context(), "PRAGMA journal_mode").Scan(&mode))
	require.NoError(t, s.writes.conn.QueryRowContext(t.Context(), "PRAGMA synchronous").Scan(&sync))
	require.Equal(t, "wal", mode)
	require.Equal(t, 2, sync, "FULL")
}

func TestAuditIsAppendOnly(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	_, err := s.Commit(t.Context(), numbered(1))
	require.NoError(t, err)
	for _, q := range []string{"DELETE FROM audit", "UPDATE audit SET actor = 'x'"} {
		require.ErrorContains(t, s.writes.transact(t.Context(), func(tx *tx) error { return tx.exec(q) }), "append-only")
	}
}

// Sorting all grants, or scanning them for a few, would show only at a size that tests do
// not have; so the plans are looked at.
func TestPlans(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	all, none := within("s", "")
	one, key := within("s", "K")
	entities, _ := within("e", "")
	ofOne, _ := within("e", "K")
	some := []any{among([]string{"e_1"})}
	grants := selectGrant + "NULL FROM entity s CROSS JOIN grant_live" + grantEnds
	history := selectGrant + "g.to_at FROM entity s CROSS JOIN grant_history" + grantEnds
	const listed = " WHERE s.id IN (SELECT value FROM json_each(?))"
	const byID = `SEARCH [se] USING (COVERING )?INDEX sqlite_autoindex_entity_1 \(id=\?\)`
	for name, c := range map[string]struct {
		query string
		args  []any
		want  []string
	}{
		"all grants":         {grants + all + grantOrder, none, []string{`SCAN s USING (COVERING )?INDEX sqlite_autoindex_entity_1`, `SEARCH g USING PRIMARY KEY \(source=`, `SEARCH t USING INTEGER PRIMARY KEY`}},
		"all history":        {history + all + historyOrder, none, []string{`SCAN s USING (COVERING )?INDEX sqlite_autoindex_entity_1`, `SEARCH g USING INDEX grant_history_source`}},
		"grants of one":      {grants + one + grantOrder, key, []string{`SEARCH s USING COVERING INDEX entity_integration`, `SEARCH g USING PRIMARY KEY \(source=`}},
		"grants of sources":  {grants + listed + grantOrder, some, []string{byID, `SEARCH g USING PRIMARY KEY \(source=`}},
		"history of sources": {history + listed + historyOrder, some, []string{byID, `SEARCH g USING INDEX grant_history_source`}},
		"all entities":       {selectEntity + entities + " ORDER BY e.id", nil, []string{`SCAN e USING INDEX sqlite_autoindex_entity_1`, `SEARCH i USING INTEGER PRIMARY KEY`, `SEARCH m USING INTEGER PRIMARY KEY`}},
		"entities of one":    {selectEntity + ofOne + " ORDER BY e.id", key, []string{`SEARCH e USING INDEX entity_integration`}},
		"entities by id":     {selectEntity + " WHERE e.id IN (SELECT value FROM json_each(?)) ORDER BY e.id", some, []string{byID}},
	} {
		plan := ""
		err := each(t.Context(), s.reads, func(rows *sql.Rows) error {
			var id, parent, unused int
			var detail string
			err := rows.Scan(&id, &parent, &unused, &detail)
			plan += detail + "\n"
			return err
		}, "EXPLAIN QUERY PLAN "+c.query, c.args...)
		require.NoError(t, err, name)
		require.NotContains(t, plan, "USE TEMP B-TREE FOR ORDER BY", name)
		for _, want := range c.want {
			require.Regexp(t, want, plan, name)
		}
	}
}
