package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// running is a server of the program.
type running struct {
	t   *testing.T
	url string
	cmd *exec.Cmd
	log *bytes.Buffer
}

func (p *program) serve(args ...string) *running {
	p.t.Helper()
	s := &running{t: p.t, log: &bytes.Buffer{}}
	s.cmd = p.command(append([]string{"serve", "--json", "--listen", "127.0.0.1:0"}, args...)...)
	s.cmd.Stderr = s.log
	out, err := s.cmd.StdoutPipe()
	require.NoError(p.t, err)
	require.NoError(p.t, s.cmd.Start())
	p.t.Cleanup(s.stop)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		_ = s.cmd.Wait()
		p.t.Fatalf("the server did not start: %s", s.log)
	}
	s.url = strings.TrimSuffix(decode[struct{ URL string }](p.t, line).URL, "/")
	return s
}

// stop ends the server as a person does, and wants it to end well.
func (s *running) stop() {
	if s.cmd.ProcessState != nil {
		return
	}
	_ = s.cmd.Process.Signal(os.Interrupt)
	done := make(chan error, 1)
	go func() { done <- s.cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			s.t.Errorf("the server ended with %v: %s", err, s.log)
		}
	case <-time.After(20 * time.Second):
		_ = s.cmd.Process.Kill()
		s.t.Errorf("the server did not end: %s", s.log)
	}
}

func (s *running) post(path, key string, body []byte) (int, string) {
	s.t.Helper()
	req, err := http.NewRequest(http.MethodPost, s.url+path, bytes.NewReader(body))
	require.NoError(s.t, err)
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(s.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(s.t, err)
	return resp.StatusCode, string(text)
}

func TestOneWriterAndReadersBesideIt(t *testing.T) {
	p := newProgram(t)
	p.loadNested()
	s := p.serve("--open")
	r := p.run("import", "entitlements", "testdata/nested.csv", "--integration", "Code (test)")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "in use by")
	require.Contains(t, r.err, "--server")
	require.Contains(t, p.ok("query", "{ entities { totalCount } }"), `"totalCount":16`)
	require.Len(t, p.export("grants").rows, 18)
	require.Contains(t, p.ok("doctor"), "held by process")
	s.stop()
	p.loadNested()
}

func TestThroughAServer(t *testing.T) {
	local := newProgram(t)
	s := local.serve("--open")
	remote := &program{t: t, env: []string{"ACCESSGRAPH_SERVER=" + s.url}}
	require.Equal(t, counts{Added: 5}, remote.load("employees", "testdata/people.csv").Employees)
	require.Equal(t, counts{Added: 16}, remote.loadNested().Entities)
	require.Equal(t, counts{Unchanged: 16}, remote.loadNested().Entities)
	require.Equal(t, counts{Added: 1}, remote.load("mappings", "testdata/mappings.csv").Mappings)
	require.Contains(t, remote.ok("query", "{ me { kind } entities { totalCount } }"), `"kind":"open"`)
	for _, dataset := range []string{"entities", "access", "grants", "employees"} {
		require.Equal(t, local.ok("export", dataset), remote.ok("export", dataset), dataset)
	}

	var gz bytes.Buffer
	w := gzip.NewWriter(&gz)
	_, err := w.Write(readFile(t, "nested.csv"))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	r := remote.pipe(gz.Bytes(), "import", "entitlements", "-", "--integration", "Code (test)", "--dry-run", "--json")
	require.Zero(t, r.code, r.err)
	require.Equal(t, 18, decode[report](t, r.out).Rows)

	broken := write(t, "broken.csv", bytes.Replace(readFile(t, "nested.csv"), []byte("plans,r3,resource"), []byte("plans,r3,thing"), 1))
	r = remote.run("import", "entitlements", broken, "--integration", "Code (test)")
	require.Equal(t, 3, r.code)
	require.Contains(t, r.out, `row 7, column "Entity - Has Access To Entity Type": E_ENUM`)
	few := write(t, "few.csv", []byte(strings.Join(strings.SplitAfter(string(readFile(t, "nested.csv")), "\n")[:2], "")))
	r = remote.run("import", "entitlements", few, "--integration", "Code (test)")
	require.Equal(t, 3, r.code, r.err)
	require.Contains(t, r.out, "--confirm-removals")
	require.Equal(t, 2, remote.run("query", "{ nope }").code)
	require.Equal(t, 2, remote.run("doctor").code)
}

