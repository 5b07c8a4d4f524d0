package snapshot

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/accessgraph/accessgraph/internal/access"
)

// drawGraph draws a small graph with cycles, self-loops, parallel and false grants.
func drawGraph(t *rapid.T) *Data {
	d := &Data{GraphVersion: 1}
	n := rapid.IntRange(1, 14).Draw(t, "entities")
	for i := range n {
		kind := rapid.SampledFrom(access.EntityTypes).Draw(t, "type")
		d.AllEntities = append(d.AllEntities, &access.Entity{ID: fmt.Sprintf("e_%02d", i), Name: fmt.Sprint("n", i%5), Type: kind})
	}
	seen := map[access.GrantKey]bool{}
	for range rapid.IntRange(0, 40).Draw(t, "grants") {
		g := access.Grant{
			Source: d.AllEntities[rapid.IntRange(0, n-1).Draw(t, "source")].ID, Target: d.AllEntities[rapid.IntRange(0, n-1).Draw(t, "target")].ID,
			Permission: rapid.SampledFrom([]string{"", "read", "write", "own"}).Draw(t, "permission"), Value: "true",
			Counts: rapid.IntRange(0, 5).Draw(t, "counts") > 0, From: time.Unix(int64(rapid.IntRange(0, 3).Draw(t, "from")), 0).UTC(),
		}
		if !seen[g.Key()] {
			seen[g.Key()] = true
			d.LiveGrants = append(d.LiveGrants, g)
		}
	}
	return d
}

// What is derived from the grants is what a plain reading of them says: pairs both ways
// with what they give, components with what they lead to, rows that reach themselves, and
// what each component reaches.
func TestDerivedTables(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawGraph(t)
		s, err := Build(t.Context(), d)
		require.NoError(t, err)
		require.NoError(t, s.Validate())
		gives := map[[2]uint32][]access.Permission{}
		for _, g := range d.LiveGrants {
			from, _ := s.Row(g.Source)
			to, _ := s.Row(g.Target)
			if pair := [2]uint32{from, to}; g.Counts {
				gives[pair] = append(gives[pair], access.Permission{Name: g.Permission, Value: g.Value})
			}
		}
		checkPairs(t, s, gives)
		reaches := closure(s, gives)
		checkTopology(t, s, gives, reaches)
		for row := range uint32(s.n) {
			require.Equal(t, reaches[row][row], s.loops.Has(row))
		}
	})
}

func checkPairs(t *rapid.T, s *Snapshot, gives map[[2]uint32][]access.Permission) {
	require.Equal(t, len(gives), s.to.Edges())
	require.Equal(t, len(gives), s.from.Edges())
	for row := range uint32(s.n) {
		require.True(t, slices.IsSorted(s.to.Of(row)))
		require.True(t, slices.IsSorted(s.from.Of(row)))
	}
	for pair, want := range gives {
		slices.SortFunc(want, func(a, b access.Permission) int { return compareText(a.Name, b.Name) })
		require.Equal(t, slices.Compact(want), s.permissions(pair[0], pair[1]))
		there, ok := s.to.give(pair[0], pair[1])
		require.True(t, ok)
		back, ok := s.from.give(pair[1], pair[0])
		require.True(t, ok)
		require.Equal(t, there, back)
	}
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// closure says what each row reaches, by repeating until nothing is new.
func closure(s *Snapshot, gives map[[2]uint32][]access.Permission) []map[uint32]bool {
	out := make([]map[uint32]bool, s.n)
	for row := range out {
		out[row] = map[uint32]bool{}
	}
	for pair := range gives {
		out[pair[0]][pair[1]] = true
	}
	for changed := true; changed; {
		changed = false
		for row := range out {
			for via := range out[row] {
				if s.kind[via] != kindConnection {
					continue
				}
				for to := range out[via] {
					if !out[row][to] {
						out[row][to], changed = true, true
					}
				}
			}
		}
	}
	return out
}

func checkTopology(t *rapid.T, s *Snapshot, gives map[[2]uint32][]access.Permission, reaches []map[uint32]bool) {
	top := s.topology
	for x := range uint32(s.n) {
		if s.kind[x] != kindConnection {
			require.Equal(t, none, top.of[x])
			continue
		}
		require.Contains(t, top.members.Of(top.of[x]), x)
		require.Equal(t, reaches[x][x], top.cyclic.Has(top.of[x]))
		for y := range uint32(s.n) {
			if s.kind[y] == kindConnection && x != y {
				require.Equal(t, reaches[x][y] && reaches[y][x], top.of[x] == top.of[y])
			}
		}
	}
	for pair := range gives {
		if c, d := top.of[pair[0]], top.of[pair[1]]; c != none && d != none && c != d {
			require.Greater(t, c, d)
			require.Contains(t, top.next.Of(c), d)
		}
	}
	require.NoError(t, s.flattenAll(t.Context()))
	for c := range uint32(top.components()) {
		f := top.flats.lists[c].Load()
		require.NotNil(t, f)
		require.True(t, slices.IsSorted(f.rows))
		require.Len(t, f.rows, len(reaches[top.members.Of(c)[0]]))
		for _, to := range f.rows {
			require.True(t, reaches[top.members.Of(c)[0]][to])
		}
	}
}
