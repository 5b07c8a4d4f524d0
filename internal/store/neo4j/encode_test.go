package neo4j

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"testing"
	"time"

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
		"first_create_identity":      {entityColumns, 0, entityProps(&access.Entity{}), []string{"firstSeen", "identityType"}},
		"first_create_connection":    {entityColumns, 0, entityProps(&access.Entity{}), []string{"firstSeen", "identityType"}},
		"first_create_resource":      {entityColumns, 0, entityProps(&access.Entity{}), []string{"firstSeen", "identityType"}},
		"first_grants_plain":         {grantColumns, 1, grantProps(&access.Grant{}), []string{"from"}},
		"first_grants_in":            {grantColumns, 1, grantProps(&access.Grant{}), []string{"from"}},
		"first_grants_nests":         {grantColumns, 1, grantProps(&access.Grant{}), []string{"from"}},
		"grants_create":              {grantColumns, 1, grantProps(&access.Grant{}), []string{"from"}},
	} {
		want := append(slices.Collect(maps.Keys(of.props)), of.added...)
		require.ElementsMatch(t, want, of.columns, statement)
		named := regexp.MustCompile(`(\w+): [rg]\[(\d+)\]`).FindAllStringSubmatch(queries.Text(statement), -1)
		if of.first > 0 && named[0][1] == "id" { // of the target; it is no property of the grant
			require.Equal(t, []string{"id", "0"}, named[0][1:], statement)
			named = named[1:]
		}
		require.Len(t, named, len(of.columns), statement)
		for i, name := range of.columns {
			require.Equal(t, []string{name, fmt.Sprint(i + of.first)}, named[i][1:], statement)
		}
	}
}

// TestRowsByPosition: the rows that are made without names are those made with them.
func TestRowsByPosition(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 6, 7, 8999, time.FixedZone("", 3600))
	var entities []*access.Entity
	changes, _ := sampleWorld(3, 300)
	for _, c := range changes {
		if c.PutEntity != nil {
			entities = append(entities, c.PutEntity)
		}
		if g := c.PutGrant; g != nil {
			p := grantProps(g)
			p["from"] = micros(or(g.From, at))
			require.Equal(t, p.columns(grantColumns, "node"), newGrant(g, "node", at))
		}
	}
	for n, kind := range []access.EntityType{access.Identity, access.Connection, access.Resource} {
		entities = append(entities, &access.Entity{
			ID: fmt.Sprint(n), Integration: "i", Type: kind, Project: "P", SourceID: "S", SourceType: "T", Name: "Ünïcode",
			Username: "U", Email: "E@example.com", FirstName: "F", LastName: "L", Status: access.StatusActive, LastLogin: at,
			LatestActivity: at.Add(time.Hour), LastPasswordChanged: at.Add(-time.Hour), MFA: access.True, SuperAdmin: access.False,
			Administrative: access.True, External: access.False, Locked: access.True, ServiceAccount: access.True, ServiceAccountReason: "R",
			Factors: []string{"SMS", "webauthn"}, Metadata: "{}", Stub: true, FirstSeen: at.Add(-24 * time.Hour),
		})
	}
	require.Greater(t, len(entities), 100)
	for _, e := range entities {
		require.Equal(t, newEntity(e, at), createdEntity(e, at))
		for i, value := range createdEntity(e, at) {
			if names := map[string]any{
				"id": e.ID, "project": textParam(e.Project), "sourceIdFold": foldParam(e.SourceID), "nameKey": access.SortKey(e.Name),
				"emailFold": textParam(access.Fold(e.Email)), "lastName": textParam(e.LastName), "lastActive": timeParam(e.LastActive()),
				"locked": tristateParam(e.Locked), "factorsFold": textsParam(foldAll(e.Factors)), "stub": e.Stub,
			}; names[entityColumns[i]] != nil {
				require.Equal(t, names[entityColumns[i]], value, entityColumns[i])
			}
		}
	}
}
