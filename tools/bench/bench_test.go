package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// short runs the short form of some parts, so that the bench does not rot.
func short(t *testing.T, args ...string) *result {
	t.Helper()
	s, err := parseFlags(append([]string{"-short"}, args...))
	require.NoError(t, err)
	s.log = t.Logf
	return runOn(t, s)
}

func runOn(t *testing.T, s settings) *result {
	t.Helper()
	res, err := run(t.Context(), s)
	require.NoError(t, err)
	require.NotEmpty(t, res.table())
	folder := t.TempDir()
	require.NoError(t, res.write(folder))
	text, err := os.ReadFile(filepath.Join(folder, "benchmarks.md"))
	require.NoError(t, err)
	runs, err := readRuns(filepath.Join(folder, "benchmarks"))
	require.NoError(t, err)
	require.Len(t, runs, 1)
	require.Len(t, runs[0].Lines, len(res.Lines))
	for _, c := range res.Lines {
		require.Contains(t, string(text), c.Name)
		require.NotEmpty(t, c.Ours.Seconds)
		if !c.Apart {
			require.Len(t, c.Peer.Seconds, len(c.Ours.Seconds))
		}
		require.Positive(t, c.MedianRatio)
		require.Equal(t, c.Goal > 0, c.Met != nil)
	}
	return res
}

func TestShortEmbedded(t *testing.T) {
	require.Len(t, short(t, "-run", partEmbedded).Lines, 2)
}

func TestShortNeo4j(t *testing.T) {
	borrowed := neo4jtest.Acquire(t)
	s, err := parseFlags([]string{"-short", "-run", "import-neo4j,reach,having"})
	require.NoError(t, err)
	s.log = t.Logf
	s.server = server{borrowed.URI, borrowed.Username, borrowed.Password, borrowed.Database}
	res := runOn(t, s)
	require.Len(t, res.Lines, 7+4*3+3*3)
	require.Len(t, res.Tried, 4*len(reachShapes)+3*len(havingShapes("true")))
	require.Contains(t, res.Machine.Neo4j, "5.")

	db, err := connect(t.Context(), s.server)
	require.NoError(t, err)
	defer db.close(t.Context())
	_, err = db.auto(t.Context(), `CREATE (:Precious)`, nil)
	require.NoError(t, err)
	_, err = run(t.Context(), s)
	require.ErrorContains(t, err, "has 1 nodes", "what somebody else stored is not deleted")
}

func TestFlags(t *testing.T) {
	for _, args := range [][]string{{"-run", "everything"}, {"-scale", "0"}, {"more"}, {"-import-rounds", "0"}} {
		_, err := parseFlags(args)
		require.Error(t, err, "%v", args)
	}
	s, err := parseFlags(nil)
	require.NoError(t, err)
	require.Equal(t, allParts, s.Parts)
	require.Equal(t, "docs", s.out)
	s, err = parseFlags([]string{"-run", "reach"})
	require.NoError(t, err)
	require.Empty(t, s.out, "a part alone does not replace the whole")
}

func TestCorpus(t *testing.T) {
	c, again := newCorpus(0.02, 3), newCorpus(0.02, 3)
	require.Equal(t, c.first, again.first)
	require.Equal(t, c.second, again.second)
	require.NotEqual(t, c.first, newCorpus(0.02, 4).first)
	require.InDelta(t, 0.01, float64(c.changed)/float64(c.grants()), 0.002)
	d, err := readPlain(c.first)
	require.NoError(t, err)
	require.Len(t, d.grants, c.grants())
	require.Len(t, d.entities["Identity"], c.people)
	require.Len(t, d.entities["Connection"], c.groups)
	require.Len(t, d.entities["Resource"], c.resources)
}

func TestRatios(t *testing.T) {
	ours, peer := series{Seconds: []float64{1, 2, 4}}, series{Seconds: []float64{3, 2, 40}}
	c := comparison{Ours: ours, Peer: peer, Goal: 3}.finish()
	require.InDelta(t, 3, c.MedianRatio, 1e-9, "rounds are 3, 1 and 10")
	require.InDelta(t, 1.5, c.RatioOfMedians, 1e-9)
	require.True(t, *c.Met)
	c = comparison{Ours: ours, Peer: peer, Goal: 0.3, Cost: true}.finish()
	require.InDelta(t, 1.0/3, c.MedianRatio, 1e-9)
	require.False(t, *c.Met)
	require.Nil(t, comparison{Ours: ours, Peer: peer}.finish().Met)
}

func TestStoresThatDifferAreNoticed(t *testing.T) {
	entity := func(n int64, id string) []any { return []any{n, id} }
	want := tables{{name: "entity", rows: [][]any{entity(1, "a"), entity(2, "b")}}, {name: "grant_live", rows: [][]any{{int64(1), int64(2), "read"}}}}
	same := tables{{name: "entity", rows: [][]any{entity(1, "b"), entity(2, "a")}}, {name: "grant_live", rows: [][]any{{int64(2), int64(1), "read"}}}}
	require.NoError(t, same.equal(want), "numbers may differ")
	same[1].rows[0][2] = "write"
	require.Error(t, same.equal(want))
	require.Error(t, want[:1].equal(want))
	require.Error(t, want.equal(want[:1]))
	require.Error(t, sameAnswer([]string{"a"}, []string{"a", "b"}))
	require.Error(t, sameAnswer([]string{"a", "b"}, []string{"a"}))
	require.Error(t, sameAnswer([]string{"b"}, []string{"a"}))
}

// TestTurnsAreBalanced: nobody gains by a place or by who comes before.
func TestTurnsAreBalanced(t *testing.T) {
	for n := 1; n < 8; n++ {
		places, after := map[[2]int]int{}, map[[2]int]int{}
		for round := range 2 * n {
			for k := range n {
				i := turns(n, round, k)
				places[[2]int{i, k}]++
				if k > 0 {
					after[[2]int{turns(n, round, k-1), i}]++
				}
			}
		}
		require.Len(t, places, n*n)
		require.Len(t, after, n*(n-1))
		for _, times := range []map[[2]int]int{places, after} {
			for pair, count := range times {
				require.Equal(t, 2, count, "%d: %v", n, pair)
			}
		}
	}
}
