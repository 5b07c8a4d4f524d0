package query

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
)

type cypherOnly struct{}

func (cypherOnly) Reader(context.Context, time.Time) (Reader, error) { return named{}, nil }

type wholeReader struct{ Whole }

type memoryEngine struct{}

func (memoryEngine) Reader(context.Context, time.Time) (Reader, error) { return wholeReader{}, nil }

// Whole questions go to memory wherever there is one, and say so where there is none.
func TestReadWhole(t *testing.T) {
	now := time.Now()
	_, err := ReadWhole(t.Context(), cypherOnly{}, now)
	require.Equal(t, access.CodeUnavailable, access.CodeOf(err))
	for _, e := range []Engine{memoryEngine{}, OnDemand{Engine: cypherOnly{}, Memory: memoryEngine{}}} {
		w, err := ReadWhole(t.Context(), e, now)
		require.NoError(t, err)
		require.Equal(t, wholeReader{}, w)
	}
	r, err := OnDemand{Engine: cypherOnly{}, Memory: memoryEngine{}}.Reader(t.Context(), now)
	require.NoError(t, err)
	require.Equal(t, named{}, r)
}
