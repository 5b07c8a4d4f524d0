package embedded

import (
	"context"
	"database/sql"
	"iter"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// Version implements store.Graph.
func (s *Store) Version(ctx context.Context) (int64, error) {
	read := func() (int64, error) { return version(ctx, s.reads) }
	if s.writes == nil || ctx.Err() != nil {
		v, err := read()
		return v, fault("read the store", err)
	}
	v, err := s.writes.version.get(read)
	return v, fault("read the store", err)
}

func version(ctx context.Context, db querier) (int64, error) {
	var v int64
	return v, db.QueryRowContext(ctx, "SELECT version FROM graph_version").Scan(&v)
}

// ReadGraph implements store.Graph by one read transaction: read is called once.
func (s *Store) ReadGraph(ctx context.Context, read func(ctx context.Context, v store.GraphView) error) error {
	tx, err := s.reads.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fault("read the graph", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	// The first read is what fixes the state that the transaction sees.
	v, err := version(ctx, tx)
	if err != nil {
		return fault("read the graph", err)
	}
	return read(ctx, &view{tx: tx, version: v})
}

// view implements store.GraphView. It is for one goroutine.
type view struct {
	tx      *sql.Tx
	version int64
}

func (v *view) Version() int64 { return v.version }

// ended makes the end of ctx the reason of a failure: once it ends the transaction is
// gone, and what is asked of it later says only that.
func ended(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return fault("read the graph", err)
}

// stream runs a query and yields what scan makes of each row.
func stream[T any](ctx context.Context, db querier, scan func(*sql.Rows) (T, error), query string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		rows, err := db.QueryContext(ctx, query, args...)
		if err != nil {
			yield(none, ended(ctx, err))
			return
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			item, err := scan(rows)
			if err != nil {
				yield(none, ended(ctx, err))
				return
			}
			if !yield(item, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(none, ended(ctx, err))
		}
	}
}

// within restricts a query to one integration, by the alias that its rows have.
func within(alias, integration string) (condition string, args []any) {
	if integration == "" {
		return " WHERE true", nil
	}
	return " WHERE " + alias + ".integration = (SELECT n FROM integration WHERE key = ?)", []any{integration}
}

func (v *view) Entities(ctx context.Context, integration string, removed bool) iter.Seq2[*access.Entity, error] {
	where, args := within("e", integration)
	if !removed {
		where += " AND e.removed_at IS NULL"
	}
	return stream(ctx, v.tx, scanEntity, selectEntity+where+" ORDER BY e.id", args...)
}

// Sources come by id from an index; only the grants of one source are sorted at a time.
const (
	selectGrant = `SELECT s.id, t.id, g.permission, g.scope, g.value, g.counts, g.project, g.last_used, g.metadata, g.from_at, `
	grantEnds   = ` g ON g.source = s.n CROSS JOIN entity t ON t.n = g.target`
	grantOrder  = " ORDER BY s.id, t.id, g.permission, g.scope"
	// An interval that ended first comes first where two began at once.
	historyOrder = grantOrder + ", g.from_at, g.to_at, g.rowid"
)

func (v *view) Grants(ctx context.Context, integration string) iter.Seq2[access.Grant, error] {
	where, args := within("s", integration)
	return stream(ctx, v.tx, scanGrant, selectGrant+"NULL FROM entity s CROSS JOIN grant_live"+grantEnds+where+grantOrder, args...)
}

func (v *view) History(ctx context.Context, integration string) iter.Seq2[access.Grant, error] {
	where, args := within("s", integration)
	return stream(ctx, v.tx, scanGrant, selectGrant+"g.to_at FROM entity s CROSS JOIN grant_history"+grantEnds+where+historyOrder, args...)
}

func (v *view) Applications(ctx context.Context) ([]access.Application, error) {
	out, err := applications(ctx, v.tx)
	return out, ended(ctx, err)
}

func (v *view) Integrations(ctx context.Context) ([]access.Integration, error) {
	out, err := integrations(ctx, v.tx, "key")
	return out, ended(ctx, err)
}

func (v *view) Employees(ctx context.Context) iter.Seq2[*access.Employee, error] {
	return stream(ctx, v.tx, scanEmployee, selectEmployee+" ORDER BY id")
}

func (v *view) Mappings(ctx context.Context, integration string) iter.Seq2[access.Mapping, error] {
	where, args := within("e", integration)
	return stream(ctx, v.tx, scanMapping, `SELECT e.id, m.employee, m.relation, m.origin, m.reason, m.at
  FROM mapping m JOIN entity e ON e.n = m.entity`+where+" ORDER BY e.id", args...)
}
