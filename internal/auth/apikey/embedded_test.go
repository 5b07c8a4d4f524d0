package apikey

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/settings"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/embedded"
)

// TestOnARealStore runs keys and settings together on the embedded store.
func TestOnARealStore(t *testing.T) {
	ctx := auth.WithPrincipal(context.Background(), auth.System())
	st, err := embedded.Open(ctx, t.TempDir(), embedded.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, st.Close()) }()
	clock := time.Date(2026, 5, 3, 4, 59, 0, 0, time.UTC) // 2 May, 23:59 in Chicago
	set := settings.New(st, func() time.Time { return clock })
	s := New(st, set.Now, slog.New(slog.DiscardHandler))

	leaver := &access.Employee{
		ID: access.EmployeeID("a@example.com"), WorkEmail: "a@example.com", FullName: "A", Roles: []access.ProductRole{access.Reviewer},
		StartDate: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), EndDate: time.Date(2026, 5, 2, 0, 0, 0, 0, time.UTC),
	}
	_, err = st.Commit(ctx, store.Commit{At: clock, GraphCount: 1, Graph: func(yield func(store.Change, error) bool) {
		yield(store.Change{PutEmployee: leaver}, nil)
	}})
	require.NoError(t, err)
	c, err := s.Create(ctx, NewKey{Name: "k", Role: access.Reviewer, EmployeeID: leaver.ID})
	require.NoError(t, err)
	_, err = s.Authenticate(ctx, c.Token)
	require.NoError(t, err)
	keys, err := s.List(ctx)
	require.NoError(t, err)
	require.Equal(t, clock, keys[0].LastUsedAt.UTC())

	_, err = settings.Update(ctx, set, settings.General, 0, func(g *settings.Settings) error { g.TimeZone = "UTC"; return nil })
	require.NoError(t, err)
	_, err = s.Authenticate(ctx, c.Token)
	require.Equal(t, access.CodeUnauthenticated, access.CodeOf(err), "in UTC it is the day after already")
	_, err = settings.Update(ctx, set, settings.General, 0, func(g *settings.Settings) error { g.TimeZone = "Asia/Tokyo"; return nil })
	require.Equal(t, access.CodeConflict, access.CodeOf(err))

	revoked, err := s.Revoke(ctx, c.Key.ID)
	require.NoError(t, err)
	require.False(t, revoked.RevokedAt.IsZero())
	rows, err := st.AuditEntries(ctx, store.AuditQuery{})
	require.NoError(t, err)
	var actions []string
	for _, r := range rows {
		actions = append(actions, r.Action)
	}
	require.Equal(t, []string{"apikey.revoke", "settings.update", "apikey.create"}, actions)
}
