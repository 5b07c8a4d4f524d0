package querytest

import (
	"fmt"
	"math/rand/v2"
	"sort"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Now is the moment at which random questions are asked: late in the evening in a zone
// whose civil day is not that of UTC.
var Now = time.Date(2026, 3, 10, 22, 30, 0, 0, time.FixedZone("UTC-5", -5*3600))

var (
	someNames       = []string{"alice", "Alice", "ALICE", "böb", "Straße", "STRASSE", "ΣΊΣΥΦΟΣ", "σίσυφος", "İstanbul", "svc-deploy", "данные", "日本", "a'b\"c", "admin", "e\u0301clair", "éclair", "🔑 vault", "x_y%z", "_", "Admin team"}
	someSourceTypes = []string{"user", "User", "group", "team", "repository", "service account", "vault"}
	somePermissions = []string{"read", "write", "Admin", "admin", "member", "s3:*", "лес"}
	someValues      = []string{"true", "true", "true", "true", "false", "no", "0", "limited"}
	someProjects    = []string{"", "", "alpha", "Beta"}
	someDepartments = []string{"", "Sales", "sales", "Finance", "Entwicklung Straße"}
	someTitles      = []string{"", "Engineer", "engineer", "Analyst"}
	someTypes       = []string{"", "Full time", "Intern"}
	someFactors     = []string{"sms", "SMS", "totp", "webauthn", "carrier pigeon"}
	someLabels      = []string{"crown jewel", "Crown Jewel", "legacy"}
	someInsights    = []string{"MFA Missing", "Outlier", "privileged"}
	someMoments     = []time.Time{
		time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC), time.Date(2025, 6, 1, 0, 0, 0, 123456000, time.UTC), time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC),
	}
)

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func chance(r *rand.Rand, percent int) bool { return r.IntN(100) < percent }

// RandomWorld makes a small world in which everything odd is common: cycles,
// self-loops, diamonds, parallel and false grants, identities as targets, removed and
// returned grants, removed entities, equal names, and text that folds in odd ways.
func RandomWorld(r *rand.Rand) *World {
	w := &World{Applications: []access.Application{{ID: access.ApplicationID("GitHub"), Name: "GitHub"}, {ID: access.ApplicationID("Größe"), Name: "Größe"}}}
	for i, name := range []string{"GitHub (test)", "größe prod", "GITHUB (other)"}[:1+r.IntN(3)] {
		w.Integrations = append(w.Integrations, access.Integration{
			ID: access.IntegrationID(name + " key"), Key: name + " key", Name: name, Application: w.Applications[i%2].Name,
			Extraction: access.FileUpload, Status: access.IntegrationConnected, CreatedAt: someMoments[0], LastSync: someMoments[2],
		})
	}
	randomPeople(r, w)
	randomEntities(r, w)
	randomGrants(r, w)
	return w
}

func randomPeople(r *rand.Rand, w *World) {
	n := r.IntN(5)
	for i := range n {
		email := fmt.Sprintf("%s%d@example.com", pick(r, []string{"ann", "Bob", "çem"}), i)
		e := access.Employee{
			ID: access.EmployeeID(email), WorkEmail: email, FullName: pick(r, []string{"", "Ann Example", "Bøb"}),
			Department: pick(r, someDepartments), Title: pick(r, someTitles), EmploymentType: pick(r, someTypes),
			StartDate: pick(r, []time.Time{time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 11, 0, 0, 0, 0, time.UTC)}),
			EndDate:   pick(r, []time.Time{{}, {}, time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC)}),
			Roles:     []access.ProductRole{access.Reviewer},
		}
		if len(w.Employees) > 0 && chance(r, 60) {
			m := pick(r, w.Employees).WorkEmail
			if chance(r, 30) {
				m = access.Fold(m)
			}
			e.ManagerEmail = m
		} else if chance(r, 20) {
			e.ManagerEmail = "Gone@example.com"
		}
		w.Employees = append(w.Employees, e)
	}
}

