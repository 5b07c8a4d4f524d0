package neo4jtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"
)

func run(t *testing.T, server Server, statement string, parameters map[string]any) []*neo4j.Record {
	t.Helper()
	session := server.Driver().NewSession(t.Context(), neo4j.SessionConfig{DatabaseName: server.Database})
	defer func() { require.NoError(t, session.Close(t.Context())) }()
	found, err := rows(t.Context(), session, statement, parameters)
	require.NoError(t, err)
	return found
}

func TestAuthenticationIsOn(t *testing.T) {
	server := Acquire(t)
	for name, token := range map[string]neo4j.AuthToken{
		"wrong password":   neo4j.BasicAuth(server.Username, server.Password+"x", ""),
		"unknown user":     neo4j.BasicAuth("somebody", server.Password, ""),
		"initial password": neo4j.BasicAuth("neo4j", "neo4j", ""),
		"none":             neo4j.NoAuth(),
	} {
		t.Run(name, func(t *testing.T) {
			driver, err := neo4j.NewDriverWithContext(server.URI, token)
			require.NoError(t, err)
			defer func() { require.NoError(t, driver.Close(t.Context())) }()
			var refused *neo4j.Neo4jError
			require.ErrorAs(t, driver.VerifyConnectivity(t.Context()), &refused)
			require.Equal(t, "Neo.ClientError.Security.Unauthorized", refused.Code)
		})
	}
	require.NoError(t, server.Driver().VerifyConnectivity(t.Context()), "the right password still works")
}

func TestRoutingSchemeWorks(t *testing.T) {
	server := Acquire(t)
	uri := strings.Replace(server.URI, "bolt://", "neo4j://", 1)
	driver, err := neo4j.NewDriverWithContext(uri, neo4j.BasicAuth(server.Username, server.Password, ""))
	require.NoError(t, err)
	defer func() { require.NoError(t, driver.Close(t.Context())) }()
	require.NoError(t, driver.VerifyConnectivity(t.Context()))
}

func TestFresh(t *testing.T) {
	server := Acquire(t)
	count := func() int64 { return run(t, server, `MATCH (n) RETURN count(n)`, nil)[0].Values[0].(int64) }
	schema := func() int64 {
		return run(t, server, `SHOW INDEXES YIELD type WHERE type <> 'LOOKUP' RETURN count(*)`, nil)[0].Values[0].(int64)
	}
	require.Zero(t, count(), "a borrowed server is empty")
	require.Zero(t, schema(), "a borrowed server has no schema")

	run(t, server, "CREATE CONSTRAINT `odd ``name` FOR (n:Thing) REQUIRE n.id IS UNIQUE", nil)
	run(t, server, `CREATE INDEX plain FOR (n:Thing) ON (n.name)`, nil)
	run(t, server, `UNWIND range(1, 100) AS i CREATE (:Thing {id: i})-[:NEXT]->(:Other)`, nil)
	Fresh(t, server)
	require.Zero(t, count())
	require.EqualValues(t, 2, schema(), "the schema stays unless asked otherwise")

	Fresh(t, server, DropSchema())
	require.Zero(t, schema())
	lookup := run(t, server, `SHOW INDEXES YIELD type RETURN count(*)`, nil)[0].Values[0]
	require.EqualValues(t, 2, lookup, "the lookup indexes of a new database stay")
}

func TestFreshOnManyRelationshipsOfOneNode(t *testing.T) {
	server := Acquire(t)
	run(t, server, `CREATE (h:Hub) WITH h UNWIND range(1, $size) AS i CREATE (h)-[:NEXT]->(:Spoke)`,
		map[string]any{"size": int64(3 * wipeBatch)})
	Fresh(t, server)
	require.EqualValues(t, 0, run(t, server, `MATCH (n) RETURN count(n)`, nil)[0].Values[0])
}

