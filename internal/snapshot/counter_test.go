package snapshot_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/snapshot"
)

// Counts are the same whatever part of the lists there is room for, however many count at
// a time and whatever they count.
func TestCountsWithinBudgets(t *testing.T) {
	s, err := snapshot.Build(t.Context(), company())
	require.NoError(t, err)
	sets := map[access.EntityType]snapshot.Bits{}
	want := map[access.EntityType]int64{}
	for _, kind := range access.EntityTypes {
		sets[kind], err = s.Select(t.Context(), &filter.Filter{Type: []access.EntityType{kind}}, "", querytest.Now)
		require.NoError(t, err)
	}
	snapshot.KeepFlats(s, 0) // walks from each
	require.NoError(t, s.EachIdentityAccess(t.Context(), nil, 0, func(_ uint32, targets []uint32) error {
		for kind, set := range sets {
			for _, to := range targets {
				if set.Has(to) {
					want[kind]++
				}
			}
		}
		return nil
	}))
	require.Positive(t, want[access.Resource])
	for _, budget := range []int64{0, 1 << 10, 1 << 16, 1 << 20, 1 << 30} {
		snapshot.Forget(s)
		snapshot.KeepFlats(s, budget)
		var wait sync.WaitGroup
		for range 3 {
			for kind, set := range sets {
				wait.Go(func() {
					n, err := s.CountEffective(t.Context(), nil, set)
					assert.NoError(t, err)
					assert.Equal(t, want[kind], n, "%s, budget %d", kind, budget)
				})
			}
		}
		wait.Wait()
	}
}
