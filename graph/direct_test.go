package graph_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"github.com/accessgraph/accessgraph/graph/generated"
	"github.com/accessgraph/accessgraph/graph/graphtest"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/store"
)

// both asks both executors and requires the very same bytes; it returns the answer and
// whether the direct executor was asked and has answered.
func both(t require.TestingT, gt *testing.T, w *graphtest.World, p auth.Principal, text string, variables map[string]any) (body string, asked, answered bool) {
	ctx := context.Background()
	w.Graph.OnDirect(func(did bool) { asked, answered = true, did })
	defer w.Graph.OnDirect(nil)
	body = string(w.Graph.Execute(ctx, p, text, variables, "").Body)
	var general string
	w.Graph.General(gt, func() { general = string(w.Graph.Execute(ctx, p, text, variables, "").Body) })
	require.Equal(t, stable(t, general), stable(t, body), "%s\n%v", text, variables)
	return body, asked, answered
}

// stable is the answer without what each request has of its own: the order of errors, in
// which the general executor met them, and its id. Without errors it is the very bytes.
func stable(t require.TestingT, body string) string {
	if !strings.HasPrefix(body, `{"errors"`) {
		return body
	}
	var a struct {
		Errors     []json.RawMessage
		Data       json.RawMessage
		Extensions json.RawMessage
	}
	require.NoError(t, json.Unmarshal([]byte(body), &a))
	all := []string{string(a.Data), string(a.Extensions)}
	for _, e := range a.Errors {
		all = append(all, requestID.ReplaceAllString(string(e), "under request"))
	}
	slices.Sort(all[2:])
	return strings.Join(all, "\n")
}

var requestID = regexp.MustCompile(`under request \w+`)

// writer draws operations over the fields that the direct executor knows, and some that it
// does not.
type writer struct {
	t      *rapid.T
	schema *ast.Schema
	n      int
}

func (d *writer) set(object string, depth int) string {
	def := d.schema.Types[object]
	var b strings.Builder
	b.WriteString("{ ")
	for range rapid.IntRange(1, 5).Draw(d.t, "fields") {
		d.n++
		switch kind := rapid.IntRange(0, 19).Draw(d.t, "kind"); {
		case kind == 0:
			fmt.Fprintf(&b, "a%d: __typename ", d.n)
		case kind == 1 && depth > 0:
			fmt.Fprintf(&b, "... on %s %s ", object, d.set(object, depth-1))
		case kind == 2 && object == "Entity":
			b.WriteString("... on Node { id __typename } ")
		default:
			f := rapid.SampledFrom(def.Fields).Draw(d.t, "field")
			inner := d.schema.Types[f.Type.Name()]
			if strings.HasPrefix(f.Name, "__") || inner.IsCompositeType() && (depth == 0 || inner.IsAbstractType()) {
				fmt.Fprintf(&b, "a%d: __typename ", d.n)
				continue
			}
			fmt.Fprintf(&b, "a%d: %s%s ", d.n, f.Name, d.arguments(object, f))
			if directive := rapid.SampledFrom([]string{"", "", "", "@include(if: $yes) ", "@skip(if: $yes) "}).Draw(d.t, "directive"); directive != "" {
				b.WriteString(directive)
			}
			if inner.IsCompositeType() {
				b.WriteString(d.set(inner.Name, depth-1))
			}
		}
	}
	b.WriteString("} ")
	return b.String()
}

func (d *writer) arguments(object string, f *ast.FieldDefinition) string {
	pick := func(of ...string) string { return rapid.SampledFrom(of).Draw(d.t, object+"."+f.Name) }
	id := func() string { return fmt.Sprintf("%q", rapid.SampledFrom(someIDs).Draw(d.t, "id")) }
	switch object + "." + f.Name {
	case "Query.entity":
		return "(id: " + id() + pick("", "", `, asOf: "2024-03-01T11:30:00Z"`) + ")"
	case "Query.entities":
		return pick("", "", "(first: 2)", "(first: 0)", `(filter: {type: [IDENTITY]}, first: 3)`, "(filter: {mfaEnabled: [TRUE]})", `(search: "a", last: 2)`, `(after: "nonsense")`)
	case "Query.entityFacets":
		return pick("(by: [TYPE, STATUS])", "(by: [INTEGRATION, DEPARTMENT], filter: {type: [IDENTITY]})", "(by: [])")
	case "Query.accessPaths":
		return "(from: " + id() + ", to: " + id() + pick("", ", first: 1", ", maxDepth: 99") + ")"
	case "Entity.hasAccessTo", "Entity.accessibleBy":
		return pick("", "(first: 2)", "(first: -1)", "(reach: DIRECT)", `(permission: {eq: "read"})`, "(throughIdentities: true, first: 1)", `(asOf: "2024-03-01T11:30:00Z")`)
	case "Entity.grants":
		return pick("", "(ended: true)", "(first: 1, direction: ACCESSIBLE_BY)")
	}
	return ""
}

var someIDs = []string{
	graphtest.ID(access.Identity, "gh-user-1"), graphtest.ID(access.Identity, "gh-user-2"), graphtest.ID(access.Identity, "gh-user-4"),
	graphtest.ID(access.Resource, "gh-repo-2"), "e_nothing", "",
}

