// Package graph is the GraphQL interface: it runs operations, over HTTP and in-process,
// within limits and under the access rules of the schema. It holds no rules of the domain.
package graph

import (
	"log/slog"
	"strings"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/accessgraph/accessgraph/graph/generated"
	"github.com/accessgraph/accessgraph/graph/resolvers"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/discovery"
)

// Options of a Graph. Discovery and Services are needed.
type Options struct {
	Discovery       *discovery.Service
	Services        resolvers.Services
	Limits          Limits
	NoIntrospection bool
	Log             *slog.Logger // slog.Default
}

const (
	cachedQueries    = 1000
	persistedQueries = 1000
)

// Graph answers GraphQL. Safe for concurrent use.
type Graph struct {
	exec            *executor.Executor
	schema          *ast.Schema
	rules           rules
	discovery       *discovery.Service
	limits          Limits
	noIntrospection bool
	log             *slog.Logger

	slow     atomic.Bool         // see stream.Run
	general  bool                // only the general executor answers: for tests that compare
	onDirect func(answered bool) // told whether the direct executor could answer: for tests
}

// New returns a Graph. A schema with a field that has no access rule is an error.
func New(opt Options) (*Graph, error) {
	es := generated.NewExecutableSchema(generated.Config{Resolvers: &resolvers.Resolver{Services: opt.Services}})
	all, missing := readRules(es.Schema())
	if len(missing) > 0 {
		return nil, access.Errorf(access.CodeInternal, "fields without an access rule: %s", strings.Join(missing, ", "))
	}
	g := &Graph{
		schema: es.Schema(), rules: all, discovery: opt.Discovery,
		limits: opt.Limits.orDefault(), noIntrospection: opt.NoIntrospection, log: opt.Log,
	}
	if g.log == nil {
		g.log = slog.Default()
	}
	g.exec = executor.New(direct{es, g})
	g.exec.SetErrorPresenter(g.present)
	g.exec.SetRecoverFunc(recovered)
	g.exec.SetParserTokenLimit(g.limits.Tokens)
	g.exec.SetDisableSuggestion(g.noIntrospection)
	g.exec.SetQueryCache(lru.New[*ast.QueryDocument](cachedQueries))
	g.exec.Use(extension.AutomaticPersistedQuery{Cache: lru.New[string](persistedQueries)})
	g.exec.Use(pipeline{g})
	return g, nil
}
