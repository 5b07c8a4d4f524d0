package query

import (
	"context"
	"time"
)

// OnDemand answers by one engine, and by another, which holds the whole graph, only what
// the first cannot answer. It is for processes that ask one question and end: most need
// no copy of the graph.
type OnDemand struct {
	Engine
	Memory Engine
}

var _ WholeEngine = OnDemand{}

// Whole implements WholeEngine.
func (o OnDemand) Whole(ctx context.Context, now time.Time) (Whole, error) {
	return ReadWhole(ctx, o.Memory, now)
}
