package ingest_test

import (
	"context"
	"iter"
	"math/rand"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/neo4j"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// copying counts how often imports are given a packed copy, and how often they ask.
type copying struct {
	*neo4j.Store
	asked, given *atomic.Int64
}

type copyingView struct {
	store.ImportView
	c copying
}

func (c copying) ReadGraph(ctx context.Context, read func(ctx context.Context, v store.GraphView) error) error {
	return c.Store.ReadGraph(ctx, func(ctx context.Context, v store.GraphView) error {
		return read(ctx, copyingView{v.(store.ImportView), c})
	})
}

func (v copyingView) Imported(ctx context.Context, integration string) (store.Imported, bool, error) {
	i, ok, err := v.ImportView.Imported(ctx, integration)
	v.c.asked.Add(1)
	if ok {
		v.c.given.Add(1)
	}
	return i, ok, err
}

// TestStoresAgree imports sequences of random files into a store that is compared record by
// record and into one that is compared by its packed copy: the same reports, the same graph.
func TestStoresAgree(t *testing.T) {
	server := neo4jtest.Acquire(t)
	var asked, given atomic.Int64
	seeds := 8
	if testing.Short() {
		seeds = 3
	}
	for seed := range seeds {
		neo4jtest.Fresh(t, server)
		limit := []int64{0, 30}[seed%2] // whole commits and batches
		s, err := neo4j.Open(context.Background(), neo4j.Config{
			URI: server.URI, Username: server.Username, Password: server.Password, Database: server.Database, MaxTransaction: limit,
		})
		require.NoError(t, err)
		c := copying{s, &asked, &given}
		r := rand.New(rand.NewSource(int64(1000 + seed)))
		a := newWorld(t)
		var ticks atomic.Int64
		b := &world{t: t, store: c, im: ingest.NewImporter(c, func() time.Time { return start.Add(time.Duration(ticks.Add(1)) * time.Second) })}
		for step := range 6 {
			rows := randomRows(r, 1+r.Intn(60))
			o := options()
			if r.Intn(3) == 0 {
				o.Mode = ingest.Merge
			}
			o.MemoryLimit = 4 << 20
			o.DryRun = step > 0 && r.Intn(6) == 0
			text := file(rows...)
			require.Equal(t, a.load(text, o), b.load(text, o), "seed %d step %d", seed, step)
			wantE, wantG := a.state()
			gotE, gotG := b.state()
			require.Equal(t, wantE, gotE, "seed %d step %d", seed, step)
			require.Equal(t, wantG, gotG, "seed %d step %d", seed, step)
			if r.Intn(8) == 0 {
				require.NoError(t, s.ForgetCopies(context.Background()))
			}
		}
		require.NoError(t, s.Close())
	}
	t.Logf("a copy was there %d of %d times", given.Load(), asked.Load())
	require.Greater(t, given.Load(), asked.Load()/2)
}

// copied is a store with copies of what imports compare with: lists of all it has.
type copied struct{ store.Store }

type copiedView struct{ store.GraphView }

func (c copied) ReadGraph(ctx context.Context, read func(ctx context.Context, v store.GraphView) error) error {
	return c.Store.ReadGraph(ctx, func(ctx context.Context, v store.GraphView) error { return read(ctx, copiedView{v}) })
}

func (v copiedView) Imported(ctx context.Context, integration string) (i store.Imported, ok bool, err error) {
	entities, err := listed(v.Entities(ctx, integration, false))
	if err != nil {
		return i, false, err
	}
	grants, err := listed(v.Grants(ctx, integration))
	return store.Imported{Entities: entities, Grants: grants}, true, err
}

// listed reads a sequence to its end, and gives it in short lists.
func listed[T any](in iter.Seq2[T, error]) (iter.Seq2[[]T, error], error) {
	var all []T
	for item, err := range in {
		if err != nil {
			return nil, err
		}
		all = append(all, item)
	}
	return func(yield func([]T, error) bool) {
		for list := range slices.Chunk(all, 3) {
			if !yield(list, nil) {
				return
			}
		}
	}, nil
}

// TestCopiesAgree imports sequences of random files, of one project and of several, into a store
// that is read record by record and into one that gives copies: the same reports, the same graph.
func TestCopiesAgree(t *testing.T) {
	seeds := 60
	if testing.Short() {
		seeds = 15
	}
	for seed := range seeds {
		r := rand.New(rand.NewSource(int64(3000 + seed)))
		a, b := newWorld(t), newWorld(t)
		b.store = copied{b.store}
		var ticks atomic.Int64
		b.im = ingest.NewImporter(b.store, func() time.Time { return start.Add(time.Duration(ticks.Add(1)) * time.Second) })
		for step := range 6 {
			rows := randomRows(r, 1+r.Intn(60))
			if project, one := []string{"", "", "p"}[r.Intn(3)], r.Intn(3) > 0; one {
				for i := range rows {
					rows[i] = rows[i].with("Project", project)
				}
			}
			o := options()
			if r.Intn(3) == 0 {
				o.Mode = ingest.Merge
			}
			o.MemoryLimit = 4 << 20
			text := file(rows...)
			require.Equal(t, a.load(text, o), b.load(text, o), "seed %d step %d", seed, step)
			wantE, wantG := a.state()
			gotE, gotG := b.state()
			require.Equal(t, wantE, gotE, "seed %d step %d", seed, step)
			require.Equal(t, wantG, gotG, "seed %d step %d", seed, step)
		}
	}
}
