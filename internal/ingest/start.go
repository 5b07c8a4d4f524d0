package ingest

import (
	"context"
	"time"

	"github.com/accessgraph/accessgraph/internal/store"
)

// besideLimit is how long a file may take to be read for the comparison to follow at once, in
// one view of the graph with what came before. After a longer time the graph has more likely changed,
// and the comparison takes a view of its own.
const besideLimit = time.Second

// start finds the integration. With a store that keeps copies it also reads the file, while
// the store is asked for what the comparison needs, and compares: one view of the graph
// instead of two, and nobody waits for the other. What the file gives to tell is no error of start.
func (r *entitlementsRun) start(ctx context.Context, v store.GraphView) error {
	r.found = false
	if r.out != nil { // the graph changed while it was read
		r.out.close()
		r.out, r.report = nil, r.asRead
	}
	if err := r.findIntegration(ctx, v); err != nil {
		return err
	}
	r.found = true
	r.report.Integration = r.integration.Key
	if _, can := v.(store.ImportView); !can || r.consumed {
		return nil
	}
	began := time.Now()
	out := newChanges(r.o.TempDir)
	c := comparison{run: r, view: v, out: out}
	defer c.close()
	within, cancel := context.WithCancel(ctx)
	defer cancel()
	prepared := make(chan error, 1)
	go func() { prepared <- c.prepare(within) }()
	r.consume(ctx)
	if r.readErr != nil || r.asRead.Rejected() {
		cancel()
		<-prepared //nolint:errcheck // the file decides
		return nil
	}
	if err := <-prepared; err != nil || time.Since(began) > besideLimit {
		return err
	}
	r.report = r.asRead.clone()
	r.out = out
	return c.compare(ctx)
}
