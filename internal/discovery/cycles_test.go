package discovery

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/accessgraph/accessgraph/internal/query"
)

func TestCycles(t *testing.T) {
	pairs := func(texts ...string) (out []query.Pair) {
		for _, s := range texts {
			out = append(out, query.Pair{From: s[:1], To: s[1:]})
		}
		return out
	}
	require.Empty(t, cycles(nil))
	require.Empty(t, cycles(pairs("ab", "bc", "ac", "aa")), "a loop is no cycle, nor is a diamond")
	require.Equal(t, [][]string{{"a", "b"}, {"c", "d", "e"}}, cycles(pairs("de", "ec", "cd", "ab", "ba", "bc")))
	require.Equal(t, [][]string{{"a", "b", "c", "d"}}, cycles(pairs("ab", "bc", "ca", "cd", "db")))
}

// TestCyclesAreMutualReach: two nodes are in one cycle when each reaches the other.
func TestCyclesAreMutualReach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		node := rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f"})
		list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) query.Pair {
			return query.Pair{From: node.Draw(t, "from"), To: node.Draw(t, "to")}
		}), 0, 14).Draw(t, "pairs")
		reach := map[query.Pair]bool{}
		for _, p := range list {
			reach[p] = true
		}
		all := []string{"a", "b", "c", "d", "e", "f"}
		for _, k := range all {
			for _, i := range all {
				for _, j := range all {
					if reach[query.Pair{From: i, To: k}] && reach[query.Pair{From: k, To: j}] {
						reach[query.Pair{From: i, To: j}] = true
					}
				}
			}
		}
		in := map[string]int{}
		for n, ring := range cycles(list) {
			for _, v := range ring {
				in[v] = n + 1
			}
		}
		for _, i := range all {
			for _, j := range all {
				mutual := i != j && reach[query.Pair{From: i, To: j}] && reach[query.Pair{From: j, To: i}]
				same := i != j && in[i] != 0 && in[i] == in[j]
				if mutual != same {
					t.Fatalf("%s and %s: mutual %v, in one cycle %v", i, j, mutual, same)
				}
			}
		}
	})
}
