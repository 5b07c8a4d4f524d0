package directory

import (
	"fmt"
	"maps"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
)

// settleManagers gives every manager's e-mail the spelling of that manager's own, warns
// of managers who are nobody, and breaks cycles by dropping the edge that closes one:
// stored edges come first, by id, then the file's, by row. It may replace employees in
// people, never change them in place.
//
// Everybody has at most one manager, so the edges accepted so far are a forest and a new
// edge closes a cycle exactly when its manager's root is the employee: union-find, in
// nearly linear time.
func settleManagers(f *employeeFile, before, people roster, report *ingest.Report) {
	root := map[string]string{}
	find := func(id string) string {
		top := id
		for up, ok := root[top]; ok; up, ok = root[top] {
			top = up
		}
		for id != top {
			next := root[id]
			root[id] = top
			id = next
		}
		return top
	}
	settle := func(id string, row int64) {
		e := people[id]
		if e.ManagerEmail == "" {
			return
		}
		manager := people.byEmail(e.ManagerEmail)
		if manager == nil {
			if row > 0 {
				report.Warn(ingest.Issue{Row: row, Column: "Manager Work Email", Code: CodeUnknownManager,
					Message: fmt.Sprintf("%s is nobody's work e-mail; the manager counts once that person is added", e.ManagerEmail)})
			}
			return
		}
		if find(manager.ID) == id {
			report.Warn(ingest.Issue{Row: row, Column: "Manager Work Email", Code: ingest.CodeCycle,
				Message: fmt.Sprintf("%s reports to %s, which closes a cycle; the manager of %s is left out", e.WorkEmail, manager.WorkEmail, e.WorkEmail)})
			people[id] = withManager(e, "")
			return
		}
		root[id] = manager.ID
		if e.ManagerEmail != manager.WorkEmail {
			people[id] = withManager(e, manager.WorkEmail)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		if _, named := f.at[id]; !named || !f.has[empManagerEmail] {
			settle(id, 0)
		}
	}
	if !f.has[empManagerEmail] {
		return
	}
	for i := range f.rows {
		settle(f.rows[i].e.ID, f.rows[i].row)
	}
}

func withManager(e *access.Employee, email string) *access.Employee {
	c := *e
	c.ManagerEmail = email
	return &c
}
