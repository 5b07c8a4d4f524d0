package demo

import (
	"fmt"
	"time"
)

// google: mail groups inside groups, shared drives, collaborators from outside.
func (c *Company) google(w *writer) {
	r := c.random("google")
	company := connection("group", "all@example.com", "gw-all")
	w.grant(company, resource("shared drive", "Company", "drive-company"), "reader", time.Time{})
	for i := range departments {
		d := &departments[i]
		g := connection("group", handle(d.name)+"@example.com", "gw-"+handle(d.name))
		w.grant(g, company, "member", time.Time{})
		w.grant(g, resource("shared drive", d.name, "drive-"+handle(d.name)), "writer", time.Time{})
	}
	for i := range c.teams {
		t := &c.teams[i]
		g := connection("group", handle(t.name)+"@example.com", fmt.Sprintf("gw-team-%04d", i))
		w.grant(g, connection("group", handle(t.dept.name)+"@example.com", "gw-"+handle(t.dept.name)), "member", time.Time{})
		w.grant(g, resource("shared drive", t.name, fmt.Sprintf("drive-team-%04d", i)), "organizer", time.Time{})
		if chance(r, 30) { // somebody outside was let in
			guest := &thing{name: fmt.Sprintf("partner%03d@partner.example.net", i), kind: "identity", sourceType: "user", id: fmt.Sprintf("gw-ext-%04d", i),
				username: fmt.Sprintf("partner%03d", i), status: "active", external: true, login: c.daysAgo(r.IntN(200))}
			w.grant(guest, resource("shared drive", t.name, fmt.Sprintf("drive-team-%04d", i)), "reader", c.used(r))
		}
	}
	for i := range c.people {
		p := &c.people[i]
		u := c.account(r, p, "gw", "user")
		if u == nil {
			continue
		}
		u.name = p.email
		g := connection("group", handle(p.dept.name)+"@example.com", "gw-"+handle(p.dept.name))
		if p.team >= 0 {
			g = connection("group", handle(c.teams[p.team].name)+"@example.com", fmt.Sprintf("gw-team-%04d", p.team))
		}
		w.grant(u, g, "member", time.Time{})
		if chance(r, 3) {
			w.grant(u, resource("shared drive", "Finance", "drive-finance"), "reader", c.used(r))
		}
	}
}

var salesObjects = []*thing{
	resource("object", "Accounts", "obj-account"), resource("object", "Opportunities", "obj-opportunity"),
	resource("object", "Leads", "obj-lead"), resource("object", "Cases", "obj-case"), resource("object", "Price Books", "obj-pricebook"),
}

// salesforce: profiles, and permission sets that add to them.
func (c *Company) salesforce(w *writer) {
	r := c.random("salesforce")
	profile := func(name string) *thing { return connection("profile", name, "profile-"+handle(name)) }
	set := func(name string) *thing { return connection("permission set", name, "ps-"+handle(name)) }
	for _, o := range salesObjects {
		w.grant(profile("Standard User"), o, "read", time.Time{})
		w.grant(profile("Sales User"), o, "read", time.Time{})
		w.grant(profile("Sales User"), o, "edit", time.Time{})
		w.grant(profile("System Administrator"), o, "modify all", time.Time{})
		w.grant(set("Export Reports"), o, "export", time.Time{})
		w.grant(set("Export Reports"), o, "delete=false", time.Time{})
	}
	for _, p := range c.inDept("Sales", "Marketing", "Customer Support") {
		u := c.account(r, p, "sf", "user")
		if u == nil {
			continue
		}
		name := "Standard User"
		if p.dept.name == "Sales" {
			name = "Sales User"
		}
		w.grant(u, profile(name), "member", time.Time{})
		if p.lead || chance(r, 5) {
			w.grant(u, set("Export Reports"), "member", c.used(r))
		}
		if p.head || chance(r, 1) {
			u.admin = true
			w.grant(u, profile("System Administrator"), "member", c.used(r))
		}
	}
	for _, s := range c.serviceAccounts("Salesforce") {
		w.grant(s, profile("System Administrator"), "member", time.Time{})
	}
}

// jira: each project has roles that groups and people hold.
func (c *Company) jira(w *writer) {
	r := c.random("jira")
	users := connection("group", "jira-users", "jira-users")
	n := 3 + len(c.teams)/3
	for k := range n {
		key := fmt.Sprintf("PRJ%d", k+1)
		board := resource("project", "Project "+key, "jira-"+key).in(key)
		developers := connection("project role", "Developers", "role-dev-"+key).in(key)
		administrators := connection("project role", "Administrators", "role-admin-"+key).in(key)
		w.alone(board) // its own row, so that grants from outside the project find it
		w.grant(users, board, "browse", time.Time{})
		w.grant(developers, board, "edit issues", time.Time{})
		w.grant(administrators, board, "administer", time.Time{})
	}
	for i := range c.people {
		p := &c.people[i]
		u := c.account(r, p, "jira", "user")
		if u == nil {
			continue
		}
		w.grant(u, users, "member", time.Time{})
		if p.team < 0 {
			continue
		}
		key := fmt.Sprintf("PRJ%d", p.team%n+1)
		if p.lead {
			w.grant(u, connection("project role", "Administrators", "role-admin-"+key), "member", time.Time{})
		} else {
			w.grant(u, connection("project role", "Developers", "role-dev-"+key), "member", time.Time{})
		}
	}
	for _, s := range c.serviceAccounts("Jira Cloud") {
		w.grant(s, users, "member", time.Time{})
	}
}

