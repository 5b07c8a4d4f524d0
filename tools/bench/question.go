package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/snapshot"
)

const (
	everything = 100_000 // holds any reach
	firstPage  = query.DefaultFirst
)

// ask runs one statement.
type ask = func(statement string, params map[string]any) ([]*neo4j.Record, error)

// shape is one hand-written way to ask a question. It gets $limit, and returns page and total.
type shape struct{ name, statement string }

// question is asked in memory, by our Cypher and by hand-written Cypher. Answers are
// lines: the total, then one an item, in order.
type question struct {
	part, name, detail string
	limit              int // of the page that is timed
	wide               int // of a larger one that is only compared
	reader             func(ctx context.Context, r query.Reader, limit int) ([]string, error)
	// read asks the same of memory and reads all of the answer without making lines of it:
	// those take longer than the answer. nil = reader does.
	read     func(ctx context.Context, r query.Reader, limit int) error
	compiled func(run ask, limit int) ([]string, error)
	shapes   []shape
	params   map[string]any // of the shapes
	decode   func(page []any) ([]string, error)
}

// benchQuestions loads the graph with accessgraph and asks everything that was chosen.
func benchQuestions(ctx context.Context, s settings, c *corpus, db *database, res *result) error {
	st, err := db.fresh(ctx)
	if err != nil {
		return err
	}
	defer st.Close() //nolint:errcheck // it was only read
	if _, err := importFile(ctx, st, c.first); err != nil {
		return err
	}
	engine := snapshot.NewEngine(st)
	took, err := timed(func() error { return engine.Refresh(ctx) })
	if err != nil {
		return err
	}
	s.log("the memory engine read the graph in %.2f s", took.Seconds())
	var questions []question
	if s.has(partReach) {
		more, err := reachQuestions(ctx, engine.Current().Reader(now))
		if err != nil {
			return err
		}
		questions = append(questions, more...)
	}
	if s.has(partHaving) {
		more, err := havingQuestions(ctx, engine.Current().Reader(now))
		if err != nil {
			return err
		}
		questions = append(questions, more...)
	}
	for _, q := range questions {
		a := asker{ctx: ctx, s: s, db: db, q: q, memory: func() query.Reader { return engine.Current().Reader(now) }, cypher: func() query.Reader { return st.Cypher(now) }}
		if err := a.measure(res); err != nil {
			return fmt.Errorf("%s: %s: %w", q.part, q.name, err)
		}
	}
	return nil
}

// asker asks one question in every way. A reader is made anew for each asking, as for
// each request of the product.
type asker struct {
	ctx            context.Context //nolint:containedctx // of one measurement
	s              settings
	db             *database
	q              question
	memory, cypher func() query.Reader
}

func (a *asker) compiled(limit int) ([]string, error) {
	return a.q.compiled(func(statement string, params map[string]any) ([]*neo4j.Record, error) {
		return a.db.readOne(a.ctx, 0, statement, params)
	}, limit)
}

func (a *asker) byHand(sh shape, limit int) ([]string, error) {
	params := map[string]any{"limit": limit}
	for k, v := range a.q.params {
		params[k] = v
	}
	found, err := a.db.readOne(a.ctx, a.s.shapeLimit, sh.statement, params)
	if err != nil {
		return nil, err
	}
	return answerOf(found[0], a.q.decode)
}

// answerOf reads a row with page and total.
func answerOf(r *neo4j.Record, decode func(page []any) ([]string, error)) ([]string, error) {
	page, _, err := neo4j.GetRecordValue[[]any](r, "page")
	if err != nil {
		return nil, err
	}
	total, _, err := neo4j.GetRecordValue[int64](r, "total")
	if err != nil {
		return nil, err
	}
	lines, err := decode(page)
	return append([]string{fmt.Sprint("total ", total)}, lines...), err
}

// tooSlow reports whether a hand-written statement ran out of time or memory.
func tooSlow(err error) bool {
	var e *neo4j.Neo4jError
	return errors.As(err, &e) && (strings.Contains(e.Code, "TransactionTimedOut") || strings.Contains(e.Code, "OutOfMemory") || strings.Contains(e.Code, "MemoryPool") || strings.Contains(e.Code, "Terminated"))
}

