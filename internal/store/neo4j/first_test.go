package neo4j

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/cypher/queries"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
	"github.com/accessgraph/accessgraph/internal/store/storetest"
)

// TestContractFirst takes every commit into a graph without entities for a first load.
func TestContractFirst(t *testing.T) {
	server := neo4jtest.Acquire(t)
	storetest.Run(t, func(t *testing.T) store.Store {
		neo4jtest.Fresh(t, server)
		s := openOn(t, server)
		s.firstLoad = 1
		t.Cleanup(func() { requireDerived(t, s) })
		return s
	}, storetest.Options{Large: 3000, Steps: 25})
}

// firstCommit is a first load as an import gives it: grants in the order of sources.
func firstCommit(seed uint64, n int) store.Commit {
	list, _ := sampleWorld(seed, n)
	isGrant := func(c store.Change) bool { return c.PutGrant != nil }
	from := slices.IndexFunc(list, isGrant)
	to := from
	for to < len(list) && isGrant(list[to]) {
		to++
	}
	slices.SortStableFunc(list[from:to], func(a, b store.Change) int { return cmp.Compare(a.PutGrant.Source, b.PutGrant.Source) })
	c := commitOf(0, list)
	c.Expect = map[string]int64{sampleKey: 0}
	c.Records = []store.RecordWrite{{Kind: "ImportRun", ID: "run", Expect: 0, Doc: json.RawMessage(`{"rows":1}`), Index: map[string]string{"state": "done"}}}
	c.Audit = []store.AuditEntry{{ID: "01J", Action: "import", Actor: "test"}}
	return c
}

// TestFirstLoad: several transactions lead to what one leads to.
func TestFirstLoad(t *testing.T) {
	server := neo4jtest.Acquire(t)
	ctx := context.Background()
	c := firstCommit(5, 3000)
	s := openOn(t, server)
	version, err := s.commitOnce(ctx, c)
	require.NoError(t, err)
	require.EqualValues(t, 1, version)
	want := dump(t, s)

	neo4jtest.Fresh(t, server)
	require.NoError(t, s.migrate(ctx))
	var last int64
	c.Progress = func(done int64) { last = max(last, done) }
	version, err = s.loadFirst(ctx, c)
	require.NoError(t, err)
	require.EqualValues(t, 1, version)
	require.EqualValues(t, 3000+9000, last)
	require.Equal(t, want, dump(t, s))
	requireDerived(t, s)

	_, err = s.loadFirst(ctx, c)
	require.ErrorIs(t, err, errNotFirst, "the graph is not empty any more")
}

// TestFirstLoadRefusals: what is wrong with a first load leaves nothing of it.
func TestFirstLoadRefusals(t *testing.T) {
	server := neo4jtest.Acquire(t)
	ctx := context.Background()
	s := openOn(t, server)
	s.firstLoad = 1
	want := dump(t, s)
	good := firstCommit(6, 600)
	var list []store.Change
	for c, err := range good.Graph {
		require.NoError(t, err)
		list = append(list, c)
	}
	var known *access.Entity
	for _, c := range list {
		if c.PutEntity != nil {
			known = c.PutEntity
		}
	}
	stranger := sampleEntity(access.Resource, 999_999).ID
	for name, change := range map[string]store.Change{
		"grant on a stranger":      {PutGrant: &access.Grant{Source: known.ID, Target: stranger, Permission: "p", Value: "true", Counts: true}},
		"mapping of a stranger":    {PutMapping: &access.Mapping{EntityID: stranger, EmployeeID: access.EmployeeID("user0@example.com"), Relation: access.IS}},
		"owner that is nobody":     {PutOwners: &store.EntityOwners{EntityID: known.ID, Owners: access.Owners{Primary: "p_nobody"}}},
		"entity of no integration": {PutEntity: &access.Entity{ID: stranger, Integration: "nowhere", Type: access.Resource, Name: "n", SourceID: "n"}},
		"nothing":                  {},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.Commit(ctx, commitOf(0, append(slices.Clone(list), change)))
			require.Equal(t, access.CodeInvalidInput, access.CodeOf(err), "%v", err)
			require.Equal(t, want, dump(t, s))
			requireDerived(t, s)
		})
	}
	t.Run("wrong revision", func(t *testing.T) {
		c := good
		c.Expect = map[string]int64{sampleKey: 7}
		_, err := s.Commit(ctx, c)
		require.Equal(t, access.CodeConflict, access.CodeOf(err))
		require.Equal(t, want, dump(t, s))
	})
	t.Run("grants in no order are written the other way", func(t *testing.T) {
		list, _ := sampleWorld(6, 600)
		version, err := s.Commit(ctx, commitOf(0, list))
		require.NoError(t, err)
		require.EqualValues(t, 1, version)
		requireDerived(t, s)
	})
}

