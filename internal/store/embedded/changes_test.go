package embedded

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// TestChangesAreForgotten: too large a commit is a gap.
func TestChangesAreForgotten(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
	s.writes.remember = 50
	put := func(n int) {
		_, err := s.Commit(t.Context(), store.Commit{Graph: func(yield func(store.Change, error) bool) {
			if !yield(store.Change{PutIntegration: &access.Integration{ID: "i", Key: "K", Name: "K"}}, nil) {
				return
			}
			for i := range n {
				e := access.Entity{Integration: "K", Type: access.Identity, SourceID: fmt.Sprint(i)}
				e.ID = e.Key().ID()
				if !yield(store.Change{PutEntity: &e}, nil) {
					return
				}
			}
		}})
		require.NoError(t, err)
	}
	mark := func() (mark string) {
		require.NoError(t, s.ReadGraph(t.Context(), func(ctx context.Context, v store.GraphView) (err error) {
			mark, err = v.(store.ChangeView).Mark(ctx)
			return err
		}))
		return mark
	}
	since := func(version int64, mark string) (n int, ok bool) {
		require.NoError(t, s.ReadGraph(t.Context(), func(ctx context.Context, v store.GraphView) error {
			c, known, err := v.(store.ChangeView).Since(ctx, version, mark)
			n, ok = len(c.Entities), known
			return err
		}))
		return n, ok
	}
	marks := []string{mark()}
	put(50)
	marks = append(marks, mark())
	n, ok := since(0, marks[0])
	require.True(t, ok)
	require.Equal(t, 50, n)
	put(51)
	marks = append(marks, mark())
	_, ok = since(0, marks[0])
	require.False(t, ok, "too large a commit is a gap")
	_, ok = since(1, marks[1])
	require.False(t, ok)
	_, ok = since(2, marks[2])
	require.True(t, ok)
	put(3)
	_, ok = since(1, marks[1])
	require.False(t, ok, "also when others follow")
	n, ok = since(2, marks[2])
	require.True(t, ok)
	require.Equal(t, 3, n)

	// Logs of more bytes than are kept go, oldest first.
	require.NoError(t, s.writes.transact(t.Context(), func(tx *tx) error {
		return tx.exec("UPDATE graph_change SET bytes = bytes + 33554432 WHERE version = 3")
	}))
	put(1)
	_, ok = since(2, marks[2])
	require.False(t, ok)
}
