package snapshot_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/snapshot"
)

// dataOf shuffles the world: a snapshot must not depend on the order of loading.
func dataOf(w *querytest.World, r *rand.Rand) *snapshot.Data {
	d := &snapshot.Data{GraphVersion: 1, AllApplications: w.Applications, AllIntegrations: w.Integrations}
	for i := range w.Employees {
		d.AllEmployees = append(d.AllEmployees, &w.Employees[i])
	}
	for i := range w.Entities {
		d.AllEntities = append(d.AllEntities, &w.Entities[i])
	}
	for _, g := range w.Grants {
		if g.To.IsZero() {
			d.LiveGrants = append(d.LiveGrants, g)
		} else {
			d.EndedGrants = append(d.EndedGrants, g)
		}
	}
	r.Shuffle(len(d.LiveGrants), func(i, j int) { d.LiveGrants[i], d.LiveGrants[j] = d.LiveGrants[j], d.LiveGrants[i] })
	return d
}

// The memory reader answers every question as the brute-force oracle does.
func TestAgainstOracle(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	worlds := 400
	if testing.Short() {
		worlds = 60
	}
	for i := range worlds {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		w := querytest.RandomWorld(r)
		s, err := snapshot.Build(t.Context(), dataOf(w, r))
		require.NoError(t, err)
		d := querytest.Differ{Want: querytest.NewOracle(w, querytest.Now), Got: s.Reader(querytest.Now), World: w, Shapes: r, Rand: r, Questions: 12}
		require.NoError(t, d.Run(t.Context()), "seed %d, world %d", seed, i)
	}
}

// One snapshot answers many at a time (run with -race).
func TestConcurrentReaders(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	w := querytest.RandomWorld(r)
	for len(w.Entities) < 10 || len(w.Grants) < 20 {
		w = querytest.RandomWorld(r)
	}
	s, err := snapshot.Build(t.Context(), dataOf(w, r))
	require.NoError(t, err)
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			d := querytest.Differ{
				Want: querytest.NewOracle(w, querytest.Now), Got: s.Reader(querytest.Now), World: w,
				Shapes: rand.New(rand.NewPCG(14, uint64(i))), Rand: rand.New(rand.NewPCG(13, uint64(i))), Questions: 6,
			}
			assert.NoError(t, d.Run(t.Context()))
		})
	}
	wait.Wait()
}
