package snapshot

import (
	"context"
	"runtime"
	"sync"
)

// ordered does pieces of work 0 … n-1 on all cores and yields their results in that
// order, a bounded number ahead of the reader. It ends at the first yield of false or at
// the end of ctx, whose error it returns, and leaves no goroutine behind.
func ordered[R any](ctx context.Context, n int, work func(ctx context.Context, piece int) R, yield func(R) bool) error {
	return orderedBy(ctx, runtime.GOMAXPROCS(0), n, work, yield)
}

// orderedBy is ordered with that many workers.
func orderedBy[R any](ctx context.Context, workers, n int, work func(ctx context.Context, piece int) R, yield func(R) bool) error {
	workers = min(workers, n)
	inner, stop := context.WithCancel(ctx)
	type job struct {
		piece int
		done  chan R
	}
	todo, line := make(chan job), make(chan job, 2*workers)
	var all sync.WaitGroup
	defer all.Wait()
	defer stop()
	for range workers {
		all.Go(func() {
			for j := range todo {
				j.done <- work(inner, j.piece)
			}
		})
	}
	all.Go(func() {
		defer close(line)
		defer close(todo)
		for piece := range n {
			j := job{piece, make(chan R, 1)}
			select {
			case line <- j:
			case <-inner.Done():
				return
			}
			todo <- j
		}
	})
	for j := range line {
		r := <-j.done
		if err := ctx.Err(); err != nil {
			return err
		}
		if !yield(r) {
			stop()
			for j := range line { // what is on its way is done with
				<-j.done
			}
			return nil
		}
	}
	return ctx.Err()
}
