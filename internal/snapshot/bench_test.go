package snapshot_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/snapshot"
)

// scale of the graph that benchmarks use: 1 = S, 11 = M, 60 = L.
var scale = func() int {
	n, err := strconv.Atoi(os.Getenv("ACCESSGRAPH_BENCH_SCALE"))
	if err != nil {
		return 1
	}
	return n
}()

// company is a graph of 30,000 entities (20,000 identities, 4,000 nested groups, 6,000
// resources) and about 160,000 grants, times scale.
var company = sync.OnceValue(func() *snapshot.Data {
	r := rand.New(rand.NewPCG(7, 7))
	d := &snapshot.Data{GraphVersion: 1, AllIntegrations: []access.Integration{{Key: "k", Name: "Company", Application: "App"}}}
	add := func(t access.EntityType, n int, sourceType string) []string {
		var ids []string
		for i := range n {
			e := &access.Entity{
				Integration: "k", Type: t, SourceID: fmt.Sprint(t, i), Name: fmt.Sprintf("%s %d", sourceType, i), SourceType: sourceType,
				Status: access.StatusActive, LastLogin: time.Unix(1700000000+int64(r.IntN(1e7)), 0).UTC(),
			}
			e.ID = e.Key().ID()
			if t == access.Identity {
				p := &access.Employee{WorkEmail: fmt.Sprintf("u%d@example.com", i), Department: fmt.Sprintf("Department %d", i%40), ManagerEmail: fmt.Sprintf("u%d@example.com", i%700), Title: fmt.Sprintf("Title %d", i%90)}
				p.ID = access.EmployeeID(p.WorkEmail)
				d.AllEmployees = append(d.AllEmployees, p)
				e.Mapping = &access.MappingRef{EmployeeID: p.ID, Relation: access.IS}
				e.Email = p.WorkEmail
			}
			d.AllEntities = append(d.AllEntities, e)
			ids = append(ids, e.ID)
		}
		return ids
	}
	people, groups, things := add(access.Identity, 20000*scale, "user"), add(access.Connection, 4000*scale, "group"), add(access.Resource, 6000*scale, "vault")
	seen := map[access.GrantKey]bool{}
	grant := func(from, to, permission string) {
		g := access.Grant{Source: from, Target: to, Permission: permission, Value: "true", Counts: true, From: time.Unix(1, 0).UTC()}
		if !seen[g.Key()] {
			seen[g.Key()] = true
			d.LiveGrants = append(d.LiveGrants, g)
		}
	}
	for i, p := range people {
		for range 5 {
			grant(p, groups[(i/10+r.IntN(60)*67)%len(groups)], "member")
		}
	}
	for i, g := range groups {
		for range 2 {
			if i > 200 {
				grant(g, groups[r.IntN(i/3)], "member")
			}
		}
		for range 12 {
			grant(g, things[r.IntN(len(things))], []string{"read", "write", "admin"}[r.IntN(3)])
		}
	}
	for range 10000 * scale {
		grant(people[r.IntN(len(people))], things[r.IntN(len(things))], "read")
	}
	// In the order in which stores yield, so that sorting does not count as loading.
	slices.SortFunc(d.LiveGrants, func(a, b access.Grant) int {
		return cmp.Or(strings.Compare(a.Source, b.Source), strings.Compare(a.Target, b.Target), strings.Compare(a.Permission, b.Permission))
	})
	return d
})

var companySnapshot = sync.OnceValue(func() *snapshot.Snapshot {
	s, err := snapshot.Build(context.Background(), company())
	if err != nil {
		panic(err)
	}
	return s
})

func p[T any](v T) *T { return &v }

