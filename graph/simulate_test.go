package graph_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/graph/graphtest"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/store"
)

var (
	alicegh     = graphtest.ID(access.Identity, "gh-user-1")
	danagh      = graphtest.ID(access.Identity, "gh-user-4")
	carolgh     = graphtest.ID(access.Identity, "gh-user-3")
	engineering = graphtest.ID(access.Connection, "gh-team-100")
	product     = graphtest.ID(access.Connection, "gh-team-200")
	platform    = graphtest.ID(access.Connection, "gh-team-500")
	adminRepo   = graphtest.ID(access.Resource, "gh-repo-2")
	handbook    = graphtest.ID(access.Resource, "gh-repo-4")
)

// filled puts the ids in the place of their names.
func filled(text string) string {
	return strings.NewReplacer("ALICE", alicegh, "DANA", danagh, "CAROL", carolgh, "ENGINEERING", engineering, "PRODUCT", product,
		"PLATFORM", platform, "ADMIN", adminRepo, "HANDBOOK", handbook).Replace(text)
}

const shownChange = `kind identity { name } target { name } permissionsGained { name } permissionsLost { name value }
	causes { source { name } target { name } permission value gained at change }`

// Everything nested in a simulation is answered from it, and nothing beside it.
func TestSimulate(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	data := w.Must(filled(`{
		simulate(changes: [
			{removeGrant: {source: "ENGINEERING", target: "PRODUCT"}}
			{addGrant: {source: "ALICE", target: "PLATFORM"}}
			{suspend: "CAROL"}
			{delete: "DANA"}
		]) {
			alice: entity(id: "ALICE") { hasAccessTo(reach: DIRECT) { edges { node { name } permissions { name value } } }
				reaches: hasAccessTo(filter: {type: [RESOURCE]}) { totalCount edges { node { name accessibleBy(filter: {name: {eq: "alicegh"}}) { totalCount } } providers { name } pathCount } } }
			dana: entity(id: "DANA") { removedAt hasAccessTo { totalCount } }
			entities(filter: {type: [IDENTITY], having: [{entity: {name: {eq: "infra-live"}}}]}) { totalCount edges { node { name status } } }
			entityFacets(by: [STATUS], filter: {type: [IDENTITY]}) { buckets { value count } }
			accessPaths(from: "ALICE", to: "ADMIN") { paths { steps { to { name } } } }
			gone: accessPaths(from: "ALICE", to: "HANDBOOK") { paths { length } }
			accessDifference(filter: {name: {eq: "alicegh"}}) { totalCount edges { node { `+shownChange+` } } }
		}
		entity(id: "ALICE") { hasAccessTo(filter: {type: [RESOURCE]}) { totalCount } }
	}`), nil)
	cause := func(target, by, to, permission string, gained bool, change int) string {
		return fmt.Sprintf(`{"source":{"name":%q},"target":{"name":%q},"permission":%q,"value":"true","gained":%t,"at":null,"change":%d}`, by, to, permission, gained, change)
	}
	lost := func(target string) string {
		permission := "read"
		if target == "All-Contributors" || target == "Product-Development" {
			permission = "member"
		}
		return fmt.Sprintf(`{"node":{"kind":"LOST","identity":{"name":"alicegh"},"target":{"name":%q},"permissionsGained":[],"permissionsLost":[{"name":%q,"value":"true"}],"causes":[%s]}}`,
			target, permission, cause(target, "Engineering", "Product-Development", "member", false, 0))
	}
	gained := func(target, permission string) string {
		return fmt.Sprintf(`{"node":{"kind":"GAINED","identity":{"name":"alicegh"},"target":{"name":%q},"permissionsGained":[{"name":%q}],"permissionsLost":[],"causes":[%s]}}`,
			target, permission, cause(target, "alicegh", "Platform", "member", true, 1))
	}
	differences := strings.Join([]string{lost("All-Contributors"), lost("handbook"), gained("infra-live", "write"), gained("Platform", "member"),
		lost("Product-Development"), lost("roadmap-docs")}, ",")
	sameJSON(t, `{
		"simulate":{
			"alice":{"hasAccessTo":{"edges":[{"node":{"name":"Engineering"},"permissions":[{"name":"member","value":"true"}]},{"node":{"name":"Platform"},"permissions":[{"name":"member","value":"true"}]}]},
				"reaches":{"totalCount":3,"edges":[
					{"node":{"name":"admin-application","accessibleBy":{"totalCount":1}},"providers":[{"name":"Engineering"},{"name":"Platform"}],"pathCount":2},
					{"node":{"name":"customer-application","accessibleBy":{"totalCount":1}},"providers":[{"name":"Engineering"}],"pathCount":1},
					{"node":{"name":"infra-live","accessibleBy":{"totalCount":1}},"providers":[{"name":"Platform"}],"pathCount":1}]}},
			"dana":{"removedAt":"2024-03-01T12:00:00Z","hasAccessTo":{"totalCount":0}},
			"entities":{"totalCount":3,"edges":[{"node":{"name":"alicegh","status":"ACTIVE"}},{"node":{"name":"bobgh","status":"ACTIVE"}},{"node":{"name":"carolgh","status":"SUSPENDED"}}]},
			"entityFacets":[{"buckets":[{"value":"ACTIVE","count":3},{"value":"SUSPENDED","count":1}]}],
			"accessPaths":{"paths":[{"steps":[{"to":{"name":"Platform"}},{"to":{"name":"admin-application"}}]},{"steps":[{"to":{"name":"Engineering"}},{"to":{"name":"admin-application"}}]}]},
			"gone":{"paths":[]},
			"accessDifference":{"totalCount":6,"edges":[`+differences+`]}
		},
		"entity":{"hasAccessTo":{"totalCount":4}}
	}`, inPathOrder(data))

	// The difference of a deleted identity names the change, too; nothing was written.
	data = w.Must(filled(`{ simulate(changes: [{delete: "DANA"}]) { accessDifference(first: 1) { totalCount pageInfo { hasNextPage } edges { node { kind identity { name removedAt } causes { change gained } } } } } entity(id: "DANA") { removedAt } }`), nil)
	sameJSON(t, `{"simulate":{"accessDifference":{"totalCount":7,"pageInfo":{"hasNextPage":true},"edges":[{"node":{"kind":"LOST","identity":{"name":"danagh","removedAt":"2024-03-01T12:00:00Z"},"causes":[{"change":0,"gained":false}]}}]}},"entity":{"removedAt":null}}`, data)
}

