package neo4j

import (
	"context"
	"net"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

func configOf(server neo4jtest.Server) Config {
	return Config{URI: server.URI, Username: server.Username, Password: server.Password, Database: server.Database}
}

func openOn(t testing.TB, server neo4jtest.Server) *Store {
	t.Helper()
	s, err := Open(context.Background(), configOf(server))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func TestOpen(t *testing.T) {
	server := neo4jtest.Acquire(t)
	ctx := context.Background()

	for _, scheme := range []string{"bolt", "neo4j"} {
		t.Run(scheme, func(t *testing.T) {
			config := configOf(server)
			config.URI = scheme + "://" + address(t, server)
			s, err := Open(ctx, config)
			require.NoError(t, err)
			defer func() { require.NoError(t, s.Close()) }()
			require.NoError(t, s.Check(ctx))
			version, err := s.Version(ctx)
			require.NoError(t, err)
			require.Zero(t, version)
		})
	}

	failures := []struct {
		name   string
		change func(c *Config)
		code   access.Code
		say    string
	}{
		{"no address", func(c *Config) { c.URI = "" }, access.CodeInvalidInput, "neo4j-uri"},
		{"wrong scheme", func(c *Config) { c.URI = "http://localhost:7474" }, access.CodeInvalidInput, "bolt://"},
		{"password in the address", func(c *Config) { c.URI = "bolt://a:b@localhost:7687" }, access.CodeInvalidInput, "--neo4j-password"},
		{"nobody listens", func(c *Config) { c.URI = "bolt://" + freePort(t) }, access.CodeUnavailable, "cannot reach Neo4j"},
		{"nobody listens, routed", func(c *Config) { c.URI = "neo4j://" + freePort(t) }, access.CodeUnavailable, "cannot reach Neo4j"},
		{"silent peer", func(c *Config) { c.URI = "bolt://" + silentPeer(t); c.ConnectTimeout = time.Second }, access.CodeUnavailable, "cannot reach Neo4j"},
		{"wrong password", func(c *Config) { c.Password = "wrong password" }, access.CodeUnavailable, "wrong user name or password"},
		{"missing database", func(c *Config) { c.Database = "nowhere" }, access.CodeUnavailable, `no database "nowhere"`},
	}
	for _, f := range failures {
		t.Run(f.name, func(t *testing.T) {
			config := configOf(server)
			config.ConnectTimeout = 5 * time.Second
			f.change(&config)
			_, err := Open(ctx, config)
			require.Error(t, err)
			require.Equal(t, f.code, access.CodeOf(err), "%v", err)
			require.ErrorContains(t, err, f.say)
		})
	}

	t.Run("wrong version", func(t *testing.T) {
		_, err := open(ctx, configOf(server), [2]int{9999, 1})
		require.Equal(t, access.CodeUnavailable, access.CodeOf(err))
		require.ErrorContains(t, err, "9999.1 or later is needed")
	})
}

func TestCheckVersion(t *testing.T) {
	for agent, fine := range map[string]bool{
		"Neo4j/5.26.30": true, "Neo4j/5.27-aura": true, "Neo4j/2025.01.0": true,
		"Neo4j/5.25.1": false, "Neo4j/4.4.40": false, "Neo4j/dev": false, "Memgraph/5.26": false, "": false,
	} {
		err := checkVersion(agent, minVersion)
		require.Equal(t, fine, err == nil, "%s: %v", agent, err)
		if !fine {
			require.ErrorContains(t, err, "5.26 or later is needed")
		}
	}
}

func TestMigrations(t *testing.T) {
	server := neo4jtest.Acquire(t)
	ctx := context.Background()

	// Several servers that start on an empty database at once.
	failed := make(chan error, 4)
	for range cap(failed) {
		go func() {
			s, err := Open(ctx, configOf(server))
			if err == nil {
				err = s.Close()
			}
			failed <- err
		}()
	}
	for range cap(failed) {
		require.NoError(t, <-failed)
	}
	s := openOn(t, server)
	var have []string
	require.NoError(t, s.read(ctx, func(tx driver.ManagedTransaction) error {
		found, err := rows(ctx, tx, "schema_index_names", nil)
		have = nil
		for _, r := range found {
			have = append(have, r.text("name"))
		}
		return err
	}))
	require.Subset(t, have, append(kindIndexes(), "entity_id", "removed_entity_id", "employee_id", "lease_name", "graph_version_id"))

	require.NoError(t, s.write(ctx, func(tx driver.ManagedTransaction) error {
		_, err := rows(ctx, tx, "schema_record", map[string]any{"number": 9000, "name": "future"})
		return err
	}))
	_, err := Open(ctx, configOf(server))
	require.Equal(t, access.CodeUnavailable, access.CodeOf(err))
	require.ErrorContains(t, err, "9000")
	require.ErrorContains(t, err, "newer accessgraph")
}

func address(t *testing.T, server neo4jtest.Server) string {
	t.Helper()
	target := server.Driver().Target()
	return target.Host
}

// freePort is an address nobody listens at.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	return l.Addr().String()
}

// silentPeer accepts connections and never answers.
func silentPeer(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = c.Close() })
		}
	}()
	return l.Addr().String()
}
