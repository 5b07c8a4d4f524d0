package storetest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

func commitTests(o Options) []test {
	return []test{
		{"commit/version advances only with graph changes", func(t *testing.T, s store.Store) {
			require.EqualValues(t, 1, commit(t, s, t0, putIntegration(key)))
			for _, c := range []store.Commit{
				{}, {At: t0, Graph: changes()},
				{At: t0, Audit: []store.AuditEntry{{ID: "01", At: t0, Action: "x"}}},
				{At: t0, Records: []store.RecordWrite{{Kind: "Setting", ID: "a", Doc: []byte(`{}`)}}},
			} {
				v, err := s.Commit(t.Context(), c)
				require.NoError(t, err)
				require.EqualValues(t, 1, v)
			}
			require.EqualValues(t, 1, revision(t, s, key))
			require.EqualValues(t, 2, commit(t, s, t0, putEntity(entity(key, access.Identity, "x")), putEntity(entity(key, access.Identity, "y"))))
			v, err := s.Version(t.Context())
			require.NoError(t, err)
			require.EqualValues(t, 2, v)
			require.EqualValues(t, 2, stateOf(t, s, "").Version)
		}},
		{"commit/revisions of integrations", func(t *testing.T, s store.Store) {
			w := seed(t, s) // the record, three entities and two grants in one commit
			require.EqualValues(t, 1, revision(t, s, key))
			x := entity("Other", access.Identity, "x")
			commit(t, s, t0, putIntegration("Other"), putEntity(x))
			require.EqualValues(t, 1, revision(t, s, key), "another integration's commit")
			for i, c := range []store.Change{putEntity(w.alice), putGrant(w.member), removeGrant(w.member), putGrant(w.member), putIntegration(key),
				{RemoveEntity: w.app.ID}, putGrant(grant(w.alice, x, "p", "true"))} {
				commit(t, s, t0, c)
				require.EqualValues(t, 2+i, revision(t, s, key))
			}
			require.EqualValues(t, 1, revision(t, s, "Other"), "a grant is its source's")
			commit(t, s, t0, store.Change{RemoveEntity: x.ID})
			require.EqualValues(t, 2, revision(t, s, "Other"))
			require.EqualValues(t, 9, revision(t, s, key), "its grant ended")
			for _, c := range []store.Change{putEmployee(w.ann), {PutApplication: &access.Application{ID: access.ApplicationID("B"), Name: "B"}}} {
				commit(t, s, t0, c)
			}
			require.EqualValues(t, 9, revision(t, s, key))
		}},
		{"commit/preconditions", func(t *testing.T, s store.Store) {
			expect := func(revisions map[string]int64) error {
				_, err := s.Commit(t.Context(), store.Commit{At: t0, Expect: revisions, Graph: changes(putIntegration(key)),
					Audit: []store.AuditEntry{{ID: fmt.Sprint(len(revisions), revisions[key]), At: t0, Action: "x"}}})
				return err
			}
			code(t, access.CodeConflict, expect(map[string]int64{key: 1}))
			require.NoError(t, expect(map[string]int64{key: 0, "Other": 0}))
			code(t, access.CodeConflict, expect(map[string]int64{key: 0}))
			require.NoError(t, expect(map[string]int64{key: 1}))
			code(t, access.CodeConflict, expect(map[string]int64{key: 1}))
			code(t, access.CodeConflict, expect(map[string]int64{key: 2, "Other": 5}))
			require.NoError(t, expect(map[string]int64{key: 2}))
			require.EqualValues(t, 3, revision(t, s, key))
			entries, err := s.AuditEntries(t.Context(), store.AuditQuery{})
			require.NoError(t, err)
			require.Len(t, entries, 3, "a failed commit leaves nothing")
		}},
		{"commit/a failing sequence leaves nothing", func(t *testing.T, s store.Store) {
			w := seed(t, s)
			before := stateOf(t, s, "")
			broken := errors.New("the file ended early")
			seq := func(yield func(store.Change, error) bool) {
				if yield(putEntity(entity(key, access.Identity, "new")), nil) && yield(store.Change{RemoveEntity: w.app.ID}, nil) {
					yield(store.Change{}, broken)
				}
			}
			_, err := s.Commit(t.Context(), store.Commit{At: day(1), Graph: seq, GraphCount: 2,
				Records: []store.RecordWrite{{Kind: "Setting", ID: "a", Doc: []byte(`1`)}}, Audit: []store.AuditEntry{{ID: "01", At: t0, Action: "x"}}})
			require.ErrorIs(t, err, broken)
			code(t, access.CodeInternal, err)
			require.Equal(t, before, stateOf(t, s, ""))
			_, err = s.GetRecord(t.Context(), "Setting", "a")
			code(t, access.CodeNotFound, err)
			entries, err := s.AuditEntries(t.Context(), store.AuditQuery{})
			require.NoError(t, err)
			require.Empty(t, entries)
			// An error that says what to do keeps its code.
			_, err = s.Commit(t.Context(), store.Commit{At: day(1), Graph: func(yield func(store.Change, error) bool) {
				yield(store.Change{}, access.Invalid("row 7", "no"))
			}})
			code(t, access.CodeInvalidInput, err)
			commit(t, s, day(2), putEntity(w.alice)) // the store goes on
		}},
		{"commit/a failing record or audit leaves nothing", func(t *testing.T, s store.Store) {
			w := seed(t, s)
			before := stateOf(t, s, "")
			_, err := s.Commit(t.Context(), store.Commit{At: day(1), Graph: changes(store.Change{RemoveEntity: w.app.ID}),
				Records: []store.RecordWrite{{Kind: "Setting", ID: "a", Doc: []byte(`1`)}, {Kind: "Setting", ID: "b", Expect: 4, Doc: []byte(`1`)}}})
			code(t, access.CodeConflict, err)
			require.Equal(t, before, stateOf(t, s, ""))
			_, err = s.GetRecord(t.Context(), "Setting", "a")
			code(t, access.CodeNotFound, err)
		}},
		{"commit/cancellation leaves nothing", func(t *testing.T, s store.Store) {
			w := seed(t, s)
			before := stateOf(t, s, "")
			ctx, cancel := context.WithCancel(t.Context())
			seq := func(yield func(store.Change, error) bool) {
				for i := range 5000 {
					if i == 3000 {
						cancel()
					}
					if !yield(putEntity(entity(key, access.Identity, fmt.Sprint("new ", i))), nil) {
						return
					}
				}
			}
			_, err := s.Commit(ctx, store.Commit{At: day(1), Graph: seq, GraphCount: 5000})
			require.ErrorIs(t, err, context.Canceled)
			require.Equal(t, before, stateOf(t, s, ""))
			_, err = s.Commit(ctx, store.Commit{At: day(1), Graph: changes(putEntity(w.alice))})
			require.ErrorIs(t, err, context.Canceled)
			_, err = s.Version(ctx)
			require.ErrorIs(t, err, context.Canceled)
			commit(t, s, day(2), putEntity(w.alice))
		}},
		{"commit/cancellation ends reading", func(t *testing.T, s store.Store) {
			seed(t, s)
			ctx, cancel := context.WithCancel(t.Context())
			err := s.ReadGraph(ctx, func(ctx context.Context, v store.GraphView) error {
				for range v.Entities(ctx, "", true) { //nolint:errcheck // left at once
					break
				}
				cancel()
				for _, err := range v.Grants(ctx, "") {
					return err
				}
				return nil
			})
			require.ErrorIs(t, err, context.Canceled)
			_, err = s.Employees(ctx, store.EmployeeQuery{First: 1})
			require.ErrorIs(t, err, context.Canceled)
			require.Len(t, stateOf(t, s, "").Entities, 3, "the store goes on")
		}},
		{"commit/a sequence may be iterated again", func(t *testing.T, s store.Store) {
			// A store may go through the sequence twice, so two commits of one value are
			// the same changes; the second changes nothing that shows.
			c := store.Commit{At: t0, GraphCount: 2, Graph: changes(putIntegration(key), putEntity(entity(key, access.Identity, "x")))}
			_, err := s.Commit(t.Context(), c)
			require.NoError(t, err)
			before := stateOf(t, s, "")
			_, err = s.Commit(t.Context(), c)
			require.NoError(t, err)
			require.Equal(t, before.Entities, stateOf(t, s, "").Entities)
		}},
		{"commit/large, with progress", func(t *testing.T, s store.Store) { largeCommit(t, s, o.Large) }},
		{"commit/parallel ones follow one another", parallelCommits},
		{"commit/a view stays consistent", consistentView},
		{"commit/an error of the reader comes back", func(t *testing.T, s store.Store) {
			mine := access.Errorf(access.CodeLimitExceeded, "enough")
			err := s.ReadGraph(t.Context(), func(context.Context, store.GraphView) error { return mine })
			require.ErrorIs(t, err, mine)
			code(t, access.CodeLimitExceeded, err)
		}},
	}
}

