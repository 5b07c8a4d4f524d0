package neo4j

import (
	"context"
	"time"
)

const defaultLoadLease = 10 * time.Second

func (s *Store) resume(ctx context.Context, wait time.Duration) error { return nil }
