package auth

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
)

func TestRequireDeniesByDefault(t *testing.T) {
	ctx := context.Background()
	_, err := Require(ctx, access.Reviewer)
	require.Equal(t, access.CodeUnauthenticated, access.CodeOf(err))
	_, err = Require(WithPrincipal(ctx, Principal{}), access.Reviewer)
	require.Equal(t, access.CodeUnauthenticated, access.CodeOf(err), "the zero principal is nobody")
	_, err = Require(WithPrincipal(ctx, Principal{Kind: KindUser}), access.Reviewer)
	require.Equal(t, access.CodeForbidden, access.CodeOf(err), "no role, no right")
}

func TestHigherRolesIncludeLowerOnes(t *testing.T) {
	held := func(r access.ProductRole) context.Context {
		return WithPrincipal(context.Background(), Principal{Kind: KindUser, EmployeeID: "p_1", Roles: []access.ProductRole{r}})
	}
	for i, have := range access.ProductRoles {
		for j, want := range access.ProductRoles {
			p, err := Require(held(have), want)
			if i >= j {
				require.NoError(t, err, "%s includes %s", have, want)
				require.Equal(t, "p_1", p.EmployeeID)
				continue
			}
			require.Equal(t, access.CodeForbidden, access.CodeOf(err), "%s does not include %s", have, want)
		}
	}
	require.True(t, System().Has(access.Administrator))
	require.True(t, Open().Has(access.Administrator))
	require.False(t, Principal{Kind: KindUser, Roles: []access.ProductRole{"ROOT"}}.Has("ROOT"), "unknown roles give nothing")
}

func TestActor(t *testing.T) {
	require.Equal(t, "agk_1", Principal{Kind: KindAPIKey, KeyID: "agk_1", EmployeeID: "p_1"}.Actor())
	require.Equal(t, "p_1", Principal{Kind: KindUser, EmployeeID: "p_1"}.Actor())
	require.Equal(t, "open", Open().Actor())
	require.True(t, Open().Same(Open()))
	require.False(t, Open().Same(System()))
}
