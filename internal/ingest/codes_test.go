package ingest_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
)

// described makes the target of base a described entity, so that it gives no W_STUB.
var described = row{}.with("Name", "Team", "Type", "connection", "Source Type", "group", "Source ID", "g1")

func TestErrorsRejectTheFile(t *testing.T) {
	for name, c := range map[string]struct {
		rows []row
		want []string
	}{
		"required":           {[]row{base.with("Name", "", "Source ID", " ")}, []string{"2 Name E_REQUIRED", "2 Source ID E_REQUIRED"}},
		"type":               {[]row{base.with("Type", "person")}, []string{"2 Type E_ENUM"}},
		"type missing":       {[]row{base.with("Type", "")}, []string{"2 Type E_REQUIRED"}},
		"target type":        {[]row{base.with("t:Entity Type", "thing")}, []string{"2 t:Entity Type E_ENUM"}},
		"partial target":     {[]row{base.with("t:Name", "")}, []string{"2 t:Name E_PARTIAL_TARGET"}},
		"partial target two": {[]row{base.with("t:Source ID", "", "t:Source Type", "")}, []string{"2 t:Source ID E_PARTIAL_TARGET"}},
		"too long":           {[]row{base.with("Name", strings.Repeat("n", 3801), "t:Source ID", strings.Repeat("É", 1901), "Source Type", strings.Repeat("s", 3801))}, []string{"2 Name E_LIMIT", "2 Source Type E_LIMIT", "2 t:Source ID E_LIMIT"}},
		"all are reported":   {[]row{base.with("Name", ""), base, base.with("Type", "x")}, []string{"2 Name E_REQUIRED", "4 Type E_ENUM"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			rep, err := w.try(file(c.rows...), options())
			require.ErrorIs(t, err, ingest.ErrRejected)
			require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
			require.Equal(t, c.want, codes(rep.Errors))
			entities, grants := w.state()
			require.Empty(t, entities)
			require.Empty(t, grants)
			runs := w.runs()
			require.Len(t, runs, 1)
			require.Equal(t, ingest.RunRejected, runs[0].State)
			require.Equal(t, c.want, codes(runs[0].Report.Errors))
			v, err := w.store.Version(t.Context())
			require.NoError(t, err)
			require.Zero(t, v, "a rejected file does not touch the graph")
		})
	}
}

func TestHeaderErrorRejectsTheFile(t *testing.T) {
	w := newWorld(t)
	rep, err := w.try("Entity Name,Entity Type\na,identity\n", options())
	require.ErrorIs(t, err, ingest.ErrRejected)
	require.Len(t, rep.Errors, 6)
	for _, e := range rep.Errors {
		require.Equal(t, ingest.CodeHeader, e.Code)
	}
}

