package enginetest

import (
	"context"
	"iter"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
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

// A snapshot that follows a store by differences answers every question as one that is
// loaded afresh, and as the oracle does, whatever is committed: entities put, removed and
// returned, grants given and taken, renamed integrations, people mapped anew, labels.
func TestRefreshedSnapshots(t *testing.T) {
	seed := uint64(time.Now().UnixNano()) //nolint:gosec // any seed will do
	if s := os.Getenv("ACCESSGRAPH_SEED"); s != "" {
		var err error
		seed, err = strconv.ParseUint(s, 10, 64)
		require.NoError(t, err)
	}
	t.Logf("ACCESSGRAPH_SEED=%d", seed)
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		for i := range worldsOr(60) {
			s, err := embedded.Open(t.Context(), t.TempDir(), embedded.Options{})
			require.NoError(t, err)
			follow(t, s, seed, uint64(i), 12)
			require.NoError(t, s.Close())
		}
	})
	t.Run("neo4j", func(t *testing.T) {
		t.Parallel()
		server := neo4jtest.Acquire(t)
		for i := range max(1, worldsOr(60)/6) {
			neo4jtest.Fresh(t, server)
			s, err := neo4j.Open(t.Context(), neo4j.Config{URI: server.URI, Username: server.Username, Password: server.Password, Database: server.Database})
			require.NoError(t, err)
			follow(t, s, seed, uint64(i), 8)
			require.NoError(t, s.Close())
		}
	})
}

func worldsOr(n int) int {
	if s := os.Getenv("ACCESSGRAPH_WORLDS"); s != "" {
		if given, err := strconv.Atoi(s); err == nil && given < n {
			return given
		}
	}
	return n
}

//nolint:gosec // repeatable numbers
func follow(t *testing.T, s store.Store, seed, i uint64, steps int) {
	r := rand.New(rand.NewPCG(seed, i))
	var present *querytest.World
	engine := snapshot.NewEngine(s)
	for step := range steps {
		at := querytest.Now.AddDate(0, -6, step).UTC().Truncate(time.Microsecond)
		for range 1 + r.IntN(3) {
			changes := towards(r, present, querytest.RandomWorld(r))
			_, err := s.Commit(t.Context(), store.Commit{At: at, Graph: each(changes), GraphCount: int64(len(changes))})
			require.NoError(t, err, "seed %d, world %d, step %d", seed, i, step)
			present = worldOf(t, s)
			at = at.Add(time.Hour)
		}
		followed, err := engine.Reader(t.Context(), querytest.Now)
		require.NoError(t, err)
		var loaded *snapshot.Snapshot
		require.NoError(t, s.ReadGraph(t.Context(), func(ctx context.Context, v store.GraphView) (err error) {
			loaded, err = snapshot.Build(ctx, v)
			return err
		}))
		require.Equal(t, loaded.Version(), engine.Current().Version())
		require.Equal(t, loaded.Stats(), engine.Current().Stats())
		for name, want := range map[string]query.Reader{"load": loaded.Reader(querytest.Now), "oracle": querytest.NewOracle(present, querytest.Now)} {
			d := querytest.Differ{
				Want: want, Got: followed, World: present, Questions: 4,
				Shapes: rand.New(rand.NewPCG(seed, i+uint64(step)<<40)), Rand: rand.New(rand.NewPCG(seed, i+uint64(step)<<41)),
			}
			require.NoError(t, d.Run(t.Context()), "seed %d, world %d, step %d, against the %s", seed, i, step, name)
		}
	}
	renewed := engine.Renewals()
	require.Positive(t, renewed.Followed, "differences must have been used")
	require.LessOrEqual(t, renewed.Loaded, 2)
}

// worldOf is what a store holds.
func worldOf(t *testing.T, s store.Store) *querytest.World {
	t.Helper()
	var w *querytest.World
	require.NoError(t, s.ReadGraph(t.Context(), func(ctx context.Context, v store.GraphView) (err error) {
		w = &querytest.World{}
		if w.Applications, err = v.Applications(ctx); err != nil {
			return err
		}
		if w.Integrations, err = v.Integrations(ctx); err != nil {
			return err
		}
		for e, err := range v.Employees(ctx) {
			require.NoError(t, err)
			w.Employees = append(w.Employees, *e)
		}
		for e, err := range v.Entities(ctx, "", true) {
			require.NoError(t, err)
			w.Entities = append(w.Entities, *e)
		}
		for _, grants := range []iter.Seq2[access.Grant, error]{v.Grants(ctx, ""), v.History(ctx, "")} {
			for g, err := range grants {
				require.NoError(t, err)
				w.Grants = append(w.Grants, g)
			}
		}
		return nil
	}))
	return w
}

