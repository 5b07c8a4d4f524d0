package neo4j

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

const (
	crashChild = "ACCESSGRAPH_TEST_CRASH_CHILD" // the child's Config as JSON
	crashRuns  = "ACCESSGRAPH_TEST_CRASHES"     // how many runs; 20 without it
	crashSize  = 600
)

// crashCommit is the commit that is interrupted; it also writes a record and an audit row.
func crashCommit(list []store.Change) store.Commit {
	c := commitOf(1, list)
	c.Expect = map[string]int64{sampleKey: 1}
	c.Records = []store.RecordWrite{{Kind: "ImportRun", ID: "run", Expect: 0, Doc: json.RawMessage(`{"rows":1}`), Index: map[string]string{"state": "done"}}}
	c.Audit = []store.AuditEntry{{ID: "01J", Action: "import", Actor: "test"}}
	return c
}

// TestCrashChild is the process that TestCrash kills.
func TestCrashChild(t *testing.T) {
	text := os.Getenv(crashChild)
	if text == "" {
		t.Skip("only as a child of TestCrash")
	}
	var config Config
	require.NoError(t, json.Unmarshal([]byte(text), &config))
	s, err := Open(context.Background(), config)
	require.NoError(t, err)
	s.loadLease = time.Second
	_, second := sampleWorld(1, crashSize)
	fmt.Println("ready")
	_, err = s.Commit(context.Background(), crashCommit(second))
	require.NoError(t, err)
	fmt.Println("done")
}

// TestCrash kills a process at random moments of a commit, half of the times of one
// that is applied in batches: after the next start the database is as before or as after.
func TestCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many processes")
	}
	server := neo4jtest.Acquire(t)
	runs := 20
	if text := os.Getenv(crashRuns); text != "" {
		var err error
		runs, err = strconv.Atoi(text)
		require.NoError(t, err)
	}
	first, second := sampleWorld(1, crashSize)
	begin := func(limit int64) Config {
		neo4jtest.Fresh(t, server)
		config := configOf(server)
		config.MaxTransaction = limit
		s := openFor(t, configOf(server))
		_, err := s.Commit(context.Background(), commitOf(0, first))
		require.NoError(t, err)
		require.NoError(t, s.Close())
		return config
	}
	// What a commit that nobody kills leads to, and how long it takes.
	var before, after string
	took := map[int64]time.Duration{}
	limits := []int64{DefaultMaxTransaction, 100}
	for _, limit := range append(limits, limits...) { // twice: the server plans each statement once
		config := begin(limit)
		s := openFor(t, config)
		b := dump(t, s)
		start := time.Now()
		_, err := s.Commit(context.Background(), crashCommit(second))
		require.NoError(t, err)
		took[limit] = time.Since(start)
		a := dump(t, s)
		requireDerived(t, s)
		require.NoError(t, s.Close())
		if before != "" {
			require.Equal(t, before, b)
			require.Equal(t, after, a, "one transaction and batches must lead to the same")
		}
		before, after = b, a
	}
	require.NotEqual(t, before, after)

	seed := uint64(time.Now().UnixNano()) //nolint:gosec // any bits will do
	t.Logf("%d changes, seed %d, took %v", len(second), seed, took)
	r := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // test data
	outcomes := map[string]int{}
	for run := range runs {
		limit := limits[run%2]
		config := begin(limit)
		delay := time.Duration(r.Float64() * 1.2 * float64(took[limit]))
		done := killWriter(t, crashChild, "TestCrashChild", config, delay)

		s := openFor(t, config)
		st, err := s.state(context.Background())
		require.NoError(t, err)
		require.False(t, st.pending, "Open left a change set unfinished")
		switch got := dump(t, s); got {
		case before:
			require.False(t, done, "a commit that was acknowledged is gone")
			outcomes["before"]++
		case after:
			outcomes["after"]++
		default:
			require.Equal(t, after, got, "run %d (limit %d, killed after %s) left neither the old state nor the new one", run, limit, delay)
		}
		requireNoOrphans(t, s)
		requireDerived(t, s)
		require.NoError(t, s.Close())
	}
	t.Logf("outcomes: %v", outcomes)
}

// requireNoOrphans: chunks that were never published are invisible, and the next large
// commit clears them away; here it is asked to at once.
func requireNoOrphans(t *testing.T, s *Store) {
	t.Helper()
	require.NoError(t, s.discardChunks(context.Background()))
}

func openFor(t *testing.T, config Config) *Store {
	t.Helper()
	s, err := Open(context.Background(), config)
	require.NoError(t, err)
	return s
}

// killWriter starts the child and kills it that long after it began to commit; done says
// whether the commit had been acknowledged.
func killWriter(t *testing.T, env, test string, config Config, delay time.Duration) (done bool) {
	t.Helper()
	text, err := json.Marshal(config)
	require.NoError(t, err)
	child := exec.Command(os.Args[0], "-test.run=^"+test+"$") //nolint:gosec // this very binary
	child.Env = append(os.Environ(), env+"="+string(text))
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	child.Stderr = os.Stderr
	require.NoError(t, child.Start())
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if lines.Text() == "ready" {
			time.AfterFunc(delay, func() { _ = child.Process.Kill() })
		}
		done = done || lines.Text() == "done"
	}
	_ = child.Wait() // it was killed
	return done
}
