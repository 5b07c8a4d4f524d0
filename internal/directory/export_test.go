package directory_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/directory"
	"github.com/accessgraph/accessgraph/internal/ingest"
)

func TestUnmappedRoundTrip(t *testing.T) {
	w := loaded(t)
	require.NoError(t, w.service.UnmapIdentities(admin, []string{identity(2)}, true))
	var b bytes.Buffer
	require.NoError(t, w.service.WriteUnmapped(as(access.RiskManager, ""), &b, ""))
	text := b.String()
	require.Equal(t, 3, strings.Count(text, "\n"), "the header, dee and the bot; not the pinned one:\n%s", text)
	rep, err := w.im.Mappings(admin, source(text), directory.ImportOptions{})
	require.NoError(t, err)
	require.Equal(t, &ingest.Counts{}, rep.Mappings, "as downloaded it changes nothing")
	filled := strings.Replace(text, "dee@elsewhere.example,,", "dee@elsewhere.example,ada@example.com,IS", 1)
	rep, err = w.im.Mappings(admin, source(filled), directory.ImportOptions{})
	require.NoError(t, err)
	require.Equal(t, &ingest.Counts{Added: 1}, rep.Mappings)
	require.Equal(t, access.CodeForbidden, access.CodeOf(w.service.WriteUnmapped(as(access.Reviewer, ""), &b, "")))
}

func TestOwnersRoundTrip(t *testing.T) {
	w := loaded(t)
	ada, cy := access.EmployeeID("ada@example.com"), access.EmployeeID("cy@example.com")
	ids := []string{entityID("north", access.Connection, "g-1"), entityID("west", access.Connection, "g-2")}
	require.NoError(t, w.service.SetBusinessOwners(admin, directory.SetBusinessOwners{EntityIDs: ids, Owners: access.Owners{Primary: cy, Secondaries: []string{ada}}}))
	var b bytes.Buffer
	require.NoError(t, w.service.WriteBusinessOwners(admin, &b, "Main"))
	require.Equal(t, 2, strings.Count(b.String(), "cy@example.com,ada@example.com"))
	rep, err := w.im.BusinessOwners(admin, source(b.String()), directory.ImportOptions{})
	require.NoError(t, err, "%v", rep.Errors)
	require.Equal(t, &ingest.Counts{Unchanged: 6}, rep.Owners)
}

func TestEmployeesRoundTrip(t *testing.T) {
	w := loaded(t)
	w.employees("Work Email,Start Date,Full Name,Title\n+x@example.com,2020-01-01,=1+1,-\n")
	var b bytes.Buffer
	require.NoError(t, w.service.WriteEmployees(admin, &b))
	for _, cell := range []string{"'=1+1", "'+x@example.com", "'-"} {
		require.Contains(t, b.String(), cell, "no spreadsheet may run it")
	}
	require.Contains(t, b.String(), `"reviewer, risk manager, administrator"`)
	version := w.version()
	rep := w.employees(b.String())
	require.Equal(t, &ingest.Counts{Unchanged: 4}, rep.Employees)
	require.Equal(t, version, w.version())
}
