package snapshot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/snapshot"
)

// github is the worked example of the documentation: nested teams of an organisation.
func github() *snapshot.Data {
	d := &snapshot.Data{GraphVersion: 3, AllIntegrations: []access.Integration{{Key: "GitHub (test)", Name: "GitHub (test)", Application: "GitHub"}}}
	seen := map[string]bool{}
	id := func(name string) string {
		e := access.Entity{Integration: "GitHub (test)", Project: "example-org", SourceID: "gh-" + name, Name: name, Status: access.StatusActive}
		switch {
		case strings.HasSuffix(name, "gh"):
			e.Type, e.SourceType, e.Username = access.Identity, "user", name
		case name == "release-bot":
			e.Type, e.SourceType, e.ServiceAccount = access.Identity, "service account", access.True
		case name[0] >= 'A' && name[0] <= 'Z':
			e.Type, e.SourceType = access.Connection, "team"
		default:
			e.Type, e.SourceType, e.Stub, e.Status = access.Resource, "repository", true, access.StatusUnknown
		}
		if name == "danagh" {
			e.Status = access.StatusSuspended
		}
		e.ID = e.Key().ID()
		if !seen[e.ID] {
			seen[e.ID] = true
			d.AllEntities = append(d.AllEntities, &e)
		}
		return e.ID
	}
	for _, line := range []string{
		"alicegh Engineering member", "Engineering customer-application read", "Engineering customer-application write",
		"Engineering admin-application read", "Engineering Product-Development member", "Product-Development roadmap-docs read",
		"Product-Development All-Contributors member", "All-Contributors handbook read", "bobgh Engineering member",
		"bobgh admin-application admin", "bobgh Platform-OnCall member", "Platform-OnCall Platform member", "Platform infra-live write",
		"Platform infra-live admin=false", "Platform admin-application read", "carolgh Platform member", "danagh Engineering member",
		"release-bot release-tools write",
	} {
		f := strings.Fields(line)
		permission, value, _ := strings.Cut(f[2], "=")
		if value == "" {
			value = "true"
		}
		d.LiveGrants = append(d.LiveGrants, access.Grant{
			Source: id(f[0]), Target: id(f[1]), Permission: permission, Value: value, Counts: access.ValueCounts(value), From: time.Unix(1, 0).UTC(),
		})
	}
	return d
}

func githubReader(t *testing.T) (query.Reader, func(name string) string) {
	t.Helper()
	d := github()
	s, err := snapshot.Build(t.Context(), d)
	require.NoError(t, err)
	ids := map[string]string{}
	for _, e := range d.AllEntities {
		ids[e.Name] = e.ID
	}
	return s.Reader(time.Unix(1e9, 0)), func(name string) string {
		require.Contains(t, ids, name)
		return ids[name]
	}
}

func TestGitHubExample(t *testing.T) {
	r, id := githubReader(t)
	identities := []string{"alicegh", "bobgh", "carolgh", "danagh", "release-bot"}
	var of []string
	for _, name := range identities {
		of = append(of, id(name))
	}
	pages, err := r.Effective(t.Context(), query.EffectiveQuery{Of: of, Direction: filter.HasAccessTo, Page: query.Page{WithTotal: true}})
	require.NoError(t, err)
	names := map[string]string{}
	all, err := r.Entities(t.Context(), query.EntityQuery{Page: query.Page{WithTotal: true}})
	require.NoError(t, err)
	assert.Equal(t, 16, all.Total)
	for _, e := range all.Entities {
		names[e.ID] = e.Name
	}
	pairs, direct := 0, 0
	got := map[string]string{}
	for i, page := range pages {
		pairs += page.Total
		for _, edge := range page.Edges {
			if edge.Direct {
				direct++
			}
			var permissions, providers []string
			for _, p := range edge.Permissions {
				permissions = append(permissions, p.Name)
			}
			for _, p := range edge.Providers {
				providers = append(providers, names[p])
			}
			got[identities[i]+" → "+edge.Entity.Name] = fmt.Sprintf("%s by %s direct=%v", strings.Join(permissions, ","), strings.Join(providers, ","), edge.Direct)
		}
	}
	assert.Equal(t, 28, pairs)
	assert.Equal(t, 7, direct)
	for pair, want := range map[string]string{
		"alicegh → customer-application": "read,write by Engineering direct=false",
		"alicegh → admin-application":    "read by Engineering direct=false",
		"alicegh → roadmap-docs":         "read by Product-Development direct=false",
		"alicegh → handbook":             "read by All-Contributors direct=false",
		"bobgh → admin-application":      "admin,read by Engineering,Platform direct=true",
		"bobgh → infra-live":             "write by Platform direct=false",
		"carolgh → infra-live":           "write by Platform direct=false",
		"carolgh → admin-application":    "read by Platform direct=false",
		"danagh → handbook":              "read by All-Contributors direct=false",
		"release-bot → release-tools":    "write by  direct=true",
		"alicegh → Engineering":          "member by  direct=true",
		"alicegh → Product-Development":  "member by Engineering direct=false",
	} {
		assert.Equal(t, want, got[pair], pair)
	}
}

