package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/accessgraph/accessgraph/internal/query"
)

// pairSample is how many pairs of an identity and a resource that it reaches are asked
// about; one time is that of all of them.
const pairSample = 64

// pairsOf draws pairs, with the length of the shortest chain between them.
func (g *sized) pairsOf(n int) (people, resources []uint32, length []int) {
	r := rand.New(rand.NewPCG(g.seed, 4)) //nolint:gosec // a sample
	s := g.csr.scratch()
	prev := make([]uint32, g.Groups+g.Resources)
	for len(people) < n {
		person := uint32(r.IntN(g.People)) //nolint:gosec // an index
		g.csr.search(person, s, prev)
		var reached []uint32
		for resource, stamp := range s.resource {
			if stamp == s.stamp {
				reached = append(reached, uint32(resource)) //nolint:gosec // an index
			}
		}
		if len(reached) == 0 {
			continue
		}
		resource := reached[r.IntN(len(reached))]
		hops := 1
		for at := prev[g.Groups+int(resource)]; at != person; at = prev[at-uint32(g.People)] { //nolint:gosec // fewer than 2^32
			hops++
		}
		people, resources, length = append(people, person), append(resources, resource), append(length, hops)
	}
	return people, resources, length
}

// manyChains are the pairs of a larger sample that have most chains: only these make the
// enumeration work, since most pairs have a single one.
func (g *sized) manyChains(ctx context.Context) (people []uint32, pairs []query.Pair, least int, err error) {
	from, to, _ := g.pairsOf(32 * pairSample)
	type counted struct{ at, chains int }
	all := make([]counted, len(from))
	for i := range from {
		got, err := g.reader().Chains(ctx, query.ChainQuery{Pairs: []query.Pair{g.pair(from[i], to[i])}, MaxDepth: query.DefaultMaxDepth, First: query.DefaultChains})
		if err != nil {
			return nil, nil, 0, err
		}
		all[i] = counted{i, len(got[0].Chains)}
	}
	slices.SortStableFunc(all, func(a, b counted) int { return b.chains - a.chains })
	for _, c := range all[:pairSample] {
		people, pairs, least = append(people, from[c.at]), append(pairs, g.pair(from[c.at], to[c.at])), c.chains
	}
	return people, pairs, least, nil
}

func (g *sized) pair(person, resource uint32) query.Pair {
	return query.Pair{From: g.ids[person], To: g.ids[g.firstResource()+resource]}
}

// explain asks for chains and cuts, in turn with bare searches from the same identities.
func (b *scale) explain() error {
	g, err := b.graph(b.medium())
	if err != nil {
		return err
	}
	people, resources, length := g.pairsOf(pairSample)
	pairs := make([]query.Pair, len(people))
	for i := range pairs {
		pairs[i] = g.pair(people[i], resources[i])
	}
	many, manyPairs, least, err := g.manyChains(b.ctx)
	if err != nil {
		return err
	}
	s := g.csr.scratch()
	prev := make([]uint32, g.Groups+g.Resources)
	search := func(from []uint32) contender {
		return contender{"bare breadth-first search from the identity", func(context.Context) (time.Duration, error) {
			return repeated(func() error {
				for _, p := range from {
					g.csr.search(p, s, prev)
				}
				return nil
			})
		}}
	}
	chains := func(pairs []query.Pair, first int, check func(i int, c query.Chains) error) func() error {
		return func() error {
			for i := range pairs {
				got, err := g.reader().Chains(b.ctx, query.ChainQuery{Pairs: pairs[i : i+1], MaxDepth: query.DefaultMaxDepth, First: first})
				if err == nil {
					err = check(i, got[0])
				}
				if err != nil {
					return err
				}
			}
			return nil
		}
	}
	shortest := func(i int, c query.Chains) error {
		if len(c.Chains) == 0 || len(c.Chains[0].Nodes) != length[i]+1 {
			return fmt.Errorf("the shortest chain from %s to %s is not of %d hops", pairs[i].From, pairs[i].To, length[i])
		}
		return nil
	}
	enough := func(i int, c query.Chains) error {
		if len(c.Chains) < least {
			return fmt.Errorf("%d chains from %s to %s, at least %d are there", len(c.Chains), manyPairs[i].From, manyPairs[i].To, least)
		}
		return nil
	}
	type question struct {
		name, of string
		goal     float64
		run      func() error
		peer     int
	}
	drawn := fmt.Sprintf("%d pairs of an identity and a resource that it reaches, one after the other", pairSample)
	asked := []question{
		{"shortest chain", drawn, 2, chains(pairs, 1, shortest), 0},
		{"50 chains", drawn, 10, chains(pairs, query.DefaultChains, shortest), 0},
		{"50 chains where there are most", fmt.Sprintf("the %d pairs with most chains, at least %d, of %d drawn", pairSample, least, 32*pairSample), 10,
			chains(manyPairs, query.DefaultChains, enough), 1},
	}
	if cut, ok := g.cuts(b.ctx, pairs); ok {
		if err := b.checkCuts(g, people, resources); err != nil {
			return err
		}
		asked = append(asked, question{"minimum cut", drawn, 50, cut, 0})
	}
	contenders := []contender{search(people), search(many)}
	peers := len(contenders)
	for _, a := range asked {
		contenders = append(contenders, contender{"memory", func(context.Context) (time.Duration, error) { return repeated(a.run) }})
	}
	times, err := b.race(2, b.s.ScaleRounds, contenders...)
	if err != nil {
		return err
	}
	for i, a := range asked {
		ours, peer := times[peers+i], times[a.peer]
		b.s.log("%s: %s for %d pairs, bare search %s", a.name, duration(ours.median()), pairSample, duration(peer.median()))
		if err := b.res.addProfiled(comparison{
			Part: partExplain, Size: g.Name, Name: fmt.Sprintf("%s, %s", a.name, g.Name), Ours: ours, Peer: peer, Cost: true, Goal: a.goal,
			Detail: fmt.Sprintf("%s; %s", g.describe(), a.of),
		}, b.s.log, a.run); err != nil {
			return err
		}
	}
	return nil
}

// cuts asks for a minimum cut of each pair, where the memory engine explains.
func (g *sized) cuts(ctx context.Context, pairs []query.Pair) (run func() error, ok bool) {
	if _, ok := g.reader().(query.Explainer); !ok {
		return nil, false
	}
	return func() error {
		x, ok := g.reader().(query.Explainer)
		if !ok {
			return errors.New("the memory engine does not explain")
		}
		for _, p := range pairs {
			if _, err := x.Cut(ctx, query.CutQuery{From: []string{p.From}, To: []string{p.To}}); err != nil {
				return err
			}
		}
		return nil
	}, true
}
