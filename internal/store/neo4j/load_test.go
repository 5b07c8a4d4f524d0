package neo4j

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// TestPending looks at the time between publishing a large change set and its end.
func TestPending(t *testing.T) {
	server := neo4jtest.Acquire(t)
	ctx := context.Background()
	config := configOf(server)
	config.MaxTransaction = 50
	s := openFor(t, config)
	defer func() { require.NoError(t, s.Close()) }()
	s.loadLease = time.Second
	first, second := sampleWorld(2, 60)
	_, err := s.Commit(ctx, commitOf(0, first))
	require.NoError(t, err)

	// A writer that is alive (it holds the lease) and has applied one chunk.
	release, err := s.awaitLease(ctx, loadLeaseName, s.loadLease, time.Minute, func() (bool, error) { return false, nil })
	require.NoError(t, err)
	c := crashCommit(second)
	chunks, total, err := s.writeChunks(ctx, &loading{id: "set"}, c)
	require.NoError(t, err)
	require.EqualValues(t, len(second), total)
	require.Greater(t, chunks, int64(2))
	_, err = s.publish(ctx, "set", c, chunks, total)
	require.NoError(t, err)
	require.NoError(t, s.write(ctx, func(tx driver.ManagedTransaction) error {
		more, _, err := applyNext(ctx, tx, &loading{})
		require.True(t, more)
		return err
	}))

	version, err := s.Version(ctx)
	require.NoError(t, err)
	require.EqualValues(t, 1, version, "the version is the old one")
	st, err := s.state(ctx)
	require.NoError(t, err)
	require.True(t, st.pending)
	err = s.ReadGraph(ctx, func(context.Context, store.GraphView) error {
		t.Error("the graph must not be read now")
		return nil
	})
	require.Equal(t, access.CodeUnavailable, access.CodeOf(err))
	require.ErrorContains(t, err, "large import")
	_, err = s.Commit(ctx, store.Commit{Records: []store.RecordWrite{{Kind: "Job", ID: "j", Doc: json.RawMessage(`{}`)}}})
	require.NoError(t, err, "records alone do not wait")
	short, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
	defer cancel()
	_, err = s.Commit(short, commitOf(2, []store.Change{{RemoveEntity: "e_nobody"}}))
	require.Equal(t, access.CodeTimeout, access.CodeOf(err), "a graph commit waits: %v", err)

	// The writer is gone: the next commit finishes its work first.
	release()
	version, err = s.Commit(ctx, commitOf(2, []store.Change{{RemoveEntity: "e_nobody"}}))
	require.NoError(t, err)
	require.EqualValues(t, 3, version)
	run, err := s.GetRecord(ctx, "ImportRun", "run")
	require.NoError(t, err)
	require.EqualValues(t, 1, run.Revision)
	requireDerived(t, s)
}

// TestLargeRefusals: what is wrong with a large commit is found before any of it is seen.
func TestLargeRefusals(t *testing.T) {
	server := neo4jtest.Acquire(t)
	ctx := context.Background()
	config := configOf(server)
	config.MaxTransaction = 20
	s := openFor(t, config)
	defer func() { require.NoError(t, s.Close()) }()
	first, second := sampleWorld(3, 60)
	_, err := s.Commit(ctx, commitOf(0, first))
	require.NoError(t, err)
	want := dump(t, s)

	stranger := sampleEntity(access.Resource, 999_999).ID
	known := first[30].PutEntity
	bad := map[string]store.Change{
		"grant on a stranger":      {PutGrant: &access.Grant{Source: known.ID, Target: stranger, Permission: "p", Value: "true", Counts: true}},
		"mapping of a stranger":    {PutMapping: &access.Mapping{EntityID: stranger, EmployeeID: access.EmployeeID("user0@example.com"), Relation: access.IS}},
		"mapping to nobody":        {PutMapping: &access.Mapping{EntityID: known.ID, EmployeeID: "p_nobody", Relation: access.IS}},
		"owner that is nobody":     {PutOwners: &store.EntityOwners{EntityID: known.ID, Owners: access.Owners{Primary: "p_nobody"}}},
		"labels of a stranger":     {PutLabels: &store.EntityLabels{EntityID: stranger, Labels: []string{"x"}}},
		"entity of no integration": {PutEntity: &access.Entity{ID: stranger, Integration: "nowhere", Type: access.Resource, Name: "n", SourceID: "n"}},
		"entity of no type":        {PutEntity: &access.Entity{ID: stranger, Integration: sampleKey, Type: "THING", Name: "n", SourceID: "n"}},
		"nothing":                  {},
	}
	for name, change := range bad {
		t.Run(name, func(t *testing.T) {
			_, err := s.Commit(ctx, commitOf(1, append(append([]store.Change{}, second...), change)))
			require.Equal(t, access.CodeInvalidInput, access.CodeOf(err), "%v", err)
			require.Equal(t, want, dump(t, s))
			requireDerived(t, s)
		})
	}
	t.Run("texts as long as an index takes", func(t *testing.T) {
		e := *known
		e.Name = strings.Repeat("n", maxIndexed+1)
		_, err := s.Commit(ctx, commitOf(1, append(append([]store.Change{}, second...), store.Change{PutEntity: &e})))
		require.Equal(t, access.CodeInvalidInput, access.CodeOf(err), "%v", err)
		require.Equal(t, want, dump(t, s))
	})
	t.Run("wrong revision", func(t *testing.T) {
		c := commitOf(1, second)
		c.Expect = map[string]int64{sampleKey: 7}
		_, err := s.Commit(ctx, c)
		require.Equal(t, access.CodeConflict, access.CodeOf(err))
		require.Equal(t, want, dump(t, s))
		requireDerived(t, s)
	})
}

// TestLongTexts: the longest texts that are let through do fit the indexes.
func TestLongTexts(t *testing.T) {
	s := openOn(t, neo4jtest.Acquire(t))
	first, _ := sampleWorld(4, 60)
	long := strings.Repeat("x", maxIndexed)
	e := sampleEntity(access.Identity, 1)
	e.Name, e.SourceID, e.Email = long, long, long
	p := &access.Employee{ID: access.EmployeeID(long), WorkEmail: long, FullName: long, ManagerEmail: long}
	_, err := s.Commit(context.Background(), commitOf(0, append(first[:2:2], store.Change{PutEntity: e}, store.Change{PutEmployee: p})))
	require.NoError(t, err)
}

// TestFence: reading the version behind the lock waits for a writer.
func TestFence(t *testing.T) {
	server := neo4jtest.Acquire(t)
	ctx := context.Background()
	s := openOn(t, server)
	session := s.session(ctx, driver.AccessModeWrite)
	defer closeSession(ctx, session)
	tx, err := session.BeginTransaction(ctx)
	require.NoError(t, err)
	_, err = s.lock(ctx, tx, nil)
	require.NoError(t, err)
	read := make(chan error, 1)
	go func() {
		_, _, err := s.fence(ctx)
		read <- err
	}()
	select {
	case err := <-read:
		t.Fatalf("the version was read while a writer held the lock: %v", err)
	case <-time.After(300 * time.Millisecond):
	}
	require.NoError(t, tx.Rollback(ctx))
	require.NoError(t, <-read)
}
