package neo4j

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"
	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"golang.org/x/sync/errgroup"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// Large commits. Their changes are written to chunks first, which changes nothing that
// anyone reads. Publishing is one small transaction: it checks all that can be
// wrong with the commit, under the version lock, and marks the version node. From then
// on the commit is decided, and whoever comes next (this process, or after its death
// the next Open, Commit or ReadGraph anywhere) applies the chunks in order. Each is applied and
// deleted in one transaction under the version lock, so exactly once.

const (
	loadLeaseName    = "graph-load"
	defaultLoadLease = 10 * time.Second
	chunkSize        = 5000
	forever          = time.Duration(math.MaxInt64)
)

// load commits c through a change set.
func (s *Store) load(ctx context.Context, c store.Commit) (int64, error) {
	release, err := s.awaitLease(ctx, loadLeaseName, s.loadLease, forever, func() (bool, error) { return false, nil })
	if err != nil {
		return 0, err
	}
	defer release()
	if err := s.applyPending(ctx, &loading{}, nil); err != nil {
		return 0, err
	}
	if err := s.discardChunks(ctx); err != nil {
		return 0, err
	}
	own := &loading{id: uuid.NewString()}
	id := own.id
	watched, seal := s.stageCopy(ctx, id, c)
	chunks, total, err := s.writeChunks(ctx, own, watched)
	seal()
	if err == nil && total == 0 {
		c.Graph = nil
		return s.commitOnce(ctx, c)
	}
	var base int64
	if err == nil {
		base, err = s.publish(ctx, id, c, chunks, total)
	}
	if err != nil {
		_ = s.discardChunks(context.WithoutCancel(ctx)) // the next large commit does it otherwise
		return 0, err
	}
	// It is decided now: whoever waits for it must not hear that it was cancelled.
	if err := s.applyPending(context.WithoutCancel(ctx), own, c.Progress); err != nil {
		return 0, fmt.Errorf("the import is accepted and will be completed when the database answers again: %w", err)
	}
	return base + 1, nil
}

func (s *Store) discardChunks(ctx context.Context) error {
	for {
		var deleted int64
		err := s.write(ctx, func(tx driver.ManagedTransaction) error {
			found, err := rows(ctx, tx, "load_discard", nil)
			if err == nil {
				deleted = found[0].int("deleted")
				found, err = rows(ctx, tx, "packed_discard", nil)
			}
			if err == nil {
				deleted += found[0].int("deleted")
			}
			return err
		})
		if err != nil || deleted == 0 {
			return err
		}
	}
}

// loading is what a process knows of the change set that it is applying. All of it can
// be had from the database as well, which is what a process does that resumes the set.
type loading struct {
	id   string
	made made
	kept map[int64][]store.Change // by the number of the chunk
}

// maxKept is how many changes of its own set a process keeps in memory, instead of
// decoding them again: some 50 MB.
const maxKept = 100_000

// of forgets all when it is another change set that is pending.
func (l *loading) of(id string) {
	if l.id != id {
		*l = loading{id: id}
	}
	if l.made == nil {
		l.made = made{}
	}
}

// chunkWriters is how many chunks are packed and written at a time.
const chunkWriters = 2

// writeChunks writes the changes in chunks that nobody looks at yet.
func (s *Store) writeChunks(ctx context.Context, own *loading, c store.Commit) (chunks, total int64, err error) {
	size := int(min(chunkSize, s.config.MaxTransaction))
	writers, writing := errgroup.WithContext(ctx)
	writers.SetLimit(chunkWriters)
	own.kept = map[int64][]store.Change{}
	var buffer []store.Change
	flush := func() {
		list, number := buffer, chunks
		if total+int64(len(list)) <= maxKept {
			own.kept[number] = list
		}
		chunks++
		total += int64(len(list))
		buffer = nil
		writers.Go(func() error { return s.writeChunk(writing, own.id, number, list) })
	}
	for change, err := range c.Graph {
		if err == nil {
			err = writing.Err() // a chunk could not be written: Wait says why
		}
		if err != nil {
			return 0, 0, s.explain(ctx, firstError(writers.Wait(), err))
		}
		if buffer == nil {
			buffer = make([]store.Change, 0, size)
		}
		if buffer = append(buffer, change); len(buffer) == size {
			flush()
		}
	}
	if len(buffer) > 0 {
		flush()
	}
	return chunks, total, writers.Wait()
}

func (s *Store) writeChunk(ctx context.Context, changeSet string, number int64, list []store.Change) error {
	data, err := pack(list)
	if err != nil {
		return err
	}
	params := map[string]any{
		"id": fmt.Sprintf("%s-%08d", changeSet, number), "changeSet": changeSet, "number": number, "changes": len(list), "data": data,
	}
	return s.write(ctx, func(tx driver.ManagedTransaction) error {
		_, err := rows(ctx, tx, "load_chunk_write", params)
		return err
	})
}

// tail is what the last transaction of a large commit writes beside the graph.
type tail struct {
	Records []store.RecordWrite
	Audit   []store.AuditEntry
	Log     []byte // what the commit changes, as changelog.Pack has it; none when that is too much
}

