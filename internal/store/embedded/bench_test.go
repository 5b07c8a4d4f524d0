package embedded

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// The benchmarks load the same company into the same tables: by Commit, and by the
// fastest plain inserts we know of, sorted by key and with the integer ids given.
const (
	benchEntities = 20_000
	benchGrants   = 200_000
)

type company struct {
	integration access.Integration
	entities    []access.Entity // sorted by id
	grants      []access.Grant  // sorted by key
}

func newCompany() company {
	c := company{integration: access.Integration{ID: access.IntegrationID("ERP"), Key: "ERP", Name: "ERP", Application: "ERP"}}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range benchEntities {
		typ := []access.EntityType{access.Identity, access.Connection, access.Resource, access.Identity}[i%4]
		e := access.Entity{Integration: "ERP", Type: typ, SourceID: fmt.Sprint("id-", i), Name: fmt.Sprint("Name of ", i), SourceType: "user",
			Username: fmt.Sprint("user", i), Email: fmt.Sprintf("user%d@example.com", i), Status: access.StatusActive, MFA: access.True,
			LastLogin: time.Unix(1_700_000_000+int64(i), 0)}
		e.ID = e.Key().ID()
		c.entities = append(c.entities, e)
	}
	slices.SortFunc(c.entities, func(a, b access.Entity) int { return strings.Compare(a.ID, b.ID) })
	seen := map[access.GrantKey]bool{}
	for len(c.grants) < benchGrants {
		g := access.Grant{Source: c.entities[r.IntN(benchEntities)].ID, Target: c.entities[r.IntN(benchEntities)].ID,
			Permission: []string{"read", "write", "member"}[r.IntN(3)], Value: "true", Counts: true}
		if !seen[g.Key()] {
			seen[g.Key()] = true
			c.grants = append(c.grants, g)
		}
	}
	slices.SortFunc(c.grants, func(a, b access.Grant) int {
		if d := strings.Compare(a.Source, b.Source); d != 0 {
			return d
		}
		if d := strings.Compare(a.Target, b.Target); d != 0 {
			return d
		}
		return strings.Compare(a.Permission, b.Permission)
	})
	return c
}

func (c *company) changes() iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		if !yield(store.Change{PutIntegration: &c.integration}, nil) {
			return
		}
		for i := range c.entities {
			if !yield(store.Change{PutEntity: &c.entities[i]}, nil) {
				return
			}
		}
		for i := range c.grants {
			if !yield(store.Change{PutGrant: &c.grants[i]}, nil) {
				return
			}
		}
	}
}

func perSecond(b *testing.B) {
	b.ReportMetric(float64(b.N)*(benchEntities+benchGrants)/b.Elapsed().Seconds(), "rows/s")
}

func benchStore(b *testing.B) *Store {
	s, err := Open(b.Context(), b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func BenchmarkCommit(b *testing.B) {
	c := newCompany()
	for b.Loop() {
		b.StopTimer()
		s := benchStore(b)
		b.StartTimer()
		if _, err := s.Commit(b.Context(), store.Commit{At: time.Now(), Graph: c.changes()}); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	perSecond(b)
}

// BenchmarkCommitAgain puts the same state again, which is the worst case of an import
// that does not compare first.
func BenchmarkCommitAgain(b *testing.B) {
	c := newCompany()
	s := benchStore(b)
	if _, err := s.Commit(b.Context(), store.Commit{At: time.Now(), Graph: c.changes()}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Commit(b.Context(), store.Commit{At: time.Now(), Graph: c.changes()}); err != nil {
			b.Fatal(err)
		}
	}
	perSecond(b)
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkRawInserts is what a loader does that knows the tables.
func BenchmarkRawInserts(b *testing.B) {
	c := newCompany()
	for b.Loop() {
		b.StopTimer()
		s := benchStore(b)
		b.StartTimer()
		if err := s.writes.transact(b.Context(), func(t *tx) error { return rawInserts(t, &c) }); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	perSecond(b)
}

func rawInserts(t *tx, c *company) error {
	now := micros(time.Now())
	n := make(map[string]int64, len(c.entities))
	for i := range c.entities {
		e := &c.entities[i]
		n[e.ID] = int64(i + 1)
		err := t.exec(insertEntity, n[e.ID], e.ID, int64(1), e.Project, string(e.Type), e.SourceID, e.SourceType, e.Name,
			e.Username, e.Email, e.FirstName, e.LastName, string(e.Status),
			micros(e.LastLogin), micros(e.LatestActivity), micros(e.LastPasswordChanged),
			flag(e.MFA), flag(e.SuperAdmin), flag(e.Administrative), flag(e.External), flag(e.Locked), flag(e.ServiceAccount),
			e.ServiceAccountReason, texts(e.Factors), e.Metadata, bit(e.Stub), now)
		if err != nil {
			return err
		}
	}
	for i := range c.grants {
		g := &c.grants[i]
		if err := t.exec(insertGrant, n[g.Source], n[g.Target], g.Permission, g.Scope, g.Value, bit(g.Counts), g.Project, micros(g.LastUsed), g.Metadata, now); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkRatio does both in turn, so that they meet the same load of the machine, and
// reports how fast Commit is against the raw inserts (the goal is at least 0.5).
func BenchmarkRatio(b *testing.B) {
	c := newCompany()
	var commit, raw time.Duration
	timed := func(into *time.Duration, load func(*Store) error) {
		s := benchStore(b)
		start := time.Now()
		if err := load(s); err != nil {
			b.Fatal(err)
		}
		*into += time.Since(start)
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		timed(&commit, func(s *Store) error {
			_, err := s.Commit(b.Context(), store.Commit{At: time.Now(), Graph: c.changes()})
			return err
		})
		timed(&raw, func(s *Store) error {
			return s.writes.transact(b.Context(), func(t *tx) error { return rawInserts(t, &c) })
		})
	}
	b.ReportMetric(raw.Seconds()/commit.Seconds(), "×raw")
}

// BenchmarkSmallCommit is what a person's click costs: most of it is waiting for the disk.
func BenchmarkSmallCommit(b *testing.B) {
	c := newCompany()
	s := benchStore(b)
	if _, err := s.Commit(b.Context(), store.Commit{At: time.Now(), Graph: c.changes()}); err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		i++
		labels := &store.EntityLabels{EntityID: c.entities[i%benchEntities].ID, Labels: []string{"vip"}}
		_, err := s.Commit(b.Context(), store.Commit{At: time.Now(), Graph: func(yield func(store.Change, error) bool) {
			yield(store.Change{PutLabels: labels}, nil)
		}})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkReadGraph streams everything, as a snapshot does.
func BenchmarkReadGraph(b *testing.B) {
	c := newCompany()
	s := benchStore(b)
	if _, err := s.Commit(b.Context(), store.Commit{At: time.Now(), Graph: c.changes()}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		err := s.ReadGraph(b.Context(), func(ctx context.Context, v store.GraphView) error {
			for _, err := range v.Entities(ctx, "", false) {
				if err != nil {
					return err
				}
			}
			for _, err := range v.Grants(ctx, "") {
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	perSecond(b)
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}
