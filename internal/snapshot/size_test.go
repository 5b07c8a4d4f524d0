package snapshot_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/snapshot"
)

// A snapshot stays within its budgets of memory, and Size says what it really takes.
func TestSize(t *testing.T) {
	d := company()
	var before, after runtime.MemStats
	collect := func(into *runtime.MemStats) {
		for range 4 { // what pools and finalizers held goes with a later one
			runtime.GC()
		}
		runtime.ReadMemStats(into)
	}
	collect(&before)
	s, err := snapshot.Build(t.Context(), d)
	require.NoError(t, err)
	collect(&after)
	size := s.Size()
	t.Logf("%+v", size)
	t.Logf("%.1f bytes a grant, %.1f bytes an entity, %d MB said, %d MB measured", size.PerGrant(), size.PerEntity(), size.Total()>>20, (int64(after.HeapAlloc)-int64(before.HeapAlloc))>>20)
	assert.LessOrEqual(t, size.PerGrant(), 40.0)
	assert.LessOrEqual(t, size.PerEntity(), 150.0)
	assert.InEpsilon(t, float64(after.HeapAlloc)-float64(before.HeapAlloc), float64(size.Total()), 0.25)
	runtime.KeepAlive(s)
	runtime.KeepAlive(d)
}
