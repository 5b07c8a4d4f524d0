package directory_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/directory"
	"github.com/accessgraph/accessgraph/internal/ingest"
)

// TestSamples loads the sample company, when its files stand beside the repository.
func TestSamples(t *testing.T) {
	dir := os.Getenv("ACCESSGRAPH_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	dir = filepath.Join(dir, "samples")
	if _, err := os.Stat(filepath.Join(dir, "github_nested.csv")); err != nil {
		t.Skipf("no sample files: %v (ACCESSGRAPH_SHARED names the folder above samples)", err)
	}
	w := newWorld(t)
	w.entitlements(filepath.Join(dir, "github_nested.csv"), "GitHub", "GitHub (test)")
	w.entitlements(filepath.Join(dir, "app_entitlements.csv"), "Cloud", "Cloud entitlements")

	rep, err := w.im.Employees(admin, file(t, filepath.Join(dir, "employees.csv")), directory.ImportOptions{})
	require.NoError(t, err, "%v", rep.Errors)
	require.Equal(t, &ingest.Counts{Added: 12}, rep.Employees)
	require.Empty(t, rep.Warnings)
	require.Len(t, w.mappings(), 7, "everybody but release-bot has a work e-mail")
	require.Equal(t, access.EmployeeTerminated, w.employee("dana.departed@example.com").State(start))

	rep, err = w.im.Mappings(admin, file(t, filepath.Join(dir, "identity_mapping.csv")), directory.ImportOptions{})
	require.NoError(t, err, "%v", rep.Errors)
	require.Equal(t, &ingest.Counts{Added: 1, Updated: 7}, rep.Mappings)
	require.Contains(t, w.mappings(), "gh-app-9: carol.sample OWNS MANUAL")

	rep, err = w.im.BusinessOwners(admin, file(t, filepath.Join(dir, "business_owners.csv")), directory.ImportOptions{})
	require.NoError(t, err, "%v", rep.Errors)
	require.Equal(t, &ingest.Counts{Added: 6}, rep.Owners)
}
