package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// clients is how many ask at once.
const clients = 32

const shown = `id name type sourceType status integration { name } employee { fullName workEmail }`

// pageRequest is a request with the name of what it asks.
type pageRequest struct {
	name string
	body request
}

// pageRequests are what the pages of the product ask, over the entities of a graph.
func (g *sized) pageRequests(r *rand.Rand) []pageRequest {
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
	type vars = map[string]any
	ask := func(name, text string, variables vars) pageRequest {
		return pageRequest{name, newRequest(text, variables)}
	}
	facets := `query Facets($filter: EntityFilter) { entityFacets(filter: $filter, by: [TYPE, SOURCE_TYPE, STATUS, APPLICATION, INTEGRATION, IDENTITY_TYPE, MFA, INSIGHT, LABEL]) { field buckets { value label count } } }`
	return []pageRequest{
		ask("totals", `{ entityFacets(by: [TYPE, IDENTITY_TYPE]) { field buckets { value count } } }`, nil),
		ask("list, everything", list, nil),
		ask("list, search", list, vars{"search": fmt.Sprintf("Person %d", r.IntN(1000))}),
		ask("list by type and status", list, vars{"filter": vars{"type": []string{either("IDENTITY", "RESOURCE")}, "status": []string{"ACTIVE"}}}),
		ask("list by MFA and activity", list, vars{"filter": vars{"mfaEnabled": []string{"FALSE"}, "neverActive": r.IntN(2) == 0}}),
		ask("list, having a rare target", list, having(vars{"name": vars{"eq": fmt.Sprintf("Resource %d", r.IntN(g.Resources))}})),
		ask("list, having medium targets", list, having(vars{"sourceType": vars{"eq": mediumSourceType}})),
		ask("facets of a filter", facets, vars{"filter": vars{"type": []string{either("IDENTITY", "CONNECTION")}}}),
		ask("reach of a person", access("hasAccessTo"), vars{"id": person(), "reach": "EFFECTIVE"}),
		ask("reach of a group", access("hasAccessTo"), vars{"id": group(), "reach": either("EFFECTIVE", "DIRECT")}),
		ask("who reaches a resource", access("accessibleBy"), vars{"id": resource(), "reach": either("EFFECTIVE", "DIRECT")}),
		ask("who reaches a group", access("accessibleBy"), vars{"id": group(), "reach": "EFFECTIVE"}),
		ask("chains", paths, vars{"from": g.ids[people[pair]], "to": g.ids[g.firstResource()+resources[pair]]}),
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
	var all []pageRequest
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
	byName := map[string][]float64{}
	total := 0
	for range rounds {
		n, _, err := b.load32(w, []pageRequest{{"{__typename}", emptyRequest}}, idle, r.Uint64())
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
		for name, list := range took {
			byName[name] = append(byName[name], list...)
			waits = append(waits, list...)
		}
		ours.Seconds = append(ours.Seconds, float64(n)/busy.Seconds())
	}
	b.s.log("mixed: %.0f requests/s, empty %.0f/s, median %s, p99 %s, memory %.0f → %.0f MB", ours.median(), empty.median(),
		duration(median(waits)), duration(percentile(waits, 0.99)), memory[0]/1e6, memory[len(memory)-1]/1e6)
	detail := fmt.Sprintf("%s; %d requests without an error, median %s, p99 %s", g.describe(), total, duration(median(waits)), duration(percentile(waits, 0.99)))
	line := comparison{Part: partMixed, Size: g.Name, Name: fmt.Sprintf("%d clients over HTTP, all page queries vs empty requests, %s", clients, g.Name),
		Detail: detail, Ours: ours, Peer: empty, Unit: "/s", Cost: true, AtLeast: true, Goal: 0.25}.finish()
	if !*line.Met && !b.s.tiny {
		bodies := make([]request, 0, len(all))
		for _, r := range all {
			bodies = append(bodies, r.body)
		}
		answer, err := g.answering(bodies)
		if err != nil {
			return err
		}
		top, err := profileTop(answer)
		if err != nil {
			return err
		}
		line.Profile = append(shares(byName), top...)
	}
	b.res.Lines = append(b.res.Lines, line)
	for _, l := range line.Profile {
		b.s.log("%s: %s", line.Name, l)
	}
	half := len(memory) / 2
	if half > 0 && memory[0] > 0 {
		b.res.add(comparison{Part: partMixed, Size: g.Name, Name: "memory of that server, second half vs first", Detail: "resident memory during the page queries, after a warm-up; flat = at most 10 % more",
			Ours: series{"second half", memory[half:]}, Peer: series{"first half", memory[:half]}, Unit: "B", Cost: true, Goal: 1.1, Apart: true})
	}
	return nil
}

// load32 lets the clients ask for a while, each in an order of its own, and returns how
// many answers there were and how long each took. Any error ends it.
func (b *scale) load32(w *webServer, requests []pageRequest, d time.Duration, seed uint64) (int, map[string][]float64, error) {
	ctx, cancel := context.WithCancelCause(b.ctx)
	defer cancel(nil)
	end := time.Now().Add(d)
	var n atomic.Int64
	took := make([]map[string][]float64, clients)
	var work sync.WaitGroup
	for i := range clients {
		work.Go(func() {
			c, r := w.client(), rand.New(rand.NewPCG(seed, uint64(i))) //nolint:gosec // a sample
			defer c.http.CloseIdleConnections()
			took[i] = map[string][]float64{}
			for ctx.Err() == nil && time.Now().Before(end) {
				request := requests[r.IntN(len(requests))]
				t, err := timed(func() error { _, err := c.ask(ctx, request.body); return err })
				if err != nil {
					cancel(fmt.Errorf("%w: %.200s", err, request.body))
					return
				}
				n.Add(1)
				took[i][request.name] = append(took[i][request.name], t.Seconds())
			}
		})
	}
	work.Wait()
	all := map[string][]float64{}
	for _, one := range took {
		for name, list := range one {
			all[name] = append(all[name], list...)
		}
	}
	return int(n.Load()), all, context.Cause(ctx)
}

// shares says which requests took most of the time, the slowest first.
func shares(byName map[string][]float64) (out []string) {
	sum, total := map[string]float64{}, 0.0
	for name, list := range byName {
		for _, seconds := range list {
			sum[name] += seconds
			total += seconds
		}
	}
	names := slices.SortedFunc(maps.Keys(sum), func(a, b string) int { return cmp.Compare(sum[b], sum[a]) })
	for _, name := range names {
		out = append(out, fmt.Sprintf("%.1f%% of the waiting is for %s: median %s", 100*sum[name]/total, name, duration(median(byName[name]))))
	}
	return out
}
