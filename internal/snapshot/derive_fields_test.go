package snapshot

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// A field that is added to Snapshot must be carried over by derive, or be its own.
func TestDerivedSnapshotsCarryEveryField(t *testing.T) {
	own := []string{"walkers", "answers", "derived", "moments"}
	at := time.Unix(1, 0)
	employee := &access.Employee{ID: access.EmployeeID("ann@example.com"), WorkEmail: "ann@example.com"}
	entity := func(typ access.EntityType, id string) *access.Entity {
		e := &access.Entity{Integration: "i", Type: typ, SourceID: id, Name: id, FirstSeen: at, Labels: []string{"l"}, Insights: []access.Insight{{Name: "n"}}, Factors: []string{"sms"}}
		e.ID = e.Key().ID()
		return e
	}
	ann, team := entity(access.Identity, "ann"), entity(access.Connection, "team")
	ann.Mapping = &access.MappingRef{EmployeeID: employee.ID, Relation: access.IS}
	ann.Stub = true
	d := &Data{
		GraphVersion: 3, AllEntities: []*access.Entity{ann, team}, AllIntegrations: []access.Integration{{Key: "i", Name: "i", Application: "a"}},
		AllEmployees: []*access.Employee{employee},
		LiveGrants: []access.Grant{
			{Source: ann.ID, Target: team.ID, Permission: "member", Value: "true", Counts: true, From: at},
			{Source: team.ID, Target: team.ID, Permission: "own", Value: "true", Counts: true, From: at},
		},
	}
	base, err := Build(t.Context(), d)
	require.NoError(t, err)
	base.mark = "mark"
	for name, s := range map[string]func() (*Snapshot, error){
		"with":  func() (*Snapshot, error) { return base.With(t.Context(), []query.Change{{Suspend: ann.ID}}, at) },
		"as of": func() (*Snapshot, error) { return base.AsOf(t.Context(), at) },
	} {
		got, err := s()
		require.NoError(t, err)
		a, b := reflect.ValueOf(base).Elem(), reflect.ValueOf(got).Elem()
		for i := range a.NumField() {
			field := a.Type().Field(i).Name
			if !slices.Contains(own, field) && !a.Field(i).IsZero() {
				require.False(t, b.Field(i).IsZero(), "%s: the field %s is not carried over", name, field)
			}
		}
	}
}
