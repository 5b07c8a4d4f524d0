package imports

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
)

func TestOnlyAdministratorsImport(t *testing.T) {
	s := New(nil, nil) // nothing may be reached
	src := csvfile.FromBytes("f", nil)
	_, err := s.Run(t.Context(), src, Request{Kind: Employees})
	require.Equal(t, access.CodeUnauthenticated, access.CodeOf(err))
	ctx := auth.WithPrincipal(t.Context(), auth.Principal{Kind: auth.KindAPIKey, Roles: []access.ProductRole{access.RiskManager}})
	for _, k := range Kinds {
		_, err = s.Run(ctx, src, Request{Kind: k})
		require.Equal(t, access.CodeForbidden, access.CodeOf(err), k)
	}
}

func TestWhatIsForEntitlementsOnly(t *testing.T) {
	s := New(nil, nil)
	ctx := auth.WithPrincipal(t.Context(), auth.System())
	for path, r := range map[string]Request{
		"kind":             {Kind: "people"},
		"application":      {Kind: Employees, Application: "A"},
		"integration":      {Kind: Mappings, Integration: "I"},
		"mode":             {Kind: Owners, Mode: ingest.Merge},
		"confirm-removals": {Kind: Employees, ConfirmRemovals: true},
	} {
		_, err := s.Run(ctx, csvfile.FromBytes("f", nil), r)
		var e *access.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, access.CodeInvalidInput, e.Code)
		require.Equal(t, path, e.Path)
	}
	k, err := ParseKind("Employees")
	require.NoError(t, err)
	require.Equal(t, Employees, k)
	_, err = ParseKind("x")
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
}
