package snapshot_test

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/snapshot"
)

// everything is the access of every identity of a snapshot, boiled down. Rows are numbered
// alike in all snapshots of the same entities.
func everything(t *testing.T, s *snapshot.Snapshot) (pairs int, sum uint64) {
	t.Helper()
	known := map[string]uint64{}
	lists := map[*access.Permission]uint64{} // of one permission, which are shared
	require.NoError(t, s.EachAccess(t.Context(), nil, 0, func(identity uint32, targets []uint32, permissions [][]access.Permission) error {
		pairs += len(targets)
		for i, to := range targets {
			list, ok := lists[&permissions[i][0]]
			if !ok || len(permissions[i]) > 1 {
				text := fmt.Sprint(permissions[i])
				if list, ok = known[text]; !ok {
					h := fnv.New64a()
					_, _ = h.Write([]byte(text))
					list = h.Sum64()
					known[text] = list
				}
				if len(permissions[i]) == 1 {
					lists[&permissions[i][0]] = list
				}
			}
			x := (list ^ uint64(identity)<<32 ^ uint64(to)) * 0x9e3779b97f4a7c15
			sum += x ^ x>>29
		}
		return nil
	}))
	n, err := s.CountEffective(t.Context(), nil, nil)
	require.NoError(t, err)
	require.EqualValues(t, pairs, n)
	return pairs, sum
}

// On a graph with many components, kept lists and cores at work, too, a derived snapshot
// has what one built of the same graph has, and a difference has what differs.
func TestDerivedSnapshotsOfACompany(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	full := company()
	d := *full
	d.LiveGrants = slices.Clone(full.LiveGrants)
	cut := time.Unix(1000, 0)
	d.EndedGrants = nil
	for i := range d.LiveGrants {
		g := &d.LiveGrants[i]
		switch r.IntN(40) {
		case 0: // came later
			g.From = cut.Add(time.Hour)
		case 1: // ended later
			g.To = cut.Add(time.Hour)
			d.EndedGrants = append(d.EndedGrants, *g)
		}
	}
	d.LiveGrants = slices.DeleteFunc(d.LiveGrants, func(g access.Grant) bool { return !g.To.IsZero() })
	base, err := snapshot.Build(t.Context(), &d)
	require.NoError(t, err)

	var changes []query.Change
	deleted := map[string]bool{}
	gone, added := map[access.GrantKey]bool{}, map[access.GrantKey]access.Grant{}
	for range 40 {
		g := d.LiveGrants[r.IntN(len(d.LiveGrants))]
		if !gone[g.Key()] {
			gone[g.Key()] = true
			changes = append(changes, query.Change{RemoveGrant: &query.GrantMatch{Source: g.Source, Target: g.Target, Permission: &g.Permission}})
		}
		from, to := d.LiveGrants[r.IntN(len(d.LiveGrants))], d.LiveGrants[r.IntN(len(d.LiveGrants))]
		n := access.Grant{Source: from.Source, Target: to.Target, Permission: "brand new", Value: "true", Counts: true}
		added[n.Key()] = n
		changes = append(changes, query.Change{AddGrant: &query.NewGrant{Source: n.Source, Target: n.Target, Permission: n.Permission}})
	}
	for range 5 {
		e := d.AllEntities[r.IntN(len(d.AllEntities))]
		if !deleted[e.ID] {
			deleted[e.ID] = true
			changes = append(changes, query.Change{Delete: e.ID})
		}
	}
	after := d
	after.LiveGrants, after.AllEntities = nil, nil
	for _, g := range d.LiveGrants {
		if !gone[g.Key()] && !deleted[g.Source] && !deleted[g.Target] {
			after.LiveGrants = append(after.LiveGrants, g)
		}
	}
	for _, g := range added {
		if !deleted[g.Source] && !deleted[g.Target] {
			after.LiveGrants = append(after.LiveGrants, g)
		}
	}
	for _, e := range d.AllEntities {
		if deleted[e.ID] {
			removed := *e
			removed.RemovedAt, e = time.Unix(2000, 0), &removed
		}
		after.AllEntities = append(after.AllEntities, e)
	}
	changed, err := base.With(t.Context(), changes, time.Unix(2000, 0))
	require.NoError(t, err)
	sameAccess(t, &after, changed)

	past, err := base.AsOf(t.Context(), cut)
	require.NoError(t, err)
	then := d
	then.LiveGrants, then.EndedGrants = nil, nil
	for _, g := range append(slices.Clone(d.LiveGrants), d.EndedGrants...) {
		if g.From.Before(cut) {
			g.To = time.Time{}
			then.LiveGrants = append(then.LiveGrants, g)
		}
	}
	sameAccess(t, &then, past)

	// From the past to the changed graph: as many pairs came and went as there are more and less.
	before, now := past.Reader(cut).(query.Whole), changed.Reader(cut).(query.Whole) //nolint:forcetypeassert // they are
	gained, lost := 0, 0
	require.NoError(t, before.EachDifference(t.Context(), now, query.DifferenceQuery{NoCauses: true}, func(one *query.Difference) error {
		if one.Source.Type == access.Identity {
			switch one.Kind {
			case query.Gained:
				gained++
			case query.Lost:
				lost++
			case query.Changed:
			}
		}
		return nil
	}))
	had, _ := everything(t, past)
	has, _ := everything(t, changed)
	require.Equal(t, has-had, gained-lost)
	require.Positive(t, gained)
	require.Positive(t, lost)
}

func sameAccess(t *testing.T, d *snapshot.Data, derived *snapshot.Snapshot) {
	t.Helper()
	built, err := snapshot.Build(t.Context(), d)
	require.NoError(t, err)
	pairs, sum := everything(t, built)
	gotPairs, gotSum := everything(t, derived)
	require.Equal(t, pairs, gotPairs)
	require.Equal(t, sum, gotSum)
	require.Greater(t, pairs, 100_000)
}
