package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
)

func TestImportEverything(t *testing.T) {
	p := newProgram(t)
	require.Equal(t, counts{Added: 5}, p.load("employees", "testdata/people.csv").Employees)
	p.loadNested()
	require.Equal(t, counts{Added: 1}, p.load("mappings", "testdata/mappings.csv").Mappings)
	require.Equal(t, counts{Added: 1}, p.load("owners", "testdata/owners.csv").Owners)
	type answer struct {
		Entities struct {
			Edges []struct {
				Node struct {
					Name, IdentityType string
					Employee           *struct{ WorkEmail, State string }
				}
			}
		}
	}
	got := map[string]string{}
	for _, e := range ask[answer](p, `{ entities(filter: {type: [IDENTITY]}) { edges { node { name identityType employee { workEmail state } } } } }`).Entities.Edges {
		require.NotNil(t, e.Node.Employee, e.Node.Name)
		got[e.Node.Name] = e.Node.IdentityType + " " + e.Node.Employee.WorkEmail + " " + e.Node.Employee.State
	}
	require.Equal(t, map[string]string{
		"akira": "EMPLOYEE akira.hale@example.com ACTIVE", "bo": "EMPLOYEE bo.lind@example.com ACTIVE",
		"cleo": "EMPLOYEE cleo.marsh@example.com ACTIVE", "dov": "EMPLOYEE dov.stern@example.com TERMINATED",
		"ship-bot": "SERVICE_ACCOUNT mira.voss@example.com ACTIVE",
	}, got)
}

func TestCompressedAndPiped(t *testing.T) {
	plain := readFile(t, "nested.csv")
	var gz bytes.Buffer
	w := gzip.NewWriter(&gz)
	_, err := w.Write(plain)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	enc, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	zst := enc.EncodeAll(plain, nil)

	want := newProgram(t)
	want.loadNested()
	into := []string{"--application", "Code", "--integration", "Code (test)"}
	for name, content := range map[string][]byte{"nested.csv.gz": gz.Bytes(), "nested.csv.zst": zst} {
		p := newProgram(t)
		p.load(append([]string{"entitlements", write(t, name, content)}, into...)...)
		require.Equal(t, want.state(), p.state(), name)
	}
	for _, content := range [][]byte{plain, gz.Bytes(), zst} {
		p := newProgram(t)
		r := p.pipe(content, append([]string{"import", "entitlements", "-"}, into...)...)
		require.Zero(t, r.code, r.err)
		require.Equal(t, want.state(), p.state())
	}
	p := newProgram(t)
	r := p.run(append([]string{"import", "entitlements", write(t, "broken.gz", gz.Bytes()[:gz.Len()/2])}, into...)...)
	require.Equal(t, 3, r.code, r.err)
	require.Contains(t, r.err, "cannot be read after row")
	require.Empty(t, p.export("entities").rows)
}

func TestDryRunWritesNothing(t *testing.T) {
	p := newProgram(t)
	p.loadNested()
	before := p.state()
	version := func() string {
		return p.ok("query", `{ statistics { graphVersion } importRuns { edges { node { id } } } }`)
	}
	then := version()
	r := p.load("entitlements", "testdata/projects.csv", "--application", "Code", "--integration", "Code (test)", "--dry-run", "--confirm-removals")
	require.Equal(t, counts{Added: 11, Removed: 16}, r.Entities)
	require.Equal(t, before, p.state())
	require.Equal(t, then, version())
}

