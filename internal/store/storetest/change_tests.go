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
	"github.com/accessgraph/accessgraph/internal/store/changelog"
)

func changeTests(o Options) []test {
	return []test{
		{"change/since", sinceVersions},
		{"change/forgotten", forget},
		{"change/anew", anew},
		{"change/following is as good as reading everything", func(t *testing.T, s store.Store) { followChanges(t, s, o.Steps) }},
	}
}

// remembering calls look with a view that tells changes.
func remembering(t *testing.T, s store.Store, look func(ctx context.Context, v store.ChangeView)) {
	t.Helper()
	read(t, s, func(ctx context.Context, v store.GraphView) {
		cv, ok := v.(store.ChangeView)
		require.True(t, ok, "the views of a store are store.ChangeViews")
		look(ctx, cv)
	})
}

// markOf is the mark of the present version.
func markOf(t *testing.T, s store.Store) (mark string) {
	t.Helper()
	remembering(t, s, func(ctx context.Context, v store.ChangeView) {
		var err error
		mark, err = v.Mark(ctx)
		require.NoError(t, err)
		require.NotEmpty(t, mark)
	})
	return mark
}

// since asks what changed after a version.
func since(t *testing.T, s store.Store, version int64, mark string) (c store.ChangeSet, ok bool) {
	t.Helper()
	remembering(t, s, func(ctx context.Context, v store.ChangeView) {
		var err error
		c, ok, err = v.Since(ctx, version, mark)
		require.NoError(t, err)
	})
	return c, ok
}

func sinceVersions(t *testing.T, s store.Store) {
	marks := []string{markOf(t, s)}
	step := func(at time.Time, cs ...store.Change) {
		t.Helper()
		commit(t, s, at, cs...)
		marks = append(marks, markOf(t, s))
	}
	c, ok := since(t, s, 0, marks[0])
	require.True(t, ok)
	require.True(t, c.Empty())
	w := seed(t, s)
	marks = append(marks, markOf(t, s))
	c, ok = since(t, s, 0, marks[0])
	require.True(t, ok)
	require.ElementsMatch(t, []string{w.alice.ID, w.team.ID, w.app.ID}, c.Entities)
	require.ElementsMatch(t, []store.Pair{{Source: w.alice.ID, Target: w.team.ID}, {Source: w.team.ID, Target: w.app.ID}}, c.Pairs)
	require.Equal(t, []string{w.ann.ID}, c.Employees)
	require.Empty(t, c.Removed)
	require.True(t, c.Integrations)

	step(day(1), store.Change{PutLabels: &store.EntityLabels{EntityID: w.alice.ID, Labels: []string{"x"}}})
	c, _ = since(t, s, 1, marks[1])
	require.Equal(t, store.ChangeSet{Entities: []string{w.alice.ID}}, c)
	step(day(2), store.Change{RemoveEntity: w.team.ID})
	c, ok = since(t, s, 2, marks[2])
	require.True(t, ok)
	require.Equal(t, store.ChangeSet{Entities: []string{w.team.ID}, Removed: []string{w.team.ID}}, c)
	step(day(3), putEntity(w.team), putGrant(w.write), removeGrant(w.member))
	c, ok = since(t, s, 2, marks[2])
	require.True(t, ok)
	require.Equal(t, []string{w.team.ID}, c.Removed, "also when it has returned")
	require.Len(t, c.Pairs, 2)
	for name, one := range map[string]store.Change{
		"mapping":    {PutMapping: &access.Mapping{EntityID: w.alice.ID, EmployeeID: w.ann.ID, Relation: access.IS}},
		"no mapping": {RemoveMapping: w.alice.ID},
		"insights":   {PutInsights: &store.EntityInsights{EntityID: w.alice.ID, Insights: []access.Insight{{Name: "Odd"}}}},
	} {
		step(day(4), one)
		c, ok = since(t, s, int64(len(marks)-2), marks[len(marks)-2])
		require.True(t, ok)
		require.Equal(t, store.ChangeSet{Entities: []string{w.alice.ID}}, c, name)
	}
	_, err := s.Commit(t.Context(), store.Commit{Records: []store.RecordWrite{{Kind: "Job", ID: "j", Doc: []byte(`{}`)}}})
	require.NoError(t, err)
	require.Equal(t, marks[len(marks)-1], markOf(t, s), "records are not the graph's")

	last := int64(len(marks) - 1)
	_, ok = since(t, s, 99, marks[last])
	require.False(t, ok, "a version that is not yet")
	c, ok = since(t, s, last, marks[last])
	require.True(t, ok)
	require.True(t, c.Empty())
	for version := range last {
		_, ok = since(t, s, version, marks[version])
		require.True(t, ok)
		_, ok = since(t, s, version, marks[last])
		require.False(t, ok, "version %d of another store", version)
	}
	_, ok = since(t, s, last, marks[0])
	require.False(t, ok, "the present version of another store")
}

// anew looks at a commit that is not to be followed.
func anew(t *testing.T, s store.Store) {
	seed(t, s)
	mark := markOf(t, s)
	put := changes(store.Change{PutApplication: &access.Application{ID: access.ApplicationID("GitHub"), Name: "GitHub"}},
		store.Change{PutLabels: &store.EntityLabels{EntityID: entity(key, access.Identity, "alice").ID}}, putIntegration("a"), putIntegration("b"))
	version, err := s.Commit(t.Context(), store.Commit{At: day(1), Graph: put, GraphCount: 4, Anew: true})
	require.NoError(t, err)
	require.EqualValues(t, 2, version)
	_, ok := since(t, s, 1, mark)
	require.False(t, ok)
	c, ok := since(t, s, 2, markOf(t, s))
	require.True(t, ok)
	require.True(t, c.Empty())
}

