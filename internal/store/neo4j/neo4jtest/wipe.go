package neo4jtest

import (
	"context"
	"fmt"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// wipeBatch is the number of nodes or relationships deleted by one transaction:
// small enough for the transaction memory of a test server.
const wipeBatch = 10_000

// wipe empties the server's database; with schema it drops constraints and indexes
// as well, except the token lookup indexes that every new database has.
func wipe(ctx context.Context, server Server, schema bool) error {
	session := server.driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: server.Database})
	defer func() { _ = session.Close(ctx) }()

	if schema {
		if err := dropSchema(ctx, session); err != nil {
			return err
		}
	}
	counted, err := rows(ctx, session, `
		CALL () { MATCH (n) RETURN count(n) AS nodes }
		CALL () { MATCH ()-[r]->() RETURN count(r) AS relationships }
		RETURN nodes, relationships`, nil)
	if err != nil {
		return err
	}
	nodes, relationships := counted[0].Values[0].(int64), counted[0].Values[1].(int64)
	switch {
	case nodes == 0:
		return nil
	case nodes+relationships <= wipeBatch:
		_, err = rows(ctx, session, `MATCH (n) DETACH DELETE n`, nil)
		return err
	}
	// Relationships go first, or one node with very many of them would need
	// a transaction as large as they are.
	batch := map[string]any{"batch": int64(wipeBatch)}
	if _, err := rows(ctx, session, `
		MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF $batch ROWS`, batch); err != nil {
		return err
	}
	_, err = rows(ctx, session, `
		MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF $batch ROWS`, batch)
	return err
}

// dropSchema drops the constraints first, since they own indexes.
func dropSchema(ctx context.Context, session neo4j.SessionWithContext) error {
	for _, kind := range []struct{ list, drop string }{
		{`SHOW CONSTRAINTS YIELD name`, `DROP CONSTRAINT `},
		{`SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'`, `DROP INDEX `},
	} {
		found, err := rows(ctx, session, kind.list, nil)
		if err != nil {
			return err
		}
		for _, record := range found {
			name, _, err := neo4j.GetRecordValue[string](record, "name")
			if err != nil {
				return err
			}
			// Names cannot be parameters of these statements in every 5.x release.
			quoted := "`" + strings.ReplaceAll(name, "`", "``") + "`"
			if _, err := rows(ctx, session, kind.drop+quoted+` IF EXISTS`, nil); err != nil {
				return fmt.Errorf("drop %s: %w", name, err)
			}
		}
	}
	return nil
}

// endTransactions ends what a killed test left running: its locks would make the
// wipe wait.
func endTransactions(ctx context.Context, server Server) error {
	session := server.driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: server.Database})
	defer func() { _ = session.Close(ctx) }()
	found, err := rows(ctx, session, `
		SHOW TRANSACTIONS YIELD transactionId, database, currentQuery
		WHERE database = $database AND NOT currentQuery STARTS WITH 'SHOW TRANSACTIONS'
		RETURN collect(transactionId) AS ids`, map[string]any{"database": server.Database})
	if err != nil {
		return err
	}
	ids, _, err := neo4j.GetRecordValue[[]any](found[0], "ids")
	if err != nil || len(ids) == 0 {
		return err
	}
	_, err = rows(ctx, session, `TERMINATE TRANSACTIONS $ids`, map[string]any{"ids": ids})
	return err
}

// forgetPlans drops the plans that were made for the graphs of earlier borrowers.
func forgetPlans(ctx context.Context, server Server) error {
	session := server.driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: server.Database})
	defer func() { _ = session.Close(ctx) }()
	_, err := rows(ctx, session, `CALL db.clearQueryCaches()`, nil)
	return err
}

// rows runs one auto-commit statement: the batched deletes and the schema
// statements do not run inside an explicit transaction.
func rows(ctx context.Context, session neo4j.SessionWithContext, statement string, parameters map[string]any) ([]*neo4j.Record, error) {
	result, err := session.Run(ctx, strings.TrimSpace(statement), parameters)
	if err != nil {
		return nil, err
	}
	return result.Collect(ctx)
}