func TestAcquireEndsForgottenTransactions(t *testing.T) {
	held, err := acquire(t.Context())
	require.NoError(t, err)
	server := held.server
	file := strings.TrimSuffix(held.lock.Path(), ".lock") + ".json"

	// A killed test may leave a transaction that holds locks on what it wrote.
	other, err := neo4j.NewDriverWithContext(server.URI, neo4j.BasicAuth(server.Username, server.Password, ""))
	require.NoError(t, err)
	defer func() { _ = other.Close(context.Background()) }()
	run(t, server, `CREATE (:Locked {id: 1})`, nil)
	session := other.NewSession(t.Context(), neo4j.SessionConfig{DatabaseName: server.Database})
	forgotten, err := session.BeginTransaction(t.Context())
	require.NoError(t, err)
	result, err := forgotten.Run(t.Context(), `MATCH (n:Locked) SET n.seen = true`, nil)
	require.NoError(t, err)
	_, err = result.Consume(t.Context())
	require.NoError(t, err)

	// The lock stays ours: only the part that a next borrower does is repeated.
	again, err := open(t.Context(), file, held.lock)
	require.NoError(t, err)
	require.NotNil(t, again)
	require.EqualValues(t, 0, run(t, again.server, `MATCH (n) RETURN count(n)`, nil)[0].Values[0])
	require.Error(t, forgotten.Commit(t.Context()), "the forgotten transaction has ended")
	require.NoError(t, again.release())
	require.NoError(t, held.release())
}

const childVariable = "NEO4JTEST_CHILD_WAIT"

// TestMain makes the test binary the other process of TestExclusiveAcrossProcesses
// when that test asks for it.
func TestMain(m *testing.M) {
	wait, asked := os.LookupEnv(childVariable)
	if !asked {
		os.Exit(m.Run())
	}
	if err := borrowOnce(wait); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// borrowOnce borrows a server and gives it back, waiting at most so long.
func borrowOnce(wait string) error {
	limit, err := time.ParseDuration(wait)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	held, err := acquire(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		fmt.Println("CHILD timed out")
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Println("CHILD got it")
	return held.release()
}

func TestExclusiveAcrossProcesses(t *testing.T) {
	// A pool of one, made of a server that this test holds in the real pool.
	real, err := acquire(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, real.release()) }()
	text, err := os.ReadFile(strings.TrimSuffix(real.lock.Path(), ".lock") + ".json")
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "only.json"), text, 0o600))
	t.Setenv(poolVariable, dir)

	child := func(wait string) string {
		command := exec.CommandContext(t.Context(), os.Args[0])
		command.Env = append(os.Environ(), childVariable+"="+wait)
		output, err := command.CombinedOutput()
		require.NoError(t, err, "%s", output)
		return string(output)
	}
	held, err := acquire(t.Context())
	require.NoError(t, err)
	require.Contains(t, child("1s"), "CHILD timed out")
	require.NoError(t, held.release())
	require.Contains(t, child("30s"), "CHILD got it")
}

func TestDeadServerIsAnError(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(poolVariable, dir)
	_, err := acquire(t.Context())
	require.ErrorContains(t, err, "no server lives in the pool "+dir)

	// Port 1 is not listened on.
	gone := `{"uri": "bolt://127.0.0.1:1", "username": "neo4j", "password": "x", "database": "neo4j"}`
	require.NoError(t, os.WriteFile(filepath.Join(dir, "gone.json"), []byte(gone), 0o600))
	_, err = acquire(t.Context())
	require.ErrorContains(t, err, "no server lives in the pool "+dir)
}

func TestServerWithAnotherPasswordIsAnError(t *testing.T) {
	server := Acquire(t)
	dir := t.TempDir()
	t.Setenv(poolVariable, dir)
	text := fmt.Sprintf(`{"uri": %q, "username": "neo4j", "password": "not this one", "database": "neo4j"}`, server.URI)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "changed.json"), []byte(text), 0o600))
	_, err := acquire(t.Context())
	require.ErrorContains(t, err, "Unauthorized")
}

func BenchmarkFresh(b *testing.B) {
	server := Acquire(b)
	for b.Loop() {
		Fresh(b, server)
	}
}