func function(name string) *thing { return resource("function", name, "fn-"+handle(name)) }

var erpFunctions = []*thing{
	function("Create Vendor"), function("Approve Payment"), function("Enter Invoice"), function("Post Journal"),
	function("Close Period"), function("Run Payroll"), function("Edit Bank Details"), function("View Reports"),
}

// erp: business roles give functions. Some people hold two that nobody should hold together.
func (c *Company) erp(w *writer) {
	r := c.random("erp")
	role := func(name string) *thing { return connection("role", name, "erp-"+handle(name)) }
	fn := func(i int) *thing { return erpFunctions[i] }
	gives := []struct {
		role      string
		functions []int
	}{
		{"AP Clerk", []int{2, 7}}, {"AP Manager", []int{1, 2, 7}}, {"Vendor Master", []int{0, 6}}, {"General Ledger", []int{3, 7}},
		{"Controller", []int{3, 4, 7}}, {"Payroll", []int{5}}, {"Report Reader", []int{7}},
	}
	for _, g := range gives {
		for _, f := range g.functions {
			w.grant(role(g.role), fn(f), "execute", time.Time{})
		}
	}
	w.grant(role("AP Manager"), role("AP Clerk"), "includes", time.Time{})
	w.grant(role("Controller"), role("General Ledger"), "includes", time.Time{})
	byTitle := map[string]string{
		"Accounts Payable Clerk": "AP Clerk", "Accountant": "General Ledger", "Financial Analyst": "Report Reader",
		"Controller": "Controller", "Finance Manager": "AP Manager", "VP Finance": "Controller",
	}
	toxic := 0
	for _, p := range c.inDept("Finance") {
		u := c.account(r, p, "erp", "user")
		if u == nil {
			continue
		}
		w.grant(u, role(byTitle[p.title]), "member", c.used(r))
		if p.title == "Accounts Payable Clerk" && chance(r, 50) {
			w.grant(u, role("Vendor Master"), "member", c.used(r))
		}
		if byTitle[p.title] == "AP Manager" && (toxic == 0 || chance(r, 25)) { // creates vendors and approves their payments
			toxic++
			w.grant(u, role("Vendor Master"), "member", c.used(r))
		}
	}
	for _, p := range c.inDept("IT") {
		if u := c.account(r, p, "erp", "user"); u != nil && p.lead {
			u.superAdmin = true
			for i := range erpFunctions {
				w.grant(u, fn(i), "execute", c.used(r))
			}
		}
	}
	for _, p := range c.inDept("People") {
		if u := c.account(r, p, "erp", "user"); u != nil && chance(r, 40) {
			w.grant(u, role("Payroll"), "member", c.used(r))
		}
	}
	for _, s := range c.serviceAccounts("Finance ERP") {
		w.grant(s, fn(6), "execute", time.Time{})
		w.grant(s, fn(1), "execute", time.Time{})
	}
}

// portal: the home-grown application. Groups in groups in groups, one of which contains
// an ancestor of its own.
func (c *Company) portal(w *writer) {
	r := c.random("portal")
	group := func(name string) *thing { return connection("group", name, "op-"+handle(name)) }
	chain := []string{"Order Viewers", "Order Editors", "Order Approvers", "Shipping", "Warehouse", "Operations Core"}
	for i, name := range chain {
		w.grant(group(name), resource("screen", name+" Screen", "screen-"+handle(name)), "open", time.Time{})
		if i > 0 { // each later group is a member of the one before it
			w.grant(group(name), group(chain[i-1]), "member", time.Time{})
		}
	}
	w.grant(group("Warehouse"), group("Operations Core"), "member", time.Time{}) // the cycle
	w.grant(group("Operations Core"), resource("database", "orders-db", "db-orders"), "write", time.Time{})
	w.grant(group("Order Viewers"), group("Order Viewers"), "invite", time.Time{}) // a group that may invite to itself
	w.alone(group("Retired Group"))
	for _, p := range c.inDept("Engineering", "Customer Support") {
		u := c.account(r, p, "op", "user")
		if u == nil || (p.dept.name == "Engineering" && chance(r, 50)) {
			continue
		}
		level := r.IntN(3)
		if p.lead {
			level = 4
		}
		w.grant(u, group(chain[level]), "member", c.used(r))
	}
	for _, s := range c.serviceAccounts("Order Portal") {
		w.grant(s, group("Operations Core"), "member", time.Time{})
	}
}
