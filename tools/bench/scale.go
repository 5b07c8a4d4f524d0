package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/snapshot"
	"github.com/accessgraph/accessgraph/internal/store/embedded"
)

// The parts that measure the memory engine at scale, in their order.
const (
	partEveryone = "everyone" // everyone's effective access, counted
	partExport   = "export"   // … written
	partAPI      = "api"      // one identity's reach through HTTP
	partLists    = "lists"    // pages of entities by what they reach
	partFacets   = "facets"
	partExplain  = "explain" // chains and cuts
	partMixed    = "mixed"   // many clients
	partRefresh  = "refresh"
	partStart    = "start"
	partGrowth   = "growth"
)

var scaleParts = []string{partEveryone, partExport, partLists, partAPI, partFacets, partExplain, partMixed, partGrowth, partRefresh, partStart}

// scale is one run of these parts.
type scale struct {
	ctx     context.Context //nolint:containedctx // of one run
	s       settings
	res     *result
	sizes   map[string]graphSize
	graphs  map[string]*sized
	db      *database // nil without Neo4j
	inDB    string    // the name of the graph that the database holds
	program string    // the product, built
}

// benchScale measures the parts that are asked for.
func benchScale(ctx context.Context, s settings, res *result) error {
	b := &scale{ctx: ctx, s: s, res: res, sizes: s.graphSizes, graphs: map[string]*sized{}}
	defer b.close()
	if s.server.uri != "" && (s.has(partEveryone) || s.has(partLists) || s.has(partAPI)) {
		db, err := connect(ctx, s.server)
		if err != nil {
			return err
		}
		defer db.close(ctx)
		if err := db.requireEmpty(ctx, s.wipe || res.Machine.Neo4j != ""); err != nil { // what an earlier part left is ours
			return err
		}
		if res.Machine.Neo4j, err = db.version(ctx); err != nil {
			return err
		}
		b.db = db
	} else if s.server.uri == "" {
		res.skip("all comparisons with Cypher: ACCESSGRAPH_NEO4J_URI is not set; scripts/bench starts a server")
	}
	for _, part := range []struct {
		name string
		run  func() error
	}{
		{partEveryone, b.everyone}, {partExport, b.export}, {partLists, b.lists}, {partAPI, b.api}, {partFacets, b.facets}, {partExplain, b.explain},
		{partMixed, b.mixed}, {partGrowth, b.growth}, {partRefresh, b.refresh}, {partStart, b.start},
	} {
		if !s.has(part.name) {
			continue
		}
		took, err := timed(part.run)
		if err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
		s.log("%s: %.0f s", part.name, took.Seconds())
	}
	return nil
}

func (b *scale) close() {
	for _, g := range b.graphs {
		g.close()
	}
	if b.program != "" {
		_ = os.RemoveAll(filepath.Dir(b.program)) // a temporary folder
	}
}

// sized is a graph of one size, in every form that is compared.
type sized struct {
	*model
	csr    *csr
	oracle *oracle
	ids    []string

	store  *embedded.Store
	engine *snapshot.Engine
	rows   []uint32 // entity → row of the snapshot
	built  time.Duration
	heap   int64 // by how much the program's memory grew
}

// graph makes a graph ready: the snapshot is loaded from an embedded store, as the
// product does it.
func (b *scale) graph(name string) (*sized, error) {
	if g, ok := b.graphs[name]; ok {
		return g, nil
	}
	g := &sized{model: newModel(b.sizes[name], b.s.Seed)}
	g.csr, g.ids = newCSR(g.model), g.model.ids()
	var err error
	if g.oracle, err = newOracle(g.model); err != nil {
		return nil, err
	}
	folder, err := g.storeFolder(b.ctx, b.s.log)
	if err != nil {
		return nil, err
	}
	if g.store, err = embedded.Open(b.ctx, folder, embedded.Options{ReadOnly: true}); err != nil {
		return nil, err
	}
	b.graphs[name] = g
	g.engine = snapshot.NewEngine(g.store)
	before := heap()
	if g.built, err = timed(func() error { return g.engine.Refresh(b.ctx) }); err != nil {
		return nil, err
	}
	g.heap = heap() - before
	s := g.engine.Current()
	if st := s.Stats(); st.Entities != g.entities() || st.Grants != g.grants() || st.Pairs != g.csr.edges() {
		return nil, fmt.Errorf("the snapshot of %s has %+v, not %d entities, %d grants and %d pairs", name, st, g.entities(), g.grants(), g.csr.edges())
	}
	g.rows = make([]uint32, g.entities())
	for n, id := range g.ids {
		row, ok := s.Row(id)
		if !ok {
			return nil, fmt.Errorf("the snapshot of %s lacks entity %s", name, g.sourceID(uint32(n))) //nolint:gosec // an index
		}
		g.rows[n] = row
	}
	b.s.log("%s: %d entities, %d grants, %d pairs of effective access; snapshot loaded in %.1f s", name, g.entities(), g.grants(), g.oracle.Pairs, g.built.Seconds())
	return g, nil
}

// largest is the largest graph that this run may use.
func (b *scale) largest() string {
	for _, name := range []string{"L", "M"} {
		if _, ok := b.sizes[name]; ok {
			return name
		}
	}
	return "S"
}

// has reports whether all the sizes are in this run, and notes what is left out if not.
func (b *scale) hasSizes(what string, names ...string) bool {
	for _, name := range names {
		if _, ok := b.sizes[name]; !ok {
			b.res.skip(what + ": size " + name + " is not asked for (-size)")
			return false
		}
	}
	return true
}

// release forgets a graph, so that the next large one has room.
func (b *scale) release(name string) {
	if g, ok := b.graphs[name]; ok {
		g.close()
		delete(b.graphs, name)
		debug.FreeOSMemory()
	}
}

func (g *sized) close() {
	if g.store != nil {
		_ = g.store.Close() // it was only read
	}
}

func (g *sized) snapshot() *snapshot.Snapshot { return g.engine.Current() }

func (g *sized) reader() query.Reader { return g.snapshot().Reader(now) }

func (g *sized) describe() string {
	return fmt.Sprintf("%s: %d entities, %d grants", g.Name, g.entities(), g.grants())
}

// settle is how long a contender waits for the threads of the one before it: those of
// some libraries go on looking for work for a while.
const settle = 20 * time.Millisecond

// race lets contenders take turns; the garbage of what came before is not theirs.
func (b *scale) race(warmup, rounds int, contenders ...contender) ([]series, error) {
	runtime.GC()
	for i, c := range contenders {
		contenders[i].run = func(ctx context.Context) (time.Duration, error) {
			time.Sleep(settle)
			return c.run(ctx)
		}
	}
	return interleave(b.ctx, warmup, rounds, contenders)
}

// skip notes a comparison that this run could not make.
func (r *result) skip(what string) {
	if !slices.Contains(r.Skipped, what) {
		r.Skipped = append(r.Skipped, what)
	}
}

// percentile of sorted or unsorted values, by nearest rank.
func percentile(values []float64, p float64) float64 {
	v := slices.Sorted(slices.Values(values))
	return v[min(int(p*float64(len(v))), len(v)-1)]
}
