package main

import (
	"encoding/json"
	"fmt"

	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

const reachRequest = `query Reach($id: ID!) {
  entity(id: $id) { hasAccessTo(first: 50) { totalCount edges { permissions { name value } node { id name } } } }
}`

// requestsPerRound is how many requests one time is the median, or the 99th percentile, of.
const requestsPerRound = 400

// api asks for one identity's reach: in memory against Cypher, and over HTTP against an
// empty request to the same server.
func (b *scale) api() error {
	g, err := b.graph(b.medium())
	if err != nil {
		return err
	}
	q, err := g.medianReach(b.ctx)
	if err != nil {
		return err
	}
	q.name = fmt.Sprintf("%s, %s", q.name, g.Name)
	if err := b.versusCypher(g, partAPI, q, 200); err != nil {
		return fmt.Errorf("%s: %w", q.name, err)
	}
	w, err := b.serve(g)
	if err != nil {
		return err
	}
	err = b.reachOverHTTP(g, w)
	if stopped := w.stop(); err == nil {
		err = stopped
	}
	return err
}

func (b *scale) reachOverHTTP(g *sized, w *webServer) error {
	c := w.client()
	people, _, _ := g.pairsOf(pairSample)
	requests := make([]request, len(people))
	for i, p := range people {
		requests[i] = newRequest(reachRequest, map[string]any{"id": g.ids[p]})
		if err := b.checkReach(g, c, requests[i], p); err != nil {
			return err
		}
	}
	n := requestsPerRound
	if b.s.tiny {
		n = 20
	}
	times := func(of []request) ([]float64, error) {
		out := make([]float64, n)
		for i := range out {
			took, err := timed(func() error { _, err := c.ask(b.ctx, of[i%len(of)]); return err })
			if err != nil {
				return nil, err
			}
			out[i] = took.Seconds()
		}
		return out, nil
	}
	ours, empty := series{Name: "accessgraph, GraphQL over HTTP"}, series{Name: "{__typename} over HTTP"}
	slow, own := series{Name: "99th percentile of each round"}, series{Name: "its median"}
	for round := range b.s.ScaleRounds + 1 {
		var reach, nothing []float64
		var err error
		for k := range 2 {
			if (round+k)%2 == 0 {
				reach, err = times(requests)
			} else {
				nothing, err = times([]request{emptyRequest})
			}
			if err != nil {
				return err
			}
		}
		if round == 0 {
			continue // warm-up
		}
		ours.Seconds, empty.Seconds = append(ours.Seconds, median(reach)), append(empty.Seconds, median(nothing))
		slow.Seconds, own.Seconds = append(slow.Seconds, percentile(reach, 0.99)), append(own.Seconds, median(reach))
	}
	detail := fmt.Sprintf("%s; first page with permissions and total of %d identities in turn, %d requests a round on one connection, medians", g.describe(), len(people), n)
	answer, err := g.answering(requests)
	if err != nil {
		return err
	}
	for _, line := range []comparison{
		{Name: fmt.Sprintf("reach of one identity over HTTP vs an empty request, %s", g.Name), Ours: ours, Peer: empty, Goal: 4},
		{Name: fmt.Sprintf("reach of one identity over HTTP, p99 vs its own median, %s", g.Name), Ours: slow, Peer: own, Goal: 5},
	} {
		line.Part, line.Size, line.Detail, line.Cost = partAPI, g.Name, detail, true
		if err := b.res.addProfiled(line, b.s.log, answer); err != nil {
			return err
		}
	}
	b.s.log("reach over HTTP: %s, empty %s, p99 %s", duration(ours.median()), duration(empty.median()), duration(slow.median()))
	return nil
}

// checkReach holds an answer over HTTP to the memory engine's, which is held to the oracle.
func (b *scale) checkReach(g *sized, c *client, r request, person uint32) error {
	body, err := c.ask(b.ctx, r)
	if err != nil {
		return err
	}
	var got struct {
		Data struct {
			Entity struct {
				HasAccessTo struct {
					TotalCount int
					Edges      []struct{ Node struct{ ID string } }
				}
			}
		}
	}
	if err := json.Unmarshal(body, &got); err != nil {
		return err
	}
	pages, err := g.reader().Effective(b.ctx, query.EffectiveQuery{Of: []string{g.ids[person]}, Direction: filter.HasAccessTo, Page: query.Page{First: firstPage, WithTotal: true}})
	if err != nil {
		return err
	}
	lines := func(total int, ids []string) []string { return append([]string{fmt.Sprint("total ", total)}, ids...) }
	var gotIDs, wantIDs []string
	for _, e := range got.Data.Entity.HasAccessTo.Edges {
		gotIDs = append(gotIDs, e.Node.ID)
	}
	for _, e := range pages[0].Edges {
		wantIDs = append(wantIDs, e.Entity.ID)
	}
	return sameAnswer(lines(got.Data.Entity.HasAccessTo.TotalCount, gotIDs), lines(pages[0].Total, wantIDs))
}
