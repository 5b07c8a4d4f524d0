package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// example is a nested organisation: the file, and what its actors are called in it.
type example struct {
	file  string
	names map[string]string // role in the story → name in the file
}

// ours is the example of this repository.
var ours = example{"testdata/nested.csv", map[string]string{
	"alice": "akira", "bob": "bo", "carol": "cleo", "dana": "dov", "bot": "ship-bot",
	"engineering": "Core", "development": "Products", "contributors": "Everyone", "platform": "Infra", "oncall": "Infra-Duty",
	"customer": "shop", "admin": "back-office", "roadmap": "plans", "handbook": "guide", "infra": "live", "tools": "ship-tools",
}}

// given is the example that the specification names, where it is at hand.
func given(t *testing.T) example {
	return example{sample(t, "github_nested.csv"), map[string]string{
		"alice": "alicegh", "bob": "bobgh", "carol": "carolgh", "dana": "danagh", "bot": "release-bot",
		"engineering": "Engineering", "development": "Product-Development", "contributors": "All-Contributors",
		"platform": "Platform", "oncall": "Platform-OnCall",
		"customer": "customer-application", "admin": "admin-application", "roadmap": "roadmap-docs", "handbook": "handbook",
		"infra": "infra-live", "tools": "release-tools",
	}}
}

// sample is a file of the specification's samples. They are not part of the repository.
func sample(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("ACCESSGRAPH_SAMPLES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "samples")
	}
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the specification's sample %s is not here (ACCESSGRAPH_SAMPLES names its folder)", name)
	}
	path, err := filepath.Abs(path)
	require.NoError(t, err)
	return path
}

// reaches says who reaches what: by which chains of connections, with which permissions.
var reaches = []struct {
	who, what   string
	chains      string // each is the connections on the way; "-" is direct
	permissions string
}{
	{"alice", "customer", "engineering", "read write"},
	{"alice", "admin", "engineering", "read"},
	{"alice", "roadmap", "engineering development", "read"},
	{"alice", "handbook", "engineering development contributors", "read"},
	{"bob", "admin", "-, engineering, oncall platform", "admin read"},
	{"bob", "infra", "oncall platform", "write"},
	{"carol", "infra", "platform", "write"},
	{"carol", "admin", "platform", "read"},
	{"dana", "customer", "engineering", "read write"},
	{"dana", "admin", "engineering", "read"},
	{"dana", "roadmap", "engineering development", "read"},
	{"dana", "handbook", "engineering development contributors", "read"},
	{"bot", "tools", "-", "write"},
}

const reachQuery = `query ($who: String!, $what: String!) { entities(filter: {name: {eq: $who}}) { edges { node { status
	hasAccessTo(filter: {name: {eq: $what}}) { edges { direct permissions { name value } pathCount pathsTruncated node { id } } } id } } } }`

const chainQuery = `query ($from: ID!, $to: ID!) { accessPaths(from: $from, to: $to) { truncated paths { length
	provider { name } entry { name } steps { to { name } permissions { name } } } } }`

type reachAnswer struct {
	Entities struct {
		Edges []struct {
			Node struct {
				ID, Status  string
				HasAccessTo struct {
					Edges []struct {
						Direct         bool
						Permissions    []struct{ Name, Value string }
						PathCount      int
						PathsTruncated bool
						Node           struct{ ID string }
					}
				}
			}
		}
	}
}

type name struct{ Name string }

type chainAnswer struct {
	AccessPaths struct {
		Truncated bool
		Paths     []struct {
			Length          int
			Provider, Entry *name
			Steps           []struct {
				To          name
				Permissions []name
			}
		}
	}
}

func (x example) check(t *testing.T, p *program, engine string) {
	flags := []string{"--engine", engine}
	counts := ask[map[string]struct{ TotalCount int }](p, `{ all: entities { totalCount } i: entities(filter: {type: [IDENTITY]}) { totalCount }
		c: entities(filter: {type: [CONNECTION]}) { totalCount } r: entities(filter: {type: [RESOURCE]}) { totalCount } }`, flags...)
	require.Equal(t, []int{16, 5, 5, 6}, []int{counts["all"].TotalCount, counts["i"].TotalCount, counts["c"].TotalCount, counts["r"].TotalCount})

	pairs := p.export("access", "--filter", `{"type":["IDENTITY"]}`, "--engine", engine)
	direct := 0
	for i := range pairs.rows {
		if pairs.cell(i, "Direct") == "true" {
			direct++
		}
	}
	require.Len(t, pairs.rows, 28)
	require.Equal(t, 7, direct)

	for _, want := range reaches {
		at := fmt.Sprintf("%s → %s", want.who, want.what)
		vars := []string{"--var", fmt.Sprintf("who=%q", x.names[want.who]), "--var", fmt.Sprintf("what=%q", x.names[want.what])}
		found := ask[reachAnswer](p, reachQuery, append(vars, flags...)...).Entities.Edges
		require.Len(t, found, 1, at)
		require.Equal(t, want.who == "dana", found[0].Node.Status == "SUSPENDED", at)
		edges := found[0].Node.HasAccessTo.Edges
		require.Len(t, edges, 1, at)
		var permissions []string
		for _, p := range edges[0].Permissions {
			require.Equal(t, "true", p.Value)
			permissions = append(permissions, p.Name)
		}
		require.Equal(t, want.permissions, strings.Join(permissions, " "), at)

		chains := strings.Split(want.chains, ", ")
		require.Equal(t, slices.Contains(chains, "-"), edges[0].Direct, at)
		require.Equal(t, len(chains), edges[0].PathCount, at)
		require.False(t, edges[0].PathsTruncated, at)
		paths := ask[chainAnswer](p, chainQuery, append([]string{
			"--var", fmt.Sprintf("from=%q", found[0].Node.ID), "--var", fmt.Sprintf("to=%q", edges[0].Node.ID)}, flags...)...).AccessPaths
		require.False(t, paths.Truncated, at)
		x.checkChains(t, at, chains, x.names[want.what], paths)
	}
}

