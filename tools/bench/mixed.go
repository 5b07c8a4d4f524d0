package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// clients is how many ask at once.
const clients = 32

const shown = `id name type sourceType status integration { name } employee { fullName workEmail }`

// pageRequests are what the pages of the product ask, over the entities of a graph.
func (g *sized) pageRequests(r *rand.Rand) []request {
	list := `query List($search: String, $filter: EntityFilter) {
  entities(search: $search, filter: $filter, first: 50) { totalCount pageInfo { hasNextPage endCursor } edges { node { ` + shown + ` } } } }`
	access := func(field string) string {
		return `query Entity($id: ID!, $reach: Reach!) { entity(id: $id) { ` + shown + ` sourceId project username email mfaEnabled lastLoginTime identityType
  list: ` + field + `(reach: $reach, first: 50) { totalCount pageInfo { hasNextPage endCursor } edges { direct permissions { name value } providers { id name } node { ` + shown + ` } } } } }`
	}
	paths := `query Paths($from: ID!, $to: ID!) { from: entity(id: $from) { ` + shown + ` } to: entity(id: $to) { ` + shown + ` }
  accessPaths(from: $from, to: $to) { truncated paths { length steps { permissions { name value } from { ` + shown + ` } to { ` + shown + ` } } } } }`
	having := func(target map[string]any) map[string]any {
		return map[string]any{"filter": map[string]any{"type": []string{"IDENTITY"}, "having": []any{map[string]any{"entity": target}}}}
	}
	person := func() string { return g.ids[r.IntN(g.People)] }
	group := func() string { return g.ids[g.People+r.IntN(g.Groups)] }
	resource := func() string { return g.ids[g.People+g.Groups+r.IntN(g.Resources)] }
	people, resources, _ := g.pairsOf(pairSample)
	pair := r.IntN(len(people))
	either := func(a, b string) string { return []string{a, b}[r.IntN(2)] }
	return []request{
		newRequest(`{ entityFacets(by: [TYPE, IDENTITY_TYPE]) { field buckets { value count } } }`, nil),
		newRequest(list, nil),
		newRequest(list, map[string]any{"search": fmt.Sprintf("Person %d", r.IntN(1000))}),
		newRequest(list, map[string]any{"filter": map[string]any{"type": []string{either("IDENTITY", "RESOURCE")}, "status": []string{"ACTIVE"}}}),
		newRequest(list, map[string]any{"filter": map[string]any{"mfaEnabled": []string{"FALSE"}, "neverActive": r.IntN(2) == 0}}),
		newRequest(list, having(map[string]any{"name": map[string]any{"eq": fmt.Sprintf("Resource %d", r.IntN(g.Resources))}})),
		newRequest(list, having(map[string]any{"sourceType": map[string]any{"eq": mediumSourceType}})),
		newRequest(`query Facets($filter: EntityFilter) { entityFacets(filter: $filter, by: [TYPE, SOURCE_TYPE, STATUS, APPLICATION, INTEGRATION, IDENTITY_TYPE, MFA, INSIGHT, LABEL]) { field buckets { value label count } } }`,
			map[string]any{"filter": map[string]any{"type": []string{either("IDENTITY", "CONNECTION")}}}),
		newRequest(access("hasAccessTo"), map[string]any{"id": person(), "reach": "EFFECTIVE"}),
		newRequest(access("hasAccessTo"), map[string]any{"id": group(), "reach": either("EFFECTIVE", "DIRECT")}),
		newRequest(access("accessibleBy"), map[string]any{"id": resource(), "reach": either("EFFECTIVE", "DIRECT")}),
		newRequest(access("accessibleBy"), map[string]any{"id": group(), "reach": "EFFECTIVE"}),
		newRequest(paths, map[string]any{"from": g.ids[people[pair]], "to": g.ids[g.firstResource()+resources[pair]]}),
	}
}

// mixed lets 32 clients ask all of that for a minute, with stretches of empty requests in
// between, and watches the server's memory.
func (b *scale) mixed() error {
	g, err := b.graph(b.medium())
	if err != nil {
		return err
	}
	w, err := b.serve(g)
	if err != nil {
		return err
	}
	err = b.mixedOn(g, w)
	if stopped := w.stop(); err == nil {
		err = stopped
	}
	return err
}

