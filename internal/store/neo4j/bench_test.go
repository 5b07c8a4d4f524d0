package neo4j

import (
	"context"
	"math/rand/v2"
	"os"
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

// plainLoad is the loader that people write: every row of the file merges both ends
// and the grant, with the same properties. It knows no history and no derived relationships.
const plainLoad = `
UNWIND $rows AS row
MERGE (s:Entity {id: row.source.id}) SET s += row.source
MERGE (t:Entity {id: row.target.id}) SET t += row.target
MERGE (s)-[r:HAS_ACCESS {permission: row.grant.permission}]->(t) SET r += row.grant`

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
	plain := func(list []*access.Grant) time.Duration {
		start := time.Now()
		for len(list) > 0 {
			n := min(len(list), 5000)
			rows := make([]any, n)
			for i, g := range list[:n] {
				rows[i] = map[string]any{
					"source": map[string]any(entityProps(entities[g.Source])), "target": map[string]any(entityProps(entities[g.Target])),
					"grant": map[string]any(grantProps(g)),
				}
			}
			require.NoError(t, s.write(ctx, func(tx driver.ManagedTransaction) error {
				_, err := textRows(ctx, tx, plainLoad, map[string]any{"rows": rows})
				return err
			}))
			list = list[n:]
		}
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
		fresh()
		theirs := plain(list)
		theirsAgain := plain(list)
		t.Logf("round %d: %d entities, %d grants: store %v + %v, plain loader %v + %v: first load %.2f×, re-import %.1f×",
			round, len(entities), len(list), ours, again, theirs, theirsAgain, float64(theirs)/float64(ours), float64(theirsAgain)/float64(again))
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
