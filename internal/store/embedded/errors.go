package embedded

import (
	"context"
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/accessgraph/accessgraph/internal/access"
)

// fault turns what SQLite or the system says into an error that may be shown: what was
// being done and what to do about it. The cause stays in Err. Errors that already are an
// *access.Error pass through; nil stays nil.
func fault(doing string, err error) error {
	if err == nil {
		return nil
	}
	var known *access.Error
	if errors.As(err, &known) {
		return err
	}
	code, why := classify(err)
	return &access.Error{Code: code, Message: "could not " + doing + ": " + why, Err: err}
}

func classify(err error) (access.Code, string) {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return access.CodeTimeout, "it took too long"
	case errors.Is(err, context.Canceled):
		return access.CodeTimeout, "it was cancelled"
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return access.CodeInternal, "unexpected failure"
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_INTERRUPT:
		return access.CodeTimeout, "it was cancelled"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return access.CodeUnavailable, "the file is busy; try again"
	case sqlite3.SQLITE_FULL:
		return access.CodeUnavailable, "the disk is full"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		// A reader that comes alone has to create the index of the WAL beside the file.
		return access.CodeUnavailable, "this account may not write in the data folder, which reading needs too when nothing else has it open"
	case sqlite3.SQLITE_CANTOPEN:
		return access.CodeUnavailable, "the file cannot be opened"
	case sqlite3.SQLITE_NOTADB:
		return access.CodeUnavailable, "the file is not an accessgraph database"
	case sqlite3.SQLITE_CORRUPT:
		return access.CodeUnavailable, "the file is damaged; restore a backup"
	case sqlite3.SQLITE_IOERR:
		return access.CodeUnavailable, "the disk does not answer as it should"
	}
	return access.CodeInternal, "unexpected failure"
}
