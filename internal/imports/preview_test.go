package imports

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
)

func preview(t *testing.T, file string, q PreviewRequest) Preview {
	t.Helper()
	p, err := New(nil, nil).Preview(auth.WithPrincipal(t.Context(), auth.System()), strings.NewReader(file), q)
	require.NoError(t, err)
	return p
}

func (p *Preview) column(t *testing.T, name string) PreviewColumn {
	t.Helper()
	for _, c := range p.Columns {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no column %q", name)
	return PreviewColumn{}
}

const renamed = "User Name,Login ID,Kind,Group,group_id,E-Mail,Permission,Colour\n" +
	"Ann,a1,identity,Admins,g1,ann@example.com,member,red\nBob,b1,identity,Admins,g1,,member,blue\n"

func TestColumnsAreProposed(t *testing.T) {
	p := preview(t, renamed, PreviewRequest{Kind: Entitlements})
	require.Equal(t, []string{"User Name", "Login ID", "Kind", "Group", "group_id", "E-Mail", "Permission", "Colour"}, p.Header)
	require.Len(t, p.Rows, 2)
	require.Equal(t, "Group", p.Map["Entity - Has Access To Name"])
	require.Equal(t, "group_id", p.Map["Entity - Has Access To Source ID"])
	require.Equal(t, "Kind", p.Map["Entity Type"])
	require.Equal(t, "E-Mail", p.Map["Entity Email"])
	require.Equal(t, "Permission", p.Map["Entity - Has Access To Permission Name"])
	require.Equal(t, Similar, p.column(t, "Entity Type").How)
	require.Equal(t, map[string]string{"Entity Source Type": "user", "Entity - Has Access To Entity Type": "resource", "Entity - Has Access To Source Type": "resource"}, p.Defaults)
	require.Contains(t, p.Unused, "Colour")
	require.False(t, p.Ready, "a required column is still missing")
	require.NotEmpty(t, p.Problems)

	// What the caller says goes before every guess, and makes the file ready.
	p = preview(t, renamed, PreviewRequest{Kind: Entitlements,
		Map:      map[string]string{"Entity Source ID": "login id", "Entity Name": "User Name", "entity username": ""},
		Defaults: map[string]string{"Entity - Has Access To Entity Type": "connection"}})
	require.True(t, p.Ready, "%+v", p.Problems)
	require.Empty(t, p.Problems)
	require.Equal(t, Chosen, p.column(t, "Entity Source ID").How)
	require.Equal(t, "Login ID", p.column(t, "Entity Source ID").Header)
	require.Equal(t, Absent, p.column(t, "Entity Username").How)
	require.Equal(t, "connection", p.Defaults["Entity - Has Access To Entity Type"])
	require.Equal(t, []string{"Colour"}, p.Unused)
}

func TestRightNamesNeedNoMap(t *testing.T) {
	p := preview(t, "Work Email*,start_date,Full Name\nann@example.com,01/02/2020,Ann\n", PreviewRequest{Kind: Employees})
	require.True(t, p.Ready)
	require.Empty(t, p.Map)
	require.Empty(t, p.Defaults)
	require.Equal(t, Same, p.column(t, "Start Date").How)
	require.Equal(t, Absent, p.column(t, "End Date").How)
}

func TestRememberedColumns(t *testing.T) {
	p := preview(t, renamed, PreviewRequest{Kind: Entitlements, Remembered: map[string]string{"Entity Source ID": "Login ID", "Entity Metadata": "gone"}})
	require.Equal(t, Remembered, p.column(t, "Entity Source ID").How)
	require.Equal(t, "Login ID", p.Map["Entity Source ID"])
	require.NotContains(t, p.Map, "Entity Metadata")
}

func TestValuesDecideGuesses(t *testing.T) {
	p := preview(t, "Mail,Kind,Name\nnobody,tree,Ann\n", PreviewRequest{Kind: Entitlements})
	require.NotContains(t, p.Map, "Entity Email", "no value is an address")
	require.NotContains(t, p.Map, "Entity Type", "no value is a type")
	require.Equal(t, "identity", p.Defaults["Entity Type"])
}

func TestBrokenBeginnings(t *testing.T) {
	for name, c := range map[string]struct {
		file, code string
		rows       int
	}{
		"empty":          {"", "E_HEADER", 0},
		"UTF-16":         {"\xff\xfeW\x00o\x00r\x00k\x00\n", "E_ENCODING", 0},
		"too many cells": {"Work Email,Start Date\na@example.com,01/02/2020,x\n", "E_CSV", 1},
		"a stray quote":  {"Work Email,Start Date\na@example.com,\"01/02/2020\"x\n", "E_CSV", 0},
		"semicolons":     {"Work Email;Start Date\na;b\n", "E_HEADER", 1},
		"twice":          {"Work Email,work_email,Start Date\na,b,c\n", "E_HEADER", 1},
	} {
		p := preview(t, c.file, PreviewRequest{Kind: Employees})
		require.False(t, p.Ready, name)
		require.NotEmpty(t, p.Problems, name)
		require.Equal(t, c.code, p.Problems[0].Code, name)
		require.Len(t, p.Rows, c.rows, name)
	}
}

func TestACutFileIsNoFault(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("Work Email,Start Date\n")
	for range 15 {
		rows.WriteString("ann@example.com,\"01/02/2020\"\n")
	}
	whole := rows.String()
	for cut := len("Work Email,Start Date\nann"); cut < len(whole); cut++ {
		p := preview(t, whole[:cut], PreviewRequest{Kind: Employees, Partial: true})
		require.True(t, p.Ready, "%d: %+v", cut, p.Problems)
		for _, row := range p.Rows {
			require.Equal(t, []string{"ann@example.com", "01/02/2020"}, row, cut)
		}
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(whole))
	require.NoError(t, z.Close())
	require.True(t, preview(t, packed.String(), PreviewRequest{Kind: Employees}).Ready)
	p := preview(t, packed.String()[:packed.Len()-6], PreviewRequest{Kind: Employees, Partial: true})
	require.Empty(t, p.Problems)
	p = preview(t, packed.String()[:packed.Len()-6], PreviewRequest{Kind: Employees})
	require.NotEmpty(t, p.Problems)
}

func TestPreviewsAreForAdministrators(t *testing.T) {
	s := New(nil, nil)
	_, err := s.Preview(t.Context(), strings.NewReader(""), PreviewRequest{Kind: Employees})
	require.Equal(t, access.CodeUnauthenticated, access.CodeOf(err))
	ctx := auth.WithPrincipal(t.Context(), auth.System())
	_, err = s.Preview(ctx, strings.NewReader(""), PreviewRequest{Kind: "x"})
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
	_, err = s.Preview(ctx, strings.NewReader("a"), PreviewRequest{Kind: Employees, Map: map[string]string{"Colour": "a"}})
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
}
