package neo4j

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	driverconfig "github.com/neo4j/neo4j-go-driver/v5/neo4j/config"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store/packed"
)

// Store is a Neo4j database. It is safe for concurrent use.
type Store struct {
	config    Config
	driver    driver.DriverWithContext
	database  string
	bookmarks driver.BookmarkManager

	maxChanges atomic.Int64  // of one transaction; 0 until the server's memory is known
	loadLease  time.Duration // how long a writer of a large change set may be silent
	firstLoad  int64         // changes from which the first load runs in several transactions at once

	wantCopies  sync.Map // keys of integrations whose packed copy is to be made or its deltas merged
	smallDeltas int64    // of a packed copy, see packed.Head.Stale
	badRuns     sync.Map // ids of the runs of copies that turned out damaged
}

// minVersion is the first Neo4j release whose Cypher the statements are written in.
var minVersion = [2]int{5, 26}

// Open connects, checks the server's version, brings the schema up to date and finishes
// a large import that its writer left unfinished. Errors are *access.Error: UNAVAILABLE
// when the server cannot be reached or refuses, INVALID_INPUT for a wrong address.
func Open(ctx context.Context, config Config) (*Store, error) {
	return open(ctx, config, minVersion)
}

func open(ctx context.Context, config Config, needed [2]int) (*Store, error) {
	if err := config.complete(); err != nil {
		return nil, err
	}
	d, err := driver.NewDriverWithContext(config.URI, driver.BasicAuth(config.Username, config.Password, ""), func(c *driverconfig.Config) {
		c.SocketConnectTimeout = config.ConnectTimeout
		c.UserAgent = "accessgraph"
		c.FetchSize = fetchSize
		c.TelemetryDisabled = true
	})
	if err != nil {
		return nil, access.Invalid("neo4j-uri", "%q is no address of a Neo4j server: %v", config.URI, err)
	}
	s := &Store{
		config: config, driver: d, database: config.Database,
		bookmarks: driver.NewBookmarkManager(driver.BookmarkManagerConfig{}),
		loadLease: defaultLoadLease, firstLoad: defaultFirstLoad, smallDeltas: packed.SmallDeltas,
	}
	if err := s.prepare(ctx, needed); err != nil {
		_ = d.Close(context.WithoutCancel(ctx))
		return nil, err
	}
	return s, nil
}

// fetchSize is how many rows the driver asks for at a time.
const fetchSize = 2000

func (s *Store) prepare(ctx context.Context, needed [2]int) error {
	connect, cancel := context.WithTimeout(ctx, s.config.ConnectTimeout)
	defer cancel()
	if err := s.checkServer(connect, needed); err != nil {
		if connect.Err() != nil && ctx.Err() == nil {
			return unavailable(err, "cannot reach Neo4j at %s within %s: is it running, and is the address right?", s.config.URI, s.config.ConnectTimeout)
		}
		return err
	}
	if err := s.migrate(ctx); err != nil {
		return err
	}
	return s.resume(ctx, s.loadLease+2*time.Second)
}

// checkServer logs in, reads the version and sees that the database exists.
func (s *Store) checkServer(ctx context.Context, needed [2]int) error {
	info, err := s.driver.GetServerInfo(ctx)
	if err != nil {
		return s.explain(ctx, err)
	}
	if err := checkVersion(info.Agent(), needed); err != nil {
		return err
	}
	return s.read(ctx, func(tx driver.ManagedTransaction) error {
		_, err := rows(ctx, tx, "ping", nil)
		return err
	})
}

// checkVersion reads an agent like "Neo4j/5.26.1" or, in the numbering by year, "Neo4j/2025.01.0".
func checkVersion(agent string, needed [2]int) error {
	product, version, _ := strings.Cut(agent, "/")
	parts := strings.FieldsFunc(version, func(r rune) bool { return r < '0' || r > '9' })
	if product != "Neo4j" || len(parts) < 2 {
		return access.Errorf(access.CodeUnavailable, "the server says that it is %q: a Neo4j %d.%d or later is needed", agent, needed[0], needed[1])
	}
	major, err1 := strconv.Atoi(parts[0])
	minor, err2 := strconv.Atoi(parts[1])
	if err1 != nil || err2 != nil || major < needed[0] || (major == needed[0] && minor < needed[1]) {
		return access.Errorf(access.CodeUnavailable, "the server is Neo4j %s: %s or later is needed", version, fmt.Sprintf("%d.%d", needed[0], needed[1]))
	}
	return nil
}

// Name is "neo4j".
func (s *Store) Name() string { return "neo4j" }

// Check reports whether the database answers.
func (s *Store) Check(ctx context.Context) error {
	_, err := s.Version(ctx)
	return err
}

// Close closes all connections.
func (s *Store) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return s.driver.Close(ctx)
}

// Version is the present graph version; while a large import is being applied it is
// still the one before.
func (s *Store) Version(ctx context.Context) (int64, error) {
	st, err := s.state(ctx)
	return st.version, err
}

// state is the version and whether the graph is between that version and the next.
type state struct {
	version int64
	pending bool
}

func (s *Store) state(ctx context.Context) (st state, err error) {
	err = s.read(ctx, func(tx driver.ManagedTransaction) error {
		st, err = readState(ctx, tx)
		return err
	})
	return st, err
}

func readState(ctx context.Context, tx driver.ManagedTransaction) (state, error) {
	found, err := rows(ctx, tx, "version", nil)
	if err != nil {
		return state{}, err
	}
	if len(found) == 0 {
		return state{}, errNoVersion()
	}
	return state{version: found[0].int("version"), pending: found[0].bool("pending")}, nil
}

func errNoVersion() error {
	return access.Errorf(access.CodeUnavailable, "the database has no version node any more: was it emptied while accessgraph runs?")
}

// errPending is the answer of whatever must not see the graph between two versions.
func errPending() error {
	return access.Errorf(access.CodeUnavailable, "a large import is being written to the graph just now; try again shortly")
}