func (b *scale) mixedOn(g *sized, w *webServer) error {
	var all []request
	r := rand.New(rand.NewPCG(b.s.Seed, 5)) //nolint:gosec // a sample
	for range 40 {
		all = append(all, g.pageRequests(r)...)
	}
	const rounds = 4
	busy, idle, warmup := b.s.mixedFor/rounds, b.s.mixedFor/(3*rounds), b.s.mixedFor/4
	if _, _, err := b.load32(w, all, warmup, r.Uint64()); err != nil {
		return err
	}
	ours, empty := series{Name: fmt.Sprintf("%d clients, all page queries", clients)}, series{Name: fmt.Sprintf("%d clients, {__typename}", clients)}
	var memory, waits []float64
	total := 0
	for range rounds {
		n, _, err := b.load32(w, []request{emptyRequest}, idle, r.Uint64())
		if err != nil {
			return err
		}
		empty.Seconds = append(empty.Seconds, float64(n)/idle.Seconds())
		stop := make(chan struct{})
		var watch sync.WaitGroup
		watch.Go(func() {
			for {
				memory = append(memory, w.memory())
				select {
				case <-stop:
					return
				case <-time.After(busy / 20):
				}
			}
		})
		n, took, err := b.load32(w, all, busy, r.Uint64())
		close(stop)
		watch.Wait()
		if err != nil {
			return err
		}
		total += n
		waits = append(waits, took...)
		ours.Seconds = append(ours.Seconds, float64(n)/busy.Seconds())
	}
	b.s.log("mixed: %.0f requests/s, empty %.0f/s, median %s, p99 %s, memory %.0f → %.0f MB", ours.median(), empty.median(),
		duration(median(waits)), duration(percentile(waits, 0.99)), memory[0]/1e6, memory[len(memory)-1]/1e6)
	detail := fmt.Sprintf("%s; %d requests without an error, median %s, p99 %s", g.describe(), total, duration(median(waits)), duration(percentile(waits, 0.99)))
	b.res.add(comparison{Part: partMixed, Size: g.Name, Name: fmt.Sprintf("%d clients over HTTP, all page queries vs empty requests, %s", clients, g.Name),
		Detail: detail, Ours: ours, Peer: empty, Unit: "/s", Cost: true, AtLeast: true, Goal: 0.25})
	half := len(memory) / 2
	if half > 0 && memory[0] > 0 {
		b.res.add(comparison{Part: partMixed, Size: g.Name, Name: "memory of that server, second half vs first", Detail: "resident memory during the page queries, after a warm-up; flat = at most 10 % more",
			Ours: series{"second half", memory[half:]}, Peer: series{"first half", memory[:half]}, Unit: "B", Cost: true, Goal: 1.1, Apart: true})
	}
	return nil
}

// load32 lets the clients ask for a while, each in an order of its own, and returns how
// many answers there were and how long each took. Any error ends it.
func (b *scale) load32(w *webServer, requests []request, d time.Duration, seed uint64) (int, []float64, error) {
	ctx, cancel := context.WithCancelCause(b.ctx)
	defer cancel(nil)
	end := time.Now().Add(d)
	var n atomic.Int64
	took := make([][]float64, clients)
	var work sync.WaitGroup
	for i := range clients {
		work.Go(func() {
			c, r := w.client(), rand.New(rand.NewPCG(seed, uint64(i))) //nolint:gosec // a sample
			defer c.http.CloseIdleConnections()
			for ctx.Err() == nil && time.Now().Before(end) {
				request := requests[r.IntN(len(requests))]
				t, err := timed(func() error { _, err := c.ask(ctx, request); return err })
				if err != nil {
					cancel(fmt.Errorf("%w: %.200s", err, request))
					return
				}
				n.Add(1)
				took[i] = append(took[i], t.Seconds())
			}
		})
	}
	work.Wait()
	return int(n.Load()), slices.Concat(took...), context.Cause(ctx)
}
