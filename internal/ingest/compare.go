package ingest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// comparison is one pass over the store's present state. The sequences of the view are
// read one after the other, never interleaved; only those of a copy are.
type comparison struct {
	run  *entitlementsRun
	view store.GraphView
	out  *changes

	auto    AutoMapper
	state   store.Imported // as the store has it
	isCopy  bool           // state is a copy beside the graph
	stored  *spool         // the live entities of the integration, where they are needed twice
	mapped  *spool
	targets *redirects
	sorters []*sorter
	telling sync.Mutex
	done    int64 // records of which the progress was told
}

func (c *comparison) close() {
	for _, s := range c.sorters {
		s.close()
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

// prepare reads from the store what it takes to compare but the integration itself. It looks at
// nothing that the file says.
func (c *comparison) prepare(ctx context.Context) error {
	r := c.run
	if r.o.AutoMap != nil {
		var err error
		if c.auto, err = r.o.AutoMap(c.view.Employees(ctx)); err != nil {
			return err
		}
	}
	var err error
	if c.state, c.isCopy, err = stored(ctx, c.view, r.integration.Key); err != nil {
		return err
	}
	return c.loadMappings(ctx)
}

// compare writes the difference between the file and the store; prepare comes first.
func (c *comparison) compare(ctx context.Context) error {
	r := c.run
	var err error
	c.targets = newRedirects(r.o.TempDir, r.o.MemoryLimit/8)
	streamed := c.isCopy && r.said.kinds.plain(projectSet{})
	var projects projectSet
	if !streamed {
		if projects, err = c.load(ctx); err != nil {
			return err
		}
	}
	read := r.report
	if streamed {
		r.report = read.clone()
		if err = c.difference(ctx); !errors.Is(err, errProjects) {
			return err
		}
		c.out.reset()
		r.report = read.clone()
		if projects, err = c.load(ctx); err != nil {
			return err
		}
	}
	if !r.said.kinds.plain(projects) {
		if err := c.resolve(ctx); err != nil {
			return err
		}
	}
	return c.difference(ctx)
}

// errProjects: the store holds entities of other projects than the file, so that they have to
// be known before the targets are.
var errProjects = errors.New("ingest: targets have to be resolved")

func (c *comparison) resolve(ctx context.Context) error {
	keys, err := c.keys(ctx)
	defer keys.close()
	if err != nil {
		return err
	}
	if err := resolve(c.run.integration.Key, keys.records(), &c.run.report, c.targets); err != nil {
		return err
	}
	return c.targets.finish()
}

// difference writes the changes.
func (c *comparison) difference(ctx context.Context) error {
	r := c.run
	d := &diff{mode: r.o.Mode, set: r.columns, report: &r.report, out: c.out, cycles: &cycles{limit: cyclePairs}, at: r.im.clock(), auto: c.auto}
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
		return d.entities(c.run.integration.Key, entities, c.checked(ctx), c.mapped.records())
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
	c.sorters = append(c.sorters, moved)
	return out, err
}

// load copies the integration's entities out of the store, where they are needed twice or
// no two sequences are to be open at once. It says which projects they are of.
func (c *comparison) load(ctx context.Context) (projects projectSet, err error) {
	to := newSpool(c.run.o.TempDir)
	var buf []byte
	n := 0
	for e, err := range c.entities() {
		if n++; err == nil && n%countStep == 0 {
			err = ctx.Err()
		}
		if err == nil {
			projects.add(e.Project)
			buf = appendEntity(buf[:0], e)
			err = to.add(buf)
		}
		if err != nil {
			to.close()
			return projects, err
		}
	}
	c.stored = to
	return projects, nil
}

func (c *comparison) loadMappings(ctx context.Context) error {
	c.mapped = newSpool(c.run.o.TempDir)
	if c.run.isNew || c.run.o.AutoMap == nil {
		return nil
	}
	var buf []byte
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
	for e, err := range c.entities() {
		if err != nil {
			return err
		}
		take(e)
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

// checked is the stored entities, with the progress told; those that are not loaded must be of the
// file's project, else the error is errProjects.
func (c *comparison) checked(ctx context.Context) iter.Seq2[*access.Entity, error] {
	loaded, said := c.stored != nil, &c.run.said.kinds
	return func(yield func(*access.Entity, error) bool) {
		n := 0
		for e, err := range c.entities() {
			if n++; err == nil && n%countStep == 0 {
				if err = ctx.Err(); err == nil {
					c.progress()
				}
			}
			if err == nil && !loaded && said.projects > 0 && e.Project != said.project {
				err = errProjects
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
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
