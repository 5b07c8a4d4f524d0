package main

import (
	"context"
	"fmt"
	"time"
)

// growth compares how time per pair of effective access grows from S to the larger sizes
// with how the bare loop's own does.
func (b *scale) growth() error {
	for _, name := range []string{"S", "M", "L"} {
		if b.hasSizes("memory", name) {
			if err := b.memoryOf(name); err != nil {
				return err
			}
		}
	}
	if !b.hasSizes("growth", "S") {
		return nil
	}
	for _, name := range []string{"M", "L"} {
		if b.hasSizes("growth from S to "+name, name) {
			if err := b.growthTo(name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *scale) growthTo(name string) error {
	var graphs [2]*sized
	var contenders []contender
	for i, n := range []string{"S", name} {
		g, err := b.graph(n)
		if err != nil {
			return err
		}
		graphs[i] = g
		ours, err := g.everyone(b.ctx)
		if err != nil {
			return err
		}
		if err := g.check(b.ctx, ours); err != nil {
			return err
		}
		scratches := g.csr.scratches()
		contenders = append(contenders,
			contender{"accessgraph, memory, " + n, func(ctx context.Context) (time.Duration, error) {
				return repeatedFor(func() error { _, err := ours.count(ctx); return err })
			}},
			contender{"plain Go loop over CSR, " + n, func(context.Context) (time.Duration, error) {
				return repeatedFor(func() error { g.csr.countAll(len(scratches), scratches); return nil })
			}})
	}
	b.flat(graphs[0], graphs[1])
	times, err := b.race(1, min(b.s.ScaleRounds, 7), contenders...)
	if err != nil {
		return err
	}
	perPair := func(i, round int) float64 {
		return times[2+i].Seconds[round] / float64(graphs[1].oracle.Pairs) / (times[i].Seconds[round] / float64(graphs[0].oracle.Pairs))
	}
	grown := [2]series{{Name: "accessgraph, memory"}, {Name: "plain Go loop over CSR"}}
	for i := range grown {
		for round := range times[i].Seconds {
			grown[i].Seconds = append(grown[i].Seconds, perPair(i, round))
		}
	}
	for _, t := range times {
		b.s.log("growth: %s: %s", t.Name, duration(t.median()))
	}
	b.res.add(comparison{
		Part: partGrowth, Size: name, Name: fmt.Sprintf("time per pair of everyone's effective access, %s as a multiple of S", name),
		Detail: fmt.Sprintf("%s: %d pairs in %s, %s: %d pairs in %s; the bare loop %s and %s", graphs[0].describe(), graphs[0].oracle.Pairs, duration(times[0].median()),
			graphs[1].describe(), graphs[1].oracle.Pairs, duration(times[2].median()), duration(times[1].median()), duration(times[3].median())),
		Ours: grown[0], Peer: grown[1], Unit: "×", Cost: true, Goal: 1.2,
	})
	return nil
}
