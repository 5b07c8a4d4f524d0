package audit

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/recordtest"
)

var at = time.Date(2026, 5, 1, 12, 0, 0, 0, time.FixedZone("x", 3600))

func acting(role access.ProductRole) context.Context {
	return auth.WithPrincipal(context.Background(), auth.Principal{
		Kind: auth.KindAPIKey, KeyID: "agk_1", EmployeeID: "p_1", Roles: []access.ProductRole{role},
	})
}

func TestEntry(t *testing.T) {
	ctx := WithRequest(acting(access.Reviewer), Request{ID: "req-1", IP: "192.0.2.1"})
	e, err := Entry(ctx, at, "identity.map", "e_1", nil, map[string]any{"employee": "p_2", "n": int64(1) << 60})
	require.NoError(t, err)
	require.Len(t, e.ID, 26)
	e.ID = ""
	require.Equal(t, store.AuditEntry{
		At: at.UTC(), ActorKind: "apiKey", Actor: "agk_1", Action: "identity.map", Object: "e_1",
		After: `{"employee":"p_2","n":1152921504606846976}`, RequestID: "req-1", IP: "192.0.2.1",
	}, e)
}

func TestNobodyChangesNothing(t *testing.T) {
	_, err := Entry(context.Background(), at, "identity.map", "e_1", nil, nil)
	require.Equal(t, access.CodeUnauthenticated, access.CodeOf(err))
}

func TestSecretsAreBlanked(t *testing.T) {
	type credentials struct {
		User         string
		Password     string
		Token        string `json:"access_token"`
		EmptySecret  string
		ClientSecret []string
	}
	e, err := Entry(acting(access.Reviewer), at, "integration.put", "i_1", (*credentials)(nil),
		map[string]any{"list": []any{credentials{User: "u", Password: "p4ss", Token: "t0ken", ClientSecret: []string{"s3cret"}}}, "API-Key": "k"})
	require.NoError(t, err)
	require.Empty(t, e.Before)
	require.JSONEq(t, `{"API-Key":"[secret]","list":[{"ClientSecret":"[secret]","EmptySecret":"","Password":"[secret]","User":"u","access_token":"[secret]"}]}`, e.After)
}

func TestIDsSortInOrder(t *testing.T) {
	var ids []string
	for range 1000 {
		ids = append(ids, NewID(at))
	}
	require.True(t, slices.IsSorted(ids))
	require.Len(t, slices.Compact(ids), 1000)
	require.Greater(t, NewID(at.Add(time.Millisecond)), ids[999])
}

func TestQuery(t *testing.T) {
	s := recordtest.New()
	var rows []store.AuditEntry
	for i := range 60 {
		e, err := Entry(acting(access.Reviewer), at.Add(time.Duration(i)*time.Second), "a", "o", nil, nil)
		require.NoError(t, err)
		rows = append(rows, e)
	}
	_, err := s.Commit(context.Background(), store.Commit{At: at, Audit: rows})
	require.NoError(t, err)

	l := NewLog(s)
	_, err = l.Query(acting(access.Reviewer), store.AuditQuery{})
	require.Equal(t, access.CodeForbidden, access.CodeOf(err))
	_, err = l.Query(acting(access.RiskManager), store.AuditQuery{Limit: MaxLimit + 1})
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
	got, err := l.Query(acting(access.RiskManager), store.AuditQuery{})
	require.NoError(t, err)
	require.Len(t, got, DefaultLimit)
	require.Equal(t, rows[59], got[0], "newest first")
	got, err = l.Query(acting(access.RiskManager), store.AuditQuery{After: got[49].ID})
	require.NoError(t, err)
	require.Len(t, got, 10)
}
