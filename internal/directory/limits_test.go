package directory_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/directory"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
)

// Only whoever imports sets a limit: uploads do, the command line does not.
func TestRowsAreLimitedWhereAsked(t *testing.T) {
	w := loaded(t)
	const many = 1_000_001 // more than an upload may have
	rows := "Application Integration,Identity Source ID,Employee Email,Relation\n" + strings.Repeat("Main,u-1,,\n", many)
	rep, err := w.im.Mappings(admin, source(rows), directory.ImportOptions{DryRun: true})
	require.NoError(t, err)
	require.EqualValues(t, many, rep.Rows)

	limited := directory.ImportOptions{DryRun: true, MaxRows: 2}
	for name, ask := range map[string]func() (ingest.Report, error){
		"employees": func() (ingest.Report, error) {
			return w.im.Employees(admin, threeRows("Work Email,Start Date\n", "x@example.com,2020-01-01\n"), limited)
		},
		"mappings": func() (ingest.Report, error) {
			return w.im.Mappings(admin, threeRows("Application Integration,Identity Source ID,Employee Email,Relation\n", "Main,u-1,,\n"), limited)
		},
	} {
		rep, err := ask()
		require.ErrorIs(t, err, ingest.ErrRejected, name)
		require.Contains(t, rep.Errors[0].Message, "more than 2 rows", name)
	}
}

func threeRows(header, row string) csvfile.Source { return source(header + strings.Repeat(row, 3)) }
