package ingest

import (
	"fmt"
	"math/rand"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
)

func drain(t *testing.T, c cursor) []string {
	t.Helper()
	var out []string
	for c.next() {
		out = append(out, string(c.key())+"="+string(c.val()))
	}
	require.NoError(t, c.err())
	return out
}

func TestSorterAgainstSort(t *testing.T) {
	for _, limit := range []int{200, 3000, 1 << 20} { // many levels of runs, one, none
		dir := t.TempDir()
		s := newSorter(dir, limit)
		var want []string
		r := rand.New(rand.NewSource(1))
		for i := range 8000 {
			key := fmt.Sprintf("%x/%d", r.Intn(1<<(4*(1+i%7))), i) // distinct, of differing lengths
			val := strings.Repeat("v", r.Intn(20))
			require.NoError(t, s.add([]byte(key), []byte(val)))
			want = append(want, key+"="+val)
		}
		require.NoError(t, s.finish())
		slices.SortFunc(want, func(a, b string) int {
			return strings.Compare(a[:strings.IndexByte(a, '=')], b[:strings.IndexByte(b, '=')])
		})
		require.Equal(t, want, drain(t, s.records()))
		require.Equal(t, want, drain(t, s.records()), "readable again")
		s.close()
		left, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Empty(t, left)
	}
}

func TestSpoolReplays(t *testing.T) {
	s := newSpool(t.TempDir())
	s.memory = 100
	defer s.close()
	var want []string
	for i := range 1000 {
		require.NoError(t, s.add([]byte(fmt.Sprint(i))))
		want = append(want, fmt.Sprintf("=%d", i))
	}
	require.Equal(t, want, drain(t, s.records()))
	require.Equal(t, want, drain(t, s.records()))
}

func TestRedirectsInMemoryAndOnDisk(t *testing.T) {
	for _, n := range []int{0, 3, 64 * 300, 64*300 + 1} {
		r := newRedirects(t.TempDir(), 1<<16)
		id := func(i int) string { return fmt.Sprintf("e_%026d", i) }
		for i := n - 1; i >= 0; i-- {
			require.NoError(t, r.add(id(2*i), id(i)))
		}
		require.NoError(t, r.finish())
		for i := range n {
			to, err := r.get([]byte(id(2 * i)))
			require.NoError(t, err)
			require.Equal(t, id(i), string(to))
			to, err = r.get([]byte(id(2*i + 1)))
			require.NoError(t, err)
			require.Nil(t, to)
		}
		to, err := r.get([]byte("e_"))
		require.NoError(t, err)
		require.Nil(t, to)
		require.Equal(t, n > 3, r.file != nil)
		r.close()
	}
}

// TestComponents compares with reachability both ways on random graphs.
func TestComponents(t *testing.T) {
	for seed := range 200 {
		r := rand.New(rand.NewSource(int64(seed)))
		n := 2 + r.Intn(9)
		reach := make([][]bool, n)
		for i := range reach {
			reach[i] = make([]bool, n)
		}
		var pairs []pair
		for i := range r.Intn(3 * n) {
			a, b := r.Intn(n), r.Intn(n)
			if a != b {
				pairs = append(pairs, pair{uint64(a), uint64(b), int64(i + 2)})
				reach[a][b] = true
			}
		}
		for k := range n {
			for i := range n {
				for j := range n {
					reach[i][j] = reach[i][j] || (reach[i][k] && reach[k][j])
				}
			}
		}
		want := map[string]bool{}
		for i := range n {
			var set []uint64
			for j := range n {
				if i == j || (reach[i][j] && reach[j][i]) {
					set = append(set, uint64(j))
				}
			}
			if len(set) > 1 {
				want[fmt.Sprint(set)] = true
			}
		}
		got := map[string]bool{}
		for _, c := range components(pairs) {
			require.Positive(t, c.row)
			got[fmt.Sprint(c.members)] = true
		}
		require.Equal(t, want, got, "seed %d", seed)
	}
}

func TestCyclesSayWhenTheyDidNotLook(t *testing.T) {
	c := &cycles{limit: 1}
	id := func(s string) string { return access.EntityKey{SourceID: s}.ID() }
	c.edge(id("a"), id("b"), 2)
	c.edge(id("b"), id("a"), 3)
	var r Report
	require.NoError(t, c.report(&r, nil))
	require.Contains(t, r.Warnings[0].Message, "not looked for")
}

func TestShortKeepsTheOrderOfIDs(t *testing.T) {
	var ids []string
	for i := range 1000 {
		ids = append(ids, access.EntityKey{SourceID: fmt.Sprint(i)}.ID())
	}
	slices.Sort(ids)
	for i := 1; i < len(ids); i++ {
		require.Less(t, short(ids[i-1]), short(ids[i]))
	}
}

func TestRecordsRoundTrip(t *testing.T) {
	e := newEntity(access.EntityKey{Integration: "i", Project: "p", Type: access.Identity, SourceID: "s"}, "e_1")
	e.Factors, e.Stub, e.Name = []string{"a", "b"}, true, "ñ"
	e.LastLogin, _ = ParseTime("2024-01-02 03:04:05 +0000 UTC")
	d := decoder{b: appendEntity(nil, e)}
	require.Equal(t, e, d.entity())
	require.NoError(t, d.err)
	require.Empty(t, d.b)
	g := &access.Grant{Source: "a", Target: "b", Permission: "p", Scope: "s", Value: "v", Counts: true, Project: "x", Metadata: "{}", LastUsed: e.LastLogin, From: e.LastLogin}
	d = decoder{b: appendGrant(nil, g)}
	require.Equal(t, g, d.grant())
	d = decoder{b: appendGrant(nil, g)[:5]}
	d.grant()
	require.Error(t, d.err)
}
