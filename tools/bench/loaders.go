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
		for _, file := range [][]byte{small.first, small.second, small.swept} {
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
	load := func(n int) (time.Duration, error) {
		file := [steps][]byte{c.first, c.second, c.swept}[n]
		commit, err := importFile(ctx, st, file)
		if n == stepSwept {
			err = errors.Join(err, st.Close())
		}
		return commit, err
	}
	between := func() error { _, err := importFile(ctx, st, c.first); return err }
	return loader{"accessgraph, from CSV", "sourceId", []int{stepFirst, stepAgain, stepSwept}, prepare, load, between}
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
	load := func(n int) (time.Duration, error) {
		return 0, loadPlain(ctx, db, [steps][]byte{c.first, c.second}[n])
	}
	return loader{"plain UNWIND … MERGE, from CSV", columns[atSourceID], []int{stepFirst, stepAgain}, prepare, load, nil}
}

// sweepingLoader is the plain loader that also follows removals.
func sweepingLoader(ctx context.Context, db *database, c, small *corpus) loader {
	mark := int64(0)
	run := func(file []byte) error {
		mark++
		return loadSweeping(ctx, db, file, mark)
	}
	prepare := func() error {
		if err := db.clear(ctx); err != nil {
			return err
		}
		if _, err := db.auto(ctx, plainConstraint, nil); err != nil {
			return err
		}
		for _, file := range [][]byte{small.first, small.swept} {
			if err := run(file); err != nil {
				return err
			}
		}
		return db.empty(ctx)
	}
	load := func(n int) (time.Duration, error) {
		return 0, run([steps][]byte{stepFirst: c.first, stepSwept: c.swept}[n])
	}
	return loader{"UNWIND … MERGE, mark and sweep, from CSV", columns[atSourceID], []int{stepFirst, stepSwept}, prepare, load, nil}
}

// equalLoader makes the graph that accessgraph makes, from what data gives it.
func equalLoader(ctx context.Context, db *database, small *corpus, data func(n int) *plainData) loader {
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
	load := func(n int) (time.Duration, error) {
		return 0, data(n).load(ctx, db, equalEntities, equalGrants)
	}
	return loader{"UNWIND … MERGE of an equal graph, from memory", "sourceId", []int{stepFirst, stepAgain}, prepare, load, nil}
}
