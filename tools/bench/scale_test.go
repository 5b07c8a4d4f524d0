package main

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store/embedded"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// TestShortScale runs every part on tiny graphs, with every check of its answers.
func TestShortScale(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // the cache of a test is its own
	if python, reason := pythonOf(""); python == "" {
		t.Logf("without the Python peers: %s", reason)
	}
	res := short(t, "-run", "scale", "-size", "S,M,L")
	parts := map[string]bool{}
	for _, c := range res.Lines {
		parts[c.Part] = true
		require.NotEmpty(t, c.Size, c.Name)
	}
	require.ElementsMatch(t, scaleParts, slices.Collect(maps.Keys(parts)), "every part has a line")
	for _, what := range res.Skipped {
		t.Logf("left out: %s", what)
	}
}

// TestShortScaleNeo4j runs the parts that are compared with Cypher.
func TestShortScaleNeo4j(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	borrowed := neo4jtest.Acquire(t)
	s, err := parseFlags([]string{"-short", "-run", "everyone,lists,api"})
	require.NoError(t, err)
	s.log = t.Logf
	s.server = server{borrowed.URI, borrowed.Username, borrowed.Password, borrowed.Database}
	s.python = "none" // they have had their turn
	res := runOn(t, s)
	cypher := 0
	for _, c := range res.Lines {
		if strings.Contains(c.Peer.Name, "by hand") {
			cypher++
		}
	}
	require.Equal(t, 1+3+1, cypher)
}

// TestModelIsCorpus holds the two generators together: what is measured at scale is the
// graph of the imports.
func TestModelIsCorpus(t *testing.T) {
	c, m := newCorpus(1, 3), newModel(sizeS, 3)
	require.Equal(t, c.grants(), m.grants())
	imported, filled := t.TempDir(), t.TempDir()
	st, err := embedded.Open(t.Context(), imported, embedded.Options{})
	require.NoError(t, err)
	_, err = importFile(t.Context(), st, c.first)
	require.NoError(t, err)
	want, err := readGraph(t.Context(), st)
	require.NoError(t, err)
	require.NoError(t, st.Close())
	st, err = embedded.Open(t.Context(), filled, embedded.Options{})
	require.NoError(t, err)
	require.NoError(t, m.fill(t.Context(), st, m.ids(), false))
	got, err := readGraph(t.Context(), st)
	require.NoError(t, err)
	require.NoError(t, st.Close())
	require.Equal(t, len(want.entities), len(got.entities))
	for i := range want.entities {
		if !reflect.DeepEqual(want.entities[i], got.entities[i]) {
			require.Equal(t, want.entities[i], got.entities[i])
		}
	}
	require.Equal(t, len(want.grants), len(got.grants))
	for i := range want.grants {
		if want.grants[i] != got.grants[i] {
			require.Equal(t, want.grants[i], got.grants[i])
		}
	}
}

func TestOracleByHand(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	// Person 0 is in group 0, which is in group 1 and back; 1 holds resource 0 twice, and
	// resource 1 by a grant that gives nothing.
	m := &model{graphSize: graphSize{Name: "S", People: 2, Groups: 2, Resources: 2},
		from: []uint32{0, 1, 1, 1, 2, 3, 3}, to: []uint32{2, 4, 4, 5, 3, 2, 5}, permit: []uint8{0, 1, 2, 1, 0, 0, 1}, gives: []bool{true, true, true, false, true, true, true}}
	o, err := newOracle(m)
	require.NoError(t, err)
	require.Equal(t, []uint32{1, 1}, o.Counts)
	require.Equal(t, []uint64{pairSum(1), pairSum(0)}, o.Sums)
	require.EqualValues(t, 2, o.Pairs)
	again, err := newOracle(m)
	require.NoError(t, err)
	require.Equal(t, o, again, "from the file")
	require.NoError(t, o.equal("itself", again.Counts, again.Sums))
	again.Sums[0]++
	require.ErrorContains(t, o.equal("x", again.Counts, again.Sums), "other resources")
	again.Sums[0]--
	again.Counts[1]++
	require.ErrorContains(t, o.equal("x", again.Counts, again.Sums), "x: person 1 reaches 2 resources, not 1")

	c := newCSR(m)
	require.Equal(t, 5, c.edges(), "pairs are distinct and count")
	require.EqualValues(t, 2, c.countAll(1, c.scratches()[:1]))
	require.Equal(t, 1, m.grantsAbove(0).flow(0, 5))
	require.Equal(t, 2, m.grantsAbove(1).flow(1, 4), "two grants, two ways")
	require.Nil(t, m.grantsAbove(1).chain(1, 5))
}

func TestDocumentTakesTheNewestOfEachPart(t *testing.T) {
	at := func(day int, lines ...comparison) *result {
		r := &result{Start: time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC)}
		for _, c := range lines {
			c.Ours, c.Peer = series{"us", []float64{1}}, series{"them", []float64{2}}
			r.add(c)
		}
		return r
	}
	old := at(1, comparison{Part: "import", Name: "an import"}, comparison{Part: partRefresh, Size: "L", Name: "old refresh at L"}, comparison{Part: partLists, Size: "M", Name: "old list"})
	later := at(2, comparison{Part: partRefresh, Size: "M", Name: "new refresh at M"}, comparison{Part: partLists, Size: "M", Name: "new list", Goal: 3})
	text := document([]*result{later, old})
	for _, name := range []string{"an import", "old refresh at L", "new refresh at M", "new list", "NOT MET", "**Run 2.** Measured 2026-01-01"} {
		require.Contains(t, text, name)
	}
	require.NotContains(t, text, "old list")
	require.Less(t, strings.Index(text, "new refresh at M"), strings.Index(text, "old refresh at L"))
}

func TestGoalsOfOtherUnits(t *testing.T) {
	c := comparison{Ours: series{"", []float64{30, 40}}, Peer: series{"", []float64{100}}, Cost: true, AtLeast: true, Apart: true, Goal: 0.3, Unit: "/s"}.finish()
	require.InDelta(t, 0.35, c.MedianRatio, 1e-9)
	require.True(t, *c.Met)
	require.Equal(t, "≥ 0.3×", c.goal())
	require.Equal(t, "30/s / 35/s / 40/s", c.Ours.spread(c.Unit))
	require.Equal(t, "1.5 MB", quantity(1.5e6, "B"))
}

func TestProfileNamesTheFunction(t *testing.T) {
	var lines []string
	sum := uint64(0)
	lines, err := profileTop(func() error { sum += spin(); return nil })
	require.NotZero(t, sum)
	require.NoError(t, err)
	require.Contains(t, strings.Join(lines, "\n"), "spin")
}

//go:noinline
func spin() (n uint64) {
	for i := range uint64(50_000_000) {
		n = n*31 + i
	}
	return n
}

func TestSizes(t *testing.T) {
	for size, want := range map[string][2]int{"S": {30_000, 160_000}, "M": {320_000, 1_600_000}, "L": {1_500_000, 10_000_000}} {
		if size == "L" && testing.Short() {
			continue
		}
		all, err := sizesOf(size, false)
		require.NoError(t, err)
		m := newModel(all[size], 1)
		require.Equal(t, want[0], m.entities())
		require.InEpsilon(t, want[1], m.grants(), 0.01, size)
	}
	_, err := sizesOf("XL", false)
	require.Error(t, err)
	require.Equal(t, access.StatusActive, newModel(tinyS, 1).entity(0, "").Status)
}
