package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"
)

// everyoneShapes are the ways to count everyone's effective access in Cypher. Each binds
// the distinct pairs e, t. Those that begin with the identities can be asked for a part of
// them ($lo ≤ id < $hi), so that several sessions share the work.
var everyoneShapes = []struct {
	name, statement string
	parts           bool
}{
	{"naive expansion of HAS_ACCESS", `
MATCH (e:Identity)-[:HAS_ACCESS*1.. {counts: true}]->(t:Resource) WHERE e.id >= $lo AND e.id < $hi
WITH DISTINCT e, t`, true},
	{"IN and NESTS of each, UNION of both ways", `
MATCH (e:Identity) WHERE e.id >= $lo AND e.id < $hi
CALL (e) {
  MATCH (e)-[:IN]->()-[:NESTS*0..]->(c) WITH DISTINCT c MATCH (c)-[:HAS_ACCESS {counts: true}]->(t:Resource) RETURN t
  UNION MATCH (e)-[:HAS_ACCESS {counts: true}]->(t:Resource) RETURN t
}
WITH e, t`, true},
	{"IN and NESTS of each in one pattern", `
MATCH (e:Identity) WHERE e.id >= $lo AND e.id < $hi
CALL (e) { MATCH (e)-[:IN|NESTS*0..]->(h) WITH DISTINCT h MATCH (h)-[:HAS_ACCESS {counts: true}]->(t:Resource) RETURN DISTINCT t }
WITH e, t`, true},
	{"what each group gives first, then its members", `
CALL () {
  MATCH (c:Connection)
  CALL (c) { MATCH (c)-[:NESTS*0..]->(h) WITH DISTINCT h MATCH (h)-[:HAS_ACCESS {counts: true}]->(t:Resource) RETURN DISTINCT t }
  MATCH (c)<-[:IN]-(e:Identity)
  RETURN e, t
  UNION
  MATCH (e:Identity)-[:HAS_ACCESS {counts: true}]->(t:Resource) RETURN e, t
}
WITH e, t`, false},
}

// The ends of these statements: the answer, and what it is checked by.
const (
	everyoneCount = `
RETURN count(*) AS pairs`
	everyoneCheck = `
WITH e.sourceId AS person, toInteger(substring(t.sourceId, 2)) + 1 AS n
RETURN person, count(n) AS pairs, sum(n * n) AS squares`
)

// bestCypher loads the graph into Neo4j, holds every shape to the oracle and returns the
// fastest by the better of two runs.
func (b *scale) bestCypher(g *sized, question string) (contender, error) {
	if err := b.load(g); err != nil {
		return contender{}, err
	}
	type entry struct {
		name     string
		sessions int
		shape    int
		took     time.Duration
	}
	var best *entry
	for i, sh := range everyoneShapes {
		if err := b.checkCypher(g, sh.statement); err != nil {
			if tooSlow(err) {
				b.res.Tried = append(b.res.Tried, tried{Part: partEveryone, Question: question, Shape: "Cypher: " + sh.name, Seconds: b.s.shapeLimit.Seconds(), Beyond: true})
				continue
			}
			return contender{}, fmt.Errorf("%s: %w", sh.name, err)
		}
		sessions := []int{1}
		if sh.parts {
			sessions = append(sessions, runtime.NumCPU())
		}
		for _, n := range sessions {
			e := entry{name: fmt.Sprintf("%s, %d session(s)", sh.name, n), sessions: n, shape: i, took: time.Hour}
			for range 2 {
				took, err := timed(func() error { return b.countCypher(g, sh.statement, n) })
				if tooSlow(err) {
					break
				}
				if err != nil {
					return contender{}, fmt.Errorf("%s: %w", e.name, err)
				}
				e.took = min(e.took, took)
			}
			t := tried{Part: partEveryone, Question: question, Shape: "Cypher: " + e.name, Seconds: e.took.Seconds()}
			if e.took == time.Hour {
				t.Seconds, t.Beyond = b.s.shapeLimit.Seconds(), true
			}
			b.res.Tried = append(b.res.Tried, t)
			b.s.log("%s: Cypher: %s: %.2f s (gave up: %v)", question, e.name, t.Seconds, t.Beyond)
			if !t.Beyond && (best == nil || e.took < best.took) {
				best = &e
			}
		}
	}
	if best == nil {
		return contender{}, errors.New("no hand-written statement came to an end")
	}
	return contender{"best Cypher by hand: " + best.name, func(context.Context) (time.Duration, error) {
		return timed(func() error { return b.countCypher(g, everyoneShapes[best.shape].statement, best.sessions) })
	}}, nil
}

// countCypher asks for all pairs in so many sessions at once.
func (b *scale) countCypher(g *sized, statement string, sessions int) error {
	people := slices.Sorted(slices.Values(g.ids[:g.People]))
	totals, errs := make([]int64, sessions), make([]error, sessions)
	var work sync.WaitGroup
	for i := range sessions {
		work.Go(func() {
			lo, hi := people[i*len(people)/sessions], "f"
			if i < sessions-1 {
				hi = people[(i+1)*len(people)/sessions]
			}
			errs[i] = b.db.read(b.ctx, b.s.shapeLimit, func(run ask) error {
				found, err := run(statement+everyoneCount, map[string]any{"lo": lo, "hi": hi})
				if err == nil {
					totals[i] = found[0].Values[0].(int64)
				}
				return err
			})
		})
	}
	work.Wait()
	if err := cmp.Or(errs...); err != nil {
		return err
	}
	total := int64(0)
	for _, n := range totals {
		total += n
	}
	if total != g.oracle.Pairs {
		return fmt.Errorf("%d pairs, not %d", total, g.oracle.Pairs)
	}
	return nil
}

// checkCypher holds the pairs of a statement to the oracle: how many each person has, and
// the sum of the squares of their numbers, which is what Cypher can compute.
func (b *scale) checkCypher(g *sized, statement string) error {
	return b.db.read(b.ctx, 4*b.s.shapeLimit, func(run ask) error {
		found, err := run(statement+everyoneCheck, map[string]any{"lo": "", "hi": "f"})
		if err != nil {
			return err
		}
		counts, squares := make([]uint32, g.People), make([]uint64, g.People)
		for _, r := range found {
			id, _ := r.Values[0].(string)
			person, err := strconv.Atoi(id[2:])
			if err != nil {
				return err
			}
			counts[person] = uint32(r.Values[1].(int64))  //nolint:gosec // of one person
			squares[person] = uint64(r.Values[2].(int64)) //nolint:gosec // never negative
		}
		for person := range counts {
			if counts[person] != g.oracle.Counts[person] || squares[person] != g.oracle.Squares[person] {
				return fmt.Errorf("person %d reaches %d resources, not %d, or others", person, counts[person], g.oracle.Counts[person])
			}
		}
		return nil
	})
}

// load puts a graph into the database, by the store's own commit, unless it is there.
func (b *scale) load(g *sized) error {
	if b.inDB == g.Name {
		return nil
	}
	st, err := b.db.fresh(b.ctx)
	if err != nil {
		return err
	}
	b.inDB = ""
	took, err := timed(func() error { return g.fill(b.ctx, st, g.ids, false) })
	if err := errors.Join(err, st.Close()); err != nil {
		return err
	}
	b.inDB = g.Name
	b.s.log("%s: loaded into Neo4j in %.0f s", g.Name, took.Seconds())
	_, err = b.db.auto(b.ctx, `CALL db.awaitIndexes(300)`, nil)
	return err
}
