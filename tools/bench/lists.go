package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/accessgraph/accessgraph/internal/snapshot"
)

// coldRounds bounds what needs a new snapshot for every asking.
const coldRounds = 3

// lists asks for the identities that reach a rare target, a medium lot or any: a page of
// 50 with the total, warm and cold.
func (b *scale) lists() error {
	name := b.medium()
	g, err := b.graph(name)
	if err != nil {
		return err
	}
	questions, err := havingQuestions(b.ctx, g.reader())
	if err != nil {
		return err
	}
	for _, q := range questions {
		q.name = fmt.Sprintf("%s, %s", q.name, name)
		q.wide = q.limit // a wider page, by hand, takes more memory than a server has at this size
		got, err := q.reader(b.ctx, g.reader(), q.limit)
		if err == nil {
			err = g.checkHaving(q, got)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
		if err := b.versusCypher(g, partLists, q, 20); err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
		if err := b.versusPass(g, q); err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
	}
	return nil
}

// medium is the size of the questions that one page of the product asks: M when the run has it.
func (b *scale) medium() string {
	if _, ok := b.sizes["M"]; ok {
		return "M"
	}
	return b.largest()
}

// versusCypher compares the memory engine with the best hand-written statement.
func (b *scale) versusCypher(g *sized, part string, q question, goal float64) error {
	if b.db == nil {
		return nil
	}
	if err := b.load(g); err != nil {
		return err
	}
	a := asker{ctx: b.ctx, s: b.s, db: b.db, q: q, memory: g.reader}
	a.s.shapeLimit = min(a.s.shapeLimit, 10*time.Second) // the graph is ten times that of the other parts
	want := map[int][]string{}
	for _, limit := range []int{q.wide, q.limit} {
		var err error
		if want[limit], err = q.reader(b.ctx, g.reader(), limit); err != nil {
			return err
		}
	}
	before := len(b.res.Tried)
	best, err := a.fastest(want, b.res)
	for i := before; i < len(b.res.Tried); i++ {
		b.res.Tried[i].Part = part
	}
	if err != nil {
		return err
	}
	memory := func() error { _, err := q.reader(b.ctx, g.reader(), q.limit); return err }
	contenders := []contender{{"memory", func(context.Context) (time.Duration, error) { return repeated(memory) }}}
	for _, sh := range best {
		contenders = append(contenders, contender{"by hand: " + sh.name, func(context.Context) (time.Duration, error) {
			return timed(func() error {
				got, err := a.byHand(sh, q.limit)
				if err == nil {
					err = sameAnswer(got, want[q.limit])
				}
				return err
			})
		}})
	}
	times, err := b.race(2, b.s.ScaleRounds, contenders...)
	if err != nil {
		return err
	}
	hand := slices.MinFunc(times[1:], func(x, y series) int { return int(1e9 * (x.median() - y.median())) })
	b.s.log("%s: memory %s, %s %s", q.name, duration(times[0].median()), hand.Name, duration(hand.median()))
	return b.res.addProfiled(comparison{Part: part, Size: g.Name, Name: q.name + ": memory vs best by hand", Detail: q.detail, Ours: times[0], Peer: hand, Goal: goal}, b.s.log, memory)
}

// versusPass compares warm and cold answers with reading every edge of the graph once.
func (b *scale) versusPass(g *sized, q question) error {
	var sum uint64
	pass := contender{"one pass over all edges, one core", func(context.Context) (time.Duration, error) {
		return repeated(func() error { sum += g.csr.pass(); return nil })
	}}
	detail := fmt.Sprintf("%s; peer: %d edges in CSR form", q.detail, g.csr.edges())
	want, err := q.reader(b.ctx, g.reader(), q.limit)
	if err != nil {
		return err
	}
	warm := func() error { _, err := q.reader(b.ctx, g.reader(), q.limit); return err }
	times, err := b.race(2, b.s.ScaleRounds, contender{"memory, warm", func(context.Context) (time.Duration, error) { return repeated(warm) }}, pass)
	if err != nil {
		return err
	}
	if err := b.res.addProfiled(comparison{Part: partLists, Size: g.Name, Name: q.name + ": warm vs one pass", Detail: detail, Ours: times[0], Peer: times[1], Cost: true, Goal: 0.3}, b.s.log, warm); err != nil {
		return err
	}
	cold := contender{"memory, the first question to a new snapshot", func(ctx context.Context) (time.Duration, error) {
		engine := snapshot.NewEngine(g.store)
		if err := engine.Refresh(ctx); err != nil {
			return 0, err
		}
		return timed(func() error {
			got, err := q.reader(ctx, engine.Current().Reader(now), q.limit)
			if err == nil {
				err = sameAnswer(got, want)
			}
			return err
		})
	}}
	if times, err = b.race(0, min(coldRounds, b.s.ScaleRounds), cold, pass); err != nil {
		return err
	}
	b.s.log("%s: cold %s, one pass %s", q.name, duration(times[0].median()), duration(times[1].median()))
	b.res.add(comparison{Part: partLists, Size: g.Name, Name: q.name + ": cold vs one pass", Detail: detail, Ours: times[0], Peer: times[1], Cost: true, Goal: 3})
	if sum == 1 {
		b.s.log("the compiler may not leave the pass out") // never
	}
	return nil
}

// medianReach is the identity of the middle of some, as a question.
func (g *sized) medianReach(ctx context.Context) (question, error) {
	questions, err := reachQuestions(ctx, g.reader())
	if err != nil {
		return question{}, err
	}
	return questions[0], nil
}
