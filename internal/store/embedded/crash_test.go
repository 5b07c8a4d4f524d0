package embedded

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

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// crashDir, when set, makes the test binary the process that is killed.
const crashDir = "ACCESSGRAPH_CRASH_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		if err := commitForever(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// TestKill kills a committing process again and again, at random moments, first of all
// while it creates the file. Whatever it had acknowledged must be there afterwards, and
// every commit whole or not at all.
func TestKill(t *testing.T) {
	kills := 50
	if testing.Short() {
		kills = 10
	}
	if text := os.Getenv("ACCESSGRAPH_CRASH_KILLS"); text != "" {
		n, err := strconv.Atoi(text)
		require.NoError(t, err)
		kills = n
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	var acknowledged, present int64
	inside := 0
	for i := range kills {
		last := killOne(t, dir, time.Duration(r.IntN(120_000))*time.Microsecond)
		acknowledged = max(acknowledged, last)
		s := open(t, dir, Options{})
		v := requireWhole(t, s)
		require.GreaterOrEqual(t, v, acknowledged, "kill %d: an acknowledged commit is lost", i)
		require.GreaterOrEqual(t, v, present, "kill %d: what was there is lost", i)
		require.LessOrEqual(t, v, max(acknowledged, present)+1, "kill %d: a commit from nowhere", i)
		if v > present {
			inside++
		}
		present = v
		require.NoError(t, s.Close())
	}
	t.Logf("%d commits survived %d kills, %d of them of a process that had committed", present, kills, inside)
	require.Positive(t, inside, "no process got as far as to commit")
}

// killOne starts a committing process, kills it after a while and returns the last
// commit that it acknowledged.
func killOne(t *testing.T, dir string, after time.Duration) int64 {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	var last int64
	for lines := bufio.NewScanner(out); lines.Scan(); {
		last, err = strconv.ParseInt(lines.Text(), 10, 64)
		require.NoError(t, err)
	}
	require.Error(t, cmd.Wait(), "the process ends by being killed")
	require.Equal(t, -1, cmd.ProcessState.ExitCode(), "the process ends by being killed")
	return last
}

func commitForever(dir string) error {
	ctx := context.Background()
	s, err := Open(ctx, dir, Options{})
	if err != nil {
		return err
	}
	v, err := s.Version(ctx)
	if err != nil {
		return err
	}
	for {
		if v, err = s.Commit(ctx, numbered(v+1)); err != nil {
			return err
		}
		fmt.Println(v)
	}
}

const crashEntities = 120

func crashEntity(i int) *access.Entity {
	e := &access.Entity{Integration: "K", Type: access.Connection, SourceID: fmt.Sprint(i)}
	e.ID = e.Key().ID()
	return e
}

// numbered is commit n: it writes n everywhere, so that a commit that is there in part
// shows two numbers.
func numbered(n int64) store.Commit {
	at := time.Unix(1_700_000_000+n, 0)
	text := fmt.Sprint(n)
	graph := func(yield func(store.Change, error) bool) {
		cs := []store.Change{{PutIntegration: &access.Integration{ID: access.IntegrationID("K"), Key: "K", Name: text}}}
		for i := range crashEntities {
			e := crashEntity(i)
			e.Name = text
			cs = append(cs, store.Change{PutEntity: e})
		}
		for i := range crashEntities {
			g := access.Grant{Source: crashEntity(i).ID, Target: crashEntity((i + 1) % crashEntities).ID, Permission: "p", Value: "true", Counts: true, Metadata: text}
			if i == 0 {
				g.Value = text // one interval ends with every commit
			}
			cs = append(cs, store.Change{PutGrant: &g})
		}
		visitor := crashEntity(-1)
		if n%2 == 0 {
			cs = append(cs, store.Change{RemoveEntity: visitor.ID})
		} else {
			cs = append(cs, store.Change{PutEntity: visitor})
		}
		for _, c := range cs {
			if !yield(c, nil) {
				return
			}
		}
	}
	return store.Commit{
		At: at, Graph: graph, GraphCount: 2*crashEntities + 2, Expect: map[string]int64{"K": n - 1},
		Records: []store.RecordWrite{{Kind: "Job", ID: "job", Expect: n - 1, Doc: json.RawMessage(text), Index: map[string]string{"state": text}}},
		Audit:   []store.AuditEntry{{ID: fmt.Sprintf("%08d", n), At: at, Action: "commit", Object: text}},
	}
}

// requireWhole requires the state to be exactly that after commit v, and returns v.
func requireWhole(t *testing.T, s *Store) int64 {
	t.Helper()
	ctx := t.Context()
	var check string
	require.NoError(t, s.reads.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&check))
	require.Equal(t, "ok", check)
	v, err := s.Version(ctx)
	require.NoError(t, err)
	audit, err := s.AuditEntries(ctx, store.AuditQuery{})
	require.NoError(t, err)
	require.Len(t, audit, int(v))
	if v == 0 {
		return 0
	}
	text := fmt.Sprint(v)
	require.Equal(t, text, audit[0].Object)
	jobs, err := s.FindRecords(ctx, store.RecordQuery{Kind: "Job", Where: map[string]string{"state": text}})
	require.NoError(t, err)
	require.Len(t, jobs, 1)
	require.Equal(t, v, jobs[0].Revision)
	require.Equal(t, text, string(jobs[0].Doc))
	require.NoError(t, s.ReadGraph(ctx, func(ctx context.Context, view store.GraphView) error {
		require.Equal(t, v, view.Version())
		integrations, err := view.Integrations(ctx)
		require.NoError(t, err)
		require.Equal(t, text, integrations[0].Name)
		require.Equal(t, v, integrations[0].Revision)
		entities, grants, ended := 0, 0, int64(0)
		for e, err := range view.Entities(ctx, "", true) {
			require.NoError(t, err)
			if e.ID == crashEntity(-1).ID {
				require.Equal(t, v%2 == 0, e.Removed())
				continue
			}
			require.Equal(t, text, e.Name)
			entities++
		}
		for g, err := range view.Grants(ctx, "") {
			require.NoError(t, err)
			require.Equal(t, text, g.Metadata)
			grants++
		}
		for _, err := range view.History(ctx, "") {
			require.NoError(t, err)
			ended++
		}
		require.Equal(t, crashEntities, entities)
		require.Equal(t, crashEntities, grants)
		require.Equal(t, v-1, ended)
		return nil
	}))
	return v
}
