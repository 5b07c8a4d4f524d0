package changelog_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/changelog"
)

// What is packed reads back the same, whatever it is.
func TestPack(t *testing.T) {
	id := rapid.Custom(func(t *rapid.T) string {
		return rapid.OneOf(rapid.StringMatching(`e_[a-z2-7]{26}`), rapid.StringN(0, 5, -1)).Draw(t, "id")
	})
	rapid.Check(t, func(t *rapid.T) {
		list := func(name string) []string {
			ids := rapid.SliceOfN(id, 0, 60).Draw(t, name)
			slices.Sort(ids)
			if len(ids) == 0 {
				return nil
			}
			return slices.Compact(ids)
		}
		c := store.ChangeSet{Entities: list("entities"), Removed: list("removed"), Employees: list("employees"), Integrations: rapid.Bool().Draw(t, "i")}
		for _, source := range list("sources") {
			for _, target := range list("targets") {
				c.Pairs = append(c.Pairs, store.Pair{Source: source, Target: target})
			}
		}
		got, err := changelog.Unpack(changelog.Pack(c))
		require.NoError(t, err)
		require.Equal(t, c, got)
		merged, ok := changelog.Merge(c, c)
		require.True(t, ok)
		require.Equal(t, c, merged)
	})
}

func FuzzUnpack(f *testing.F) {
	f.Add(changelog.Pack(store.ChangeSet{Entities: []string{"a"}, Pairs: []store.Pair{{Source: "a", Target: "b"}}}))
	var many store.ChangeSet
	for i := range 100 {
		many.Entities = append(many.Entities, fmt.Sprintf("e_%03d", i))
	}
	f.Add(changelog.Pack(many))
	f.Add([]byte("z"))
	f.Add([]byte(`j{"entities":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := changelog.Unpack(data)
		if err != nil {
			return
		}
		again, err := changelog.Unpack(changelog.Pack(c))
		require.NoError(t, err)
		require.Equal(t, c, again)
	})
}

// Every kind of change is noted where a snapshot looks.
func TestAdd(t *testing.T) {
	var l changelog.Log
	for _, c := range []store.Change{
		{PutIntegration: &access.Integration{Key: "k"}},
		{PutEntity: &access.Entity{ID: "put"}},
		{RemoveEntity: "gone"},
		{PutGrant: &access.Grant{Source: "s", Target: "t", Permission: "p"}},
		{PutGrant: &access.Grant{Source: "s", Target: "t", Permission: "q"}},
		{RemoveGrant: &access.GrantKey{Source: "a", Target: "t"}},
		{PutEmployee: &access.Employee{ID: "p"}},
		{PutMapping: &access.Mapping{EntityID: "mapped"}},
		{RemoveMapping: "unmapped"},
		{PutLabels: &store.EntityLabels{EntityID: "labelled"}},
		{PutInsights: &store.EntityInsights{EntityID: "seen"}},
		{PutOwners: &store.EntityOwners{EntityID: "owned"}}, // a snapshot has no owners
	} {
		l.Add(&c)
	}
	got, ok := l.Set()
	require.True(t, ok)
	require.Equal(t, store.ChangeSet{
		Entities: []string{"gone", "labelled", "mapped", "put", "seen", "unmapped"}, Removed: []string{"gone"},
		Pairs: []store.Pair{{Source: "a", Target: "t"}, {Source: "s", Target: "t"}}, Employees: []string{"p"}, Integrations: true,
	}, got)
	var apps changelog.Log
	apps.Add(&store.Change{PutApplication: &access.Application{ID: "a"}})
	got, _ = apps.Set()
	require.True(t, got.Integrations)
}

// A log names up to Max things, however often each.
func TestLimit(t *testing.T) {
	l := changelog.Log{Max: 10}
	for i := range 1000 {
		l.Add(&store.Change{PutLabels: &store.EntityLabels{EntityID: fmt.Sprint(i % 10)}})
	}
	c, ok := l.Set()
	require.True(t, ok)
	require.Len(t, c.Entities, 10)
	l.Add(&store.Change{RemoveMapping: "one more"})
	c, ok = l.Set()
	require.False(t, ok)
	require.True(t, c.Empty())
	l.Add(&store.Change{RemoveMapping: "one more"})
	_, ok = l.Set()
	require.False(t, ok, "for good")
}