// measure checks that all answers are equal, by a wide page and by the one that is timed,
// picks the fastest
// hand-written shape and lets it take turns with our engines.
func (a *asker) measure(res *result) error {
	want := map[int][]string{}
	for _, limit := range []int{a.q.wide, a.q.limit} {
		var err error
		if want[limit], err = a.q.reader(a.ctx, a.memory(), limit); err != nil {
			return err
		}
		for name, ask := range map[string]func() ([]string, error){
			"compiled Cypher": func() ([]string, error) { return a.compiled(limit) },
			"Cypher reader":   func() ([]string, error) { return a.q.reader(a.ctx, a.cypher(), limit) },
		} {
			got, err := ask()
			if err == nil {
				err = sameAnswer(got, want[limit])
			}
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	best, err := a.fastest(want, res)
	if err != nil {
		return err
	}
	check := func(got []string, err error) error {
		if err == nil {
			err = sameAnswer(got, want[a.q.limit])
		}
		return err
	}
	// Whoever asks the server right after something else that was busy finds threads asleep and memory to
	// be cleared, so each asks right after the same small question.
	asked := func(ask func() error) (time.Duration, error) {
		if _, err := a.db.readOne(a.ctx, 0, `RETURN 1`, nil); err != nil {
			return 0, err
		}
		return timed(ask)
	}
	contenders := []contender{
		{"memory", func(context.Context) (time.Duration, error) {
			return repeated(func() error {
				if a.q.read != nil {
					return a.q.read(a.ctx, a.memory(), a.q.limit)
				}
				_, err := a.q.reader(a.ctx, a.memory(), a.q.limit)
				return err
			})
		}},
		{"compiled Cypher", func(context.Context) (time.Duration, error) {
			return asked(func() error { return check(a.compiled(a.q.limit)) })
		}},
		{"Cypher reader", func(context.Context) (time.Duration, error) {
			return asked(func() error { return check(a.q.reader(a.ctx, a.cypher(), a.q.limit)) })
		}},
	}
	for _, sh := range best {
		contenders = append(contenders, contender{"by hand: " + sh.name, func(context.Context) (time.Duration, error) {
			return asked(func() error { return check(a.byHand(sh, a.q.limit)) })
		}})
	}
	times, err := interleave(a.ctx, a.warmup(), a.s.QueryRounds, contenders)
	if err != nil {
		return err
	}
	hand := slices.MinFunc(times[3:], func(x, y series) int { return int(1e9 * (x.median() - y.median())) })
	line := comparison{Part: a.q.part, Detail: a.q.detail, Peer: hand}
	line.Name, line.Ours, line.Cost, line.Goal = a.q.name+": compiled Cypher vs best by hand", times[1], true, 1.2
	res.add(line)
	line.Name, line.Ours, line.Goal = a.q.name+": whole Cypher reader vs best by hand", times[2], 0
	res.add(line)
	line.Name, line.Ours, line.Cost, line.Goal = a.q.name+": memory vs best by hand", times[0], false, 200
	res.add(line)
	a.s.log("%s: memory %.3f ms, compiled %.1f ms, reader %.1f ms, %s %.1f ms", a.q.name, 1e3*times[0].median(), 1e3*times[1].median(), 1e3*times[2].median(), hand.Name, 1e3*hand.median())
	return nil
}

// warmup is how many rounds come before those that count: the server compiles what runs often,
// and a question of few milliseconds must have run often before its time is a steady one.
func (a *asker) warmup() int {
	took, err := timed(func() error { _, err := a.compiled(a.q.limit); return err })
	if err != nil || a.s.QueryRounds < 3 {
		return 1
	}
	return int(min(60, max(3, time.Second/max(took, time.Millisecond))))
}

// fastest returns the two fastest shapes by the better of two runs each; the race
// decides between them.
func (a *asker) fastest(want map[int][]string, res *result) ([]shape, error) {
	type entry struct {
		shape
		took time.Duration
	}
	var field []entry
	for _, sh := range a.q.shapes {
		e := entry{sh, time.Hour}
		for _, limit := range []int{a.q.wide, a.q.limit, a.q.limit} {
			var got []string
			took, err := timed(func() (err error) { got, err = a.byHand(sh, limit); return err })
			if tooSlow(err) {
				break
			}
			if err == nil {
				err = sameAnswer(got, want[limit])
			}
			if err != nil {
				return nil, fmt.Errorf("by hand: %s: %w", sh.name, err)
			}
			if e.took = min(e.took, took); took > 5*time.Second {
				break // it will not win; once is enough to say how slow it is
			}
		}
		tried := tried{Question: a.q.name, Shape: sh.name, Seconds: e.took.Seconds()}
		if e.took == time.Hour {
			tried.Seconds, tried.Beyond = a.s.shapeLimit.Seconds(), true
		} else {
			field = append(field, e)
		}
		res.Tried = append(res.Tried, tried)
		a.s.log("%s: by hand: %s: %.1f ms (gave up: %v)", a.q.name, sh.name, 1e3*tried.Seconds, tried.Beyond)
	}
	if len(field) == 0 {
		return nil, errors.New("no hand-written statement came to an end")
	}
	slices.SortFunc(field, func(x, y entry) int { return int(x.took - y.took) })
	var out []shape
	for _, e := range field[:min(2, len(field))] {
		out = append(out, e.shape)
	}
	return out, nil
}

func sameAnswer(got, want []string) error {
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			return fmt.Errorf("the answers differ: %q is missing", want[i])
		case i >= len(want):
			return fmt.Errorf("the answers differ: %q is too much", got[i])
		case got[i] != want[i]:
			return fmt.Errorf("the answers differ in line %d: %q, not %q", i, got[i], want[i])
		}
	}
	return nil
}
