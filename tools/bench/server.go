package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	store "github.com/accessgraph/accessgraph/internal/store/neo4j"
)

// server is the Neo4j that the environment names.
type server struct{ uri, username, password, database string }

// database is a connection of our own, beside that of the store.
type database struct {
	server server
	driver neo4j.DriverWithContext
}

func connect(ctx context.Context, s server) (*database, error) {
	if s.uri == "" {
		return nil, errors.New("ACCESSGRAPH_NEO4J_URI is not set: run scripts/bench, which starts a server of its own, or leave the parts out that need Neo4j (-run " + partEmbedded + ")")
	}
	driver, err := neo4j.NewDriverWithContext(s.uri, neo4j.BasicAuth(s.username, s.password, ""))
	if err != nil {
		return nil, err
	}
	d := &database{s, driver}
	if err := driver.VerifyConnectivity(ctx); err != nil {
		d.close(ctx)
		return nil, err
	}
	return d, nil
}

func (d *database) close(ctx context.Context) { _ = d.driver.Close(context.WithoutCancel(ctx)) }

func (d *database) session(ctx context.Context, mode neo4j.AccessMode) neo4j.SessionWithContext {
	return d.driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: d.server.database, AccessMode: mode, FetchSize: 2000})
}

// auto runs one statement in a transaction of its own.
func (d *database) auto(ctx context.Context, statement string, params map[string]any) ([]*neo4j.Record, error) {
	session := d.session(ctx, neo4j.AccessModeWrite)
	defer session.Close(context.WithoutCancel(ctx)) //nolint:errcheck // the result says it
	result, err := session.Run(ctx, statement, params)
	if err != nil {
		return nil, err
	}
	return result.Collect(ctx)
}

// readOne asks one statement that only reads, as a transaction of its own (which saves the round trips
// of its beginning and its end), limited to some time (0 = none).
func (d *database) readOne(ctx context.Context, limit time.Duration, statement string, params map[string]any) ([]*neo4j.Record, error) {
	session := d.session(ctx, neo4j.AccessModeRead)
	defer session.Close(context.WithoutCancel(ctx)) //nolint:errcheck // the result says it
	var configure []func(*neo4j.TransactionConfig)
	if limit > 0 {
		configure = append(configure, neo4j.WithTxTimeout(limit))
	}
	result, err := session.Run(ctx, statement, params, configure...)
	if err != nil {
		return nil, err
	}
	return result.Collect(ctx)
}

// read asks statements in one read transaction, limited to some time (0 = none).
func (d *database) read(ctx context.Context, limit time.Duration, ask func(run func(statement string, params map[string]any) ([]*neo4j.Record, error)) error) error {
	session := d.session(ctx, neo4j.AccessModeRead)
	defer session.Close(context.WithoutCancel(ctx)) //nolint:errcheck // the result says it
	var configure []func(*neo4j.TransactionConfig)
	if limit > 0 {
		configure = append(configure, neo4j.WithTxTimeout(limit))
	}
	_, err := session.ExecuteRead(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		return nil, ask(func(statement string, params map[string]any) ([]*neo4j.Record, error) {
			result, err := tx.Run(ctx, statement, params)
			if err != nil {
				return nil, err
			}
			return result.Collect(ctx)
		})
	}, configure...)
	return err
}

func (d *database) version(ctx context.Context) (string, error) {
	found, err := d.auto(ctx, `CALL dbms.components() YIELD name, versions, edition RETURN name + ' ' + versions[0] + ' ' + edition`, nil)
	if err != nil {
		return "", err
	}
	return found[0].Values[0].(string), nil
}

// requireEmpty refuses a database with data, unless it may be deleted.
func (d *database) requireEmpty(ctx context.Context, wipe bool) error {
	found, err := d.auto(ctx, `MATCH (n) RETURN count(n)`, nil)
	if err != nil {
		return err
	}
	if n := found[0].Values[0].(int64); n > 0 && !wipe {
		return fmt.Errorf("the database at %s has %d nodes, and a bench deletes everything: name an empty one, or say -wipe", d.server.uri, n)
	}
	return nil
}

// empty deletes all data; constraints, indexes and the server's plans stay.
func (d *database) empty(ctx context.Context) error {
	for _, statement := range []string{
		`MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 20000 ROWS`,
		`MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS`,
	} {
		if _, err := d.auto(ctx, statement, nil); err != nil {
			return err
		}
	}
	return nil
}

// clear deletes all data, constraints and indexes.
func (d *database) clear(ctx context.Context) error {
	if err := d.empty(ctx); err != nil {
		return err
	}
	// Constraints first: they own indexes.
	for _, kind := range []struct{ list, drop string }{
		{`SHOW CONSTRAINTS YIELD name RETURN name`, `DROP CONSTRAINT `},
		{`SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name`, `DROP INDEX `},
	} {
		found, err := d.auto(ctx, kind.list, nil)
		if err != nil {
			return err
		}
		for _, r := range found {
			name := strings.ReplaceAll(r.Values[0].(string), "`", "``") // cannot be a parameter
			if _, err := d.auto(ctx, kind.drop+"`"+name+"` IF EXISTS", nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// fresh clears the database and opens the store on it, which makes the schema.
func (d *database) fresh(ctx context.Context) (*store.Store, error) {
	if err := d.clear(ctx); err != nil {
		return nil, err
	}
	s, err := d.open(ctx)
	if err != nil {
		return nil, err
	}
	_, err = d.auto(ctx, `CALL db.awaitIndexes(60)`, nil)
	return s, err
}

func (d *database) open(ctx context.Context) (*store.Store, error) {
	return store.Open(ctx, store.Config{URI: d.server.uri, Username: d.server.username, Password: d.server.password, Database: d.server.database})
}
