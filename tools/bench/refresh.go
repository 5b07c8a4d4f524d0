package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/snapshot"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/embedded"
)

// difference is 1 % of the grants of a graph: half of them end, and as many begin.
type difference struct {
	gone, added []access.Grant
}

func (g *sized) difference() difference {
	r := rand.New(rand.NewPCG(g.seed, 6)) //nolint:gosec // a sample
	n := max(g.grants()/200, 1)
	var d difference
	taken := map[int]bool{}
	for len(d.gone) < n {
		if i := r.IntN(g.grants()); !taken[i] {
			taken[i] = true
			grant := access.Grant{Source: g.ids[g.from[i]], Target: g.ids[g.to[i]], Permission: modelPermissions[g.permit[i]], Value: "true", Counts: g.gives[i]}
			if !grant.Counts {
				grant.Value = "false"
			}
			d.gone = append(d.gone, grant)
		}
	}
	pairs := map[pairOf]bool{}
	for len(d.added) < n {
		p := pairOf{uint32(r.IntN(g.People)), g.firstResource() + uint32(r.IntN(g.Resources))} //nolint:gosec // an index
		if !pairs[p] {
			pairs[p] = true
			d.added = append(d.added, access.Grant{Source: g.ids[p.from], Target: g.ids[p.to], Permission: "temporary", Value: "true", Counts: true})
		}
	}
	return d
}

// changes are the difference as changes of a commit; back takes it away again.
func (d difference) changes(back bool) (seq iter.Seq2[store.Change, error], n int64) {
	end, begin := d.gone, d.added
	if back {
		end, begin = begin, end
	}
	return func(yield func(store.Change, error) bool) {
		for i := range end {
			key := end[i].Key()
			if !yield(store.Change{RemoveGrant: &key}, nil) {
				return
			}
		}
		for i := range begin {
			grant := begin[i]
			if !yield(store.Change{PutGrant: &grant}, nil) {
				return
			}
		}
	}, int64(len(end) + len(begin))
}

// refresh commits a change of 1 % to the largest graph, again and again, and compares how
// long the engine takes to follow with loading everything, and reads during it with reads before.
func (b *scale) refresh() error {
	name := b.largest()
	for other := range b.graphs {
		if other != name {
			b.release(other)
		}
	}
	g, err := b.graph(name)
	if err != nil {
		return err
	}
	folder, remove, err := g.scratchStore(b.ctx, b.s.log)
	if err != nil {
		return err
	}
	defer remove()
	st, err := embedded.Open(b.ctx, folder, embedded.Options{})
	if err != nil {
		return err
	}
	// The saved snapshot is begun with; loads are timed below.
	engine := snapshot.NewEngine(st, snapshot.WithFolder(folder, false))
	err = b.refreshOn(g, st, engine)
	return errors.Join(err, engine.Close(), st.Close())
}

func (b *scale) refreshOn(g *sized, st *embedded.Store, engine *snapshot.Engine) error {
	if err := engine.Refresh(b.ctx); err != nil {
		return err
	}
	begun := engine.Renewals().Loaded
	d := g.difference()
	people, _, _ := g.pairsOf(pairSample)
	const rounds = 3
	followed, loaded := series{Name: "the engine follows"}, series{Name: "a full load"}
	during, before := series{Name: "p99 during the refresh"}, series{Name: "p99 before"}
	for round := range rounds {
		changes, n := d.changes(round%2 == 1)
		took, err := timed(func() error {
			_, err := st.Commit(b.ctx, store.Commit{At: now.Add(time.Duration(round+1) * time.Hour), Graph: changes, GraphCount: n})
			return err
		})
		if err != nil {
			return err
		}
		calm, err := b.readWhile(g, engine, people, func() error { time.Sleep(500 * time.Millisecond); return nil })
		if err != nil {
			return err
		}
		var refreshed time.Duration
		busy, err := b.readWhile(g, engine, people, func() (err error) {
			refreshed, err = timed(func() error { return engine.Refresh(b.ctx) })
			return err
		})
		if err != nil {
			return err
		}
		followed.Seconds = append(followed.Seconds, refreshed.Seconds())
		before.Seconds, during.Seconds = append(before.Seconds, percentile(calm, 0.99)), append(during.Seconds, percentile(busy, 0.99))

		// The same change by a full load, which also is what the answers are checked by.
		fresh := snapshot.NewEngine(st)
		full, err := timed(func() error { return fresh.Refresh(b.ctx) })
		if err != nil {
			return err
		}
		loaded.Seconds = append(loaded.Seconds, full.Seconds())
		if err := b.sameSnapshots(g, engine.Current(), fresh.Current(), d, round%2 == 0); err != nil {
			return err
		}
		b.s.log("refresh of %d changes: commit %.1f s, refresh %.2f s, full load %.1f s; reads p99 %s before, %s during", n, took.Seconds(), refreshed.Seconds(), full.Seconds(),
			duration(percentile(calm, 0.99)), duration(percentile(busy, 0.99)))
	}
	if n := engine.Renewals().Loaded - begun; n > 0 {
		return fmt.Errorf("%d of %d refreshes loaded everything", n, rounds)
	}
	detail := fmt.Sprintf("%s; 1 %% of the grants: half end, half begin", g.describe())
	b.res.add(comparison{Part: partRefresh, Size: g.Name, Name: fmt.Sprintf("refresh after a 1 %% change vs a full load, %s", g.Name), Detail: detail, Ours: followed, Peer: loaded, Cost: true, Goal: 0.05})
	b.res.add(comparison{Part: partRefresh, Size: g.Name, Name: fmt.Sprintf("reads during that refresh vs before, p99, %s", g.Name), Detail: detail + "; first pages of one identity's reach, one after the other", Ours: during, Peer: before, Cost: true, Goal: 2})
	return nil
}

