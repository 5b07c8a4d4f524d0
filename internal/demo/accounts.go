package demo

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// account makes a person's account in an application, or nil when she has none there.
// Faults are common enough to be found in a company of 300: accounts of leavers that
// stayed active, missing and unknown MFA, accounts that no mapping finds, unused ones.
func (c *Company) account(r *rand.Rand, p *person, prefix, sourceType string) *thing {
	if c.future(p) && !chance(r, 20) {
		return nil
	}
	t := &thing{
		name: p.first + " " + p.last, kind: "identity", sourceType: sourceType, id: fmt.Sprintf("%s-%06d", prefix, p.n),
		username: p.email, email: p.email, first: p.first, last: p.last, status: "active", mfa: "true",
		password: c.daysAgo(r.IntN(400)),
	}
	t.login = c.today.Add(-time.Duration(r.IntN(14*24*60)) * time.Minute)
	switch x := r.Float64() * 100; {
	case x < 6: // unused
		t.login = c.daysAgo(120 + r.IntN(500))
	case x < 8: // never used
		t.login = time.Time{}
	}
	if !t.login.IsZero() && chance(r, 70) {
		t.activity = t.login.Add(time.Duration(r.IntN(240)) * time.Minute)
	}
	switch x := r.Float64() * 100; {
	case x < 7:
		t.mfa = "false"
	case x < 15:
		t.mfa = ""
	}
	if p.contractor && chance(r, 35) { // an address outside, so that nothing maps it
		t.username, t.email = handle(p.first)+handle(p.last), ""
	}
	if c.left(p) {
		t.login = p.end.AddDate(0, 0, -r.IntN(30))
		t.activity = time.Time{}
		switch x := r.Float64() * 100; {
		case x < 45:
			t.status = "suspended"
		case x < 60:
			t.status = "inactive"
		} // the rest was forgotten
	}
	return t
}

func (c *Company) factors(r *rand.Rand, t *thing) {
	if t.mfa != "true" {
		return
	}
	switch x := r.Float64() * 100; {
	case x < 12:
		t.factors = []string{"sms"}
	case x < 60:
		t.factors = []string{"totp", "push"}
	case x < 70:
		t.factors = []string{"sms", "totp"}
	default:
		t.factors = []string{"push", "webauthn"}
	}
}

// used is when a grant was last used: mostly lately, sometimes long ago, often unsaid.
func (c *Company) used(r *rand.Rand) time.Time {
	switch x := r.Float64() * 100; {
	case x < 40:
		return time.Time{}
	case x < 85:
		return c.today.Add(-time.Duration(r.IntN(30*24*60)) * time.Minute)
	}
	return c.daysAgo(100 + r.IntN(300))
}

func (c *Company) leadOf(r *rand.Rand, depts ...string) *person {
	dept := pick(r, depts)
	var leads []*person
	for i := range c.teams {
		if c.teams[i].dept.name == dept {
			leads = append(leads, &c.people[c.teams[i].members[0]])
		}
	}
	if len(leads) == 0 {
		return &c.people[0]
	}
	return pick(r, leads)
}

// inDept yields the people of departments; without a name, everyone.
func (c *Company) inDept(names ...string) []*person {
	var out []*person
	for i := range c.people {
		p := &c.people[i]
		ok := len(names) == 0
		for _, n := range names {
			ok = ok || p.dept.name == n
		}
		if ok {
			out = append(out, p)
		}
	}
	return out
}

// serviceAccounts of an integration; the same list every time.
func (c *Company) serviceAccounts(integration string) []*thing {
	names := map[string][]string{
		"GitHub (example-org)": {"release-bot", "dependency-bot"},
		"AWS":                  {"svc-deploy", "svc-backup", "svc-metrics"},
		"Okta":                 {"svc-scim-sync"},
		"Salesforce":           {"integration-marketing"},
		"Jira Cloud":           {"automation-bot"},
		"Finance ERP":          {"svc-bank-export"},
		"Order Portal":         {"svc-order-import", "svc-warehouse"},
	}[integration]
	r := c.random("service accounts of " + integration)
	scale := 1 + len(c.people)/2000
	var out []*thing
	for i := range scale {
		for _, n := range names {
			if i > 0 {
				n = fmt.Sprintf("%s-%d", n, i+1)
			}
			s := &thing{name: n, kind: "identity", sourceType: "service account", id: "sa-" + n, username: n, status: "active", service: true,
				login: c.today.Add(-time.Duration(r.IntN(48)) * time.Hour), password: c.daysAgo(200 + r.IntN(900))}
			s.project = map[string]string{"AWS": "prod", "GitHub (example-org)": "example-org"}[integration]
			out = append(out, s)
		}
	}
	return out
}

func connection(sourceType, name, id string) *thing {
	return &thing{name: name, kind: "connection", sourceType: sourceType, id: id}
}

func resource(sourceType, name, id string) *thing {
	return &thing{name: name, kind: "resource", sourceType: sourceType, id: id}
}

func (t *thing) in(project string) *thing {
	t.project = project
	return t
}
