package neo4j

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/accessgraph/accessgraph/cypher/compile"
	"github.com/accessgraph/accessgraph/cypher/queries"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// cypherReader answers questions with Cypher, always from the database as it is. Each
// answer is of one graph version: every statement reads the version before and after (see
// compile.Answer), and those of one answer must all have seen the same.
type cypherReader struct {
	store   *Store
	now     time.Time
	version atomic.Int64
}

var _ query.Reader = (*cypherReader)(nil)

// Cypher returns a reader that answers with Cypher. Info().GraphVersion is the version
// of its last answer, 0 before the first. Answers are UNAVAILABLE while a large import is
// being applied, and CONFLICT when the graph changed twice while they were computed.
func (s *Store) Cypher(now time.Time) query.Reader { return &cypherReader{store: s, now: now} }

// CypherEngine is the engine whose readers answer with Cypher.
type CypherEngine struct{ store *Store }

var _ query.Engine = CypherEngine{}

// CypherEngine returns the engine of this store.
func (s *Store) CypherEngine() CypherEngine { return CypherEngine{s} }

// Reader reads the present version, so that Info is true before the first answer, and
// returns a reader.
func (e CypherEngine) Reader(ctx context.Context, now time.Time) (query.Reader, error) {
	version, err := e.store.Version(ctx)
	if err != nil {
		return nil, err
	}
	r := &cypherReader{store: e.store, now: now}
	r.version.Store(version)
	return r, nil
}

// Info implements query.Reader.
func (r *cypherReader) Info() query.Info {
	return query.Info{Engine: query.Cypher, GraphVersion: r.version.Load(), Now: r.now}
}

// asking is one answer in the making.
type asking struct {
	store        *Store
	now          time.Time
	integrations []compile.Integration
	seen         state // what the first statement saw
	asked        bool
}

// errChanged says that one answer saw different versions, or an entity that was gone at once.
var errChanged = errors.New("the graph changed")

// answer runs ask and holds it to one graph version. ask may run twice and must start
// afresh each time.
func (r *cypherReader) answer(ctx context.Context, ask func(a *asking) error) error {
	for range 2 {
		a := &asking{store: r.store, now: r.now}
		err := ask(a)
		if err == nil {
			r.version.Store(a.seen.version)
		}
		if !errors.Is(err, errChanged) {
			return err
		}
	}
	return access.Errorf(access.CodeConflict, "the graph changed while the question was being answered; ask again")
}

// see takes note of a version that a statement saw.
func (a *asking) see(s state) error {
	switch {
	case s.pending:
		return errPending()
	case a.asked && s != a.seen:
		return errChanged
	}
	a.seen, a.asked = s, true
	return nil
}

// answered is a statement's result.
type answered struct {
	rows     [][]any // the columns of compile.Rows
	entities map[string]*access.Entity
}

// ask runs a statement.
func (a *asking) ask(ctx context.Context, st compile.Statement, of compile.Rows) (answered, error) {
	whole := st.Answer(of)
	found, err := a.store.readOne(ctx, whole.Text, whole.Params)
	if err != nil {
		return answered{}, err
	}
	if len(found) != 1 {
		return answered{}, errNoVersion()
	}
	f := found[0]
	for _, s := range []state{{f.int("version"), f.bool("pending")}, {f.int("after"), f.bool("stillPending")}} {
		if err := a.see(s); err != nil {
			return answered{}, err
		}
	}
	list, _ := f.any("rows").([]any)
	out := answered{rows: make([][]any, len(list))}
	for i, item := range list {
		out.rows[i], _ = item.([]any)
	}
	list, _ = f.any("entities").([]any)
	out.entities = make(map[string]*access.Entity, len(list))
	for _, item := range list {
		e := decodeWhole(item)
		out.entities[e.ID] = e
	}
	return out, nil
}

// decodeWhole reads a list of an entity's properties, insights and mapping.
func decodeWhole(v any) *access.Entity {
	list, _ := v.([]any)
	if len(list) != 3 {
		return &access.Entity{}
	}
	properties, _ := list[0].(map[string]any)
	e := decodeEntity(fromMap(properties))
	e.Insights, e.Mapping = decodeInsights(list[1]), decodeMapping(list[2])
	return e
}

// named is the statement with this name.
func named(name string, params map[string]any) compile.Statement {
	return compile.Statement{Text: queries.Text(name), Params: params}
}

// Rows of the named statements.
var (
	integrationRows = compile.Rows{Columns: []string{"key", "name", "application"}}
	peopleRows      = compile.Rows{Columns: []string{"email", "name"}}
	nestingRows     = compile.Rows{Columns: []string{"source", "targets"}}
	grantRows       = compile.Rows{Columns: []string{"at", "page", "lower", "total"}}
	entityRows      = compile.Rows{Columns: []string{"ids"}, Entities: "row[0]", Removed: true}
)

// readIntegrations reads the integrations, once.
func (a *asking) readIntegrations(ctx context.Context) error {
	if a.integrations != nil {
		return nil
	}
	found, err := a.ask(ctx, named("read_integrations", nil), integrationRows)
	if err != nil {
		return err
	}
	a.integrations = make([]compile.Integration, len(found.rows))
	for i, f := range found.rows {
		a.integrations[i] = compile.Integration{Key: asText(f[0]), Name: asText(f[1]), Application: asText(f[2])}
	}
	return nil
}

// compiler returns a compiler that can compile the filters.
func (a *asking) compiler(ctx context.Context, nodes ...filter.Node) (*compile.Compiler, error) {
	for _, n := range nodes {
		if compile.UsesIntegrations(n) {
			if err := a.readIntegrations(ctx); err != nil {
				return nil, err
			}
		}
	}
	return compile.New(a.now, a.integrations), nil
}

// pageLimit is how many items a page asks for.
func pageLimit(p query.Page) int {
	switch {
	case p.Last > 0:
		return p.Last
	case p.First > 0:
		return p.First
	}
	return query.DefaultFirst
}

// permissionsOf reads a list of [name, value]; the result is distinct and sorted.
func permissionsOf(v any) []access.Permission {
	list, _ := v.([]any)
	out := make([]access.Permission, 0, len(list))
	for _, item := range list {
		if pair, ok := item.([]any); ok && len(pair) == 2 {
			out = append(out, access.Permission{Name: asText(pair[0]), Value: asText(pair[1])})
		}
	}
	return query.DistinctPermissions(out)
}
