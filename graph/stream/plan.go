package stream

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Fields says of which fields of which object types a direct executor knows: type → field
// → whether a resolver answers it.
type Fields map[string]map[string]bool

// Planner plans one operation.
type Planner struct {
	Schema *ast.Schema
	Known  Fields
	// Allowed reports whether the caller may use the field. One field that they may not
	// use keeps the whole operation from being answered directly.
	Allowed func(object, field string) bool
}

// Selection is what is selected of an object, in the order of the answer.
type Selection struct {
	Fields   []Field
	Resolved int  // how many of them a resolver answers
	warm     bool // what resolvers read for all objects of a batch was read
}

// Field is a selected field. Its state belongs to one run of the operation.
type Field struct {
	graphql.CollectedField
	Key string     // what stands before the value: a comma unless it is the first, the alias, a colon
	Sub *Selection // nil for a leaf
	// Resolver reports whether a resolver answers the field.
	Resolver bool

	ctx     context.Context //nolint:containedctx // the same for every object that is asked
	context *graphql.FieldContext
}

// Plan returns what the operation selects; nil when it must be left to the general
// executor: it is no query, something is deferred, a field is unknown or not allowed.
func (p *Planner) Plan(op *graphql.OperationContext) *Selection {
	if op.Operation.Operation != ast.Query {
		return nil
	}
	return p.selection(op, p.Schema.Query, op.Operation.SelectionSet)
}

func (p *Planner) selection(op *graphql.OperationContext, object *ast.Definition, set ast.SelectionSet) *Selection {
	known := p.Known[object.Name]
	if known == nil {
		return nil
	}
	collected := graphql.CollectFields(op, set, append([]string{object.Name}, object.Interfaces...))
	out := &Selection{Fields: make([]Field, 0, len(collected))}
	for _, c := range collected {
		if len(c.Deferrables) > 0 {
			return nil
		}
		if slices.ContainsFunc(out.Fields, func(f Field) bool { return f.Alias == c.Alias }) {
			continue // asked of the object and of one of its interfaces
		}
		f := Field{CollectedField: c, Key: `"` + c.Alias + `":`}
		if len(out.Fields) > 0 {
			f.Key = "," + f.Key
		}
		if c.Name != "__typename" {
			resolver, ok := known[c.Name]
			if !ok || !p.Allowed(object.Name, c.Name) {
				return nil
			}
			if f.Resolver = resolver; resolver {
				out.Resolved++
			}
			if len(c.Selections) > 0 {
				inner := p.Schema.Types[c.Definition.Type.Name()]
				if f.Sub = p.selection(op, inner, c.Selections); f.Sub == nil {
					return nil
				}
			}
		}
		out.Fields = append(out.Fields, f)
	}
	return out
}