func TestGitHubChains(t *testing.T) {
	r, id := githubReader(t)
	list, err := r.Chains(t.Context(), query.ChainQuery{
		Pairs:    []query.Pair{{From: id("bobgh"), To: id("admin-application")}, {From: id("bobgh"), To: "e_nobody"}, {From: id("bobgh"), To: id("handbook")}},
		MaxDepth: 12, First: 50,
	})
	require.NoError(t, err)
	require.Len(t, list, 3)
	short := func(c query.Chain) []string { return c.Nodes }
	require.Len(t, list[0].Chains, 3)
	assert.Equal(t, []string{id("bobgh"), id("admin-application")}, short(list[0].Chains[0]))
	assert.Equal(t, []access.Permission{{Name: "admin", Value: "true"}}, list[0].Chains[0].Hops[0])
	assert.Equal(t, []string{id("bobgh"), id("Engineering"), id("admin-application")}, short(list[0].Chains[1]))
	assert.Equal(t, []string{id("bobgh"), id("Platform-OnCall"), id("Platform"), id("admin-application")}, short(list[0].Chains[2]))
	assert.False(t, list[0].Truncated)
	assert.Empty(t, list[1].Chains)
	require.Len(t, list[2].Chains, 1)
	assert.Len(t, list[2].Chains[0].Hops, 4)

	cut, err := r.Chains(t.Context(), query.ChainQuery{Pairs: []query.Pair{{From: id("bobgh"), To: id("handbook")}}, MaxDepth: 3, First: 50})
	require.NoError(t, err)
	assert.Empty(t, cut[0].Chains)
	assert.True(t, cut[0].Truncated, "the only chain is longer; that is said")
}

// A cursor stands for a place: the entity it was made from may vanish.
func TestPageGoesOnWhereTheEntityWas(t *testing.T) {
	d := github()
	order := []query.Order{{Field: query.BySourceType, Desc: true}}
	for _, q := range []query.EntityQuery{{}, {OrderBy: order}} {
		s, err := snapshot.Build(t.Context(), d)
		require.NoError(t, err)
		q.Page = query.Page{First: 5}
		before, err := s.Reader(time.Now()).Entities(t.Context(), q)
		require.NoError(t, err)
		assert.True(t, before.HasNext)
		assert.False(t, before.HasPrevious)
		q.Page.After = before.Cursors[4]
		want, err := s.Reader(time.Now()).Entities(t.Context(), q)
		require.NoError(t, err)

		fewer := *d
		fewer.AllEntities, fewer.LiveGrants = nil, nil
		for _, e := range d.AllEntities {
			if e.ID != before.Entities[4].ID {
				fewer.AllEntities = append(fewer.AllEntities, e)
			}
		}
		s, err = snapshot.Build(t.Context(), &fewer)
		require.NoError(t, err)
		got, err := s.Reader(time.Now()).Entities(t.Context(), q)
		require.NoError(t, err)
		assert.Equal(t, want.Cursors, got.Cursors)
		assert.True(t, got.HasPrevious)

		q.Page = query.Page{Last: 2, Before: before.Cursors[4]}
		last, err := s.Reader(time.Now()).Entities(t.Context(), q)
		require.NoError(t, err)
		assert.Equal(t, before.Cursors[2:4], last.Cursors)
		assert.True(t, last.HasNext)
		assert.True(t, last.HasPrevious)
	}
	s, err := snapshot.Build(t.Context(), d)
	require.NoError(t, err)
	page, err := s.Reader(time.Now()).Entities(t.Context(), query.EntityQuery{OrderBy: order})
	require.NoError(t, err)
	_, err = s.Reader(time.Now()).Entities(t.Context(), query.EntityQuery{Page: query.Page{Before: page.Cursors[0], Last: 3}})
	var bad *access.Error
	require.ErrorAs(t, err, &bad)
	assert.Equal(t, "before", bad.Path)
	assert.Equal(t, access.CodeInvalidInput, bad.Code)
}
