package apikey

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/recordtest"
)

type fixture struct {
	*Service
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
	f.Service = New(f.store, func(context.Context) (time.Time, error) { return f.clock, nil }, slog.New(slog.DiscardHandler))
	return f
}

func (f *fixture) create(t *testing.T, in NewKey) Created {
	t.Helper()
	c, err := f.Create(f.admin, in)
	require.NoError(t, err)
	return c
}

func (f *fixture) refuses(t *testing.T, token string) {
	t.Helper()
	p, err := f.Authenticate(context.Background(), token)
	require.Equal(t, access.CodeUnauthenticated, access.CodeOf(err))
	require.Zero(t, p)
}

func TestKeyAuthenticates(t *testing.T) {
	f := newFixture(t)
	c := f.create(t, NewKey{Name: " nightly import ", Role: access.RiskManager})
	require.Equal(t, "nightly import", c.Key.Name)
	require.Equal(t, f.clock.Add(DefaultTTL), c.Key.ExpiresAt)
	require.True(t, strings.HasPrefix(c.Token, Prefix))
	raw, err := base64.RawURLEncoding.DecodeString(c.Secret)
	require.NoError(t, err)
	require.Len(t, raw, 32)

	p, err := f.Authenticate(context.Background(), c.Token)
	require.NoError(t, err)
	require.Equal(t, auth.Principal{Kind: auth.KindAPIKey, KeyID: c.Key.ID, Roles: []access.ProductRole{access.RiskManager}}, p)

	other := f.create(t, NewKey{Name: "other", Role: access.Reviewer})
	require.NotEqual(t, c.Secret, other.Secret)
	for _, bad := range []string{
		"", ".", c.Key.ID, c.Key.ID + ".", c.Secret, "." + c.Secret, c.Token + "x", c.Token[:len(c.Token)-1],
		c.Key.ID + "." + other.Secret, Prefix + "unknown." + c.Secret, strings.ToUpper(c.Token),
	} {
		f.refuses(t, bad)
	}
}

func TestSecretIsNeitherStoredNorAudited(t *testing.T) {
	f := newFixture(t)
	c := f.create(t, NewKey{Name: "k", Role: access.Reviewer})
	_, err := f.Revoke(f.admin, c.Key.ID)
	require.NoError(t, err)
	r, err := f.store.GetRecord(f.admin, recordKind, c.Key.ID)
	require.NoError(t, err)
	require.NotContains(t, string(r.Doc), c.Secret)
	rows, err := f.store.AuditEntries(f.admin, store.AuditQuery{Object: c.Key.ID})
	require.NoError(t, err)
	require.Len(t, rows, 2)
	require.Equal(t, "apikey.revoke", rows[0].Action)
	require.Equal(t, "apikey.create", rows[1].Action)
	for _, row := range rows {
		require.Equal(t, "system", row.ActorKind)
		require.NotContains(t, row.Before+row.After, c.Secret)
		require.NotContains(t, row.Before+row.After, hash(c.Secret))
	}
	require.NotContains(t, rows[0].Before, "revokedAt")
	require.Contains(t, rows[0].After, "revokedAt")
}

func TestExpiredAndRevokedAreRefused(t *testing.T) {
	f := newFixture(t)
	short := f.create(t, NewKey{Name: "short", Role: access.Reviewer, TTL: time.Hour})
	long := f.create(t, NewKey{Name: "long", Role: access.Reviewer})
	f.clock = f.clock.Add(time.Hour - time.Nanosecond)
	_, err := f.Authenticate(f.admin, short.Token)
	require.NoError(t, err)
	f.clock = f.clock.Add(time.Nanosecond)
	f.refuses(t, short.Token)

	first, err := f.Revoke(f.admin, long.Key.ID)
	require.NoError(t, err)
	f.refuses(t, long.Token)
	f.clock = f.clock.Add(time.Minute)
	again, err := f.Revoke(f.admin, long.Key.ID)
	require.NoError(t, err)
	require.Equal(t, first, again, "revoking twice keeps the first time")
	_, err = f.Revoke(f.admin, "agk_none")
	require.Equal(t, access.CodeNotFound, access.CodeOf(err))
}

func TestKeyOfAnEmployee(t *testing.T) {
	f := newFixture(t)
	zone, err := time.LoadLocation("America/Chicago")
	require.NoError(t, err)
	f.store.PutEmployee(&access.Employee{ID: "p_1", WorkEmail: "a@example.com", EndDate: time.Date(2026, 5, 2, 0, 0, 0, 0, time.UTC)})
	c := f.create(t, NewKey{Name: "mine", Role: access.Reviewer, EmployeeID: "p_1"})

	f.clock = time.Date(2026, 5, 2, 23, 59, 0, 0, zone) // already 3 May in UTC
	p, err := f.Authenticate(f.admin, c.Token)
	require.NoError(t, err, "the last day counts, in the configured zone")
	require.Equal(t, "p_1", p.EmployeeID)
	f.clock = f.clock.Add(time.Minute)
	f.refuses(t, c.Token)

	_, err = f.Create(f.admin, NewKey{Name: "x", Role: access.Reviewer, EmployeeID: "p_1"})
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err), "has left")
	_, err = f.Create(f.admin, NewKey{Name: "x", Role: access.Reviewer, EmployeeID: "p_2"})
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err), "does not exist")
}