// publish decides the commit. Nothing that is checked here can change before it is
// applied, except governance records: should one have got another revision by then, the
// commit's word stands.
func (s *Store) publish(ctx context.Context, id string, c store.Commit, chunks, total int64) (base int64, err error) {
	var own error
	err = s.write(ctx, func(tx driver.ManagedTransaction) error {
		own = nil
		var err error
		if base, err = s.lock(ctx, tx, c.Expect); err != nil {
			own = notServer(err)
			return err
		}
		found, err := rows(ctx, tx, "load_chunks_count", map[string]any{"changeSet": id})
		if err != nil {
			return err
		}
		if found[0].int("chunks") != chunks {
			return access.Errorf(access.CodeConflict, "another server took over while this import was being written: try again")
		}
		v := newValidator(newApplier(ctx, tx, c.At))
		if c.Anew {
			v.log.Forget()
		}
		if err := v.validateAll(c); err != nil {
			own = notServer(err)
			return err
		}
		if err := checkTail(ctx, tx, c); err != nil {
			return err
		}
		last, err := pack(tail{c.Records, c.Audit, v.packedLog()})
		if err != nil {
			return err
		}
		set := map[string]any{
			"version": base, "at": micros(c.At), "tail": last, "chunks": chunks, "changes": total,
			"fresh": v.freshIntegrations(), "touched": []string{},
		}
		_, err = rows(ctx, tx, "load_publish", map[string]any{"id": id, "set": set})
		return err
	})
	if own != nil {
		return 0, s.explainOwn(ctx, own)
	}
	return base, err
}

// checkTail sees that records and audit entries could be written now.
func checkTail(ctx context.Context, tx driver.ManagedTransaction, c store.Commit) error {
	for i := range c.Records {
		present, err := lockRecord(ctx, tx, &c.Records[i], true)
		if err != nil {
			return err
		}
		if present == 0 { // locking made a node; it must not be seen
			if err := deleteRecord(ctx, tx, &c.Records[i]); err != nil {
				return err
			}
		}
	}
	known, err := knownAudit(ctx, tx, c.Audit)
	if err == nil && len(known) > 0 {
		err = auditConflict(slices.Sorted(maps.Keys(known))[0])
	}
	return err
}

// resume finishes a published change set, if there is one, once its writer has been
// silent for the length of its lease. It gives up after wait: somebody is still at it.
func (s *Store) resume(ctx context.Context, wait time.Duration) error {
	pending := func() (bool, error) {
		st, err := s.state(ctx)
		return !st.pending, err
	}
	if done, err := pending(); done || err != nil {
		return err
	}
	release, err := s.awaitLease(ctx, loadLeaseName, s.loadLease, wait, pending)
	if err != nil || release == nil {
		return err
	}
	defer release()
	return s.applyPending(ctx, &loading{}, nil)
}

// applyPending applies what is left of the published change set, if there is one; own is
// what this process knows of it.
func (s *Store) applyPending(ctx context.Context, own *loading, progress func(done int64)) error {
	var done int64
	for {
		var more bool
		var applied int64
		err := s.write(ctx, func(tx driver.ManagedTransaction) (err error) {
			more, applied, err = applyNext(ctx, tx, own)
			return err
		})
		if errors.Is(err, errUnfinished) {
			return s.undoFirst(ctx, own.id)
		}
		if err != nil || !more {
			return err
		}
		done += applied
		if progress != nil && applied > 0 {
			progress(done)
		}
	}
}

// applyNext applies one chunk of the pending change set, or ends it.
func applyNext(ctx context.Context, tx driver.ManagedTransaction, own *loading) (more bool, applied int64, err error) {
	found, err := rows(ctx, tx, "version_lock", nil)
	if err != nil || len(found) == 0 || found[0].text("pending") == "" {
		return false, 0, err
	}
	id := found[0].text("pending")
	own.of(id)
	found, err = rows(ctx, tx, "load_next", map[string]any{"id": id})
	if err != nil {
		return false, 0, err
	}
	if len(found) == 0 {
		return false, 0, access.Errorf(access.CodeInternal, "the change set %s is gone: was it deleted by hand?", id)
	}
	next := found[0]
	if next.bool("first") {
		return false, 0, errUnfinished
	}
	a := newApplier(ctx, tx, next.time("at"))
	a.made = own.made
	for _, key := range next.texts("fresh") {
		a.fresh[key] = true
	}
	for _, key := range next.texts("touched") {
		a.touched[key] = true
	}
	if next.text("chunk") == "" {
		return false, 0, a.finish(id, next)
	}
	list, kept := own.kept[next.int("number")]
	if !kept {
		data, _ := next.any("data").([]byte)
		if err := unpack(data, &list); err != nil {
			return false, 0, err
		}
	}
	b, gone := &changes{}, map[string]bool{}
	for i := range list {
		if err := b.add(&list[i], gone); err != nil {
			return false, 0, err
		}
	}
	if err := a.apply(b); err != nil {
		return false, 0, err
	}
	return true, int64(len(list)), a.exec("load_applied", map[string]any{
		"id": id, "chunk": next.text("chunk"), "touched": slices.Sorted(maps.Keys(a.touched)),
	})
}

// finish is the last transaction of a change set.
func (a *applier) finish(id string, of row) error {
	var last tail
	data, _ := of.any("tail").([]byte)
	if err := unpack(data, &last); err != nil {
		return err
	}
	if err := writeRecords(a.ctx, a.tx, last.Records, false); err != nil {
		return err
	}
	known, err := knownAudit(a.ctx, a.tx, last.Audit)
	if err != nil {
		return err
	}
	fresh := slices.DeleteFunc(last.Audit, func(e store.AuditEntry) bool { return known[e.ID] })
	if err := appendAudit(a.ctx, a.tx, fresh, a.at); err != nil {
		return err
	}
	a.logged = &last.Log
	if err := a.advance(); err != nil {
		return err
	}
	if err := a.attachCopy(id); err != nil {
		return err
	}
	return a.exec("load_finish", map[string]any{"id": id})
}
