// Package exportjob writes exports in the background, into files of the server that are
// kept for a while for whoever asked.
package exportjob

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/export"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/simulate"
)

// Changes is the dataset of the effective access gained and lost between two moments.
const Changes export.Dataset = "changes"

// Datasets lists what can be exported in the background.
var Datasets = []export.Dataset{export.Entities, export.Access, export.Grants, export.Employees, Changes}

// Dataset reads the name of a dataset in any case; Check refuses what there is not.
func Dataset(name string) export.Dataset { return export.Dataset(strings.ToLower(name)) }

// URL is where a server serves the file of a job.
func URL(job string) string { return "/api/v1/exports/" + job + "/file" }

// Request says what to export. It is the parameters of the job.
type Request struct {
	Dataset export.Dataset `json:"dataset"`
	Format  export.Format  `json:"format"`
	// Filter selects entities, or whose access, grants and changes; nil = all.
	Filter *filter.Filter `json:"filter,omitempty"`
	// TargetFilter is for access and changes: what is reached.
	TargetFilter *filter.Filter `json:"targetFilter,omitempty"`
	Search       string         `json:"search,omitempty"`  // as in the search box; for entities and grants
	Columns      []string       `json:"columns,omitempty"` // some of Columns, in their order here; empty = all. Not for access.
	AsOf         time.Time      `json:"asOf,omitzero"`     // for entities, access and grants
	From         time.Time      `json:"from,omitzero"`     // for changes
	To           time.Time      `json:"to,omitzero"`       // for changes
}

// Columns are the columns of a dataset.
func Columns(d export.Dataset) []string {
	if d == Changes {
		return simulate.Columns
	}
	return export.Columns(d)
}

// Check validates a request.
func (r *Request) Check() error {
	if !slices.Contains(Datasets, r.Dataset) {
		return access.Invalid("dataset", "%q cannot be exported", r.Dataset)
	}
	if _, err := export.ParseFormat(string(r.Format)); err != nil {
		return err
	}
	is := func(of ...export.Dataset) bool { return slices.Contains(of, r.Dataset) }
	for _, only := range []struct {
		field string
		given bool
		fits  bool
	}{
		{"filter", r.Filter != nil, !is(export.Employees)},
		{"targetFilter", r.TargetFilter != nil, is(export.Access, Changes)},
		{"search", r.Search != "", is(export.Entities, export.Grants)},
		{"columns", len(r.Columns) > 0, !is(export.Access)},
		{"asOf", !r.AsOf.IsZero(), is(export.Entities, export.Access, export.Grants)},
		{"from", !r.From.IsZero(), is(Changes)},
		{"to", !r.To.IsZero(), is(Changes)},
	} {
		if only.given && !only.fits {
			return access.Invalid(only.field, "is not for %s", r.Dataset)
		}
	}
	if is(Changes) && (r.From.IsZero() || r.To.IsZero() || !r.From.Before(r.To)) {
		return access.Invalid("from", "changes need from and to, the earlier moment first")
	}
	if _, err := r.chosen(); err != nil {
		return err
	}
	if err := r.Filter.Validate("filter"); err != nil {
		return err
	}
	return r.TargetFilter.Validate("targetFilter")
}

// chosen are the places of the chosen columns.
func (r *Request) chosen() ([]int, error) {
	all := Columns(r.Dataset)
	if len(r.Columns) == 0 {
		out := make([]int, len(all))
		for i := range out {
			out[i] = i
		}
		return out, nil
	}
	out := make([]int, len(r.Columns))
	for i, name := range r.Columns {
		at := slices.Index(all, name)
		if at < 0 || slices.Contains(out[:i], at) {
			return nil, access.Invalid(fmt.Sprintf("columns[%d]", i), "%q is no column of %s, or given twice; there are %s", name, r.Dataset, strings.Join(all, ", "))
		}
		out[i] = at
	}
	return out, nil
}

// name is what the file is called when it is downloaded.
func (r *Request) name(at time.Time) string {
	return fmt.Sprintf("%s-%s.%s", r.Dataset, at.UTC().Format("2006-01-02-1504"), r.Format)
}
