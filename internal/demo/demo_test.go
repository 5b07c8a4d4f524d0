package demo

import (
	"bytes"
	"encoding/csv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var day = time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC)

func read(t *testing.T, write func(*bytes.Buffer) error) [][]string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, write(&b))
	rows, err := csv.NewReader(&b).ReadAll()
	require.NoError(t, err)
	return rows
}

func TestTheSameSeedIsTheSameCompany(t *testing.T) {
	text := func(seed uint64) string {
		c, err := New(Options{Employees: 60, Seed: seed, Today: day})
		require.NoError(t, err)
		var b bytes.Buffer
		require.NoError(t, c.Employees(&b))
		for _, a := range Apps() {
			require.NoError(t, c.Entitlements(a, &b))
		}
		require.NoError(t, c.Mappings(&b))
		require.NoError(t, c.Owners(&b))
		return b.String()
	}
	require.Equal(t, text(7), text(7))
	require.NotEqual(t, text(7), text(8))
}

func TestEverySizeHasThePeopleAskedFor(t *testing.T) {
	for _, n := range []int{20, 21, 57, 300, 1111} {
		c, err := New(Options{Employees: n, Seed: 1, Today: day})
		require.NoError(t, err)
		rows := read(t, func(b *bytes.Buffer) error { return c.Employees(b) })[1:]
		require.Len(t, rows, n)
		emails := map[string]bool{}
		for _, r := range rows {
			emails[r[4]] = true
		}
		require.Len(t, emails, n, "work e-mails are unique")
		for _, r := range rows[1:] {
			require.True(t, emails[r[12]], "the manager %q exists", r[12])
		}
	}
	_, err := New(Options{Employees: 3})
	require.ErrorContains(t, err, "at least 20")
}

// The faults that a demo is for are there in a company of the usual size.
func TestThePlantedFaultsAreThere(t *testing.T) {
	c, err := New(Options{Employees: 300, Seed: 42, Today: day})
	require.NoError(t, err)
	var rows int
	seen := map[string]int{}
	vendors, approvers := map[string]bool{}, map[string]bool{}
	for _, a := range Apps() {
		for _, r := range read(t, func(b *bytes.Buffer) error { return c.Entitlements(a, b) })[1:] {
			rows++
			if r[2] != "identity" {
				continue
			}
			switch r[18] {
			case "false":
				seen["missing MFA"]++
			case "":
				seen["unknown MFA"]++
			}
			if r[6] == "" && r[23] == "" {
				seen["unmapped"]++
			}
			if r[23] == "true" {
				seen["service account"]++
			}
			if r[22] == "true" {
				seen["external"]++
			}
			if login, err := time.Parse("2006-01-02 15:04:05 -0700 MST", r[16]); err != nil {
				seen["never active"]++
			} else if day.Sub(login) > 100*24*time.Hour {
				seen["unused"]++
			}
			if r[8] == "erp-vendor-master" {
				vendors[r[4]] = true
			}
			if r[8] == "erp-ap-manager" {
				approvers[r[4]] = true
			}
		}
	}
	for id := range vendors {
		if approvers[id] {
			seen["toxic pair"]++
		}
	}
	for i := range c.people {
		if p := &c.people[i]; c.left(p) {
			seen["leaver"]++
		} else if c.future(p) {
			seen["joiner"]++
		}
	}
	t.Logf("%d rows: %v", rows, seen)
	for _, fault := range []string{"missing MFA", "unknown MFA", "unmapped", "service account", "external", "never active", "unused", "toxic pair", "leaver", "joiner"} {
		require.Positive(t, seen[fault], fault)
	}
	require.Greater(t, rows, 2000)
}