// largeCommit loads a company, then removes and changes a part of it.
func largeCommit(t *testing.T, s store.Store, n int) {
	people := n / 20
	id := func(i int) *access.Entity { return entity(key, access.Identity, fmt.Sprintf("user %06d", i)) }
	team := func(i int) *access.Entity { return entity(key, access.Connection, fmt.Sprintf("team %06d", i)) }
	load := func(yield func(store.Change, error) bool) {
		if !yield(putIntegration(key), nil) {
			return
		}
		for i := range people {
			if !yield(putEntity(id(i)), nil) || !yield(putEntity(team(i)), nil) {
				return
			}
		}
		for i := range n {
			if !yield(putGrant(grant(id(i%people), team((i*7+i/people)%people), fmt.Sprint("p", i/people), "true")), nil) {
				return
			}
		}
	}
	total := int64(1 + 2*people + n)
	var last int64
	_, err := s.Commit(t.Context(), store.Commit{At: t0, Graph: load, GraphCount: total, Progress: func(done int64) {
		require.GreaterOrEqual(t, done, last)
		last = done
	}})
	require.NoError(t, err)
	require.Equal(t, total, last, "the end is told")
	first := stateOf(t, s, key)
	require.Len(t, first.Entities, 2*people)
	require.Len(t, first.Grants, n)
	require.EqualValues(t, 1, first.Version)

	again := func(yield func(store.Change, error) bool) {
		for i, g := range first.Grants {
			change := removeGrant(g)
			if i%2 == 0 {
				g.Value = "false"
				g.Counts = false
				change = putGrant(g)
			}
			if !yield(change, nil) {
				return
			}
		}
		for i := range people / 2 {
			if !yield(store.Change{RemoveEntity: team(i).ID}, nil) {
				return
			}
		}
	}
	_, err = s.Commit(t.Context(), store.Commit{At: day(1), Graph: again, GraphCount: int64(n + people/2)})
	require.NoError(t, err)
	gone := map[string]bool{}
	for i := range people / 2 {
		gone[team(i).ID] = true
	}
	var live, ended int
	for i, g := range first.Grants {
		ended++ // every first interval
		if i%2 == 0 && gone[g.Target] {
			ended++ // and the second one at once
		} else if i%2 == 0 {
			live++
		}
	}
	second := stateOf(t, s, key)
	require.Len(t, second.Grants, live)
	require.Len(t, second.History, ended)
}

