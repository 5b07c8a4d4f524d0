package neo4j

import (
	"context"
	"strconv"
	"strings"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/accessgraph/accessgraph/internal/store"
)

const (
	// bytesPerChange is what a transaction takes of the server's memory for each change
	// (measured 6 KiB with all properties and indexes), with something to spare.
	bytesPerChange = 10 << 10
	// smallCommit is what fits any server, so that most commits need not ask.
	smallCommit = 5000
)

// isLarge reports whether the commit is to be applied in batches.
func (s *Store) isLarge(ctx context.Context, c store.Commit) (bool, error) {
	if s.maxChanges.Load() == 0 && (c.Graph != nil && c.GraphCount > smallCommit) {
		limit, err := s.memoryLimit(ctx)
		if err != nil {
			return false, err
		}
		s.maxChanges.Store(limit)
	}
	return c.Graph != nil && c.GraphCount > s.limit(), nil
}

// limit is how many changes one transaction takes, as far as is known.
func (s *Store) limit() int64 {
	if n := s.maxChanges.Load(); n > 0 {
		return n
	}
	return s.config.MaxTransaction
}

// memoryLimit asks the server how much memory transactions may take. A user who may not
// ask gets the configured limit; a commit that turns out too large falls back to batches.
func (s *Store) memoryLimit(ctx context.Context) (int64, error) {
	limit := s.config.MaxTransaction
	err := s.read(ctx, func(tx driver.ManagedTransaction) error {
		found, err := rows(ctx, tx, "server_memory", nil)
		if err != nil || len(found) == 0 {
			return err
		}
		if bytes := parseBytes(found[0].text("value")); bytes > 0 {
			limit = max(smallCommit, min(limit, bytes/bytesPerChange))
		}
		return nil
	})
	if serverCode(err) == codeForbidden {
		err = nil
	}
	return min(limit, s.config.MaxTransaction), err
}

// parseBytes reads sizes as Neo4j writes them, like "256.00MiB"; 0 when it cannot.
func parseBytes(text string) int64 {
	units := []struct {
		suffix string
		bytes  float64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}, {"B", 1}}
	for _, u := range units {
		if number, ok := strings.CutSuffix(text, u.suffix); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
			if err != nil {
				return 0
			}
			return int64(n * u.bytes)
		}
	}
	return 0
}
