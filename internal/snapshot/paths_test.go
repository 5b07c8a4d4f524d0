package snapshot_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/query"
)

// Chains of every pair, however few are asked for and however short they must be, are those
// that brute force finds; and so is whether there are more.
func TestChainsAgainstOracle(t *testing.T) {
	alone, cut := 0, 0
	eachSmall(t, 1500, 22, func(t *testing.T, x *explained) {
		t.Helper()
		q := query.ChainQuery{ThroughIdentities: x.r.IntN(2) == 0}
		for _, from := range x.ids {
			for _, to := range x.ids {
				q.Pairs = append(q.Pairs, query.Pair{From: from, To: to})
			}
		}
		for range 4 {
			q.MaxDepth, q.First = 1+x.r.IntN(8), []int{1, 1, 2, 3, 50}[x.r.IntN(5)]
			want, err := x.want.(query.Reader).Chains(t.Context(), q)
			require.NoError(t, err)
			got, err := x.got.(query.Reader).Chains(t.Context(), q)
			require.NoError(t, err)
			for i, pair := range q.Pairs {
				require.Equal(t, want[i].Truncated, got[i].Truncated, "%+v: %d chains of %d hops", pair, q.First, q.MaxDepth)
				require.Equal(t, len(want[i].Chains), len(got[i].Chains), "%+v: %d chains of %d hops", pair, q.First, q.MaxDepth)
				for j, chain := range want[i].Chains {
					require.Equal(t, chain.Nodes, got[i].Chains[j].Nodes, "%+v: %d chains of %d hops", pair, q.First, q.MaxDepth)
					require.Equal(t, chain.Hops, got[i].Chains[j].Hops)
				}
				if got[i].Truncated {
					cut++
				} else if len(got[i].Chains) == 1 {
					alone++
				}
			}
		}
	})
	assert.Positive(t, alone)
	assert.Positive(t, cut)
}
