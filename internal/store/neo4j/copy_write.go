package neo4j

import (
	"context"
	"encoding/json"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"golang.org/x/sync/errgroup"

	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/packed"
)

// copyWriter packs the changes of a commit while they are being applied, for the copy of
// the one integration that they are about.
type copyWriter struct {
	writer *packed.Writer
	seal   errgroup.Group
	mu     sync.Mutex
	list   []any // the sealed parts, unless they are staged
	fail   error
}

// sealers is how many parts are compressed, and staged, at a time.
const sealers = 2

// newCopyWriter starts a run. Stage, when set, takes the sealed parts; else they are kept.
func newCopyWriter(stage func(part map[string]any) error) *copyWriter {
	w := &copyWriter{}
	w.seal.SetLimit(sealers)
	id := rand.Int64() //nolint:gosec // it only has to differ from those of a few other runs
	w.writer = packed.NewWriter(id, func(p packed.Part) error {
		w.seal.Go(func() error {
			part := map[string]any{"run": p.Run, "section": int64(p.Section), "number": int64(p.Number), "data": p.Seal()}
			if stage != nil {
				return stage(part)
			}
			w.mu.Lock()
			defer w.mu.Unlock()
			w.list = append(w.list, part)
			return nil
		})
		return nil
	})
	return w
}

// watch passes a sequence on and packs it. What cannot be packed does not disturb it.
func (w *copyWriter) watch(in iter.Seq2[store.Change, error]) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		for c, err := range in {
			if err == nil && w.fail == nil {
				w.fail = w.writer.Add(&c)
			}
			if !yield(c, err) {
				return
			}
		}
	}
}

// close ends the run; ok is false when there is to be no copy.
func (w *copyWriter) close() (run packed.Run, ok bool) {
	run, ok, err := w.writer.Close()
	sealed := w.seal.Wait()
	return run, ok && err == nil && sealed == nil && w.fail == nil
}

// stagePart writes a part that nobody reads until its change set is applied.
func (s *Store) stagePart(ctx context.Context, changeSet string, part map[string]any) error {
	params := maps.Clone(part)
	params["changeSet"] = changeSet
	return s.write(ctx, func(tx driver.ManagedTransaction) error {
		_, err := rows(ctx, tx, "packed_stage", params)
		return err
	})
}

// stageCopy packs the changes of a large commit into staged parts as they are read. Seal is
// called after that: it leaves the manifest, without which there will be no copy.
func (s *Store) stageCopy(ctx context.Context, changeSet string, c store.Commit) (watched store.Commit, seal func()) {
	w := newCopyWriter(func(part map[string]any) error { return s.stagePart(ctx, changeSet, part) })
	c.Graph = w.watch(c.Graph)
	return c, func() {
		if run, ok := w.close(); ok {
			_ = s.stageManifest(ctx, changeSet, run) // a copy that is missing costs time only
		}
	}
}

func (s *Store) stageManifest(ctx context.Context, changeSet string, run packed.Run) error {
	text, err := json.Marshal(run)
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx driver.ManagedTransaction) error {
		_, err := rows(ctx, tx, "packed_stage_manifest", map[string]any{"changeSet": changeSet, "manifest": string(text)})
		return err
	})
}

// copyOf decides, after the revisions were advanced, what becomes of the copies of the
// touched integrations. The run goes on the copy of the only one, or is its first. The rest is
// dropped: a commit on several integrations does not say which grant is of which.
func (a *applier) copyOf(run packed.Run, ok bool) (key string, head packed.Head, attach bool, err error) {
	keys := slices.Sorted(maps.Keys(a.touched))
	if len(keys) == 0 {
		return "", head, false, nil
	}
	heads, err := copyHeads(a.ctx, a.tx, keys)
	if err != nil {
		return "", head, false, err
	}
	var drop []string
	for _, key := range keys {
		if heads[key].text != "" {
			drop = append(drop, key)
		}
	}
	if len(keys) == 1 && ok {
		key, h := keys[0], heads[keys[0]]
		kept := h.head.Format == packed.Format && h.head.Revision == h.revision-1
		switch {
		case a.fresh[key] && !run.Empty() && run.Records[packed.Removed] == 0:
			head = packed.Head{Format: packed.Format, Revision: h.revision, Runs: []packed.Run{run}}
			return key, head, true, a.dropCopies(drop)
		case kept:
			head = h.head
			head.Revision = h.revision
			if !run.Empty() {
				head.Runs = append(head.Runs, run)
			}
			return key, head, true, nil
		}
	}
	return "", head, false, a.dropCopies(drop)
}

func (a *applier) dropCopies(keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	return a.exec("packed_drop", map[string]any{"keys": keys})
}

// putCopy keeps the copies up in a commit of one transaction. It says whose copy has
// deltas to be merged.
func (a *applier) putCopy(w *copyWriter, small int64) (stale string, err error) {
	run, ok := w.close()
	return a.keepCopy(w, run, ok, small)
}

// keepCopy is putCopy for a run that is closed.
func (a *applier) keepCopy(w *copyWriter, run packed.Run, ok bool, small int64) (stale string, err error) {
	key, head, attach, err := a.copyOf(run, ok)
	if err != nil || !attach {
		return "", err
	}
	if _, is := head.Stale(small); is {
		stale = key
	}
	params := batched("parts", w.list)
	params["key"], params["head"] = key, head.Text()
	return stale, a.exec("packed_put", params)
}

// attachCopy keeps the copies up at the end of a change set.
func (a *applier) attachCopy(changeSet string) error {
	found, err := a.run("packed_staged", map[string]any{"changeSet": changeSet})
	if err != nil {
		return err
	}
	var run packed.Run
	ok := json.Unmarshal([]byte(found[0].text("manifest")), &run) == nil && found[0].int("parts") == int64(run.PartCount())
	key, head, attach, err := a.copyOf(run, ok)
	if err == nil && attach {
		err = a.exec("packed_attach", map[string]any{"key": key, "head": head.Text(), "changeSet": changeSet})
	}
	if err != nil {
		return err
	}
	return a.exec("packed_unstage", map[string]any{"changeSet": changeSet})
}

// endedGrants drops the copies of integrations whose grants ended with an entity: no
// change of the commit names them.
func (a *applier) endedGrants(found []row) error {
	var keys []string
	for _, r := range found {
		keys = append(keys, r.text("integration"))
	}
	return a.dropCopies(keys)
}
