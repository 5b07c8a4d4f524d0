package neo4j

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// copiesOf compares each packed copy that would be read with the graph itself and returns
// whose there are.
func copiesOf(t testing.TB, s *Store) map[string]bool {
	t.Helper()
	copies := map[string]bool{}
	require.NoError(t, s.ReadGraph(context.Background(), func(ctx context.Context, v store.GraphView) error {
		clear(copies)
		all, err := v.Integrations(ctx)
		if err != nil {
			return err
		}
		for _, i := range all {
			got, ok, err := v.(store.ImportView).Imported(ctx, i.Key)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			copies[i.Key] = true
			if err := sameAsGraph(ctx, t, v, i.Key, got); err != nil {
				return err
			}
		}
		return nil
	}))
	return copies
}

func sameAsGraph(ctx context.Context, t testing.TB, v store.GraphView, key string, got store.Imported) error {
	t.Helper()
	var wantEntities, gotEntities []access.Entity
	for e, err := range v.Entities(ctx, key, false) {
		if err != nil {
			return err
		}
		e.FirstSeen, e.Labels, e.Insights, e.Mapping = time.Time{}, nil, nil, nil
		wantEntities = append(wantEntities, *e)
	}
	for list, err := range got.Entities {
		if err != nil {
			return err
		}
		for _, e := range list {
			gotEntities = append(gotEntities, *e)
		}
	}
	require.Equal(t, wantEntities, gotEntities, "the copied entities of %q", key)
	var wantGrants, gotGrants []access.Grant
	for g, err := range v.Grants(ctx, key) {
		if err != nil {
			return err
		}
		g.From = time.Time{}
		wantGrants = append(wantGrants, g)
	}
	for list, err := range got.Grants {
		if err != nil {
			return err
		}
		gotGrants = append(gotGrants, list...)
	}
	require.Equal(t, wantGrants, gotGrants, "the copied grants of %q", key)
	return nil
}

// copyWorld makes random commits, mostly on one of two integrations, and knows the live state.
type copyWorld struct {
	*rand.Rand
	live   map[string]string // entity → integration
	grants map[access.GrantKey]bool
}

var copyKeys = []string{"One", "Two"}

func (w *copyWorld) entity(key string) *access.Entity {
	kinds := []access.EntityType{access.Identity, access.Connection, access.Resource}
	n := w.IntN(12)
	e := &access.Entity{
		Integration: key, Type: kinds[n%3], SourceID: fmt.Sprint("s", n), Name: fmt.Sprint("name ", w.IntN(3)), Project: "p", Stub: w.IntN(4) == 0,
		MFA: access.Tristates[w.IntN(3)], LastLogin: sampleTime.Add(time.Duration(w.IntN(5)) * time.Nanosecond), Factors: []string{"otp"}[:w.IntN(2)],
	}
	e.ID = e.Key().ID()
	return e
}

func (w *copyWorld) of(keys []string) []string {
	var out []string
	for _, key := range keys {
		for n := range 12 { // in an order that does not depend on a map
			kinds := []access.EntityType{access.Identity, access.Connection, access.Resource}
			id := access.EntityKey{Integration: key, Project: "p", Type: kinds[n%3], SourceID: fmt.Sprint("s", n)}.ID()
			if w.live[id] != "" {
				out = append(out, id)
			}
		}
	}
	return out
}

func (w *copyWorld) changes() []store.Change {
	keys := copyKeys
	if w.IntN(5) > 0 {
		keys = keys[w.IntN(2):][:1]
	}
	var out, last []store.Change
	said, gone := map[any]bool{}, map[string]bool{}
	for range w.IntN(5) {
		e := w.entity(keys[w.IntN(len(keys))])
		if !said[e.ID] {
			said[e.ID] = true
			w.live[e.ID] = e.Integration
			out = append(out, store.Change{PutEntity: e})
		}
	}
	for _, id := range w.of(keys) {
		if w.IntN(12) == 0 && !said[id] {
			said[id], gone[id] = true, true
			last = append(last, store.Change{RemoveEntity: id})
		}
	}
	// Sources are of the integrations of the commit; a target may be of the other.
	sources, targets := w.of(keys), w.of(copyKeys)
	for range w.IntN(8) {
		if len(sources) == 0 {
			break
		}
		k := access.GrantKey{Source: sources[w.IntN(len(sources))], Target: targets[w.IntN(len(targets))], Permission: fmt.Sprint(w.IntN(2))}
		if w.IntN(3) > 0 {
			k.Target = sources[w.IntN(len(sources))]
		}
		if said[k] {
			continue
		}
		said[k] = true
		switch removed := gone[k.Source] || gone[k.Target]; {
		case w.grants[k] && w.IntN(2) == 0, removed:
			out = append(out, store.Change{RemoveGrant: &k})
			delete(w.grants, k)
		default:
			value := []string{"true", "false", "odd"}[w.IntN(3)]
			out = append(out, store.Change{PutGrant: &access.Grant{Source: k.Source, Target: k.Target, Permission: k.Permission, Value: value, Counts: value != "false"}})
			w.grants[k] = true
		}
	}
	for k := range w.grants {
		if !gone[k.Source] && !gone[k.Target] {
			continue
		}
		delete(w.grants, k)
		if !said[k] && w.IntN(4) > 0 { // imports say it, others may leave it to the store
			out = append(out, store.Change{RemoveGrant: &k})
		}
	}
	for id := range gone {
		delete(w.live, id)
	}
	out = append(out, last...)
	if live := w.of(keys); len(live) > 0 && w.IntN(3) == 0 {
		out = append(out, store.Change{PutLabels: &store.EntityLabels{EntityID: live[0], Labels: []string{"l"}}})
	}
	if w.IntN(6) == 0 {
		out = append(out, putCopyKey(keys[0]))
	}
	return out
}

