package snapshot

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// share does n pieces of work on all cores, chunk after chunk, each worker with a walker of
// its own. It stops at the end of ctx, whose error it returns.
func (s *Snapshot) share(ctx context.Context, n, chunk int, work func(w *walker, from, to int)) error {
	if n <= chunk { // not worth a goroutine
		if err := ctx.Err(); err != nil || n == 0 {
			return err
		}
		w := s.walker()
		defer s.done(w)
		work(w, 0, n)
		return ctx.Err()
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (n+chunk-1)/chunk) {
		wait.Go(func() {
			w := s.walker()
			defer s.done(w)
			for ctx.Err() == nil {
				from := int(next.Add(int64(chunk))) - chunk
				if from >= n {
					return
				}
				work(w, from, min(from+chunk, n))
			}
		})
	}
	wait.Wait()
	return ctx.Err()
}
