package main

import (
	"fmt"

	"github.com/accessgraph/accessgraph/internal/query"
)

// checkCuts holds minimum cuts to what they promise: without the grants there is no access
// any more, and no fewer would do, since as many chains share no grant.
func (b *scale) checkCuts(g *sized, people, resources []uint32) error {
	x, ok := g.reader().(query.Explainer)
	if !ok {
		return nil
	}
	number := make(map[string]uint32, g.entities())
	for n, id := range g.ids {
		number[id] = uint32(n) //nolint:gosec // an index
	}
	for i, person := range people {
		target := g.firstResource() + resources[i]
		cut, err := x.Cut(b.ctx, query.CutQuery{From: []string{g.ids[person]}, To: []string{g.ids[target]}})
		if err != nil {
			return err
		}
		grants := g.grantsAbove(person)
		want := grants.flow(person, target)
		if int(cut.Weight) != want || cut.Flow != cut.Weight || len(cut.Grants) != want {
			return fmt.Errorf("the cut from person %d to resource %d has %d grants, weight %d and flow %d, not %d", person, resources[i], len(cut.Grants), cut.Weight, cut.Flow, want)
		}
		rest := g.grantsAbove(person)
		for _, grant := range cut.Grants {
			rest[pairOf{number[grant.Source], number[grant.Target]}]--
		}
		if rest.chain(person, target) != nil {
			return fmt.Errorf("person %d reaches resource %d also after the cut", person, resources[i])
		}
	}
	return nil
}

type pairOf struct{ from, to uint32 }

// capacities are the counting grants of each pair.
type capacities map[pairOf]int

// grantsAbove are the counting grants of a person and of all groups that it is in.
func (m *model) grantsAbove(person uint32) capacities {
	out := capacities{}
	held := map[uint32]bool{person: true}
	todo := []uint32{person}
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		for i := m.firstGrant(at); i < len(m.from) && m.from[i] == at; i++ {
			if !m.gives[i] {
				continue
			}
			to := m.to[i]
			out[pairOf{at, to}]++
			if m.isGroup(to) && !held[to] {
				held[to] = true
				todo = append(todo, to)
			}
		}
	}
	return out
}

// firstGrant is the place of the first grant of a source.
func (m *model) firstGrant(source uint32) int {
	lo, hi := 0, len(m.from)
	for lo < hi {
		if mid := (lo + hi) / 2; m.from[mid] < source {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// chain is a way from one entity to another along what capacity is left, by a search in
// breadth, or nil.
func (c capacities) chain(from, to uint32) []pairOf {
	next := map[uint32][]uint32{}
	for p, left := range c {
		if left > 0 {
			next[p.from] = append(next[p.from], p.to)
		}
	}
	prev := map[uint32]uint32{from: from}
	for queue := []uint32{from}; len(queue) > 0; queue = queue[1:] {
		for _, n := range next[queue[0]] {
			if _, seen := prev[n]; !seen {
				prev[n] = queue[0]
				queue = append(queue, n)
			}
		}
	}
	if _, reached := prev[to]; !reached {
		return nil
	}
	var out []pairOf
	for at := to; at != from; at = prev[at] {
		out = append(out, pairOf{prev[at], at})
	}
	return out
}

// flow is the largest flow, by augmenting chains one at a time (Ford and Fulkerson 1956;
// shortest first, Edmonds and Karp 1972). It uses c up.
func (c capacities) flow(from, to uint32) (n int) {
	for {
		chain := c.chain(from, to)
		if chain == nil {
			return n
		}
		for _, p := range chain {
			c[p]--
			c[pairOf{p.to, p.from}]++
		}
		n++
	}
}
