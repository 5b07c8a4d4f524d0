package neo4j

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

func TestParseBytes(t *testing.T) {
	for text, want := range map[string]int64{
		"256.00MiB": 256 << 20, "1.50GiB": 3 << 29, "0B": 0, "512B": 512, "10.00KiB": 10 << 10, "": 0, "lots": 0, "xMiB": 0,
	} {
		require.Equal(t, want, parseBytes(text), text)
	}
}

// TestTooLargeForTheServer commits more at once than the server's memory takes.
func TestTooLargeForTheServer(t *testing.T) {
	if testing.Short() {
		t.Skip("fills the server's memory")
	}
	server := neo4jtest.Acquire(t)
	ctx := context.Background()
	s := openOn(t, server)
	limit, err := s.memoryLimit(ctx)
	require.NoError(t, err)
	require.Positive(t, limit)
	if limit > 60_000 {
		t.Skip("this server has memory for more changes than the test makes")
	}
	s.maxChanges.Store(1 << 40) // as if the server had not told
	first, _ := sampleWorld(5, int(limit)/2)
	version, err := s.Commit(ctx, commitOf(0, first))
	require.NoError(t, err)
	require.EqualValues(t, 1, version)
	require.Less(t, s.limit(), int64(len(first)), "the next commit of this size goes to batches at once")
	requireDerived(t, s)
}
