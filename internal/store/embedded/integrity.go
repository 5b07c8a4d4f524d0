package embedded

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Integrity reads the whole file and reports what is damaged, as UNAVAILABLE. It takes
// time in proportion to the file's size.
func (s *Store) Integrity(ctx context.Context) error {
	rows, err := s.reads.QueryContext(ctx, "PRAGMA quick_check(10)")
	if err != nil {
		return fault("check the store", err)
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return fault("check the store", err)
		}
		if line != "ok" {
			found = append(found, line)
		}
	}
	if err := rows.Err(); err != nil {
		return fault("check the store", err)
	}
	if len(found) > 0 {
		return access.Errorf(access.CodeUnavailable, "%s is damaged (%s): restore a backup", s.file(), strings.Join(found, "; "))
	}
	return nil
}

// LockHolder says which process writes to the data folder at present; empty if none.
func LockHolder(dir string) (string, error) {
	path := filepath.Join(dir, LockName)
	f := flock.New(path, flock.SetPermissions(0o600))
	ok, err := f.TryLock()
	switch {
	case err != nil:
		return "", &access.Error{Code: access.CodeUnavailable, Message: "cannot lock the data folder " + dir, Err: err}
	case !ok:
		return holder(path), nil
	}
	return "", f.Unlock()
}