func each(changes []store.Change) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		for _, c := range changes {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// towards is a random part of what turns the present state of a store (nil = empty) into a
// world. Two worlds share many ids, so things are changed, removed and come back.
func towards(r *rand.Rand, present, to *querytest.World) []store.Change {
	keep := 100
	if present != nil {
		keep = []int{3, 10, 30, 100}[r.IntN(4)]
	} else {
		present = &querytest.World{}
	}
	var out []store.Change
	sometimes := func(c store.Change) bool {
		if r.IntN(100) >= keep {
			return false
		}
		out = append(out, c)
		return true
	}
	for i := range to.Applications {
		sometimes(store.Change{PutApplication: &to.Applications[i]})
	}
	known := map[string]bool{}
	for i := range present.Integrations {
		known[present.Integrations[i].Key] = true
	}
	for i := range to.Integrations {
		in := to.Integrations[i]
		switch {
		case !known[in.Key]:
			out = append(out, store.Change{PutIntegration: &in})
		case r.IntN(3) == 0: // renamed, or moved to another application
			in.Name, in.Application = []string{in.Name, "Renamed", "größe"}[r.IntN(3)], to.Applications[r.IntN(len(to.Applications))].Name
			out = append(out, store.Change{PutIntegration: &in})
		}
	}
	people := map[string]bool{}
	for i := range present.Employees {
		people[present.Employees[i].ID] = true
	}
	for i := range to.Employees {
		if sometimes(store.Change{PutEmployee: &to.Employees[i]}) {
			people[to.Employees[i].ID] = true
		}
	}
	live, wanted := map[string]bool{}, map[string]bool{}
	for i := range present.Entities {
		live[present.Entities[i].ID] = !present.Entities[i].Removed()
	}
	for i := range to.Entities {
		e := to.Entities[i]
		wanted[e.ID] = true
		e.RemovedAt, e.FirstSeen, e.Labels, e.Insights, e.Mapping = time.Time{}, time.Time{}, nil, nil, nil
		if sometimes(store.Change{PutEntity: &e}) {
			live[e.ID] = true
		}
	}
	out = append(out, saying(r, sayable(to, live), people, keep)...)
	put := map[access.GrantKey]bool{}
	for i := range to.Grants {
		g := to.Grants[i]
		g.From, g.To = time.Time{}, time.Time{}
		if live[g.Source] && live[g.Target] && !put[g.Key()] && sometimes(store.Change{PutGrant: &g}) {
			put[g.Key()] = true
		}
	}
	for i := range present.Grants {
		if g := present.Grants[i]; g.To.IsZero() && !put[g.Key()] && r.IntN(3) == 0 {
			key := g.Key()
			put[key] = true
			sometimes(store.Change{RemoveGrant: &key})
		}
	}
	for i := range present.Entities {
		if e := &present.Entities[i]; !e.Removed() && !wanted[e.ID] {
			sometimes(store.Change{RemoveEntity: e.ID})
		}
	}
	if len(out) == 0 {
		out = append(out, store.Change{PutApplication: &to.Applications[0]})
	}
	return out
}

// sayable are the entities of a world that exist, live or removed.
func sayable(w *querytest.World, exists map[string]bool) []access.Entity {
	return slices.DeleteFunc(slices.Clone(w.Entities), func(e access.Entity) bool { _, ok := exists[e.ID]; return !ok })
}

// saying is what is said about entities: mappings, labels, insights.
func saying(r *rand.Rand, about []access.Entity, people map[string]bool, keep int) []store.Change {
	var out []store.Change
	for i := range about {
		e := &about[i]
		if r.IntN(100) >= keep {
			continue
		}
		switch m := e.Mapping; {
		case m != nil && people[m.EmployeeID]:
			out = append(out, store.Change{PutMapping: &access.Mapping{
				EntityID: e.ID, EmployeeID: m.EmployeeID, Relation: m.Relation, Origin: m.Origin, Reason: m.Reason, At: m.At,
			}})
		case r.IntN(2) == 0:
			out = append(out, store.Change{RemoveMapping: e.ID})
		default:
			out = append(out, store.Change{PutMapping: &access.Mapping{EntityID: e.ID, Relation: access.NotMapped, Origin: access.ManualMapping}})
		}
		out = append(out, store.Change{PutLabels: &store.EntityLabels{EntityID: e.ID, Labels: e.Labels}})
		if r.IntN(2) == 0 {
			out = append(out, store.Change{PutInsights: &store.EntityInsights{EntityID: e.ID, Insights: e.Insights}})
		}
	}
	return out
}
