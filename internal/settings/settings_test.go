package settings

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/recordtest"
)

var (
	now   = time.Date(2026, 1, 1, 3, 0, 0, 0, time.UTC)
	admin = auth.WithPrincipal(context.Background(), auth.System())
)

func newService() (*Service, *recordtest.Store) {
	s := recordtest.New()
	return New(s, func() time.Time { return now }), s
}

func TestDefaults(t *testing.T) {
	s, _ := newService()
	g, err := s.General(context.Background())
	require.NoError(t, err)
	require.Equal(t, Settings{TenantName: "accessgraph", TimeZone: "America/Chicago", OutOfSyncHours: 36, PathLimits: PathLimits{MaxDepth: 12, Chains: 50}}, g)
	require.NoError(t, g.validate())
	n, err := s.Now(context.Background())
	require.NoError(t, err)
	require.Equal(t, time.Date(2025, 12, 31, 0, 0, 0, 0, time.UTC), access.CivilDate(n), "still last year in Chicago")
}

func TestUpdateIsAuditedAndKeepsOtherFields(t *testing.T) {
	s, st := newService()
	v, err := Update(admin, s, General, 0, func(g *Settings) error { g.TimeZone = "Europe/Berlin"; return nil })
	require.NoError(t, err)
	require.Equal(t, "Europe/Berlin", v.Settings.TimeZone)
	require.Equal(t, 36, v.Settings.OutOfSyncHours)
	again, err := Get(admin, s, General)
	require.NoError(t, err)
	require.Equal(t, v, again)
	rows, err := st.AuditEntries(admin, store.AuditQuery{})
	require.NoError(t, err)
	require.Len(t, rows, 1)
	require.Equal(t, "settings.update", rows[0].Action)
	require.Contains(t, rows[0].Before, "America/Chicago")
	require.Contains(t, rows[0].After, "Europe/Berlin")

	same, err := Update(admin, s, General, v.Revision, func(g *Settings) error { g.TimeZone = "Europe/Berlin"; return nil })
	require.NoError(t, err)
	require.Equal(t, v, same)
	require.Equal(t, 1, st.Commits(), "no change, no write")
}

func TestUpdateOnAnOldRevisionConflicts(t *testing.T) {
	s, _ := newService()
	set := func(revision int64, name string) error {
		_, err := Update(admin, s, General, revision, func(g *Settings) error { g.TenantName = name; return nil })
		return err
	}
	require.NoError(t, set(0, "A"))
	require.Equal(t, access.CodeConflict, access.CodeOf(set(0, "B")))
	require.NoError(t, set(AnyRevision, "C"))
}

func TestUpdateRetriesOnlyWithoutARevision(t *testing.T) {
	s, st := newService()
	interfered := false
	st.Fail = func(store.Commit) error {
		if !interfered {
			interfered = true
			return access.Errorf(access.CodeConflict, "changed meanwhile")
		}
		return nil
	}
	_, err := Update(admin, s, General, AnyRevision, func(g *Settings) error { g.TenantName = "A"; return nil })
	require.NoError(t, err)
	interfered = false
	_, err = Update(admin, s, General, 1, func(g *Settings) error { g.TenantName = "B"; return nil })
	require.Equal(t, access.CodeConflict, access.CodeOf(err))
}

func TestUpdateValidates(t *testing.T) {
	s, st := newService()
	for path, change := range map[string]func(*Settings){
		"tenantName":          func(g *Settings) { g.TenantName = " " },
		"timeZone":            func(g *Settings) { g.TimeZone = "Local" },
		"outOfSyncHours":      func(g *Settings) { g.OutOfSyncHours = 0 },
		"pathLimits.maxDepth": func(g *Settings) { g.PathLimits.MaxDepth = 33 },
		"pathLimits.chains":   func(g *Settings) { g.PathLimits.Chains = -1 },
	} {
		_, err := Update(admin, s, General, 0, func(g *Settings) error { change(g); return nil })
		var e *access.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, access.CodeInvalidInput, e.Code)
		require.Equal(t, path, e.Path)
	}
	require.Zero(t, st.Commits())
}

func TestOnlyAdministratorsUpdate(t *testing.T) {
	s, _ := newService()
	ctx := auth.WithPrincipal(context.Background(), auth.Principal{Kind: auth.KindUser, Roles: []access.ProductRole{access.RiskManager}})
	_, err := Update(ctx, s, General, 0, func(*Settings) error { return nil })
	require.Equal(t, access.CodeForbidden, access.CodeOf(err))
}

func TestAFeatureDefinesASection(t *testing.T) {
	type v1 struct{ Names []string }
	type v2 struct {
		Names []string
		Days  int
	}
	s, _ := newService()
	old := &Section[v1]{Name: "feature", Defaults: func() v1 { return v1{Names: []string{"a", "b"}} }}
	_, err := Update(admin, s, old, 0, func(x *v1) error { x.Names[0] = "c"; return nil })
	require.NoError(t, err)
	grown := &Section[v2]{Name: "feature", Defaults: func() v2 { return v2{Days: 90} }}
	v, err := Get(admin, s, grown)
	require.NoError(t, err)
	require.Equal(t, v2{Names: []string{"c", "b"}, Days: 90}, v.Settings, "a new field has its default over an old record")
}

func TestOutOfSync(t *testing.T) {
	g := General.Defaults()
	i := &access.Integration{Status: access.IntegrationConnected, LastSync: now.Add(-36 * time.Hour)}
	require.False(t, g.OutOfSync(i, now))
	require.True(t, g.OutOfSync(i, now.Add(1)))
	i.Status = access.IntegrationError
	require.False(t, g.OutOfSync(i, now.Add(1)))
}
