package main

import (
	"context"
	"errors"
	"time"

	store "github.com/accessgraph/accessgraph/internal/store/neo4j"
)

// storeLoader is accessgraph's way: the store is opened on an empty database beforehand, as
// the plain loader's constraint is made beforehand.
func storeLoader(ctx context.Context, db *database, c, small *corpus) loader {
	var st *store.Store
	prepare := func() (err error) {
		if st, err = db.fresh(ctx); err != nil {
			return err
		}
		for _, file := range [][]byte{small.first, small.second} {
			if _, err := importFile(ctx, st, file); err != nil {
				return err
			}
		}
		if err := errors.Join(st.Close(), db.empty(ctx)); err != nil {
			return err
		}
		st, err = db.open(ctx) // which makes the node that every store needs
		return err
	}
	load := func(again bool) (time.Duration, error) {
		if !again {
			return importFile(ctx, st, c.first)
		}
		commit, err := importFile(ctx, st, c.second)
		return commit, errors.Join(err, st.Close())
	}
	return loader{"accessgraph, from CSV", "sourceId", prepare, load}
}

// plainLoader is the plain loader, with its constraint and no other index.
func plainLoader(ctx context.Context, db *database, c, small *corpus) loader {
	prepare := func() error {
		if err := db.clear(ctx); err != nil {
			return err
		}
		if _, err := db.auto(ctx, plainConstraint, nil); err != nil {
			return err
		}
		for _, file := range [][]byte{small.first, small.second} {
			if err := loadPlain(ctx, db, file); err != nil {
				return err
			}
		}
		return db.empty(ctx)
	}
	load := func(again bool) (time.Duration, error) {
		if again {
			return 0, loadPlain(ctx, db, c.second)
		}
		return 0, loadPlain(ctx, db, c.first)
	}
	return loader{"plain UNWIND … MERGE, from CSV", columns[atSourceID], prepare, load}
}

// equalLoader makes the graph that accessgraph makes, from what data gives it.
func equalLoader(ctx context.Context, db *database, small *corpus, data func(again bool) *plainData) loader {
	prepare := func() error {
		st, err := db.fresh(ctx)
		if err != nil {
			return err
		}
		_, err = importFile(ctx, st, small.first)
		if err := errors.Join(err, st.Close()); err != nil {
			return err
		}
		warm, err := storedData(ctx, db)
		if err != nil {
			return err
		}
		if err := db.empty(ctx); err != nil {
			return err
		}
		for range 2 {
			if err := warm.load(ctx, db, equalEntities, equalGrants); err != nil {
				return err
			}
		}
		return db.empty(ctx)
	}
	load := func(again bool) (time.Duration, error) {
		return 0, data(again).load(ctx, db, equalEntities, equalGrants)
	}
	return loader{"UNWIND … MERGE of an equal graph, from memory", "sourceId", prepare, load}
}
