package embedded

import (
	"context"
	"sort"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/changelog"
)

// progressEvery is how many changes lie between two calls of Commit.Progress.
const progressEvery = 1024

// Commit implements store.Committer. Commits run one after the other, each as one
// transaction; memory does not grow with the number of changes. A grant between entities
// that are not live, an entity without its integration, and a mapping or owner that is no
// known employee are INVALID_INPUT.
func (s *Store) Commit(ctx context.Context, c store.Commit) (int64, error) {
	if s.writes == nil {
		return 0, errReadOnly
	}
	if c.At.IsZero() {
		c.At = s.clock()
	}
	var version int64
	err := s.writes.transact(ctx, func(t *tx) error {
		if err := t.expect(c.Expect); err != nil {
			return err
		}
		a, err := newApplier(t, c.At, s.known)
		if err != nil {
			return err
		}
		if c.Anew {
			a.log.Forget()
		}
		if c.Graph != nil {
			if err := a.applyAll(c); err != nil {
				return err
			}
		}
		for i := range c.Records {
			if err := t.writeRecord(&c.Records[i]); err != nil {
				return err
			}
		}
		for i := range c.Audit {
			if err := t.appendAudit(&c.Audit[i], c.At); err != nil {
				return err
			}
		}
		_, err = t.get([]any{&version}, "SELECT version FROM graph_version")
		return err
	})
	if err != nil {
		return 0, fault("save", err)
	}
	return version, nil
}

var errReadOnly = access.Errorf(access.CodeUnavailable, "the store was opened read-only")

// expect checks the preconditions, in the order of keys so that the message is always the same.
func (t *tx) expect(revisions map[string]int64) error {
	keys := make([]string, 0, len(revisions))
	for key := range revisions {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for _, key := range keys {
		var present int64
		if _, err := t.get([]any{&present}, "SELECT revision FROM integration WHERE key = ?", key); err != nil {
			return err
		}
		if present != revisions[key] {
			return access.Errorf(access.CodeConflict,
				"the integration %q was changed meanwhile (revision %d, expected %d): try again", key, present, revisions[key])
		}
	}
	return nil
}

// applier applies the graph changes of one commit, one prepared statement a change:
// statements of many rows were measured to be slower, in modernc's SQLite by a third.
type applier struct {
	*tx
	at      time.Time
	ids     *index
	touched map[int64]bool // integrations whose revision advances
	log     changelog.Log
}

func newApplier(t *tx, at time.Time, known int) (*applier, error) {
	ids, err := newIndex(t, known)
	if err != nil {
		return nil, err
	}
	return &applier{tx: t, at: at, ids: ids, touched: map[int64]bool{}, log: changelog.Log{Max: t.w.remember}}, nil
}

func (a *applier) applyAll(c store.Commit) error {
	var done int64
	for change, err := range c.Graph {
		if err != nil {
			return err
		}
		if err := a.caller.Err(); err != nil {
			return err
		}
		if err := a.apply(&change); err != nil {
			return err
		}
		a.log.Add(&change)
		done++
		if c.Progress != nil && done%progressEvery == 0 {
			c.Progress(done)
		}
	}
	if done == 0 {
		return nil
	}
	for n := range a.touched {
		if err := a.exec("UPDATE integration SET revision = revision + 1 WHERE n = ?", n); err != nil {
			return err
		}
	}
	if c.Progress != nil {
		c.Progress(done)
	}
	return a.advance()
}

func (a *applier) apply(c *store.Change) error {
	switch {
	case c.PutGrant != nil:
		return a.putGrant(c.PutGrant)
	case c.PutEntity != nil:
		return a.putEntity(c.PutEntity)
	case c.RemoveGrant != nil:
		return a.removeGrant(c.RemoveGrant)
	case c.RemoveEntity != "":
		return a.removeEntity(c.RemoveEntity)
	case c.PutApplication != nil:
		return a.putApplication(c.PutApplication)
	case c.PutIntegration != nil:
		return a.putIntegration(c.PutIntegration)
	case c.PutEmployee != nil:
		return a.putEmployee(c.PutEmployee)
	case c.PutMapping != nil:
		return a.putMapping(c.PutMapping)
	case c.RemoveMapping != "":
		return a.removeMapping(c.RemoveMapping)
	case c.PutOwners != nil:
		return a.putOwners(c.PutOwners)
	case c.PutLabels != nil:
		return a.putLabels(c.PutLabels)
	case c.PutInsights != nil:
		return a.putInsights(c.PutInsights)
	}
	return access.Errorf(access.CodeInvalidInput, "a change without content")
}