func parallelCommits(t *testing.T, s store.Store) {
	w := seed(t, s)
	const writers, each = 6, 5
	versions := make(chan int64, writers*each)
	var wg sync.WaitGroup
	for n := range writers {
		wg.Go(func() {
			for i := range each {
				e := entity(key, access.Identity, fmt.Sprintf("w%d-%d", n, i))
				v, err := try(t, s, t0, putEntity(e), putGrant(grant(e, w.team, "member", "true")))
				if err != nil {
					t.Error(err)
					return
				}
				versions <- v
			}
		})
	}
	wg.Wait()
	close(versions)
	seen := map[int64]bool{}
	for v := range versions {
		require.False(t, seen[v], "version %d was given twice", v)
		seen[v] = true
	}
	got := stateOf(t, s, "")
	require.Len(t, got.Entities, 3+writers*each)
	require.Len(t, got.Grants, 2+writers*each)
	require.EqualValues(t, 1+writers*each, got.Version)
	require.EqualValues(t, 1+writers*each, revision(t, s, key))
}

// consistentView reads while commits go on, each of which changes two grants together: a
// view that mixes two versions sees them differ.
func consistentView(t *testing.T, s store.Store) {
	w := seed(t, s)
	both := func(value string) iter.Seq2[store.Change, error] {
		return changes(putGrant(grant(w.alice, w.app, "x", value)), putGrant(grant(w.team, w.alice, "x", value)),
			store.Change{PutLabels: &store.EntityLabels{EntityID: w.app.ID, Labels: []string{value}}})
	}
	_, err := s.Commit(t.Context(), store.Commit{At: t0, Graph: both("0"), GraphCount: 3})
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 15 {
			if _, err := s.Commit(t.Context(), store.Commit{At: day(i), Graph: both(fmt.Sprint(i)), GraphCount: 3}); err != nil {
				t.Error(err)
				return
			}
		}
	}()
	views := 0
	for running := true; running; views++ {
		select {
		case <-done:
			running = false
		default:
		}
		err := s.ReadGraph(t.Context(), func(ctx context.Context, v store.GraphView) error {
			values := map[string]bool{}
			for g, err := range v.Grants(ctx, "") {
				if err != nil {
					return err
				}
				if g.Permission == "x" {
					values[g.Value] = true
				}
			}
			for e, err := range v.Entities(ctx, "", false) {
				if err != nil {
					return err
				}
				for _, l := range e.Labels {
					values[l] = true
				}
			}
			if len(values) != 1 {
				return fmt.Errorf("version %d shows %v", v.Version(), values)
			}
			return nil
		})
		if access.CodeOf(err) == access.CodeConflict {
			continue // what a store without snapshot isolation may say under constant change
		}
		require.NoError(t, err)
	}
	<-done
	require.Positive(t, views)
}
