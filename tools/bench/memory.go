package main

import (
	"fmt"
	"runtime"
)

// The budgets of a snapshot, at 1.5 million entities and 10 million grants.
const (
	grantBudget  = 40  // bytes a grant: its place, its pair both ways and what it gives
	entityBudget = 150 // bytes an entity, besides its texts
)

// heap is what the program has allocated and still uses.
func heap() int64 {
	runtime.GC()
	runtime.GC() // what finalizers let go
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc) //nolint:gosec // fits
}

// memoryOf tells what the snapshot of a graph takes, in bytes a grant and an entity.
func (b *scale) memoryOf(name string) error {
	g, err := b.graph(name)
	if err != nil {
		return err
	}
	size := g.snapshot().Size()
	one := func(name string, v float64) series { return series{name, []float64{v}} }
	detail := fmt.Sprintf("%s; %.0f MB in all: identities %.0f, attributes %.0f, grants %.0f, pairs both ways %.0f, closures %.0f, texts %.0f, people %.0f, answers kept %.0f; the program's memory grew by %.0f MB when it was loaded",
		g.describe(), mb(size.Total()), mb(size.Identities), mb(size.Attributes), mb(size.Table+size.Dictionary), mb(size.Adjacency), mb(size.Topology), mb(size.Texts), mb(size.People), mb(size.Kept), mb(g.heap))
	line := func(what string, ours float64, budget float64) {
		b.res.add(comparison{Part: partGrowth, Size: name, Name: what + ", " + name, Detail: detail, Ours: one("snapshot", ours), Peer: one("budget", budget), Unit: "B", Cost: true, Goal: 1})
	}
	line("bytes a grant", size.PerGrant(), grantBudget)
	line("bytes an entity, besides its texts", size.PerEntity(), entityBudget)
	b.s.log("%s: %.1f bytes a grant, %.1f an entity; %s", name, size.PerGrant(), size.PerEntity(), detail)
	return nil
}

func mb(bytes int64) float64 { return float64(bytes) / 1e6 }

// flat compares the bytes of a grant with those of the smallest size.
func (b *scale) flat(small, large *sized) {
	b.res.add(comparison{
		Part: partGrowth, Size: large.Name, Name: fmt.Sprintf("bytes a grant, %s vs %s", large.Name, small.Name), Detail: "flat: at most a tenth more",
		Ours: series{large.Name, []float64{large.snapshot().Size().PerGrant()}}, Peer: series{small.Name, []float64{small.snapshot().Size().PerGrant()}}, Unit: "B", Cost: true, Goal: 1.1,
	})
}
