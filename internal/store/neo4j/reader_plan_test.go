package neo4j

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/cypher/compile"
	"github.com/accessgraph/accessgraph/cypher/queries"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query/querytest"
	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

// company is a regular world of some thousand entities: nested groups, a few cycles.
func company(identities int) *querytest.World {
	r := rand.New(rand.NewPCG(1, uint64(identities))) // #nosec G404 G115 -- the same world each time
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	w := &querytest.World{Applications: []access.Application{{ID: access.ApplicationID("App"), Name: "App"}}}
	for i := range 4 {
		key := fmt.Sprintf("app %d", i)
		w.Integrations = append(w.Integrations, access.Integration{
			ID: access.IntegrationID(key), Key: key, Name: key, Application: "App", Extraction: access.FileUpload,
			Status: access.IntegrationConnected, CreatedAt: from, LastSync: from,
		})
	}
	for i := range identities / 2 {
		email := fmt.Sprintf("person%05d@example.com", i)
		w.Employees = append(w.Employees, access.Employee{
			ID: access.EmployeeID(email), WorkEmail: email, FullName: fmt.Sprintf("Person %d", i), Department: fmt.Sprintf("Department %d", i%30),
			Title: fmt.Sprintf("Title %d", i%12), StartDate: from, Roles: []access.ProductRole{access.Reviewer},
			ManagerEmail: fmt.Sprintf("person%05d@example.com", i/10),
		})
	}
	add := func(kind access.EntityType, n int, sourceTypes ...string) []string {
		ids := make([]string, n)
		for i := range ids {
			name := fmt.Sprintf("%s %05d", strings.ToLower(string(kind)), i)
			e := access.Entity{
				Integration: w.Integrations[i%4].Key, Type: kind, SourceID: name, Name: name, SourceType: sourceTypes[i%len(sourceTypes)],
				Status: access.StatusActive, FirstSeen: from, Project: fmt.Sprintf("project %d", i%5),
			}
			if kind == access.Identity {
				e.Email = fmt.Sprintf("login%05d@example.com", i)
				if i%2 == 0 {
					e.Mapping = &access.MappingRef{
						EmployeeID: w.Employees[i/2%len(w.Employees)].ID, Relation: access.IS, Origin: access.AutomaticMapping, At: from,
					}
				}
				if i%50 == 0 {
					e.Insights = []access.Insight{{Name: "MFA Missing", Since: from}}
				}
			}
			e.ID = e.Key().ID()
			ids[i] = e.ID
			w.Entities = append(w.Entities, e)
		}
		return ids
	}
	people := add(access.Identity, identities, "user")
	groups := add(access.Connection, identities/5, "group", "team", "role")
	things := add(access.Resource, identities/3, "vault", "repository", "database")
	seen := map[access.GrantKey]bool{}
	grant := func(source, target, permission string) {
		g := access.Grant{Source: source, Target: target, Permission: permission, Value: "true", Counts: true, From: from}
		if !seen[g.Key()] {
			seen[g.Key()] = true
			w.Grants = append(w.Grants, g)
		}
	}
	skewed := func(n int) int { f := r.Float64(); return int(f * f * f * float64(n)) }
	for _, p := range people {
		for range 5 {
			grant(p, groups[skewed(len(groups))], "member")
		}
		if r.IntN(4) == 0 {
			grant(p, things[r.IntN(len(things))], "read")
		}
	}
	for i, g := range groups {
		for range r.IntN(3) {
			to := i + r.IntN(len(groups)-i)
			if r.IntN(20) == 0 {
				to = r.IntN(len(groups))
			}
			grant(g, groups[to], "member")
		}
		for range r.IntN(16) {
			grant(g, things[skewed(len(things))], []string{"read", "write", "admin"}[r.IntN(3)])
		}
	}
	return w
}

