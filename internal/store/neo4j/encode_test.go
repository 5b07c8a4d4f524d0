package neo4j

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/cypher/queries"
	"github.com/accessgraph/accessgraph/internal/access"
)

// TestColumns: statements that take values by position name every property, in the
// order in which Go sends them.
func TestColumns(t *testing.T) {
	for statement, of := range map[string]struct {
		columns []string
		first   int
		props   props
		added   []string // by the applier
	}{
		"entities_create_identity":   {entityColumns, 0, entityProps(&access.Entity{}), []string{"firstSeen", "identityType"}},
		"entities_create_connection": {entityColumns, 0, entityProps(&access.Entity{}), []string{"firstSeen", "identityType"}},
		"entities_create_resource":   {entityColumns, 0, entityProps(&access.Entity{}), []string{"firstSeen", "identityType"}},
		"grants_create":              {grantColumns, 1, grantProps(&access.Grant{}), []string{"from"}},
	} {
		want := append(slices.Collect(maps.Keys(of.props)), of.added...)
		require.ElementsMatch(t, want, of.columns, statement)
		named := regexp.MustCompile(`(\w+): [rg]\[(\d+)\]`).FindAllStringSubmatch(queries.Text(statement), -1)
		if of.first > 0 { // the target's id, which is no property of the grant
			require.Equal(t, []string{"id", "0"}, named[0][1:], statement)
			named = named[1:]
		}
		require.Len(t, named, len(of.columns), statement)
		for i, name := range of.columns {
			require.Equal(t, []string{name, fmt.Sprint(i + of.first)}, named[i][1:], statement)
		}
	}
}
