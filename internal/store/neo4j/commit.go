package neo4j

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// batchSize is how many changes are applied by one round of statements.
const batchSize = 5000

var (
	errMustResume = errors.New("a change set is pending")
	errTooLarge   = errors.New("too large for one transaction")
)

// Commit applies c. Commits with graph changes run one after the other; those of
// records alone only wait for others on the same records. Above Config.MaxTransaction
// changes, or when the server's memory does not take one transaction, the change set is
// applied in batches. Once such a change set is complete in the database it will be
// applied, also if ctx ends or this process does. A large commit into a graph without
// entities is written by several transactions at once and undone if it does not get to its end.
//
// A grant between entities that are not live, an entity without its integration, and a
// mapping or owner that is no known employee are INVALID_INPUT.
func (s *Store) Commit(ctx context.Context, c store.Commit) (int64, error) {
	if c.At.IsZero() {
		c.At = time.Now()
	}
	for i := range c.Records {
		if _, err := checkRecord(&c.Records[i]); err != nil {
			return 0, err
		}
	}
	large, err := s.isLarge(ctx, c)
	if err != nil {
		return 0, err
	}
	first := c.Graph != nil && c.GraphCount >= s.firstLoad
	for {
		var version int64
		var err error
		if first {
			version, err = s.loadFirst(ctx, c)
		} else if large {
			version, err = s.load(ctx, c)
		} else {
			version, err = s.commitOnce(ctx, c)
		}
		switch {
		case errors.Is(err, errNotFirst):
			first = false
		case errors.Is(err, errMustResume):
			if err := s.resume(ctx, forever); err != nil {
				return 0, err
			}
		case errors.Is(err, errTooLarge) && c.Graph != nil && !large:
			large = true
			s.maxChanges.Store(min(s.limit(), max(smallCommit, c.GraphCount/2))) // do not try so many again
		case err != nil || c.Graph == nil:
			return version, err
		default:
			s.tendCopies(ctx, c.Expect, large)
			return version, nil
		}
	}
}

// commitOnce is a commit in one transaction.
func (s *Store) commitOnce(ctx context.Context, c store.Commit) (version int64, err error) {
	var own error // what is no failure of the database
	var staleCopy string
	err = s.writeGraph(ctx, func(tx driver.ManagedTransaction) error {
		own = nil
		if c.Graph != nil || len(c.Expect) > 0 {
			if _, err := s.lock(ctx, tx, c.Expect); err != nil {
				own = notServer(err)
				return err
			}
		}
		a := newApplier(ctx, tx, c.At)
		if c.Anew {
			a.log.Forget()
		}
		if c.Graph != nil {
			w := newCopyWriter(nil)
			watched := c
			watched.Graph = w.watch(c.Graph)
			done, err := a.applyAll(watched, s.limit())
			if err != nil {
				own = notServer(err)
				return err
			}
			if done > 0 {
				if err := a.advance(); err != nil {
					return err
				}
				if staleCopy, err = a.putCopy(w, s.smallDeltas); err != nil {
					return err
				}
			}
		}
		if err := writeRecords(ctx, tx, c.Records, true); err != nil {
			return err
		}
		if err := appendAudit(ctx, tx, c.Audit, c.At); err != nil {
			return err
		}
		st, err := readState(ctx, tx)
		version = st.version
		return err
	})
	switch {
	case err == nil:
		if staleCopy != "" {
			s.wantCopies.Store(staleCopy, true)
		}
		return version, nil
	case own != nil:
		return 0, s.explainOwn(ctx, own)
	case memoryIsFull(err):
		return 0, errTooLarge
	}
	return 0, err
}

// explainOwn keeps what Commit itself looks for.
func (s *Store) explainOwn(ctx context.Context, err error) error {
	if errors.Is(err, errMustResume) || errors.Is(err, errTooLarge) || errors.Is(err, errNotFirst) {
		return err
	}
	return s.explain(ctx, err)
}

func memoryIsFull(err error) bool {
	code := serverCode(err)
	return code == codeTxMemory || code == codeOutOfMemory
}

// notServer returns err unless it is the database's, which is to be tried again or explained.
func notServer(err error) error {
	if serverCode(err) != "" || driver.IsConnectivityError(err) || errors.As(err, new(*driver.ConnectivityError)) {
		return nil
	}
	return err
}

// lock takes the version node's lock, so that no other graph commit runs, and checks
// what is expected of the integrations.
func (s *Store) lock(ctx context.Context, tx driver.ManagedTransaction, expect map[string]int64) (version int64, err error) {
	found, err := rows(ctx, tx, "version_lock", nil)
	if err != nil {
		return 0, err
	}
	if len(found) == 0 {
		return 0, errNoVersion()
	}
	if found[0].text("pending") != "" {
		return 0, errMustResume
	}
	keys := slices.Sorted(maps.Keys(expect))
	if len(keys) > 0 {
		revisions, err := rows(ctx, tx, "integrations_revisions", map[string]any{"keys": keys})
		if err != nil {
			return 0, err
		}
		for _, r := range revisions {
			key, present := r.text("key"), r.int("revision")
			if present != expect[key] {
				return 0, access.Errorf(access.CodeConflict,
					"the integration %q was changed meanwhile (revision %d, expected %d): try again", key, present, expect[key])
			}
		}
	}
	return found[0].int("version"), nil
}

// applyAll applies the whole sequence and returns how many changes it had.
func (a *applier) applyAll(c store.Commit, limit int64) (done int64, err error) {
	b, gone := &changes{}, map[string]bool{}
	flush := func() error {
		if err := a.apply(b); err != nil {
			if memoryIsFull(err) {
				return errTooLarge
			}
			return err
		}
		done += int64(b.size)
		b = &changes{}
		if c.Progress != nil {
			c.Progress(done)
		}
		return nil
	}
	for change, err := range c.Graph {
		if err != nil {
			return done, err
		}
		if err := b.add(&change, gone); err != nil {
			return done, err
		}
		a.log.Add(&change)
		if b.size >= batchSize {
			if err := flush(); err != nil {
				return done, err
			}
			if done >= limit {
				return done, errTooLarge
			}
		}
	}
	if b.size > 0 {
		err = flush()
	}
	return done, err
}

// advance ends the graph part of a commit.
func (a *applier) advance() error {
	if err := execRows(a, "integrations_touch", "keys", slices.Sorted(maps.Keys(a.touched))); err != nil {
		return err
	}
	return a.nextVersion()
}
