package embedded

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/storetest"
)

func open(t *testing.T, dir string, opts Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), dir, opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, t.TempDir(), Options{}) }, storetest.Options{Steps: 200})
}

// TestContractForgetful runs the suite with commits that remember next to nothing, as
// those of millions of entities do.
func TestContractForgetful(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store {
		s := open(t, t.TempDir(), Options{})
		s.known = 2
		return s
	}, storetest.Options{Steps: 100, Large: 2000})
}
