package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

var directoryTests = []test{
	{"directory/applications by name", func(t *testing.T, s store.Store) {
		var cs []store.Change
		for _, name := range []string{"b", "a", "B", "é", "z", "Z"} {
			cs = append(cs, store.Change{PutApplication: &access.Application{ID: access.ApplicationID(name), Name: name}})
		}
		commit(t, s, t0, cs...)
		commit(t, s, t0, cs[0])
		got, err := s.Applications(t.Context())
		require.NoError(t, err)
		var names []string
		for _, a := range got {
			names = append(names, a.Name)
			require.Equal(t, access.ApplicationID(a.Name), a.ID)
		}
		require.Equal(t, []string{"B", "Z", "a", "b", "z", "é"}, names)
		require.Equal(t, got, stateOf(t, s, "").Applications)
	}},
	{"directory/integrations by folded name, then key", func(t *testing.T, s store.Store) {
		var cs []store.Change
		for k, name := range map[string]string{"1": "beta", "2": "Alpha", "3": "ÄRGER", "4": "alpha", "5": "Straße", "6": "STRASSE"} {
			c := putIntegration(k)
			c.PutIntegration.Name = name
			cs = append(cs, c)
		}
		commit(t, s, t0, cs...)
		got, err := s.Integrations(t.Context())
		require.NoError(t, err)
		var keys string
		for _, i := range got {
			keys += i.Key
		}
		require.Equal(t, "241563", keys)
		byKey := stateOf(t, s, "").Integrations
		require.True(t, slices.IsSortedFunc(byKey, func(a, b access.Integration) int { return strings.Compare(a.Key, b.Key) }))
	}},
	{"directory/employees by id", func(t *testing.T, s store.Store) {
		a, b := employee("a@example.com", "A"), employee("b@example.com", "B")
		commit(t, s, t0, putEmployee(a), putEmployee(b))
		got, err := s.EmployeesByID(t.Context(), []string{b.ID, "p_nobody", a.ID, b.ID})
		require.NoError(t, err)
		require.Equal(t, []*access.Employee{b, nil, a, b}, got)
		got, err = s.EmployeesByID(t.Context(), nil)
		require.NoError(t, err)
		require.Empty(t, got)
	}},
	{"directory/employees: order and pages", func(t *testing.T, s store.Store) {
		names := []string{"Zoë", "adam", "Adam", "ADAM", "Émile", "émile", "Bo", "Åsa", "", "Straße", "Strasse", "李", "bo"}
		var cs []store.Change
		var want []string
		for i, name := range names {
			e := employee(fmt.Sprintf("e%02d@example.com", i), name)
			cs = append(cs, putEmployee(e))
			want = append(want, access.SortKey(name)+" "+e.ID)
		}
		slices.Sort(want)
		commit(t, s, t0, cs...)
		for first := 1; first <= len(names)+1; first += 3 {
			var got []string
			q := store.EmployeeQuery{First: first, WithTotal: true}
			for {
				page, err := s.Employees(t.Context(), q)
				require.NoError(t, err)
				require.Equal(t, len(names), page.Total)
				require.Len(t, page.Cursors, len(page.Employees))
				for _, e := range page.Employees {
					got = append(got, access.SortKey(e.FullName)+" "+e.ID)
				}
				require.Equal(t, page.HasNext, len(got) < len(names))
				if !page.HasNext {
					break
				}
				require.Len(t, page.Employees, first)
				q.After = page.Cursors[len(page.Cursors)-1]
			}
			require.Equal(t, want, got, "in pages of %d", first)
		}
		page, err := s.Employees(t.Context(), store.EmployeeQuery{First: 5})
		require.NoError(t, err)
		require.Equal(t, -1, page.Total, "not asked for")
		for _, bad := range []string{"nonsense", "!!", "W10"} {
			_, err = s.Employees(t.Context(), store.EmployeeQuery{First: 5, After: bad})
			code(t, access.CodeInvalidInput, err)
		}
	}},
	{"directory/employees: a cursor outlives its employee's change of name", func(t *testing.T, s store.Store) {
		a, b, c := employee("a@x.y", "a"), employee("b@x.y", "b"), employee("c@x.y", "c")
		commit(t, s, t0, putEmployee(a), putEmployee(b), putEmployee(c))
		page, err := s.Employees(t.Context(), store.EmployeeQuery{First: 2})
		require.NoError(t, err)
		b.FullName = "zz"
		commit(t, s, t0, putEmployee(b))
		page, err = s.Employees(t.Context(), store.EmployeeQuery{First: 2, After: page.Cursors[1]})
		require.NoError(t, err)
		require.Equal(t, []*access.Employee{c, b}, page.Employees)
	}},
	{"directory/employees: search and fields", searchEmployees},
	{"directory/find entities", func(t *testing.T, s store.Store) {
		w := seed(t, s)
		twin := entity(key, access.Connection, "alice")
		other := entity("Other", access.Identity, "alice")
		commit(t, s, t0, putIntegration("Other"), putEntity(twin), putEntity(other),
			store.Change{PutLabels: &store.EntityLabels{EntityID: w.alice.ID, Labels: []string{"vip"}}},
			store.Change{PutMapping: &access.Mapping{EntityID: w.alice.ID, EmployeeID: w.ann.ID, Relation: access.IS, Origin: access.ManualMapping, At: t0}})
		got, err := s.FindEntities(t.Context(), key, "alice")
		require.NoError(t, err)
		require.Len(t, got, 2)
		require.Less(t, got[0].ID, got[1].ID)
		st := state{Entities: got}
		st.inUTC()
		all := stateOf(t, s, key)
		require.Equal(t, all.find(t, w.alice.ID), st.find(t, w.alice.ID), "with labels and mapping")
		commit(t, s, t0, store.Change{RemoveEntity: twin.ID})
		for id, n := range map[string]int{"alice": 1, "Alice": 0, "": 0, "ali": 0} {
			got, err = s.FindEntities(t.Context(), key, id)
			require.NoError(t, err)
			require.Len(t, got, n, id)
		}
		got, err = s.FindEntities(t.Context(), "nowhere", "alice")
		require.NoError(t, err)
		require.Empty(t, got)
	}},
}