func BenchmarkBuild(b *testing.B) {
	d := company()
	b.Logf("%d entities, %d grants", len(d.AllEntities), len(d.LiveGrants))
	for b.Loop() {
		if _, err := snapshot.Build(context.Background(), d); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReach(b *testing.B) {
	s := companySnapshot()
	r := s.Reader(time.Now())
	var ids []string
	for _, e := range company().AllEntities[:20000] {
		ids = append(ids, e.ID)
	}
	for _, direct := range []bool{false, true} {
		for _, direction := range []filter.Direction{filter.HasAccessTo, filter.AccessibleBy} {
			b.Run(fmt.Sprintf("%s/direct=%v", direction, direct), func(b *testing.B) {
				of, total, n := ids, 0, 0
				if direction == filter.AccessibleBy {
					of = nil
					for _, e := range company().AllEntities[24000:] {
						of = append(of, e.ID)
					}
				}
				for b.Loop() {
					page, err := r.Effective(context.Background(), query.EffectiveQuery{Of: []string{of[n%len(of)]}, Direction: direction, Direct: direct, Page: query.Page{First: 50, WithTotal: true}})
					if err != nil {
						b.Fatal(err)
					}
					total += page[0].Total
					n++
				}
				b.ReportMetric(float64(total)/float64(n), "reached/op")
			})
		}
	}
}

// BenchmarkClosure is the traversal alone, without a page to show.
func BenchmarkClosure(b *testing.B) {
	s := companySnapshot()
	d := company()
	for name, run := range map[string]struct {
		from, n int
		visit   func(uint32, []uint32) []uint32
	}{"reach": {0, 20000, s.Reach}, "reachedBy": {24000, 6000, s.ReachedBy}} {
		b.Run(name, func(b *testing.B) {
			var rows []uint32
			n, total := 0, 0
			for b.Loop() {
				row, _ := s.Row(d.AllEntities[run.from+n%run.n].ID)
				rows = run.visit(row, rows[:0])
				total += len(rows)
				n++
			}
			b.ReportMetric(float64(total)/float64(n), "rows/op")
		})
	}
}

func BenchmarkHaving(b *testing.B) {
	r := companySnapshot().Reader(time.Now())
	rare, medium, broad := &filter.Filter{Name: &filter.StringMatch{Eq: p("vault 17")}}, &filter.Filter{Name: &filter.StringMatch{StartsWith: p("vault 17")}}, &filter.Filter{Type: []access.EntityType{access.Resource}}
	identities := []access.EntityType{access.Identity}
	for _, c := range []struct {
		name   string
		having filter.Having
	}{
		{"rare", filter.Having{Entity: rare}},
		{"medium", filter.Having{Entity: medium}},
		{"broad", filter.Having{Entity: broad}},
		{"medium+permission", filter.Having{Entity: medium, Permission: &filter.StringMatch{Eq: p("admin")}}},
		{"medium+via", filter.Having{Entity: medium, Via: &filter.Filter{Name: &filter.StringMatch{Contains: p("group 1")}}}},
		{"none", filter.Having{Entity: medium, None: true}},
		{"atLeast/rare", filter.Having{Entity: medium, AtLeast: p(5)}},
		{"atLeast/broad", filter.Having{Entity: broad, AtLeast: p(50)}},
	} {
		for _, warm := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/warm=%v", c.name, warm), func(b *testing.B) {
				total := 0
				for b.Loop() {
					if !warm {
						b.StopTimer()
						snapshot.Forget(companySnapshot())
						b.StartTimer()
					}
					page, err := r.Entities(context.Background(), query.EntityQuery{
						Filter: &filter.Filter{Type: identities, Having: []filter.Having{c.having}}, Page: query.Page{First: 50, WithTotal: true},
					})
					if err != nil {
						b.Fatal(err)
					}
					total = page.Total
				}
				b.ReportMetric(float64(total), "matched")
			})
		}
	}
	b.Run("bare pass over all edges", func(b *testing.B) {
		to, n := companySnapshot().To(), uint32(companySnapshot().Rows())
		sum := uint32(0)
		for b.Loop() {
			for row := range n {
				for _, other := range to.Of(row) {
					sum += other
				}
			}
		}
		b.ReportMetric(float64(sum&1), "odd")
	})
}

func BenchmarkQuestions(b *testing.B) {
	ctx := context.Background()
	s := companySnapshot()
	r := s.Reader(time.Now())
	check := func(b *testing.B, err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	b.Run("list/name", func(b *testing.B) {
		for b.Loop() {
			_, err := r.Entities(ctx, query.EntityQuery{Page: query.Page{First: 50, WithTotal: true}})
			check(b, err)
		}
	})
	b.Run("list/lastLogin", func(b *testing.B) {
		for b.Loop() {
			_, err := r.Entities(ctx, query.EntityQuery{OrderBy: []query.Order{{Field: query.ByLastLogin, Desc: true}}, Page: query.Page{First: 50}})
			check(b, err)
		}
	})
	b.Run("search", func(b *testing.B) {
		for b.Loop() {
			_, err := r.Entities(ctx, query.EntityQuery{Search: "vault 99", Page: query.Page{First: 50}})
			check(b, err)
		}
	})
	b.Run("department", func(b *testing.B) {
		for b.Loop() {
			_, err := r.Entities(ctx, query.EntityQuery{Filter: &filter.Filter{Department: &filter.StringMatch{Eq: p("Department 7")}}, Page: query.Page{First: 50}})
			check(b, err)
		}
	})
	for name, f := range map[string]*filter.Filter{"all": nil, "some": {Name: &filter.StringMatch{Contains: p("7")}}} {
		b.Run("facets/"+name, func(b *testing.B) {
			_, err := r.Facets(ctx, query.FacetQuery{Filter: f, By: filter.Fields})
			check(b, err)
			b.ResetTimer()
			for b.Loop() {
				_, err := r.Facets(ctx, query.FacetQuery{Filter: f, By: filter.Fields})
				check(b, err)
			}
		})
	}
	b.Run("ranked", func(b *testing.B) {
		for b.Loop() {
			_, err := r.Ranked(ctx, query.RankQuery{
				Filter: &filter.Filter{Type: []access.EntityType{access.Resource}}, Related: &filter.Filter{Type: []access.EntityType{access.Identity}},
				Direction: filter.AccessibleBy, First: 10,
			})
			check(b, err)
		}
	})
	b.Run("chains", func(b *testing.B) {
		d, n := company(), 0
		for b.Loop() {
			n++
			_, err := r.Chains(ctx, query.ChainQuery{Pairs: []query.Pair{{From: d.AllEntities[n%20000].ID, To: d.AllEntities[24000+n%50].ID}}, MaxDepth: 12, First: 50})
			check(b, err)
		}
	})
}
