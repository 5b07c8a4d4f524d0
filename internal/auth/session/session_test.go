package session

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/auth/apikey"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/recordtest"
)

type fixture struct {
	*Service
	keys  *apikey.Service
	store *recordtest.Store
	clock time.Time
	admin context.Context
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{
		store: recordtest.New(), clock: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC),
		admin: auth.WithPrincipal(context.Background(), auth.System()),
	}
	now := func(context.Context) (time.Time, error) { return f.clock, nil }
	f.keys = apikey.New(f.store, now, slog.New(slog.DiscardHandler))
	f.Service = New(f.store, f.keys, now, slog.New(slog.DiscardHandler))
	return f
}

func (f *fixture) key(t *testing.T, in apikey.NewKey) apikey.Created {
	t.Helper()
	if in.Name == "" {
		in.Name, in.Role = "k", access.RiskManager
	}
	c, err := f.keys.Create(f.admin, in)
	require.NoError(t, err)
	return c
}

func (f *fixture) signIn(t *testing.T, key apikey.Created) Session {
	t.Helper()
	s, err := f.SignIn(context.Background(), key.Token)
	require.NoError(t, err)
	return s
}

func (f *fixture) refuses(t *testing.T, token string) {
	t.Helper()
	got, err := f.Authenticate(context.Background(), token)
	require.Equal(t, access.CodeUnauthenticated, access.CodeOf(err))
	require.Zero(t, got)
	require.Equal(t, access.CodeUnauthenticated, access.CodeOf(f.Check(context.Background(), token)))
}

func TestASessionStandsForItsKey(t *testing.T) {
	f := newFixture(t)
	key := f.key(t, apikey.NewKey{})
	s := f.signIn(t, key)
	require.Equal(t, auth.Principal{Kind: auth.KindAPIKey, KeyID: key.Key.ID, Roles: []access.ProductRole{access.RiskManager}}, s.Principal)
	require.Equal(t, f.clock.Add(Absolute), s.ExpiresAt)
	again, err := f.Authenticate(context.Background(), s.Token)
	require.NoError(t, err)
	require.Equal(t, s.Principal, again.Principal)
	require.True(t, again.Matches(s.CSRF), "the CSRF token stays that of the session")
	require.Empty(t, again.Token)

	other := f.signIn(t, key)
	require.NotEqual(t, s.Token, other.Token)
	require.False(t, other.Matches(s.CSRF))
	require.False(t, other.Matches(""))
	id, secret, _ := strings.Cut(s.Token, ".")
	otherID, _, _ := strings.Cut(other.Token, ".")
	for _, bad := range []string{"", ".", id, id + ".", otherID + "." + secret, s.Token + "x", s.Token[:len(s.Token)-1], key.Token, "ags_none." + secret} {
		f.refuses(t, bad)
	}
	_, err = f.SignIn(context.Background(), key.Key.ID+".wrong")
	require.Equal(t, access.CodeUnauthenticated, access.CodeOf(err))
}

func TestNothingStoredOrAuditedLetsIn(t *testing.T) {
	f := newFixture(t)
	s := f.signIn(t, f.key(t, apikey.NewKey{}))
	_, secret, _ := strings.Cut(s.Token, ".")
	r, err := f.store.GetRecord(f.admin, recordKind, s.ID)
	require.NoError(t, err)
	require.NotContains(t, string(r.Doc), secret)
	require.NotContains(t, string(r.Doc), s.CSRF)
	require.NoError(t, f.SignOut(context.Background(), s.Token))
	f.refuses(t, s.Token)
	require.NoError(t, f.SignOut(context.Background(), s.Token), "twice")
	rows, err := f.store.AuditEntries(f.admin, store.AuditQuery{Object: s.ID})
	require.NoError(t, err)
	require.Len(t, rows, 2)
	require.Equal(t, []string{"session.signOut", "session.signIn"}, []string{rows[0].Action, rows[1].Action})
	for _, row := range rows {
		require.Equal(t, s.Principal.KeyID, row.Actor)
		require.NotContains(t, row.After, secret)
		require.NotContains(t, row.After, hash(secret))
	}
	_, err = f.store.GetRecord(f.admin, recordKind, s.ID)
	require.Equal(t, access.CodeNotFound, access.CodeOf(err))
}

