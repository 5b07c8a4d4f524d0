package graph_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/graph/graphtest"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/jobs"
	"github.com/accessgraph/accessgraph/internal/server"
	"github.com/accessgraph/accessgraph/internal/store"
)

func TestIntegrations(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	got := w.Must(`{ applications { name integrations { name } } integrations { key name application { name } status extraction outOfSync
		owners { primary { fullName } secondaries { fullName } } counts { identities connections resources withInsights } } }`, nil)
	sameJSON(t, `{"applications":[{"name":"GitHub","integrations":[{"name":"GitHub (test)"}]},{"name":"Home-grown","integrations":[{"name":"Loops"}]}],"integrations":[
		{"key":"GitHub (test)","name":"GitHub (test)","application":{"name":"GitHub"},"status":"CONNECTED","extraction":"FILE_UPLOAD","outOfSync":false,
			"owners":{"primary":{"fullName":"Bob Builder"},"secondaries":[{"fullName":"Alice Sample"}]},"counts":{"identities":5,"connections":5,"resources":6,"withInsights":1}},
		{"key":"Loops","name":"Loops","application":{"name":"Home-grown"},"status":"CONNECTED","extraction":"FILE_UPLOAD","outOfSync":true,
			"owners":{"primary":null,"secondaries":[]},"counts":{"identities":0,"connections":2,"resources":0,"withInsights":0}}]}`, got)
	sameJSON(t, `{"integrations":[{"name":"Loops"}]}`, w.Must(`{ integrations(outOfSync: true) { name } }`, nil))
	sameJSON(t, `{"integrations":[{"name":"GitHub (test)"}]}`, w.Must(`query($p: ID!) { integrations(primaryOwner: $p, search: "git", application: ["GitHub"]) { name } }`,
		map[string]any{"p": access.EmployeeID("bob@example.com")}))
}

func TestOverview(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	got := w.Must(`{ integration(name: "GitHub (test)") { overview {
		identitiesByType { value count } identitiesByStatus { value count } mfa { value count } mapped unmapped
		lastLogin { upTo30Days days31To90 days91To180 over180Days never }
		topConnections(first: 2) { entity { name } count } topResources(first: 2) { entity { name } count } insights { value count } } } }`, nil)
	sameJSON(t, `{"integration":{"overview":{"identitiesByType":[{"value":"EMPLOYEE","count":3},{"value":"SERVICE_ACCOUNT","count":1},{"value":"UNMAPPED","count":1}],
		"identitiesByStatus":[{"value":"ACTIVE","count":4},{"value":"SUSPENDED","count":1}],
		"mfa":[{"value":"UNKNOWN","count":3},{"value":"FALSE","count":1},{"value":"TRUE","count":1}],"mapped":4,"unmapped":1,
		"lastLogin":{"upTo30Days":1,"days31To90":0,"days91To180":1,"over180Days":0,"never":3},
		"topConnections":[{"entity":{"name":"All-Contributors"},"count":3},{"entity":{"name":"Engineering"},"count":3}],
		"topResources":[{"entity":{"name":"admin-application"},"count":4},{"entity":{"name":"customer-application"},"count":3}],
		"insights":[{"value":"MFA Missing","count":1}]}}}`, got)
	sameJSON(t, `{"statistics":{"applications":2,"integrations":2,"outOfSync":1,"identities":5,"connections":7,"resources":6,"employees":3,
		"employeeIdentities":3,"serviceAccounts":1,"unmappedIdentities":1,"graphVersion":1}}`,
		w.Must(`{ statistics { applications integrations outOfSync identities connections resources employees employeeIdentities serviceAccounts unmappedIdentities graphVersion } }`, nil))
}

