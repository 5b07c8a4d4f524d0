package ingest_test

import (
	"fmt"
	"math/rand"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
)

// model is the import written for clarity: everything in maps, row after row.
type model struct {
	entities map[key]entity
	grants   map[[2]key]map[string]string // permission → value
}

type key struct{ project, typ, id string }

type entity struct {
	attrs map[string]string // by canonical column
	stub  bool
}

var modelAttrs = []string{"Entity Name", "Entity Source Type", "Entity Username", "Entity Status", "Entity First Name", "Entity Last Name"}

func newModel() *model {
	return &model{entities: map[key]entity{}, grants: map[[2]key]map[string]string{}}
}

func (m *model) load(rows []row, mode ingest.Mode, columns map[string]bool) {
	own := map[key]map[string]string{}
	for _, r := range rows {
		k := ownKey(r)
		if own[k] == nil {
			own[k] = map[string]string{}
		}
		for _, a := range modelAttrs {
			if r[a] != "" && columns[a] {
				own[k][a] = r[a]
			}
		}
	}
	resolve := func(k key) key {
		var found []key
		seen := map[key]bool{}
		for c := range own {
			seen[c] = true
		}
		for c := range m.entities {
			seen[c] = true
		}
		for c := range seen {
			if c == k {
				return k
			}
			if c.typ == k.typ && c.id == k.id {
				found = append(found, c)
			}
		}
		if len(found) == 1 {
			return found[0]
		}
		return k
	}
	mentions := map[key]map[string]string{}
	grants := map[[2]key]map[string]string{}
	for _, r := range rows {
		if r[long("t:Name")] == "" {
			continue
		}
		k := resolve(key{r["Project"], strings.ToUpper(r[long("t:Entity Type")]), r[long("t:Source ID")]})
		mentions[k] = map[string]string{"Entity Name": r[long("t:Name")], "Entity Source Type": r[long("t:Source Type")]}
		pair := [2]key{ownKey(r), k}
		if grants[pair] == nil {
			grants[pair] = map[string]string{}
		}
		p, v := r[long("t:Permission Name")], r[long("t:Permission Value")]
		if p == "" {
			p = map[bool]string{true: "member", false: "access"}[k.typ == "CONNECTION"]
		}
		if v == "" {
			v = "true"
		}
		grants[pair][p] = v
	}
	entities := map[key]entity{}
	if mode == ingest.Merge {
		for k, e := range m.entities {
			entities[k] = e
		}
		for pair, ps := range m.grants {
			for p, v := range ps {
				if grants[pair] == nil {
					grants[pair] = map[string]string{}
				}
				if _, ok := grants[pair][p]; !ok {
					grants[pair][p] = v
				}
			}
		}
	}
	for k, said := range own {
		e := entity{attrs: map[string]string{}}
		for a, v := range m.entities[k].attrs {
			e.attrs[a] = v
		}
		for _, a := range modelAttrs {
			if said[a] != "" || (mode == ingest.Snapshot && columns[a]) {
				e.attrs[a] = said[a]
			}
		}
		entities[k] = e
	}
	for k, said := range mentions {
		if own[k] != nil {
			continue
		}
		old, known := m.entities[k]
		if known && !old.stub {
			entities[k] = old
			continue
		}
		entities[k] = entity{attrs: said, stub: true}
	}
	m.entities, m.grants = entities, grants
}

func ownKey(r row) key {
	return key{r["Project"], strings.ToUpper(r["Entity Type"]), r["Entity Source ID"]}
}

func (m *model) state() (entities, grants []string) {
	name := func(k key) string { return strings.Join([]string{"Main", k.project, k.typ, k.id}, "/") }
	for k, e := range m.entities {
		svc, why := access.Unknown, ""
		if k.typ == "IDENTITY" {
			svc, why = access.ClassifyServiceAccount(e.attrs["Entity Source Type"], e.attrs["Entity Name"])
		}
		status := strings.ToUpper(e.attrs["Entity Status"])
		if status == "" {
			status = "UNKNOWN"
		}
		entities = append(entities, fmt.Sprintf("%s name=%s type=%s user=%s mail= first=%s last=%s status=%s login= pw= act= mfa=UNKNOWN sa=UNKNOWN adm=UNKNOWN ext=UNKNOWN lock=UNKNOWN svc=%s(%s) f=[] m= stub=%v",
			name(k), e.attrs["Entity Name"], e.attrs["Entity Source Type"], e.attrs["Entity Username"], e.attrs["Entity First Name"], e.attrs["Entity Last Name"], status, svc, why, e.stub))
	}
	for pair, ps := range m.grants {
		for p, v := range ps {
			grants = append(grants, fmt.Sprintf("%s -> %s %s=%s counts=%v project=%s used= m=", name(pair[0]), name(pair[1]), p, v, v != "false", pair[0].project))
		}
	}
	sort.Strings(entities)
	sort.Strings(grants)
	return entities, grants
}

