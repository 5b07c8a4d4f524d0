package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// oddTexts are texts that a careless store changes, loses or trips over.
var oddTexts = []string{
	"'; DROP TABLE entity; --", `"quoted" \back\slash`, "{$name} `tick` ${x} %s ?1 :a", "line one\nline two\r\n\ttabbed",
	"naïve — “quotes”", "Straße İstanbul ΣΊΣΥΦΟΣ", "👩🏽‍💻 emoji 🇺🇳", "שלום עולם مرحبا", "漢字かな交じり文", "\u202ereversed\u202c", "null", "NaN", "0012", "1e3", " ",
}

var entityTests = []test{
	{"entity/empty store", func(t *testing.T, s store.Store) {
		require.Equal(t, state{Owners: map[string]access.Owners{}}, stateOf(t, s, ""))
		v, err := s.Version(t.Context())
		require.NoError(t, err)
		require.Zero(t, v)
		require.NoError(t, s.Check(t.Context()))
		require.NotEmpty(t, s.Name())
	}},
	{"entity/every field survives", func(t *testing.T, s store.Store) {
		commit(t, s, t0, putIntegration(key))
		e := entity(key, access.Identity, "alice")
		e.Project, e.SourceType, e.Name = "prod", "user", "Alice"
		e.Username, e.Email, e.FirstName, e.LastName = "alicegh", "Alice@Example.com", "Alice", "Liddell"
		e.ID = e.Key().ID()
		e.Status = access.StatusSuspended
		e.LastLogin, e.LatestActivity, e.LastPasswordChanged = day(-1), day(-2), day(-3)
		e.MFA, e.SuperAdmin, e.Administrative = access.True, access.False, access.True
		e.External, e.Locked, e.ServiceAccount = access.False, access.True, access.False
		e.ServiceAccountReason, e.Factors, e.Metadata, e.Stub = "because", []string{"push", "sms"}, `{"a":[1,"x",null]}`, true
		e.FirstSeen = day(-100)
		commit(t, s, t0, putEntity(e))
		got := stateOf(t, s, "")
		require.Equal(t, []*access.Entity{e}, got.Entities)
	}},
	{"entity/nothing said", func(t *testing.T, s store.Store) {
		commit(t, s, t0, putIntegration(key))
		e := &access.Entity{Integration: key, Type: access.Resource, SourceID: "x", Factors: []string{}}
		e.ID = e.Key().ID()
		commit(t, s, t0, putEntity(e))
		want := entity(key, access.Resource, "x")
		want.Name, want.SourceType, want.Status, want.FirstSeen = "", "", access.StatusUnknown, t0
		require.Equal(t, want, ptr(stateOf(t, s, "")).find(t, e.ID))
	}},
	{"entity/a put replaces everything but first seen", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		again := entity(key, access.Identity, "alice")
		again.Name, again.Email, again.FirstSeen = "Alice 2", "a@example.com", day(5)
		commit(t, s, day(5), putEntity(again))
		again.FirstSeen = t0
		got := stateOf(t, s, "")
		require.Equal(t, again, got.find(t, w.alice.ID))
		require.Len(t, got.Grants, 2, "grants are untouched")
		again.FirstSeen = time.Time{}
		again.Email = "" // what is no longer said is gone
		commit(t, s, day(6), putEntity(again))
		again.FirstSeen = t0
		require.Equal(t, again, ptr(stateOf(t, s, "")).find(t, w.alice.ID))
	}},
	{"entity/a put is idempotent", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		before := stateOf(t, s, "")
		commit(t, s, day(1), putEntity(w.alice), putGrant(w.member))
		after := stateOf(t, s, "")
		require.Equal(t, before.Entities, after.Entities)
		require.Equal(t, before.Grants, after.Grants)
		require.Empty(t, after.History)
	}},
	{"entity/removal becomes history", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		commit(t, s, day(1), store.Change{RemoveEntity: w.team.ID})
		got := stateOf(t, s, "")
		require.Equal(t, day(1), got.find(t, w.team.ID).RemovedAt)
		require.True(t, got.find(t, w.alice.ID).RemovedAt.IsZero())
		require.Empty(t, got.Grants, "grants both ways end")
		require.Len(t, got.History, 2)
		for _, g := range got.History {
			require.Equal(t, t0, g.From)
			require.Equal(t, day(1), g.To)
		}
		read(t, s, func(ctx context.Context, v store.GraphView) {
			require.Len(t, collect(t, v.Entities(ctx, "", false)), 2, "removed ones only if asked")
			require.Len(t, collect(t, v.Entities(ctx, key, false)), 2)
			require.Len(t, collect(t, v.Entities(ctx, key, true)), 3)
		})
		// Again, and what never was: nothing.
		commit(t, s, day(2), store.Change{RemoveEntity: w.team.ID}, store.Change{RemoveEntity: "e_nobody"})
		again := stateOf(t, s, "")
		require.Equal(t, got.Entities, again.Entities)
		require.Equal(t, got.History, again.History)
		require.Equal(t, got.Integrations, again.Integrations, "no revision is touched")
	}},
	{"entity/a removed one returns to life", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		commit(t, s, day(1), store.Change{RemoveEntity: w.team.ID})
		commit(t, s, day(2), putEntity(w.team), putGrant(w.member))
		got := stateOf(t, s, "")
		team := got.find(t, w.team.ID)
		require.True(t, team.RemovedAt.IsZero())
		require.Equal(t, t0, team.FirstSeen)
		require.Len(t, got.Grants, 1, "its other grants do not return by themselves")
		require.Equal(t, day(2), got.Grants[0].From, "a grant that returns starts a new interval")
		require.Len(t, got.History, 2)
	}},
	{"entity/removal keeps what is said about it", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		commit(t, s, t0,
			store.Change{PutMapping: &access.Mapping{EntityID: w.alice.ID, EmployeeID: w.ann.ID, Relation: access.IS, Origin: access.ManualMapping, Reason: "she said", At: t0}},
			store.Change{PutOwners: &store.EntityOwners{EntityID: w.alice.ID, Owners: access.Owners{Primary: w.ann.ID}}},
			store.Change{PutLabels: &store.EntityLabels{EntityID: w.alice.ID, Labels: []string{"vip"}}},
			store.Change{PutInsights: &store.EntityInsights{EntityID: w.alice.ID, Insights: []access.Insight{{Name: "MFA Missing", Since: t0, Evidence: "none"}}}})
		before := stateOf(t, s, "")
		commit(t, s, day(1), store.Change{RemoveEntity: w.alice.ID})
		removed := stateOf(t, s, "")
		want := *before.find(t, w.alice.ID)
		want.RemovedAt = day(1)
		require.Equal(t, &want, removed.find(t, w.alice.ID))
		require.Equal(t, before.Mappings, removed.Mappings)
		require.Equal(t, before.Owners, removed.Owners)
		ids, err := s.MappedEntities(t.Context(), []string{w.ann.ID})
		require.NoError(t, err)
		require.Empty(t, ids[0], "only live entities")
		commit(t, s, day(2), putEntity(w.alice))
		require.Equal(t, before.find(t, w.alice.ID), ptr(stateOf(t, s, "")).find(t, w.alice.ID))
	}},
	{"entity/same source id, another type or project", func(t *testing.T, s store.Store) {
		commit(t, s, t0, putIntegration(key))
		a, b, c := entity(key, access.Identity, "x"), entity(key, access.Connection, "x"), entity(key, access.Identity, "x")
		c.Project = "other"
		c.ID = c.Key().ID()
		d := entity(key, access.Identity, "X") // source ids are case-sensitive
		commit(t, s, t0, putEntity(a), putEntity(b), putEntity(c), putEntity(d))
		require.Len(t, stateOf(t, s, "").Entities, 4)
		found, err := s.FindEntities(t.Context(), key, "x")
		require.NoError(t, err)
		require.Len(t, found, 3)
	}},
	{"entity/odd texts everywhere", func(t *testing.T, s store.Store) {
		ann := employee("ann@example.com", "Ann")
		cs := []store.Change{putIntegration(key), putEmployee(ann)}
		var want []*access.Entity
		for _, text := range oddTexts {
			e := entity(key, access.Identity, text)
			e.Project, e.Username, e.FirstName, e.Factors = text, text, text, []string{text}
			e.ID = e.Key().ID()
			g := grant(e, e, text, text)
			g.Scope, g.Project, g.Metadata = text, text, text
			cs = append(cs, putEntity(e), putGrant(g),
				store.Change{PutLabels: &store.EntityLabels{EntityID: e.ID, Labels: []string{text}}},
				store.Change{PutInsights: &store.EntityInsights{EntityID: e.ID, Insights: []access.Insight{{Name: text, Since: t0, Evidence: text}}}},
				store.Change{PutMapping: &access.Mapping{EntityID: e.ID, EmployeeID: ann.ID, Relation: access.OWNS, Origin: access.ManualMapping, Reason: text, At: t0}})
			want = append(want, e)
		}
		commit(t, s, t0, cs...)
		got := stateOf(t, s, "")
		require.Len(t, got.Entities, len(want))
		for _, e := range want {
			is := got.find(t, e.ID)
			text := e.Name
			e.FirstSeen, e.Labels = t0, []string{text}
			e.Insights = []access.Insight{{Name: text, Since: t0, Evidence: text}}
			e.Mapping = &access.MappingRef{EmployeeID: ann.ID, Relation: access.OWNS, Origin: access.ManualMapping, Reason: text, At: t0}
			require.Equal(t, e, is)
		}
		require.Len(t, got.Grants, len(want))
		for _, g := range got.Grants {
			text := got.find(t, g.Source).Name
			require.Equal(t, access.Grant{Source: g.Source, Target: g.Source, Permission: text, Scope: text, Value: text,
				Counts: access.ValueCounts(text), Project: text, Metadata: text, From: t0}, g)
		}
	}},
	{"entity/times in other zones and finer than microseconds", func(t *testing.T, s store.Store) {
		tokyo := time.FixedZone("", 9*3600)
		at := time.Date(2026, 1, 2, 3, 4, 5, 123456789, tokyo)
		want := time.Date(2026, 1, 1, 18, 4, 5, 123456000, time.UTC)
		e := entity(key, access.Identity, "x")
		e.LastLogin, e.LatestActivity = at, time.Date(1960, 2, 3, 4, 5, 6, 7000, time.UTC)
		g := grant(e, e, "p", "true")
		g.LastUsed = at
		commit(t, s, at, putIntegration(key), putEntity(e), putGrant(g))
		got := stateOf(t, s, "")
		require.Equal(t, want, got.Entities[0].FirstSeen)
		require.Equal(t, want, got.Entities[0].LastLogin)
		require.Equal(t, e.LatestActivity, got.Entities[0].LatestActivity)
		require.Equal(t, want, got.Grants[0].From)
		require.Equal(t, want, got.Grants[0].LastUsed)
	}},
	{"entity/of an integration that does not exist", func(t *testing.T, s store.Store) {
		_, err := try(t, s, t0, putEntity(entity("nowhere", access.Identity, "x")))
		code(t, access.CodeInvalidInput, err)
		require.Equal(t, state{Owners: map[string]access.Owners{}}, stateOf(t, s, ""))
	}},
}

func ptr[T any](v T) *T { return &v }
