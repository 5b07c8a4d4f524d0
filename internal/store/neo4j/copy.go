package neo4j

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/accessgraph/accessgraph/cypher/queries"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/packed"
)

// The packed copy of an integration. Reading a graph back record by record takes seconds
// for what a few parts hold that are read in milliseconds, so imports compare with those.
//
// The copy is derived and never the truth: it says of which revision of its integration
// it is, every commit that changes the integration advances the revision, and a copy of another
// revision is not read. So whoever does not keep it up (an older program, a commit that cannot be
// packed) makes it unread, not wrong.

// copyHead is what is known of the copy of an integration.
type copyHead struct {
	head     packed.Head
	text     string // as stored, "" = there is none
	revision int64  // of the integration
	valid    bool   // the head can be read and is of that revision
}

// copyHeads reads the heads of integrations; those that do not exist are left out.
func copyHeads(ctx context.Context, tx driver.ManagedTransaction, keys []string) (map[string]copyHead, error) {
	found, err := rows(ctx, tx, "packed_heads", map[string]any{"keys": keys})
	if err != nil {
		return nil, err
	}
	out := make(map[string]copyHead, len(found))
	for _, r := range found {
		h := copyHead{text: r.text("packed"), revision: r.int("revision")}
		var ok bool
		h.head, ok = packed.ParseHead(h.text)
		h.valid = ok && h.head.Revision == h.revision
		out[r.text("key")] = h
	}
	return out, nil
}

func (s *Store) copyHead(ctx context.Context, key string) (h copyHead, known bool, err error) {
	err = s.read(ctx, func(tx driver.ManagedTransaction) error {
		heads, err := copyHeads(ctx, tx, []string{key})
		h, known = heads[key]
		return err
	})
	return h, known, err
}

// Imported gives the copy of the integration's present state, if there is one. Where there
// is none, the next commit of an import makes one.
func (v *view) Imported(ctx context.Context, integration string) (i store.Imported, ok bool, err error) {
	h, known, err := v.s.copyHead(ctx, integration)
	if err != nil || !known {
		return i, false, err
	}
	if !h.valid || v.s.isBad(h) {
		v.s.wantCopies.Store(integration, true)
		return i, false, nil
	}
	parts := v.s.copyParts(integration)
	i.Entities = judged(v.s, h, packed.ReadEntities(ctx, h.head.Runs, integration, parts))
	i.Grants = judged(v.s, h, packed.ReadGrants(ctx, h.head.Runs, parts))
	return i, true, nil
}

// judged remembers a copy that turns out damaged, so that it is not read again, and has
// ReadGraph start afresh without it.
func judged[T any](s *Store, h copyHead, in iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for item, err := range in {
			if errors.Is(err, packed.ErrDamaged) {
				for _, run := range h.head.Runs {
					s.badRuns.Store(run.ID, true)
				}
				err = errors.Join(err, errBroken)
			}
			if !yield(item, err) || err != nil {
				return
			}
		}
	}
}

func (s *Store) isBad(h copyHead) bool {
	return slices.ContainsFunc(h.head.Runs, func(r packed.Run) bool {
		_, bad := s.badRuns.Load(r.ID)
		return bad
	})
}

// partFetch is how many parts the driver asks for at a time; a part is half a megabyte at most
// before compression.
const partFetch = 4

// copyParts reads the parts of an integration's copy.
func (s *Store) copyParts(key string) packed.Source {
	return func(ctx context.Context, run int64, section packed.Section) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			session := s.driver.NewSession(ctx, driver.SessionConfig{
				AccessMode: driver.AccessModeRead, DatabaseName: s.database, BookmarkManager: s.bookmarks, FetchSize: partFetch,
			})
			defer closeSession(ctx, session)
			fail := func(err error) {
				explained := s.explain(ctx, err)
				if driver.IsRetryable(err) {
					explained = errors.Join(explained, errBroken)
				}
				yield(nil, explained)
			}
			result, err := session.Run(ctx, queries.Text("packed_read"), map[string]any{"key": key, "run": run, "section": int64(section)})
			if err != nil {
				fail(err)
				return
			}
			var record *driver.Record
			for result.NextRecord(ctx, &record) {
				data, ok := record.Values[0].([]byte)
				if !ok {
					yield(nil, fmt.Errorf("%w: a part holds no bytes", packed.ErrDamaged))
					return
				}
				if !yield(data, nil) {
					return
				}
			}
			if err := result.Err(); err != nil {
				fail(err)
			}
		}
	}
}

// ForgetCopies drops the packed copies of all integrations, after somebody wrote to the
// database without accessgraph: the next imports read the graph itself.
func (s *Store) ForgetCopies(ctx context.Context) error {
	return s.write(ctx, func(tx driver.ManagedTransaction) error {
		_, err := s.lock(ctx, tx, nil)
		if errors.Is(err, errMustResume) {
			err = access.Errorf(access.CodeUnavailable, "a large import is being written to the graph just now; try again shortly")
		}
		if err == nil {
			_, err = rows(ctx, tx, "packed_drop_all", nil)
		}
		return err
	})
}
