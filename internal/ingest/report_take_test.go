package ingest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReportTake: what two parts of the work tell is what one that does both tells.
func TestReportTake(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 3)) //nolint:gosec // test data
		var whole, first, second Report
		for _, part := range []*Report{&first, &second} {
			for range r.IntN(2 * IssueLimit) {
				i := Issue{Row: int64(r.IntN(100)), Code: fmt.Sprint("C", r.IntN(3)), Message: strings.Repeat("é", r.IntN(3)*500+r.IntN(4)) + "x"}
				if r.IntN(4) == 0 {
					whole.Error(i)
					part.Error(i)
				} else {
					whole.Warn(i)
					part.Warn(i)
				}
			}
			part.Grants.Removed, whole.Grants.Removed = part.Grants.Removed+3, whole.Grants.Removed+3
		}
		first.take(&second)
		require.Equal(t, whole, first, "seed %d", seed)
	}
}
