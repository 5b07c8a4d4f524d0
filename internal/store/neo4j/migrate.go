package neo4j

import (
	"context"
	"fmt"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/accessgraph/accessgraph/cypher/migrations"
	"github.com/accessgraph/accessgraph/cypher/queries"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

const (
	schemaLease    = "schema"
	schemaLeaseTTL = 30 * time.Second
	schemaWait     = 10 * time.Minute
)

// migrate brings the schema up to date. Of several servers that start at once one
// does it, the others wait.
func (s *Store) migrate(ctx context.Context) error {
	all, err := migrations.All()
	if err != nil {
		return err
	}
	current, err := s.schemaCurrent(ctx, int64(len(all)))
	if err != nil || current {
		return err
	}
	if err := s.schemaStatement(ctx, queries.Text("schema_lease")); err != nil {
		return err
	}
	release, err := s.awaitLease(ctx, schemaLease, schemaLeaseTTL, schemaWait, func() (bool, error) {
		current, err = s.schemaCurrent(ctx, int64(len(all)))
		return current, err
	})
	switch {
	case err != nil || current:
		return err
	case release == nil:
		return access.Errorf(access.CodeUnavailable, "another server has been changing the database schema for %s", schemaWait)
	}
	defer release()
	return s.applyMigrations(ctx, all)
}

// schemaCurrent reports whether nothing is left to do. A schema that a newer program
// made is an error: this one would write what that one does not expect.
func (s *Store) schemaCurrent(ctx context.Context, newest int64) (bool, error) {
	var applied int64
	var names []row
	err := s.read(ctx, func(tx driver.ManagedTransaction) error {
		found, err := rows(ctx, tx, "schema_applied", nil)
		if err != nil {
			return err
		}
		applied = found[0].int("number")
		names, err = rows(ctx, tx, "schema_index_names", nil)
		return err
	})
	switch {
	case err != nil:
		return false, err
	case applied > newest:
		return false, access.Errorf(access.CodeUnavailable,
			"the database schema has number %d, this program knows only up to %d: use the newer accessgraph that changed it", applied, newest)
	case applied < newest:
		return false, nil
	}
	have := make(map[string]bool, len(names))
	for _, name := range names {
		have[name.text("name")] = true
	}
	for _, name := range kindIndexes() {
		if !have[name] {
			return false, nil
		}
	}
	return true, nil
}

// kindIndexes names the indexes that the declared record kinds need.
func kindIndexes() []string {
	var names []string
	for _, kind := range store.RecordKinds {
		names = append(names, "record_"+kind.Name+"_id")
		for _, field := range kind.Index {
			names = append(names, "record_"+kind.Name+"_"+field)
		}
	}
	return names
}

func (s *Store) applyMigrations(ctx context.Context, all []migrations.Migration) error {
	var applied int64
	err := s.read(ctx, func(tx driver.ManagedTransaction) error {
		found, err := rows(ctx, tx, "schema_applied", nil)
		if err == nil {
			applied = found[0].int("number")
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.Number <= applied {
			continue
		}
		for i, statement := range m.Statements {
			if err := s.schemaStatement(ctx, statement); err != nil {
				return fmt.Errorf("migration %04d_%s, statement %d: %w", m.Number, m.Name, i+1, err)
			}
		}
		err := s.write(ctx, func(tx driver.ManagedTransaction) error {
			_, err := rows(ctx, tx, "schema_record", map[string]any{"number": m.Number, "name": m.Name})
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, kind := range store.RecordKinds {
		if err := s.schemaStatement(ctx, queries.ForKind("schema_kind_id", kind.Name)); err != nil {
			return err
		}
		for _, field := range kind.Index {
			if err := s.schemaStatement(ctx, queries.ForKind("schema_kind_field", kind.Name, field)); err != nil {
				return err
			}
		}
	}
	return s.schemaStatement(ctx, queries.Text("schema_await"))
}

// schemaStatement runs one statement in a transaction of its own: schema changes do
// not share one with data.
func (s *Store) schemaStatement(ctx context.Context, text string) error {
	return s.write(ctx, func(tx driver.ManagedTransaction) error {
		_, err := textRows(ctx, tx, text, nil)
		return err
	})
}
