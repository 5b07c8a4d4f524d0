package compile

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/filter"
)

var update = flag.Bool("update", false, "write the golden files anew")

var testNow = time.Date(2026, 3, 10, 22, 30, 0, 0, time.FixedZone("UTC-5", -5*3600))

var testIntegrations = []Integration{
	{Key: "gh", Name: "GitHub (test)", Application: "GitHub"},
	{Key: "gh2", Name: "GitHub prod", Application: "GitHub"},
	{Key: "okta", Name: "Okta", Application: "Okta"},
}

// goldenFilters are the shapes of filters; each is the start of a list's statement.
var goldenFilters = map[string]string{
	"nothing":              `{}`,
	"name_exact":           `{"name": {"eq": "Engineering"}}`,
	"name_in_and_contains": `{"name": {"in": ["Engineering", "Sales"], "contains": "ENG"}}`,
	"name_folded":          `{"name": {"contains": "Straße", "startsWith": "S", "endsWith": "E"}}`,
	"email":                `{"email": {"eq": "A@Example.com"}}`,
	"missing":              `{"username": {"isEmpty": true}, "project": {"isEmpty": false}}`,
	"missing_and_more":     `{"username": {"isEmpty": true, "contains": "a"}}`,
	"types":                `{"type": ["IDENTITY"], "status": ["ACTIVE", "SUSPENDED"], "mfaEnabled": ["FALSE", "UNKNOWN"]}`,
	"two_types":            `{"type": ["IDENTITY", "CONNECTION"], "identityType": ["UNMAPPED"]}`,
	"removed":              `{"removed": true, "type": ["RESOURCE"]}`,
	"logic":                `{"or": [{"name": {"eq": "a"}}, {"not": {"sourceType": {"eq": "user"}, "label": {"contains": "x"}}}, {}]}`,
	"times":                `{"inactiveForDays": 30, "passwordOlderThanDays": 90, "neverActive": false}`,
	"integrations":         `{"application": {"eq": "GitHub"}, "not": {"integration": {"contains": "TEST"}}}`,
	"lists":                `{"label": {"eq": "legacy"}, "factor": {"contains": "SMS"}, "factorStrength": ["WEAK"]}`,
	"insight":              `{"insight": {"eq": "MFA Missing"}}`,
	"no_insight":           `{"insight": {"isEmpty": true}}`,
	"permission":           `{"permission": {"in": ["admin", "owner"]}}`,
	"people_of_identities": `{"type": ["IDENTITY"], "department": {"eq": "Sales"}, "manager": {"eq": "Boss@Example.com"}}`,
	"people":               `{"jobTitle": {"contains": "engineer"}, "employeeState": ["TERMINATED", "FUTURE"]}`,
	"people_missing":       `{"type": ["CONNECTION", "RESOURCE"], "department": {"isEmpty": true}}`,
	"having":               `{"type": ["IDENTITY"], "having": [{"entity": {"name": {"eq": "infra-live"}}}]}`,
	"having_permission":    `{"having": [{"entity": {"type": ["RESOURCE"]}, "permission": {"eq": "admin"}}]}`,
	"having_any":           `{"having": [{}]}`,
	"having_none":          `{"type": ["IDENTITY"], "having": [{"entity": {"type": ["RESOURCE"]}, "none": true}]}`,
	"having_direct":        `{"having": [{"reach": "DIRECT", "entity": {"sourceType": {"eq": "group"}}, "permission": {"contains": "Adm"}, "atLeast": 2}]}`,
	"having_at_least":      `{"having": [{"entity": {"sourceType": {"eq": "vault"}}, "atLeast": 3}]}`,
	"accessible_by":        `{"having": [{"direction": "ACCESSIBLE_BY", "entity": {"type": ["IDENTITY"], "status": ["SUSPENDED"]}}]}`,
	"accessible_by_many":   `{"having": [{"direction": "ACCESSIBLE_BY", "entity": {"type": ["IDENTITY"]}, "atLeast": 100}]}`,
	"via":                  `{"having": [{"entity": {"name": {"eq": "infra-live"}}, "via": {"sourceType": {"eq": "team"}}, "permission": {"eq": "write"}}]}`,
	"via_named":            `{"having": [{"entity": {"type": ["RESOURCE"]}, "via": {"name": {"eq": "Engineering"}}, "atLeast": 2}]}`,
	"via_accessible_by":    `{"having": [{"direction": "ACCESSIBLE_BY", "entity": {"name": {"eq": "alice"}}, "via": {"sourceType": {"eq": "team"}}}]}`,
	"via_named_by":         `{"having": [{"direction": "ACCESSIBLE_BY", "via": {"name": {"eq": "Engineering"}}, "none": true}]}`,
	"toxic_pair":           `{"having": [{"permission": {"eq": "create-vendor"}}, {"permission": {"eq": "approve-payment"}}]}`,
	"nested": `{"having": [{"entity": {"type": ["CONNECTION"], "having": [{"direction": "ACCESSIBLE_BY",
		"entity": {"department": {"eq": "Sales"}}, "none": true}]}}]}`,
}

