package embedded

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// The files inside the data folder.
const (
	FileName = "accessgraph.db"
	LockName = "accessgraph.lock"
)

// readers is the number of connections that answer concurrently.
const readers = 8

// Options say how to open the data folder.
type Options struct {
	// ReadOnly opens what exists, beside a writing process or alone. It takes no lock,
	// creates nothing and migrates nothing; every write is refused with UNAVAILABLE.
	ReadOnly bool
	// Clock is the clock of leases and of commits without a time; time.Now by default.
	Clock func() time.Time
}

// Store is the embedded store. It is safe for concurrent use.
type Store struct {
	dir    string
	clock  func() time.Time
	lock   *lock
	reads  *sql.DB
	writes *writer // nil when read-only
	known  int     // the limit of what a commit remembers, see index
}

var _ store.Store = (*Store)(nil)

// Open opens the store in dir, which is created if need be. It fails with UNAVAILABLE
// when another process writes there, when the file comes from a newer version or is not
// ours, and with NOT_FOUND when ReadOnly finds no data.
func Open(ctx context.Context, dir string, opts Options) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, access.Invalid("data", "%q is not a usable folder: %v", dir, err)
	}
	s := &Store{dir: dir, clock: opts.Clock, known: maxKnown}
	if s.clock == nil {
		s.clock = time.Now
	}
	if opts.ReadOnly {
		err = s.openReadOnly(ctx)
	} else {
		err = s.openWriting(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) openWriting(ctx context.Context) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return &access.Error{Code: access.CodeUnavailable, Message: "cannot create the data folder " + s.dir, Err: err}
	}
	var err error
	if s.lock, err = acquire(s.dir); err != nil {
		return err
	}
	// SQLite would let every account read the file, and gives the WAL the rights of the file.
	f, err := os.OpenFile(s.file(), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return &access.Error{Code: access.CodeUnavailable, Message: "cannot open " + s.file(), Err: err}
	}
	if err := f.Close(); err != nil {
		return &access.Error{Code: access.CodeUnavailable, Message: "cannot open " + s.file(), Err: err}
	}
	db, err := sql.Open("sqlite", dsn(s.file(), "rwc",
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "cache_size(-65536)", "journal_size_limit(67108864)"))
	if err != nil {
		return fault("open the store", err)
	}
	db.SetMaxOpenConns(1)
	if s.writes, err = newWriter(ctx, db); err != nil {
		return errors.Join(err, db.Close())
	}
	if err := migrate(ctx, s.writes.conn, s.file()); err != nil {
		return err
	}
	return s.openReads("ro")
}

func (s *Store) openReadOnly(ctx context.Context) error {
	if _, err := os.Stat(s.file()); errors.Is(err, fs.ErrNotExist) {
		return access.Errorf(access.CodeNotFound, "there is no accessgraph data in %s: import something first, or name another folder with --data", s.dir)
	}
	if err := s.openReads("ro"); err != nil {
		return err
	}
	return checkVersion(ctx, s.reads, s.file())
}

func (s *Store) openReads(mode string) error {
	db, err := sql.Open("sqlite", dsn(s.file(), mode, "busy_timeout(10000)", "query_only(1)", "cache_size(-16384)"))
	if err != nil {
		return fault("open the store", err)
	}
	db.SetMaxOpenConns(readers)
	db.SetMaxIdleConns(readers)
	s.reads = db
	return nil
}

func (s *Store) file() string { return filepath.Join(s.dir, FileName) }

// dsn is a file URI, so that no character of a path is taken for an option.
func dsn(path, mode string, pragmas ...string) string {
	p := filepath.ToSlash(path)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p // C:/… on Windows
	}
	u := url.URL{Scheme: "file", Path: p, RawQuery: url.Values{"mode": {mode}, "_pragma": pragmas}.Encode()}
	return u.String()
}

// Name implements store.Store.
func (s *Store) Name() string { return "embedded" }

// Check implements store.Store.
func (s *Store) Check(ctx context.Context) error {
	_, err := s.Version(ctx)
	return err
}

// Close waits for a running commit, closes the file and releases the lock. It is safe
// to call twice.
func (s *Store) Close() error {
	var errs []error
	if s.reads != nil {
		errs = append(errs, s.reads.Close())
	}
	if s.writes != nil {
		errs = append(errs, s.writes.close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.release())
	}
	if err := errors.Join(errs...); err != nil {
		return fault("close the store", err)
	}
	return nil
}
