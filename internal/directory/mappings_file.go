package directory

import (
	"context"
	"fmt"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
	"github.com/accessgraph/accessgraph/internal/store"
)

// The columns of the identity mapping file, in the order of mappingColumns.
const (
	mapIntegration = iota
	mapProject
	mapName
	mapSourceID
	mapSourceType
	mapUsername
	mapEmail
	mapEmployee
	mapRelation
)

// Name, source type, username and e-mail are there for the reader; they decide nothing.
var mappingColumns = []csvfile.Column{
	{Name: "Application Integration", Required: true}, {Name: "Project"}, {Name: "Identity Name"},
	{Name: "Identity Source ID", Required: true}, {Name: "Identity Source Type"}, {Name: "Identity Username"},
	{Name: "Identity Email"}, {Name: "Employee Email", Required: true}, {Name: "Relation", Required: true},
}

type mappingRow struct {
	row                            int64
	integration, project, sourceID string
	employee                       string
	relation                       access.MappingRelation
}

type mappingFile struct {
	name string
	rows []mappingRow
}

func (f *mappingFile) read(r *csvfile.Reader, report *ingest.Report) {
	for r.Next() {
		c := &cells{Reader: r, columns: mappingColumns, report: report, ok: true}
		employee, relation := c.Text(mapEmployee), c.Text(mapRelation)
		if employee == "" && relation == "" {
			continue // still unmapped: the downloaded file lists them all
		}
		row := mappingRow{
			row: r.Row(), project: c.Text(mapProject),
			integration: c.required(mapIntegration), sourceID: c.required(mapSourceID), employee: c.required(mapEmployee),
		}
		if text := c.required(mapRelation); text != "" {
			var ok bool
			if row.relation, ok = access.ParseMappingRelation(text); !ok {
				c.fail(mapRelation, ingest.CodeEnum, "%q is no relation; use IS or OWNS", text)
			}
		}
		if row.employee != "" {
			if _, ok := ingest.ParseEmail(row.employee); !ok {
				c.fail(mapEmployee, ingest.CodeEmail, "%q is no e-mail address", row.employee)
			}
		}
		if c.ok {
			f.rows = append(f.rows, row)
		}
	}
}

func planMappings(ctx context.Context, v store.GraphView, f *mappingFile, at time.Time, report *ingest.Report) (*plan, error) {
	integrations, err := v.Integrations(ctx)
	if err != nil {
		return nil, err
	}
	people, err := loadRoster(ctx, v)
	if err != nil {
		return nil, err
	}
	fail := func(row int64, column int, code, message string) {
		report.Error(ingest.Issue{Row: row, Column: mappingColumns[column].Name, Code: code, Message: message})
	}
	names, p := nameIntegrations(integrations), newPlan(integrations)
	keys := make([]string, len(f.rows)) // of each row; empty = unknown
	wanted, used := map[place]bool{}, map[string]bool{}
	for i, row := range f.rows {
		key, problem := names.find(row.integration)
		if problem != "" {
			fail(row.row, mapIntegration, ingest.CodeUnknownEntity, problem)
			continue
		}
		keys[i], used[key], wanted[place{key, row.sourceID}] = key, true, true
	}
	p.only(used)
	found, err := find(ctx, v, wanted, access.Identity)
	if err != nil {
		return nil, err
	}

	last := map[string]int{}   // entity id → index of the row that decides
	var order []*access.Entity // in the order of the file
	for i, row := range f.rows {
		employee := people.byEmail(row.employee)
		if employee == nil {
			fail(row.row, mapEmployee, ingest.CodeUnknownEmployee, fmt.Sprintf("%s is nobody's work e-mail", row.employee))
		}
		if keys[i] == "" {
			continue
		}
		e, problem := found.one(place{keys[i], row.sourceID}, row.project, access.Identity)
		if problem != "" {
			fail(row.row, mapSourceID, ingest.CodeUnknownEntity, problem)
			continue
		}
		if row.relation == access.IS && serviceAccount(e) {
			report.Warn(ingest.Issue{Row: row.row, Column: "Relation", Code: CodeServiceAccount,
				Message: fmt.Sprintf("%s looks like a service account; somebody OWNS such an account rather than IS it", e.Name)})
		}
		if first, twice := last[e.ID]; twice {
			warnRepeated(report, row.row, mappingColumns[mapSourceID].Name, f.rows[first].row,
				access.Fold(f.rows[first].employee) == access.Fold(row.employee) && f.rows[first].relation == row.relation)
		} else {
			order = append(order, e)
		}
		last[e.ID] = i
	}
	if report.Rejected() {
		return p, nil
	}
	counts := ingest.Counts{}
	for _, e := range order {
		row := f.rows[last[e.ID]]
		m := access.Mapping{
			EntityID: e.ID, EmployeeID: access.EmployeeID(row.employee), Relation: row.relation,
			Origin: access.ManualMapping, Reason: "identity mapping file " + f.name, At: at,
		}
		switch {
		case e.Mapping == nil:
			counts.Added++
		case e.Mapping.EmployeeID == m.EmployeeID && e.Mapping.Relation == m.Relation && e.Mapping.Origin == m.Origin:
			counts.Unchanged++
			continue
		default:
			counts.Updated++
		}
		p.add(store.Change{PutMapping: &m})
		p.note("identity.map", e.ID, mappingBefore(e), mappingForAudit(m))
		p.advance[e.Integration] = true
	}
	report.Mappings = &counts
	return p, nil
}

func serviceAccount(e *access.Entity) bool {
	return e.ServiceAccount == access.True || access.NonHumanSourceType(e.SourceType)
}

// warnRepeated tells of a row that speaks of the same entity as an earlier one.
func warnRepeated(report *ingest.Report, row int64, column string, earlier int64, same bool) {
	if same {
		report.Warn(ingest.Issue{Row: row, Column: column, Code: ingest.CodeDuplicate, Message: fmt.Sprintf("the row repeats row %d", earlier)})
		return
	}
	report.Warn(ingest.Issue{Row: row, Column: column, Code: ingest.CodeConflict,
		Message: fmt.Sprintf("row %d says otherwise of the same entity; this row wins", earlier)})
}