// planFilters are filters whose plans are looked at; selective ones must not scan all
// entities.
var planFilters = []struct {
	name      string
	f         filter.Filter
	selective bool
}{
	{"everything", filter.Filter{}, false},
	{"name", filter.Filter{Name: eq("connection 00007")}, true},
	{"names", filter.Filter{Name: &filter.StringMatch{In: []string{"connection 00007", "resource 00001"}}}, true},
	{"name of an identity", filter.Filter{Type: []access.EntityType{access.Identity}, Name: eq("identity 00007")}, true},
	{"e-mail", filter.Filter{Email: eq("LOGIN00007@example.com")}, true},
	{"source id", filter.Filter{SourceID: eq("resource 00003")}, true},
	{"integration", filter.Filter{Integration: eq("app 1")}, false}, // a quarter of all entities: a scan is right
	{"insight", filter.Filter{Insight: eq("MFA Missing")}, true},
	{"department of identities", filter.Filter{Type: []access.EntityType{access.Identity}, Department: eq("Department 3")}, true},
	{"department", filter.Filter{Department: eq("Department 3")}, true},
	{"permission", filter.Filter{Permission: eq("admin")}, false},
	{"logic", filter.Filter{Or: []filter.Filter{{Status: []access.Status{access.StatusActive}}, {Not: &filter.Filter{Label: eq("x")}}}}, false},
	{"having, rare", having(filter.Having{Entity: &filter.Filter{Name: eq("resource 00321")}}), true},
	{"having, broad", having(filter.Having{Entity: &filter.Filter{Type: []access.EntityType{access.Resource}}, Permission: eq("admin")}), false},
	{"having, connections", having(filter.Having{Entity: &filter.Filter{Type: []access.EntityType{access.Connection}}}), false},
	{"having, anything", having(filter.Having{}), false},
	{"having, direct", having(filter.Having{Reach: filter.Direct, Entity: &filter.Filter{Name: eq("resource 00321")}}), true},
	{"having none", having(filter.Having{Entity: &filter.Filter{Name: eq("resource 00321")}, None: true}), false},
	{"having many", having(filter.Having{Entity: &filter.Filter{Type: []access.EntityType{access.Resource}}, AtLeast: number(3)}), false},
	{"accessible by", having(filter.Having{Direction: filter.AccessibleBy, Entity: &filter.Filter{Name: eq("identity 00007")}}), true},
	{"accessible by many", having(filter.Having{Direction: filter.AccessibleBy, Entity: &filter.Filter{Type: []access.EntityType{access.Identity}}, AtLeast: number(20)}), false},
	{"via", having(filter.Having{Entity: &filter.Filter{Name: eq("resource 00321")}, Via: &filter.Filter{SourceType: eq("team")}}), true},
	{"via, named", having(filter.Having{Entity: &filter.Filter{Type: []access.EntityType{access.Resource}}, Via: &filter.Filter{Name: eq("connection 00007")}, AtLeast: number(2)}), true},
	{"via, accessible by", having(filter.Having{Direction: filter.AccessibleBy, Entity: &filter.Filter{Name: eq("identity 00007")}, Via: &filter.Filter{SourceType: eq("team")}}), true},
	{"via, named, accessible by", having(filter.Having{Direction: filter.AccessibleBy, Via: &filter.Filter{Name: eq("connection 00007")}}), true},
	{"nested", having(filter.Having{Entity: &filter.Filter{Having: []filter.Having{{Direction: filter.AccessibleBy, Entity: &filter.Filter{Department: eq("Department 3")}}}}}), false},
}

func eq(s string) *filter.StringMatch { return &filter.StringMatch{Eq: &s} }

func number(n int) *int { return &n }

func having(h filter.Having) filter.Filter { return filter.Filter{Having: []filter.Having{h}} }

func TestPlans(t *testing.T) {
	server := neo4jtest.Acquire(t)
	s := openOn(t, server)
	w := company(2000)
	loadWorld(t, s, server, w)
	ctx := context.Background()
	statistics(t, s)
	var integrations []compile.Integration
	for _, i := range w.Integrations {
		integrations = append(integrations, compile.Integration{Key: i.Key, Name: i.Name, Application: i.Application})
	}
	made := func(f *filter.Filter, make func(c *compile.Compiler, d compile.Condition) compile.Statement) compile.Statement {
		c := compile.New(querytest.Now, integrations)
		return make(c, c.Condition(f.Tree(querytest.Now), f.IncludesRemoved()))
	}
	check := func(name string, st compile.Statement, selective bool) {
		t.Run(name, func(t *testing.T) {
			faults := profile(ctx, t, s, st, selective)
			require.Empty(t, faults, "%s", st.Text)
		})
	}
	at := &compile.Position{Values: []any{access.SortKey("connection 00100")}, ID: "e_1"}
	for i, p := range planFilters {
		check("list/"+p.name, made(&p.f, func(c *compile.Compiler, d compile.Condition) compile.Statement {
			return c.List(d, compile.ByName, compile.Window{After: at, Limit: 51, Total: true}).Answer(compile.ListRows)
		}), p.selective)
		if i%8 != 0 { // facets add nothing to the plan of a filter
			continue
		}
		check("facets/"+p.name, made(&p.f, func(c *compile.Compiler, d compile.Condition) compile.Statement {
			return c.Facets(d, filter.Fields)
		}), false) // people of other entities are found from all identities
	}
	ids := []string{w.Entities[7].ID, w.Entities[2007].ID, w.Entities[2500].ID}
	for _, direction := range []filter.Direction{filter.HasAccessTo, filter.AccessibleBy} {
		for _, q := range []compile.Effective{{}, {Direct: true}, {ThroughIdentities: true}} {
			q.Of, q.Direction, q.After, q.Limit, q.Total, q.Permission = ids, direction, at, 51, true, eq("read")
			for _, p := range planFilters[:2] {
				check(fmt.Sprintf("%s/%s/direct %t/through %t", direction, p.name, q.Direct, q.ThroughIdentities),
					made(&p.f, func(c *compile.Compiler, d compile.Condition) compile.Statement {
						q.Other = d
						return c.Effective(q).Answer(compile.EffectiveRows)
					}), true)
			}
		}
		check("ranked/"+string(direction), made(&filter.Filter{}, func(c *compile.Compiler, d compile.Condition) compile.Statement {
			return c.Ranked(d, d, direction, 10)
		}), false)
	}
	for _, through := range []bool{false, true} {
		pairs := []compile.PairOf{{From: ids[0], To: ids[2]}}
		check(fmt.Sprintf("access/through %t", through), compile.New(querytest.Now, nil).Access([]compile.SourceTargets{{Source: ids[0], Targets: ids[1:]}}, through), true)
		check(fmt.Sprintf("access to one/through %t", through), compile.New(querytest.Now, nil).Access([]compile.SourceTargets{{Source: ids[0], Targets: ids[1:2]}}, through), true)
		check(fmt.Sprintf("hops/through %t", through), compile.New(querytest.Now, nil).Hops(pairs, through), true)
	}
	check("entities", named("read_entities", map[string]any{"ids": ids}).Answer(entityRows), true)
	neighbors := map[string]any{"of": ids, "key": "", "id": "", "limit": 10, "total": true}
	for name, params := range map[string]map[string]any{
		"read_nesting": {"integration": "app 1"}, "read_people_names": {"emails": []string{"person00001@example.com"}},
		"read_integrations": nil, "read_grants_held": neighbors, "read_grants_on": neighbors, "read_ended_held": neighbors, "read_ended_on": neighbors,
	} {
		check(name, compile.Statement{Text: queries.Text(name), Params: params}, true)
	}
}

