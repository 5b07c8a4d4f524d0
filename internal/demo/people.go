package demo

import (
	"fmt"
	"math/rand/v2"
	"time"
)

type department struct {
	name, organization string
	share              int // of 100 employees
	titles             []string
	lead               string // title of who heads a team
}

var departments = []department{
	{"Engineering", "Technology", 34, []string{"Software Engineer", "Software Engineer", "Senior Software Engineer", "Site Reliability Engineer", "QA Engineer", "Data Engineer"}, "Engineering Manager"},
	{"Product", "Technology", 8, []string{"Product Manager", "Product Designer", "UX Researcher"}, "Group Product Manager"},
	{"Sales", "Revenue", 18, []string{"Account Executive", "Account Executive", "Sales Development Representative", "Sales Engineer"}, "Sales Manager"},
	{"Marketing", "Revenue", 8, []string{"Marketing Specialist", "Content Strategist", "Marketing Analyst"}, "Marketing Manager"},
	{"Customer Support", "Operations", 12, []string{"Support Specialist", "Support Specialist", "Support Engineer"}, "Support Manager"},
	{"Finance", "Corporate", 8, []string{"Accountant", "Accounts Payable Clerk", "Financial Analyst", "Controller"}, "Finance Manager"},
	{"IT", "Technology", 5, []string{"Systems Administrator", "IT Support Specialist", "Security Analyst"}, "IT Manager"},
	{"People", "Corporate", 4, []string{"People Partner", "Recruiter"}, "People Manager"},
	{"Legal", "Corporate", 3, []string{"Counsel", "Paralegal"}, "General Counsel"},
}

type person struct {
	n                      int
	first, last, email     string
	dept                   *department
	title, employment      string
	team                   int // index into Company.teams
	manager                int // index into Company.people, -1 for the chief
	start, end             time.Time
	lead, head, contractor bool
}

func (p *person) full() string { return p.first + " " + p.last }

// team is a manager with the people who report to her.
type team struct {
	name    string
	dept    *department
	members []int // the lead first
}

const teamSize = 8

// hire makes the chief, a head for each department, and teams under them.
func (c *Company) hire(n int) {
	r := c.random("people")
	emails := map[string]int{}
	c.add(r, emails, &departments[6], "Chief Executive Officer", -1)
	left := n - 1
	var heads []int
	for i := range departments {
		d := &departments[i]
		heads = append(heads, c.add(r, emails, d, "VP "+d.name, 0))
		c.people[heads[i]].head = true
		left--
	}
	for i := range departments {
		d := &departments[i]
		size := max(1, (n-1-len(departments))*d.share/100)
		if i == 0 { // rounding goes to the largest
			size = left
			for j := range departments[1:] {
				size -= max(1, (n-1-len(departments))*departments[j+1].share/100)
			}
		}
		for size > 0 {
			size -= c.staff(r, emails, d, heads[i], min(size, teamSize+1))
		}
	}
	c.peopleFacts(r)
}

// staff adds a team of the given size, its lead included.
func (c *Company) staff(r *rand.Rand, emails map[string]int, d *department, head, size int) int {
	t := team{dept: d, name: fmt.Sprintf("%s %s", d.name, teamNames[len(c.teams)%len(teamNames)])}
	if round := len(c.teams) / len(teamNames); round > 0 {
		t.name += fmt.Sprintf(" %d", round+1)
	}
	index := len(c.teams)
	lead := c.add(r, emails, d, d.lead, head)
	c.people[lead].lead = true
	t.members = append(t.members, lead)
	for range size - 1 {
		t.members = append(t.members, c.add(r, emails, d, pick(r, d.titles), lead))
	}
	for _, m := range t.members {
		c.people[m].team = index
	}
	c.teams = append(c.teams, t)
	return size
}

func (c *Company) add(r *rand.Rand, emails map[string]int, d *department, title string, manager int) int {
	p := person{n: len(c.people), first: pick(r, firstNames), last: pick(r, lastNames), dept: d, title: title, manager: manager, employment: "Full time", team: -1}
	local := handle(p.first) + "." + handle(p.last)
	if emails[local]++; emails[local] > 1 {
		local += fmt.Sprint(emails[local])
	}
	p.email = local + "@example.com"
	p.start = c.daysAgo(30 + r.IntN(3500))
	c.people = append(c.people, p)
	return p.n
}

