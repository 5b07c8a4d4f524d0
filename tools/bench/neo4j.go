package main

import (
	"context"
	"fmt"
	"slices"
	"time"
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

// loader is one way to load a file, and the changed one after it.
type loader struct {
	name     string
	property string // where the source id is
	prepare  func() error
	load     func(again bool) (commit time.Duration, err error)
}

// imports are the times of one contender: both loads of every round.
type imports struct{ first, again series }

// benchNeo4jImport loads the file and then the changed one, in turn with plain loaders.
func benchNeo4jImport(ctx context.Context, s settings, c *corpus, db *database, res *result) error {
	// Making a schema throws the server's plans away. A small load makes them again, so that
	// nobody's first load is charged for it.
	small := newCorpus(0.02, s.Seed+1)
	var same, sameAgain *plainData // what accessgraph has written, for the equal loader
	var want, wantAgain []string   // grants after either load
	check := func(l loader, want *[]string) error {
		got, err := grantsIn(ctx, db, l.property)
		if err != nil {
			return err
		}
		if *want == nil {
			*want = got
		}
		if !slices.Equal(got, *want) {
			return fmt.Errorf("%s: the grants in the database are not those of accessgraph: %d, not %d", l.name, len(got), len(*want))
		}
		return nil
	}
	loaders := []loader{
		storeLoader(ctx, db, c, small),
		plainLoader(ctx, db, c, small),
		equalLoader(ctx, db, small, func(again bool) *plainData {
			if again {
				return sameAgain
			}
			return same
		}),
	}
	commits := series{Name: "accessgraph, the commit of a re-import"}
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
				var commit time.Duration
				var err error
				if took[n], err = timed(func() (err error) { commit, err = l.load(again); return err }); err != nil {
					return fmt.Errorf("%s: %w", l.name, err)
				}
				if i == 0 && again && round > 0 {
					commits.Seconds = append(commits.Seconds, commit.Seconds())
				}
				if round > 0 {
					continue
				}
				into, data := &want, &same
				if again {
					into, data = &wantAgain, &sameAgain
				}
				if err := check(l, into); err != nil {
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
	res.add(comparison{Part: "import", Name: "Neo4j: first load vs a loader of an equal graph", Detail: detail, Ours: times[0].first, Peer: times[2].first})
	res.add(comparison{Part: "import", Name: "Neo4j: re-import vs plain loader", Detail: changed, Ours: times[0].again, Peer: times[1].again, Goal: 10})
	res.add(comparison{Part: "import", Name: "Neo4j: re-import vs a loader of an equal graph", Detail: changed, Ours: times[0].again, Peer: times[2].again})
	res.add(comparison{Part: "import", Name: "Neo4j: the commit of the re-import vs plain loader", Detail: changed + "; the rest of the re-import reads the file and the store and compares them", Ours: commits, Peer: times[1].again})
	return nil
}
