package graph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
)

// rule says who may use a field.
type rule struct {
	public bool
	role   access.ProductRole
}

// rules are the access rules of every field: type → field. What is not in here is refused.
type rules map[string]map[string]rule

// readRules reads the @access rule of every field of every object type; a field without
// one has its type's. Fields with neither are missing from the rules and listed.
func readRules(schema *ast.Schema) (all rules, missing []string) {
	all = rules{}
	for name, def := range schema.Types {
		if def.Kind != ast.Object || strings.HasPrefix(name, "__") {
			continue
		}
		fields := map[string]rule{}
		fallback, hasFallback := ruleOf(def.Directives)
		for _, f := range def.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue // introspection, see pipeline.MutateOperationContext
			}
			r, ok := ruleOf(f.Directives)
			if !ok {
				r, ok = fallback, hasFallback
			}
			if !ok {
				missing = append(missing, name+"."+f.Name)
				continue
			}
			fields[f.Name] = r
		}
		all[name] = fields
	}
	slices.Sort(missing)
	return all, missing
}

func ruleOf(directives ast.DirectiveList) (rule, bool) {
	d := directives.ForName("access")
	if d == nil {
		return rule{}, false
	}
	if public := d.Arguments.ForName("public"); public != nil && public.Value.Raw == "true" {
		return rule{public: true}, true
	}
	if role := d.Arguments.ForName("role"); role != nil {
		if r, ok := access.ParseProductRole(role.Value.Raw); ok {
			return rule{role: r}, true
		}
	}
	return rule{}, false
}

// check refuses a field that the principal may not use.
func (r rules) check(p auth.Principal, signedIn bool, object, field string) error {
	if strings.HasPrefix(field, "__") || strings.HasPrefix(object, "__") {
		return nil
	}
	rule, ok := r[object][field]
	switch {
	case !ok:
		return &access.Error{Code: access.CodeForbidden, Message: fmt.Sprintf("%s.%s has no access rule", object, field)}
	case rule.public:
		return nil
	case !signedIn:
		return access.Errorf(access.CodeUnauthenticated, "sign in or give an API key")
	case !p.Has(rule.role):
		return access.Errorf(access.CodeForbidden, "%s.%s needs the role %s", object, field, rule.role)
	}
	return nil
}
