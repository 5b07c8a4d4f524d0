package directory

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
	"github.com/accessgraph/accessgraph/internal/store"
)

// The columns of the business owners file, in the order of ownersColumns.
const (
	ownIntegration = iota
	ownProject
	ownName
	ownType
	ownSourceType
	ownSourceID
	ownPrimary
	ownSecondaries
)

// Name and source type are there for the reader; they decide nothing.
var ownersColumns = []csvfile.Column{
	{Name: "Application Integration", Required: true}, {Name: "Project"}, {Name: "Entity Name"}, {Name: "Entity Type"},
	{Name: "Entity Source Type"}, {Name: "Entity Source ID", Required: true},
	{Name: "Primary Owner Email", Required: true}, {Name: "Secondary Owner Emails", Required: true},
}

type ownersRow struct {
	row                            int64
	integration, project, sourceID string
	kind                           access.EntityType // "" = whichever it is
	primary                        string            // work e-mail, empty with no secondaries = remove
	secondaries                    []string
}

type ownersFile struct{ rows []ownersRow }

func (f *ownersFile) read(r *csvfile.Reader, report *ingest.Report) {
	for r.Next() {
		c := &cells{Reader: r, columns: ownersColumns, report: report, ok: true}
		row := ownersRow{
			row: r.Row(), project: c.Text(ownProject), integration: c.required(ownIntegration), sourceID: c.required(ownSourceID),
			primary: c.Text(ownPrimary),
		}
		if text := c.Text(ownType); text != "" {
			t, ok := access.ParseEntityType(text)
			if !ok || t == access.Identity {
				c.fail(ownType, ingest.CodeEnum, "%q cannot have business owners; connection and resource can", text)
			}
			row.kind = t
		}
		for _, email := range strings.Split(c.Text(ownSecondaries), ";") {
			if email = strings.TrimSpace(email); email != "" {
				row.secondaries = append(row.secondaries, email)
			}
		}
		if row.primary == "" && len(row.secondaries) > 0 {
			c.fail(ownPrimary, ingest.CodeRequired, "there are secondary owners but no primary one; leave both empty to remove the owners")
		}
		c.email(ownPrimary, row.primary)
		for _, email := range row.secondaries {
			c.email(ownSecondaries, email)
		}
		if c.ok {
			f.rows = append(f.rows, row)
		}
	}
}

func (c *cells) email(column int, text string) {
	if text == "" {
		return
	}
	if _, ok := ingest.ParseEmail(text); !ok {
		c.fail(column, ingest.CodeEmail, "%q is no e-mail address", text)
	}
}

// planOwners resolves the rows. What they want of each entity is returned for diffOwners.
func planOwners(ctx context.Context, v store.GraphView, f *ownersFile, report *ingest.Report) (*plan, []store.EntityOwners, error) {
	integrations, err := v.Integrations(ctx)
	if err != nil {
		return nil, nil, err
	}
	people, err := loadRoster(ctx, v)
	if err != nil {
		return nil, nil, err
	}
	fail := func(row int64, column int, code, message string) {
		report.Error(ingest.Issue{Row: row, Column: ownersColumns[column].Name, Code: code, Message: message})
	}
	names, p := nameIntegrations(integrations), newPlan(integrations)
	keys := make([]string, len(f.rows))
	wanted, used := map[place]bool{}, map[string]bool{}
	for i, row := range f.rows {
		key, problem := names.find(row.integration)
		if problem != "" {
			fail(row.row, ownIntegration, ingest.CodeUnknownEntity, problem)
			continue
		}
		keys[i], used[key], wanted[place{key, row.sourceID}] = key, true, true
	}
	p.only(used)
	found, err := find(ctx, v, wanted, access.Connection, access.Resource)
	if err != nil {
		return nil, nil, err
	}

	at, rows := map[string]int{}, map[string]int64{} // entity id → index in out, row
	var out []store.EntityOwners
	for i, row := range f.rows {
		id := func(column int, email string) string {
			if email == "" {
				return ""
			}
			if e := people.byEmail(email); e != nil {
				return e.ID
			}
			fail(row.row, column, ingest.CodeUnknownEmployee, fmt.Sprintf("%s is nobody's work e-mail", email))
			return ""
		}
		owners := access.Owners{Primary: id(ownPrimary, row.primary)}
		for _, email := range row.secondaries {
			owners.Secondaries = append(owners.Secondaries, id(ownSecondaries, email))
		}
		owners = tidyOwners(owners)
		if keys[i] == "" {
			continue
		}
		e, problem := found.one(place{keys[i], row.sourceID}, row.project, row.kind)
		if problem != "" {
			fail(row.row, ownSourceID, ingest.CodeUnknownEntity, problem)
			continue
		}
		if first, twice := at[e.ID]; twice {
			warnRepeated(report, row.row, ownersColumns[ownSourceID].Name, rows[e.ID], sameOwners(out[first].Owners, owners))
			out[first].Owners, rows[e.ID] = owners, row.row
			continue
		}
		at[e.ID], rows[e.ID] = len(out), row.row
		out = append(out, store.EntityOwners{EntityID: e.ID, Owners: owners})
	}
	return p, out, nil
}

// tidyOwners drops repetitions, and the primary from the secondaries.
func tidyOwners(o access.Owners) access.Owners {
	out := access.Owners{Primary: o.Primary}
	for _, id := range o.Secondaries {
		if id != "" && id != o.Primary && !slices.Contains(out.Secondaries, id) {
			out.Secondaries = append(out.Secondaries, id)
		}
	}
	return out
}

func sameOwners(a, b access.Owners) bool {
	return a.Primary == b.Primary && slices.Equal(a.Secondaries, b.Secondaries)
}

// diffOwners adds to p what differs from the owners stored.
func diffOwners(ctx context.Context, s store.Directory, wanted []store.EntityOwners, p *plan, report *ingest.Report) error {
	if report.Rejected() {
		return nil
	}
	const batch = 1000
	counts := ingest.Counts{}
	for chunk := range slices.Chunk(wanted, batch) {
		ids := make([]string, len(chunk))
		for i, w := range chunk {
			ids[i] = w.EntityID
		}
		present, err := s.BusinessOwners(ctx, ids)
		if err != nil {
			return err
		}
		for i := range chunk {
			switch old, next := present[i], chunk[i].Owners; {
			case sameOwners(old, next):
				counts.Unchanged++
				continue
			case old.Empty():
				counts.Added++
			case next.Empty():
				counts.Removed++
			default:
				counts.Updated++
			}
			p.add(store.Change{PutOwners: &chunk[i]})
			p.note("entity.owners", chunk[i].EntityID, ownersForAudit(present[i]), ownersForAudit(chunk[i].Owners))
		}
	}
	report.Owners = &counts
	return nil
}
