package neo4j

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/cypher/queries"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// scans are the statements that mean to visit every node of a label: small ones, or
// those that return them all.
var scans = []string{
	"schema_applied", "schema_record", "directory_applications", "directory_integrations", "load_discard",
	"directory_employees_total", "applications_put", "integrations_put", // few applications, few integrations
	"packed_drop_all", "packed_staged", "packed_attach", "packed_unstage", "packed_discard", // only what is staged
	"first_integration", "first_adopt", "first_close", "first_undo_links", "first_undo_entities", "first_undo_integrations", // a few, or all of them
}

// twoEnds are the statements that look both ends of something up by their own keys: the
// product of two that an index finds.
var twoEnds = []string{"links_refresh", "employees_reports"}

// TestStatementsPlan has the server plan every named statement, and looks for operators that
// a growing graph cannot bear.
func TestStatementsPlan(t *testing.T) {
	s := openOn(t, neo4jtest.Acquire(t))
	for _, name := range queries.Names() {
		if strings.HasPrefix(name, "read_") {
			continue // the reader's own test executes and profiles those
		}
		for label, text := range variants(name) {
			t.Run(name+label, func(t *testing.T) {
				operators := plan(t, s, text)
				require.NotContains(t, operators, "AllNodesScan")
				if !slices.Contains(twoEnds, name) {
					require.NotContains(t, operators, "CartesianProduct")
				}
				if strings.HasPrefix(name, "graph_") {
					require.NotContains(t, operators, "Sort", "the order must come from the index")
				}
				if !slices.Contains(scans, name) {
					require.NotContains(t, operators, "NodeByLabelScan")
				}
			})
		}
	}
}

// variants are the texts that a named statement stands for.
func variants(name string) map[string]string {
	if !queries.IsTemplate(name) {
		return map[string]string{"": queries.Text(name)}
	}
	out := map[string]string{}
	for _, kind := range store.RecordKinds {
		if name != "schema_kind_field" {
			out["/"+kind.Name] = queries.ForKind(name, kind.Name)
		}
		for _, field := range kind.Index {
			out["/"+kind.Name+"."+field] = queries.ForKind(name, kind.Name, field)
		}
	}
	return out
}

func plan(t *testing.T, s *Store, text string) []string {
	t.Helper()
	if strings.HasPrefix(strings.TrimSpace(text), "SHOW") || strings.Contains(text, "db.awaitIndexes") || strings.Contains(text, "IF NOT EXISTS") {
		return nil // executed by every Open; they have no plan worth a look
	}
	ctx := context.Background()
	session := s.session(ctx, driver.AccessModeWrite)
	defer closeSession(ctx, session)
	result, err := session.Run(ctx, "EXPLAIN "+text, nil)
	require.NoError(t, err)
	summary, err := result.Consume(ctx)
	require.NoError(t, err)
	require.NotNil(t, summary.Plan())
	var operators []string
	var walk func(p reflect.Value)
	walk = func(p reflect.Value) {
		name, _, _ := strings.Cut(p.FieldByName("Operator").String(), "@")
		operators = append(operators, name)
		for i := range p.FieldByName("Children").Len() {
			walk(p.FieldByName("Children").Index(i))
		}
	}
	// Not by Children(): in 5.28.4 of the driver it yields the last child as every child.
	walk(reflect.ValueOf(summary.Plan()).Elem().FieldByName("plan").Elem())
	return operators
}

// TestStatementNames sees that statements are well-formed and that nothing is written
// into their text from outside.
func TestStatementNames(t *testing.T) {
	require.Greater(t, len(queries.Names()), 50)
	for _, name := range queries.Names() {
		require.NotEmpty(t, queries.Text(name), name)
		require.NotContains(t, queries.Text(name), "%", name)
	}
	require.Panics(t, func() { queries.Text("no such statement") })
	require.Panics(t, func() { queries.ForKind("record_get", "Job) DETACH DELETE r //") })
	require.Panics(t, func() { queries.ForKind("record_find", "Job", "state = 1 OR r.kind") })
}
