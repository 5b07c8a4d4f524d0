package snapshot_test

import (
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

// small builds a graph of "source target permission" lines. Names that begin with u are
// identities, with r resources, others connections.
func small(t *testing.T, lines ...string) query.Reader {
	t.Helper()
	d := &snapshot.Data{GraphVersion: 1}
	seen := map[string]bool{}
	id := func(name string) string {
		kind := access.Connection
		switch name[0] {
		case 'u':
			kind = access.Identity
		case 'r':
			kind = access.Resource
		}
		if !seen[name] {
			seen[name] = true
			d.AllEntities = append(d.AllEntities, &access.Entity{ID: "e_" + name, Name: name, Type: kind})
		}
		return "e_" + name
	}
	for _, line := range lines {
		f := strings.Fields(line)
		d.LiveGrants = append(d.LiveGrants, access.Grant{Source: id(f[0]), Target: id(f[1]), Permission: f[2], Value: "true", Counts: true})
	}
	s, err := snapshot.Build(t.Context(), d)
	require.NoError(t, err)
	return s.Reader(time.Now())
}

func having(t *testing.T, r query.Reader, h filter.Having) (names []string) {
	t.Helper()
	page, err := r.Entities(t.Context(), query.EntityQuery{Filter: &filter.Filter{Having: []filter.Having{h}}})
	require.NoError(t, err)
	for _, e := range page.Entities {
		names = append(names, e.Name)
	}
	return names
}

func name(s string) *filter.Filter { return &filter.Filter{Name: &filter.StringMatch{Eq: &s}} }

// An entity in a cycle is not related to itself, whatever way leads back to it.
func TestNobodyIsRelatedToThemselves(t *testing.T) {
	r := small(t, "a b member", "b a member", "c c member", "u a member", "d d admin", "d e member")
	anything := &filter.Filter{}
	assert.Equal(t, []string{"b", "u"}, having(t, r, filter.Having{Entity: name("a")}))
	assert.Equal(t, []string{"b"}, having(t, r, filter.Having{Entity: name("a"), Direction: filter.AccessibleBy}))
	assert.Equal(t, []string(nil), having(t, r, filter.Having{Entity: name("c")}))
	assert.Equal(t, []string(nil), having(t, r, filter.Having{Entity: name("c"), Reach: filter.Direct}))
	assert.Equal(t, []string(nil), having(t, r, filter.Having{Permission: &filter.StringMatch{Eq: p("admin")}}))
	// a → b → a leads back, and there is nobody else on either side of b but u, through a.
	assert.Equal(t, []string{"u"}, having(t, r, filter.Having{Entity: name("a"), Via: name("b")}))
	assert.Equal(t, []string{"u"}, having(t, r, filter.Having{Entity: name("b"), Via: name("a")}))
	assert.Equal(t, []string{"b"}, having(t, r, filter.Having{Entity: name("u"), Direction: filter.AccessibleBy, Via: name("a")}))
	assert.Equal(t, []string{"a"}, having(t, r, filter.Having{Entity: anything, Direction: filter.AccessibleBy, Via: name("b")}))
	assert.Equal(t, []string{"d"}, having(t, r, filter.Having{Entity: name("e")}))
}

// Counting passes through a connection that leads to nothing but itself: that may be what
// gives the permission on it.
func TestCountThroughSelfLoop(t *testing.T) {
	r := small(t, "u c member", "c c admin", "u r admin", "u r2 read")
	admin := &filter.StringMatch{Eq: p("admin")}
	assert.Equal(t, []string{"u"}, having(t, r, filter.Having{Permission: admin, AtLeast: p(2)}))
	assert.Empty(t, having(t, r, filter.Having{Permission: admin, AtLeast: p(3)}))
	assert.Equal(t, []string{"u"}, having(t, r, filter.Having{AtLeast: p(3)}))
	assert.Equal(t, []string{"c", "r", "r2"}, having(t, r, filter.Having{None: true}))
}
