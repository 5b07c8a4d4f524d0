package graph_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/graph/graphtest"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/server"
	"github.com/accessgraph/accessgraph/internal/store"
)

// counting counts the questions that reach an engine.
type counting struct {
	query.Engine
	calls sync.Map // method → *atomic.Int64
}

func (c *counting) Reader(ctx context.Context, now time.Time) (query.Reader, error) {
	c.count("Reader")
	r, err := c.Engine.Reader(ctx, now)
	return &countingReader{Reader: r, c: c}, err
}

func (c *counting) count(name string) {
	n, _ := c.calls.LoadOrStore(name, new(atomic.Int64))
	n.(*atomic.Int64).Add(1)
}

func (c *counting) reset() { c.calls.Clear() }

func (c *counting) all() map[string]int64 {
	out := map[string]int64{}
	c.calls.Range(func(k, v any) bool { out[k.(string)] = v.(*atomic.Int64).Load(); return true })
	return out
}

type countingReader struct {
	query.Reader
	c *counting
}

func (r *countingReader) Entities(ctx context.Context, q query.EntityQuery) (query.EntityPage, error) {
	r.c.count("Entities")
	return r.Reader.Entities(ctx, q)
}

func (r *countingReader) EntitiesByID(ctx context.Context, ids []string) ([]*access.Entity, error) {
	r.c.count("EntitiesByID")
	return r.Reader.EntitiesByID(ctx, ids)
}

func (r *countingReader) Effective(ctx context.Context, q query.EffectiveQuery) ([]query.AccessPage, error) {
	if r.c.count("Effective"); q.NoProviders {
		r.c.count("without providers")
	}
	return r.Reader.Effective(ctx, q)
}

func (r *countingReader) Neighbors(ctx context.Context, q query.NeighborQuery) ([]query.GrantPage, error) {
	r.c.count("Neighbors")
	return r.Reader.Neighbors(ctx, q)
}

func (r *countingReader) Chains(ctx context.Context, q query.ChainQuery) ([]query.Chains, error) {
	r.c.count("Chains")
	return r.Reader.Chains(ctx, q)
}

func (r *countingReader) Facets(ctx context.Context, q query.FacetQuery) ([]query.Facet, error) {
	r.c.count("Facets")
	return r.Reader.Facets(ctx, q)
}

// countingStore counts the questions about people, integrations and owners.
type countingStore struct {
	store.Store
	c *counting
}

func (s *countingStore) Integrations(ctx context.Context) ([]access.Integration, error) {
	s.c.count("Integrations")
	return s.Store.Integrations(ctx)
}

func (s *countingStore) EmployeesByID(ctx context.Context, ids []string) ([]*access.Employee, error) {
	s.c.count("EmployeesByID")
	return s.Store.EmployeesByID(ctx, ids)
}

func (s *countingStore) BusinessOwners(ctx context.Context, ids []string) ([]access.Owners, error) {
	s.c.count("BusinessOwners")
	return s.Store.BusinessOwners(ctx, ids)
}

func (s *countingStore) MappedEntities(ctx context.Context, ids []string) ([][]string, error) {
	s.c.count("MappedEntities")
	return s.Store.MappedEntities(ctx, ids)
}

func (s *countingStore) GetRecord(ctx context.Context, kind, id string) (store.Record, error) {
	s.c.count("GetRecord")
	return s.Store.GetRecord(ctx, kind, id)
}