// TestFirstLoadTakenOver: a writer that was silent for too long finds its load undone, and can
// write no more of it.
func TestFirstLoadTakenOver(t *testing.T) {
	server := neo4jtest.Acquire(t)
	ctx := context.Background()
	s := openOn(t, server)
	want := dump(t, s)
	l := &firstLoad{s: s, id: "set", c: firstCommit(7, 300), caller: ctx}
	require.NoError(t, l.begin(ctx))
	l.hire()
	p := newFirstPlan(l)
	for c, err := range l.c.Graph {
		require.NoError(t, err)
		require.NoError(t, p.add(&c))
	}
	require.NoError(t, p.flush())
	require.NoError(t, l.workers.Wait())
	err := s.ReadGraph(ctx, func(context.Context, store.GraphView) error { return nil })
	require.NoError(t, err, "nobody holds the lease, so reading undoes the load first")
	require.Equal(t, want, dump(t, s))
	requireDerived(t, s)

	err = l.gated(ctx, func(driver.ManagedTransaction) error {
		t.Error("it must not get this far")
		return nil
	})
	require.Equal(t, access.CodeConflict, access.CodeOf(err), "%v", err)
	_, err = l.finish(ctx, p, newCopyWriter(nil))
	require.Equal(t, access.CodeConflict, access.CodeOf(err), "%v", err)
	require.NoError(t, s.undoFirst(ctx, l.id), "which is nothing to do")
	require.Equal(t, want, dump(t, s))
}

const firstChild = "ACCESSGRAPH_TEST_FIRST_CHILD"

// TestFirstChild is the process that TestFirstCrash kills.
func TestFirstChild(t *testing.T) {
	text := os.Getenv(firstChild)
	if text == "" {
		t.Skip("only as a child of TestFirstCrash")
	}
	var config Config
	require.NoError(t, json.Unmarshal([]byte(text), &config))
	s, err := Open(context.Background(), config)
	require.NoError(t, err)
	s.loadLease, s.firstLoad = time.Second, 1
	c := firstCommit(1, 4*crashSize)
	fmt.Println("ready")
	_, err = s.Commit(context.Background(), c)
	require.NoError(t, err)
	fmt.Println("done")
}

// TestFirstCrash kills a process at random moments of a first load: after the next start
// the database is empty or has all of it.
func TestFirstCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many processes")
	}
	server := neo4jtest.Acquire(t)
	ctx := context.Background()
	runs := 20
	if text := os.Getenv(crashRuns); text != "" {
		var err error
		runs, err = strconv.Atoi(text)
		require.NoError(t, err)
	}
	config := configOf(server)
	var before, after string
	var took time.Duration
	for range 2 {
		neo4jtest.Fresh(t, server)
		s := openFor(t, config)
		before = dump(t, s)
		start := time.Now()
		_, err := s.loadFirst(ctx, firstCommit(1, 4*crashSize))
		require.NoError(t, err)
		took = time.Since(start)
		after = dump(t, s)
		require.NoError(t, s.Close())
	}
	seed := uint64(time.Now().UnixNano()) //nolint:gosec // any bits will do
	t.Logf("seed %d, took %v", seed, took)
	r := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // test data
	outcomes := map[string]int{}
	for run := range runs {
		neo4jtest.Fresh(t, server)
		require.NoError(t, openFor(t, config).Close())
		delay := time.Duration(r.Float64() * 1.2 * float64(took))
		done := killWriter(t, firstChild, "TestFirstChild", config, delay)
		s := openFor(t, config)
		st, err := s.state(ctx)
		require.NoError(t, err)
		require.False(t, st.pending, "Open left a load unfinished")
		switch got := dump(t, s); got {
		case before:
			require.False(t, done, "a commit that was acknowledged is gone")
			outcomes["before"]++
		case after:
			outcomes["after"]++
		default:
			require.Equal(t, after, got, "run %d (killed after %s) left neither the old state nor the new one", run, delay)
		}
		requireDerived(t, s)
		require.NoError(t, s.Close())
	}
	t.Logf("outcomes: %v", outcomes)
}

// TestFirstLoadSeeks: grants of a first load find their ends without an index.
func TestFirstLoadSeeks(t *testing.T) {
	s := openOn(t, neo4jtest.Acquire(t))
	for _, name := range firstLinks {
		operators := plan(t, s, queries.Text(name))
		require.Contains(t, operators, "NodeByElementIdSeek", name)
		for _, operator := range operators {
			require.NotContains(t, operator, "Index", name)
			require.NotContains(t, operator, "Scan", name)
		}
	}
}
