package embedded

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

func TestChangesAreForgotten(t *testing.T) {
	s := open(t, t.TempDir(), Options{})
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
	since := func(version int64) (n int, ok bool) {
		require.NoError(t, s.ReadGraph(t.Context(), func(ctx context.Context, v store.GraphView) error {
			c, known, err := v.(store.ChangeView).Since(ctx, version)
			n, ok = len(c.Entities), known
			return err
		}))
		return n, ok
	}
	put(maxChanges)
	n, ok := since(0)
	require.True(t, ok)
	require.Equal(t, maxChanges, n)
	put(maxChanges + 1)
	_, ok = since(0)
	require.False(t, ok, "too large a commit is a gap")
	_, ok = since(1)
	require.False(t, ok)
	_, ok = since(2)
	require.True(t, ok)
	for range keptVersions {
		put(1)
	}
	n, ok = since(2)
	require.True(t, ok)
	require.Equal(t, 1, n)
	put(1)
	_, ok = since(2)
	require.False(t, ok, "too old")
	_, ok = since(3)
	require.True(t, ok)
}
