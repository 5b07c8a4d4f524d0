package neo4j

import (
	"net/url"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Config says which database to use.
type Config struct {
	// URI is bolt://host:port (one server) or neo4j://host:port (a cluster, Aura),
	// also with +s (TLS) or +ssc (TLS, any certificate).
	URI      string
	Username string
	Password string
	// Database is the name of the database; empty = the user's home database.
	Database string

	// MaxTransaction is the number of changes up to which a commit is one transaction;
	// 0 = DefaultMaxTransaction. Larger ones are applied in batches.
	MaxTransaction int64
	// LoadWorkers is how many transactions at once write the first load of a graph;
	// 0 = DefaultLoadWorkers.
	LoadWorkers int
	// ConnectTimeout bounds connecting and logging in; 0 = 10 s.
	ConnectTimeout time.Duration
}

// DefaultMaxTransaction is how many changes one transaction takes. The server holds a
// transaction in memory: about 2 KB a change.
const DefaultMaxTransaction int64 = 500_000

// DefaultLoadWorkers is how many transactions at once write a first load. More gain
// little: commits to the same nodes wait for one another.
const DefaultLoadWorkers = 4

const defaultConnectTimeout = 10 * time.Second

var schemes = []string{"bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"}

func (c *Config) complete() error {
	u, err := url.Parse(c.URI)
	switch {
	case c.URI == "":
		return access.Invalid("neo4j-uri", "the address of the Neo4j server is missing, for example bolt://localhost:7687")
	case err != nil || u.Host == "" || !known(u.Scheme):
		return access.Invalid("neo4j-uri", "%q is no address of a Neo4j server: it must be like bolt://localhost:7687; schemes are %s",
			c.URI, strings.Join(schemes, ", "))
	case u.User != nil:
		return access.Invalid("neo4j-uri", "user name and password do not belong into the address: use --neo4j-username and --neo4j-password")
	}
	if c.MaxTransaction <= 0 {
		c.MaxTransaction = DefaultMaxTransaction
	}
	if c.LoadWorkers <= 0 {
		c.LoadWorkers = DefaultLoadWorkers
	}
	if c.ConnectTimeout <= 0 {
		c.ConnectTimeout = defaultConnectTimeout
	}
	return nil
}

func known(scheme string) bool {
	for _, s := range schemes {
		if s == scheme {
			return true
		}
	}
	return false
}
