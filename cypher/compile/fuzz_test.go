package compile

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// everywhere is a filter with the text in every place that takes one.
func everywhere(s string) *filter.Filter {
	exact := &filter.StringMatch{Eq: &s}
	among := &filter.StringMatch{In: []string{s, "other"}}
	folded := &filter.StringMatch{Contains: &s, StartsWith: &s, EndsWith: &s}
	both := &filter.StringMatch{Eq: &s, Contains: &s}
	leaf := func(m *filter.StringMatch) filter.Filter {
		return filter.Filter{
			Name: m, SourceType: m, SourceID: m, Application: m, Integration: m, Project: m, Username: m, Email: m,
			User: m, Manager: m, Department: m, JobTitle: m, EmploymentType: m, Insight: m, Label: m, SourceSystem: m,
			Factor: m, Permission: m,
		}
	}
	a, b, c, d := leaf(exact), leaf(among), leaf(folded), leaf(both)
	a.Having = []filter.Having{{Entity: &b, Permission: folded, Via: &c}, {Direction: filter.AccessibleBy, Permission: both, None: true}}
	return &filter.Filter{And: []filter.Filter{a}, Or: []filter.Filter{b, c}, Not: &d}
}

// statements are all sorts of statements with the text in every place that takes one.
func statements(s string) []string {
	f := everywhere(s)
	at := &Position{Values: []any{s}, ID: s}
	integrations := []Integration{{Key: s, Name: s, Application: s}}
	compiled := func(make func(c *Compiler, d Condition) Statement) string {
		c := New(testNow, integrations)
		return make(c, c.Condition(filter.Both(f.Tree(testNow), filter.SearchNode(s+"x")), false)).Text
	}
	return []string{
		compiled(func(c *Compiler, d Condition) Statement {
			return c.List(d, ByName, Window{After: at, Before: at, Limit: 1, Total: true})
		}),
		compiled(func(c *Compiler, d Condition) Statement { return c.Facets(d, filter.Fields) }),
		compiled(func(c *Compiler, d Condition) Statement {
			return c.Effective(Effective{Of: []string{s}, Other: d, Permission: &filter.StringMatch{Eq: &s, EndsWith: &s}, After: at})
		}),
		compiled(func(c *Compiler, d Condition) Statement { return c.Ranked(d, d, filter.HasAccessTo, 1) }),
		compiled(func(c *Compiler, _ Condition) Statement {
			return c.Access([]SourceTargets{{Source: s, Targets: []string{s}}}, true)
		}),
		compiled(func(c *Compiler, _ Condition) Statement { return c.Hops([]PairOf{{From: s, To: s}}, true) }),
	}
}

// FuzzNoInputReachesTheText: whatever the text, the statement is that of a harmless
// text.
func FuzzNoInputReachesTheText(f *testing.F) {
	for _, seed := range []string{
		"", "x", "'", "\"", "`", "\\", "a' OR 1=1 //", "}) DETACH DELETE n //", "$p0", "\x00", "\\u0027", "é", "e\u0301", "İ", "\xff", "a\xffb", "x\n//",
		strings.Repeat("'", 300),
	} {
		f.Add(seed)
	}
	harmless, invalid := statements("harmless"), statements("\xff")
	f.Fuzz(func(t *testing.T, s string) {
		want := harmless
		if !utf8.ValidString(s) {
			want = invalid
		}
		require.Equal(t, want, statements(s))
	})
}

// TestIdentifiersAreRegistered: what statements name is in the closed registry.
func TestIdentifiersAreRegistered(t *testing.T) {
	known := map[string]bool{}
	for _, name := range []string{
		access.LabelEntity, access.LabelRemovedEntity, access.LabelIdentity, access.LabelConnection, access.LabelResource,
		access.LabelInsight, access.LabelEmployee, access.RelHasAccess, access.RelIn, access.RelNests, access.RelIs, access.RelOwns,
		access.RelHasInsight,
	} {
		known[name] = true
	}
	for _, text := range append(statements("harmless"), list(parseFilter(t, `{"removed": true, "type": ["IDENTITY"]}`)).Text) {
		for _, name := range labels(text) {
			require.True(t, known[name], "%s in %s", name, text)
		}
	}
}

// labels are the names after a colon and between the bars of alternatives.
func labels(text string) []string {
	var out []string
	for i := 0; i < len(text); i++ {
		if text[i] != ':' && text[i] != '|' {
			continue
		}
		end := i + 1
		for end < len(text) && (text[end] == '_' || 'A' <= text[end] && text[end] <= 'Z' || 'a' <= text[end] && text[end] <= 'z') {
			end++
		}
		if end > i+1 {
			out = append(out, text[i+1:end])
		}
	}
	return out
}