// peopleFacts makes interns, contractors, joiners and leavers among those who lead nobody.
func (c *Company) peopleFacts(r *rand.Rand) {
	for i := range c.people {
		p := &c.people[i]
		if p.lead || p.head || p.manager < 0 {
			continue
		}
		switch x := r.Float64() * 100; {
		case x < 3:
			p.employment = "Intern"
			p.start = c.daysAgo(r.IntN(80))
		case x < 9:
			p.employment, p.contractor = "Contractor", true
		case x < 12:
			p.employment = "Part time"
		}
		switch x := r.Float64() * 100; {
		case x < 2: // joiner
			p.start = c.today.AddDate(0, 0, 3+r.IntN(30))
		case x < 6: // leaver
			p.end = c.daysAgo(1 + r.IntN(200))
			if p.start.After(p.end) {
				p.start = p.end.AddDate(-1, 0, 0)
			}
		}
	}
	// Someone has always just left, and someone is about to start, at any size.
	last, before := &c.people[len(c.people)-1], &c.people[len(c.people)-2]
	last.end, last.start = c.daysAgo(12), c.daysAgo(900)
	before.end, before.start = time.Time{}, c.today.AddDate(0, 0, 7)
}

func (c *Company) left(p *person) bool   { return !p.end.IsZero() && p.end.Before(c.today) }
func (c *Company) future(p *person) bool { return p.start.After(c.today) }

var teamNames = []string{
	"Atlas", "Beacon", "Cobalt", "Delta", "Ember", "Falcon", "Granite", "Harbor", "Indigo", "Juniper", "Kepler", "Lumen", "Meridian",
	"Nimbus", "Orion", "Pioneer", "Quartz", "Ridge", "Summit", "Tundra", "Umbra", "Vector", "Willow", "Zephyr",
}

var firstNames = []string{
	"Aaliyah", "Adrián", "Aiko", "Alice", "Amara", "Anders", "Anna", "Arjun", "Astrid", "Ben", "Bianca", "Björn", "Carla", "Chen", "Chloé",
	"Daniel", "Diego", "Ebru", "Elena", "Emeka", "Emily", "Erik", "Fatima", "Felix", "Freya", "George", "Grace", "Hana", "Hassan", "Ines",
	"Ivan", "Jack", "Jasmine", "João", "Julia", "Kai", "Kateryna", "Kofi", "Lars", "Laura", "Leila", "Liam", "Łukasz", "Maja", "Marco",
	"Maria", "Mateo", "Mei", "Mohammed", "Nadia", "Naoki", "Nina", "Noah", "Nora", "Olga", "Oliver", "Omar", "Paula", "Pedro", "Priya",
	"Quinn", "Rachel", "Ravi", "Rosa", "Ruth", "Samuel", "Sana", "Sébastien", "Sofia", "Søren", "Tariq", "Tereza", "Thomas", "Uma", "Valentina",
	"Victor", "Wei", "William", "Ximena", "Yara", "Yusuf", "Zoë",
}

var lastNames = []string{
	"Abbott", "Adeyemi", "Ahmed", "Almeida", "Andersson", "Bakker", "Baptiste", "Bauer", "Becker", "Bianchi", "Brown", "Castillo", "Chan",
	"Clarke", "Costa", "Cruz", "Dubois", "Eriksen", "Evans", "Fernández", "Fischer", "Fujita", "García", "Gupta", "Haddad", "Hansen",
	"Hernández", "Horvat", "Hughes", "Ito", "Ivanova", "Jansen", "Johnson", "Kaya", "Khan", "Kim", "Kowalski", "Kumar", "Larsen", "Lee",
	"Lindqvist", "López", "Martin", "Mbeki", "Meyer", "Moreau", "Müller", "Nakamura", "Nguyen", "Novák", "O'Brien", "Okafor", "Olsen",
	"Papadopoulos", "Patel", "Pereira", "Petrov", "Reyes", "Ricci", "Roberts", "Rossi", "Santos", "Sato", "Schmidt", "Silva", "Singh", "Smith",
	"Sørensen", "Suzuki", "Tanaka", "Taylor", "Torres", "Vargas", "Walker", "Wang", "Weber", "Wójcik", "Yamamoto", "Yılmaz", "Zhang",
}
