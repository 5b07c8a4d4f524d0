package neo4j

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

var sampleTime = time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)

const sampleKey = "GitHub (test)"

func sequence(list []store.Change) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		for _, c := range list {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func commitOf(day int, list []store.Change) store.Commit {
	return store.Commit{At: sampleTime.AddDate(0, 0, day), Graph: sequence(list), GraphCount: int64(len(list))}
}

func sampleEntity(t access.EntityType, n int) *access.Entity {
	e := &access.Entity{
		Integration: sampleKey, Type: t, SourceID: fmt.Sprintf("%s-%d", t, n), SourceType: "thing",
		Name: fmt.Sprintf("%s number %d", t, n), Status: access.StatusActive,
	}
	if t == access.Identity {
		e.Email = fmt.Sprintf("user%d@example.com", n)
		e.LastLogin = sampleTime.Add(-time.Duration(n) * time.Hour)
		e.MFA = access.True
	}
	e.ID = e.Key().ID()
	return e
}

func sampleGrant(r *rand.Rand, source, target *access.Entity) *access.Grant {
	value := []string{"true", "true", "true", "false"}[r.IntN(4)]
	return &access.Grant{
		Source: source.ID, Target: target.ID, Permission: []string{"read", "write", "admin"}[r.IntN(3)],
		Value: value, Counts: access.ValueCounts(value),
	}
}

// sampleWorld is a first load of about 4 × n changes, and a second commit that changes,
// removes and adds.
func sampleWorld(seed uint64, n int) (first, second []store.Change) {
	r := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // test data
	first = append(first,
		store.Change{PutApplication: &access.Application{ID: access.ApplicationID("GitHub"), Name: "GitHub"}},
		store.Change{PutIntegration: &access.Integration{
			ID: access.IntegrationID(sampleKey), Key: sampleKey, Name: sampleKey, Application: "GitHub",
			Extraction: access.FileUpload, Status: access.IntegrationConnected,
		}})
	var people []*access.Employee
	for i := range 20 {
		email := fmt.Sprintf("user%d@example.com", i)
		people = append(people, &access.Employee{
			ID: access.EmployeeID(email), WorkEmail: email, FullName: fmt.Sprintf("User %d", i),
			StartDate: sampleTime.AddDate(-1, 0, 0), ManagerEmail: "user0@example.com", Roles: []access.ProductRole{access.Reviewer},
		})
		first = append(first, store.Change{PutEmployee: people[i]})
	}
	var sources, targets, all []*access.Entity
	for i := range n {
		kind := []access.EntityType{access.Identity, access.Connection, access.Resource}[i%3]
		e := sampleEntity(kind, i)
		all = append(all, e)
		if kind != access.Resource {
			sources = append(sources, e)
		}
		if kind != access.Identity {
			targets = append(targets, e)
		}
		first = append(first, store.Change{PutEntity: e})
	}
	held := map[access.GrantKey]*access.Grant{}
	var order []*access.Grant
	for len(held) < 3*n {
		g := sampleGrant(r, sources[r.IntN(len(sources))], targets[r.IntN(len(targets))])
		if held[g.Key()] == nil {
			held[g.Key()] = g
			order = append(order, g)
			first = append(first, store.Change{PutGrant: g})
		}
	}
	for i, p := range people {
		first = append(first, store.Change{PutMapping: &access.Mapping{
			EntityID: all[3*i].ID, EmployeeID: p.ID, Relation: access.IS, Origin: access.AutomaticMapping, Reason: "e-mail", At: sampleTime,
		}})
	}
	return first, sampleSecond(r, n, all, sources, targets, order, held)
}

func sampleSecond(r *rand.Rand, n int, all, sources, targets []*access.Entity, order []*access.Grant, held map[access.GrantKey]*access.Grant) []store.Change {
	gone := map[string]bool{}
	var second []store.Change
	for i := range n / 4 {
		fresh := sampleEntity(access.Resource, n+i)
		second = append(second, store.Change{PutEntity: fresh})
		second = append(second, store.Change{PutGrant: sampleGrant(r, sources[i], fresh)})
	}
	for i, e := range all {
		if i%7 == 3 {
			again := *e
			again.Name += " renamed"
			second = append(second, store.Change{PutEntity: &again})
		}
		gone[e.ID] = i%11 == 5
	}
	for i, g := range order {
		switch {
		case gone[g.Source] || gone[g.Target]:
		case i%5 == 1:
			k := g.Key()
			second = append(second, store.Change{RemoveGrant: &k})
		case i%5 == 2:
			again := *g
			again.Value, again.Counts = "no", false
			second = append(second, store.Change{PutGrant: &again})
		case i%5 == 3:
			again := *g
			again.Project = "moved"
			second = append(second, store.Change{PutGrant: &again})
		}
	}
	for range n / 2 {
		g := sampleGrant(r, sources[r.IntN(len(sources))], targets[r.IntN(len(targets))])
		if held[g.Key()] == nil && !gone[g.Source] && !gone[g.Target] {
			held[g.Key()] = g
			second = append(second, store.Change{PutGrant: g})
		}
	}
	for _, e := range all {
		if gone[e.ID] {
			second = append(second, store.Change{RemoveEntity: e.ID})
		}
	}
	return second
}

// dump is everything the store says about graph, records and audit log, as text.
func dump(t testing.TB, s *Store) string {
	t.Helper()
	ctx := context.Background()
	var out []any
	require.NoError(t, s.ReadGraph(ctx, func(ctx context.Context, v store.GraphView) error {
		out = []any{v.Version()}
		applications, err := v.Applications(ctx)
		if err != nil {
			return err
		}
		integrations, err := v.Integrations(ctx)
		if err != nil {
			return err
		}
		out = append(out, applications, integrations)
		for _, part := range []iter.Seq2[any, error]{
			anySeq(v.Entities(ctx, "", true)), anySeq(v.Grants(ctx, "")), anySeq(v.History(ctx, "")),
			anySeq(v.Employees(ctx)), anySeq(v.Mappings(ctx, "")),
		} {
			for item, err := range part {
				if err != nil {
					return err
				}
				out = append(out, item)
			}
		}
		return nil
	}))
	for _, kind := range store.RecordKinds {
		records, err := s.FindRecords(ctx, store.RecordQuery{Kind: kind.Name})
		require.NoError(t, err)
		out = append(out, records)
	}
	entries, err := s.AuditEntries(ctx, store.AuditQuery{})
	require.NoError(t, err)
	text, err := json.MarshalIndent(append(out, entries), "", " ")
	require.NoError(t, err)
	return string(text)
}

func anySeq[T any](seq iter.Seq2[T, error]) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for item, err := range seq {
			if !yield(item, err) {
				return
			}
		}
	}
}
