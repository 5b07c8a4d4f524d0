package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/store/embedded"
)

// tables are the rows of the graph tables of an embedded store, each in the order of the
// primary key.
type tables []table

type table struct {
	name    string
	columns int
	rows    [][]any
}

// graphTables are what an import of one file fills, in the order in which to insert, with
// the primary key.
var graphTables = []struct{ name, key string }{
	{"application", "id"}, {"integration", "n"}, {"entity", "n"}, {"grant_live", "source, target, permission, scope"},
}

// openSQLite opens the store's file as the store does to write: one connection, the same pragmas.
func openSQLite(folder string) (*sql.DB, error) {
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(folder, embedded.FileName)), RawQuery: url.Values{"_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "cache_size(-65536)", "journal_size_limit(67108864)",
	}}.Encode()}
	db, err := sql.Open("sqlite", u.String())
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

func readTables(ctx context.Context, folder string) (out tables, err error) {
	db, err := openSQLite(folder)
	if err != nil {
		return nil, err
	}
	defer db.Close() //nolint:errcheck // it was only read
	for _, t := range graphTables {
		// The names are the constants above.
		rows, err := db.QueryContext(ctx, "SELECT * FROM "+t.name+" ORDER BY "+t.key)
		if err != nil {
			return nil, err
		}
		read, err := readRows(rows)
		if err != nil {
			return nil, err
		}
		read.name = t.name
		out = append(out, read)
	}
	return out, nil
}

func readRows(rows *sql.Rows) (t table, err error) {
	defer rows.Close() //nolint:errcheck // Err says it
	names, err := rows.Columns()
	if err != nil {
		return t, err
	}
	t.columns = len(names)
	for rows.Next() {
		row, into := make([]any, t.columns), make([]any, t.columns)
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return t, err
		}
		t.rows = append(t.rows, row)
	}
	return t, rows.Err()
}

// equal says how two stores differ. The numbers n are left out of it: they follow the
// order in which rows came.
func (t tables) equal(want tables) error {
	got, wanted := t.plain(), want.plain()
	for row := range wanted {
		if !got[row] {
			return fmt.Errorf("the stores differ: %s is missing", row)
		}
	}
	for row := range got {
		if !wanted[row] {
			return fmt.Errorf("the stores differ: %s is too much", row)
		}
	}
	return nil
}

// plain is every row with ids in place of numbers.
func (t tables) plain() map[string]bool {
	out := map[string]bool{}
	ids := map[any]any{}
	for _, table := range t {
		for _, row := range table.rows {
			row = append([]any{table.name}, row...)
			switch table.name {
			case "entity":
				ids[row[1]] = row[2]
				row[1] = "n"
			case "grant_live":
				row[1], row[2] = ids[row[1]], ids[row[2]]
			case "integration":
				row[len(row)-1] = "revision"
			}
			out[fmt.Sprint(row...)] = true
		}
	}
	return out
}

// rawInserts is what a loader does that knows the tables: one transaction, prepared
// statements, rows in memory in the order of the primary keys. Opening and closing the
// file is not counted, as it is not for the store.
func rawInserts(ctx context.Context, folder string, t tables) (took time.Duration, err error) {
	db, err := openSQLite(folder)
	if err != nil {
		return 0, err
	}
	if err := db.PingContext(ctx); err != nil {
		return 0, err
	}
	took, err = timed(func() error { return insertAll(ctx, db, t) })
	if closed := db.Close(); err == nil {
		err = closed
	}
	return took, err
}

func insertAll(ctx context.Context, db *sql.DB, t tables) error {
	// The driver starts a goroutine for every statement that could be cancelled, which the
	// store avoids as well.
	ctx = context.WithoutCancel(ctx)
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // without effect after Commit
	for _, table := range t {
		st, err := tx.PrepareContext(ctx, "INSERT INTO "+table.name+" VALUES ("+strings.TrimSuffix(strings.Repeat("?, ", table.columns), ", ")+")")
		if err != nil {
			return err
		}
		for _, row := range table.rows {
			if _, err := st.ExecContext(ctx, row...); err != nil {
				return err
			}
		}
		if err := st.Close(); err != nil {
			return err
		}
	}
	return tx.Commit()
}