func putCopyKey(key string) store.Change {
	return store.Change{PutIntegration: &access.Integration{ID: access.IntegrationID(key), Key: key, Name: key, Application: "App"}}
}

// TestCopies: after every commit of a random sequence the packed copies that would be read
// are equal to the graph, whole commits and batches alike.
func TestCopies(t *testing.T) {
	server := neo4jtest.Acquire(t)
	for _, limit := range []int64{DefaultMaxTransaction, 3} {
		t.Run(fmt.Sprint("limit ", limit), func(t *testing.T) {
			neo4jtest.Fresh(t, server)
			config := configOf(server)
			config.MaxTransaction = limit
			s := openFor(t, config)
			defer func() { require.NoError(t, s.Close()) }()
			s.smallDeltas = 10
			seed := uint64(time.Now().UnixNano()) //nolint:gosec // any bits will do
			t.Logf("seed %d", seed)
			w := &copyWorld{Rand: rand.New(rand.NewPCG(seed, 0)), live: map[string]string{}, grants: map[access.GrantKey]bool{}} //nolint:gosec // test data
			_, err := s.Commit(context.Background(), commitOf(0, []store.Change{
				{PutApplication: &access.Application{ID: access.ApplicationID("App"), Name: "App"}}, putCopyKey("One"), putCopyKey("Two"),
			}))
			require.NoError(t, err)
			had, merged := 0, 0
			for step := range 80 {
				changes := w.changes()
				c := commitOf(step, changes)
				c.Expect = map[string]int64{}
				all, err := s.Integrations(context.Background())
				require.NoError(t, err)
				before := 0
				for _, i := range all {
					c.Expect[i.Key] = i.Revision
					h, _, err := s.copyHead(context.Background(), i.Key)
					require.NoError(t, err)
					before += len(h.head.Runs)
				}
				_, err = s.Commit(context.Background(), c)
				require.NoError(t, err, "step %d", step)
				copies := copiesOf(t, s)
				had += len(copies)
				after := 0
				for key := range copies {
					h, _, err := s.copyHead(context.Background(), key)
					require.NoError(t, err)
					after += len(h.head.Runs)
				}
				if len(copies) == 2 && after < before {
					merged++
				}
			}
			t.Logf("%d of 160 copies were there, %d times deltas were merged", had, merged)
			require.Greater(t, had, 80, "copies are mostly there")
			require.Positive(t, merged, "deltas were merged")
			requireNoStaged(t, s)
		})
	}
}

func requireNoStaged(t *testing.T, s *Store) {
	t.Helper()
	require.Zero(t, countOf(t, s, "MATCH (p:StagedPart) RETURN count(p)"), "staged parts are left")
	require.Zero(t, countOf(t, s, "MATCH (p:PackedPart) WHERE NOT (:Integration)-[:PACKED]->(p) RETURN count(p)"), "parts of nothing are left")
}

func countOf(t *testing.T, s *Store, text string) int64 {
	t.Helper()
	var n int64
	require.NoError(t, s.write(context.Background(), func(tx driver.ManagedTransaction) error {
		found, err := textRows(context.Background(), tx, text, nil)
		if err == nil && len(found) > 0 {
			n = asInt(found[0].record.Values[0])
		}
		return err
	}))
	return n
}

// TestCopyNotBelieved: a copy that is not of the present state, or is damaged, is not
// read; the next import makes a new one.
func TestCopyNotBelieved(t *testing.T) {
	server := neo4jtest.Acquire(t)
	first, second := sampleWorld(5, 60)
	for name, spoil := range map[string]string{
		"a commit of an older program": "MATCH (i:Integration) SET i.revision = i.revision + 1",
		"another format":               "MATCH (i:Integration) SET i.packed = replace(i.packed, '\"format\":1', '\"format\":2')",
		"no head":                      "MATCH (i:Integration) SET i.packed = 'what is this'",
		"a part is gone":               "MATCH (p:PackedPart) WITH p LIMIT 1 DETACH DELETE p",
		"a part is no bytes":           "MATCH (p:PackedPart) SET p.data = 'text'",
		"parts are in each other's place": "MATCH (a:PackedPart {section: 0}), (b:PackedPart {section: 2}) WITH a, b, a.data AS d " +
			"SET a.data = b.data, b.data = d",
		"rescan": "",
	} {
		t.Run(name, func(t *testing.T) {
			neo4jtest.Fresh(t, server)
			s := openFor(t, configOf(server))
			defer func() { require.NoError(t, s.Close()) }()
			_, err := s.Commit(context.Background(), commitOf(0, first))
			require.NoError(t, err)
			require.True(t, copiesOf(t, s)[sampleKey], "the first load makes the copy")
			if spoil == "" {
				require.NoError(t, s.ForgetCopies(context.Background()))
			} else {
				countOf(t, s, spoil)
			}
			require.Empty(t, copiesOf(t, s), "it is not believed")
			c := crashCommit(second)
			c.Expect = nil
			all, err := s.Integrations(context.Background())
			require.NoError(t, err)
			c.Expect = map[string]int64{sampleKey: all[0].Revision}
			_, err = s.Commit(context.Background(), c)
			require.NoError(t, err)
			require.True(t, copiesOf(t, s)[sampleKey], "there is a copy again")
			requireNoStaged(t, s)
		})
	}
}
