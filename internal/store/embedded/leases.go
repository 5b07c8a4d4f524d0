package embedded

import (
	"context"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// AcquireLease implements store.Leases by the clock of Options.
func (s *Store) AcquireLease(ctx context.Context, name, holder string, ttl time.Duration) (bool, error) {
	if s.writes == nil {
		return false, errReadOnly
	}
	if name == "" || holder == "" || ttl <= 0 {
		return false, access.Errorf(access.CodeInvalidInput, "a lease needs a name, a holder and a time to live")
	}
	var taken bool
	err := s.writes.transact(ctx, func(t *tx) error {
		now := s.clock()
		result, err := t.run(`INSERT INTO lease (name, holder, expires_at) VALUES (?1, ?2, ?3)
  ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
  WHERE holder = excluded.holder OR expires_at <= ?4`, name, holder, now.Add(ttl).UnixMicro(), now.UnixMicro())
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		taken = n > 0
		return err
	})
	return taken && err == nil, fault("take the lease "+name, err)
}

// ReleaseLease implements store.Leases.
func (s *Store) ReleaseLease(ctx context.Context, name, holder string) error {
	if s.writes == nil {
		return errReadOnly
	}
	return fault("release the lease "+name, s.writes.transact(ctx, func(t *tx) error {
		return t.exec("DELETE FROM lease WHERE name = ? AND holder = ?", name, holder)
	}))
}
