package snapshot_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/snapshot"
)

// worlds runs a test over random worlds.
func worlds(t *testing.T, n int, test func(r *rand.Rand, w *querytest.World, whole query.Whole)) {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if testing.Short() {
		n /= 5
	}
	for i := range n {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		w := querytest.RandomWorld(r)
		s, err := snapshot.Build(t.Context(), dataOf(w, r))
		require.NoError(t, err)
		whole, ok := s.Reader(querytest.Now).(query.Whole)
		require.True(t, ok)
		test(r, w, whole)
		if t.Failed() {
			t.Fatalf("seed %d, world %d", seed, i)
		}
	}
}

func equalReaders(t *testing.T, r *rand.Rand, w *querytest.World, got query.Reader) {
	t.Helper()
	if len(w.Integrations) == 0 {
		return
	}
	d := querytest.Differ{Want: querytest.NewOracle(w, querytest.Now), Got: got, World: w, Shapes: r, Rand: r, Questions: 5}
	require.NoError(t, d.Run(t.Context()))
}

// After any changes, every question is answered as the oracle answers it on the changed world.
func TestWithAgainstOracle(t *testing.T) {
	worlds(t, 100, func(r *rand.Rand, w *querytest.World, whole query.Whole) {
		changes := querytest.RandomChanges(r, w, 1+r.IntN(6))
		got, err := whole.With(t.Context(), changes)
		require.NoError(t, err, "%+v", changes)
		require.True(t, got.Info().Simulated)
		equalReaders(t, r, w.With(changes, querytest.Now), got)
		// The snapshot it was made of is what it was; changes can be tried on changes.
		equalReaders(t, r, w, whole)
		more := querytest.RandomChanges(r, w.With(changes, querytest.Now), 3)
		again, err := got.With(t.Context(), more)
		require.NoError(t, err)
		equalReaders(t, r, w.With(changes, querytest.Now).With(more, querytest.Now), again)
	})
}

// moments are the moments of a world at which something happens, and some in between.
func moments(r *rand.Rand, w *querytest.World) []time.Time {
	var out []time.Time
	for _, c := range w.Commits() {
		out = append(out, c.At.Add(-time.Nanosecond), c.At, c.At.Add(time.Duration(r.IntN(1e9))))
	}
	return out
}

// Of any moment, every question is answered as the oracle answers it on the world of that moment.
func TestAsOfAgainstOracle(t *testing.T) {
	worlds(t, 60, func(r *rand.Rand, w *querytest.World, whole query.Whole) {
		for _, at := range moments(r, w) {
			if r.IntN(3) > 0 {
				continue
			}
			got, err := whole.AsOf(t.Context(), at)
			require.NoError(t, err)
			require.Equal(t, at, got.Info().AsOf)
			past := w.AsOf(at)
			equalReaders(t, r, past, got)
			changes := querytest.RandomChanges(r, past, 3)
			changed, err := got.With(t.Context(), changes)
			require.NoError(t, err)
			equalReaders(t, r, past.With(changes, querytest.Now), changed)
		}
	})
}

// differences checks all differences between two readers against trying every pair, their
// pages against the whole, and every cause.
func differences(t *testing.T, r *rand.Rand, before, after *querytest.World, from, to query.Whole) {
	t.Helper()
	q := query.DifferenceQuery{}
	var got []query.Difference
	require.NoError(t, from.EachDifference(t.Context(), to, q, func(d *query.Difference) error { got = append(got, *d); return nil }))
	shown := []string{}
	for i := range got {
		d := &got[i]
		shown = append(shown, querytest.ShowDifference(d))
		require.NotEmpty(t, d.Causes)
		for j := range d.Causes {
			require.NoError(t, querytest.CheckCause(before, after, d, &d.Causes[j]), "%s", querytest.ShowDifference(d))
		}
	}
	want := querytest.Differences(before, after, func(*access.Entity) bool { return true })
	require.Equal(t, append([]string{}, want...), shown)

	// Those of some targets are of all those that have these.
	some := []string{"e_none"}
	for _, e := range before.Entities {
		if r.IntN(3) == 0 {
			some = append(some, e.ID)
		}
	}
	ofSome, wantOfSome := []string{}, []string{}
	for i := range got {
		if slices.Contains(some, got[i].Target.ID) {
			wantOfSome = append(wantOfSome, querytest.ShowDifference(&got[i]))
		}
	}
	require.NoError(t, from.EachDifference(t.Context(), to, query.DifferenceQuery{Targets: &filter.Filter{IDs: some}}, func(d *query.Difference) error {
		ofSome = append(ofSome, querytest.ShowDifference(d))
		return nil
	}))
	require.Equal(t, wantOfSome, ofSome)

	q.Page = query.Page{First: 1 + r.IntN(4), WithTotal: r.IntN(2) == 0}
	var paged []string
	for {
		page, err := from.Differences(t.Context(), to, q)
		require.NoError(t, err)
		require.Equal(t, len(paged) > 0, page.HasPrevious)
		if q.Page.WithTotal {
			require.Equal(t, len(got), page.Total)
		} else {
			require.Equal(t, -1, page.Total)
		}
		for i := range page.Differences {
			paged = append(paged, querytest.ShowDifference(&page.Differences[i]))
		}
		require.Equal(t, len(paged) < len(got), page.HasNext)
		if !page.HasNext {
			break
		}
		q.Page.After = page.Differences[len(page.Differences)-1].Cursor
	}
	require.Equal(t, want, paged)
}