func randomEntities(r *rand.Rand, w *World) {
	n := r.IntN(19)
	seen := map[string]bool{}
	for i := range n {
		e := access.Entity{
			Integration: pick(r, w.Integrations).Key, Project: pick(r, someProjects),
			Type:     pick(r, []access.EntityType{access.Identity, access.Identity, access.Connection, access.Connection, access.Connection, access.Resource}),
			SourceID: fmt.Sprintf("id-%c%d", pick(r, []rune("aBß")), i/2), SourceType: pick(r, someSourceTypes), Name: access.Clean(pick(r, someNames)),
			Status: pick(r, access.Statuses), MFA: pick(r, access.Tristates), SuperAdmin: pick(r, access.Tristates),
			Administrative: pick(r, access.Tristates), External: pick(r, access.Tristates), Locked: pick(r, access.Tristates),
			ServiceAccount: pick(r, access.Tristates), FirstSeen: someMoments[0], Stub: chance(r, 20),
		}
		e.ID = e.Key().ID()
		if seen[e.ID] {
			continue
		}
		seen[e.ID] = true
		if chance(r, 50) {
			e.Username = pick(r, []string{"Alice", "alice", "bob.B"})
			e.Email = pick(r, []string{"", "A@Example.com", "a@example.com"})
			e.FirstName, e.LastName = "Ann", "Example"
			e.Metadata = `{"k":"v"}`
		}
		randomTimes(r, &e)
		if chance(r, 40) {
			e.Factors = subset(r, someFactors)
		}
		if chance(r, 30) {
			e.Labels = subset(r, someLabels)
		}
		if chance(r, 30) {
			for _, name := range subset(r, someInsights) {
				e.Insights = append(e.Insights, access.Insight{Name: name, Since: someMoments[1], Evidence: "why"})
			}
		}
		if chance(r, 10) {
			e.RemovedAt = someMoments[2]
		}
		if len(w.Employees) > 0 && e.Type == access.Identity && chance(r, 70) {
			e.Mapping = &access.MappingRef{
				EmployeeID: pick(r, w.Employees).ID, Relation: pick(r, []access.MappingRelation{access.IS, access.IS, access.OWNS}),
				Origin: pick(r, []access.MappingOrigin{access.ManualMapping, access.AutomaticMapping}), Reason: "test", At: someMoments[1],
			}
		}
		w.Entities = append(w.Entities, e)
	}
}

func randomTimes(r *rand.Rand, e *access.Entity) {
	ago := func(days int, extra time.Duration) time.Time {
		return Now.UTC().Add(-time.Duration(days)*24*time.Hour + extra).Truncate(time.Microsecond)
	}
	moments := []time.Time{{}, {}, ago(30, 0), ago(30, time.Microsecond), ago(30, -time.Microsecond), ago(90, 0), ago(0, time.Hour)}
	e.LastLogin, e.LatestActivity, e.LastPasswordChanged = pick(r, moments), pick(r, moments), pick(r, moments)
}

func subset(r *rand.Rand, from []string) []string {
	var out []string
	for _, s := range from {
		if chance(r, 40) {
			out = append(out, s)
		}
	}
	sort.Strings(out)
	return out
}

// randomGrants keeps the number of connections that lead to one another small enough for
// trying all chains.
func randomGrants(r *rand.Rand, w *World) {
	if len(w.Entities) == 0 {
		return
	}
	var sources, targets []access.Entity
	for _, e := range w.Entities {
		if e.Type != access.Resource {
			sources = append(sources, e)
		}
		if e.Type != access.Identity || chance(r, 20) {
			targets = append(targets, e)
		}
	}
	if len(sources) == 0 || len(targets) == 0 {
		return
	}
	seen := map[access.GrantKey]bool{}
	for range r.IntN(5 * len(w.Entities)) {
		s, t := pick(r, sources), pick(r, targets)
		if s.Type == access.Connection && t.Type == access.Connection && chance(r, 30) {
			t = s
		}
		g := access.Grant{
			Source: s.ID, Target: t.ID, Permission: pick(r, somePermissions), Value: pick(r, someValues), Project: s.Project, From: someMoments[0],
		}
		if chance(r, 10) {
			g.Scope = "scope-1"
		}
		if chance(r, 20) {
			g.LastUsed, g.Metadata = someMoments[1], `{"n":1}`
		}
		g.Counts = access.ValueCounts(g.Value)
		if seen[g.Key()] {
			continue
		}
		seen[g.Key()] = true
		w.Grants = append(w.Grants, lives(r, g, s.Removed() || t.Removed())...)
	}
}

// lives gives a grant its history: still held, ended, changed in value, or ended and returned.
func lives(r *rand.Rand, g access.Grant, ends bool) []access.Grant {
	ended, back := g, g
	ended.To = someMoments[1]
	switch n := r.IntN(10); {
	case n == 0 && !ends: // returned later
		back.From = someMoments[2]
		return []access.Grant{ended, back}
	case n == 1: // the value changed
		back.From = someMoments[1]
		back.Value = map[bool]string{true: "false", false: "true"}[g.Value == "true"]
		back.Counts = access.ValueCounts(back.Value)
		if ends {
			back.To = someMoments[2]
		}
		return []access.Grant{ended, back}
	case n == 2:
		return []access.Grant{ended}
	}
	if ends {
		g.To = someMoments[2]
	}
	return []access.Grant{g}
}