func parseFilter(t testing.TB, text string) *filter.Filter {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	var f filter.Filter
	require.NoError(t, d.Decode(&f))
	require.NoError(t, f.Validate("filter"))
	return &f
}

func list(f *filter.Filter) Statement {
	c := New(testNow, testIntegrations)
	return c.List(c.Condition(f.Tree(testNow), f.IncludesRemoved()), ByName, Window{Limit: 51})
}

func TestGoldenFilters(t *testing.T) {
	for name, text := range goldenFilters {
		golden(t, "list_"+name, list(parseFilter(t, text)))
	}
}

func TestGoldenStatements(t *testing.T) {
	at := &Position{Values: []any{"616c696365"}, ID: "e_1"}
	some := parseFilter(t, `{"type": ["RESOURCE"]}`)
	with := func(make func(c *Compiler, d Condition) Statement) Statement {
		c := New(testNow, testIntegrations)
		return make(c, c.Condition(some.Tree(testNow), false))
	}
	golden(t, "page_after", with(func(c *Compiler, d Condition) Statement {
		return c.List(d, ByName, Window{After: at, Limit: 51, Total: true})
	}))
	golden(t, "page_before", with(func(c *Compiler, d Condition) Statement {
		keys := []SortKey{{Property: "lastLogin", Time: true, Desc: true}, {Property: "status", Desc: true}}
		return c.List(d, keys, Window{Before: &Position{Values: []any{time.Time{}, "ACTIVE"}, ID: "e_1"}, Limit: 51, Backwards: true})
	}))
	golden(t, "facets", with(func(c *Compiler, d Condition) Statement { return c.Facets(d, filter.Fields) }))
	for _, direction := range []filter.Direction{filter.HasAccessTo, filter.AccessibleBy} {
		name := map[filter.Direction]string{filter.HasAccessTo: "reach", filter.AccessibleBy: "reached_by"}[direction]
		golden(t, name, with(func(c *Compiler, d Condition) Statement {
			return c.Effective(Effective{Of: []string{"e_1", "e_2"}, Direction: direction, Other: d, Limit: 51, After: at, Total: true})
		}))
		golden(t, name+"_direct", with(func(c *Compiler, _ Condition) Statement {
			admin := "admin"
			return c.Effective(Effective{Of: []string{"e_1"}, Direction: direction, Direct: true, Permission: &filter.StringMatch{Eq: &admin}, Limit: 51})
		}))
		golden(t, name+"_through_identities", with(func(c *Compiler, _ Condition) Statement {
			return c.Effective(Effective{Of: []string{"e_1"}, Direction: direction, ThroughIdentities: true, Limit: 51})
		}))
		golden(t, name+"_ranked", with(func(c *Compiler, d Condition) Statement {
			return c.Ranked(c.Condition(nil, false), d, direction, 10)
		}))
	}
	golden(t, "access", with(func(c *Compiler, _ Condition) Statement {
		return c.Access([]SourceTargets{{Source: "e_1", Targets: []string{"e_2", "e_3"}}}, false)
	}))
	golden(t, "access_one_target", with(func(c *Compiler, _ Condition) Statement {
		return c.Access([]SourceTargets{{Source: "e_1", Targets: []string{"e_3"}}, {Source: "e_2", Targets: []string{"e_3"}}}, false)
	}))
	for _, through := range []bool{false, true} {
		golden(t, fmt.Sprintf("hops_%t", through), with(func(c *Compiler, _ Condition) Statement {
			return c.Hops([]PairOf{{From: "e_1", To: "e_2"}}, through)
		}))
	}
}

// golden compares a statement and its parameters with testdata/name.golden.
func golden(t *testing.T, name string, s Statement) {
	t.Helper()
	require.NotContains(t, s.Text, subject)
	names := make([]string, 0, len(s.Params))
	for p := range s.Params {
		names = append(names, p)
	}
	slices.SortFunc(names, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	got := s.Text + "\n"
	for _, p := range names {
		value, err := json.Marshal(s.Params[p])
		require.NoError(t, err)
		got += "// " + p + " = " + string(value) + "\n"
	}
	file := filepath.Join("testdata", name+".golden")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o600))
		return
	}
	want, err := os.ReadFile(file) // #nosec G304 -- a file of this test
	require.NoError(t, err)
	require.Equal(t, string(want), got, "%s; if this is meant: go test ./cypher/compile -update", file)
}
