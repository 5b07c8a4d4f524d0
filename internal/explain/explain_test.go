package explain_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/discovery"
	"github.com/accessgraph/accessgraph/internal/explain"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/settings"
	"github.com/accessgraph/accessgraph/internal/snapshot"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

type general struct{}

func (general) General(context.Context) (settings.Settings, error) {
	return settings.Settings{TenantName: "t", TimeZone: "UTC"}, nil
}

// company is: ann and bob are in staff, staff is in all, all reads the wiki; ann also
// administers the vault herself; ops, which nobody is in, administers the vault; gone is removed.
func company(t *testing.T) (explain.Explainer, map[string]string) {
	t.Helper()
	d := &snapshot.Data{GraphVersion: 1, AllIntegrations: []access.Integration{{Key: "k", Name: "k", Application: "a"}}}
	ids := map[string]string{}
	add := func(name string, kind access.EntityType) *access.Entity {
		e := &access.Entity{Integration: "k", Type: kind, SourceID: name, Name: name, Status: access.StatusActive, FirstSeen: now}
		e.ID = e.Key().ID()
		ids[name] = e.ID
		d.AllEntities = append(d.AllEntities, e)
		return e
	}
	for _, name := range []string{"ann", "bob"} {
		add(name, access.Identity)
	}
	for _, name := range []string{"staff", "all", "ops"} {
		add(name, access.Connection)
	}
	for _, name := range []string{"wiki", "vault"} {
		add(name, access.Resource)
	}
	add("gone", access.Resource).RemovedAt = now
	for _, g := range [][3]string{
		{"ann", "staff", "member"}, {"bob", "staff", "member"}, {"staff", "all", "member"}, {"all", "wiki", "read"},
		{"ann", "vault", "admin"}, {"ops", "vault", "admin"},
	} {
		d.LiveGrants = append(d.LiveGrants, access.Grant{Source: ids[g[0]], Target: ids[g[1]], Permission: g[2], Value: "true", Counts: true, From: now})
	}
	s, err := snapshot.Build(t.Context(), d)
	require.NoError(t, err)
	session, err := discovery.New(nil, nil, general{}, func() time.Time { return now }).Begin(t.Context())
	require.NoError(t, err)
	return explain.Of(session.Over(s.Reader(now))), ids
}

func as(t *testing.T, role access.ProductRole) context.Context {
	t.Helper()
	return auth.WithPrincipal(t.Context(), auth.Principal{Kind: auth.KindAPIKey, Roles: []access.ProductRole{role}})
}

// asked are all questions, each as it is asked well, by what each is changed to.
type asked struct {
	missing   query.MissingQuery
	cut       query.CutQuery
	critical  query.CriticalQuery
	joining   query.JoinQuery
	newcomers query.NewcomerQuery
	shortest  query.ShortestQuery
}

func good(ids map[string]string) asked {
	return asked{
		missing:   query.MissingQuery{From: ids["bob"], To: ids["vault"]},
		cut:       query.CutQuery{From: []string{ids["bob"]}, To: []string{ids["wiki"]}},
		joining:   query.JoinQuery{Of: []string{ids["bob"]}, Group: ids["ops"]},
		newcomers: query.NewcomerQuery{Group: ids["ops"], Target: ids["vault"]},
	}
}

// ask asks one question by name.
func ask(ctx context.Context, e explain.Explainer, name string, q *asked) (err error) {
	switch name {
	case "missing":
		_, err = e.Missing(ctx, q.missing)
	case "cut":
		_, err = e.Cut(ctx, q.cut, nil)
	case "critical":
		_, err = e.Critical(ctx, q.critical)
	case "joining":
		_, err = e.Joining(ctx, q.joining)
	case "newcomers":
		_, err = e.Newcomers(ctx, q.newcomers)
	case "shortest":
		_, err = e.Shortest(ctx, q.shortest)
	default:
		err = errors.New("no such question")
	}
	return err
}

var questions = []string{"missing", "cut", "critical", "joining", "newcomers", "shortest"}

func TestEveryQuestionNeedsRiskManager(t *testing.T) {
	e, ids := company(t)
	for _, name := range questions {
		q := good(ids)
		require.NoError(t, ask(as(t, access.RiskManager), e, name, &q), name)
		assert.Equal(t, access.CodeForbidden, access.CodeOf(ask(as(t, access.Reviewer), e, name, &q)), name)
		assert.Equal(t, access.CodeUnauthenticated, access.CodeOf(ask(t.Context(), e, name, &q)), name)
	}
}

