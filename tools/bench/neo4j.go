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

// The steps of a round. A loader does those that it can: the plain ones cannot follow removals.
const (
	stepFirst = iota // the file into an empty database
	stepAgain        // the changed file over it, which lacks nothing
	stepSwept        // the file over the first that also lacks some grants
	steps
)

// loader is one way to load a file, and the changed ones after it.
type loader struct {
	name     string
	property string // where the source id is
	steps    []int
	prepare  func() error
	load     func(step int) (commit time.Duration, err error)
	between  func() error // brings the first file's state back; nil where it is there anyway
}

// benchNeo4jImport loads the file and then the changed ones, in turn with plain loaders.
func benchNeo4jImport(ctx context.Context, s settings, c *corpus, db *database, res *result) error {
	// Making a schema throws the server's plans away. A small load makes them again, so that
	// nobody's first load is charged for it.
	small := newCorpus(0.02, s.Seed+1)
	var same [steps]*plainData // what accessgraph has written, for the equal loader
	var want [steps][]string   // grants after each step
	check := func(l loader, step int) error {
		got, err := grantsIn(ctx, db, l.property)
		if err != nil {
			return err
		}
		if want[step] == nil {
			want[step] = got
		}
		if !slices.Equal(got, want[step]) {
			return fmt.Errorf("%s: the grants in the database are not those of accessgraph: %d, not %d", l.name, len(got), len(want[step]))
		}
		return nil
	}
	loaders := []loader{
		storeLoader(ctx, db, c, small),
		plainLoader(ctx, db, c, small),
		equalLoader(ctx, db, small, func(step int) *plainData { return same[step] }),
		sweepingLoader(ctx, db, c, small),
	}
	commits := series{Name: "accessgraph, the commit of a re-import"}
	times := make([][steps]series, len(loaders))
	for i, l := range loaders {
		for step := range steps {
			times[i][step].Name = l.name
		}
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
			var line string
			for _, step := range l.steps {
				if step == stepSwept && l.between != nil {
					if err := l.between(); err != nil {
						return fmt.Errorf("%s: %w", l.name, err)
					}
				}
				var commit time.Duration
				took, err := timed(func() (err error) { commit, err = l.load(step); return err })
				if err != nil {
					return fmt.Errorf("%s: %w", l.name, err)
				}
				line += fmt.Sprintf(" %.2f s", took.Seconds())
				if round > 0 {
					times[i][step].Seconds = append(times[i][step].Seconds, took.Seconds())
					if i == 0 && step == stepAgain {
						commits.Seconds = append(commits.Seconds, commit.Seconds())
					}
					continue
				}
				if err := check(l, step); err != nil {
					return err
				}
				if i == 0 {
					if same[step], err = storedData(ctx, db); err != nil {
						return err
					}
				}
			}
			s.log("neo4j import, round %d: %s:%s", round, l.name, line)
		}
	}
	detail := fmt.Sprintf("%d entities, %d grants", c.entities(), c.grants())
	changed := fmt.Sprintf("%d of %d rows changed or new", c.changed, c.rows)
	swept := fmt.Sprintf("%d of %d rows changed, new or gone", c.sweptChanged, c.rows)
	line := func(name, detail string, step, peer int, goal float64) {
		res.add(comparison{Part: "import", Name: name, Detail: detail, Ours: times[0][step], Peer: times[peer][step], Goal: goal})
	}
	line("Neo4j: first load vs plain loader", detail, stepFirst, 1, 1.2)
	line("Neo4j: first load vs a loader that marks and sweeps", detail, stepFirst, 3, 0)
	line("Neo4j: first load vs a loader of an equal graph", detail, stepFirst, 2, 0)
	line("Neo4j: re-import vs plain loader", changed, stepAgain, 1, 10)
	line("Neo4j: re-import with removals vs a loader that marks and sweeps", swept, stepSwept, 3, 0)
	line("Neo4j: re-import vs a loader of an equal graph", changed, stepAgain, 2, 0)
	res.add(comparison{Part: "import", Name: "Neo4j: the commit of the re-import vs plain loader", Detail: changed + "; the rest of the re-import reads the file and compares", Ours: commits, Peer: times[1][stepAgain]})
	return nil
}
