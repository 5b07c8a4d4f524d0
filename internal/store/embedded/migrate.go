package embedded

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"sort"

	"github.com/accessgraph/accessgraph/internal/access"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// applicationID marks the file as ours ("acgr"), so that a stranger's SQLite file is refused.
const applicationID = 0x61636772

// migrations are the texts of migrations/NNNN_*.sql in order; the schema version
// (PRAGMA user_version) is how many of them a file has had.
func migrations() ([]string, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	texts := make([]string, len(names))
	for i, name := range names {
		var number int
		if _, err := fmt.Sscanf(name, "migrations/%04d_", &number); err != nil || number != i+1 {
			return nil, fmt.Errorf("migration %s is not number %d", name, i+1)
		}
		b, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		texts[i] = string(b)
	}
	return texts, nil
}

// migrate brings the file to the present schema, each step in a transaction of its own.
func migrate(ctx context.Context, conn *sql.Conn, file string) error {
	steps, err := migrations()
	if err != nil {
		return fault("read the migrations", err)
	}
	version, err := fileVersion(ctx, conn, file, true)
	if err != nil {
		return err
	}
	if version > len(steps) {
		return newerFile(file, version, len(steps))
	}
	for i := version; i < len(steps); i++ {
		script := fmt.Sprintf("BEGIN IMMEDIATE;\n%s\nPRAGMA application_id = %d;\nPRAGMA user_version = %d;\nCOMMIT;", steps[i], applicationID, i+1)
		if _, err := conn.ExecContext(ctx, script); err != nil {
			_, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // fails when the script did not get as far as BEGIN
			return fault(fmt.Sprintf("migrate %s to schema %d", file, i+1), err)
		}
	}
	return nil
}

// checkVersion refuses a file that a reader cannot use as it is.
func checkVersion(ctx context.Context, db querier, file string) error {
	steps, err := migrations()
	if err != nil {
		return fault("read the migrations", err)
	}
	version, err := fileVersion(ctx, db, file, false)
	switch {
	case err != nil:
		return err
	case version > len(steps):
		return newerFile(file, version, len(steps))
	case version < len(steps):
		return access.Errorf(access.CodeUnavailable,
			"%s has schema %d and this program needs %d: open it once for writing (any import, or serve) to migrate it", file, version, len(steps))
	}
	return nil
}

func newerFile(file string, version, known int) error {
	return access.Errorf(access.CodeUnavailable,
		"%s was written by a newer accessgraph (schema %d, this program knows %d): update the program", file, version, known)
}

// fileVersion is the schema version; an empty file has 0, which only a writer accepts.
func fileVersion(ctx context.Context, db querier, file string, empty bool) (int, error) {
	var version, app, tables int
	for _, q := range []struct {
		sql  string
		dest *int
	}{{"PRAGMA user_version", &version}, {"PRAGMA application_id", &app}, {"SELECT count(*) FROM sqlite_schema", &tables}} {
		if err := db.QueryRowContext(ctx, q.sql).Scan(q.dest); err != nil {
			return 0, fault("open "+file, err)
		}
	}
	if app != applicationID && (tables > 0 || !empty) {
		return 0, access.Errorf(access.CodeUnavailable, "%s is not an accessgraph database", file)
	}
	return version, nil
}

// querier is what a connection, a pool and a transaction have in common.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}
