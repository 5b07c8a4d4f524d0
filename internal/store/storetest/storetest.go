// Package storetest is the contract of store.Store: the suite that every store must pass
// whole. It holds the stores equal, so that what is built on the ports need not know which
// one is behind them.
//
// Beside what the ports say, the suite settles:
//
//   - Times are UTC microseconds; what is finer is cut off. Zero times stay zero.
//   - An empty Status reads back as UNKNOWN, an empty Tristate likewise. Empty lists and maps
//     read back as nil; labels and insights are sorted by byte order and distinct.
//   - A change that refers to what does not exist (an entity's integration, a grant's live
//     ends, the entity of a mapping, owners, labels or insights, an employee) fails the commit
//     with INVALID_INPUT. Removals of what does not exist do nothing and touch no revision.
//   - Removing an entity keeps its mapping, owners, labels and insights.
//   - One commit advances an integration's revision by one however much of it is touched:
//     the record, its entities, its grants (those whose source it has), also the grants of
//     others that end because they are held on an entity that is removed.
//   - An error that the change sequence yields is in the chain of what Commit returns, and so
//     is context.Canceled.
package storetest

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// Options say how a store is tested.
type Options struct {
	// Exclude are tests that do not apply, by name, with the reason.
	Exclude map[string]string
	// Steps is the number of random commits of the model test; 0 = 60.
	Steps int
	// Large is the number of grants of the large commit; 0 = 20,000.
	Large int
}

// test is one part of the contract.
type test struct {
	name string
	run  func(t *testing.T, s store.Store)
}

// Run runs the suite. open returns an empty store of the test that it is given, which
// closes it at its end.
func Run(t *testing.T, open func(t *testing.T) store.Store, o Options) {
	t.Helper()
	if o.Steps == 0 {
		o.Steps = 60
	}
	if o.Large == 0 {
		o.Large = 20_000
	}
	var all []test
	for _, part := range [][]test{
		entityTests, grantTests, peopleTests, commitTests(o), directoryTests, recordTests, auditTests, leaseTests, modelTests(o), changeTests(o),
	} {
		all = append(all, part...)
	}
	names := map[string]bool{}
	for _, c := range all {
		names[c.name] = true
		t.Run(c.name, func(t *testing.T) {
			if reason, ok := o.Exclude[c.name]; ok {
				t.Skip("excluded: " + reason)
			}
			c.run(t, open(t))
		})
	}
	for name := range o.Exclude {
		require.True(t, names[name], "the excluded test %q does not exist", name)
	}
}

// t0 is the time of the first commit of a test.
var t0 = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)

// day is t0 n days later.
func day(n int) time.Time { return t0.AddDate(0, 0, n) }

const key = "GitHub (test)" // of the integration that most tests use

// changes is a sequence that may be iterated again and again.
func changes(cs ...store.Change) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		for _, c := range cs {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// try commits graph changes at a time.
func try(t *testing.T, s store.Store, at time.Time, cs ...store.Change) (int64, error) {
	t.Helper()
	return s.Commit(t.Context(), store.Commit{At: at, Graph: changes(cs...), GraphCount: int64(len(cs))})
}

// commit commits graph changes at a time, which must succeed.
func commit(t *testing.T, s store.Store, at time.Time, cs ...store.Change) int64 {
	t.Helper()
	v, err := try(t, s, at, cs...)
	require.NoError(t, err)
	return v
}

func putIntegration(key string) store.Change {
	return store.Change{PutIntegration: &access.Integration{
		ID: access.IntegrationID(key), Key: key, Name: key, Application: "GitHub",
		Extraction: access.FileUpload, Status: access.IntegrationConnected,
	}}
}

// entity is an entity of the integration with no more than it needs.
func entity(integration string, typ access.EntityType, name string) *access.Entity {
	e := &access.Entity{
		Integration: integration, Type: typ, SourceID: name, Name: name, SourceType: "thing", Status: access.StatusActive,
		MFA: access.Unknown, SuperAdmin: access.Unknown, Administrative: access.Unknown,
		External: access.Unknown, Locked: access.Unknown, ServiceAccount: access.Unknown,
	}
	e.ID = e.Key().ID()
	return e
}

func putEntity(e *access.Entity) store.Change { return store.Change{PutEntity: e} }

// grant is a grant with no more than it needs.
func grant(source, target *access.Entity, permission, value string) access.Grant {
	return access.Grant{Source: source.ID, Target: target.ID, Permission: permission, Value: value, Counts: access.ValueCounts(value)}
}

func putGrant(g access.Grant) store.Change { return store.Change{PutGrant: &g} }

func removeGrant(g access.Grant) store.Change {
	k := g.Key()
	return store.Change{RemoveGrant: &k}
}

func employee(email, name string) *access.Employee {
	return &access.Employee{
		ID: access.EmployeeID(email), WorkEmail: email, FullName: name, StartDate: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
		Roles: []access.ProductRole{access.Reviewer},
	}
}

func putEmployee(e *access.Employee) store.Change { return store.Change{PutEmployee: e} }

// world is a small graph: alice → Engineering → app, and ann, an employee.
type world struct {
	alice, team, app *access.Entity
	ann              *access.Employee
	member, write    access.Grant
}

func seed(t *testing.T, s store.Store) world {
	t.Helper()
	w := world{
		alice: entity(key, access.Identity, "alice"),
		team:  entity(key, access.Connection, "Engineering"),
		app:   entity(key, access.Resource, "app"),
		ann:   employee("ann@example.com", "Ann Example"),
	}
	w.member, w.write = grant(w.alice, w.team, "member", "true"), grant(w.team, w.app, "write", "true")
	commit(t, s, t0, store.Change{PutApplication: &access.Application{ID: access.ApplicationID("GitHub"), Name: "GitHub"}},
		putIntegration(key), putEmployee(w.ann), putEntity(w.alice), putEntity(w.team), putEntity(w.app), putGrant(w.member), putGrant(w.write))
	return w
}

// read calls look with a view.
func read(t *testing.T, s store.Graph, look func(ctx context.Context, v store.GraphView)) {
	t.Helper()
	require.NoError(t, s.ReadGraph(t.Context(), func(ctx context.Context, v store.GraphView) error {
		look(ctx, v)
		return nil
	}))
}

// collect reads a sequence to its end.
func collect[T any](t *testing.T, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var out []T
	for item, err := range seq {
		require.NoError(t, err)
		out = append(out, item)
	}
	return out
}

// code requires the code of an error.
func code(t *testing.T, want access.Code, err error) {
	t.Helper()
	require.Error(t, err)
	require.Equal(t, want, access.CodeOf(err), "%v", err)
	var e *access.Error
	require.ErrorAs(t, err, &e)
	require.NotEmpty(t, e.Message)
}