func TestWarnings(t *testing.T) {
	for name, c := range map[string]struct {
		rows []row
		want []string
	}{
		"stub once": {[]row{base, base.with("Name", "bob", "Source ID", "u2")}, []string{"2 t:Source ID W_STUB"}},
		"optional cells": {[]row{base.with("Email", "no", "Status", "odd", "LastLoginTime", "yesterday", "MfaEnabled", "maybe", "Metadata", "[1]", "t:LastUsedTime", "x", "t:Metadata", "{"), described},
			[]string{"2 Email E_EMAIL", "2 Status E_ENUM", "2 LastLoginTime E_TIME", "2 MfaEnabled E_BOOL", "2 Metadata E_JSON", "2 t:LastUsedTime E_TIME", "2 t:Metadata E_JSON", "3 t:Name W_ENTITY_ONLY"}},
		"value":          {[]row{base.with("t:Permission Value", "sometimes"), described}, []string{"2 t:Permission Value E_BOOL", "3 t:Name W_ENTITY_ONLY"}},
		"duplicate":      {[]row{base, base, described}, []string{"3  W_DUPLICATE", "4 t:Name W_ENTITY_ONLY"}},
		"entity twice":   {[]row{described, described}, []string{"2 t:Name W_ENTITY_ONLY", "3 t:Name W_ENTITY_ONLY", "3  W_DUPLICATE"}},
		"not identical":  {[]row{base, base.with("Status", "inactive"), base, described}, []string{"4  W_DUPLICATE", "5 t:Name W_ENTITY_ONLY"}},
		"value conflict": {[]row{base, base.with("t:Permission Value", "false"), described}, []string{"3 t:Permission Value W_CONFLICT", "4 t:Name W_ENTITY_ONLY"}},
		"name conflict": {[]row{base, base.with("Name", "Anna", "t:Permission Name", "p"), base.with("Name", "Anna", "Source Type", "guest", "t:Permission Name", "q"), described},
			[]string{"3 Name W_CONFLICT", "4 Source Type W_CONFLICT", "5 t:Name W_ENTITY_ONLY"}},
		"mention conflict": {[]row{base.with("t:Name", "Crew"), base.with("t:Name", "Crew", "t:Permission Name", "p"), described},
			[]string{"2 t:Name W_CONFLICT", "4 t:Name W_ENTITY_ONLY"}},
		"stub conflict": {[]row{base, base.with("t:Source Type", "team", "t:Permission Name", "p")}, []string{"2 t:Source ID W_STUB", "3 t:Source Type W_CONFLICT"}},
		"other type": {[]row{base, described, base.with("t:Entity Type", "resource")},
			[]string{"3 t:Name W_ENTITY_ONLY", "4 t:Entity Type W_CONFLICT", "4 t:Source ID W_STUB"}},
		"self": {[]row{described.with("t:Name", "Team", "t:Source ID", "g1", "t:Entity Type", "connection", "t:Source Type", "group")}, []string{"2 t:Source ID W_SELF"}},
		"cycle": {[]row{
			base, conn("g1", "g2"), conn("g2", "g3"), conn("g3", "g1"), conn("g4", "g1"), conn("g5", "g6"), conn("g6", "g5").with("t:Permission Value", "no"),
		}, []string{"3 t:Source ID W_CYCLE"}},
		"name missing":      {[]row{base.with("First Name", ""), described}, []string{"2 First Name W_MISSING_NAME", "3 t:Name W_ENTITY_ONLY"}},
		"none for machines": {[]row{base.with("First Name", "", "Source Type", "bot"), described}, []string{"3 t:Name W_ENTITY_ONLY"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			rep := w.load(file(c.rows...), options())
			require.Equal(t, c.want, codes(rep.Warnings))
			require.Empty(t, rep.Errors)
			again := w.load(file(c.rows...), options())
			require.Equal(t, c.want, codes(again.Warnings), "a re-import says the same")
			require.Zero(t, again.Entities.Added+again.Entities.Updated+again.Entities.Removed)
			require.Zero(t, again.Grants.Added+again.Grants.Updated+again.Grants.Removed)
		})
	}
}

// conn is a grant between two connections whose names agree everywhere.
func conn(from, to string) row {
	name := func(id string) string {
		if id == "g1" {
			return "Team"
		}
		return "N" + id
	}
	return row{}.with("Name", name(from), "Type", "Connection", "Source Type", "group", "Source ID", from,
		"t:Name", name(to), "t:Source ID", to, "t:Entity Type", "CONNECTION", "t:Source Type", "group")
}

func TestUsageErrorsWriteNothingAtAll(t *testing.T) {
	w := newWorld(t)
	o := options()
	o.Application = ""
	_, err := w.try(file(base), o)
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
	o.Integration = " "
	_, err = w.try(file(base), o)
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
	w.load(file(base), options())
	o = options()
	o.Application = "Other"
	_, err = w.try(file(base), o)
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
	o = options()
	o.Mode = "replace"
	_, err = w.try(file(base), o)
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
	o = options()
	o.ColumnMap = map[string]string{"Nope": "x"}
	_, err = w.try(file(base), o)
	var shown *access.Error
	require.True(t, errors.As(err, &shown))
	require.Equal(t, "map", shown.Path)
}
