package query

import (
	"context"
	"time"
)

// Engine hands out readers. A reader is for one request: it answers every question of
// the request for the same Now and, on the memory engine, for the same graph version.
type Engine interface {
	// Reader returns a reader of the present state: every write that was acknowledged
	// before the call is seen. A memory engine may have to refresh its snapshot first.
	Reader(ctx context.Context, now time.Time) (Reader, error)
}