func TestDataQuality(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	sameJSON(t, `{"dataQuality":[
		{"kind":"NON_HUMAN_CONNECTION","count":1,"entities":[{"name":"Two"}],"integration":{"name":"Loops"}},
		{"kind":"CONNECTION_CYCLE","count":2,"entities":[{"name":"One"},{"name":"Two"}],"integration":{"name":"Loops"}},
		{"kind":"SELF_GRANT","count":1,"entities":[{"name":"Two"}],"integration":{"name":"Loops"}},
		{"kind":"INTEGRATION_WITHOUT_OWNER","count":0,"entities":[],"integration":{"name":"Loops"}}]}`,
		w.Must(`query($i: ID) { dataQuality(integration: $i) { kind count entities { name } integration { name } } }`, map[string]any{"i": access.IntegrationID("Loops")}))
	hints := w.Must(`{ dataQuality { kind count filter } }`, nil)["dataQuality"].([]any)
	counts := map[string]float64{}
	for _, h := range hints {
		hint := h.(map[string]any)
		counts[hint["kind"].(string)] = hint["count"].(float64)
		if f := hint["filter"]; f != nil { // the filter lists what the hint counts
			total := w.Must(`query($f: EntityFilter) { entities(filter: $f) { totalCount } }`, map[string]any{"f": f})
			require.Equal(t, hint["count"], total["entities"].(map[string]any)["totalCount"], hint["kind"])
		}
	}
	require.Equal(t, map[string]float64{"UNMAPPED_IDENTITY": 1, "SERVICE_ACCOUNT_WITHOUT_OWNER": 1, "NEVER_ACTIVE": 3, "NON_HUMAN_CONNECTION": 1,
		"CONNECTION_CYCLE": 2, "SELF_GRANT": 1, "STUB": 6, "INTEGRATION_WITHOUT_OWNER": 0}, counts)
}

func TestPeople(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	sameJSON(t, `{"employees":{"totalCount":2,"pageInfo":{"hasNextPage":true},"edges":[{"node":{"fullName":"Alice Sample","state":"ACTIVE","startDate":"2020-01-01","endDate":null,
		"manager":{"fullName":"Bob Builder","reports":{"totalCount":2}},"identities":[{"name":"alicegh","integration":{"name":"GitHub (test)"}}]}}]}}`,
		w.Must(`{ employees(manager: "BOB@example.com", first: 1) { totalCount pageInfo { hasNextPage } edges { node { fullName state startDate endDate
			manager { fullName reports { totalCount } } identities { name integration { name } } } } } }`, nil))
	sameJSON(t, `{"employee":{"department":"Operations","managerEmail":"bob@example.com","roles":["REVIEWER"]}}`,
		w.Must(`{ employee(workEmail: "Carol@Example.com") { department managerEmail roles } }`, nil))
}

