package storetest

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

var grantTests = []test{
	{"grant/every field survives", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		g := access.Grant{Source: w.alice.ID, Target: w.app.ID, Permission: "admin", Scope: "repo-1", Value: "No", Counts: false,
			Project: "prod", LastUsed: day(-4), Metadata: `{"k":"v"}`, From: day(-9)}
		commit(t, s, day(1), putGrant(g))
		require.Contains(t, stateOf(t, s, "").Grants, g)
	}},
	{"grant/one per source, target, permission and scope", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		scoped, other := w.member, w.member
		scoped.Scope = "a"
		other.Permission = "Member" // case matters
		commit(t, s, day(1), putGrant(scoped), putGrant(other), putGrant(grant(w.team, w.alice, "member", "true")))
		require.Len(t, stateOf(t, s, "").Grants, 5)
	}},
	{"grant/a change of value closes an interval", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		old := ptr(stateOf(t, s, "")).grant(t, w.member)
		changed := w.member
		changed.Value, changed.Counts, changed.From = "false", false, day(-50)
		commit(t, s, day(1), putGrant(changed))
		got := stateOf(t, s, "")
		changed.From = day(1) // the time of the commit, whatever the put says
		require.Equal(t, changed, got.grant(t, w.member))
		old.To = day(1)
		require.Equal(t, []access.Grant{old}, got.History)

		commit(t, s, day(2), putGrant(w.member))
		got = stateOf(t, s, "")
		require.Equal(t, day(2), got.grant(t, w.member).From)
		require.Len(t, got.History, 2)
		require.Equal(t, day(1), got.History[1].From)
		require.Equal(t, day(2), got.History[1].To)
		require.Equal(t, "false", got.History[1].Value)
		require.False(t, got.History[1].Counts)
	}},
	{"grant/a change of anything else keeps the interval", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		g := w.member
		g.Project, g.LastUsed, g.Metadata, g.From = "p", day(0), `{"x":1}`, day(1)
		commit(t, s, day(1), putGrant(g))
		got := stateOf(t, s, "")
		g.From = t0
		require.Equal(t, g, got.grant(t, w.member))
		require.Empty(t, got.History)
	}},
	{"grant/removal and return", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		commit(t, s, day(1), removeGrant(w.member))
		commit(t, s, day(2), removeGrant(w.member)) // it is gone already
		got := stateOf(t, s, "")
		require.Len(t, got.Grants, 1)
		require.Len(t, got.History, 1)
		require.Equal(t, day(1), got.History[0].To)
		commit(t, s, day(3), putGrant(w.member))
		commit(t, s, day(4), removeGrant(w.member))
		got = stateOf(t, s, "")
		require.Len(t, got.History, 2)
		require.Equal(t, day(3), got.History[1].From)
		require.Equal(t, day(4), got.History[1].To)
		require.True(t, slices.IsSortedFunc(got.History, compareGrants))
	}},
	{"grant/removing what never was does nothing", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		before := stateOf(t, s, "")
		commit(t, s, day(1), removeGrant(grant(w.alice, w.app, "x", "")), store.Change{RemoveGrant: &access.GrantKey{Source: "e_no", Target: "e_no"}})
		after := stateOf(t, s, "")
		before.Version++
		require.Equal(t, before, after)
	}},
	{"grant/self-loops and cycles", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		loop, back := grant(w.team, w.team, "admin", "true"), grant(w.app, w.team, "x", "true")
		commit(t, s, day(1), putGrant(loop), putGrant(back))
		require.Len(t, stateOf(t, s, "").Grants, 4)
		commit(t, s, day(2), store.Change{RemoveEntity: w.team.ID})
		got := stateOf(t, s, "")
		require.Empty(t, got.Grants)
		require.Len(t, got.History, 4, "a self-loop ends once")
	}},
	{"grant/ends must be live", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		commit(t, s, day(1), store.Change{RemoveEntity: w.app.ID})
		before := stateOf(t, s, "")
		ghost := entity(key, access.Resource, "ghost")
		for name, g := range map[string]access.Grant{
			"unknown target": grant(w.alice, ghost, "p", "true"), "unknown source": grant(ghost, w.alice, "p", "true"),
			"removed target": grant(w.alice, w.app, "p", "true"), "removed source": grant(w.app, w.alice, "p", "true"),
		} {
			_, err := try(t, s, day(2), putGrant(grant(w.alice, w.team, "other", "true")), putGrant(g))
			require.Equal(t, access.CodeInvalidInput, access.CodeOf(err), "%s: %v", name, err)
		}
		require.Equal(t, before, stateOf(t, s, ""))
	}},
	{"grant/order is by bytes", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		cs := []store.Change{}
		for _, p := range []string{"b", "B", "a", "ä", "á", "aa", "Z", "z", "", " ", "~", "é", "e\u0301", "😀", "\uffff", "ß", "ss", "10", "9", "_", "[", "`"} {
			for _, scope := range []string{"", "s", "S", "é"} {
				for _, pair := range [][2]*access.Entity{{w.alice, w.app}, {w.app, w.alice}, {w.team, w.alice}} {
					g := grant(pair[0], pair[1], p, "true")
					g.Scope = scope
					cs = append(cs, putGrant(g))
				}
			}
		}
		commit(t, s, day(1), cs...)
		got := stateOf(t, s, "").Grants
		require.Len(t, got, len(cs)+2)
		require.True(t, slices.IsSortedFunc(got, compareGrants), "grants are ordered by (source, target, permission, scope)")
		for i := range cs {
			cs[i] = store.Change{RemoveGrant: ptr(cs[i].PutGrant.Key())}
		}
		commit(t, s, day(2), cs...)
		history := stateOf(t, s, "").History
		require.Len(t, history, len(cs))
		require.True(t, slices.IsSortedFunc(history, compareGrants), "history has the same order")
	}},
	{"grant/belongs to the integration of its source", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		x, y := entity("Other", access.Identity, "x"), entity("Other", access.Resource, "y")
		out := grant(x, w.app, "uses", "true")
		commit(t, s, day(1), putIntegration("Other"), putEntity(x), putEntity(y), putGrant(out), putGrant(grant(w.alice, y, "uses", "true")))
		commit(t, s, day(2), removeGrant(w.member))
		other := stateOf(t, s, "Other")
		require.Equal(t, 2, len(other.Entities))
		out.From = day(1)
		require.Equal(t, []access.Grant{out}, other.Grants)
		require.Empty(t, other.History)
		require.Len(t, stateOf(t, s, key).Grants, 2)
		require.Len(t, stateOf(t, s, key).History, 1)
		none := stateOf(t, s, "no such integration")
		require.Empty(t, none.Entities)
		require.Empty(t, none.Grants)
	}},
	{"grant/a sequence may be left early", func(t *testing.T, s store.Store) {
		seed(t, s)
		read(t, s, func(ctx context.Context, v store.GraphView) {
			for range v.Entities(ctx, "", true) { //nolint:errcheck // left at once
				break
			}
			for range v.Grants(ctx, "") { //nolint:errcheck // left at once
				break
			}
			require.Len(t, collect(t, v.Grants(ctx, "")), 2)
			require.Len(t, collect(t, v.Grants(ctx, "")), 2, "and may be asked for again")
		})
	}},
}

// grant returns the live grant with the key of g, as it was read.
func (st *state) grant(t *testing.T, g access.Grant) access.Grant {
	t.Helper()
	for _, is := range st.Grants {
		if is.Key() == g.Key() {
			return is
		}
	}
	require.Fail(t, "no such grant", "%+v", g)
	return access.Grant{}
}
