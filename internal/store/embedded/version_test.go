package embedded

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheHeldVersionIsNeverOld: whoever asks after a commit has returned sees it, however
// readers and the writer meet.
func TestTheHeldVersionIsNeverOld(t *testing.T) {
	var h heldVersion
	var stored, returned atomic.Int64
	var work sync.WaitGroup
	reads := atomic.Int64{}
	for range 4 {
		work.Go(func() {
			for returned.Load() < 5000 {
				at := returned.Load()
				v, err := h.get(func() (int64, error) { reads.Add(1); return stored.Load(), nil })
				if err != nil || v < at {
					t.Errorf("version %d after commit %d returned, %v", v, at, err)
					return
				}
			}
		})
	}
	for n := range int64(5000) {
		done := h.committing()
		stored.Store(n + 1)
		done()
		returned.Store(n + 1)
	}
	work.Wait()
	before := reads.Load()
	for range 10 {
		v, err := h.get(func() (int64, error) { reads.Add(1); return stored.Load(), nil })
		require.NoError(t, err)
		require.EqualValues(t, 5000, v)
	}
	require.LessOrEqual(t, reads.Load(), before+1, "it is read once")
}