// crowd is many identities, of as many employees, with as many resources each.
func crowd(identities, resources int) []store.Change {
	const in = "Crowd"
	changes := []store.Change{
		{PutApplication: &access.Application{ID: access.ApplicationID(in), Name: in}},
		{PutIntegration: &access.Integration{ID: access.IntegrationID(in), Key: in, Name: in, Application: in, Status: access.IntegrationConnected}},
	}
	var groups []string
	for i := range 10 {
		e := graphtest.Entity(in, access.Connection, fmt.Sprint("g", i), "group", fmt.Sprintf("group %02d", i))
		changes, groups = append(changes, store.Change{PutEntity: e}), append(groups, e.ID)
	}
	for i := range resources {
		e := graphtest.Entity(in, access.Resource, fmt.Sprint("r", i), "vault", fmt.Sprintf("vault %03d", i))
		changes = append(changes, store.Change{PutEntity: e})
		changes = append(changes, graphtest.Grant(groups[i%len(groups)], e.ID, "read", "true"))
	}
	for i := range identities {
		e := graphtest.Entity(in, access.Identity, fmt.Sprint("u", i), "user", fmt.Sprintf("user %03d", i))
		mail := fmt.Sprintf("user%d@example.com", i)
		changes = append(changes, store.Change{PutEntity: e},
			store.Change{PutEmployee: &access.Employee{ID: access.EmployeeID(mail), WorkEmail: mail, FullName: e.Name, ManagerEmail: "bob@example.com", Roles: []access.ProductRole{access.Reviewer}}},
			store.Change{PutMapping: &access.Mapping{EntityID: e.ID, EmployeeID: access.EmployeeID(mail), Relation: access.IS, Origin: access.ManualMapping}})
		for _, g := range groups {
			changes = append(changes, graphtest.Grant(e.ID, g, "member", "true"))
		}
		// An identity as a target, so that the other ends have employees as well.
		changes = append(changes, graphtest.Grant(groups[i%len(groups)], e.ID, "assume", "true"))
	}
	return changes
}

func crowded(t *testing.T, identities, resources int) (*graphtest.World, *counting) {
	t.Helper()
	c := &counting{}
	w := graphtest.New(t, graphtest.Options{
		Engine: func(e query.Engine) query.Engine { c.Engine = e; return c },
		App:    func(o *server.AppOptions) { o.Store = &countingStore{Store: o.Store, c: c} },
		More:   crowd(identities, resources),
	})
	return w, c
}

func TestReadsDoNotGrowWithTheAnswer(t *testing.T) {
	w, c := crowded(t, 110, 110)
	for _, test := range []struct {
		name, text string
		want       map[string]int64
	}{
		{"the core", `{ entities(first: 100, filter: {type: [IDENTITY], integration: {eq: "Crowd"}}) { edges { node { name hasAccessTo(first: 100) { edges {
			node { name integration { name } employee { fullName manager { fullName } } } providers { name integration { name } } pathCount } } } } } }`,
			// EmployeesByID: the employees of the other ends, their managers.
			map[string]int64{"Reader": 1, "GetRecord": 1, "Entities": 1, "Effective": 1, "EntitiesByID": 1, "Chains": 1, "Integrations": 1, "EmployeesByID": 2}},
		{"details", `{ entities(first: 100, filter: {type: [IDENTITY], integration: {eq: "Crowd"}}) { edges { node {
			businessOwners { primary { fullName } } grants(first: 20) { edges { node { target { name } source { name } } } }
			employee { identities { name hasAccessTo(first: 1) { edges { node { name } } } } } } } } }`,
			map[string]int64{"Reader": 1, "GetRecord": 1, "Entities": 1, "Neighbors": 1, "EntitiesByID": 2, "Effective": 1, "without providers": 1, "BusinessOwners": 1, "EmployeesByID": 1, "MappedEntities": 1}},
		{"providers under aliases and in fragments", `{ entities(first: 100, filter: {type: [IDENTITY]}) { edges { node { hasAccessTo { more: edges { ...F } edges { node { name } } } } } } }
			fragment F on AccessEdge { by: providers { name } }`,
			map[string]int64{"Reader": 1, "GetRecord": 1, "Entities": 1, "Effective": 1, "EntitiesByID": 1}},
		{"no paths unless selected", `{ entities(first: 100, filter: {type: [IDENTITY]}) { edges { node { hasAccessTo { totalCount } accessibleBy { totalCount } } } } }`,
			map[string]int64{"Reader": 1, "GetRecord": 1, "Entities": 1, "Effective": 2, "without providers": 2}},
		{"integrations", `{ integrations { name counts { identities connections resources } owners { primary { fullName } } } }`,
			map[string]int64{"Reader": 1, "GetRecord": 1, "Facets": 4, "Integrations": 1, "EmployeesByID": 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c.reset()
			w.Must(test.text, nil)
			requireReads(t, test.want, c.all())
		})
	}
}

