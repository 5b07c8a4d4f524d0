// Package direct generates the direct executor of package stream.
package direct

import (
	_ "embed"
	"fmt"
	"path/filepath"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/codegen/templates"
	"github.com/vektah/gqlparser/v2/ast"
)

//go:embed direct.gotpl
var source string

// directTypes are the object types that the direct executor answers; of the root only
// directRoots, and never undirected. What a resolver of theirs reads, it must read for
// the whole batch of its object and keep with the request: objects are asked one after
// the other.
var (
	directTypes = set(
		"Query", "PageInfo", "Entity", "EntityConnection", "EntityEdge", "AuthenticationFactor", "IdentityMapping", "Insight",
		"Facet", "FacetBucket", "AccessConnection", "AccessEdge", "Permission", "AccessPaths", "AccessPath", "AccessStep",
		"GrantConnection", "GrantEdge", "Grant", "Owners", "Employee", "Integration", "Application",
	)
	directRoots = set("entity", "entities", "entityFacets", "accessPaths")
	undirected  = set("Application.integrations")
)

func set(names ...string) map[string]bool {
	out := make(map[string]bool, len(names))
	for _, n := range names {
		out[n] = true
	}
	return out
}

// Plugin generates the direct executor.
type Plugin struct{}

// Name implements plugin.Plugin.
func (Plugin) Name() string { return "direct" }

// object is an object type with the fields that are answered directly.
type object struct {
	*codegen.Object
	Direct []*codegen.Field
}

// Resolvers are the fields that resolvers answer.
func (o object) Resolvers() (out []*codegen.Field) {
	for _, f := range o.Direct {
		if f.IsResolver {
			out = append(out, f)
		}
	}
	return out
}

// value is what is left to write: a Go expression and its type.
type value struct {
	Type *config.TypeReference
	Expr string
}

// GenerateCode implements plugin.CodeGenerator.
func (Plugin) GenerateCode(data *codegen.Data) error {
	var objects []object
	for _, o := range data.Objects {
		if !directTypes[o.Name] {
			continue
		}
		one := object{Object: o}
		for _, f := range o.Fields {
			if undirected[o.Name+"."+f.Name] || o.Root && !directRoots[f.Name] || f.TypeReference.Definition.IsCompositeType() && !directTypes[f.TypeReference.Definition.Name] {
				continue
			}
			if f.IsMap() || f.IsBatch() || f.MethodHasContext || f.VOkFunc || f.HasHaser || f.HasDirectives() || f.TypeReference.IsPtrToSlice() || f.TypeReference.IsPtrToPtr() || f.TypeReference.IsPtrToIntf() {
				return fmt.Errorf("%s.%s has a form that the direct executor does not know: add it to undirected", o.Name, f.Name)
			}
			one.Direct = append(one.Direct, f)
		}
		objects = append(objects, one)
	}
	return templates.Render(templates.Options{
		PackageName: data.Config.Exec.Package, Filename: filepath.Join(data.Config.Exec.DirName, "direct.generated.go"),
		Template: source, Data: objects, GeneratedHeader: true, Packages: data.Config.Packages,
		Funcs: map[string]any{
			"value":    func(t *config.TypeReference, expr string) value { return value{t, expr} },
			"leaf":     leaf,
			"isObject": func(t *config.TypeReference) bool { return t.Definition.Kind == ast.Object },
		},
	})
}

// leaf is how a scalar is written without its marshaler; empty = with it.
func leaf(t *config.TypeReference) string {
	if t.Marshaler == nil || t.IsContext || t.HasEnumValues() {
		return ""
	}
	switch t.Marshaler.Name() {
	case "MarshalString", "MarshalID":
		return "String"
	case "MarshalBoolean":
		return "Bool"
	case "MarshalInt":
		return "Int"
	case "MarshalTime":
		return "Time"
	}
	return ""
}
