package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

func TestDemoIsTheSameEveryTime(t *testing.T) {
	a, b, c := newProgram(t), newProgram(t), newProgram(t)
	out := a.ok("demo", "--employees", "60", "--seed", "7")
	require.Contains(t, out, "Try next")
	require.Contains(t, out, "accessgraph query")
	b.ok("demo", "--employees", "60", "--seed", "7")
	c.ok("demo", "--employees", "60", "--seed", "8")
	require.Equal(t, a.state(), b.state())
	require.NotEqual(t, a.state(), c.state())
	require.Len(t, a.export("employees").rows, 60)

	again := a.ok("demo", "--employees", "60", "--seed", "7", "--json")
	require.NotContains(t, again, `"added":1`)
	require.Equal(t, b.state(), a.state())
	integrations := ask[struct {
		Integrations []struct {
			Owners struct{ Primary *struct{ WorkEmail string } }
		}
	}](a, `{ integrations { owners { primary { workEmail } } } }`).Integrations
	require.Len(t, integrations, 8)
	for _, i := range integrations {
		require.NotNil(t, i.Owners.Primary)
	}
}

func TestDemoMixesWithNothing(t *testing.T) {
	p := newProgram(t)
	p.loadNested()
	before := p.state()
	r := p.run("demo")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "must not mix")
	require.Equal(t, before, p.state())

	people := newProgram(t)
	people.load("employees", "testdata/people.csv")
	require.Equal(t, 1, people.run("demo").code)

	demo := newProgram(t)
	demo.ok("demo", "--employees", "40")
	require.Contains(t, demo.run("demo", "--employees", "41").err, "--employees 40 --seed 1")
	demo.loadNested()
	require.Contains(t, demo.run("demo", "--employees", "40").err, "Code (test)")
}

func TestDemoOnNeo4jIsTheSame(t *testing.T) {
	n := neo4jProgram(t, neo4jtest.Acquire(t))
	e := newProgram(t)
	n.ok("demo", "--employees", "60")
	e.ok("demo", "--employees", "60")
	require.Equal(t, e.state(), n.state())
	for _, engine := range []string{"cypher", "memory"} {
		require.Equal(t, e.ok("export", "access"), n.ok("export", "access", "--engine", engine), engine)
	}
	require.Contains(t, n.ok("doctor"), "Neo4j")
	require.Contains(t, n.ok("doctor", "--rescan"), "version")
}

func TestExportIsSafeAndWhole(t *testing.T) {
	p := newProgram(t)
	header := strings.SplitN(string(readFile(t, "nested.csv")), "\n", 2)[0]
	rows := []string{header}
	for _, name := range []string{"=cmd|' /C calc'!A0", "+1", "-1", "@x", `"=1+1,""x"""`} {
		rows = append(rows, "p,"+name+",identity,user,id"+name+",,,Group,g,connection,group,member,true,active,,,,,")
	}
	rows[5] = strings.Replace(rows[5], `id"=1+1,""x"""`, "id5", 1)
	p.load("entitlements", write(t, "evil.csv", []byte(strings.Join(rows, "\n"))), "--application", "A", "--integration", "A")
	text := p.ok("export", "entities", "--filter", `{"type":["IDENTITY"]}`)
	read := readTable(t, text)
	require.Len(t, read.rows, 5)
	for _, row := range read.rows {
		for _, cell := range row {
			if cell != "" {
				require.NotContains(t, "=+-@\t\r", cell[:1], "%q would run in a spreadsheet", cell)
			}
		}
	}
	require.Contains(t, text, "'=cmd")
	require.Contains(t, p.ok("query", `{ entities { edges { node { name } } } }`, "-o", "csv"), "'=cmd")

	// A file is whole or absent.
	file := filepath.Join(t.TempDir(), "out.csv")
	p.ok("export", "entities", "-o", file)
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, p.ok("export", "entities"), string(written))
	r := p.run("export", "entities", "-o", file, "--filter", `{"having":[{"none":true,"atLeast":3}]}`)
	require.Equal(t, 2, r.code)
	after, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, written, after, "a failed export must leave the file alone")
	left, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	require.Len(t, left, 1)
}

// More than one page of everything.
func TestExportLeavesNothingOut(t *testing.T) {
	p := newProgram(t)
	p.ok("demo", "--employees", "700")
	type count struct{ TotalCount int }
	got := ask[struct{ Entities, Employees count }](p, `{ entities { totalCount } employees { totalCount } }`)
	require.Len(t, p.export("entities").rows, got.Entities.TotalCount)
	require.Len(t, p.export("employees").rows, got.Employees.TotalCount)
	require.Greater(t, got.Entities.TotalCount, 1500)
	type nodes struct {
		Entities struct {
			Edges []struct {
				Node struct {
					ID          string
					HasAccessTo count
				}
			}
			PageInfo struct {
				HasNextPage bool
				EndCursor   string
			}
		}
	}
	pairs, after := 0, "null"
	for {
		page := ask[nodes](p, `query ($a: String) { entities(first: 500, after: $a) { edges { node { id hasAccessTo { totalCount } } } pageInfo { hasNextPage endCursor } } }`, "--var", "a="+after).Entities
		for _, e := range page.Edges {
			pairs += e.Node.HasAccessTo.TotalCount
		}
		if !page.PageInfo.HasNextPage {
			break
		}
		after = `"` + page.PageInfo.EndCursor + `"`
	}
	require.Len(t, p.export("access").rows, pairs)
}
