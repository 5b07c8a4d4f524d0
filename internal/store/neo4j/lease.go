package neo4j

import (
	"context"
	"time"

	"github.com/google/uuid"
	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// AcquireLease takes or renews a lease by the database server's clock.
func (s *Store) AcquireLease(ctx context.Context, name, holder string, ttl time.Duration) (acquired bool, err error) {
	err = s.write(ctx, func(tx driver.ManagedTransaction) error {
		found, err := rows(ctx, tx, "lease_acquire", map[string]any{
			"name": name, "holder": holder, "ttlMillis": ttl.Milliseconds(),
		})
		acquired = len(found) > 0
		return err
	})
	return acquired, err
}

// ReleaseLease gives a lease up if holder has it.
func (s *Store) ReleaseLease(ctx context.Context, name, holder string) error {
	return s.write(ctx, func(tx driver.ManagedTransaction) error {
		_, err := rows(ctx, tx, "lease_release", map[string]any{"name": name, "holder": holder})
		return err
	})
}

// awaitLease tries to get a lease until it has it, stop says that it is no longer
// wanted, or wait is over; in the last two cases release is nil. The lease is renewed
// until release is called.
func (s *Store) awaitLease(ctx context.Context, name string, ttl, wait time.Duration, stop func() (bool, error)) (release func(), err error) {
	holder := uuid.NewString()
	limit := time.NewTimer(wait)
	defer limit.Stop()
	poll := time.NewTicker(200 * time.Millisecond)
	defer poll.Stop()
	for {
		if done, err := stop(); done || err != nil {
			return nil, err
		}
		switch got, err := s.AcquireLease(ctx, name, holder, ttl); {
		case err != nil:
			return nil, err
		case got:
			return s.keepLease(ctx, name, holder, ttl), nil
		}
		select {
		case <-ctx.Done():
			return nil, s.explain(ctx, ctx.Err())
		case <-limit.C:
			return nil, nil
		case <-poll.C:
		}
	}
}

// keepLease renews a lease until the returned function is called, which gives it up.
func (s *Store) keepLease(ctx context.Context, name, holder string, ttl time.Duration) (release func()) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	background := context.WithoutCancel(ctx)
	go func() {
		defer close(stopped)
		ticker := time.NewTicker(ttl / 3)
		defer ticker.Stop()
		for {
			select {
			case <-stop:
				return
			case <-ticker.C:
				renew, cancel := context.WithTimeout(background, ttl)
				// A lease that is lost harms nothing: batches are applied under the lock of
				// the version node, whoever applies them.
				_, _ = s.AcquireLease(renew, name, holder, ttl)
				cancel()
			}
		}
	}()
	return func() {
		close(stop)
		<-stopped
		release, cancel := context.WithTimeout(background, 5*time.Second)
		defer cancel()
		_ = s.ReleaseLease(release, name, holder)
	}
}