func (x example) checkChains(t *testing.T, at string, want []string, target string, got struct {
	Truncated bool
	Paths     []struct {
		Length          int
		Provider, Entry *name
		Steps           []struct {
			To          name
			Permissions []name
		}
	}
}) {
	t.Helper()
	require.Len(t, got.Paths, len(want), at)
	for i, chain := range want {
		p := got.Paths[i]
		var via []string
		if chain != "-" {
			for _, role := range strings.Fields(chain) {
				via = append(via, x.names[role])
			}
		}
		var steps []string
		for _, s := range p.Steps {
			require.NotEmpty(t, s.Permissions, at)
			steps = append(steps, s.To.Name)
		}
		require.Equal(t, append(slices.Clone(via), target), steps, at)
		require.Equal(t, len(via)+1, p.Length, at)
		if len(via) == 0 {
			require.Nil(t, p.Provider, at)
			require.Nil(t, p.Entry, at)
			continue
		}
		require.Equal(t, via[0], p.Entry.Name, at)
		require.Equal(t, via[len(via)-1], p.Provider.Name, at)
	}
}

// run imports the example twice and asks everything of every engine.
func (x example) run(t *testing.T, p *program, engines ...string) {
	load := func() report {
		return p.load("entitlements", x.file, "--application", "GitHub", "--integration", "GitHub (test)")
	}
	first := load()
	require.Equal(t, 18, first.Rows)
	require.Equal(t, counts{Added: 16}, first.Entities)
	require.Equal(t, counts{Added: 18}, first.Grants)
	require.Empty(t, first.Errors)
	again := load()
	require.Equal(t, counts{Unchanged: 16}, again.Entities)
	require.Equal(t, counts{Unchanged: 18}, again.Grants)
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			on := *p
			on.t = t
			x.check(t, &on, engine)
		})
	}
}

func TestWorkedExampleEmbedded(t *testing.T) {
	t.Run("ours", func(t *testing.T) { ours.run(t, newProgram(t), "auto", "memory") })
	t.Run("given", func(t *testing.T) { given(t).run(t, newProgram(t), "auto", "memory") })
}

func TestWorkedExampleNeo4j(t *testing.T) {
	server := neo4jtest.Acquire(t)
	t.Run("ours", func(t *testing.T) { ours.run(t, neo4jProgram(t, server), "auto", "cypher", "memory") })
	t.Run("given", func(t *testing.T) { given(t).run(t, neo4jProgram(t, server), "auto", "cypher", "memory") })
}

func stubs(x sheet) int {
	n := 0
	for i := range x.rows {
		if x.cell(i, "Stub") == "true" {
			n++
		}
	}
	return n
}

// checkProjects is the other documented order of columns, with several projects.
func checkProjects(t *testing.T, p *program, file string, rows, entities, identities, connections, resources, stubbed, grants int) {
	t.Helper()
	r := p.load("entitlements", file, "--application", "Custom", "--integration", "Custom")
	require.Equal(t, rows, r.Rows)
	require.Equal(t, counts{Added: entities}, r.Entities)
	require.Equal(t, counts{Added: grants}, r.Grants)
	all := p.export("entities")
	kinds := map[string]int{}
	for i := range all.rows {
		kinds[all.cell(i, "Type")]++
	}
	require.Equal(t, map[string]int{"IDENTITY": identities, "CONNECTION": connections, "RESOURCE": resources}, kinds)
	require.Equal(t, stubbed, stubs(all))
	require.Len(t, p.export("grants").rows, grants)
}

func TestProjectsAndTheOtherColumnOrder(t *testing.T) {
	t.Run("ours", func(t *testing.T) { checkProjects(t, newProgram(t), "testdata/projects.csv", 7, 11, 2, 5, 4, 6, 7) })
	t.Run("given", func(t *testing.T) {
		checkProjects(t, newProgram(t), sample(t, "app_entitlements.csv"), 25, 49, 3, 33, 13, 24, 25)
	})
	t.Run("neo4j", func(t *testing.T) {
		server := neo4jtest.Acquire(t)
		checkProjects(t, neo4jProgram(t, server), "testdata/projects.csv", 7, 11, 2, 5, 4, 6, 7)
		t.Run("given", func(t *testing.T) {
			checkProjects(t, neo4jProgram(t, server), sample(t, "app_entitlements.csv"), 25, 49, 3, 33, 13, 24, 25)
		})
	})
}
