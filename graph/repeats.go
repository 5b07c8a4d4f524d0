package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Validation compares every two selections that answer under the same name, so a text
// that repeats one field keeps a processor busy for a time that grows with the square
// of its length, and nothing can interrupt it. Such a text is found beforehand, in time
// that grows with its length.
const (
	maxRepeats = 500     // selections of one name in one place
	maxVisits  = 200_000 // selections looked at, those of a fragment again wherever it is spread
	shortText  = 2_000   // bytes of a text that cannot hold enough repeats to matter
)

// MutateOperationParameters refuses a text that repeats itself before it is validated.
// What does not parse is left to those who say what is wrong with it.
func (p pipeline) MutateOperationParameters(_ context.Context, params *graphql.RawParams) *gqlerror.Error {
	if len(params.Query) < shortText {
		return nil
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: params.Query}, p.g.limits.Tokens)
	if err != nil {
		return nil //nolint:nilerr // see above
	}
	r := repeats{fragments: make(map[string]*ast.FragmentDefinition, len(doc.Fragments))}
	sets := make([]ast.SelectionSet, 0, len(doc.Operations)+len(doc.Fragments))
	for _, op := range doc.Operations {
		sets = append(sets, op.SelectionSet)
	}
	for _, f := range doc.Fragments { // also those that nothing spreads are validated
		r.fragments[f.Name] = f
		sets = append(sets, f.SelectionSet)
	}
	for _, s := range sets {
		if !r.modest([]ast.SelectionSet{s}) {
			return gqlerror.Wrap(access.Errorf(access.CodeLimitExceeded,
				"the query selects the same thing too often; the limit is %d times in one place", maxRepeats))
		}
	}
	return nil
}

type repeats struct {
	fragments map[string]*ast.FragmentDefinition
	visits    int
}

// modest looks at what is selected in one place: by sets that are merged, as their
// fields answer under the same name.
func (r *repeats) modest(sets []ast.SelectionSet) bool {
	names := map[string][]ast.SelectionSet{}
	spread := map[string]bool{}
	for len(sets) > 0 {
		set := sets[len(sets)-1]
		sets = sets[:len(sets)-1]
		for _, selection := range set {
			if r.visits++; r.visits > maxVisits {
				return false
			}
			switch s := selection.(type) {
			case *ast.Field:
				if names[s.Alias] = append(names[s.Alias], s.SelectionSet); len(names[s.Alias]) > maxRepeats {
					return false
				}
			case *ast.InlineFragment:
				sets = append(sets, s.SelectionSet)
			case *ast.FragmentSpread:
				if f := r.fragments[s.Name]; f != nil && !spread[s.Name] {
					spread[s.Name] = true
					sets = append(sets, f.SelectionSet)
				}
			}
		}
	}
	for _, inner := range names {
		if !r.modest(inner) {
			return false
		}
	}
	return true
}