// What is wrong with a question is said with the place where it is wrong.
func TestWrongQuestions(t *testing.T) {
	e, ids := company(t)
	ctx := as(t, access.RiskManager)
	bad := &filter.Filter{Type: []access.EntityType{"robot"}}
	no := &filter.StringMatch{In: make([]string, filter.MaxValues+1)}
	many := make([]string, explain.MaxEntities+1)
	for _, c := range []struct {
		name, path string
		code       access.Code
		change     func(q *asked)
	}{
		{"missing", "first", access.CodeInvalidInput, func(q *asked) { q.missing.First = query.MaxMissing + 1 }},
		{"missing", "first", access.CodeInvalidInput, func(q *asked) { q.missing.First = -1 }},
		{"missing", "permission", access.CodeInvalidInput, func(q *asked) { q.missing.Permission = no }},
		{"missing", "to", access.CodeInvalidInput, func(q *asked) { q.missing.To = q.missing.From }},
		{"missing", "from", access.CodeNotFound, func(q *asked) { q.missing.From = "e_none" }},
		{"missing", "to", access.CodeNotFound, func(q *asked) { q.missing.To = ids["gone"] }},
		{"cut", "proof", access.CodeInvalidInput, func(q *asked) { q.cut.Chains = query.MaxChains + 1 }},
		{"cut", "permission", access.CodeInvalidInput, func(q *asked) { q.cut.Permission = no }},
		{"cut", "fromFilter", access.CodeInvalidInput, func(q *asked) { q.cut.FromFilter = bad }},
		{"cut", "toFilter", access.CodeInvalidInput, func(q *asked) { q.cut.ToFilter = bad }},
		{"cut", "from", access.CodeInvalidInput, func(q *asked) { q.cut.From = nil }},
		{"cut", "to", access.CodeInvalidInput, func(q *asked) { q.cut.To = nil }},
		{"cut", "from", access.CodeInvalidInput, func(q *asked) { q.cut.To = many }},
		{"cut", "to", access.CodeNotFound, func(q *asked) { q.cut.To = append(q.cut.To, "e_none") }},
		{"cut", "to", access.CodeInvalidInput, func(q *asked) { q.cut.To = q.cut.From }},
		{"critical", "first", access.CodeInvalidInput, func(q *asked) { q.critical.First = query.MaxFirst + 1 }},
		{"critical", "filter", access.CodeInvalidInput, func(q *asked) { q.critical.Identities = bad }},
		{"critical", "targetFilter", access.CodeInvalidInput, func(q *asked) { q.critical.Targets = bad }},
		{"joining", "first", access.CodeInvalidInput, func(q *asked) { q.joining.First = -1 }},
		{"joining", "of", access.CodeInvalidInput, func(q *asked) { q.joining.Of = many }},
		{"joining", "of", access.CodeNotFound, func(q *asked) { q.joining.Of = []string{ids["bob"], "e_none"} }},
		{"joining", "group", access.CodeNotFound, func(q *asked) { q.joining.Group = "e_none" }},
		{"newcomers", "first", access.CodeInvalidInput, func(q *asked) { q.newcomers.First = query.MaxFirst + 1 }},
		{"newcomers", "filter", access.CodeInvalidInput, func(q *asked) { q.newcomers.Who = bad }},
		{"newcomers", "permission", access.CodeInvalidInput, func(q *asked) { q.newcomers.Permission = no }},
		{"newcomers", "target", access.CodeNotFound, func(q *asked) { q.newcomers.Target = ids["gone"] }},
		{"shortest", "first", access.CodeInvalidInput, func(q *asked) { q.shortest.Limit = query.MaxFirst + 1 }},
		{"shortest", "filter", access.CodeInvalidInput, func(q *asked) { q.shortest.From = bad }},
		{"shortest", "targetFilter", access.CodeInvalidInput, func(q *asked) { q.shortest.To = bad }},
	} {
		q := good(ids)
		c.change(&q)
		err := ask(ctx, e, c.name, &q)
		var is *access.Error
		require.ErrorAs(t, err, &is, "%s: %s", c.name, c.path)
		assert.Equal(t, c.code, is.Code, "%s: %s: %v", c.name, c.path, err)
		assert.Contains(t, is.Path, c.path, "%s: %v", c.name, err)
	}
}

// Grants that have to stay are not cut; when one is on every way there is no cut.
func TestCutKeeps(t *testing.T) {
	e, ids := company(t)
	ctx := as(t, access.RiskManager)
	q := good(ids).cut
	keep := func(source, target string) query.GrantMatch {
		return query.GrantMatch{Source: ids[source], Target: ids[target]}
	}
	cut, err := e.Cut(ctx, q, []query.GrantMatch{keep("bob", "staff"), keep("all", "wiki")})
	require.NoError(t, err)
	require.Len(t, cut.Grants, 1)
	assert.Equal(t, [2]string{ids["staff"], ids["all"]}, [2]string{cut.Grants[0].Source, cut.Grants[0].Target})
	cut, err = e.Cut(ctx, q, []query.GrantMatch{keep("bob", "staff"), keep("staff", "all"), keep("all", "wiki")})
	require.NoError(t, err)
	assert.True(t, cut.Impossible)
}

// A size of 0 is the default one; without filters the shortest chains are those of all
// identities to everything, up to the limit.
func TestDefaults(t *testing.T) {
	e, ids := company(t)
	ctx := as(t, access.RiskManager)
	all, err := e.Shortest(ctx, query.ShortestQuery{})
	require.NoError(t, err)
	assert.False(t, all.Truncated)
	assert.Len(t, all.Chains, 7) // ann: staff, all, wiki, vault; bob: staff, all, wiki
	some, err := e.Shortest(ctx, query.ShortestQuery{Limit: 2})
	require.NoError(t, err)
	assert.True(t, some.Truncated)
	assert.Equal(t, all.Chains[:2], some.Chains)
	stopped := errors.New("enough")
	_, err = e.EachShortest(ctx, query.ShortestQuery{}, func(query.Chain) error { return stopped })
	require.ErrorIs(t, err, stopped)

	critical, err := e.Critical(ctx, query.CriticalQuery{})
	require.NoError(t, err)
	assert.EqualValues(t, 7, critical.Pairs)
	assert.NotEmpty(t, critical.Grants)
	newcomers, err := e.Newcomers(ctx, good(ids).newcomers)
	require.NoError(t, err)
	assert.Equal(t, []string{ids["bob"]}, newcomers.Who)
	gains, err := e.Joining(ctx, good(ids).joining)
	require.NoError(t, err)
	require.Len(t, gains, 1)
	assert.Equal(t, []string{ids["ops"], ids["vault"]}, gains[0].Targets)
}
