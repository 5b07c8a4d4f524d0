package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// differenceRow is a row of simulate and diff as JSON.
type differenceRow struct {
	Kind             string
	Identity, Target struct{ Name, ID string }
	PermissionsLost  []struct{ Name string }
	Causes           []struct {
		Source, Target struct{ Name string }
		Permission     string
		Gained         bool
		At             *time.Time
		Change         *int
	}
}

func pairs(rows []differenceRow) string {
	var lines []string
	for _, r := range rows {
		lines = append(lines, r.Kind+" "+r.Identity.Name+" "+r.Target.Name)
	}
	return strings.Join(lines, "\n")
}

// without takes the lines that hold a text out of the nested example.
func without(t *testing.T, text string) string {
	t.Helper()
	var kept []string
	for _, line := range strings.SplitAfter(string(readFile(t, "nested.csv")), "\n") {
		if !strings.Contains(line, text) {
			kept = append(kept, line)
		}
	}
	return write(t, "fewer.csv", []byte(strings.Join(kept, "")))
}

// What was tried beforehand is what happens: the difference of a simulation is that of the
// moments before and after the same change is made.
func simulateThenDo(t *testing.T, p *program, how ...string) {
	p.loadNested()
	team := ask[struct {
		Entities struct {
			Edges []struct{ Node struct{ Name string } }
		}
	}](p, `{ entities(filter: {type: [CONNECTION], having: [{direction: ACCESSIBLE_BY, reach: DIRECT, entity: {type: [IDENTITY]}}]}, first: 1) { edges { node { name } } } }`).Entities.Edges[0].Node.Name
	args := append([]string{"simulate", "--delete", team}, how...)
	tried := decode[[]differenceRow](t, p.ok(append(args, "-o", "json")...))
	require.NotEmpty(t, tried)
	for _, r := range tried {
		require.Equal(t, "LOST", r.Kind)
		require.NotEmpty(t, r.Causes)
		for _, c := range r.Causes {
			require.False(t, c.Gained)
			require.Nil(t, c.At)
			require.Zero(t, *c.Change)
		}
	}
	require.Empty(t, decode[[]differenceRow](t, p.ok("diff", "--from", "1h", "--to", time.Now().Add(-30*time.Minute).UTC().Format(time.RFC3339), "-o", "json")), "before anything")

	time.Sleep(1100 * time.Millisecond)
	before := time.Now().UTC().Format(time.RFC3339)
	time.Sleep(1100 * time.Millisecond)
	p.load("entitlements", without(t, ","+team+","), "--integration", "Code (test)")
	made := decode[[]differenceRow](t, p.ok("diff", "--from", before, "-o", "json"))
	require.Equal(t, pairs(tried), pairs(made))
	for _, r := range made {
		require.NotNil(t, r.Causes[0].At)
		require.Nil(t, r.Causes[0].Change)
	}
	then := ask[struct{ Entities struct{ TotalCount int } }](p, `{ entities(asOf: "`+before+`") { totalCount } }`)
	require.Equal(t, 16, then.Entities.TotalCount)
}

func TestSimulateThenDoEmbedded(t *testing.T) { simulateThenDo(t, newProgram(t)) }

func TestSimulateThenDoNeo4j(t *testing.T) {
	p := neo4jProgram(t, neo4jtest.Acquire(t))
	simulateThenDo(t, p)
	r := p.run("simulate", "--engine", "cypher", "--suspend", "nobody")
	require.Equal(t, 2, r.code, "nobody is looked for first")
	r = p.run("diff", "--engine", "cypher", "--from", "1h")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "--engine auto or memory")
}

// A server gives the rows that the store itself gives, in every format.
func TestDifferencesThroughAServer(t *testing.T) {
	p := newProgram(t)
	p.loadNested()
	s := p.serve("--open")
	changes := `[{"delete": "akira"}, {"addGrant": {"source": "cleo", "target": "Core"}}]`
	file := write(t, "changes.json", []byte(changes))
	for _, output := range []string{"json", "csv", "table"} {
		for _, args := range [][]string{
			{"simulate", "--changes", file, "-o", output},
			{"simulate", "--changes", file, "--target-filter", `{"type": ["RESOURCE"]}`, "-o", output},
			{"diff", "--from", "2020-01-01", "-o", output},
		} {
			local := p.ok(args...)
			require.Equal(t, local, p.ok(append(args, "--server", s.url)...), args)
			require.Greater(t, strings.Count(local, "\n"), 3)
		}
	}
	r := p.run("simulate", "--delete", "nobody at all", "--server", s.url)
	require.Equal(t, 2, r.code)
	require.Contains(t, r.err, "changes[0].delete")
}

func TestSimulateWrongUse(t *testing.T) {
	p := newProgram(t)
	p.loadNested()
	bad := write(t, "bad.yaml", []byte("- addGrant: {sorce: a, target: b}\n"))
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"simulate"}, "nothing to try"},
		{[]string{"simulate", "--add", "akira"}, "SOURCE -> TARGET"},
		{[]string{"simulate", "--delete", "nobody"}, "changes[0].delete"},
		{[]string{"simulate", "--changes", bad}, "sorce"},
		{[]string{"simulate", "--changes", "/does/not/exist"}, "cannot read"},
		{[]string{"simulate", "--delete", "akira", "-o", "xml"}, "table, json, csv"},
		{[]string{"simulate", "--delete", "akira", "--filter", "{"}, "filter"},
		{[]string{"diff"}, "from"},
		{[]string{"diff", "--from", "yesterday"}, "is not a moment"},
		{[]string{"diff", "--from", "1h", "--to", "2h"}, "must lie before"},
	} {
		r := p.run(c.args...)
		require.Equal(t, 2, r.code, "%v: %s", c.args, r.err)
		require.Contains(t, r.err, c.says, c.args)
		require.Empty(t, r.out, c.args)
	}
}
