package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	store "github.com/accessgraph/accessgraph/internal/store/neo4j"
)

// benchNeo4j runs the parts that need a Neo4j.
func benchNeo4j(ctx context.Context, s settings, c *corpus, res *result) error {
	db, err := connect(ctx, s.server)
	if err != nil {
		return err
	}
	defer db.close(ctx)
	if res.Machine.Neo4j, err = db.version(ctx); err != nil {
		return err
	}
	if err := db.requireEmpty(ctx, s.wipe); err != nil {
		return err
	}
	// The database was empty or may be emptied; what is left in it is ours.
	defer func() { _ = db.clear(context.WithoutCancel(ctx)) }()
	if s.has(partNeo4j) {
		if err := benchNeo4jImport(ctx, s, c, db, res); err != nil {
			return fmt.Errorf("%s: %w", partNeo4j, err)
		}
	}
	if s.has(partReach) || s.has(partHaving) {
		return benchQuestions(ctx, s, c, db, res)
	}
	return nil
}

// imports are the times of one contender: both loads of every round.
type imports struct{ first, again series }

// benchNeo4jImport loads the file and then the changed one, in turn with plain loaders.
func benchNeo4jImport(ctx context.Context, s settings, c *corpus, db *database, res *result) error {
	var same, sameAgain *plainData // what accessgraph has written, for the loader of the same data
	var want, wantAgain []string   // grants after either load
	check := func(name, property string, want *[]string) error {
		got, err := grantsIn(ctx, db, property)
		if err != nil {
			return err
		}
		if *want == nil {
			*want = got
		}
		if !slices.Equal(got, *want) {
			return fmt.Errorf("%s: the grants in the database are not those of accessgraph: %d, not %d", name, len(got), len(*want))
		}
		return nil
	}
	type loader struct {
		name     string
		property string // where the source id is
		prepare  func() error
		load     func(again bool) error
	}
	// Each loader has its own schema, and making one throws the server's plans away: a small
	// load makes them again, so that nobody's first load is charged for it.
	small := newCorpus(0.02, s.Seed+1)
	prepareOurs, loadOurs := oursOn(ctx, db, c, small)
	prepareBare := func() error {
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
	loaders := []loader{
		{"accessgraph, from CSV", "sourceId", prepareOurs, loadOurs},
		{"plain UNWIND … MERGE, from CSV", columns[atSourceID], prepareBare, func(again bool) error {
			if again {
				return loadPlain(ctx, db, c.second)
			}
			return loadPlain(ctx, db, c.first)
		}},
		{"plain UNWIND … MERGE of the same properties, from memory", "sourceId", prepareBare, func(again bool) error {
			if again {
				return sameAgain.load(ctx, db)
			}
			return same.load(ctx, db)
		}},
	}
	times := make([]imports, len(loaders))
	for i, l := range loaders {
		times[i].first.Name, times[i].again.Name = l.name, l.name
	}
	for round := range s.ImportRounds + 1 { // the first is the warm-up, which also checks
		for k := range loaders {
			i := k
			if round%2 == 0 && round > 0 {
				i = len(loaders) - 1 - k
			}
			l := loaders[i]
			if err := l.prepare(); err != nil {
				return fmt.Errorf("%s: %w", l.name, err)
			}
			var took [2]time.Duration
			for n, again := range []bool{false, true} {
				var err error
				if took[n], err = timed(func() error { return l.load(again) }); err != nil {
					return fmt.Errorf("%s: %w", l.name, err)
				}
				if round > 0 {
					continue
				}
				into, data := &want, &same
				if again {
					into, data = &wantAgain, &sameAgain
				}
				if err := check(l.name, l.property, into); err != nil {
					return err
				}
				if i == 0 {
					if *data, err = storedData(ctx, db); err != nil {
						return err
					}
				}
			}
			s.log("neo4j import, round %d: %s: %.2f s, then %.2f s", round, l.name, took[0].Seconds(), took[1].Seconds())
			if round > 0 {
				times[i].first.Seconds = append(times[i].first.Seconds, took[0].Seconds())
				times[i].again.Seconds = append(times[i].again.Seconds, took[1].Seconds())
			}
		}
	}
	detail := fmt.Sprintf("%d entities, %d grants", c.entities(), c.grants())
	changed := fmt.Sprintf("%d of %d rows changed or new", c.changed, c.rows)
	res.add(comparison{Part: "import", Name: "Neo4j: first load vs plain loader", Detail: detail, Ours: times[0].first, Peer: times[1].first, Goal: 1.2})
	res.add(comparison{Part: "import", Name: "Neo4j: first load vs plain loader of the same properties", Detail: detail, Ours: times[0].first, Peer: times[2].first})
	res.add(comparison{Part: "import", Name: "Neo4j: re-import vs plain loader", Detail: changed, Ours: times[0].again, Peer: times[1].again, Goal: 10})
	res.add(comparison{Part: "import", Name: "Neo4j: re-import vs plain loader of the same properties", Detail: changed, Ours: times[0].again, Peer: times[2].again})
	return nil
}

// oursOn is accessgraph's way: the store is opened on an empty database beforehand, as
// the plain loader's constraint is made beforehand.
func oursOn(ctx context.Context, db *database, c, small *corpus) (prepare func() error, load func(again bool) error) {
	var st *store.Store
	prepare = func() (err error) {
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
	load = func(again bool) error {
		if !again {
			_, err := importFile(ctx, st, c.first)
			return err
		}
		_, err := importFile(ctx, st, c.second)
		if closed := st.Close(); err == nil {
			err = closed
		}
		return err
	}
	return prepare, load
}
