package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
)

// corpus is one made-up integration as a file, and the same file a day later.
//
// People are in five groups each, groups are nested in up to two older ones (about seven
// levels), groups give a dozen permissions each and some people hold one directly. The
// demo company is not used: its groups hardly nest, so it would spare the traversals.
type corpus struct {
	people, groups, resources int
	first, second             []byte // CSV; the second differs in 1 % of the grants, and lacks none
	swept                     []byte // CSV; differs from the first in 1 % of the grants, a third of them gone
	rows, changed             int    // data rows of first; rows that differ or are new in second
	sweptChanged              int    // rows that differ, are new or are gone in swept
}

// columns are the documented ones that the corpus fills.
var columns = []string{
	"Project", "Entity Name", "Entity Type", "Entity Source Type", "Entity Source ID", "Entity Username", "Entity Email",
	"Entity - Has Access To Name", "Entity - Has Access To Source ID", "Entity - Has Access To Entity Type", "Entity - Has Access To Source Type",
	"Entity - Has Access To Permission Name", "Entity - Has Access To Permission Value", "Entity Status",
	"Entity First Name", "Entity Last Name", "Entity LastLoginTime", "Entity MfaEnabled",
}

// The places in a row.
const (
	atName       = 1
	atType       = 2
	atSourceType = 3
	atSourceID   = 4
	atTarget     = 7
	atPermission = 11
	atValue      = 12
	atStatus     = 13
)

// sourceTypes of the resources: what the medium target filter picks is one in a hundred.
const (
	mediumSourceType = "database"
	broadSourceType  = "vault"
)

// thing is an entity: the cells that describe it and, as a target, name it.
type thing struct{ cells, target []string }

func newThing(kind, sourceType, id, name string, more ...string) thing {
	t := thing{cells: make([]string, len(columns)), target: []string{name, id, kind, sourceType}}
	t.cells[atName], t.cells[atType], t.cells[atSourceType], t.cells[atSourceID], t.cells[atStatus] = name, kind, sourceType, id, "active"
	for i := 0; i < len(more); i += 2 {
		for at, column := range columns {
			if column == more[i] {
				t.cells[at] = more[i+1]
			}
		}
	}
	return t
}

// newCorpus makes the corpus of a scale (1 = 30,000 entities and about 160,000 grants);
// the same scale and seed give the same bytes.
func newCorpus(scale float64, seed uint64) *corpus {
	r := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // made-up data
	n := func(full int) int { return max(int(float64(full)*scale), 20) }
	c := &corpus{people: n(20_000), groups: n(4_000), resources: n(6_000)}
	people, groups, resources := make([]thing, c.people), make([]thing, c.groups), make([]thing, c.resources)
	for i := range people {
		user := fmt.Sprintf("user%d", i)
		people[i] = newThing("identity", "user", fmt.Sprintf("u-%06d", i), fmt.Sprintf("Person %d", i),
			"Entity Username", user, "Entity Email", user+"@example.com", "Entity First Name", "Person", "Entity Last Name", fmt.Sprint(i),
			"Entity LastLoginTime", fmt.Sprintf("2024-%02d-%02d 08:30:00 +0000 UTC", 1+r.IntN(12), 1+r.IntN(28)), "Entity MfaEnabled", []string{"true", "false"}[r.IntN(2)])
	}
	for i := range groups {
		groups[i] = newThing("connection", "group", fmt.Sprintf("g-%06d", i), fmt.Sprintf("Group %d", i))
	}
	for i := range resources {
		kind := broadSourceType
		if i%100 == 0 {
			kind = mediumSourceType
		}
		resources[i] = newThing("resource", kind, fmt.Sprintf("r-%06d", i), fmt.Sprintf("Resource %d", i))
	}

	var rows [][]string
	seen := map[string]bool{}
	grant := func(from, to thing, permission string) {
		key := from.cells[atSourceID] + " " + to.cells[atSourceID] + " " + permission
		if seen[key] {
			return
		}
		seen[key] = true
		row := append([]string(nil), from.cells...)
		copy(row[atTarget:], to.target)
		row[atPermission], row[atValue] = permission, "true"
		if r.IntN(200) == 0 { // grants that give nothing occur in real files
			row[atValue] = "false"
		}
		rows = append(rows, row)
	}
	permissions := []string{"read", "write", "admin"}
	for i, p := range people {
		for range 5 {
			grant(p, groups[(i/10+r.IntN(60)*67)%len(groups)], "member")
		}
		if r.IntN(2) == 0 {
			grant(p, resources[r.IntN(len(resources))], "read")
		}
	}
	for i, g := range groups {
		if older := i / 3; i > len(groups)/20 {
			grant(g, groups[r.IntN(older)], "member")
			if r.IntN(2) == 0 {
				grant(g, groups[r.IntN(older)], "member")
			}
		}
		for range 12 {
			grant(g, resources[r.IntN(len(resources))], permissions[r.IntN(3)])
		}
	}
	for _, t := range resources { // described, with no access of their own
		rows = append(rows, t.cells)
	}
	c.rows, c.first = len(rows), toCSV(rows)

	// A day later: half of the changes are other values, half are new grants. Nothing is
	// removed, since the plain loader could not follow that and the graphs would differ.
	grants := len(seen)
	later := append([][]string(nil), rows...)
	change := func(n int) (changed int) {
		for range max(n, 1) {
			at := r.IntN(grants) // the grants come first
			if later[at] == nil || later[at][atValue] == "conditional" {
				continue
			}
			later[at] = append([]string(nil), later[at]...)
			later[at][atValue] = "conditional"
			changed++
		}
		return changed
	}
	before := len(rows)
	add := func(n int) {
		for range max(n, 1) {
			grant(people[r.IntN(len(people))], resources[r.IntN(len(resources))], "temporary")
		}
	}
	c.changed = change(grants / 200)
	add(grants / 200)
	c.changed += len(rows) - before
	later = append(later, rows[before:]...)
	c.second = toCSV(later)

	// Another day: a third other values, a third new, a third gone.
	rows = rows[:before]
	later = append([][]string(nil), rows...)
	c.sweptChanged = change(grants / 300)
	for range max(grants/300, 1) {
		if at := r.IntN(grants); later[at] != nil && later[at][atValue] != "conditional" {
			later[at] = nil
			c.sweptChanged++
		}
	}
	add(grants / 300)
	c.sweptChanged += len(rows) - before
	later = slices.DeleteFunc(append(later, rows[before:]...), func(row []string) bool { return row == nil })
	c.swept = toCSV(later)
	return c
}

func (c *corpus) entities() int { return c.people + c.groups + c.resources }

func (c *corpus) grants() int { return c.rows - c.resources }

func toCSV(rows [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(columns) // a buffer takes everything
	_ = w.WriteAll(rows)
	return b.Bytes()
}