// TestBothExecutorsAnswerTheSame: the direct executor is held to the general one, byte by
// byte, for whoever asks, errors included.
func TestBothExecutorsAnswerTheSame(t *testing.T) {
	odd := graphtest.Entity("Odd", access.Identity, "odd", "user", "odd \"name\"\n\t<&>\u2028 \x01 ü")
	odd.Metadata, odd.Factors, odd.MFA = `{ "a" : [1, 2 ] , "b":"<>" }`, []string{"sms", "webauthn"}, access.False
	w := graphtest.New(t, graphtest.Options{More: []store.Change{
		{PutApplication: &access.Application{ID: access.ApplicationID("Odd"), Name: "Odd"}},
		{PutIntegration: &access.Integration{ID: access.IntegrationID("Odd"), Key: "Odd", Name: "Odd", Application: "Odd"}},
		{PutEntity: odd},
		{PutInsights: &store.EntityInsights{EntityID: odd.ID, Insights: []access.Insight{{Name: "Odd", Since: graphtest.Now, Evidence: "because"}}}},
	}})
	someIDs = append(someIDs, odd.ID)
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	principals := []auth.Principal{
		auth.System(), graphtest.Principal(access.RiskManager, ""), graphtest.Principal(access.Reviewer, "bob@example.com"), graphtest.Principal(access.Reviewer, ""),
	}
	asked, answered := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		d := &writer{t: rt, schema: schema}
		var b strings.Builder
		b.WriteString("query($yes: Boolean!) { x: __typename @skip(if: $yes) ")
		for i := range rapid.IntRange(1, 3).Draw(rt, "roots") {
			f := schema.Query.Fields.ForName(rapid.SampledFrom([]string{"entity", "entities", "entityFacets", "accessPaths", "insights", "entity", "entities"}).Draw(rt, "root"))
			fmt.Fprintf(&b, "r%d: %s%s %s", i, f.Name, d.arguments("Query", f), d.set(f.Type.Name(), 4))
		}
		b.WriteString("}")
		p := rapid.SampledFrom(principals).Draw(rt, "principal")
		_, did, well := both(rt, t, w, p, b.String(), map[string]any{"yes": rapid.Bool().Draw(rt, "yes")})
		if did {
			asked++
		}
		if well {
			answered++
		}
	})
	require.Positive(t, answered, "the direct executor has answered")
	require.Greater(t, asked, answered, "and has left some to the general one")
}

func TestWhatTheDirectExecutorAnswers(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	id := graphtest.ID(access.Identity, "gh-user-2")
	for name, test := range map[string]struct {
		p        auth.Principal
		text     string
		answered bool
	}{
		"a page":               {auth.System(), `{ entities { totalCount edges { node { id name employee { fullName } } } } }`, true},
		"a reach in fragments": {auth.System(), `query { entity(id: "` + id + `") { ...F ... on Node { id } } } fragment F on Entity { id hasAccessTo { edges { node { id } providers { name } } } }`, true},
		"facets, paths":        {auth.System(), `{ entityFacets(by: [TYPE]) { buckets { count } } accessPaths(from: "` + id + `", to: "` + id + `") { truncated } }`, true},
		"another question":     {auth.System(), `{ statistics { identities } }`, false},
		"introspection":        {auth.System(), `{ __schema { queryType { name } } entities { totalCount } }`, false},
		"an interface":         {auth.System(), `{ node(id: "` + id + `") { id } }`, false},
		"what is not allowed":  {graphtest.Principal(access.Reviewer, "bob@example.com"), `{ entity(id: "` + id + `") { grants { totalCount } } }`, false},
		"an error":             {auth.System(), `{ entities(first: 1000) { totalCount } }`, false},
		"nobody":               {auth.Principal{}, `{ entities { totalCount } }`, false},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, answered := both(t, t, w, test.p, test.text, nil)
			require.Equal(t, test.answered, answered)
		})
	}
}

// lost answers lists but has no access, or panics over it.
type lost struct {
	query.Engine
	panics bool
}

type lostReader struct {
	query.Reader
	panics bool
}

func (f lost) Reader(ctx context.Context, now time.Time) (query.Reader, error) {
	r, err := f.Engine.Reader(ctx, now)
	return lostReader{r, f.panics}, err
}

func (f lostReader) Effective(context.Context, query.EffectiveQuery) ([]query.AccessPage, error) {
	if f.panics {
		panic("the access is gone")
	}
	return nil, errors.New("the access is gone")
}

// TestFailuresAreToldByTheGeneralExecutor: with their paths, once each.
func TestFailuresAreToldByTheGeneralExecutor(t *testing.T) {
	for _, panics := range []bool{false, true} {
		w := graphtest.New(t, graphtest.Options{Engine: func(e query.Engine) query.Engine { return lost{e, panics} }})
		body, asked, answered := both(t, t, w, auth.System(),
			`{ entity(id: "`+graphtest.ID(access.Identity, "gh-user-2")+`") { name displayName hasAccessTo { totalCount } } entities { totalCount } }`, nil)
		require.True(t, asked)
		require.False(t, answered)
		require.Contains(t, body, `"path":["entity","hasAccessTo"]`)
		require.Contains(t, body, `"code":"INTERNAL"`)
		require.Equal(t, 1, strings.Count(body, `"message"`), body)
	}
}
