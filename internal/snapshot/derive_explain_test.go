package snapshot_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/snapshot"
)

// explanations are what an explainer says of some questions, as text.
func explanations(t *testing.T, r *rand.Rand, w *querytest.World, x query.Explainer) []string {
	t.Helper()
	out := []string{}
	note := func(v any, err error) {
		require.True(t, err == nil || access.CodeOf(err) == access.CodeInvalidInput, "%v", err)
		text, failed := json.Marshal(v)
		require.NoError(t, failed)
		out = append(out, fmt.Sprintf("%T %s %v", v, text, err))
	}
	id := func() string { return w.Entities[r.IntN(len(w.Entities))].ID }
	var chains []query.Chain
	yielded, err := x.Shortest(t.Context(), query.ShortestQuery{From: &filter.Filter{}, To: &filter.Filter{}}, func(c query.Chain) error { chains = append(chains, c); return nil })
	note(chains, err)
	note(yielded, nil)
	critical, err := x.Critical(t.Context(), query.CriticalQuery{First: 100})
	note(critical, err)
	for range 6 {
		identities := r.IntN(3) == 0
		missing, err := x.Missing(t.Context(), query.MissingQuery{From: id(), To: id(), ThroughIdentities: identities})
		note(missing, err)
		cut, err := x.Cut(t.Context(), query.CutQuery{From: []string{id()}, To: []string{id()}, ThroughIdentities: identities})
		note(cut, err)
		gains, err := x.Joining(t.Context(), query.JoinQuery{Of: []string{id(), id()}, Group: id(), ThroughIdentities: identities})
		note(gains, err)
		newcomers, err := x.Newcomers(t.Context(), query.NewcomerQuery{Group: id(), Target: id(), ThroughIdentities: identities})
		note(newcomers, err)
	}
	return out
}

// A derived snapshot explains as one that was built of the same graph.
func TestDerivedSnapshotsExplain(t *testing.T) {
	worlds(t, 120, func(r *rand.Rand, w *querytest.World, whole query.Whole) {
		if len(w.Entities) == 0 {
			return
		}
		at := moments(r, w)[r.IntN(len(w.Commits()))]
		past, err := whole.AsOf(t.Context(), at)
		require.NoError(t, err)
		changes := querytest.RandomChanges(r, w, 4)
		changed, err := whole.With(t.Context(), changes)
		require.NoError(t, err)
		for _, c := range []struct {
			got  query.Whole
			want *querytest.World
		}{{past, w.AsOf(at)}, {changed, w.With(changes, querytest.Now)}} {
			built, err := snapshot.Build(t.Context(), dataOf(c.want, r))
			require.NoError(t, err)
			seed := r.Uint64()
			want := explanations(t, rand.New(rand.NewPCG(seed, 1)), w, built.Reader(querytest.Now).(query.Explainer)) //nolint:forcetypeassert // as above
			got := explanations(t, rand.New(rand.NewPCG(seed, 1)), w, c.got.(query.Explainer))                        //nolint:forcetypeassert // as above
			require.Equal(t, want, got)
		}
	})
}
