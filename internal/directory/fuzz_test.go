package directory

import (
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
)

// FuzzFiles: no input panics, and rows that pass are what the rest may rely on.
func FuzzFiles(f *testing.F) {
	for _, name := range []string{"testdata/employees.csv", "testdata/entitlements.csv"} {
		raw, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(raw)
	}
	f.Add([]byte("Work Email,Start Date,End Date,Roles,Metadata Version,Metadata\n'+a@b,1/2/2020,2020-13-01,\",,king\",v1,\"{\"\"location\"\":{}}\"\n"))
	f.Add([]byte("Application Integration,Identity Source ID,Employee Email,Relation\na,b,c@d,is\n"))
	f.Add([]byte("Application Integration,Entity Source ID,Primary Owner Email,Secondary Owner Emails\na,b,c@d,;e@f; g\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		read := func(columns []csvfile.Column, read func(*csvfile.Reader, *ingest.Report)) {
			var report ingest.Report
			r, err := csvfile.NewReader(csvfile.FromBytes("f", in), csvfile.Options{Columns: columns, MaxRow: 1 << 12}, &report)
			if err != nil {
				return
			}
			defer r.Close()
			read(r, &report)
		}
		var people employeeFile
		read(employeeColumns, people.read)
		for i, row := range people.rows {
			require.Equal(t, i, people.at[row.e.ID])
			require.Equal(t, access.EmployeeID(row.e.WorkEmail), row.e.ID)
			require.False(t, row.e.StartDate.IsZero())
			require.True(t, slices.Equal(row.e.Roles, sortRoles(row.e.Roles)))
			require.True(t, row.e.Metadata == "" || row.e.MetadataVer == "v1")
			merged := people.merge(&people.rows[i], nil)
			require.NotEmpty(t, merged.FullName)
			require.NotEmpty(t, merged.Roles)
		}
		var mappings mappingFile
		read(mappingColumns, mappings.read)
		for _, row := range mappings.rows {
			require.Contains(t, []access.MappingRelation{access.IS, access.OWNS}, row.relation)
			require.NotEmpty(t, row.employee)
			require.NotEmpty(t, row.sourceID)
		}
		var owners ownersFile
		read(ownersColumns, owners.read)
		for _, row := range owners.rows {
			require.NotEqual(t, access.Identity, row.kind)
			require.True(t, row.primary != "" || len(row.secondaries) == 0)
		}
	})
}
