package directory

import (
	"context"
	"encoding/csv"
	"io"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
	"github.com/accessgraph/accessgraph/internal/store"
)

// unescape undoes ingest.EscapeFormula, so that a downloaded file can be uploaded. White
// space at the start does not survive an import, so it need not be looked for.
func unescape(cell string) string {
	if text, ok := strings.CutPrefix(cell, "'"); ok && strings.IndexAny(text, ingest.FormulaStarts) == 0 {
		return text
	}
	return cell
}

// Text is the cell as clean text, without the escape of an export.
func (c *cells) Text(column int) string { return unescape(c.Reader.Text(column)) }

// table writes rows under the header of columns, safe for spreadsheets.
type table struct{ out *csv.Writer }

func newTable(w io.Writer, columns []csvfile.Column) (*table, error) {
	t := &table{out: csv.NewWriter(w)}
	header := make([]string, len(columns))
	for i, c := range columns {
		header[i] = c.Name
	}
	return t, t.out.Write(header)
}

func (t *table) row(cells ...string) error {
	for i := range cells {
		cells[i] = ingest.EscapeFormula(cells[i])
	}
	return t.out.Write(cells)
}

func (t *table) end() error {
	t.out.Flush()
	return t.out.Error()
}

// WriteUnmapped writes the identities that belong to nobody as an identity mapping file
// whose last two columns are to be filled. Pinned ones are left out: somebody decided
// about them. integration is a key, "" = all. It needs Risk Manager. Rows are streamed,
// by entity id; after an error w holds a part.
func (s *Service) WriteUnmapped(ctx context.Context, w io.Writer, integration string) error {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return err
	}
	return s.writeOnce(ctx, func(ctx context.Context, v store.GraphView, names map[string]string) error {
		pinned, err := pins(ctx, v)
		if err != nil {
			return err
		}
		t, err := newTable(w, mappingColumns)
		if err != nil {
			return err
		}
		for e, err := range v.Entities(ctx, integration, false) {
			if err != nil {
				return err
			}
			if e.Type != access.Identity || e.Mapping != nil || pinned[e.ID] {
				continue
			}
			if err := t.row(names[e.Integration], e.Project, e.Name, e.SourceID, e.SourceType, e.Username, e.Email, "", ""); err != nil {
				return err
			}
		}
		return t.end()
	})
}

// WriteBusinessOwners writes the connections and resources with their owners as a
// business owners file. integration is a key, "" = all. It needs Risk Manager. Rows are
// streamed, by entity id; after an error w holds a part.
func (s *Service) WriteBusinessOwners(ctx context.Context, w io.Writer, integration string) error {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return err
	}
	return s.writeOnce(ctx, func(ctx context.Context, v store.GraphView, names map[string]string) error {
		people, err := loadRoster(ctx, v)
		if err != nil {
			return err
		}
		t, err := newTable(w, ownersColumns)
		if err != nil {
			return err
		}
		const batch = 1000
		var chunk []*access.Entity
		flush := func() error {
			ids := make([]string, len(chunk))
			for i, e := range chunk {
				ids[i] = e.ID
			}
			owners, err := s.store.BusinessOwners(ctx, ids)
			if err != nil {
				return err
			}
			for i, e := range chunk {
				primary, secondaries := people.emails(owners[i])
				if err := t.row(names[e.Integration], e.Project, e.Name, strings.ToLower(string(e.Type)), e.SourceType, e.SourceID, primary, secondaries); err != nil {
					return err
				}
			}
			chunk = chunk[:0]
			return nil
		}
		for e, err := range v.Entities(ctx, integration, false) {
			if err != nil {
				return err
			}
			if e.Type == access.Identity {
				continue
			}
			if chunk = append(chunk, e); len(chunk) == batch {
				if err := flush(); err != nil {
					return err
				}
			}
		}
		if err := flush(); err != nil {
			return err
		}
		return t.end()
	})
}

// emails are the owners' work e-mails, the secondaries as one cell.
func (r roster) emails(o access.Owners) (primary, secondaries string) {
	var all []string
	for _, id := range o.Secondaries {
		if e := r[id]; e != nil {
			all = append(all, e.WorkEmail)
		}
	}
	if e := r[o.Primary]; e != nil {
		primary = e.WorkEmail
	}
	return primary, strings.Join(all, ";")
}

// WriteEmployees writes everybody as an employees file, by id. It needs Administrator.
func (s *Service) WriteEmployees(ctx context.Context, w io.Writer) error {
	if _, err := auth.Require(ctx, access.Administrator); err != nil {
		return err
	}
	return s.writeOnce(ctx, func(ctx context.Context, v store.GraphView, _ map[string]string) error {
		t, err := newTable(w, employeeColumns)
		if err != nil {
			return err
		}
		for e, err := range v.Employees(ctx) {
			if err != nil {
				return err
			}
			err = t.row(e.UserID, e.FullName, e.FirstName, e.LastName, e.WorkEmail, e.Department, e.Title, isoDate(e.StartDate), isoDate(e.EndDate),
				e.EmploymentType, e.Organization, e.Manager, e.ManagerEmail, e.SourceUserID, roleCell(e.Roles), e.MetadataVer, e.Metadata)
			if err != nil {
				return err
			}
		}
		return t.end()
	})
}

func isoDate(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	return day.Format(time.DateOnly)
}

// roleCell spells roles as the employees file does: "reviewer, risk manager".
func roleCell(roles []access.ProductRole) string {
	texts := make([]string, len(roles))
	for i, r := range roles {
		texts[i] = strings.ToLower(strings.ReplaceAll(string(r), "_", " "))
	}
	return strings.Join(texts, ", ")
}

// writeOnce streams a view out. What is written cannot be taken back, so a store that
// wants to read again gets CONFLICT for its caller to start over.
func (s *Service) writeOnce(ctx context.Context, f func(ctx context.Context, v store.GraphView, names map[string]string) error) error {
	began := false
	return s.store.ReadGraph(ctx, func(ctx context.Context, v store.GraphView) error {
		if began {
			return access.Errorf(access.CodeConflict, "the data changed while it was written out; try again")
		}
		began = true
		all, err := v.Integrations(ctx)
		if err != nil {
			return err
		}
		names := map[string]string{}
		for _, i := range all {
			names[i.Key] = i.Name
		}
		return f(ctx, v, names)
	})
}
