package ingest_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
	"github.com/accessgraph/accessgraph/internal/store"
)

// sink is an empty store that counts what is committed and keeps nothing, so that what is
// measured is the import's own memory.
type sink struct{ entities, grants int64 }

func (s *sink) Commit(_ context.Context, c store.Commit) (int64, error) {
	s.entities, s.grants = 0, 0
	if c.Graph == nil {
		return 0, nil
	}
	n := int64(0)
	for ch, err := range c.Graph {
		if err != nil {
			return 0, err
		}
		if n++; n%50_000 == 0 && c.Progress != nil {
			c.Progress(n)
		}
		switch {
		case ch.PutEntity != nil:
			s.entities++
		case ch.PutGrant != nil:
			s.grants++
		}
	}
	if n != c.GraphCount {
		return 0, fmt.Errorf("%d changes announced, %d came", c.GraphCount, n)
	}
	return 1, nil
}

func (s *sink) ReadGraph(ctx context.Context, read func(ctx context.Context, v store.GraphView) error) error {
	return read(ctx, emptyView{})
}

type emptyView struct{}

func (emptyView) Version() int64 { return 0 }
func (emptyView) Entities(context.Context, string, bool) iter.Seq2[*access.Entity, error] {
	return func(func(*access.Entity, error) bool) {}
}
func (emptyView) Grants(context.Context, string) iter.Seq2[access.Grant, error] {
	return func(func(access.Grant, error) bool) {}
}
func (emptyView) History(context.Context, string) iter.Seq2[access.Grant, error] {
	return func(func(access.Grant, error) bool) {}
}
func (emptyView) Applications(context.Context) ([]access.Application, error) { return nil, nil }
func (emptyView) Integrations(context.Context) ([]access.Integration, error) { return nil, nil }
func (emptyView) Employees(context.Context) iter.Seq2[*access.Employee, error] {
	return func(func(*access.Employee, error) bool) {}
}
func (emptyView) Mappings(context.Context, string) iter.Seq2[access.Mapping, error] {
	return func(func(access.Mapping, error) bool) {}
}

// generated is a file of n rows, written as it is read: identities with five grants each,
// over two projects, every third target told under the other project.
type generated struct {
	n, i  int
	plain bool // one project, as most files
	buf   bytes.Buffer
}

func (g *generated) Read(p []byte) (int, error) {
	if g.i == 0 {
		names := make([]string, 19)
		for i := range names {
			names[i] = ingest.EntitlementColumns[i].Name
		}
		g.buf.WriteString(strings.Join(names, ",") + "\n")
	}
	for g.i < g.n && g.buf.Len() < len(p) {
		u, project, t := g.i/5, "east", (g.i*7919)%(g.n/3+1)
		if g.i%3 == 0 && !g.plain {
			project = "west"
		}
		fmt.Fprintf(&g.buf, "%s,user number %d,identity,user,u-%d,user%d,user%d@company.example,resource number %d,r-%d,resource,database,read,true,active,First%d,Last,2024-03-01 08:00:00 +0000 UTC,,true\n", project, u, u, u, u, t, t, u)
		if g.i%5 == 0 {
			if !g.plain {
				project = "north"
			}
			fmt.Fprintf(&g.buf, project+",resource number %d,resource,database,r-%d,,,,,,,,,,,,,,\n", u, u)
		}
		g.i++
	}
	if g.buf.Len() == 0 {
		return 0, io.EOF
	}
	return g.buf.Read(p)
}

// TestMemoryIsBounded imports a file six times as large as the limit and measures what is
// alive at every megabyte of reading and at every stage after it.
func TestMemoryIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const limit = 8 << 20
	live := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := live()
	var peak, size uint64
	stages := map[string]bool{}
	o := options()
	o.MemoryLimit = limit
	o.TempDir = t.TempDir()
	var last time.Time
	o.Progress = func(stage string, done, _ int64) {
		stages[stage] = true
		if stage == "read" {
			size = uint64(done)
		}
		if time.Since(last) > 20*time.Millisecond {
			peak = max(peak, live())
			last = time.Now()
		}
	}
	s := &sink{}
	rep, err := ingest.NewImporter(s, nil).Entitlements(t.Context(), csvfile.Source{Name: "big.csv", Reader: &generated{n: 250_000}, Size: -1}, o)
	require.NoError(t, err)
	require.Equal(t, map[string]bool{"read": true, "compare": true, "write": true}, stages)
	require.Greater(t, size, uint64(5*limit))
	require.Equal(t, rep.Entities.Added, s.entities)
	require.Equal(t, rep.Grants.Added, s.grants)
	// The issues of the report are bounded by their number: about 3 MB here.
	require.Less(t, peak-before, uint64(limit+6<<20), "alive above the start, with a limit of %d for a file of %d", limit, size)
	t.Logf("file %d MB, alive at most %.1f MB with a limit of %d MB", size>>20, float64(peak-before)/(1<<20), limit>>20)
}

// BenchmarkEntitlements measures the import without a store ("files") and into the
// embedded store; the difference is what the store's writing takes.
func BenchmarkEntitlements(b *testing.B) {
	const rows = 200_000
	for _, c := range []struct {
		name            string
		plain, embedded bool
	}{{"files", true, false}, {"files, targets in other projects", false, false}, {"embedded", true, true}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				var s ingest.Store = &sink{}
				if c.embedded {
					s = newWorld(b).store
				}
				o := options()
				o.TempDir = b.TempDir()
				b.StartTimer()
				rep, err := ingest.NewImporter(s, nil).Entitlements(b.Context(), csvfile.Source{Name: "f", Reader: &generated{n: rows, plain: c.plain}, Size: -1}, o)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(rep.Rows), "rows")
			}
		})
	}
}