func TestDifferencesAgainstOracle(t *testing.T) {
	worlds(t, 100, func(r *rand.Rand, w *querytest.World, whole query.Whole) {
		changes := querytest.RandomChanges(r, w, 1+r.IntN(5))
		after, err := whole.With(t.Context(), changes)
		require.NoError(t, err)
		differences(t, r, w, w.With(changes, querytest.Now), whole, after)
		differences(t, r, w.With(changes, querytest.Now), w, after, whole)
		all := moments(r, w)
		x, y := all[r.IntN(len(all))], all[r.IntN(len(all))]
		from, err := whole.AsOf(t.Context(), x)
		require.NoError(t, err)
		to, err := whole.AsOf(t.Context(), y)
		require.NoError(t, err)
		differences(t, r, w.AsOf(x), w.AsOf(y), from, to)
	})
}

// Two snapshots that have nothing in common but the ids can be compared as well.
func TestDifferencesOfUnrelatedSnapshots(t *testing.T) {
	worlds(t, 100, func(r *rand.Rand, w *querytest.World, whole query.Whole) {
		other := w.With(querytest.RandomChanges(r, w, 4), querytest.Now)
		other.Entities = slices.Clone(other.Entities)
		for i := range other.Entities {
			if r.IntN(4) == 0 {
				other.Entities[i].Name += " renamed"
			}
		}
		s, err := snapshot.Build(t.Context(), dataOf(other, r))
		require.NoError(t, err)
		differences(t, r, w, other, whole, s.Reader(querytest.Now).(query.Whole)) //nolint:forcetypeassert // as of Reader
	})
}

// The causes of what happened between two moments say when.
func TestCausesOfThePastHaveTimes(t *testing.T) {
	seen := 0
	worlds(t, 60, func(r *rand.Rand, w *querytest.World, whole query.Whole) {
		all := moments(r, w)
		x, y := all[0], all[r.IntN(len(all))]
		from, err := whole.AsOf(t.Context(), x)
		require.NoError(t, err)
		to, err := whole.AsOf(t.Context(), y)
		require.NoError(t, err)
		require.NoError(t, from.EachDifference(t.Context(), to, query.DifferenceQuery{}, func(d *query.Difference) error {
			for _, c := range d.Causes {
				seen++
				require.True(t, c.At.After(x) && !c.At.After(y), "%v is not in (%v, %v]", c.At, x, y)
			}
			return nil
		}))
	})
	require.Positive(t, seen)
}

func TestDifferencesEndWhenAsked(t *testing.T) {
	w := querytest.RandomWorld(rand.New(rand.NewPCG(3, 4)))
	s, err := snapshot.Build(t.Context(), dataOf(w, rand.New(rand.NewPCG(1, 2))))
	require.NoError(t, err)
	whole := s.Reader(querytest.Now).(query.Whole) //nolint:forcetypeassert // as of Reader
	empty, err := whole.AsOf(t.Context(), time.Time{}.Add(1))
	require.NoError(t, err)
	enough := errors.New("enough")
	n := 0
	require.ErrorIs(t, empty.EachDifference(t.Context(), whole, query.DifferenceQuery{}, func(*query.Difference) error { n++; return enough }), enough)
	require.Equal(t, 1, n)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, empty.EachDifference(ctx, whole, query.DifferenceQuery{}, func(*query.Difference) error { return nil }), context.Canceled)
}
