package snapshot_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/snapshot"
)

// Changes that cannot be made say where and why.
func TestImpossibleChangesAreLocated(t *testing.T) {
	entity := func(typ access.EntityType, id string) *access.Entity {
		e := &access.Entity{Integration: "i", Type: typ, SourceID: id, Name: id}
		e.ID = e.Key().ID()
		return e
	}
	ann, team, old := entity(access.Identity, "ann"), entity(access.Connection, "team"), entity(access.Identity, "old")
	old.RemovedAt = time.Unix(5, 0)
	s, err := snapshot.Build(t.Context(), &snapshot.Data{AllEntities: []*access.Entity{ann, team, old}, LiveGrants: []access.Grant{
		{Source: ann.ID, Target: team.ID, Permission: "member", Value: "true", Counts: true},
	}})
	require.NoError(t, err)
	whole := s.Reader(time.Unix(10, 0)).(query.Whole) //nolint:forcetypeassert // as of Reader
	add := func(source, target string) query.Change {
		return query.Change{AddGrant: &query.NewGrant{Source: source, Target: target}}
	}
	remove := func(permission string) query.Change {
		return query.Change{RemoveGrant: &query.GrantMatch{Source: ann.ID, Target: team.ID, Permission: &permission}}
	}
	for _, c := range []struct {
		path, says string
		changes    []query.Change
	}{
		{"changes[0]", "nothing to change", []query.Change{{}}},
		{"changes[0].addGrant.source", "no live entity", []query.Change{add("e_nobody", team.ID)}},
		{"changes[0].addGrant.target", "no live entity", []query.Change{add(ann.ID, old.ID)}},
		{"changes[0].suspend", "no live entity", []query.Change{{Suspend: old.ID}}},
		{"changes[1].delete", "deleted by an earlier change", []query.Change{{Delete: ann.ID}, {Delete: ann.ID}}},
		{"changes[1].addGrant.source", "deleted by an earlier change", []query.Change{{Delete: ann.ID}, add(ann.ID, team.ID)}},
		{"changes[0].removeGrant", "no such grant", []query.Change{remove("admin")}},
		{"changes[1].removeGrant", "no such grant", []query.Change{remove("member"), remove("member")}},
	} {
		_, err := whole.With(t.Context(), c.changes)
		var e *access.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, access.CodeInvalidInput, e.Code)
		require.Equal(t, c.path, e.Path)
		require.Contains(t, e.Message, c.says)
	}
	// Removed and added again it is there, and what is there already may be added.
	again, err := whole.With(t.Context(), []query.Change{remove("member"), add(ann.ID, team.ID), add(ann.ID, team.ID)})
	require.NoError(t, err)
	pages, err := again.Effective(t.Context(), query.EffectiveQuery{Of: []string{ann.ID}})
	require.NoError(t, err)
	require.Len(t, pages[0].Edges, 1)
	require.Equal(t, []access.Permission{{Name: "member", Value: "true"}}, pages[0].Edges[0].Permissions)
}