func TestARowThatIsWrongIsNamed(t *testing.T) {
	lines := strings.Split(string(readFile(t, "nested.csv")), "\n")
	lines[6] = strings.Replace(lines[6], ",connection,team,t200", ",group,team,t200", 1) // the header is row 1
	broken := write(t, "broken.csv", []byte(strings.Join(lines, "\n")))
	into := []string{"--application", "Code", "--integration", "Code (test)"}

	p := newProgram(t)
	all := filepath.Join(t.TempDir(), "issues.csv")
	r := p.run(append([]string{"import", "entitlements", broken, "--report", all}, into...)...)
	require.Equal(t, 3, r.code)
	require.Contains(t, r.out, `row 7, column "Entity Type": E_ENUM`)
	require.Contains(t, r.out, "nothing was written")
	require.Empty(t, p.export("entities").rows)
	text, err := os.ReadFile(all)
	require.NoError(t, err)
	require.Contains(t, string(text), "error,7,Entity Type,E_ENUM,")

	r = p.run(append([]string{"import", "entitlements", broken, "--json"}, into...)...)
	require.Equal(t, 3, r.code)
	got := decode[report](t, r.out)
	require.Equal(t, 7, got.Errors[0].Row)
	require.Equal(t, "E_ENUM", got.Errors[0].Code)
}

func TestManyRemovalsWantConfirmation(t *testing.T) {
	p := newProgram(t)
	p.loadNested()
	before := p.state()
	few := write(t, "few.csv", []byte(strings.Join(strings.SplitAfter(string(readFile(t, "nested.csv")), "\n")[:3], "")))
	args := []string{"import", "entitlements", few, "--integration", "Code (test)"}
	r := p.run(args...)
	require.Equal(t, 3, r.code)
	require.Contains(t, r.out, "--confirm-removals")
	require.Equal(t, before, p.state())
	r = p.run(append(args, "--json")...)
	require.Equal(t, 3, r.code)
	require.Contains(t, r.out, `"code":"E_REMOVALS"`)
	r = p.run(append(args, "--mode", "merge")...)
	require.Zero(t, r.code, r.err)
	require.Equal(t, before, p.state())
	r = p.run(append(args, "--confirm-removals")...)
	require.Zero(t, r.code, r.err)
	require.Len(t, p.export("entities").rows, 3)
}

func TestColumnsOfTheirOwn(t *testing.T) {
	file := write(t, "own.csv", []byte("Login,Login ID,Group,Group ID\npat,1,Admins,g1\nkim,2,Admins,g1\n"))
	args := []string{"entitlements", file, "--application", "Portal", "--integration", "Portal",
		"--map", "Entity Name=Login", "--map", "Entity Source ID=Login ID", "--map", "Entity - Has Access To Name=Group",
		"--map", "Entity - Has Access To Source ID=Group ID", "--default", "Entity Type=identity", "--default", "Entity Source Type=user",
		"--default", "Entity - Has Access To Entity Type=connection", "--default", "Entity - Has Access To Source Type=group"}
	p := newProgram(t)
	require.Equal(t, counts{Added: 3}, p.load(args...).Entities)
	// They are remembered.
	require.Equal(t, counts{Unchanged: 3}, p.load("entitlements", file, "--integration", "Portal").Entities)
}