// forget looks at how far back a store remembers.
func forget(t *testing.T, s store.Store) {
	seed(t, s)
	first := markOf(t, s)
	label := func(n int) {
		commit(t, s, day(n), store.Change{PutLabels: &store.EntityLabels{EntityID: entity(key, access.Identity, "alice").ID, Labels: []string{"x"}}})
	}
	label(1)
	second := markOf(t, s)
	for n := range changelog.Versions - 1 {
		label(2 + n)
	}
	_, ok := since(t, s, 1, first)
	require.True(t, ok)
	label(0)
	_, ok = since(t, s, 1, first)
	require.False(t, ok, "too long ago")
	_, ok = since(t, s, 2, second)
	require.True(t, ok)
}

// followed is a copy of the graph that reads only what changed.
type followed struct {
	version   int64
	mark      string
	entities  map[string]*access.Entity
	grants    map[store.Pair][]access.Grant
	history   map[store.Pair][]access.Grant
	employees map[string]*access.Employee
	names     []string // of integrations and applications
}

// followChanges keeps a copy up to date by changes alone, several versions at a time, and
// compares it with everything.
func followChanges(t *testing.T, s store.Store, steps int) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := &random{Rand: rand.New(rand.NewPCG(seed, 2)), m: newModel()}
	f := followed{
		mark: markOf(t, s), entities: map[string]*access.Entity{}, grants: map[store.Pair][]access.Grant{},
		history: map[store.Pair][]access.Grant{}, employees: map[string]*access.Employee{},
	}
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
		whole, got := stateOf(t, s, ""), f.state()
		require.Equal(t, whole.Entities, got.Entities, "seed %d, step %d", seed, step)
		require.Equal(t, whole.Grants, got.Grants, "seed %d, step %d", seed, step)
		require.Equal(t, whole.History, got.History, "seed %d, step %d", seed, step)
		require.Equal(t, whole.Employees, got.Employees, "seed %d, step %d", seed, step)
	}
}

func (f *followed) follow(ctx context.Context, t *testing.T, v store.ChangeView) {
	c, ok, err := v.Since(ctx, f.version, f.mark)
	require.NoError(t, err)
	require.True(t, ok)
	require.True(t, slices.IsSorted(c.Entities))
	require.True(t, slices.IsSortedFunc(c.Pairs, store.Pair.Compare))
	require.Subset(t, c.Entities, c.Removed)
	f.version = v.Version()
	f.mark, err = v.Mark(ctx)
	require.NoError(t, err)
	// What nobody has is left out.
	for _, e := range collect(t, v.EntitiesByID(ctx, append([]string{"e_nobody"}, c.Entities...))) {
		f.entities[e.ID] = e
	}
	for _, e := range collect(t, v.EmployeesByID(ctx, append([]string{"p_nobody"}, c.Employees...))) {
		f.employees[e.ID] = e
	}
	names := namesOf(ctx, t, v)
	require.True(t, c.Integrations || slices.Equal(names, f.names))
	f.names = names
	pairs := c.Pairs
	for p := range f.grants {
		if slices.Contains(c.Removed, p.Source) || slices.Contains(c.Removed, p.Target) {
			pairs = append(pairs, p)
		}
	}
	slices.SortFunc(pairs, store.Pair.Compare)
	pairs = slices.Compact(pairs)
	for _, p := range pairs {
		delete(f.grants, p)
		delete(f.history, p)
	}
	asked := append([]store.Pair{{Source: "e_nobody", Target: "e_nobody"}}, pairs...)
	slices.SortFunc(asked, store.Pair.Compare)
	of := func(g *access.Grant) store.Pair { return store.Pair{Source: g.Source, Target: g.Target} }
	for _, g := range collect(t, v.GrantsBetween(ctx, asked)) {
		require.Contains(t, pairs, of(&g))
		f.grants[of(&g)] = append(f.grants[of(&g)], g)
	}
	for _, g := range collect(t, v.HistoryBetween(ctx, asked)) {
		require.Contains(t, pairs, of(&g))
		f.history[of(&g)] = append(f.history[of(&g)], g)
	}
}

func namesOf(ctx context.Context, t *testing.T, v store.GraphView) (names []string) {
	t.Helper()
	integrations, err := v.Integrations(ctx)
	require.NoError(t, err)
	for i := range integrations {
		names = append(names, integrations[i].Key, integrations[i].Name, integrations[i].Application)
	}
	applications, err := v.Applications(ctx)
	require.NoError(t, err)
	for i := range applications {
		names = append(names, applications[i].Name)
	}
	return names
}

// state is the copy in the order of stateOf.
func (f *followed) state() state {
	var st state
	for _, id := range slices.Sorted(maps.Keys(f.entities)) {
		st.Entities = append(st.Entities, f.entities[id])
	}
	for _, id := range slices.Sorted(maps.Keys(f.employees)) {
		st.Employees = append(st.Employees, f.employees[id])
	}
	for _, p := range slices.SortedFunc(maps.Keys(f.grants), store.Pair.Compare) {
		st.Grants = append(st.Grants, f.grants[p]...)
	}
	for _, p := range slices.SortedFunc(maps.Keys(f.history), store.Pair.Compare) {
		st.History = append(st.History, f.history[p]...)
	}
	st.inUTC()
	return st
}
