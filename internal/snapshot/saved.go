package snapshot

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/accessgraph/accessgraph/internal/snapshot/colfile"
)

// savedStem begins the names of saved snapshots.
const savedStem = "snapshot"

const (
	// worthSaving is how many rows and grants a snapshot has at least that is saved: a
	// smaller one is loaded before anybody notices.
	worthSaving = 10_000
	// saveEvery is how long after a save the next follows at the earliest, but for the one
	// at the end: what happens in between is in the store's change log.
	saveEvery = 5 * time.Minute
)

// Option changes an engine.
type Option func(*Engine)

// WithFolder keeps the snapshot as a file in a folder, that of an embedded store, so that a
// later process need not load it anew: a file of the same store is read, and brought up to
// date by difference. With write it is also written, in the background and by Close.
func WithFolder(dir string, write bool) Option {
	return func(e *Engine) { e.saved = &saved{dir: dir, write: write, least: worthSaving} }
}

// saved is the file of an engine's snapshot.
type saved struct {
	dir   string
	write bool
	least int // rows and grants from which on it is written

	mu     sync.Mutex
	stored string    // the mark of the snapshot in the file
	latest *Snapshot // that should be there, nil when it is
	at     time.Time // of the last attempt to write
	busy   bool
	closed bool
	writes sync.WaitGroup
}

// load reads the newest file that can be read; nil when there is none. Whether it is of
// the store's present state, or of another store, its mark tells the one who follows from it.
func (f *saved) load(ctx context.Context) *Snapshot {
	if f == nil {
		return nil
	}
	for _, path := range colfile.Find(f.dir, savedStem) {
		s, err := readSnapshot(ctx, path)
		switch {
		case err == nil:
			f.mu.Lock()
			defer f.mu.Unlock()
			f.stored, f.at = s.mark, time.Now()
			return s
		case ctx.Err() != nil:
			return nil
		case !errors.Is(err, os.ErrNotExist): // another process may just have written a newer one
			slog.WarnContext(ctx, "a saved snapshot is ignored; the graph is loaded from the store", "file", path, "error", err)
		}
	}
	return nil
}

// offer writes a snapshot, now or when Close is called. loaded says that making it anew
// would be a whole load.
func (f *saved) offer(s *Snapshot, loaded bool) {
	if f == nil || !f.write || s.mark == "" || s.n+s.grants.len() < f.least {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if s.mark == f.stored {
		return
	}
	f.latest = s
	if f.busy || f.closed || !loaded && time.Since(f.at) < saveEvery {
		return
	}
	f.busy = true
	f.writes.Go(f.save)
}

// save writes the latest snapshot.
func (f *saved) save() {
	f.mu.Lock()
	s := f.latest
	f.latest = nil
	f.mu.Unlock()
	if s == nil {
		return
	}
	path, err := writeSnapshot(context.Background(), f.dir, s)
	if err != nil {
		slog.Warn("the snapshot cannot be saved; the next start will load the graph from the store", "folder", f.dir, "error", err)
	} else {
		colfile.Remove(f.dir, savedStem, path)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.busy, f.at = false, time.Now()
	if err == nil {
		f.stored = s.mark
	}
}

// close writes what was not written yet.
func (f *saved) close() {
	if f == nil {
		return
	}
	f.mu.Lock()
	f.closed = true
	f.mu.Unlock()
	f.writes.Wait()
	f.save()
}
