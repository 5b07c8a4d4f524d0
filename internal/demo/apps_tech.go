package demo

import (
	"fmt"
	"time"
)

// okta: the identity provider. Department groups and team groups lead to app groups,
// and those to the applications behind it.
func (c *Company) okta(w *writer) {
	r := c.random("okta")
	everyone := connection("group", "Everyone", "grp-everyone")
	admins := connection("role", "Super Administrator", "role-super-admin")
	w.grant(admins, resource("application", "Okta Admin Console", "app-okta-admin"), "administer", time.Time{})
	apps := map[string]*thing{}
	for _, a := range Apps()[1:] {
		app := resource("application", a.Integration, "app-"+handle(a.Application))
		group := connection("group", "App - "+a.Application, "grp-app-"+handle(a.Application))
		apps[a.Application] = group
		w.grant(group, app, "assigned", time.Time{})
	}
	for _, a := range []string{"Google Workspace", "Jira"} {
		w.grant(everyone, apps[a], "member", time.Time{})
	}
	groups := map[string]*thing{}
	uses := map[string][]string{
		"Engineering": {"GitHub", "AWS", "Order Portal"}, "Product": {"GitHub"}, "Sales": {"Salesforce"}, "Marketing": {"Salesforce"},
		"Customer Support": {"Salesforce", "Order Portal"}, "Finance": {"Finance ERP"}, "IT": {"GitHub", "AWS", "Finance ERP"},
	}
	for i := range departments {
		d := &departments[i]
		g := connection("group", d.name, "grp-dept-"+handle(d.name))
		groups[d.name] = g
		w.grant(g, everyone, "member", time.Time{})
		for _, a := range uses[d.name] {
			w.grant(g, apps[a], "member", time.Time{})
		}
	}
	for i := range c.teams {
		t := &c.teams[i]
		w.grant(connection("group", "Team "+t.name, fmt.Sprintf("grp-team-%04d", i)), groups[t.dept.name], "member", time.Time{})
	}
	for i := range c.people {
		p := &c.people[i]
		u := c.account(r, p, "okta", "user")
		if u == nil {
			continue
		}
		c.factors(r, u)
		if p.dept.name == "IT" && p.lead {
			u.superAdmin, u.admin = true, true
			w.grant(u, admins, "member", c.used(r))
		}
		if p.team >= 0 {
			w.grant(u, connection("group", "Team "+c.teams[p.team].name, fmt.Sprintf("grp-team-%04d", p.team)), "member", time.Time{})
		} else {
			w.grant(u, groups[p.dept.name], "member", time.Time{})
		}
		if chance(r, 1.5) { // an outlier: an app outside the department's, assigned by hand
			w.grant(u, resource("application", "Finance ERP", "app-finance-erp"), "assigned", c.used(r))
		}
	}
	for _, s := range c.serviceAccounts("Okta") {
		w.grant(s, admins, "member", time.Time{})
	}
}

