package snapshot

import (
	"context"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

type rowCount struct {
	row   uint32
	count int
}

// countRelated counts, for each of rows, the distinct other rows of related that it
// reaches (forward) or that reach it; zero counts are left out. In the order of rows.
func (s *Snapshot) countRelated(ctx context.Context, rows, related Bits, forward bool) ([]rowCount, error) {
	// What has no related row at all need not be looked at.
	var some Bits
	if forward {
		var err error
		if some, err = s.backward(ctx, related, nil); err != nil {
			return nil, err
		}
	} else {
		some = s.forward(related, nil)
	}
	some.And(rows)
	list := some.List()
	out := make([]rowCount, len(list))
	const chunk = 32
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(list)/chunk+1) {
		wait.Go(func() {
			w := s.walker()
			defer s.done(w)
			for ctx.Err() == nil {
				from := int(next.Add(chunk)) - chunk
				if from >= len(list) {
					return
				}
				for i := from; i < min(from+chunk, len(list)); i++ {
					n := 0
					if forward {
						n = w.reachesOther(list[i], related, nil, nil, math.MaxInt)
					} else {
						n = w.reachedByOther(list[i], related, nil, math.MaxInt)
					}
					out[i] = rowCount{list[i], n}
				}
			}
		})
	}
	wait.Wait()
	return out, ctx.Err()
}
