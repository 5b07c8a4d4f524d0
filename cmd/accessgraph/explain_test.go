package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// What explain says is found out by doing it: a cut ends the access, a missing grant
// gives it.
func explainThenTry(t *testing.T, p *program) {
	p.loadNested()
	pair := ask[struct {
		Explain struct {
			ShortestPaths struct {
				Paths []struct {
					Steps []struct{ From, To struct{ ID string } }
				}
			}
		}
	}](p, `{ explain { shortestPaths(targetFilter: {type: [RESOURCE]}, first: 1) { paths { steps { from { id } to { id } } } } } }`)
	steps := pair.Explain.ShortestPaths.Paths[0].Steps
	from, to := steps[0].From.ID, steps[len(steps)-1].To.ID
	type answer struct {
		Explain struct {
			MissingGrants struct{ Reached bool }
			MinimumCut    struct {
				Weight int
				Grants []struct {
					Source, Target struct{ ID string }
				}
			}
		}
	}
	why := decode[answer](t, p.ok("explain", from, to, "--json"))
	require.True(t, why.Explain.MissingGrants.Reached)
	cut := why.Explain.MinimumCut
	require.Len(t, cut.Grants, cut.Weight)
	require.Positive(t, cut.Weight)
	args := []string{"simulate", "--target-filter", `{"having": []}`, "-o", "json"}
	for _, g := range cut.Grants {
		args = append(args, "--remove", g.Source.ID+" -> "+g.Target.ID)
	}
	gone := false
	for _, r := range decode[[]differenceRow](t, p.ok(args...)) {
		gone = gone || r.Kind == "LOST" && r.Identity.ID == from && r.Target.ID == to
	}
	require.True(t, gone)
	text := p.ok("explain", from, to)
	require.Contains(t, text, " reaches ")
	require.Contains(t, text, "To end the access, no fewer than ")
	require.Contains(t, p.ok("explain", from, to, "--permission", "no such permission"), " with no such permission. Any one of ")
	require.Contains(t, p.ok("explain", "critical"), "Lost: pairs")
}

func TestExplainThenTryEmbedded(t *testing.T) { explainThenTry(t, newProgram(t)) }

func TestExplainThenTryNeo4j(t *testing.T) {
	p := neo4jProgram(t, neo4jtest.Acquire(t))
	explainThenTry(t, p)
	r := p.run("explain", "critical", "--engine", "cypher")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "--engine auto or memory")
}

// A server gives the same answers.
func TestExplainThroughAServer(t *testing.T) {
	p := newProgram(t)
	p.loadNested()
	s := p.serve("--open")
	for _, args := range [][]string{
		{"explain", "akira", "Core"}, {"explain", "cleo", "Core", "--order", "least-privilege", "--first", "3"},
		{"explain", "cleo", "Core", "--json"}, {"explain", "critical", "--filter", `{"type": ["IDENTITY"]}`, "--first", "2"},
	} {
		local := p.ok(args...)
		require.Equal(t, local, p.ok(append(args, "--server", s.url)...), args)
		require.NotEmpty(t, strings.TrimSpace(local))
	}
}

func TestExplainWrongUse(t *testing.T) {
	p := newProgram(t)
	p.loadNested()
	for _, args := range [][]string{
		{"explain"}, {"explain", "akira"}, {"explain", "akira", "nobody at all"}, {"explain", "akira", "Core", "--order", "best"},
		{"explain", "akira", "Core", "--first", "0"}, {"explain", "akira", "akira"}, {"explain", "critical", "x"},
		{"explain", "critical", "--filter", `{"nonsense": 1}`}, {"explain", "akira", "Core", "--as-of", "yesterday"},
	} {
		require.Equal(t, 2, p.run(args...).code, args)
	}
}
