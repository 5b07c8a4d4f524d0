package enginetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/snapshot"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/embedded"
	"github.com/accessgraph/accessgraph/internal/store/neo4j"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// A past moment has the entities and grants that the store had then; what was gained and
// lost between two moments is what differs between the two.
func TestAsOfIsReplayedHistory(t *testing.T) {
	seed := uint64(time.Now().UnixNano()) //nolint:gosec // any seed will do
	t.Logf("seed %d", seed)
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		for i := range worldsOr(40) {
			s, err := embedded.Open(t.Context(), t.TempDir(), embedded.Options{})
			require.NoError(t, err)
			replay(t, s, seed, uint64(i), 8)
			require.NoError(t, s.Close())
		}
	})
	t.Run("neo4j", func(t *testing.T) {
		t.Parallel()
		server := neo4jtest.Acquire(t)
		for i := range max(1, worldsOr(40)/8) {
			neo4jtest.Fresh(t, server)
			s, err := neo4j.Open(t.Context(), neo4j.Config{URI: server.URI, Username: server.Username, Password: server.Password, Database: server.Database})
			require.NoError(t, err)
			replay(t, s, seed, uint64(i), 6)
			require.NoError(t, s.Close())
		}
	})
}

// intervals are the grants of a world as texts, without what may change in an interval.
func intervals(w *querytest.World) []string {
	out := []string{}
	for _, g := range w.Grants {
		out = append(out, fmt.Sprintln(g.Key(), g.Value, g.Counts, g.From.UTC(), g.To.UTC()))
	}
	slices.Sort(out)
	return out
}

// there are the ids of the entities of a world, and of the live ones.
func there(w *querytest.World) (all, live []string) {
	for i := range w.Entities {
		all = append(all, w.Entities[i].ID)
		if !w.Entities[i].Removed() {
			live = append(live, w.Entities[i].ID)
		}
	}
	slices.Sort(all)
	slices.Sort(live)
	return all, live
}

//nolint:gosec // repeatable numbers
func replay(t *testing.T, s store.Store, seed, i uint64, steps int) {
	r := rand.New(rand.NewPCG(seed, i))
	var worlds []*querytest.World
	var times []time.Time
	var present *querytest.World
	for step := range steps {
		at := querytest.Now.AddDate(0, -6, step).UTC().Truncate(time.Microsecond)
		changes := towards(r, present, querytest.RandomWorld(r))
		_, err := s.Commit(t.Context(), store.Commit{At: at, Graph: each(changes), GraphCount: int64(len(changes))})
		require.NoError(t, err, "seed %d, world %d, step %d", seed, i, step)
		present = worldOf(t, s)
		worlds, times = append(worlds, present), append(times, at)
	}
	now, err := query.ReadWhole(t.Context(), snapshot.NewEngine(s), querytest.Now)
	require.NoError(t, err)
	past := make([]query.Whole, steps)
	for step, at := range times {
		name := fmt.Sprintf("seed %d, world %d, step %d", seed, i, step)
		want := present.AsOf(at.Add(time.Hour))
		require.Equal(t, intervals(worlds[step]), intervals(want), name)
		all, live := there(want)
		had, lived := there(worlds[step])
		require.Equal(t, had, all, name)
		for _, id := range live {
			// An entity that went and came back counts as there in between.
			require.True(t, slices.Contains(lived, id) || came(present, id, at), "%s: %s", name, id)
		}
		require.Subset(t, live, lived, name)
		past[step], err = now.AsOf(t.Context(), at.Add(time.Hour))
		require.NoError(t, err)
		d := querytest.Differ{
			Want: querytest.NewOracle(want, querytest.Now), Got: past[step], World: want, Questions: 3,
			Shapes: rand.New(rand.NewPCG(seed, i+uint64(step)<<40)), Rand: rand.New(rand.NewPCG(seed, i+uint64(step)<<41)),
		}
		if len(want.Integrations) > 0 {
			require.NoError(t, d.Run(t.Context()), name)
		}
	}
	for range 4 {
		a, b := r.IntN(steps), r.IntN(steps)
		got := []string{}
		require.NoError(t, past[a].EachDifference(t.Context(), past[b], query.DifferenceQuery{}, func(d *query.Difference) error {
			got = append(got, querytest.ShowDifference(d))
			for _, c := range d.Causes {
				if a < b {
					require.True(t, c.At.After(times[a]) && !c.At.After(times[b]), "%v", c)
				}
			}
			return nil
		}))
		everyone := func(*access.Entity) bool { return true }
		require.ElementsMatch(t, querytest.Differences(worlds[a], worlds[b], everyone), got, "seed %d, world %d: from %d to %d", seed, i, a, b)
	}
}

// came reports whether an entity was still there after a moment.
func came(w *querytest.World, id string, at time.Time) bool {
	for i := range w.Entities {
		if e := &w.Entities[i]; e.ID == id {
			return !e.Removed() || e.RemovedAt.After(at)
		}
	}
	return false
}
