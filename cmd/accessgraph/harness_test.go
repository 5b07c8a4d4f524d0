package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// binary is the program under test, built once: what is tested is what people run.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "accessgraph-cli")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "accessgraph")
	build := exec.Command("go", "build", "-p", "2", "-o", binary, ".")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "cannot build the program:", err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// program runs the binary on one store.
type program struct {
	t    *testing.T
	env  []string
	data string // the data folder; empty on Neo4j
}

// result is how a run ended.
type result struct {
	out, err string
	code     int
}

func newProgram(t *testing.T) *program {
	data := filepath.Join(t.TempDir(), "data")
	return &program{t: t, data: data, env: []string{"ACCESSGRAPH_DATA=" + data}}
}

func neo4jProgram(t *testing.T, server neo4jtest.Server) *program {
	neo4jtest.Fresh(t, server, neo4jtest.DropSchema())
	return &program{t: t, env: []string{
		"ACCESSGRAPH_STORE=neo4j", "ACCESSGRAPH_NEO4J_URI=" + server.URI, "ACCESSGRAPH_NEO4J_USERNAME=" + server.Username,
		"ACCESSGRAPH_NEO4J_PASSWORD=" + server.Password, "ACCESSGRAPH_NEO4J_DATABASE=" + server.Database,
	}}
}

func (p *program) command(args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	p.t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, binary, args...)
	// Nothing of the machine's own configuration may reach the test.
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + p.t.TempDir(), "CI=1"}, p.env...)
	return cmd
}

func (p *program) run(args ...string) result { return p.pipe(nil, args...) }

func (p *program) pipe(stdin []byte, args ...string) result {
	p.t.Helper()
	cmd := p.command(args...)
	var out, errOut bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(stdin), &out, &errOut
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatalf("%v: %v", args, err)
	}
	r := result{out.String(), errOut.String(), cmd.ProcessState.ExitCode()}
	require.NotContains(p.t, r.err, "goroutine ", "a stack trace")
	return r
}

// ok runs a command that must succeed and returns its standard output.
func (p *program) ok(args ...string) string {
	p.t.Helper()
	r := p.run(args...)
	require.Zero(p.t, r.code, "%v\n%s%s", args, r.out, r.err)
	return r.out
}

// counts are those of an import report.
type counts struct{ Added, Updated, Removed, Unchanged int }

type issue struct {
	Row                   int
	Column, Code, Message string
}

// report is the part of CONTRACT's import report.
type report struct {
	Rows                        int
	Entities, Grants            counts
	Employees, Mappings, Owners counts
	Warnings, Errors            []issue
}

func (p *program) load(args ...string) report {
	p.t.Helper()
	return decode[report](p.t, p.ok(append([]string{"import", "--json"}, args...)...))
}

func (p *program) loadNested() report {
	p.t.Helper()
	return p.load("entitlements", "testdata/nested.csv", "--application", "Code", "--integration", "Code (test)")
}

func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	require.NoError(t, json.Unmarshal([]byte(text), &v), text)
	return v
}

// ask runs a GraphQL query and returns its data; the response must have no errors.
func ask[T any](p *program, query string, args ...string) T {
	p.t.Helper()
	answer := decode[struct {
		Data   T
		Errors []any
	}](p.t, p.ok(append([]string{"query", query}, args...)...))
	require.Empty(p.t, answer.Errors)
	return answer.Data
}

// sheet is an export by column.
type sheet struct {
	columns []string
	rows    [][]string
}

func (p *program) export(args ...string) sheet {
	p.t.Helper()
	return readTable(p.t, p.ok(append([]string{"export"}, args...)...))
}

func readTable(t *testing.T, text string) sheet {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	return sheet{all[0], all[1:]}
}

func (x sheet) cell(row int, column string) string {
	for i, c := range x.columns {
		if c == column {
			return x.rows[row][i]
		}
	}
	panic("there is no column " + column)
}

// sorted is the sheet as text without the columns that tell when it was imported.
func (x sheet) sorted(without ...string) string {
	skip := map[int]bool{}
	for i, c := range x.columns {
		for _, w := range without {
			skip[i] = skip[i] || c == w
		}
	}
	lines := make([]string, len(x.rows))
	for i, row := range x.rows {
		for j, cell := range row {
			if !skip[j] {
				lines[i] += cell + "\x1f"
			}
		}
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

// state is everything that an import changes and that does not tell the time.
func (p *program) state() string {
	p.t.Helper()
	return p.export("entities").sorted("First Seen", "Removed At") + "\n--\n" + p.export("grants").sorted("From")
}

// readFile returns a file of testdata.
func readFile(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return b
}

// write writes a file of the test's own.
func write(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, content, 0o600))
	return path
}
