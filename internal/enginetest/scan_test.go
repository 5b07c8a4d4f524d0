package enginetest

import (
	"context"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/snapshot"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/embedded"
)

// drifting is a store whose scans have commits in between, as those of a database without
// snapshot isolation.
type drifting struct {
	store.Store
	between func()
}

var _ store.Scanner = (*drifting)(nil)

func (d *drifting) ScanGraph(ctx context.Context, read func(ctx context.Context, v store.ChangeView) error) error {
	v := &driftingView{d: d}
	if err := d.ReadGraph(ctx, func(ctx context.Context, now store.GraphView) (err error) {
		v.version = now.Version()
		v.mark, err = now.(store.ChangeView).Mark(ctx)
		return err
	}); err != nil {
		return err
	}
	return read(ctx, v)
}

// driftingView looks at the graph as it is at each call; what a scan does not ask is nil.
type driftingView struct {
	store.ChangeView
	d       *drifting
	version int64
	mark    string
}

func (v *driftingView) Version() int64                       { return v.version }
func (v *driftingView) Mark(context.Context) (string, error) { return v.mark, nil }

// look lets commits happen, then collects what a sequence of the present graph has.
func look[T any](ctx context.Context, v *driftingView, of func(store.GraphView) iter.Seq2[T, error]) (out []T, err error) {
	v.d.between()
	err = v.d.ReadGraph(ctx, func(_ context.Context, now store.GraphView) error {
		out = nil
		for item, err := range of(now) {
			if err != nil {
				return err
			}
			out = append(out, item)
		}
		return nil
	})
	return out, err
}

func listed[T any](list []T, err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, item := range list {
			if !yield(item, nil) {
				return
			}
		}
		if err != nil {
			var none T
			yield(none, err)
		}
	}
}

func (v *driftingView) Integrations(ctx context.Context) (out []access.Integration, err error) {
	v.d.between()
	err = v.d.ReadGraph(ctx, func(ctx context.Context, now store.GraphView) (err error) {
		out, err = now.Integrations(ctx)
		return err
	})
	return out, err
}

func (v *driftingView) Employees(ctx context.Context) iter.Seq2[*access.Employee, error] {
	return listed(look(ctx, v, func(now store.GraphView) iter.Seq2[*access.Employee, error] { return now.Employees(ctx) }))
}

// Entities are looked for twice, live ones first, as on Neo4j.
func (v *driftingView) Entities(ctx context.Context, _ string, _ bool) iter.Seq2[*access.Entity, error] {
	all, err := look(ctx, v, func(now store.GraphView) iter.Seq2[*access.Entity, error] { return now.Entities(ctx, "", false) })
	if err != nil {
		return listed(all, err)
	}
	again, err := look(ctx, v, func(now store.GraphView) iter.Seq2[*access.Entity, error] { return now.Entities(ctx, "", true) })
	for _, e := range again {
		if e.Removed() {
			all = append(all, e)
		}
	}
	slices.SortStableFunc(all, func(a, b *access.Entity) int { return strings.Compare(a.ID, b.ID) })
	return listed(all, err)
}

func (v *driftingView) Grants(ctx context.Context, _ string) iter.Seq2[access.Grant, error] {
	return listed(look(ctx, v, func(now store.GraphView) iter.Seq2[access.Grant, error] { return now.Grants(ctx, "") }))
}

func (v *driftingView) History(ctx context.Context, _ string) iter.Seq2[access.Grant, error] {
	return listed(look(ctx, v, func(now store.GraphView) iter.Seq2[access.Grant, error] { return now.History(ctx, "") }))
}

// A graph that is read while commits go on is the graph after them.
func TestScansAmongCommits(t *testing.T) {
	seed := uint64(time.Now().UnixNano()) //nolint:gosec // any seed will do
	scanned, worlds := 0, worldsOr(80)
	for i := range worlds {
		r := rand.New(rand.NewPCG(seed, uint64(i))) //nolint:gosec // repeatable
		s, err := embedded.Open(t.Context(), t.TempDir(), embedded.Options{})
		require.NoError(t, err)
		var present *querytest.World
		at := querytest.Now.AddDate(0, -6, 0).UTC().Truncate(time.Microsecond)
		commit := func() {
			changes := towards(r, present, querytest.RandomWorld(r))
			if present != nil && i%2 == 0 { // removals are read again; there is to be more than those
				changes = slices.DeleteFunc(changes, func(c store.Change) bool { return c.RemoveEntity != "" })
			}
			at = at.Add(time.Hour)
			_, err := s.Commit(t.Context(), store.Commit{At: at, Graph: each(changes)})
			require.NoError(t, err)
			present = worldOf(t, s)
		}
		commit()
		commit()
		d := &drifting{Store: s, between: func() {
			if r.IntN(3) == 0 {
				commit()
			}
		}}
		engine := snapshot.NewEngine(d)
		got, err := engine.Reader(t.Context(), querytest.Now)
		require.NoError(t, err, "seed %d, world %d", seed, i)
		// What was committed after the reader's last look is not in it: look again.
		if v, _ := s.Version(t.Context()); v != got.Info().GraphVersion {
			got, err = engine.Reader(t.Context(), querytest.Now)
			require.NoError(t, err)
		}
		differ := querytest.Differ{Want: querytest.NewOracle(present, querytest.Now), Got: got, World: present, Shapes: r, Rand: r, Questions: 4}
		require.NoError(t, differ.Run(t.Context()), "seed %d, world %d", seed, i)
		scanned += engine.Renewals().Scanned
		require.NoError(t, s.Close())
	}
	t.Logf("%d of %d scans were of use", scanned, worlds)
	require.Greater(t, scanned, worlds/4)
}
