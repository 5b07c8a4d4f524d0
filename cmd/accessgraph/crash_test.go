package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/demo"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// moments is how often an import is killed on each store.
const moments = 50

// crashFiles are two companies' files for the same integration: going from one to the
// other adds, changes and removes thousands of entities and grants.
func crashFiles(t *testing.T, employees int) [2]string {
	var files [2]string
	for i := range files {
		c, err := demo.New(demo.Options{Employees: employees, Seed: uint64(i + 1), Today: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)})
		require.NoError(t, err)
		var b bytes.Buffer
		require.NoError(t, c.Entitlements(demo.Apps()[0], &b))
		require.Greater(t, bytes.Count(b.Bytes(), []byte("\n")), 2000)
		files[i] = write(t, fmt.Sprintf("company%d.csv", i), b.Bytes())
	}
	return files
}

// crash kills imports at random moments and wants the store to be, after each, as before
// the import or as after a whole one.
func crash(t *testing.T, clean func() *program, employees int) {
	files := crashFiles(t, employees)
	args := func(i int) []string {
		return []string{"import", "entitlements", files[i], "--application", "Okta", "--integration", "Okta", "--confirm-removals", "--json"}
	}
	var want [2]string
	for i := range want {
		c := clean()
		c.ok(args(i)...)
		want[i] = c.state()
	}
	require.NotEqual(t, want[0], want[1])

	p := clean()
	p.ok(args(0)...)
	var whole time.Duration // of the slower direction
	for _, to := range []int{1, 0, 1} {
		began := time.Now()
		p.ok(args(to)...)
		whole = max(whole, time.Since(began))
	}
	is := 1

	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d, a whole import takes %s", seed, whole)
	r := rand.New(rand.NewPCG(seed, 0))
	before, after, ended := 0, 0, 0
	for range moments {
		to := 1 - is
		cmd := p.command(args(to)...)
		require.NoError(t, cmd.Start())
		// Beyond the end too: some imports must get through.
		began, moment := time.Now(), time.Duration(r.Float64()*1.3*float64(whole))
		kill := time.AfterFunc(moment, func() { _ = cmd.Process.Kill() })
		if cmd.Wait() == nil {
			ended++
			whole = time.Since(began) // a database warms up
		}
		kill.Stop()
		switch p.state() {
		case want[is]:
			require.False(t, cmd.ProcessState.Success(), "an acknowledged import is lost")
			before++
		case want[to]:
			after++
			is = to
		default:
			t.Fatalf("killed after %s of %s, the store is neither as before nor as after", moment, whole)
		}
	}
	t.Logf("as before %d times, as after %d times, of which %d ended by themselves", before, after, ended)
	require.Positive(t, before, "no import was killed in time")
	require.Positive(t, after, "every import was killed in time")
}

func TestKilledImportsEmbedded(t *testing.T) {
	crash(t, func() *program { return newProgram(t) }, 3000)
}

func TestKilledImportsNeo4j(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	server := neo4jtest.Acquire(t)
	crash(t, func() *program { return neo4jProgram(t, server) }, 2000)
}

// A killed server, too, leaves a store that the next process opens.
func TestKilledServerLeavesNoLock(t *testing.T) {
	p := newProgram(t)
	p.loadNested()
	s := p.serve("--open")
	require.NoError(t, s.cmd.Process.Kill())
	_ = s.cmd.Wait()
	p.loadNested()
	require.FileExists(t, filepath.Join(p.data, "accessgraph.db"))
}
