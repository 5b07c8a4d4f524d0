package neo4j

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"
	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"golang.org/x/sync/errgroup"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// The first load. A graph without entities has no state in between that a failed load
// could leave beyond repair: deleting all entities is the state before it. So a large commit into
// one needs no copy of its changes in the database. It marks the version node, several transactions
// at once write entities and then grants, and the last transaction writes all the rest, the version
// included. Whoever finds the mark of a load whose process died undoes it.

const (
	// defaultFirstLoad is from how many changes on that pays.
	defaultFirstLoad = 20_000
	// firstBatch is how many entities or grants one of the transactions writes: few, since
	// what a transaction holds is what the server's garbage collector copies.
	firstBatch = 1000
)

var (
	errNotFirst   = errors.New("not a first load")
	errUnfinished = errors.New("a first load was not finished")
)

func errLoadLost() error {
	return access.Errorf(access.CodeConflict, "another server took over while this import was being written: try again")
}

// firstLoad is a first load under way.
type firstLoad struct {
	s     *Store
	id    string
	c     store.Commit
	gates chan string

	caller  context.Context
	workers *errgroup.Group
	ctx     context.Context // ends when a worker fails
	batches atomic.Int64

	report sync.Mutex
	done   int64
}

// loadFirst commits c as a first load; errNotFirst when the graph is not empty or c is more
// than entities, grants and what is said about them.
func (s *Store) loadFirst(ctx context.Context, c store.Commit) (int64, error) {
	if empty, err := s.noEntities(ctx); err != nil {
		return 0, err
	} else if !empty {
		return 0, errNotFirst
	}
	release, err := s.awaitLease(ctx, loadLeaseName, s.loadLease, forever, func() (bool, error) { return false, nil })
	if err != nil {
		return 0, err
	}
	defer release()
	if err := s.applyPending(ctx, &loading{}, nil); err != nil {
		return 0, err
	}
	l := &firstLoad{s: s, id: uuid.NewString(), c: c}
	if err := l.begin(ctx); err != nil {
		return 0, err
	}
	version, err := l.run(ctx)
	if err != nil {
		// Should this fail as well, the next commit or start does it.
		_ = s.undoFirst(context.WithoutCancel(ctx), l.id)
		return 0, err
	}
	return version, nil
}

func (s *Store) noEntities(ctx context.Context) (empty bool, err error) {
	err = s.read(ctx, func(tx driver.ManagedTransaction) error {
		empty, err = noEntities(ctx, tx)
		return err
	})
	return empty, err
}

func noEntities(ctx context.Context, tx driver.ManagedTransaction) (bool, error) {
	found, err := rows(ctx, tx, "first_entities", nil)
	return err == nil && found[0].int("entities") == 0, err
}

// begin checks what can be checked beforehand and marks the version node.
func (l *firstLoad) begin(ctx context.Context) error {
	var own error
	err := l.s.write(ctx, func(tx driver.ManagedTransaction) error {
		own = nil
		if _, err := l.s.lock(ctx, tx, l.c.Expect); err != nil {
			own = notServer(err)
			return err
		}
		empty, err := noEntities(ctx, tx)
		if err == nil && !empty {
			own = errNotFirst
			return own
		}
		if err == nil {
			err = checkTail(ctx, tx, l.c)
		}
		if err != nil {
			own = notServer(err)
			return err
		}
		found, err := rows(ctx, tx, "first_begin", map[string]any{"id": l.id, "gates": l.s.config.LoadWorkers})
		l.gates = make(chan string, len(found))
		for _, r := range found {
			l.gates <- r.text("gate")
		}
		return err
	})
	if own != nil {
		return l.s.explainOwn(ctx, own)
	}
	return err
}

// run writes all of the load.
func (l *firstLoad) run(ctx context.Context) (int64, error) {
	l.caller = ctx
	l.hire()
	w := newCopyWriter(nil)
	p := newFirstPlan(l)
	var err error
	for change, failed := range w.watch(l.c.Graph) {
		if err = firstError(failed, l.ctx.Err()); err == nil {
			err = p.add(&change)
		}
		if err != nil {
			break
		}
	}
	if err == nil {
		err = p.flush()
	}
	if err = firstError(l.workers.Wait(), err); err != nil {
		return 0, l.s.explainOwn(ctx, err)
	}
	return l.finish(ctx, p, w)
}

// barrier waits for all batches so far.
func (l *firstLoad) barrier() error {
	err := l.workers.Wait()
	l.hire()
	return err
}

