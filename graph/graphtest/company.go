package graphtest

import (
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

type builder struct{ changes []store.Change }

func (b *builder) add(c store.Change) { b.changes = append(b.changes, c) }

// Entity is a live entity of an integration.
func Entity(integration string, t access.EntityType, sourceID, sourceType, name string) *access.Entity {
	e := &access.Entity{
		Integration: integration, Project: "example-org", Type: t, SourceID: sourceID, SourceType: sourceType, Name: name,
		Status: access.StatusActive, MFA: access.Unknown, ServiceAccount: access.Unknown,
	}
	if t == access.Identity {
		e.ServiceAccount, e.ServiceAccountReason = access.ClassifyServiceAccount(sourceType, name)
	}
	e.ID = e.Key().ID()
	return e
}

func (b *builder) entity(e *access.Entity) string {
	b.add(store.Change{PutEntity: e})
	return e.ID
}

// Grant is a counting grant, or with value false one that gives nothing.
func Grant(source, target, permission, value string) store.Change {
	return store.Change{PutGrant: &access.Grant{
		Source: source, Target: target, Permission: permission, Value: value, Counts: access.ValueCounts(value),
	}}
}

func (b *builder) grant(source, target, permission string) {
	b.add(Grant(source, target, permission, "true"))
}

func (b *builder) employee(email, name, department, manager string) string {
	e := &access.Employee{
		ID: access.EmployeeID(email), WorkEmail: email, FullName: name, Department: department, ManagerEmail: manager,
		StartDate: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), Roles: []access.ProductRole{access.Reviewer},
	}
	b.add(store.Change{PutEmployee: e})
	return e.ID
}

func (b *builder) is(entity, employee string) {
	b.add(store.Change{PutMapping: &access.Mapping{
		EntityID: entity, EmployeeID: employee, Relation: access.IS, Origin: access.AutomaticMapping, Reason: "e-mail equals work e-mail", At: Now,
	}})
}

func company() []store.Change {
	b := &builder{}
	bob := b.employee("bob@example.com", "Bob Builder", "Engineering", "")
	alice := b.employee("alice@example.com", "Alice Sample", "Engineering", "bob@example.com")
	carol := b.employee("carol@example.com", "Carol Other", "Operations", "bob@example.com")
	for _, i := range []access.Integration{
		{Key: "GitHub (test)", Application: "GitHub", LastSync: Now.Add(-time.Hour), Owners: access.Owners{Primary: bob, Secondaries: []string{alice}}},
		{Key: "Loops", Application: "Home-grown", LastSync: Now.Add(-72 * time.Hour)},
	} {
		i.ID, i.Name, i.Status, i.Extraction, i.CreatedAt = access.IntegrationID(i.Key), i.Key, access.IntegrationConnected, access.FileUpload, Now.Add(-90*24*time.Hour)
		b.add(store.Change{PutApplication: &access.Application{ID: access.ApplicationID(i.Application), Name: i.Application}})
		b.add(store.Change{PutIntegration: &i})
	}
	b.github(alice, bob, carol)
	one := b.entity(Entity("Loops", access.Connection, "one", "group", "One"))
	two := b.entity(Entity("Loops", access.Connection, "two", "service_role", "Two"))
	b.grant(one, two, "member")
	b.grant(two, one, "member")
	b.grant(two, two, "manage")
	return b.changes
}

func (b *builder) github(alice, bob, carol string) {
	const in = "GitHub (test)"
	user := func(n, name, employee string, change func(*access.Entity)) string {
		e := Entity(in, access.Identity, "gh-user-"+n, "user", name)
		e.Username = name
		if change != nil {
			change(e)
		}
		id := b.entity(e)
		if employee != "" {
			b.is(id, employee)
		}
		return id
	}
	team := func(n, name string) string {
		return b.entity(Entity(in, access.Connection, "gh-team-"+n, "team", name))
	}
	repository := func(n, name string) string {
		e := Entity(in, access.Resource, "gh-repo-"+n, "repository", name)
		e.Stub = true
		return b.entity(e)
	}
	a := user("1", "alicegh", alice, func(e *access.Entity) {
		e.Email, e.FirstName, e.MFA = "alice@example.com", "Alice", access.True
		e.LastLogin, e.Factors = Now.Add(-10*24*time.Hour), []string{"sms", "webauthn"}
		e.Metadata = `{"plan":"team"}`
	})
	o := user("2", "bobgh", bob, func(e *access.Entity) { e.LastLogin = Now.Add(-100 * 24 * time.Hour) })
	c := user("3", "carolgh", carol, func(e *access.Entity) { e.MFA = access.False })
	d := user("4", "danagh", "", func(e *access.Entity) { e.Status = access.StatusSuspended })
	bot := user("5", "release-bot", "", nil)
	engineering, product, everyone := team("100", "Engineering"), team("200", "Product-Development"), team("300", "All-Contributors")
	oncall, platform := team("400", "Platform-OnCall"), team("500", "Platform")
	customer, admin, roadmap := repository("1", "customer-application"), repository("2", "admin-application"), repository("3", "roadmap-docs")
	handbook, infra, tools := repository("4", "handbook"), repository("5", "infra-live"), repository("6", "release-tools")
	for _, member := range []string{a, o, d} {
		b.grant(member, engineering, "member")
	}
	b.grant(engineering, customer, "read")
	b.grant(engineering, customer, "write")
	b.grant(engineering, admin, "read")
	b.grant(engineering, product, "member")
	b.grant(product, roadmap, "read")
	b.grant(product, everyone, "member")
	b.grant(everyone, handbook, "read")
	b.grant(o, admin, "admin")
	b.grant(o, oncall, "member")
	b.grant(oncall, platform, "member")
	b.grant(platform, infra, "write")
	b.grant(platform, admin, "read")
	b.add(Grant(o, infra, "admin", "false"))
	b.grant(c, platform, "member")
	b.grant(bot, tools, "write")
	b.add(store.Change{PutInsights: &store.EntityInsights{EntityID: c, Insights: []access.Insight{{Name: "MFA Missing", Since: Now}}}})
	b.add(store.Change{PutLabels: &store.EntityLabels{EntityID: a, Labels: []string{"pilot"}}})
	b.add(store.Change{PutOwners: &store.EntityOwners{EntityID: engineering, Owners: access.Owners{Primary: bob}}})
}