func TestWrongUse(t *testing.T) {
	p := newProgram(t)
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"qery"}, 2, "did you mean query?"},
		{[]string{"import"}, 2, "say which"},
		{[]string{"import", "people", "x"}, 2, `no command "people"`},
		{[]string{"import", "employees"}, 2, "FILE is missing"},
		{[]string{"import", "employees", "a", "b"}, 2, "unexpected argument"},
		{[]string{"import", "employees", "testdata/people.csv", "--dryrun"}, 2, "did you mean --dry-run?"},
		{[]string{"import", "employees", "no-such-file.csv"}, 2, "no-such-file.csv"},
		{[]string{"import", "entitlements", "testdata/nested.csv"}, 2, "--integration"},
		{[]string{"import", "entitlements", "testdata/nested.csv", "--integration", "New"}, 2, "application"},
		{[]string{"import", "entitlements", "testdata/nested.csv", "--integration", "New", "--mode", "replace"}, 2, "mode"},
		{[]string{"--store", "oracle", "version"}, 2, "oracle"},
		{[]string{"--engine", "cypher", "version"}, 2, "--store neo4j"},
		{[]string{"export", "everything"}, 2, "entities, access, grants, employees"},
		{[]string{"export", "entities", "--format", "parquet"}, 2, "csv"},
		{[]string{"export", "entities", "--filter", `{"nme":1}`}, 2, "nme"},
		{[]string{"query", "{ me { kind } }", "-o", "xml"}, 2, "json, table, csv"},
		{[]string{"query", "{ me { kind } }", "--var", "a=b"}, 2, "not JSON"},
		{[]string{"query", "{ me { kind } }", "--data", filepath.Join(t.TempDir(), "none")}, 1, "no accessgraph data"},
		{[]string{"demo", "--employees", "3"}, 2, "at least 20"},
		{[]string{"apikey", "create", "--name", "x", "--role", "king"}, 2, "king"},
		{[]string{"serve", "--open", "--listen", "0.0.0.0:0"}, 2, "loopback"},
		{[]string{"--store", "neo4j", "--neo4j-uri", "bolt://127.0.0.1:1", "query", "{ me { kind } }"}, 1, "127.0.0.1:1"},
		{[]string{"--server", "http://127.0.0.1:1", "query", "{ me { kind } }"}, 1, "is the server running"},
	} {
		r := p.run(c.args...)
		require.Equal(t, c.code, r.code, "%v\n%s%s", c.args, r.out, r.err)
		require.Contains(t, r.err, c.says, "%v", c.args)
		asJSON := p.run(append([]string{"--json"}, c.args...)...)
		require.Equal(t, c.code, asJSON.code)
		failure := decode[struct {
			Error struct{ Code, Message string }
		}](t, asJSON.err[strings.Index(asJSON.err, `{"error"`):])
		require.NotEmpty(t, failure.Error.Message, "%v", c.args)
		require.NotEmpty(t, failure.Error.Code)
	}
}

func TestQueryForms(t *testing.T) {
	p := newProgram(t)
	p.loadNested()
	file := write(t, "q.graphql", []byte(`query ($n: Int!) { entities(first: $n) { totalCount edges { node { name type } } } }`))
	require.Equal(t, "name,type\nakira,IDENTITY\nback-office,RESOURCE\n", p.ok("query", "-f", file, "--var", "n=2", "-o", "csv"))
	out := p.ok("query", "-f", file, "--var", "n=2", "-o", "table")
	require.Contains(t, out, "| back-office | RESOURCE |")
	require.Contains(t, out, "2 of 16 rows")
	r := p.pipe([]byte(`{ me { kind } }`), "query")
	require.Equal(t, "{\"data\":{\"me\":{\"kind\":\"system\"}}}\n", r.out)
	for query, code := range map[string]int{
		`{ entities { nope } }`: 2, `{`: 2, `{ entities(first: 501) { totalCount } }`: 2, `{ entity(id: "e_x") { name } }`: 0,
	} {
		r := p.run("query", query)
		require.Equal(t, code, r.code, query)
		require.True(t, strings.HasPrefix(r.out, "{"), r.out)
	}
	// A mutation opens the store for writing.
	p.ok("query", `mutation { updateSettings(input: {tenantName: "Acme"}) { tenantName } }`)
	require.Contains(t, p.ok("query", `{ settings { tenantName } }`), "Acme")
}

// Somebody who interrupts an import of a pipe that says nothing gets the prompt back.
func TestInterruptedImport(t *testing.T) {
	p := newProgram(t)
	cmd := p.command("import", "entitlements", "-", "--application", "Code", "--integration", "Code (test)")
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	require.NoError(t, cmd.Start())
	_, err = stdin.Write(readFile(t, "nested.csv"))
	require.NoError(t, err)
	time.Sleep(500 * time.Millisecond)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	done := make(chan struct{})
	go func() { _ = cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		_ = cmd.Process.Kill()
		t.Fatal("it did not end")
	}
	require.Equal(t, 1, cmd.ProcessState.ExitCode())
	require.Contains(t, errOut.String(), "interrupted")
	require.Empty(t, p.export("entities").rows)
}
