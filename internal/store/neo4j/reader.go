package neo4j

import (
	"context"
	"sync/atomic"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/accessgraph/accessgraph/cypher/compile"
	"github.com/accessgraph/accessgraph/cypher/queries"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// cypherReader answers questions with Cypher, always from the database as it is. Each
// answer is of one graph version: the version is read before and after, in the same
// transaction.
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

// asking is one answer in the making: the statements of one read transaction.
type asking struct {
	tx           driver.ManagedTransaction
	now          time.Time
	integrations []compile.Integration
}

// answer runs ask in one transaction and holds it to one graph version. ask may run
// several times and must start afresh each time.
func (r *cypherReader) answer(ctx context.Context, ask func(a *asking) error) error {
	for range 2 {
		same := false
		err := r.store.read(ctx, func(tx driver.ManagedTransaction) error {
			before, err := readState(ctx, tx)
			if err != nil {
				return err
			}
			if before.pending {
				return errPending()
			}
			if err := ask(&asking{tx: tx, now: r.now}); err != nil {
				return err
			}
			after, err := readState(ctx, tx)
			if err != nil {
				return err
			}
			if same = before == after; same {
				r.version.Store(before.version)
			}
			return nil
		})
		if err != nil || same {
			return err
		}
	}
	return access.Errorf(access.CodeConflict, "the graph changed while the question was being answered; ask again")
}

func (a *asking) named(ctx context.Context, name string, params map[string]any) ([]row, error) {
	return textRows(ctx, a.tx, queries.Text(name), params)
}

func (a *asking) compiled(ctx context.Context, s compile.Statement) ([]row, error) {
	return textRows(ctx, a.tx, s.Text, s.Params)
}

// readIntegrations reads the integrations, once.
func (a *asking) readIntegrations(ctx context.Context) error {
	if a.integrations != nil {
		return nil
	}
	found, err := a.named(ctx, "read_integrations", nil)
	if err != nil {
		return err
	}
	a.integrations = make([]compile.Integration, len(found))
	for i, f := range found {
		a.integrations[i] = compile.Integration{Key: f.text("key"), Name: f.text("name"), Application: f.text("application")}
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

// entities reads whole entities by id.
func (a *asking) entities(ctx context.Context, ids []string) (map[string]*access.Entity, error) {
	distinct := make([]string, 0, len(ids))
	found := make(map[string]*access.Entity, len(ids))
	for _, id := range ids {
		if _, seen := found[id]; !seen {
			found[id] = nil
			distinct = append(distinct, id)
		}
	}
	if len(distinct) == 0 {
		return found, nil
	}
	list, err := a.named(ctx, "read_entities", map[string]any{"ids": distinct})
	if err != nil {
		return nil, err
	}
	for _, row := range list {
		properties, _ := row.any("entity").(map[string]any)
		e := decodeEntity(fromMap(properties))
		e.Insights, e.Mapping = decodeInsights(row.any("insights")), decodeMapping(row.any("mapping"))
		found[e.ID] = e
	}
	return found, nil
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