// github: nested teams, repositories, a cycle between two teams, bots.
func (c *Company) github(w *writer) {
	r := c.random("github")
	org := "example-org"
	all := connection("team", "all-contributors", "gh-team-all").in(org)
	engineering := connection("team", "engineering", "gh-team-engineering").in(org)
	platform := connection("team", "platform", "gh-team-platform").in(org)
	oncall := connection("team", "platform-oncall", "gh-team-oncall").in(org)
	repo := func(name string) *thing { return resource("repository", name, "gh-repo-"+name).in(org) }
	w.grant(all, repo("handbook"), "read", time.Time{})
	w.grant(engineering, all, "member", time.Time{})
	w.grant(oncall, platform, "member", time.Time{})
	w.grant(platform, oncall, "member", time.Time{}) // the cycle
	w.grant(platform, repo("infrastructure"), "write", time.Time{})
	w.grant(platform, repo("infrastructure"), "admin=false", time.Time{})
	w.grant(oncall, repo("incident-tools"), "admin", time.Time{})
	w.grant(platform, engineering, "member", time.Time{})
	for i := range c.teams {
		t := &c.teams[i]
		if t.dept.name != "Engineering" && t.dept.name != "IT" && t.dept.name != "Product" {
			continue
		}
		name := handle(t.name)
		g := connection("team", name, "gh-team-"+name).in(org)
		w.grant(g, engineering, "member", time.Time{})
		for k := range 3 + r.IntN(4) {
			svc := repo(fmt.Sprintf("%s-service-%d", name, k+1))
			w.grant(g, svc, "read", time.Time{})
			w.grant(g, svc, "write", time.Time{})
		}
		for _, m := range t.members {
			p := &c.people[m]
			u := c.account(r, p, "gh", "user")
			if u == nil {
				continue
			}
			u.project, u.name = org, handle(p.first)+handle(p.last)
			w.grant(u, g, map[bool]string{true: "maintainer", false: "member"}[p.lead], time.Time{})
			if p.title == "Site Reliability Engineer" {
				w.grant(u, oncall, "member", time.Time{})
			}
			if chance(r, 4) { // past the team
				w.grant(u, repo("infrastructure"), "admin", c.used(r))
			}
			if p.employment == "Intern" { // the intern with too much
				w.grant(u, repo("incident-tools"), "write", c.used(r))
			}
		}
	}
	for _, s := range c.serviceAccounts("GitHub (example-org)") {
		w.grant(s, repo("release-tools"), "write", time.Time{})
		w.grant(s, engineering, "member", time.Time{})
	}
}

// aws: three accounts; groups lead to roles, roles to policies, policies to resources;
// a service account that can be assumed.
func (c *Company) aws(w *writer) {
	r := c.random("aws")
	arn := func(account, kind, name string) string {
		return fmt.Sprintf("arn:aws:iam::%s:%s/%s", account, kind, name)
	}
	deploy := c.serviceAccounts("AWS")[0]
	for _, account := range []string{"dev", "staging", "prod"} {
		admin := connection("role", "AdministratorAccess", arn(account, "role", "AdministratorAccess")).in(account)
		read := connection("role", "ReadOnly", arn(account, "role", "ReadOnly")).in(account)
		power := connection("role", "PowerUser", arn(account, "role", "PowerUser")).in(account)
		policies := map[*thing]*thing{}
		for _, role := range []*thing{admin, read, power} {
			policy := connection("policy", role.name+"Policy", arn(account, "policy", role.name)).in(account)
			policies[role] = policy
			w.grant(role, policy, "PolicyAttachment", time.Time{})
		}
		for k := range 4 + len(c.people)/40 {
			bucket := resource("storage", fmt.Sprintf("%s-data-%02d", account, k+1), fmt.Sprintf("arn:aws:s3:::%s-data-%02d", account, k+1)).in(account)
			w.grant(policies[read], bucket, "s3:GetObject", time.Time{})
			w.grant(policies[power], bucket, "s3:PutObject", time.Time{})
			w.grant(policies[admin], bucket, "s3:*", time.Time{})
		}
		sre := connection("group", "SRE", arn(account, "group", "SRE")).in(account)
		w.grant(sre, admin, "AssumeRole", time.Time{})
		w.grant(sre, deploy, "AssumeRole", time.Time{})
		developers := connection("group", "Developers", arn(account, "group", "Developers")).in(account)
		w.grant(developers, read, "AssumeRole", time.Time{})
		if account != "prod" {
			w.grant(developers, power, "AssumeRole", time.Time{})
		}
		for _, p := range c.inDept("Engineering", "IT") {
			u := c.account(r, p, "aws-"+account, "user")
			if u == nil || (account == "staging" && chance(r, 40)) {
				continue
			}
			u.project, u.name = account, handle(p.first)+"."+handle(p.last)
			if p.title == "Site Reliability Engineer" || (p.dept.name == "IT" && p.lead) {
				u.admin = true
				w.grant(u, sre, "member", time.Time{})
			} else {
				w.grant(u, developers, "member", time.Time{})
			}
			if account == "prod" && chance(r, 2) { // break-glass access that stayed
				u.admin = true
				w.grant(u, admin, "AssumeRole", c.daysAgo(150+r.IntN(200)))
			}
		}
		if account == "prod" {
			for _, s := range c.serviceAccounts("AWS") {
				w.grant(s, power, "AssumeRole", time.Time{})
			}
		}
	}
}
