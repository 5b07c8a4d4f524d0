package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
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

// explain asks for chains and cuts, in turn with bare searches from the same identities.
func (b *scale) explain() error {
	g, err := b.graph(b.medium())
	if err != nil {
		return err
	}
	people, resources, length := g.pairsOf(pairSample)
	pairs := make([]query.Pair, len(people))
	for i := range pairs {
		pairs[i] = query.Pair{From: g.ids[people[i]], To: g.ids[g.firstResource()+resources[i]]}
	}
	s := g.csr.scratch()
	prev := make([]uint32, g.Groups+g.Resources)
	search := contender{"bare breadth-first search from the identity", func(context.Context) (time.Duration, error) {
		return repeated(func() error {
			for _, p := range people {
				g.csr.search(p, s, prev)
			}
			return nil
		})
	}}
	chains := func(first int) func() error {
		return func() error {
			for i := range pairs {
				got, err := g.reader().Chains(b.ctx, query.ChainQuery{Pairs: pairs[i : i+1], MaxDepth: query.DefaultMaxDepth, First: first})
				if err != nil {
					return err
				}
				if len(got[0].Chains) == 0 || len(got[0].Chains[0].Nodes) != length[i]+1 {
					return fmt.Errorf("the shortest chain from %s to %s is not of %d hops", pairs[i].From, pairs[i].To, length[i])
				}
			}
			return nil
		}
	}
	asked := []struct {
		name string
		goal float64
		run  func() error
	}{
		{"shortest chain", 2, chains(1)},
		{"50 chains", 10, chains(query.DefaultChains)},
	}
	if cut, ok := g.cuts(b.ctx, pairs); ok {
		if err := b.checkCuts(g, people, resources); err != nil {
			return err
		}
		asked = append(asked, struct {
			name string
			goal float64
			run  func() error
		}{"minimum cut", 50, cut})
	}
	contenders := []contender{search}
	for _, a := range asked {
		contenders = append(contenders, contender{"memory", func(context.Context) (time.Duration, error) { return repeated(a.run) }})
	}
	times, err := b.race(2, b.s.ScaleRounds, contenders...)
	if err != nil {
		return err
	}
	for i, a := range asked {
		b.s.log("%s: %s for %d pairs, bare search %s", a.name, duration(times[i+1].median()), pairSample, duration(times[0].median()))
		if err := b.res.addProfiled(comparison{
			Part: partExplain, Size: g.Name, Name: fmt.Sprintf("%s, %s", a.name, g.Name), Ours: times[i+1], Peer: times[0], Cost: true, Goal: a.goal,
			Detail: fmt.Sprintf("%s; %d pairs of an identity and a resource that it reaches, one after the other", g.describe(), pairSample),
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
