package embedded

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/accessgraph/accessgraph/internal/access"
)

// writer is the one connection that writes, and the queue in front of it.
type writer struct {
	db    *sql.DB
	conn  *sql.Conn
	turn  chan struct{} // holds a token while a transaction runs
	stmts map[string]*sql.Stmt

	remember int // changelog.Log.Max of the commits

	version heldVersion
}

func newWriter(ctx context.Context, db *sql.DB) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fault("open the store", err)
	}
	return &writer{db: db, conn: conn, turn: make(chan struct{}, 1), stmts: map[string]*sql.Stmt{}}, nil
}

// errClosed is what a write after Close gets.
var errClosed = access.Errorf(access.CodeUnavailable, "the store is closed")

// transact runs work in a transaction, after those that came before: all of it is
// committed, or, when work fails or ctx ends, nothing.
//
// The statements run without ctx: modernc starts a goroutine for every statement that
// could be cancelled, so work itself looks at ctx between statements.
func (w *writer) transact(ctx context.Context, work func(tx *tx) error) (err error) {
	select {
	case w.turn <- struct{}{}:
		defer func() { <-w.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if w.conn == nil {
		return errClosed
	}
	t := &tx{w: w, caller: ctx, ctx: context.WithoutCancel(ctx)}
	if err := t.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	done := false
	defer func() { // also when work panics
		if !done {
			// SQLite itself has rolled back on some failures (a full disk); then this one
			// fails and there is nothing to do.
			_ = t.exec("ROLLBACK")
		}
	}()
	if err := work(t); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	defer w.version.committing()()
	if err := t.exec("COMMIT"); err != nil {
		return err
	}
	done = true
	return nil
}

func (w *writer) close() error {
	w.turn <- struct{}{}
	defer func() { <-w.turn }()
	if w.conn == nil {
		return nil
	}
	var errs []error
	for _, st := range w.stmts {
		errs = append(errs, st.Close())
	}
	err := errors.Join(append(errs, w.conn.Close(), w.db.Close())...)
	w.conn = nil
	if errors.Is(err, driver.ErrBadConn) {
		return nil
	}
	return err
}

// tx is a running transaction.
type tx struct {
	w      *writer
	caller context.Context // whose end stops the work
	ctx    context.Context // never ends, see transact
}

// stmt prepares a statement once in the life of the store.
func (t *tx) stmt(query string) (*sql.Stmt, error) {
	if st, ok := t.w.stmts[query]; ok {
		return st, nil
	}
	st, err := t.w.conn.PrepareContext(t.ctx, query)
	if err != nil {
		return nil, fmt.Errorf("%w in %s", err, query)
	}
	t.w.stmts[query] = st
	return st, nil
}

func (t *tx) exec(query string, args ...any) error {
	_, err := t.run(query, args...)
	return err
}

func (t *tx) run(query string, args ...any) (sql.Result, error) {
	st, err := t.stmt(query)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(t.ctx, args...)
}

// get scans the first row; false when there is none.
func (t *tx) get(dest []any, query string, args ...any) (bool, error) {
	st, err := t.stmt(query)
	if err != nil {
		return false, err
	}
	err = st.QueryRowContext(t.ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// each calls do for every row.
func (t *tx) each(do func(*sql.Rows) error, query string, args ...any) error {
	st, err := t.stmt(query)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(t.ctx, args...)
	return scanAll(rows, err, do)
}
