package storetest

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

func changeTests(o Options) []test {
	return []test{
		{"change/since", sinceVersions},
		{"change/following is as good as reading everything", func(t *testing.T, s store.Store) { followChanges(t, s, o.Steps) }},
	}
}

// remembering calls look with a view that tells changes; a store that has none skips the test.
func remembering(t *testing.T, s store.Store, look func(ctx context.Context, v store.ChangeView)) {
	t.Helper()
	read(t, s, func(ctx context.Context, v store.GraphView) {
		cv, ok := v.(store.ChangeView)
		if !ok {
			t.Skip("this store does not remember changes (store.ChangeView is optional)")
		}
		look(ctx, cv)
	})
}

func sinceVersions(t *testing.T, s store.Store) {
	since := func(version int64) (c store.ChangeSet, ok bool) {
		remembering(t, s, func(ctx context.Context, v store.ChangeView) {
			var err error
			c, ok, err = v.Since(ctx, version)
			require.NoError(t, err)
		})
		return c, ok
	}
	c, ok := since(0)
	require.True(t, ok)
	require.Equal(t, store.ChangeSet{}, c)
	w := seed(t, s)
	c, ok = since(0)
	require.True(t, ok)
	require.ElementsMatch(t, []string{w.alice.ID, w.team.ID, w.app.ID}, c.Entities)
	require.ElementsMatch(t, []string{w.alice.ID, w.team.ID}, c.Sources)
	require.True(t, c.Directory)
	commit(t, s, day(1), store.Change{PutLabels: &store.EntityLabels{EntityID: w.alice.ID, Labels: []string{"x"}}})
	c, _ = since(1)
	require.Equal(t, store.ChangeSet{Entities: []string{w.alice.ID}}, c)
	commit(t, s, day(2), store.Change{RemoveEntity: w.team.ID})
	c, ok = since(1)
	require.True(t, ok)
	require.ElementsMatch(t, []string{w.alice.ID, w.team.ID}, c.Entities)
	require.Subset(t, c.Sources, []string{w.alice.ID, w.team.ID}, "its grants both ways")
	require.False(t, c.Directory)
	_, ok = since(99)
	require.False(t, ok, "a version that is not yet")
	_, ok = since(3)
	require.True(t, ok)
}

// followed is a copy of the graph that reads only what changed.
type followed struct {
	version  int64
	entities map[string]*access.Entity
	grants   map[string][]access.Grant // by source
	history  map[string][]access.Grant
}

// followChanges keeps a copy up to date by changes alone, several versions at a time, and
// compares it with everything.
func followChanges(t *testing.T, s store.Store, steps int) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := &random{Rand: rand.New(rand.NewPCG(seed, 2)), m: newModel()}
	f := followed{entities: map[string]*access.Entity{}, grants: map[string][]access.Grant{}, history: map[string][]access.Grant{}}
	for step := range steps {
		at := day(step)
		cs := r.basics()
		if step > 0 {
			cs = r.changes(at)
		}
		commit(t, s, at, cs...)
		r.m.commit(at, cs)
		if r.IntN(3) == 0 {
			continue
		}
		remembering(t, s, func(ctx context.Context, v store.ChangeView) { f.follow(ctx, t, v) })
		whole := stateOf(t, s, "")
		require.Equal(t, whole.Entities, f.state().Entities, "seed %d, step %d", seed, step)
		require.Equal(t, whole.Grants, f.state().Grants, "seed %d, step %d", seed, step)
		require.Equal(t, whole.History, f.state().History, "seed %d, step %d", seed, step)
	}
}

func (f *followed) follow(ctx context.Context, t *testing.T, v store.ChangeView) {
	c, ok, err := v.Since(ctx, f.version)
	require.NoError(t, err)
	require.True(t, ok)
	require.True(t, slices.IsSorted(c.Entities))
	require.True(t, slices.IsSorted(c.Sources))
	f.version = v.Version()
	entities := collect(t, v.EntitiesByID(ctx, append([]string{"e_nobody"}, c.Entities...)))
	require.Len(t, entities, len(c.Entities))
	for _, e := range entities {
		f.entities[e.ID] = e
	}
	for _, source := range c.Sources {
		delete(f.grants, source)
		delete(f.history, source)
	}
	for _, g := range collect(t, v.GrantsOf(ctx, c.Sources)) {
		f.grants[g.Source] = append(f.grants[g.Source], g)
	}
	for _, g := range collect(t, v.HistoryOf(ctx, c.Sources)) {
		f.history[g.Source] = append(f.history[g.Source], g)
	}
}

// state is the copy in the order of stateOf.
func (f *followed) state() state {
	var st state
	for _, id := range slices.Sorted(maps.Keys(f.entities)) {
		st.Entities = append(st.Entities, f.entities[id])
	}
	for _, id := range slices.Sorted(maps.Keys(f.grants)) {
		st.Grants = append(st.Grants, f.grants[id]...)
	}
	for _, id := range slices.Sorted(maps.Keys(f.history)) {
		st.History = append(st.History, f.history[id]...)
	}
	st.inUTC()
	return st
}