func TestNoSessionWithoutItsAuditRow(t *testing.T) {
	f := newFixture(t)
	key := f.key(t, apikey.NewKey{})
	f.store.Fail = func(c store.Commit) error {
		if len(c.Audit) > 0 {
			return access.Errorf(access.CodeUnavailable, "no")
		}
		return nil
	}
	_, err := f.SignIn(context.Background(), key.Token)
	require.Equal(t, access.CodeUnavailable, access.CodeOf(err))
	all, err := f.store.FindRecords(f.admin, store.RecordQuery{Kind: recordKind})
	require.NoError(t, err)
	require.Empty(t, all)
}

func TestIdleAndAbsoluteEnd(t *testing.T) {
	f := newFixture(t)
	key := f.key(t, apikey.NewKey{})
	idle, busy := f.signIn(t, key), f.signIn(t, key)
	f.clock = f.clock.Add(Idle - time.Second)
	require.NoError(t, f.Check(context.Background(), idle.Token), "checking is no use")
	_, err := f.Authenticate(context.Background(), busy.Token)
	require.NoError(t, err)
	f.clock = f.clock.Add(time.Second)
	f.refuses(t, idle.Token)
	for f.clock.Before(busy.ExpiresAt) {
		_, err := f.Authenticate(context.Background(), busy.Token)
		require.NoError(t, err, f.clock)
		f.clock = f.clock.Add(Idle / 2)
	}
	f.refuses(t, busy.Token)
	f.signIn(t, key)
	all, err := f.store.FindRecords(f.admin, store.RecordQuery{Kind: recordKind})
	require.NoError(t, err)
	require.Len(t, all, 1, "what has expired is deleted")
}

func TestUsesAreWrittenToTheMinute(t *testing.T) {
	f := newFixture(t)
	s := f.signIn(t, f.key(t, apikey.NewKey{}))
	before := f.store.Commits()
	for range 59 {
		_, err := f.Authenticate(context.Background(), s.Token)
		require.NoError(t, err)
		f.clock = f.clock.Add(time.Second)
	}
	require.Equal(t, before, f.store.Commits())
	f.clock = f.clock.Add(time.Second)
	_, err := f.Authenticate(context.Background(), s.Token)
	require.NoError(t, err)
	require.Equal(t, before+1, f.store.Commits())
}

func TestASessionDiesWithItsKey(t *testing.T) {
	f := newFixture(t)
	revoked := f.key(t, apikey.NewKey{})
	s := f.signIn(t, revoked)
	_, err := f.keys.Revoke(f.admin, revoked.Key.ID)
	require.NoError(t, err)
	f.refuses(t, s.Token)

	short := f.signIn(t, f.key(t, apikey.NewKey{Name: "short", Role: access.Reviewer, TTL: 10 * time.Minute}))
	require.Equal(t, f.clock.Add(10*time.Minute), short.ExpiresAt)
	f.clock = f.clock.Add(10 * time.Minute)
	f.refuses(t, short.Token)

	leaver := &access.Employee{ID: "p_1", WorkEmail: "a@example.com"}
	f.store.PutEmployee(leaver)
	theirs := f.signIn(t, f.key(t, apikey.NewKey{Name: "theirs", Role: access.Reviewer, EmployeeID: "p_1"}))
	require.Equal(t, "p_1", theirs.Principal.EmployeeID)
	f.store.PutEmployee(&access.Employee{ID: "p_1", WorkEmail: "a@example.com", EndDate: f.clock.AddDate(0, 0, -2)})
	f.refuses(t, theirs.Token)
}
