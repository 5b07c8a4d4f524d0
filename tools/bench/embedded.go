package main

import (
	"context"
	"fmt"
	"iter"
	"os"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/embedded"
)

// now is the time of the imports and of the questions.
var now = time.Date(2025, 1, 15, 12, 0, 0, 0, time.UTC)

const (
	application = "Bench"
	integration = "Bench"
)

// importFile imports a file the way that the product does. It also says how long the
// commit at its end took, after reading and comparing.
func importFile(ctx context.Context, s ingest.Store, file []byte) (commit time.Duration, err error) {
	compared := time.Now()
	_, err = ingest.NewImporter(s, func() time.Time { return now }).Entitlements(ctx, csvfile.FromBytes("bench.csv", file), ingest.EntitlementsOptions{
		Application: application, Integration: integration,
		Progress: func(stage string, _, _ int64) {
			if stage != "write" {
				compared = time.Now()
			}
		},
	})
	return time.Since(compared), err
}

// benchEmbedded compares imports with raw inserts into the same tables.
func benchEmbedded(ctx context.Context, s settings, c *corpus, res *result) error {
	dir, err := os.MkdirTemp("", "accessgraph-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	n := 0
	open := func() (*embedded.Store, string, error) {
		n++
		folder := fmt.Sprintf("%s/%d", dir, n)
		st, err := embedded.Open(ctx, folder, embedded.Options{})
		return st, folder, err
	}

	// The import that the others are compared with.
	st, folder, err := open()
	if err != nil {
		return err
	}
	if _, err = importFile(ctx, st, c.first); err != nil {
		return err
	}
	g, err := readGraph(ctx, st)
	if err != nil {
		return err
	}
	if err = st.Close(); err != nil {
		return err
	}
	want, err := readTables(ctx, folder)
	if err != nil {
		return err
	}

	checked := map[string]bool{}
	// load times one way to fill a fresh store and, the first time, holds the tables to want.
	load := func(name string, fill func(st *embedded.Store, folder string) (time.Duration, error)) contender {
		return contender{name, func(ctx context.Context) (time.Duration, error) {
			st, folder, err := open()
			if err != nil {
				return 0, err
			}
			took, err := fill(st, folder)
			if err == nil {
				err = st.Close()
			}
			if err == nil && !checked[name] {
				checked[name] = true
				var got tables
				if got, err = readTables(ctx, folder); err == nil {
					err = got.equal(want)
				}
			}
			_ = os.RemoveAll(folder) // and the whole folder at the end
			return took, err
		}}
	}
	const whole, commit, raw = "import from CSV", "commit of rows in memory", "raw sorted inserts of rows in memory"
	times, err := interleave(ctx, 1, s.ImportRounds, []contender{
		load(whole, func(st *embedded.Store, _ string) (time.Duration, error) {
			return timed(func() error { _, err := importFile(ctx, st, c.first); return err })
		}),
		load(raw, func(st *embedded.Store, folder string) (time.Duration, error) {
			if err := st.Close(); err != nil { // it has made the tables
				return 0, err
			}
			return rawInserts(ctx, folder, want)
		}),
		load(commit, func(st *embedded.Store, _ string) (time.Duration, error) {
			return timed(func() error {
				_, err := st.Commit(ctx, store.Commit{At: now, Graph: g.changes(), GraphCount: int64(len(g.entities) + len(g.grants) + 2)})
				return err
			})
		}),
	})
	if err != nil {
		return err
	}
	detail := fmt.Sprintf("%d entities, %d grants", len(g.entities), len(g.grants))
	res.add(comparison{Part: "import", Name: "embedded: import from CSV vs raw inserts", Detail: detail + "; the import also reads and validates the file", Ours: times[0], Peer: times[1], Goal: 0.5})
	res.add(comparison{Part: "import", Name: "embedded: commit vs raw inserts", Detail: detail + ", both from rows in memory", Ours: times[2], Peer: times[1], Goal: 0.5})
	return nil
}

// graphRows is a graph in memory, as changes of one commit.
type graphRows struct {
	application access.Application
	integration access.Integration
	entities    []*access.Entity
	grants      []access.Grant
}

func readGraph(ctx context.Context, st store.Graph) (*graphRows, error) {
	var g *graphRows
	err := st.ReadGraph(ctx, func(ctx context.Context, v store.GraphView) error {
		g = &graphRows{}
		applications, err := v.Applications(ctx)
		if err != nil {
			return err
		}
		integrations, err := v.Integrations(ctx)
		if err != nil {
			return err
		}
		g.application, g.integration = applications[0], integrations[0]
		for e, err := range v.Entities(ctx, "", false) {
			if err != nil {
				return err
			}
			g.entities = append(g.entities, e)
		}
		for grant, err := range v.Grants(ctx, "") {
			if err != nil {
				return err
			}
			g.grants = append(g.grants, grant)
		}
		return nil
	})
	return g, err
}

func (g *graphRows) changes() iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		if !yield(store.Change{PutApplication: &g.application}, nil) || !yield(store.Change{PutIntegration: &g.integration}, nil) {
			return
		}
		for _, e := range g.entities {
			if !yield(store.Change{PutEntity: e}, nil) {
				return
			}
		}
		for i := range g.grants {
			if !yield(store.Change{PutGrant: &g.grants[i]}, nil) {
				return
			}
		}
	}
}