// inPathOrder sorts the two paths of equal length, whose order is that of ids.
func inPathOrder(data map[string]any) map[string]any {
	s := data["simulate"].(map[string]any)
	paths := s["accessPaths"].(map[string]any)["paths"].([]any)
	slices.SortFunc(paths, func(a, b any) int { return strings.Compare(fmt.Sprint(b), fmt.Sprint(a)) })
	return data
}

func TestSimulationsThatCannotBe(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	for _, c := range []struct{ changes, argument string }{
		{`[]`, "changes"},
		{`[{}]`, "changes[0]"},
		{`[{suspend: "CAROL", delete: "DANA"}]`, "changes[0]"},
		{`[{suspend: "CAROL"}, {delete: "e_nobody"}]`, "changes[1].delete"},
		{`[{delete: "DANA"}, {addGrant: {source: "CAROL", target: "DANA"}}]`, "changes[1].addGrant.target"},
		{`[{removeGrant: {source: "CAROL", target: "PLATFORM", permission: "own"}}]`, "changes[0].removeGrant"},
		{`[{addGrant: {source: "x", target: "PLATFORM"}}]`, "changes[0].addGrant.source"},
	} {
		a := w.Ask(auth.System(), filled(`{ simulate(changes: `+c.changes+`) { __typename } }`), nil)
		require.NotEmpty(t, a.Errors, c.changes)
		require.Equal(t, access.CodeInvalidInput, a.Errors[0].Code(), c.changes)
		require.Equal(t, c.argument, a.Errors[0].Extensions["argument"], c.changes)
	}
	a := w.Ask(auth.System(), filled(`{ simulate(changes: [{suspend: "CAROL"}]) { entity(id: "CAROL") { hasAccessTo(asOf: "2024-01-01T00:00:00Z") { totalCount } } } }`), nil)
	require.Equal(t, access.CodeInvalidInput, a.Errors[0].Code())
	require.Equal(t, "asOf", a.Errors[0].Extensions["argument"])
	a = w.Ask(graphtest.Principal(access.Reviewer, "carol@example.com"), filled(`{ simulate(changes: [{suspend: "CAROL"}]) { __typename } }`), nil)
	require.Equal(t, access.CodeForbidden, a.Errors[0].Code())
}

// inThePast is a world where things happened: an hour before Now all of it came; then danagh
// left Engineering and the release bot went; then danagh came back.
func inThePast(t *testing.T) (*graphtest.World, []time.Time) {
	w := graphtest.New(t, graphtest.Options{})
	at := []time.Time{graphtest.Now.Add(-time.Hour), graphtest.Now.Add(-40 * time.Minute), graphtest.Now.Add(-20 * time.Minute)}
	commit := func(at time.Time, changes ...store.Change) {
		_, err := w.Store.Commit(t.Context(), store.Commit{At: at, GraphCount: int64(len(changes)), Graph: func(yield func(store.Change, error) bool) {
			for _, c := range changes {
				if !yield(c, nil) {
					return
				}
			}
		}})
		require.NoError(t, err)
	}
	commit(at[1], store.Change{RemoveGrant: &access.GrantKey{Source: danagh, Target: engineering, Permission: "member"}},
		store.Change{RemoveEntity: graphtest.ID(access.Identity, "gh-user-5")})
	commit(at[2], graphtest.Grant(danagh, engineering, "member", "true"), graphtest.Grant(danagh, adminRepo, "admin", "true"))
	return w, at
}