// requireReads compares numbers of reads. A batch waits a millisecond for keys of other
// batches, which a busy machine may miss: a few reads more are right, one an object are not.
func requireReads(t *testing.T, want, got map[string]int64) {
	t.Helper()
	const split = 3
	for name := range got {
		require.Contains(t, want, name, "%v", got)
	}
	for name, n := range want {
		require.GreaterOrEqual(t, got[name], n, "%s in %v", name, got)
		require.LessOrEqual(t, got[name], n+split, "%s in %v", name, got)
	}
}

func TestOneReaderARequest(t *testing.T) {
	w, c := crowded(t, 3, 3)
	w.Must(`{ a: entities { totalCount } b: entityFacets(by: [TYPE]) { field } statistics { identities } }`, nil)
	require.EqualValues(t, 1, c.all()["Reader"])
	c.reset()
	// What a mutation returns is read after what it wrote: each of its fields reads anew.
	id := graphtest.ID(access.Identity, "gh-user-4")
	got := w.Must(`mutation($ids: [ID!]!, $e: ID!) {
		a: mapIdentities(input: {entityIds: $ids, employeeId: $e, relation: IS}) { entities { employee { fullName } } }
		b: unmapIdentities(input: {entityIds: $ids}) { entities { employee { fullName } identityType } } }`,
		map[string]any{"ids": []any{id}, "e": access.EmployeeID("carol@example.com")})
	sameJSON(t, `{"a":{"entities":[{"employee":{"fullName":"Carol Other"}}]},"b":{"entities":[{"employee":null,"identityType":"UNMAPPED"}]}}`, got)
}

// blocking answers a question only when its context ends.
type blocking struct{ query.Engine }

type blockingReader struct {
	query.Reader
}

func (b blocking) Reader(ctx context.Context, now time.Time) (query.Reader, error) {
	r, err := b.Engine.Reader(ctx, now)
	return blockingReader{Reader: r}, err
}

func (blockingReader) Entities(ctx context.Context, _ query.EntityQuery) (query.EntityPage, error) {
	<-ctx.Done()
	return query.EntityPage{}, ctx.Err()
}

func TestCancellationReachesTheEngine(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{Engine: func(e query.Engine) query.Engine { return blocking{e} }})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	a := w.AskContext(ctx, auth.System(), `{ entities { totalCount } }`, nil)
	require.Equal(t, access.CodeTimeout, a.Errors[0].Code())

	ctx, cancel = context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	a = w.AskContext(ctx, auth.System(), `{ entities { totalCount } }`, nil)
	require.Equal(t, access.CodeUnavailable, a.Errors[0].Code())
}

func TestTheTimeLimit(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{
		Engine: func(e query.Engine) query.Engine { return blocking{e} },
		App:    func(o *server.AppOptions) { o.Limits.Timeout = 50 * time.Millisecond },
	})
	a := w.Ask(auth.System(), `{ entities { totalCount } }`, nil)
	require.Equal(t, access.CodeTimeout, a.Errors[0].Code())

	// What an operation needs before it begins counts as well.
	w = graphtest.New(t, graphtest.Options{App: func(o *server.AppOptions) {
		o.Store, o.Limits.Timeout = silent{o.Store}, 50*time.Millisecond
	}})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	a = w.AskContext(ctx, auth.System(), `{ me { kind } }`, nil)
	require.Equal(t, access.CodeTimeout, a.Errors[0].Code())
	require.NoError(t, ctx.Err())
}

// silent answers nothing about records, such as settings.
type silent struct{ store.Store }

// GetRecord implements store.Records.
func (silent) GetRecord(ctx context.Context, _, _ string) (store.Record, error) {
	<-ctx.Done()
	return store.Record{}, ctx.Err()
}
