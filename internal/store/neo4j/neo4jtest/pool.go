package neo4jtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

const (
	poolVariable = "ACCESSGRAPH_NEO4J_POOL"
	// idleSeconds is how long a server that was started on the fly outlives its
	// last borrower.
	idleSeconds = 15 * 60
	// heartbeat is how often a borrower says that it still uses its server.
	heartbeat = 30 * time.Second
	pollEvery = 100 * time.Millisecond
)

// description is what scripts/neo4j writes for each server of a pool.
type description struct {
	URI      string `json:"uri"`
	Username string `json:"username"`
	Password string `json:"password"`
	Database string `json:"database"`
}

// lease is a borrowed server and what its borrower holds.
type lease struct {
	server Server
	lock   *flock.Flock

	mu    sync.Mutex
	timer *time.Timer // nil once released
}

// acquire borrows a server and empties it. ctx bounds the wait.
func acquire(ctx context.Context) (*lease, error) {
	dir, given := os.LookupEnv(poolVariable)
	given = given && dir != ""
	if !given {
		root, err := repositoryRoot()
		if err != nil {
			return nil, err
		}
		dir = filepath.Join(root, ".cache", "neo4j", "pool")
	}
	started := false
	for {
		held, busy, err := tryEach(ctx, dir)
		switch {
		case err != nil:
			return nil, err
		case held != nil:
			return held, nil
		case busy == 0 && given:
			return nil, fmt.Errorf("no server lives in the pool %s (%s); start one: scripts/neo4j pool 1", dir, poolVariable)
		case busy == 0 && started:
			return nil, fmt.Errorf("the server started in %s does not answer; see its log there", dir)
		case busy == 0:
			if err := startPool(ctx, dir); err != nil {
				return nil, err
			}
			started = true
			continue
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("waited too long for one of %d busy servers in %s: %w", busy, dir, ctx.Err())
		case <-time.After(pollEvery):
		}
	}
}

// tryEach borrows the first free server of the pool. Without one, busy says how
// many are in use by others; dead servers are passed over.
func tryEach(ctx context.Context, dir string) (held *lease, busy int, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, 0, err
	}
	for _, file := range files {
		lock := flock.New(strings.TrimSuffix(file, ".json") + ".lock")
		locked, err := lock.TryLock()
		if err != nil {
			return nil, 0, fmt.Errorf("lock %s: %w", file, err)
		}
		if !locked {
			busy++
			continue
		}
		held, err := open(ctx, file, lock)
		if err != nil {
			return nil, 0, errors.Join(fmt.Errorf("borrow %s: %w", file, err), lock.Close())
		}
		if held != nil {
			return held, 0, nil
		}
		if err := lock.Close(); err != nil {
			return nil, 0, err
		}
	}
	return nil, busy, nil
}

// open makes a lease of a locked server: nil without an error when it is dead.
func open(ctx context.Context, file string, lock *flock.Flock) (*lease, error) {
	text, err := os.ReadFile(file) // #nosec G304 -- a file of the test pool
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil // stopped since the folder was read
	}
	if err != nil {
		return nil, err
	}
	var read description
	if err := json.Unmarshal(text, &read); err != nil {
		return nil, err
	}
	touch(lock.Path())
	driver, err := neo4j.NewDriverWithContext(read.URI, neo4j.BasicAuth(read.Username, read.Password, ""))
	if err != nil {
		return nil, err
	}
	alive, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := driver.VerifyConnectivity(alive); err != nil {
		_ = driver.Close(ctx)
		var refused *neo4j.Neo4jError
		if errors.As(err, &refused) {
			return nil, err // it lives, and refuses its own password
		}
		return nil, nil
	}
	held := &lease{lock: lock, server: Server{
		URI: read.URI, Username: read.Username, Password: read.Password, Database: read.Database, driver: driver,
	}}
	limited, cancel := context.WithTimeout(ctx, wipeLimit)
	defer cancel()
	if err := errors.Join(endTransactions(limited, held.server), wipe(limited, held.server, true), forgetPlans(limited, held.server)); err != nil {
		_ = driver.Close(ctx)
		return nil, err
	}
	held.beat()
	return held, nil
}

// beat keeps the server from stopping as idle. It uses a timer and no goroutine,
// so that leak detectors of the borrowing tests see nothing.
func (l *lease) beat() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer = time.AfterFunc(heartbeat, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.timer != nil {
			touch(l.lock.Path())
			l.timer.Reset(heartbeat)
		}
	})
}

func (l *lease) release() error {
	l.mu.Lock()
	l.timer.Stop()
	l.timer = nil
	l.mu.Unlock()
	touch(l.lock.Path())
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return errors.Join(l.server.driver.Close(ctx), l.lock.Close())
}

// touch is best effort: without it an idle server stops early, and the next
// borrower starts another.
func touch(path string) {
	now := time.Now()
	_ = os.Chtimes(path, now, now)
}

// startPool starts one server in dir, or waits for another process that is
// starting one.
func startPool(ctx context.Context, dir string) error {
	root, err := repositoryRoot()
	if err != nil {
		return err
	}
	script := filepath.Join(root, "scripts", "neo4j")
	command := exec.CommandContext(ctx, script, "pool", "1", "--dir", dir, "--idle", strconv.Itoa(idleSeconds)) // #nosec G204 -- the repository's own script
	command.WaitDelay = 5 * time.Second
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("cannot start a Neo4j server for the tests: %s pool 1: %w\n%s", script, err, output)
	}
	return nil
}

// repositoryRoot finds the folder of go.mod above the working directory, which
// is the package's own folder in tests.
func repositoryRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = parent
	}
}
