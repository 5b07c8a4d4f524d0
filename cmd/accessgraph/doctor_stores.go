package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/embedded"
)

var systemPrincipal = auth.System()

// said is an error as people are told it, without causes that are for the log.
func said(err error) string {
	var e *access.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}

func (c *command) examineFolder(ctx context.Context, e *examination) {
	info, err := os.Stat(c.cfg.Data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.add("data folder", checkWarn, "accessgraph demo, or accessgraph import, makes it", "%s does not exist yet", c.cfg.Data)
		return
	case err != nil:
		e.add("data folder", checkFail, "let this user read the folder", "%v", err)
		return
	case !info.IsDir():
		e.add("data folder", checkFail, "name a folder with --data", "%s is a file", c.cfg.Data)
		return
	}
	e.add("data folder", checkOK, "", "%s", c.cfg.Data)
	if open := info.Mode().Perm() & 0o077; open != 0 {
		e.add("permissions", checkWarn, "chmod 700 "+shellQuote(c.cfg.Data), "others on this machine can get into the folder (%s)", info.Mode().Perm())
	}
	c.examineWriting(e)
	c.examineLock(e)
	inner, p, err := c.open(ctx, reading)
	if err != nil {
		status := checkFail
		if access.CodeOf(err) == access.CodeNotFound {
			status = checkWarn
		}
		e.add("store", status, "", "%s", said(err))
		return
	}
	defer p.close() //nolint:errcheck // it was only read
	e.add("schema", checkOK, "", "of this version")
	if s, ok := p.Store.(*embedded.Store); ok {
		if err := s.Integrity(inner); err != nil {
			e.add("integrity", checkFail, "restore a backup", "%s", said(err))
		} else {
			e.add("integrity", checkOK, "", "the file is whole (%s)", fileSize(filepath.Join(c.cfg.Data, embedded.FileName)))
		}
	}
	c.examineData(inner, e, p)
}

func fileSize(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return "size unknown"
	}
	return fmt.Sprintf("%.1f MiB", float64(info.Size())/(1<<20))
}

func (c *command) examineWriting(e *examination) {
	f, err := os.CreateTemp(c.cfg.Data, ".doctor-*")
	if err != nil {
		e.add("permissions", checkFail, "let this user write to the folder, and see that the disk is not full", "cannot write to the folder: %v", err)
		return
	}
	name := f.Name()
	if err := errors.Join(f.Close(), os.Remove(name)); err != nil {
		e.add("permissions", checkWarn, "", "%v", err)
		return
	}
	e.add("permissions", checkOK, "", "the folder can be written")
}

// examineLock tries the lock without making anything: without a database there is
// nothing to lock.
func (c *command) examineLock(e *examination) {
	if _, err := os.Stat(filepath.Join(c.cfg.Data, embedded.FileName)); err != nil {
		return
	}
	switch holder, err := embedded.LockHolder(c.cfg.Data); {
	case err != nil:
		e.add("lock", checkFail, "let this user read and write the folder", "%s", said(err))
	case holder != "":
		e.add("lock", checkOK, "", "held by %s; imports go through it with --server URL", holder)
	default:
		e.add("lock", checkOK, "", "free")
	}
}

func (c *command) examineNeo4j(ctx context.Context, e *examination) {
	began := time.Now()
	inner, p, err := c.open(ctx, reading)
	if err != nil {
		e.add("Neo4j", checkFail, "see the message", "%s: %s", c.cfg.Neo4j.URI, said(err))
		return
	}
	defer p.close() //nolint:errcheck // it was only read
	// Opening logs in, compares the server's version, sees that the database exists,
	// and brings constraints and indexes up to date.
	e.add("Neo4j", checkOK, "", "%s answers, in a version that can be used (%d ms with login)", c.cfg.Neo4j.URI, time.Since(began).Milliseconds())
	e.add("schema", checkOK, "", "constraints and indexes are up to date")
	c.examineData(inner, e, p)
}

// rescan advances the graph version by writing what is there already, and drops what was
// derived from the graph for imports.
func (c *command) rescan(ctx context.Context) error {
	return c.with(ctx, writing, func(ctx context.Context, p *product) error {
		if s, ok := p.Store.(interface{ ForgetCopies(context.Context) error }); ok {
			if err := s.ForgetCopies(ctx); err != nil {
				return err
			}
		}
		apps, err := p.Store.Applications(ctx)
		if err != nil {
			return err
		}
		if len(apps) == 0 {
			fmt.Fprintln(c.out, "The graph has no application yet: there is nothing to load anew.")
			return nil
		}
		now := time.Now()
		entry, err := audit.Entry(ctx, now, "graph.rescan", apps[0].ID, nil, nil)
		if err != nil {
			return err
		}
		version, err := p.Store.Commit(ctx, store.Commit{
			At: now, GraphCount: 1, Anew: true, Audit: []store.AuditEntry{entry},
			Graph: func(yield func(store.Change, error) bool) { yield(store.Change{PutApplication: &apps[0]}, nil) },
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "The graph is at version %d now; every server loads it anew. What was written without accessgraph is taken as it is: import again what it may have broken.\n", version)
		return nil
	})
}
