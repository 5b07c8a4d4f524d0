// Package neo4jtest lends real Neo4j servers to tests.
//
// The servers are a pool of private processes started by scripts/neo4j, with
// authentication on. A test borrows one exclusively, across test processes, and
// gets it empty. A test that needs Neo4j never skips: it fails when no server
// can be had.
//
// The pool is the folder that the environment variable ACCESSGRAPH_NEO4J_POOL
// names. Without it the pool is .cache/neo4j/pool of the repository, and a server
// is started there when none lives, which stops by itself once it is idle.
package neo4jtest

import (
	"context"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// Server is a borrowed server. The zero value is of no use; see Acquire.
type Server struct {
	URI      string // bolt://127.0.0.1:port; the neo4j:// scheme works as well
	Username string
	Password string
	Database string // the one user database of Community Edition

	driver neo4j.DriverWithContext
}

const (
	// maxWait bounds how long Acquire waits for a server that others hold. It is
	// shortened when the test binary's own deadline (-timeout) comes first.
	maxWait = 9 * time.Minute
	// wipeLimit bounds one wipe; the largest test graphs take a few seconds.
	wipeLimit = 2 * time.Minute
)

// Acquire borrows one server of the pool until the test and its subtests end.
// The server has no nodes, no constraints and no indexes other than Neo4j's two
// token lookup indexes, and no open transactions. Servers in use elsewhere are
// waited for. It fails the test when no server can be had.
//
// Borrow once and call Fresh between subtests: that is much faster than borrowing
// for each of them.
func Acquire(tb testing.TB) Server {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), waitFor(tb))
	defer cancel()

	held, err := acquire(ctx)
	if err != nil {
		tb.Fatalf("neo4jtest: %v", err)
	}
	tb.Cleanup(func() {
		if err := held.release(); err != nil {
			tb.Errorf("neo4jtest: release %s: %v", held.server.URI, err)
		}
	})
	return held.server
}

// waitFor says how long tb may wait and still have time to report why it failed.
func waitFor(tb testing.TB) time.Duration {
	timed, ok := tb.(interface{ Deadline() (time.Time, bool) })
	if !ok {
		return maxWait
	}
	deadline, ok := timed.Deadline()
	if !ok {
		return maxWait
	}
	return max(time.Second, min(maxWait, time.Until(deadline)-10*time.Second))
}

// Driver returns a driver for the borrowed server, logged in as its user. It is
// closed when the server is released; do not close it.
func (s Server) Driver() neo4j.DriverWithContext { return s.driver }

// Option changes what Fresh does.
type Option func(*freshOptions)

type freshOptions struct{ schema bool }

// DropSchema makes Fresh drop all constraints and indexes too.
func DropSchema() Option { return func(o *freshOptions) { o.schema = true } }

// Fresh deletes every node and relationship of a server that the test borrowed.
// It keeps constraints and indexes, which makes it fast (a few milliseconds on a
// small graph), unless DropSchema asks otherwise. It fails the test when it cannot.
func Fresh(tb testing.TB, server Server, options ...Option) {
	tb.Helper()
	var chosen freshOptions
	for _, option := range options {
		option(&chosen)
	}
	if server.driver == nil {
		tb.Fatal("neo4jtest: Fresh wants a server that Acquire returned")
	}
	ctx, cancel := context.WithTimeout(context.Background(), wipeLimit)
	defer cancel()
	if err := wipe(ctx, server, chosen.schema); err != nil {
		tb.Fatalf("neo4jtest: wipe %s: %v", server.URI, err)
	}
}
