package neo4j

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// benchGrants is how many grants TestImportSpeed loads; unset, the test is skipped.
const benchGrants = "ACCESSGRAPH_TEST_BENCH_GRANTS"

// The loader that people write: it merges the entities, then the grants, with the same
// properties. It knows no history, no stable first-seen times, no derived relationships and no consistent whole.
const (
	plainEntities = `
UNWIND $rows AS row
MERGE (e:Entity {id: row.id}) SET e += row`
	plainGrants = `
UNWIND $rows AS row
MATCH (s:Entity {id: row.source})
MATCH (t:Entity {id: row.target})
MERGE (s)-[r:HAS_ACCESS {permission: row.grant.permission}]->(t) SET r += row.grant`

	// The same with what questions need: the second label, the integration, and the links
	// that traversals follow.
	equalEntities = `
MERGE (i:Integration {key: $key})
WITH i
UNWIND $rows AS row
MERGE (e:Entity {id: row.id}) SET e += row
FOREACH (_ IN CASE row.type WHEN 'IDENTITY' THEN [1] ELSE [] END | SET e:Identity)
FOREACH (_ IN CASE row.type WHEN 'CONNECTION' THEN [1] ELSE [] END | SET e:Connection)
FOREACH (_ IN CASE row.type WHEN 'RESOURCE' THEN [1] ELSE [] END | SET e:Resource)
MERGE (e)-[:PART_OF]->(i)`
	equalGrants = plainGrants + `
FOREACH (_ IN CASE WHEN row.grant.counts AND t:Connection THEN [1] ELSE [] END | MERGE (s)-[:IN]->(t))
FOREACH (_ IN CASE WHEN row.grant.counts AND t:Connection AND s:Connection THEN [1] ELSE [] END | MERGE (s)-[:NESTS]->(t))`
)

// TestImportSpeed prints how the store compares with the plain loader: a first load, and
// the same data again with 1 % changed, where the plain loader has to load everything again.
func TestImportSpeed(t *testing.T) {
	grants, err := strconv.Atoi(os.Getenv(benchGrants))
	if err != nil {
		t.Skip("set " + benchGrants + " to a number of grants")
	}
	server := neo4jtest.Acquire(t)
	ctx := context.Background()
	s := openOn(t, server)
	first, _ := sampleWorld(9, grants/3)
	entities := map[string]*access.Entity{}
	for _, c := range first {
		if c.PutEntity != nil {
			entities[c.PutEntity.ID] = c.PutEntity
		}
	}
	var list []*access.Grant
	for _, c := range first {
		if c.PutGrant != nil {
			list = append(list, c.PutGrant)
		}
	}
	warm, _ := sampleWorld(8, 600)
	load := func(text string, all []any) {
		for rows := range slices.Chunk(all, batchSize) {
			require.NoError(t, s.write(ctx, func(tx driver.ManagedTransaction) error {
				_, err := textRows(ctx, tx, text, map[string]any{"rows": rows, "key": sampleKey})
				return err
			}))
		}
	}
	plain := func(entityText, grantText string) time.Duration {
		start := time.Now()
		var nodes, edges []any
		for _, e := range entities {
			nodes = append(nodes, map[string]any(entityProps(e)))
		}
		for _, g := range list {
			edges = append(edges, map[string]any{"source": g.Source, "target": g.Target, "grant": map[string]any(grantProps(g))})
		}
		load(entityText, nodes)
		load(grantText, edges)
		return time.Since(start)
	}
	fresh := func() {
		neo4jtest.Fresh(t, server)
		require.NoError(t, s.migrate(ctx))
	}
	commit := func(day int, list []store.Change) time.Duration {
		start := time.Now()
		_, err := s.Commit(ctx, commitOf(day, list))
		require.NoError(t, err)
		return time.Since(start)
	}
	changed := onePercent(list)
	for round := range 3 {
		fresh()
		commit(0, warm)
		fresh()
		ours := commit(0, first)
		again := commit(1, changed)
		for _, l := range []struct{ name, entities, grants string }{
			{"plain", plainEntities, plainGrants}, {"plain with an equal graph", equalEntities, equalGrants},
		} {
			fresh()
			theirs := plain(l.entities, l.grants)
			theirsAgain := plain(l.entities, l.grants)
			t.Logf("round %d: %d entities, %d grants: store %v + %v, %s loader %v + %v: first load %.2f×, re-import %.1f×", round,
				len(entities), len(list), ours, again, l.name, theirs, theirsAgain, float64(theirs)/float64(ours), float64(theirsAgain)/float64(again))
		}
	}
}

func onePercent(list []*access.Grant) (out []store.Change) {
	r := rand.New(rand.NewPCG(1, 1)) //nolint:gosec // test data
	for range len(list) / 100 {
		g := *list[r.IntN(len(list))]
		g.Project = "moved"
		out = append(out, store.Change{PutGrant: &g})
	}
	return out
}
