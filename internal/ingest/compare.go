package ingest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// comparison is one pass over the store's present state. The sequences of the view are
// read one after the other, never interleaved.
type comparison struct {
	run  *entitlementsRun
	view store.GraphView
	out  *changes

	state   store.Imported // as the store has it
	stored  *spool         // the live entities of the integration
	known   *sorter
	mapped  *spool
	targets *redirects
	moved   []*sorter
	telling sync.Mutex
	done    int64 // records of which the progress was told
}

func (c *comparison) close() {
	for _, s := range append(c.moved, c.known) {
		if s != nil {
			s.close()
		}
	}
	for _, s := range []*spool{c.stored, c.mapped} {
		if s != nil {
			s.close()
		}
	}
	if c.targets != nil {
		c.targets.close()
	}
}

func (c *comparison) compare(ctx context.Context) error {
	r := c.run
	memory := r.o.MemoryLimit
	d := &diff{mode: r.o.Mode, set: r.columns, report: &r.report, out: c.out, cycles: &cycles{limit: cyclePairs}, at: r.im.clock()}
	mapMore := r.o.AutoMap != nil
	if mapMore {
		auto, err := r.o.AutoMap(c.view.Employees(ctx))
		if err != nil {
			return err
		}
		d.auto = auto
	}
	var err error
	if c.state, err = stored(ctx, c.view, r.integration.Key); err != nil {
		return err
	}
	if err := c.load(ctx, mapMore); err != nil {
		return err
	}
	c.targets = newRedirects(r.o.TempDir, memory/8)
	keys := mergeCursors([]cursor{r.said.keys.records(), c.known.records()})
	if err := resolve(r.integration.Key, keys, &r.report, c.targets); err != nil {
		return err
	}
	if err := c.targets.finish(); err != nil {
		return err
	}
	c.known.close()

	entities, err := c.redirected(r.said.entities, 0, func(k []byte) bool { return role(k[idLen]) == roleTarget })
	if err != nil {
		return err
	}
	grants, err := c.redirected(r.said.grants, idLen, func([]byte) bool { return true })
	if err != nil {
		return err
	}
	if err := c.both(ctx, d, entities, grants); err != nil {
		return err
	}
	r.o.Progress("compare", c.done, c.done)
	if err := d.cycles.report(&r.report, c.names); err != nil {
		return err
	}
	return c.guard(d) // last, so that the report says all that would be removed
}

// both compares the entities and the grants; side by side where neither needs what the other finds
// out. What the grants give to tell comes after what the entities give.
func (c *comparison) both(ctx context.Context, d *diff, entities, grants cursor) error {
	ofEntities := func() error {
		return d.entities(c.run.integration.Key, entities, c.counting(ctx, c.stored.records()), c.mapped.records())
	}
	g := *d
	ofGrants := func(ctx context.Context) error { return g.grants(c.counting(ctx, grants), c.state.Grants, ctx.Err) }
	if d.mode == Merge || c.targets.file != nil { // cycles want the connections first; a table in a file is read by one
		if err := ofEntities(); err != nil {
			return err
		}
		return ofGrants(ctx)
	}
	g.report = &Report{}
	within, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- ofGrants(within) }()
	err := ofEntities()
	if err != nil {
		cancel()
	}
	if other := <-done; err == nil {
		err = other
	}
	d.report.take(g.report)
	return err
}

func (c *comparison) redirected(s *sorter, at int, test func(key []byte) bool) (cursor, error) {
	out, moved, err := c.targets.apply(s, at, test, c.run.o.MemoryLimit/32)
	c.moved = append(c.moved, moved)
	return out, err
}

// load copies the integration's entities and mappings out of the store: the entities are
// needed twice, and no two sequences are to be open at once.
func (c *comparison) load(ctx context.Context, mappings bool) error {
	c.stored, c.mapped = newSpool(c.run.o.TempDir), newSpool(c.run.o.TempDir)
	c.known = newSorter(c.run.o.TempDir, c.run.o.MemoryLimit/16)
	if c.run.isNew {
		return c.known.finish()
	}
	var buf, key []byte
	last := ""
	for list, err := range c.state.Entities {
		if err != nil {
			return err
		}
		for _, e := range list {
			if e.ID <= last {
				return access.Errorf(access.CodeInternal, "the store yields entities out of order: %s after %s", e.ID, last)
			}
			last = e.ID
			buf = appendEntity(buf[:0], e)
			if err := c.stored.add(buf); err != nil {
				return err
			}
			if err := addKey(c.known, &key, e.Type[0], e.Project, e.SourceID, roleOwn, 0); err != nil {
				return err
			}
		}
	}
	if err := c.known.finish(); err != nil || !mappings {
		return err
	}
	for m, err := range c.view.Mappings(ctx, c.run.integration.Key) {
		if err != nil {
			return err
		}
		buf = appendMapping(buf[:0], &m)
		if err := c.mapped.add(buf); err != nil {
			return err
		}
	}
	return nil
}

// guard refuses a snapshot that would remove more than half of the integration. The
// refusal is also an error in the report, for those who read only that.
func (c *comparison) guard(d *diff) error {
	removed := c.run.report.Entities.Removed
	if c.run.o.Mode != Snapshot || c.run.o.ConfirmRemovals || 2*removed <= d.live {
		return nil
	}
	message := fmt.Sprintf(
		"the file would remove %d of the %d entities of %q; nothing was written. If that is right, confirm the removals (--confirm-removals); if the file is only a part, import it in merge mode",
		removed, d.live, c.run.integration.Name)
	c.run.report.Error(Issue{Code: CodeRemovals, Message: message})
	return &access.Error{Code: access.CodeInvalidInput, Path: "confirmRemovals", Message: message,
		Err: errors.Join(ErrConfirmRemovals, ErrRejected)}
}

// names gives the names of connections by the short form of their ids.
func (c *comparison) names(wanted map[uint64]string) error {
	take := func(e *access.Entity) {
		if n := short(e.ID); e.Type == access.Connection {
			if _, ok := wanted[n]; ok {
				wanted[n] = e.Name
			}
		}
	}
	stored := c.stored.records()
	for stored.next() {
		d := decoder{b: stored.val()}
		take(d.entity())
	}
	if err := stored.err(); err != nil {
		return err
	}
	put := c.out.entities.records()
	for put.next() {
		ch, err := decodeChange(put.val())
		if err != nil {
			return err
		}
		take(ch.PutEntity)
	}
	return put.err()
}

// counting tells the progress of a cursor and stops it when the caller gives up.
func (c *comparison) counting(ctx context.Context, in cursor) cursor {
	return &countingCursor{cursor: in, c: c, ctx: ctx}
}

type countingCursor struct {
	cursor
	c    *comparison
	n    int64
	ctx  context.Context //nolint:containedctx // lives as long as one pass
	fail error
}

const countStep = 8192

func (k *countingCursor) next() bool {
	if k.n++; k.n%countStep == 0 {
		if k.fail = k.ctx.Err(); k.fail != nil {
			return false
		}
		k.c.progress()
	}
	return k.cursor.next()
}

// progress tells of a further step, one at a time.
func (c *comparison) progress() {
	c.telling.Lock()
	defer c.telling.Unlock()
	c.done += countStep
	c.run.o.Progress("compare", c.done, -1)
}

func (k *countingCursor) err() error {
	if k.fail != nil {
		return k.fail
	}
	return k.cursor.err()
}
