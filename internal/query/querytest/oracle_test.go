package querytest

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/query"
)

// Random worlds must be worth asking about: answers that are mostly empty prove nothing.
func TestRandomWorldsAreRich(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var matched, asked, chains, truncated int
	for range 100 {
		w := RandomWorld(r)
		o := NewOracle(w, Now)
		for range 10 {
			f := RandomFilter(r, 2)
			require.NoError(t, f.Validate("filter"))
			page, err := o.Entities(t.Context(), query.EntityQuery{Filter: f})
			require.NoError(t, err)
			asked++
			if len(page.Entities) > 0 && len(page.Entities) < len(w.Entities) {
				matched++
			}
		}
		for i := range w.Entities {
			for j := range w.Entities {
				list, err := o.Chains(t.Context(), query.ChainQuery{Pairs: []query.Pair{{From: w.Entities[i].ID, To: w.Entities[j].ID}}, MaxDepth: 3, First: 3})
				require.NoError(t, err)
				chains += len(list[0].Chains)
				if list[0].Truncated {
					truncated++
				}
			}
		}
	}
	t.Logf("%d of %d filters select some but not all; %d chains, %d truncated lists", matched, asked, chains, truncated)
	require.Greater(t, matched, asked/8)
	require.Greater(t, chains, 1000)
	require.Greater(t, truncated, 50)
}
