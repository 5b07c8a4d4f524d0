// Package describe says what a filter asks, in words, as a GraphQL operation and in Cypher,
// for people who check it, copy it or learn from it.
package describe

import (
	"context"
	"regexp"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// Limit is how many entities the operation and the statement list.
const Limit = 50

// Compiler makes the Cypher statement that lists the first entities that pass a filter.
// The integrations are all there are; matches on their names are resolved over them.
type Compiler func(f *filter.Filter, search string, now time.Time, limit int, integrations []access.Integration) (text string, params map[string]any)

// Directory is what the service needs of a store.
type Directory interface {
	Integrations(ctx context.Context) ([]access.Integration, error)
}

// Service describes filters.
type Service struct {
	directory Directory
	compile   Compiler
	now       func(context.Context) (time.Time, error)
}

// New returns the service; now is settings.Service.Now.
func New(d Directory, compile Compiler, now func(context.Context) (time.Time, error)) *Service {
	return &Service{directory: d, compile: compile, now: now}
}

// Sentence is the filter in words, and GraphQL the operation that lists what passes. The
// filter must be valid.
func (s *Service) Sentence(f *filter.Filter, search string) (sentence, graphQL string) {
	return f.ExplainSearch(search), Operation(f, search)
}

// Statement is Cypher with its parameters as JSON has them.
type Statement struct {
	Text       string
	Parameters map[string]any
}

// Cypher is the statement that lists what passes, for
// any Neo4j that this graph is in. It needs Risk Manager: conditions on names are resolved
// to the keys of integrations.
func (s *Service) Cypher(ctx context.Context, f *filter.Filter, search string) (Statement, error) {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return Statement{}, err
	}
	if err := f.Validate("filter"); err != nil {
		return Statement{}, err
	}
	now, err := s.now(ctx)
	if err != nil {
		return Statement{}, err
	}
	integrations, err := s.directory.Integrations(ctx)
	if err != nil {
		return Statement{}, err
	}
	text, params := s.compile(f, search, now, Limit, integrations)
	return Statement{timesOf(text, params), params}, nil
}

var parameter = regexp.MustCompile(`\$[A-Za-z0-9_]+`)

// timesOf makes texts of the times among the parameters, which JSON has not, and reads
// them in the statement.
func timesOf(text string, params map[string]any) string {
	times := map[string]bool{}
	for name, v := range params {
		if t, ok := v.(time.Time); ok {
			params[name], times["$"+name] = t.UTC().Format(time.RFC3339Nano), true
		}
	}
	return parameter.ReplaceAllStringFunc(text, func(p string) string {
		if times[p] {
			return "datetime(" + p + ")"
		}
		return p
	})
}