// statistics brings the planner's picture of the graph up to date, as it is in
// a database that has run for a while.
func statistics(t testing.TB, s *Store) {
	t.Helper()
	for _, text := range []string{`CALL db.awaitIndexes(60)`, `CALL db.resampleOutdatedIndexes()`, `CALL db.prepareForReplanning()`} {
		require.NoError(t, s.schemaStatement(context.Background(), text))
	}
}

// profile runs the statement and returns what is wrong with its plan.
func profile(ctx context.Context, t *testing.T, s *Store, st compile.Statement, selective bool) (faults []string) {
	t.Helper()
	require.NoError(t, s.read(ctx, func(tx driver.ManagedTransaction) error {
		result, err := tx.Run(ctx, "PROFILE "+st.Text, st.Params)
		if err != nil {
			return err
		}
		if _, err := result.Collect(ctx); err != nil { // all rows, or there is no profile
			return err
		}
		summary, err := result.Consume(ctx)
		if err != nil {
			return err
		}
		faults = planFaults(summary.Profile(), selective)
		return nil
	}))
	return faults
}

func planFaults(p driver.ProfiledPlan, selective bool) (faults []string) {
	operator, _, _ := strings.Cut(p.Operator(), "@")
	details := fmt.Sprint(p.Arguments()["Details"])
	switch {
	case strings.Contains(operator, "CartesianProduct"),
		strings.Contains(operator, "AllNodesScan"),
		strings.Contains(operator, "AllRelationshipsScan"),
		strings.HasPrefix(operator, "VarLengthExpand") && !strings.Contains(operator, "Pruning"),
		selective && strings.Contains(operator, "LabelScan") && strings.Contains(details, ":Entity"),
		selective && strings.Contains(operator, "NodeIndexScan") && strings.Contains(details, ":Entity"),
		selective && strings.HasPrefix(operator, "NodeIndexSeek") && strings.Contains(details, "nameKey >") && p.Records() > 0: // the order of lists, which selects nothing
		faults = append(faults, operator+" "+details)
	}
	for _, child := range p.Children() {
		faults = append(faults, planFaults(child, selective)...)
	}
	return faults
}

// TestPlanFaultsAreFound shows that the test of plans can fail.
func TestPlanFaultsAreFound(t *testing.T) {
	server := neo4jtest.Acquire(t)
	s := openOn(t, server)
	loadWorld(t, s, server, company(500))
	statistics(t, s)
	for text, fault := range map[string]string{
		`MATCH (n) RETURN count(n.id)`:                                        "AllNodesScan",
		`MATCH (a:Connection), (b:Resource) RETURN a.id, b.id`:                "CartesianProduct",
		`MATCH (:Connection)-[r:NESTS*0..]->(b) RETURN size(r), b`:            "VarLengthExpand(All)",
		`MATCH (e:Entity) WHERE toLower(e.name) = 'x' RETURN e`:               "NodeByLabelScan",
		`MATCH (e:Entity {id: 'e_1'})-[:NESTS*0..]->(c) RETURN DISTINCT c.id`: "",
		`MATCH (e:Entity) WHERE e.nameFold = 'x' AND e.name = 'x' RETURN e`:   "",
	} {
		faults := profile(t.Context(), t, s, compile.Statement{Text: text}, true)
		if fault == "" {
			require.Empty(t, faults, text)
			continue
		}
		require.Len(t, faults, 1, text)
		require.True(t, strings.HasPrefix(faults[0], fault), "%s: %v", text, faults)
	}
}