func stamp(t time.Time) string { return t.Format(time.RFC3339) }

// asOf answers from the past, for all that is nested, wherever it is given.
func TestAsOf(t *testing.T) {
	w, at := inThePast(t)
	ask := func(asOf time.Time) string {
		return filled(`{
			entity(id: "DANA", asOf: "` + stamp(asOf) + `") { hasAccessTo { totalCount } grants(ended: true) { totalCount } identityType }
			entities(filter: {type: [IDENTITY]}, asOf: "` + stamp(asOf) + `") { totalCount }
			entityFacets(by: [TYPE], asOf: "` + stamp(asOf) + `") { buckets { value count } }
			accessPaths(from: "DANA", to: "HANDBOOK", asOf: "` + stamp(asOf) + `") { paths { length steps { from { hasAccessTo { totalCount } } } } }
			today: entity(id: "DANA") { hasAccessTo { totalCount } then: hasAccessTo(asOf: "` + stamp(asOf) + `") { totalCount edges { node { accessibleBy(filter: {name: {eq: "danagh"}}) { totalCount } } } } }
		}`)
	}
	data := func(reach, ended, identities, paths string) string {
		edges := "[]"
		if reach != "0" {
			edges = "[" + strings.TrimSuffix(strings.Repeat(`{"node":{"accessibleBy":{"totalCount":1}}},`, 7), ",") + "]"
		}
		return `{"entity":{"hasAccessTo":{"totalCount":` + reach + `},"grants":{"totalCount":` + ended + `},"identityType":"UNMAPPED"},
			"entities":{"totalCount":` + identities + `},
			"entityFacets":[{"buckets":[{"value":"CONNECTION","count":7},{"value":"RESOURCE","count":6},{"value":"IDENTITY","count":` + identities + `}]}],
			"accessPaths":{"paths":` + paths + `},
			"today":{"hasAccessTo":{"totalCount":7},"then":{"totalCount":` + reach + `,"edges":` + edges + `}}}`
	}
	path := `[{"length":4,"steps":[{"from":{"hasAccessTo":{"totalCount":7}}},{"from":{"hasAccessTo":{"totalCount":6}}},{"from":{"hasAccessTo":{"totalCount":3}}},{"from":{"hasAccessTo":{"totalCount":1}}}]}]`
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{at[0], data("7", "0", "5", path)},
		{at[1].Add(-time.Second), data("7", "0", "5", path)},
		{at[1], data("0", "1", "4", "[]")},
		{at[2], data("7", "1", "4", path)},
	} {
		a := w.Ask(auth.System(), ask(c.at), nil)
		require.Empty(t, a.Errors, c.at)
		sameJSON(t, c.want, a.Data)
		said := a.Extensions["accessgraph"].(map[string]any)
		require.Equal(t, "memory", said["engine"])
		require.Equal(t, []any{stamp(c.at)}, said["asOf"])
	}
	// Before anything, there was nothing.
	sameJSON(t, `{"entity":null,"entities":{"totalCount":0}}`,
		w.Must(filled(`{ entity(id: "DANA", asOf: "2001-01-01T00:00:00Z") { id } entities(asOf: "2001-01-01T00:00:00Z") { totalCount } }`), nil))

	// A reviewer sees of the past what they may see of today.
	a := w.Ask(graphtest.Principal(access.Reviewer, "carol@example.com"), filled(`{ entities(filter: {type: [IDENTITY]}, asOf: "`+stamp(at[1])+`") { edges { node { name } } } entity(id: "ALICE", asOf: "`+stamp(at[1])+`") { id } }`), nil)
	require.Empty(t, a.Errors)
	sameJSON(t, `{"entities":{"edges":[{"node":{"name":"carolgh"}}]},"entity":null}`, a.Data)

	// Every moment costs.
	var many strings.Builder
	for i := range 30 {
		fmt.Fprintf(&many, `a%d: entities(asOf: "%s") { totalCount } `, i, stamp(at[0].Add(time.Duration(i)*time.Minute)))
	}
	require.Equal(t, access.CodeLimitExceeded, w.Ask(auth.System(), "{"+many.String()+"}", nil).Errors[0].Code())
}

