package snapshot_test

import (
	"context"
	"errors"
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

// tableRows is a table as texts.
func tableRows(t *testing.T, r query.Tabler, q query.TableQuery) []string {
	t.Helper()
	names := r.Names()
	ids := func(list []uint32) (out []string) {
		for _, n := range list {
			out = append(out, names.IDs[n])
		}
		return out
	}
	out := []string{}
	require.NoError(t, r.EachBlock(t.Context(), q, func(b *query.AccessBlock) (any, error) {
		var rows []string
		for i := range b.Rows() {
			var permissions []access.Permission
			for _, p := range b.Permissions[b.PermissionEnds[i]:b.PermissionEnds[i+1]] {
				permissions = append(permissions, names.Permissions[p])
			}
			e := b.Target[i]
			rows = append(rows, fmt.Sprint(names.IDs[b.Source[i]], names.IDs[e], names.Name.Values[names.Name.At(e)], names.Type.Values[names.Type.At(e)],
				names.SourceType.Values[names.SourceType.At(e)], names.Integration.Values[names.Integration.At(e)], b.Direct[i], b.Length[i],
				permissions, ids(b.Providers[b.ProviderEnds[i]:b.ProviderEnds[i+1]]), ids(b.Chain[b.ChainEnds[i]:b.ChainEnds[i+1]])))
		}
		return rows, nil
	}, func(rows any) error { out = append(out, rows.([]string)...); return nil })) //nolint:forcetypeassert // as above
	return out
}

// tableByOracle asks for every source's access and for the first chain of every pair.
func tableByOracle(t *testing.T, w *querytest.World, sources, targets *filter.Filter) []string {
	t.Helper()
	o := querytest.NewOracle(w, querytest.Now)
	where := map[string]string{}
	for _, i := range w.Integrations {
		where[i.Key] = i.Name
	}
	out := []string{}
	list, err := o.Entities(t.Context(), query.EntityQuery{Filter: sources, Page: query.Page{First: 1000}})
	require.NoError(t, err)
	for _, e := range list.Entities {
		if e.Removed() {
			continue
		}
		pages, err := o.Effective(t.Context(), query.EffectiveQuery{Of: []string{e.ID}, Filter: targets, Page: query.Page{First: 1000}})
		require.NoError(t, err)
		for _, a := range pages[0].Edges {
			chains, err := o.Chains(t.Context(), query.ChainQuery{Pairs: []query.Pair{{From: e.ID, To: a.Entity.ID}}, MaxDepth: 32, First: 1})
			require.NoError(t, err)
			chain := chains[0].Chains[0]
			out = append(out, fmt.Sprint(e.ID, a.Entity.ID, a.Entity.Name, a.Entity.Type, a.Entity.SourceType, where[a.Entity.Integration],
				a.Direct, len(chain.Hops), a.Permissions, a.Providers, chain.Nodes))
		}
	}
	return out
}

// The table has what the oracle says of every pair, whatever the size of its blocks.
func TestTableAgainstOracle(t *testing.T) {
	worlds(t, 150, func(r *rand.Rand, w *querytest.World, whole query.Whole) {
		q := query.TableQuery{Rows: r.IntN(4)}
		if r.IntN(2) == 0 {
			q.Sources = querytest.RandomFilter(r, 1)
		}
		if r.IntN(2) == 0 {
			q.Targets = querytest.RandomFilter(r, 1)
			q.Targets.Removed = false
		}
		table, ok := whole.(query.Tabler)
		require.True(t, ok)
		require.Equal(t, tableByOracle(t, w, q.Sources, q.Targets), tableRows(t, table, q))
		changes := querytest.RandomChanges(r, w, 3)
		other, err := whole.With(t.Context(), changes)
		require.NoError(t, err)
		require.Equal(t, tableByOracle(t, w.With(changes, querytest.Now), q.Sources, q.Targets), tableRows(t, other.(query.Tabler), q)) //nolint:forcetypeassert // as above
	})
}

func TestTablesEndWhenAsked(t *testing.T) {
	w := querytest.RandomWorld(rand.New(rand.NewPCG(3, 4)))
	s, err := snapshot.Build(t.Context(), dataOf(w, rand.New(rand.NewPCG(1, 2))))
	require.NoError(t, err)
	table := s.Reader(querytest.Now).(query.Tabler) //nolint:forcetypeassert // as of Reader
	failure := errors.New("failure")
	pass := func(b *query.AccessBlock) (any, error) { return b, nil }
	require.ErrorIs(t, table.EachBlock(t.Context(), query.TableQuery{}, pass, func(any) error { return failure }), failure)
	require.ErrorIs(t, table.EachBlock(t.Context(), query.TableQuery{}, func(*query.AccessBlock) (any, error) { return nil, failure }, func(any) error { return nil }), failure)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, table.EachBlock(ctx, query.TableQuery{}, pass, func(any) error { return nil }), context.Canceled)
	last := 0
	require.NoError(t, table.EachBlock(t.Context(), query.TableQuery{Rows: 1, Progress: func(done, total int) {
		require.LessOrEqual(t, last, done)
		require.LessOrEqual(t, done, total)
		last = done
	}}, pass, func(any) error { return nil }))
	require.Positive(t, last)
}