func TestNodes(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	for id, typename := range map[string]string{
		graphtest.ID(access.Identity, "gh-user-1"): "Entity", access.EmployeeID("bob@example.com"): "Employee", access.ApplicationID("GitHub"): "Application",
		access.IntegrationID("Loops"): "Integration", access.InsightID("MFA Missing"): "Insight",
	} {
		got := w.Must(`query($id: ID!) { node(id: $id) { __typename id } }`, map[string]any{"id": id})["node"]
		require.Equal(t, map[string]any{"__typename": typename, "id": id}, got)
	}
	for _, id := range []string{"", "x", "e_nothing", "p_x", "a_x", "i_x", "s_x", "01HBKKYMCTG5YBCF2F1FXC9YWV"} {
		require.Nil(t, w.Must(`query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": id})["node"], id)
	}
}

func TestARemovedEntityIsFound(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	id := graphtest.ID(access.Identity, "gh-user-1")
	_, err := w.Store.Commit(t.Context(), store.Commit{At: graphtest.Now, GraphCount: 1, Graph: func(yield func(store.Change, error) bool) {
		yield(store.Change{RemoveEntity: id}, nil)
	}})
	require.NoError(t, err)
	got := w.Must(`query($id: ID!) { node(id: $id) { ... on Entity { name removedAt hasAccessTo { totalCount } grants(ended: true) { edges { node { target { name } to } } } } }
		entities(search: "alicegh") { totalCount } all: entities(search: "alicegh", filter: {removed: true}) { totalCount } }`, map[string]any{"id": id})
	sameJSON(t, `{"node":{"name":"alicegh","removedAt":"2024-03-01T12:00:00Z","hasAccessTo":{"totalCount":0},
		"grants":{"edges":[{"node":{"target":{"name":"Engineering"},"to":"2024-03-01T12:00:00Z"}}]}},"entities":{"totalCount":0},"all":{"totalCount":1}}`, got)
}

func TestMutationsAreAudited(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	team := graphtest.ID(access.Connection, "gh-team-100")
	bob, carol := access.EmployeeID("bob@example.com"), access.EmployeeID("carol@example.com")
	got := w.Must(`mutation($team: ID!, $bob: ID!, $carol: ID!, $loops: ID!) {
		setBusinessOwners(input: {entityIds: [$team], owners: {primary: $carol, secondaries: [$bob]}}) { entities { businessOwners { primary { fullName } secondaries { fullName } } } }
		updateIntegration(input: {id: $loops, name: "Circles", owners: {primary: $carol}}) { key name owners { primary { fullName } } }
		addEmployee(input: {workEmail: "dana@example.com", fullName: "Dana New", managerEmail: "bob@example.com", startDate: "2024-02-01"}) { fullName state manager { fullName } }
		updateSettings(input: {timeZone: "Europe/Berlin"}) { timeZone tenantName revision }
	}`, map[string]any{"team": team, "bob": bob, "carol": carol, "loops": access.IntegrationID("Loops")})
	sameJSON(t, `{"setBusinessOwners":{"entities":[{"businessOwners":{"primary":{"fullName":"Carol Other"},"secondaries":[{"fullName":"Bob Builder"}]}}]},
		"updateIntegration":{"key":"Loops","name":"Circles","owners":{"primary":{"fullName":"Carol Other"}}},
		"addEmployee":{"fullName":"Dana New","state":"ACTIVE","manager":{"fullName":"Bob Builder"}},
		"updateSettings":{"timeZone":"Europe/Berlin","tenantName":"accessgraph","revision":1}}`, got)
	a := w.Ask(auth.System(), `mutation { updateSettings(input: {tenantName: "x", revision: 0}) { revision } }`, nil)
	require.Equal(t, access.CodeConflict, a.Errors[0].Code())

	edges := w.Must(`{ auditLog(first: 3) { edges { node { action object actorKind requestId after } } pageInfo { hasNextPage } } }`, nil)["auditLog"].(map[string]any)
	require.Equal(t, true, edges["pageInfo"].(map[string]any)["hasNextPage"])
	var actions []string
	for _, e := range edges["edges"].([]any) {
		n := e.(map[string]any)["node"].(map[string]any)
		actions = append(actions, n["action"].(string))
		require.Equal(t, "system", n["actorKind"])
		require.NotEmpty(t, n["requestId"])
	}
	require.Equal(t, []string{"settings.update", "employee.add", "integration.update"}, actions)
	sameJSON(t, `{"auditLog":{"edges":[{"node":{"after":{"primary":"`+carol+`","secondaries":["`+bob+`"]}}}],"pageInfo":{"hasNextPage":false}}}`,
		w.Must(`query($o: String) { auditLog(object: $o) { edges { node { after } } pageInfo { hasNextPage } } }`, map[string]any{"o": team}))
}

func TestAPIKeys(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	made := w.Must(`mutation($e: ID!) { createApiKey(input: {name: "script", role: REVIEWER, employee: $e}) { token secret apiKey { id name role employee { fullName } revokedAt lastUsedAt } } }`,
		map[string]any{"e": access.EmployeeID("bob@example.com")})["createApiKey"].(map[string]any)
	k := made["apiKey"].(map[string]any)
	sameJSON(t, `{"id":"`+k["id"].(string)+`","name":"script","role":"REVIEWER","employee":{"fullName":"Bob Builder"},"revokedAt":null,"lastUsedAt":null}`, k)
	p, err := w.Keys.Authenticate(t.Context(), made["token"].(string))
	require.NoError(t, err)
	sameJSON(t, `{"me":{"roles":["REVIEWER"],"employee":{"fullName":"Bob Builder"}}}`, w.Ask(p, `{ me { roles employee { fullName } } }`, nil).Data)
	sameJSON(t, `{"revokeApiKey":{"revokedAt":"2024-03-01T12:00:00Z"}}`, w.Must(`mutation($id: ID!) { revokeApiKey(id: $id) { revokedAt } }`, map[string]any{"id": k["id"]}))
	_, err = w.Keys.Authenticate(t.Context(), made["token"].(string))
	require.Equal(t, access.CodeUnauthenticated, access.CodeOf(err))
	sameJSON(t, `{"apiKeys":[{"name":"script"}]}`, w.Must(`{ apiKeys { name } }`, nil))
}

func TestJobs(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{App: func(o *server.AppOptions) {
		o.Jobs.Poll = 10 * time.Millisecond
		o.JobKinds = []jobs.Kind{{Name: "wait", Run: func(ctx context.Context, task *jobs.Task) (any, error) {
			task.Report(1, 2, "waiting")
			<-ctx.Done()
			return nil, ctx.Err()
		}}}
	}})
	w.Jobs.Start()
	t.Cleanup(func() { _ = w.Jobs.Shutdown(context.Background()) })
	mine := graphtest.Principal(access.Reviewer, "bob@example.com")
	j, err := w.Jobs.Submit(auth.WithPrincipal(t.Context(), mine), "wait", nil)
	require.NoError(t, err)
	id := map[string]any{"id": j.ID}
	state := func() any {
		return w.Must(`query($id: ID!) { node(id: $id) { ... on Job { state } } }`, id)["node"].(map[string]any)["state"]
	}
	require.Eventually(t, func() bool { return state() == "RUNNING" }, 5*time.Second, 10*time.Millisecond)
	require.Len(t, w.Ask(mine, `{ jobs(state: RUNNING) { edges { node { kind progress { done } } } } }`, nil).Data["jobs"].(map[string]any)["edges"], 1)
	other := graphtest.Principal(access.Reviewer, "alice@example.com")
	require.Nil(t, w.Ask(other, `query($id: ID!) { node(id: $id) { id } }`, id).Data["node"])
	require.Equal(t, access.CodeForbidden, w.Ask(other, `mutation($id: ID!) { cancelJob(id: $id) { id } }`, id).Errors[0].Code())
	sameJSON(t, `{"cancelJob":{"cancelRequested":true}}`, w.Ask(mine, `mutation($id: ID!) { cancelJob(id: $id) { cancelRequested } }`, id).Data)
	require.Eventually(t, func() bool { return state() == "CANCELLED" }, 5*time.Second, 10*time.Millisecond)
}

func TestLifetimesOfKeys(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	// As a duration in 64 bits, 213504 days are 25 minutes.
	for _, days := range []string{"0", "-1", "733", "106752", "213504", "2147483647"} {
		a := w.Ask(auth.System(), `mutation { createApiKey(input: {name: "x", role: REVIEWER, expiresInDays: `+days+`}) { apiKey { id } } }`, nil)
		require.NotEmpty(t, a.Errors, days)
		require.Equal(t, access.CodeInvalidInput, a.Errors[0].Code())
		require.Equal(t, "expiresInDays", a.Errors[0].Extensions["argument"])
	}
	for argument, at := range map[string]string{"": "2024-05-30T12:00:00Z", ", expiresInDays: 1": "2024-03-02T12:00:00Z", ", expiresInDays: 732": "2026-03-03T12:00:00Z"} {
		data := w.Must(`mutation { createApiKey(input: {name: "x", role: REVIEWER`+argument+`}) { apiKey { expiresAt } } }`, nil)
		sameJSON(t, `{"createApiKey":{"apiKey":{"expiresAt":"`+at+`"}}}`, data)
	}
}

func TestCursorsOfLogs(t *testing.T) {
	w := graphtest.New(t, graphtest.Options{})
	for _, list := range []string{"auditLog", "importRuns", "jobs"} {
		a := w.Ask(auth.System(), `{ `+list+`(after: "AWUBAh42") { edges { cursor } } }`, nil)
		require.NotEmpty(t, a.Errors, list)
		require.Equal(t, access.CodeInvalidInput, a.Errors[0].Code())
		require.Equal(t, "after", a.Errors[0].Extensions["argument"])
	}
}
