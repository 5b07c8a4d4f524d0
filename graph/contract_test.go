package graph

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// TestTheCoreIsKept compares the schema with the core that scripts are written against:
// same types, nullability, defaults and enum values. Fields and optional arguments may be added.
func TestTheCoreIsKept(t *testing.T) {
	raw, err := os.ReadFile("testdata/core.graphqls")
	require.NoError(t, err)
	core := gqlparser.MustLoadSchema(&ast.Source{Name: "core.graphqls", Input: string(raw)})
	now := schema()
	compared := 0
	for name, want := range core.Types {
		if want.BuiltIn {
			continue
		}
		got := now.Types[name]
		require.NotNil(t, got, name)
		require.Equal(t, want.Kind, got.Kind, name)
		require.Subset(t, got.Interfaces, want.Interfaces, name)
		for _, v := range want.EnumValues {
			require.NotNil(t, got.EnumValues.ForName(v.Name), "%s.%s", name, v.Name)
			compared++
		}
		for _, f := range want.Fields {
			if f.Name == "__schema" || f.Name == "__type" {
				continue
			}
			g := got.Fields.ForName(f.Name)
			require.NotNil(t, g, "%s.%s", name, f.Name)
			require.Equal(t, f.Type.String(), g.Type.String(), "%s.%s", name, f.Name)
			require.Equal(t, f.DefaultValue.String(), g.DefaultValue.String(), "%s.%s", name, f.Name)
			compared++
			for _, a := range f.Arguments {
				b := g.Arguments.ForName(a.Name)
				require.NotNil(t, b, "%s.%s(%s)", name, f.Name, a.Name)
				require.Equal(t, a.Type.String(), b.Type.String(), "%s.%s(%s)", name, f.Name, a.Name)
				require.Equal(t, a.DefaultValue.String(), b.DefaultValue.String(), "%s.%s(%s)", name, f.Name, a.Name)
			}
			for _, b := range g.Arguments {
				require.True(t, f.Arguments.ForName(b.Name) != nil || !b.Type.NonNull || b.DefaultValue != nil, "%s.%s(%s) is new and required", name, f.Name, b.Name)
			}
		}
		if want.Kind == ast.InputObject {
			for _, g := range got.Fields {
				require.True(t, want.Fields.ForName(g.Name) != nil || !g.Type.NonNull || g.DefaultValue != nil, "%s.%s is new and required", name, g.Name)
			}
		}
	}
	require.Greater(t, compared, 150)
}