// readWhile asks for pages of reach, one after the other, as long as work goes on, and
// returns how long each took.
func (b *scale) readWhile(g *sized, engine *snapshot.Engine, people []uint32, work func() error) ([]float64, error) {
	var done atomic.Bool
	var took []float64
	var failed error
	var reads sync.WaitGroup
	reads.Go(func() {
		for i := 0; !done.Load() || i == 0; i++ {
			t, err := timed(func() error { return readOnce(b.ctx, engine, g.ids[people[i%len(people)]]) })
			if err != nil {
				failed = err
				return
			}
			took = append(took, t.Seconds())
		}
	})
	err := work()
	done.Store(true)
	reads.Wait()
	return took, errors.Join(err, failed)
}

func readOnce(ctx context.Context, engine *snapshot.Engine, id string) error {
	r, ok := engine.Held(now)
	if !ok {
		return errors.New("the engine holds no snapshot")
	}
	pages, err := r.Effective(ctx, query.EffectiveQuery{Of: []string{id}, Direction: filter.HasAccessTo, Page: query.Page{First: firstPage, WithTotal: true}})
	if err == nil && pages[0].Total == 0 {
		err = fmt.Errorf("%s reaches nothing", id)
	}
	return err
}

// sameSnapshots compares what the refreshed and the loaded snapshot say about everybody's
// access, and that what ended is gone and what began is there.
func (b *scale) sameSnapshots(g *sized, got, want *snapshot.Snapshot, d difference, applied bool) error {
	if got.Stats() != want.Stats() {
		return fmt.Errorf("the refreshed snapshot has %+v, a loaded one %+v", got.Stats(), want.Stats())
	}
	var x, y []uint32
	for i := 0; i < g.People; i += max(g.People/5_000, 1) {
		rowGot, _ := got.Row(g.ids[i])
		rowWant, _ := want.Row(g.ids[i])
		x, y = got.Reach(rowGot, x[:0]), want.Reach(rowWant, y[:0])
		if len(x) != len(y) {
			return fmt.Errorf("person %d reaches %d entities after the refresh, not %d", i, len(x), len(y))
		}
		sum := uint64(0)
		for _, row := range x {
			sum += textSum(got.ID(row))
		}
		for _, row := range y {
			sum -= textSum(want.ID(row))
		}
		if sum != 0 {
			return fmt.Errorf("person %d reaches other entities after the refresh", i)
		}
	}
	for _, grant := range d.added[:min(len(d.added), 1000)] {
		source, _ := got.Row(grant.Source)
		target, _ := got.Row(grant.Target)
		found := false
		for _, to := range got.To().Of(source) {
			found = found || to == target
		}
		if !found && applied {
			return fmt.Errorf("the new grant %s → %s is not in the refreshed snapshot", grant.Source, grant.Target)
		}
	}
	return nil
}

// textSum is a checksum of an id (FNV-1a, 64 bits).
func textSum(text string) uint64 {
	sum := uint64(14695981039346656037)
	for i := range len(text) {
		sum = (sum ^ uint64(text[i])) * 1099511628211
	}
	return sum
}