// randomRows are rows over few ids, so that repetitions, conflicts, stubs, self-loops,
// cycles and targets in other projects occur all the time.
func randomRows(r *rand.Rand, n int) []row {
	pick := func(list ...string) string { return list[r.Intn(len(list))] }
	projects := []string{"", "A", "B", "C"}[:1+r.Intn(4)]
	rows := make([]row, n)
	for i := range rows {
		rows[i] = row{}.with("Project", pick(projects...), "Name", pick("n1", "n2", "deploy-bot"), "Type", pick("identity", "connection", "CONNECTION", "resource"),
			"Source Type", pick("user", "group", "bot"), "Source ID", pick("1", "2", "3", "4", "5", "6", "é"), "Username", pick("", "u", "v"), "Status", pick("", "active", "Suspended"),
			"First Name", pick("", "F", "G"), "Last Name", pick("", "L"))
		if r.Intn(8) == 0 {
			continue
		}
		rows[i] = rows[i].with("t:Name", pick("n1", "n2"), "t:Source ID", pick("1", "2", "3", "4", "5", "6", "7", "8", "é"), "t:Entity Type", pick("connection", "resource", "identity"),
			"t:Source Type", pick("group", "db"), "t:Permission Name", pick("", "member", "read"), "t:Permission Value", pick("", "true", "false"))
	}
	return rows
}

// TestAgainstModel imports sequences of random files and compares every state and every
// count with the naive model.
func TestAgainstModel(t *testing.T) {
	seeds := 60
	if testing.Short() {
		seeds = 20
	}
	for seed := range seeds {
		r := rand.New(rand.NewSource(int64(seed)))
		w, m := newWorld(t), newModel()
		for step := range 3 {
			rows := randomRows(r, 1+r.Intn(40))
			names, columns := []string{}, map[string]bool{}
			for i, c := range ingest.EntitlementColumns[:19] {
				if i >= 13 && step > 0 && r.Intn(3) == 0 {
					continue // an optional column that this file lacks
				}
				names = append(names, c.Name)
				columns[c.Name] = true
			}
			o := options()
			if r.Intn(3) == 0 {
				o.Mode = ingest.Merge
			}
			o.MemoryLimit = 4 << 20
			eBefore, gBefore := m.state()
			mode, _ := ingest.ParseMode(string(o.Mode))
			m.load(rows, mode, columns)
			rep := w.load(fileWith(names, rows...), o)
			entities, grants := w.state()
			wantE, wantG := m.state()
			require.Equal(t, wantE, entities, "seed %d step %d", seed, step)
			require.Equal(t, wantG, grants, "seed %d step %d", seed, step)
			require.Equal(t, counts(eBefore, wantE), rep.Entities, "seed %d step %d", seed, step)
			require.Equal(t, counts(gBefore, wantG), rep.Grants, "seed %d step %d", seed, step)

			again := w.load(fileWith(names, rows...), o)
			require.Equal(t, ingest.Counts{Unchanged: int64(len(wantE))}, again.Entities, "seed %d step %d: re-import", seed, step)
			require.Equal(t, ingest.Counts{Unchanged: int64(len(wantG))}, again.Grants, "seed %d step %d: re-import", seed, step)
		}
	}
}

// counts compares two states, whose lines start with the key.
func counts(before, after []string) ingest.Counts {
	id := func(s string) string {
		if strings.Contains(s, " -> ") {
			return s[:strings.LastIndex(s[:strings.Index(s, " counts=")], "=")]
		}
		return s[:strings.Index(s, " name=")]
	}
	old := map[string]string{}
	for _, s := range before {
		old[id(s)] = s
	}
	var c ingest.Counts
	for _, s := range after {
		was, ok := old[id(s)]
		switch delete(old, id(s)); {
		case !ok:
			c.Added++
		case was == s:
			c.Unchanged++
		default:
			c.Updated++
		}
	}
	c.Removed = int64(len(old))
	return c
}

// TestOrderOfRowsDoesNotMatter: without conflicting rows, any order gives the same state.
func TestOrderOfRowsDoesNotMatter(t *testing.T) {
	for seed := range 20 {
		r := rand.New(rand.NewSource(int64(seed)))
		rows := randomRows(r, 40)
		for _, x := range rows {
			delete(x, "Entity Username")
			x["Entity Name"], x["Entity Source Type"] = "n"+x["Entity Source ID"], "t"
			x["Entity Status"], x["Entity First Name"], x["Entity Last Name"] = "active", "F", "L"
			if x[long("t:Name")] != "" {
				x[long("t:Name")], x[long("t:Source Type")] = "n"+x[long("t:Source ID")], "t"
				x[long("t:Permission Value")] = "true"
			}
		}
		a, b := newWorld(t), newWorld(t)
		a.load(file(rows...), options())
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		b.load(file(rows...), options())
		ea, ga := a.state()
		eb, gb := b.state()
		require.Equal(t, ea, eb, "seed %d", seed)
		require.Equal(t, ga, gb, "seed %d", seed)
	}
}
