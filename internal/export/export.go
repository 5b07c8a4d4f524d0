// Package export writes datasets of the access graph: everything that passes the filter,
// streamed, nothing left out, as CSV that is safe to open in a spreadsheet; effective
// access also as Parquet and Arrow.
package export

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/ingest"
)

// Dataset is what can be exported.
type Dataset string

// The datasets.
const (
	Entities  Dataset = "entities"
	Access    Dataset = "access"    // one row per source and target that it reaches, effectively
	Grants    Dataset = "grants"    // as the sources report them, those with value false too
	Employees Dataset = "employees" // with the columns of an import file
)

// Datasets lists every dataset.
var Datasets = []Dataset{Entities, Access, Grants, Employees}

// ParseDataset reads the name of a dataset.
func ParseDataset(s string) (Dataset, error) {
	d := Dataset(strings.ToLower(s))
	if !slices.Contains(Datasets, d) {
		return "", access.Invalid("dataset", "%q cannot be exported; there are %s", s, list(Datasets))
	}
	return d, nil
}

// Format is a file format.
type Format string

// The formats. Every dataset is written as CSV; Arrow (IPC file) and Parquet are for access.
const (
	CSV     Format = "csv"
	Parquet Format = "parquet"
	Arrow   Format = "arrow"
)

// Formats lists every format.
var Formats = []Format{CSV, Parquet, Arrow}

// ParseFormat reads the name of a format.
func ParseFormat(s string) (Format, error) {
	if f := Format(strings.ToLower(s)); slices.Contains(Formats, f) {
		return f, nil
	}
	return "", access.Invalid("format", "%q is not available; there are csv, parquet and arrow", s)
}

func list(datasets []Dataset) string {
	names := make([]string, len(datasets))
	for i, d := range datasets {
		names[i] = string(d)
	}
	return strings.Join(names, ", ")
}

// Source yields the rows of a dataset, cells in the order of Columns. The filter (nil =
// everything) selects entities, or the sources of accesses and grants; employees take none.
type Source interface {
	Rows(ctx context.Context, d Dataset, f *filter.Filter, emit func(cells []string) error) error
}

// Options of an export.
type Options struct {
	Dataset Dataset
	Filter  *filter.Filter
	// Progress, if any, is told how many rows are written.
	Progress func(rows int64)
}

// WriteCSV writes the dataset with a header row and returns the number of data rows.
func WriteCSV(ctx context.Context, w io.Writer, src Source, o Options) (int64, error) {
	if o.Dataset == Employees && o.Filter != nil {
		return 0, access.Invalid("filter", "selects entities; employees are exported whole")
	}
	out := csv.NewWriter(w)
	if err := out.Write(Columns(o.Dataset)); err != nil {
		return 0, broken(err)
	}
	var rows int64
	safe := make([]string, len(Columns(o.Dataset)))
	err := src.Rows(ctx, o.Dataset, o.Filter, func(cells []string) error {
		if len(cells) != len(safe) {
			return access.Errorf(access.CodeInternal, "a row of %s has %d cells, not %d", o.Dataset, len(cells), len(safe))
		}
		for i, c := range cells {
			safe[i] = ingest.EscapeFormula(c)
		}
		if err := out.Write(safe); err != nil {
			return broken(err)
		}
		rows++
		if o.Progress != nil {
			o.Progress(rows)
		}
		return nil
	})
	if err != nil {
		return rows, err
	}
	out.Flush()
	return rows, broken(out.Error())
}

func broken(err error) error {
	if err == nil {
		return nil
	}
	return &access.Error{Code: access.CodeUnavailable, Path: "output", Message: fmt.Sprintf("cannot write the export: %v", err), Err: err}
}