func TestAccessChanges(t *testing.T) {
	w, at := inThePast(t)
	between := func(from, to time.Time, more string) string {
		return `{ accessChanges(from: "` + stamp(from) + `", to: "` + stamp(to) + `"` + more + `) { totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { node { ` + shownChange + ` identity { hasAccessTo { totalCount } } } } } }`
	}
	data := w.Must(between(at[0], at[1], `, targetFilter: {name: {in: ["handbook", "release-tools"]}}`), nil)
	delete(data["accessChanges"].(map[string]any)["pageInfo"].(map[string]any), "endCursor")
	sameJSON(t, `{"accessChanges":{"totalCount":2,"pageInfo":{"hasNextPage":false,"hasPreviousPage":false},"edges":[
		{"node":{"kind":"LOST","identity":{"name":"danagh","hasAccessTo":{"totalCount":0}},"target":{"name":"handbook"},"permissionsGained":[],"permissionsLost":[{"name":"read","value":"true"}],
			"causes":[{"source":{"name":"danagh"},"target":{"name":"Engineering"},"permission":"member","value":"true","gained":false,"at":"`+stamp(at[1])+`","change":null}]}},
		{"node":{"kind":"LOST","identity":{"name":"release-bot","hasAccessTo":{"totalCount":0}},"target":{"name":"release-tools"},"permissionsGained":[],"permissionsLost":[{"name":"write","value":"true"}],
			"causes":[{"source":{"name":"release-bot"},"target":{"name":"release-tools"},"permission":"write","value":"true","gained":false,"at":"`+stamp(at[1])+`","change":null}]}}
	]}}`, data)
	// Between the first and the last moment danagh only gained a permission.
	data = w.Must(between(at[0], at[2], `, filter: {name: {eq: "danagh"}}`), nil)
	delete(data["accessChanges"].(map[string]any)["pageInfo"].(map[string]any), "endCursor")
	sameJSON(t, `{"accessChanges":{"totalCount":1,"pageInfo":{"hasNextPage":false,"hasPreviousPage":false},"edges":[
		{"node":{"kind":"CHANGED","identity":{"name":"danagh","hasAccessTo":{"totalCount":7}},"target":{"name":"admin-application"},"permissionsGained":[{"name":"admin"}],"permissionsLost":[],
			"causes":[{"source":{"name":"danagh"},"target":{"name":"admin-application"},"permission":"admin","value":"true","gained":true,"at":"`+stamp(at[2])+`","change":null}]}}]}}`, data)
	// Pages neither skip nor repeat.
	whole := w.Must(between(at[1], at[2], ""), nil)["accessChanges"].(map[string]any)
	require.InEpsilon(t, 7, whole["totalCount"], 0)
	var paged []any
	after := ""
	for {
		page := w.Must(between(at[1], at[2], `, first: 2`+after), nil)["accessChanges"].(map[string]any)
		paged = append(paged, page["edges"].([]any)...)
		info := page["pageInfo"].(map[string]any)
		if info["hasNextPage"] != true {
			break
		}
		after = fmt.Sprintf(", after: %q", info["endCursor"])
	}
	require.Equal(t, whole["edges"], paged)
	a := w.Ask(auth.System(), between(at[1], at[0], ""), nil)
	require.Equal(t, access.CodeInvalidInput, a.Errors[0].Code())
	require.Equal(t, "from", a.Errors[0].Extensions["argument"])
	a = w.Ask(auth.System(), between(at[0], at[1], `, after: "nonsense"`), nil)
	require.Equal(t, "after", a.Errors[0].Extensions["argument"])
}

// cypherLike is an engine whose readers do not hold the whole graph.
type cypherLike struct{ query.Engine }

type reader struct{ query.Reader }

func (e cypherLike) Reader(ctx context.Context, now time.Time) (query.Reader, error) {
	r, err := e.Engine.Reader(ctx, now)
	return reader{r}, err
}

// Where memory is switched off, what only memory answers is refused, and the rest is not.
func TestWithoutMemory(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{Engine: func(e query.Engine) query.Engine { return cypherLike{e} }})
	for _, text := range []string{
		`{ entities(asOf: "2024-01-01T00:00:00Z") { totalCount } }`,
		`{ simulate(changes: [{suspend: "CAROL"}]) { __typename } }`,
		`{ accessChanges(from: "2024-01-01T00:00:00Z", to: "2024-01-02T00:00:00Z") { totalCount } }`,
	} {
		a := w.Ask(auth.System(), filled(text), nil)
		require.Equal(t, access.CodeUnavailable, a.Errors[0].Code(), text)
		require.Contains(t, a.Errors[0].Message, "--engine")
	}
	w.Must(`{ entities { totalCount } }`, nil)

	// Where Cypher answers and memory can be loaded, it is.
	w = graphtest.New(t, graphtest.Options{Engine: func(e query.Engine) query.Engine { return query.OnDemand{Engine: cypherLike{e}, Memory: e} }})
	w.Must(`{ entities(asOf: "2024-01-01T00:00:00Z") { totalCount } now: entities { totalCount } }`, nil)
}