func (l *firstLoad) hire() {
	l.workers, l.ctx = errgroup.WithContext(l.caller)
	l.workers.SetLimit(l.s.config.LoadWorkers)
}

// write has a worker write a batch of so many changes.
func (l *firstLoad) write(size int, work func(tx driver.ManagedTransaction) error) {
	l.workers.Go(func() error {
		if err := l.gated(l.ctx, work); err != nil {
			return err
		}
		l.report.Lock()
		defer l.report.Unlock()
		l.done += int64(size)
		if l.c.Progress != nil {
			l.c.Progress(l.done)
		}
		return nil
	})
}

// gated runs work in a transaction that holds a gate, exactly once.
func (l *firstLoad) gated(ctx context.Context, work func(tx driver.ManagedTransaction) error) error {
	gate, batch := <-l.gates, l.batches.Add(1)
	defer func() { l.gates <- gate }()
	return l.s.write(ctx, func(tx driver.ManagedTransaction) error {
		found, err := rows(ctx, tx, "first_gate", map[string]any{"gate": gate, "id": l.id, "batch": batch})
		switch {
		case err != nil:
			return err
		case len(found) == 0:
			return errLoadLost()
		case found[0].int("last") == batch:
			return nil
		}
		return work(tx)
	})
}

// finish is the last transaction: what is not entities and grants, and the version.
func (l *firstLoad) finish(ctx context.Context, p *firstPlan, w *copyWriter) (version int64, err error) {
	packed, ok := w.close()
	log := p.packedLog()
	var own error
	err = l.s.writeGraph(ctx, func(tx driver.ManagedTransaction) error {
		own = nil
		fail := func(err error) error {
			own = notServer(err)
			return err
		}
		found, err := rows(ctx, tx, "version_lock", nil)
		if err != nil {
			return err
		}
		if len(found) == 0 || found[0].text("pending") != l.id {
			return fail(errLoadLost())
		}
		version = found[0].int("version") + 1
		a := newApplier(ctx, tx, l.c.At)
		a.logged = &log
		for key := range p.nodes {
			a.fresh[key], a.touched[key] = true, true
		}
		if err := execRows(a, "first_adopt", "rows", p.adopted()); err != nil {
			return err
		}
		rest := l.c
		rest.Graph, rest.Progress = p.rest, nil
		if _, err := a.applyAll(rest, l.s.limit()+1); err != nil {
			return fail(err)
		}
		if err := a.advance(); err != nil {
			return err
		}
		if _, err := a.keepCopy(w, packed, ok, l.s.smallDeltas); err != nil {
			return err
		}
		if err := writeRecords(ctx, tx, l.c.Records, true); err != nil {
			return fail(err)
		}
		if err := appendAudit(ctx, tx, l.c.Audit, l.c.At); err != nil {
			return fail(err)
		}
		if err := a.exec("first_close", map[string]any{"id": l.id}); err != nil {
			return err
		}
		return a.exec("load_finish", map[string]any{"id": l.id})
	})
	if own != nil {
		if errors.Is(own, errTooLarge) {
			own = errNotFirst
		}
		return 0, l.s.explainOwn(ctx, own)
	}
	return version, err
}

// undoFirst deletes what a first load has written, if it is pending still.
func (s *Store) undoFirst(ctx context.Context, id string) error {
	lost := false
	err := s.write(ctx, func(tx driver.ManagedTransaction) error {
		found, err := rows(ctx, tx, "version_lock", nil)
		if err != nil {
			return err
		}
		if lost = len(found) == 0 || found[0].text("pending") != id; lost {
			return nil
		}
		_, err = rows(ctx, tx, "first_close", map[string]any{"id": id})
		return err
	})
	if err != nil || lost {
		return err
	}
	// From here on nobody writes entities any more.
	for _, name := range []string{"first_undo_links", "first_undo_entities", "first_undo_integrations"} {
		for deleted := int64(1); deleted > 0; {
			err := s.write(ctx, func(tx driver.ManagedTransaction) error {
				found, err := rows(ctx, tx, "version_lock", nil)
				if err != nil || len(found) == 0 || found[0].text("pending") != id {
					deleted = 0
					return err
				}
				if found, err = rows(ctx, tx, name, nil); err == nil {
					deleted = found[0].int("deleted")
				}
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return s.write(ctx, func(tx driver.ManagedTransaction) error {
		if _, err := rows(ctx, tx, "version_lock", nil); err != nil {
			return err
		}
		_, err := rows(ctx, tx, "load_finish", map[string]any{"id": id})
		return err
	})
}
