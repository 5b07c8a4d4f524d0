package snapshot_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/snapshot"
)

// large is a graph of 320,000 entities (213,000 identities, 43,000 nested groups, 64,000
// resources) and about 1.6 million grants.
var large = sync.OnceValue(func() *snapshot.Snapshot {
	r := rand.New(rand.NewPCG(7, 9))
	d := &snapshot.Data{GraphVersion: 1, AllIntegrations: []access.Integration{{Key: "k", Name: "Company", Application: "App"}}}
	add := func(t access.EntityType, n int) []string {
		ids := make([]string, n)
		for i := range ids {
			e := &access.Entity{Integration: "k", Type: t, SourceID: fmt.Sprint(t, i), Name: fmt.Sprintf("%s %d", t, i), Status: access.StatusActive}
			e.ID = e.Key().ID()
			d.AllEntities = append(d.AllEntities, e)
			ids[i] = e.ID
		}
		return ids
	}
	people, groups, things := add(access.Identity, 213000), add(access.Connection, 43000), add(access.Resource, 64000)
	seen := map[[2]string]bool{}
	grant := func(from, to, permission string) {
		if pair := [2]string{from, to}; !seen[pair] {
			seen[pair] = true
			d.LiveGrants = append(d.LiveGrants, access.Grant{Source: from, Target: to, Permission: permission, Value: "true", Counts: true, From: time.Unix(1, 0).UTC()})
		}
	}
	for i, p := range people {
		for range 4 {
			grant(p, groups[(i/10+r.IntN(60)*67)%len(groups)], "member")
		}
	}
	for i, g := range groups {
		for range 2 {
			if i > 200 {
				grant(g, groups[r.IntN(i/3)], "member")
			}
		}
		for range 12 {
			grant(g, things[r.IntN(len(things))], []string{"read", "write", "admin"}[r.IntN(3)])
		}
		if r.IntN(50) == 0 {
			grant(groups[r.IntN(i/3+1)], g, "member") // cycles
		}
	}
	for range 170000 {
		grant(people[r.IntN(len(people))], things[r.IntN(len(things))], "read")
	}
	s, err := snapshot.Build(context.Background(), d)
	if err != nil {
		panic(err)
	}
	return s
})

// bare is a breadth-first search over everything that a row reaches, with nothing else:
// what the explanations are measured against.
type bare struct {
	to     *snapshot.Adjacency
	passes snapshot.Bits
	seen   []uint32
	stamp  uint32
	queue  []uint32
}

func newBare(s *snapshot.Snapshot) *bare {
	b := &bare{to: s.To(), seen: make([]uint32, s.Rows()), passes: snapshot.NewBits(s.Rows())}
	rows, err := s.Select(context.Background(), &filter.Filter{Type: []access.EntityType{access.Connection}}, "", time.Now())
	if err != nil {
		panic(err)
	}
	b.passes = rows
	return b
}

// search returns what it reached, in order.
func (b *bare) search(from uint32) []uint32 {
	b.stamp++
	b.queue = append(b.queue[:0], from)
	b.seen[from] = b.stamp
	reached := b.queue[:1]
	for i := 0; i < len(reached); i++ {
		if i > 0 && !b.passes.Has(reached[i]) {
			continue
		}
		for _, to := range b.to.Of(reached[i]) {
			if b.seen[to] != b.stamp {
				b.seen[to] = b.stamp
				reached = append(reached, to)
			}
		}
	}
	b.queue = reached
	return reached
}

// pairs are identities with something that each reaches, at random.
func pairs(s *snapshot.Snapshot, n int) []query.Pair {
	r, b := rand.New(rand.NewPCG(3, 4)), newBare(s)
	identities, err := s.Select(context.Background(), &filter.Filter{Type: []access.EntityType{access.Identity}}, "", time.Now())
	if err != nil {
		panic(err)
	}
	rows := identities.List()
	var out []query.Pair
	for len(out) < n {
		from := rows[r.IntN(len(rows))]
		if reached := b.search(from); len(reached) > 1 {
			out = append(out, query.Pair{From: s.ID(from), To: s.ID(reached[1+r.IntN(len(reached)-1)])})
		}
	}
	return out
}

// BenchmarkExplain measures each explanation against a bare search from the same
// identities, in turns: the metric is how many times as long it takes.
func BenchmarkExplain(b *testing.B) {
	ctx := context.Background()
	s := large()
	x := s.Reader(time.Now()).(query.Explainer)
	list := pairs(s, 2000)
	peer := newBare(s)
	var rows []uint32
	fail := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	for _, q := range []struct {
		name string
		ask  func(query.Pair)
	}{
		{"shortest", func(p query.Pair) {
			from, _ := s.Row(p.From)
			to, _ := s.Row(p.To)
			if rows = s.ShortestChain(from, to, false, rows[:0]); len(rows) < 2 {
				b.Fatal("no chain")
			}
		}},
		{"chains1", func(p query.Pair) {
			_, err := x.(query.Reader).Chains(ctx, query.ChainQuery{Pairs: []query.Pair{p}, MaxDepth: 12, First: 1})
			fail(err)
		}},
		{"chains50", func(p query.Pair) {
			_, err := x.(query.Reader).Chains(ctx, query.ChainQuery{Pairs: []query.Pair{p}, MaxDepth: 12, First: 50})
			fail(err)
		}},
		{"cut", func(p query.Pair) {
			c, err := x.Cut(ctx, query.CutQuery{From: []string{p.From}, To: []string{p.To}})
			fail(err)
			if c.Weight == 0 {
				b.Fatal("no cut")
			}
		}},
	} {
		b.Run(q.name, func(b *testing.B) {
			b.ReportAllocs()
			var asked, searched time.Duration
			n, reached := 0, 0
			for b.Loop() {
				p := list[n%len(list)]
				from, _ := s.Row(p.From)
				start := time.Now()
				reached += len(peer.search(from))
				middle := time.Now()
				q.ask(p)
				searched, asked = searched+middle.Sub(start), asked+time.Since(middle)
				n++
			}
			b.ReportMetric(float64(asked)/float64(searched), "bare")
			b.ReportMetric(float64(searched.Nanoseconds())/float64(n), "bare-ns")
			b.ReportMetric(float64(reached)/float64(n), "reached")
		})
	}
}

// BenchmarkWholeGraph measures the products of the whole small graph.
func BenchmarkWholeGraph(b *testing.B) {
	ctx := context.Background()
	s := companySnapshot()
	x := s.Reader(time.Now()).(query.Explainer)
	b.Run("critical", func(b *testing.B) {
		var c query.Critical
		for b.Loop() {
			var err error
			if c, err = x.Critical(ctx, query.CriticalQuery{}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(c.Pairs)*float64(b.N)/b.Elapsed().Seconds(), "pairs/s")
	})
	b.Run("shortest", func(b *testing.B) {
		n := 0
		for b.Loop() {
			y, err := x.Shortest(ctx, query.ShortestQuery{From: &filter.Filter{Type: []access.EntityType{access.Identity}}, To: &filter.Filter{Type: []access.EntityType{access.Resource}}}, func(query.Chain) error { return nil })
			if err != nil {
				b.Fatal(err)
			}
			n += y.Count
		}
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "chains/s")
	})
	b.Run("missing", func(b *testing.B) {
		r := rand.New(rand.NewPCG(5, 6))
		d := company()
		for b.Loop() {
			_, err := x.Missing(ctx, query.MissingQuery{From: d.AllEntities[r.IntN(20000)].ID, To: d.AllEntities[24000+r.IntN(6000)].ID})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