func TestUploadLimitsAndParameters(t *testing.T) {
	s := newProgram(t).serve("--open")
	status, body := s.post("/api/v1/imports/people", "", nil)
	require.Equal(t, http.StatusBadRequest, status, body)
	status, body = s.post("/api/v1/imports/employees?dryrun=true", "", readFile(t, "people.csv"))
	require.Equal(t, http.StatusBadRequest, status, "a misspelt parameter must not write: %s", body)
	status, body = s.post("/api/v1/imports/employees", "", bytes.Repeat([]byte("a"), 100<<20+1))
	require.Equal(t, http.StatusRequestEntityTooLarge, status, body)

	// Small as sent, large as a file; and too many rows.
	bomb := func(row string, n int) []byte {
		var gz bytes.Buffer
		w := gzip.NewWriter(&gz)
		_, _ = io.WriteString(w, "Work Email,Start Date,Department\n")
		for range n {
			_, _ = io.WriteString(w, row)
		}
		_ = w.Close()
		return gz.Bytes()
	}
	status, body = s.post("/api/v1/imports/employees", "", bomb("a@example.com,01/01/2020,"+strings.Repeat("x", 1000)+"\n", 110_000))
	require.Equal(t, http.StatusRequestEntityTooLarge, status, body)
	require.Contains(t, body, "E_LIMIT")
	status, body = s.post("/api/v1/imports/employees", "", bomb("a@example.com,01/01/2020,x\n", 1_000_001))
	require.Equal(t, http.StatusRequestEntityTooLarge, status)
	require.Contains(t, body[:min(len(body), 100_000)], `"rows"`)

	req, err := http.NewRequest(http.MethodPost, s.url+"/api/v1/imports/employees", bytes.NewReader(readFile(t, "people.csv")))
	require.NoError(t, err)
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusForbidden, resp.StatusCode, "a page of another site must not import")
}

func TestAPIKeys(t *testing.T) {
	p := newProgram(t)
	p.load("employees", "testdata/people.csv")
	key := func(args ...string) (id, token string) {
		k := decode[struct{ ID, Token string }](t, p.ok(append([]string{"--json", "apikey", "create", "--name", "test"}, args...)...))
		return k.ID, k.Token
	}
	_, admin := key("--role", "administrator", "--expires", "1d")
	_, reviewer := key("--role", "reviewer", "--employee", "bo.lind@example.com")
	revokedID, revoked := key("--role", "administrator")
	require.Contains(t, p.ok("apikey", "list"), "usable")
	p.ok("apikey", "revoke", revokedID)
	require.Equal(t, 1, p.run("apikey", "revoke", "agk_none").code)
	r := p.run("apikey", "create", "--name", "test", "--role", "reviewer", "--employee", "nobody@example.com")
	require.Equal(t, 2, r.code)
	require.Contains(t, r.err, "nobody@example.com")

	s := p.serve()
	question, err := json.Marshal(map[string]string{"query": "{ me { kind roles } }"})
	require.NoError(t, err)
	for token, want := range map[string]int{"": 401, "nonsense": 401, revoked: 401, admin: 200, reviewer: 200} {
		status, body := s.post("/graphql", token, question)
		require.Equal(t, want, status, body)
		upload := want
		if token == reviewer {
			upload = 403
		}
		status, body = s.post("/api/v1/imports/employees?dryRun=true", token, readFile(t, "people.csv"))
		require.Equal(t, upload, status, body)
	}
	remote := &program{t: t, env: []string{"ACCESSGRAPH_SERVER=" + s.url}}
	r = remote.run("query", "{ me { kind } }")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "--api-key")
	require.Contains(t, remote.ok("query", "{ me { kind } }", "--api-key", admin), "apiKey")
	remote.env = append(remote.env, "ACCESSGRAPH_API_KEY="+admin)
	require.Equal(t, counts{Unchanged: 5}, remote.load("employees", "testdata/people.csv").Employees)
	require.NotContains(t, s.log.String(), strings.SplitN(admin, ".", 2)[1], "the log must not hold secrets")
}

func TestServeDemo(t *testing.T) {
	p := newProgram(t)
	s := p.serve("--open", "--demo")
	require.Contains(t, p.ok("query", "{ statistics { employees integrations } }"), `"employees":300,"integrations":8`)
	resp, err := http.Get(s.url + "/")
	require.NoError(t, err)
	page, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Contains(t, string(page), "<html")
	s.stop()

	// Without --data the demo has a folder of its own, beside the real one.
	home := t.TempDir()
	own := &program{t: t, env: []string{"XDG_DATA_HOME=" + home}}
	own.serve("--open", "--demo").stop()
	entries, err := os.ReadDir(home)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	require.Equal(t, "accessgraph-demo", entries[0].Name())

	// Data that is there already is served as it is.
	real := newProgram(t)
	real.loadNested()
	real.serve("--open", "--demo").stop()
	require.Len(t, real.export("entities").rows, 16)
}

// On Neo4j two servers share the data; each answers from Cypher until its copy is new.
func TestServersShareNeo4j(t *testing.T) {
	p := neo4jProgram(t, neo4jtest.Acquire(t))
	one, two := p.serve("--open"), p.serve("--open")
	writer := &program{t: t, env: []string{"ACCESSGRAPH_SERVER=" + one.url}}
	reader := &program{t: t, env: []string{"ACCESSGRAPH_SERVER=" + two.url}}
	writer.loadNested()
	engines := map[string]bool{}
	require.Eventually(t, func() bool {
		answer := decode[struct {
			Data       struct{ Entities struct{ TotalCount int } }
			Extensions struct {
				Accessgraph struct {
					Engine       string
					GraphVersion int
				}
			}
		}](t, reader.ok("query", "{ entities { totalCount } }"))
		require.Equal(t, 16, answer.Data.Entities.TotalCount)
		engines[answer.Extensions.Accessgraph.Engine] = true
		return engines["memory"]
	}, 20*time.Second, 100*time.Millisecond)
	require.True(t, engines["cypher"], "the first answer cannot wait for the copy")
	require.Equal(t, counts{Unchanged: 16}, reader.loadNested().Entities)
}