func TestLastUseIsWrittenAtMostHourly(t *testing.T) {
	f := newFixture(t)
	c := f.create(t, NewKey{Name: "k", Role: access.Reviewer})
	use := func() time.Time {
		_, err := f.Authenticate(context.Background(), c.Token)
		require.NoError(t, err)
		keys, err := f.List(f.admin)
		require.NoError(t, err)
		return keys[0].LastUsedAt
	}
	first := f.clock
	require.Equal(t, first, use())
	f.clock = first.Add(59 * time.Minute)
	require.Equal(t, first, use())
	f.clock = first.Add(time.Hour)
	require.Equal(t, f.clock, use())
	require.Equal(t, 3, f.store.Commits(), "one creation, two uses")

	f.clock = first.Add(2 * time.Hour)
	f.store.Fail = func(store.Commit) error { return errors.New("disk full") }
	require.Equal(t, first.Add(time.Hour), use(), "a right key works though its use cannot be written")
}

func TestRevokeWinsOverAConcurrentUse(t *testing.T) {
	f := newFixture(t)
	c := f.create(t, NewKey{Name: "k", Role: access.Reviewer})
	conflicts := 0
	f.store.Fail = func(store.Commit) error {
		if conflicts++; conflicts == 1 {
			return access.Errorf(access.CodeConflict, "changed meanwhile")
		}
		return nil
	}
	_, err := f.Revoke(f.admin, c.Key.ID)
	require.NoError(t, err)
	f.refuses(t, c.Token)
}

func TestOnlyAdministratorsManageKeys(t *testing.T) {
	f := newFixture(t)
	ctx := auth.WithPrincipal(context.Background(), auth.Principal{Kind: auth.KindUser, Roles: []access.ProductRole{access.RiskManager}})
	_, err := f.Create(ctx, NewKey{Name: "k", Role: access.Reviewer})
	require.Equal(t, access.CodeForbidden, access.CodeOf(err))
	_, err = f.List(ctx)
	require.Equal(t, access.CodeForbidden, access.CodeOf(err))
	_, err = f.Revoke(ctx, "agk_x")
	require.Equal(t, access.CodeForbidden, access.CodeOf(err))
	_, err = f.Create(context.Background(), NewKey{Name: "k", Role: access.Reviewer})
	require.Equal(t, access.CodeUnauthenticated, access.CodeOf(err))
	require.Zero(t, f.store.Commits())
}

func TestCreateValidates(t *testing.T) {
	f := newFixture(t)
	for path, in := range map[string]NewKey{
		"name": {Name: "  ", Role: access.Reviewer},
		"role": {Name: "k", Role: "ROOT"},
		"ttl":  {Name: "k", Role: access.Reviewer, TTL: MaxTTL + 1},
	} {
		_, err := f.Create(f.admin, in)
		var e *access.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, access.CodeInvalidInput, e.Code)
		require.Equal(t, path, e.Path)
	}
}

func TestRequestHeaders(t *testing.T) {
	f := newFixture(t)
	c := f.create(t, NewKey{Name: "k", Role: access.Reviewer})
	ask := func(headers ...string) (auth.Principal, bool, error) {
		r := httptest.NewRequest("POST", "/graphql", nil)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		return f.Request(r)
	}
	for _, good := range [][]string{
		{"Authorization", "Bearer " + c.Token}, {"Authorization", "bearer  " + c.Token},
		{"X-API-Key", c.Key.ID, "X-API-Secret", c.Secret}, {"X-API-Key", c.Token},
	} {
		p, given, err := ask(good...)
		require.NoError(t, err)
		require.True(t, given)
		require.Equal(t, c.Key.ID, p.KeyID)
	}
	_, given, err := ask()
	require.NoError(t, err)
	require.False(t, given)
	for _, bad := range [][]string{
		{"Authorization", "Basic abc"}, {"Authorization", "Bearer"}, {"Authorization", "Bearer x"},
		{"X-API-Key", c.Key.ID}, {"X-API-Secret", c.Secret}, {"X-API-Key", c.Key.ID, "X-API-Secret", "no"},
		{"X-API-Key", "x", "X-API-Secret", "y", "Authorization", "Bearer " + c.Token},
	} {
		_, given, err := ask(bad...)
		require.True(t, given)
		require.Equal(t, access.CodeUnauthenticated, access.CodeOf(err), "%v", bad)
	}
}
