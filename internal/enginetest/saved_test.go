package enginetest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/snapshot"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/embedded"
)

// large is a graph that is worth saving: 12,000 entities.
func large(s store.Store, t *testing.T) {
	t.Helper()
	_, err := s.Commit(t.Context(), store.Commit{Graph: func(yield func(store.Change, error) bool) {
		if !yield(store.Change{PutIntegration: &access.Integration{ID: "i", Key: "k", Name: "K"}}, nil) {
			return
		}
		for i := range 12_000 {
			if !yield(store.Change{PutEntity: account(i)}, nil) {
				return
			}
		}
	}})
	require.NoError(t, err)
}

func account(i int) *access.Entity {
	e := &access.Entity{Integration: "k", Type: access.Identity, SourceID: fmt.Sprint(i), Name: fmt.Sprintf("account %d", i), SourceType: "user"}
	e.ID = e.Key().ID()
	return e
}

func savedFiles(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "snapshot-*"))
	require.NoError(t, err)
	return files
}

// session opens the store and an engine as a process does, looks, and closes both.
func session(t *testing.T, dir string, readOnly bool, look func(s store.Store, e *snapshot.Engine)) {
	t.Helper()
	s, err := embedded.Open(t.Context(), dir, embedded.Options{ReadOnly: readOnly})
	require.NoError(t, err)
	e := snapshot.NewEngine(s, snapshot.WithFolder(dir, !readOnly))
	look(s, e)
	require.NoError(t, e.Close())
	require.NoError(t, e.Close(), "twice is once")
	require.NoError(t, s.Close())
}

func total(t *testing.T, e *snapshot.Engine) int {
	t.Helper()
	r, err := e.Reader(t.Context(), time.Now())
	require.NoError(t, err)
	page, err := r.Entities(t.Context(), query.EntityQuery{Page: query.Page{First: 1, WithTotal: true}})
	require.NoError(t, err)
	return page.Total
}

func remove(t *testing.T, s store.Store, i int) {
	t.Helper()
	_, err := s.Commit(t.Context(), store.Commit{Graph: each([]store.Change{{RemoveEntity: account(i).ID}})})
	require.NoError(t, err)
}

// A process begins where the last one ended, without reading the graph again, and ignores
// what is not of its store.
func TestSavedSnapshotOfAStore(t *testing.T) {
	dir := t.TempDir()
	session(t, dir, false, func(s store.Store, e *snapshot.Engine) {
		large(s, t)
		require.Equal(t, 12_000, total(t, e))
		require.Equal(t, snapshot.Renewals{Loaded: 1}, e.Renewals())
	})
	require.Len(t, savedFiles(t, dir), 1)
	info, err := os.Stat(savedFiles(t, dir)[0])
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())

	t.Run("nothing happened in between", func(t *testing.T) {
		before := savedFiles(t, dir)
		session(t, dir, false, func(_ store.Store, e *snapshot.Engine) {
			require.Equal(t, 12_000, total(t, e))
			require.Equal(t, snapshot.Renewals{Followed: 1}, e.Renewals())
		})
		require.Equal(t, before, savedFiles(t, dir), "there was nothing to write")
	})
	t.Run("commits in between are seen", func(t *testing.T) {
		session(t, dir, false, func(s store.Store, _ *snapshot.Engine) { remove(t, s, 7) })
		before := savedFiles(t, dir)
		session(t, dir, true, func(_ store.Store, e *snapshot.Engine) {
			require.Equal(t, 11_999, total(t, e))
			require.Equal(t, snapshot.Renewals{Followed: 1}, e.Renewals())
		})
		require.Equal(t, before, savedFiles(t, dir), "a reader writes nothing")
		session(t, dir, false, func(_ store.Store, e *snapshot.Engine) { require.Equal(t, 11_999, total(t, e)) })
		require.Len(t, savedFiles(t, dir), 1)
		require.NotEqual(t, before, savedFiles(t, dir))
	})
	t.Run("a gap means a load", func(t *testing.T) {
		session(t, dir, false, func(s store.Store, e *snapshot.Engine) {
			for i := range 201 {
				remove(t, s, 100+i)
			}
			require.Equal(t, 11_798, total(t, e))
			require.Equal(t, snapshot.Renewals{Loaded: 1}, e.Renewals())
		})
	})
	t.Run("a damaged file means a load", func(t *testing.T) {
		path := savedFiles(t, dir)[0]
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		data[len(data)/2] ^= 4
		require.NoError(t, os.WriteFile(path, data, 0o600))
		session(t, dir, true, func(_ store.Store, e *snapshot.Engine) {
			require.Equal(t, 11_798, total(t, e))
			require.Equal(t, snapshot.Renewals{Loaded: 1}, e.Renewals())
		})
		session(t, dir, false, func(_ store.Store, e *snapshot.Engine) { require.Equal(t, 11_798, total(t, e)) })
		require.Len(t, savedFiles(t, dir), 1, "a good one takes its place")
	})
	t.Run("a copy that went its own way is another store", func(t *testing.T) {
		other := t.TempDir()
		for _, name := range []string{embedded.FileName, filepath.Base(savedFiles(t, dir)[0])} {
			data, err := os.ReadFile(filepath.Join(dir, name))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(other, name), data, 0o600))
		}
		// Both come to the same version: the copy by another commit, without a snapshot.
		session(t, dir, false, func(s store.Store, e *snapshot.Engine) {
			remove(t, s, 500)
			require.Equal(t, 11_797, total(t, e))
		})
		session(t, other, false, func(s store.Store, _ *snapshot.Engine) {
			_, err := s.Commit(t.Context(), store.Commit{Graph: each([]store.Change{{PutEntity: account(70_000)}})})
			require.NoError(t, err)
		})
		for _, path := range savedFiles(t, other) {
			require.NoError(t, os.Remove(path))
		}
		path := savedFiles(t, dir)[0]
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(other, filepath.Base(path)), data, 0o600))
		session(t, other, false, func(s store.Store, e *snapshot.Engine) {
			require.Equal(t, 11_799, total(t, e))
			require.Equal(t, snapshot.Renewals{Loaded: 1}, e.Renewals())
		})
	})
	t.Run("no file is no harm", func(t *testing.T) {
		for _, path := range savedFiles(t, dir) {
			require.NoError(t, os.Remove(path))
		}
		session(t, dir, false, func(_ store.Store, e *snapshot.Engine) { require.Equal(t, 11_797, total(t, e)) })
	})
	t.Run("a folder that cannot be written is no harm", func(t *testing.T) {
		s, err := embedded.Open(t.Context(), dir, embedded.Options{})
		require.NoError(t, err)
		e := snapshot.NewEngine(s, snapshot.WithFolder(filepath.Join(dir, "not there"), true))
		require.Equal(t, 11_797, total(t, e))
		require.NoError(t, e.Close())
		require.NoError(t, s.Close())
	})
}

// A start that is given up gives up reading the file as well.
func TestSavedSnapshotCancelled(t *testing.T) {
	dir := t.TempDir()
	session(t, dir, false, func(s store.Store, e *snapshot.Engine) {
		large(s, t)
		require.Equal(t, 12_000, total(t, e))
	})
	session(t, dir, true, func(_ store.Store, e *snapshot.Engine) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := e.Reader(ctx, time.Now())
		require.True(t, errors.Is(err, context.Canceled), "%v", err)
	})
}