func searchEmployees(t *testing.T, s store.Store) {
	today := time.Date(2026, 3, 1, 23, 30, 0, 0, time.FixedZone("", -5*3600)) // already 2 March in UTC
	people := map[string]*access.Employee{}
	var cs []store.Change
	for _, p := range []struct {
		name, department, title, manager string
		start, end                       time.Time
	}{
		{"Ann STRASSE", "R&D", "Engineer", "", civil(2020, 1, 1), time.Time{}},
		{"Bob Straße", "r&d", "Lead 100%", "ANN@example.com", civil(2020, 1, 1), civil(2026, 3, 1)},
		{"Cid", "Sales", "engineer", "ann@Example.com", civil(2020, 1, 1), civil(2026, 2, 28)},
		{"Dan_x", "", "", "bob@example.com", civil(2026, 3, 2), time.Time{}},
		{"Eve", "Ops", "", "", time.Time{}, time.Time{}},
		{"Fay", "Ops", "", "", civil(2026, 3, 1), civil(2026, 3, 1)},
	} {
		first, _, _ := strings.Cut(strings.ToLower(p.name), " ")
		e := employee(first+"@example.com", p.name)
		e.Department, e.Title, e.ManagerEmail, e.StartDate, e.EndDate = p.department, p.title, p.manager, p.start, p.end
		people[first] = e
		cs = append(cs, putEmployee(e))
	}
	commit(t, s, t0, cs...)
	for _, c := range []struct {
		q    store.EmployeeQuery
		want string
	}{
		{store.EmployeeQuery{}, "ann bob cid dan_x eve fay"},
		{store.EmployeeQuery{Search: "strasse"}, "ann bob"},
		{store.EmployeeQuery{Search: "STRAß"}, "ann bob"},
		{store.EmployeeQuery{Search: "ENGIN"}, "ann cid"},
		{store.EmployeeQuery{Search: "EXAMPLE.com"}, "ann bob cid dan_x eve fay"},
		{store.EmployeeQuery{Search: "sale"}, "cid"},
		{store.EmployeeQuery{Search: "%"}, "bob"},
		{store.EmployeeQuery{Search: "_"}, "dan_x"},
		{store.EmployeeQuery{Search: ".*"}, ""},
		{store.EmployeeQuery{Department: "R&d"}, "ann bob"},
		{store.EmployeeQuery{Title: "ENGINEER"}, "ann cid"},
		{store.EmployeeQuery{Title: "engine"}, ""},
		{store.EmployeeQuery{Manager: "Ann@example.com"}, "bob cid"},
		{store.EmployeeQuery{Manager: "ann@example.com", Department: "sales"}, "cid"},
		{store.EmployeeQuery{State: access.EmployeeActive}, "ann bob eve fay"},
		{store.EmployeeQuery{State: access.EmployeeTerminated}, "cid"},
		{store.EmployeeQuery{State: access.EmployeeFuture}, "dan_x"},
		{store.EmployeeQuery{State: access.EmployeeActive, Search: "ops"}, "eve fay"},
	} {
		c.q.Today, c.q.First, c.q.WithTotal = today, 50, true
		page, err := s.Employees(t.Context(), c.q)
		require.NoError(t, err)
		var got []string
		for _, e := range page.Employees {
			name, _, _ := strings.Cut(e.WorkEmail, "@")
			got = append(got, name)
			require.Equal(t, people[name], e)
			if c.q.State != "" {
				require.Equal(t, c.q.State, e.State(today))
			}
		}
		require.Equal(t, c.want, strings.Join(got, " "), "%+v", c.q)
		require.Equal(t, len(got), page.Total)
		require.False(t, page.HasNext)
	}
}
