package neo4j

import (
	"context"
	"testing"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/cypher/compile"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// TestPagesDoNotCarryTheirList: a page of 500 out of 20,000 takes the memory of the list
// once, not 500 times. The server charges rows with all that they refer to.
func TestPagesDoNotCarryTheirList(t *testing.T) {
	server := neo4jtest.Acquire(t)
	s := openOn(t, server)
	neo4jtest.Fresh(t, server)
	ctx := t.Context()
	require.NoError(t, s.prepare(ctx, minVersion))
	const members, size = 20_000, 500
	bare := func(text string) {
		require.NoError(t, s.write(ctx, func(tx driver.ManagedTransaction) error {
			_, err := textRows(ctx, tx, text, map[string]any{"n": members})
			return err
		}))
	}
	bare(`CREATE (:Entity:Connection {id: 'c', name: 'c', nameFold: 'c', nameKey: 'c'})-[:HAS_ACCESS {counts: true, permission: 'read', value: 'true'}]->(:Entity:Resource {id: 'r', name: 'r', nameFold: 'r', nameKey: 'r'})`)
	bare(`MATCH (c:Entity {id: 'c'}) UNWIND range(1, $n) AS i
		CREATE (e:Entity:Identity {id: 'e' + i, name: 'e' + i, nameFold: 'e' + i, nameKey: 'e' + i})
		CREATE (e)-[:HAS_ACCESS {counts: true, permission: 'member', value: 'true'}]->(c), (e)-[:IN]->(c)`)
	const limit = 32 << 20

	after := &compile.Position{Values: []any{"e10"}, ID: "e10"}
	f := having(filter.Having{Entity: &filter.Filter{Name: eq("r")}})
	for _, at := range []*compile.Position{nil, after, {Values: []any{"z"}, ID: "z"}} {
		c := compile.New(querytest.Now, nil)
		st := c.List(c.Condition(f.Tree(querytest.Now), false), compile.ByName, compile.Window{After: at, Limit: size, Total: true})
		row, memory := profiled(ctx, t, s, st)
		require.Equal(t, int64(members+1), row.int("total"), "an empty page has a total as well")
		require.Equal(t, at != nil, row.bool("lower"))
		want := size
		if at != nil && at.ID == "z" {
			want = 0
		}
		require.Len(t, row.texts("page"), want)
		require.Less(t, memory, int64(limit), st.Text)
	}
	c := compile.New(querytest.Now, nil)
	st := c.Effective(compile.Effective{Of: []string{"r"}, Direction: filter.AccessibleBy, Other: c.Condition(nil, false), After: after, Limit: size, Total: true})
	row, memory := profiled(ctx, t, s, st)
	require.Equal(t, int64(members+1), row.int("total"))
	require.Less(t, memory, int64(limit), st.Text)

	// A fifth of the page by rows that do carry the list.
	_, memory = profiled(ctx, t, s, compile.Statement{
		Text:   `MATCH (e:Entity) WITH collect(e) AS l UNWIND l AS e WITH e ORDER BY e.nameKey LIMIT $limit RETURN count(e)`,
		Params: map[string]any{"limit": size / 5},
	})
	require.Greater(t, memory, int64(limit))
}

// profiled runs the statement and returns its first row and the most memory that it took
// at a time.
func profiled(ctx context.Context, t *testing.T, s *Store, st compile.Statement) (first row, memory int64) {
	t.Helper()
	require.NoError(t, s.read(ctx, func(tx driver.ManagedTransaction) error {
		result, err := tx.Run(ctx, "PROFILE "+st.Text, st.Params)
		if err != nil {
			return err
		}
		records, err := result.Collect(ctx)
		if err != nil {
			return err
		}
		summary, err := result.Consume(ctx)
		if err != nil {
			return err
		}
		first, memory = row{records[0]}, asInt(summary.Profile().Arguments()["GlobalMemory"])
		return nil
	}))
	require.Positive(t, memory)
	return first, memory
}
