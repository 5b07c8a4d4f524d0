package server_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/graph/graphtest"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/server"
)

const renamedFile = "User Name,Login ID,Kind,Group,group_id,E-Mail,Permission\n" +
	"Ann,a1,identity,Admins,g1,ann@example.com,member\nBob,b1,identity,Admins,g1,bob@example.com,member\n"

// importing is a site that imports in the background.
func importing(t *testing.T) (s *site, folder string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "uploads")
	s = startWorld(t, graphtest.Options{App: func(o *server.AppOptions) {
		o.Uploads, o.Jobs.Poll = folder, 10*time.Millisecond
	}}, nil)
	return s, folder
}

func (s *site) startJobs() {
	s.Jobs.Start()
	s.t.Cleanup(func() { require.NoError(s.t, s.Jobs.Shutdown(s.t.Context())) })
}

type importJob struct {
	State    string
	Progress struct{ Stage string }
	Result   *ingest.Report
	Failure  *struct{ Code, Message string }
}

func (s *site) imported(id string) importJob {
	s.t.Helper()
	var found struct{ Node importJob }
	require.Eventually(s.t, func() bool {
		require.Empty(s.t, s.graphQL(s.token, `query($id: ID!) { node(id: $id) { ... on Job { state result progress { stage } failure { code message } } } }`, map[string]any{"id": id}, &found))
		return found.Node.State != "QUEUED" && found.Node.State != "RUNNING"
	}, 20*time.Second, 10*time.Millisecond)
	return found.Node
}

func (s *site) submit(query url.Values, body string) string {
	s.t.Helper()
	resp, raw := s.do(http.MethodPost, "/api/v1/imports/entitlements/jobs?"+query.Encode(), body, "Authorization", "Bearer "+s.token)
	require.Equal(s.t, http.StatusAccepted, resp.StatusCode, raw)
	var out struct{ Job string }
	require.NoError(s.t, json.Unmarshal([]byte(raw), &out))
	return out.Job
}

func left(t *testing.T, folder string) int {
	t.Helper()
	list, err := os.ReadDir(folder)
	require.NoError(t, err)
	return len(list)
}

// TestAFileIsImportedAsTheWizardDoes: preview, dry run, import, each with what the one before said.
func TestAFileIsImportedAsTheWizardDoes(t *testing.T) {
	s, folder := importing(t)
	s.startJobs()
	resp, raw := s.do(http.MethodPost, "/api/v1/imports/entitlements/preview?partial=true&map=Entity+Source+ID%3DLogin+ID&map=Entity+Name%3DUser+Name", renamedFile, "Authorization", "Bearer "+s.token)
	require.Equal(t, http.StatusOK, resp.StatusCode, raw)
	var p struct {
		Ready         bool
		Map, Defaults map[string]string
		Problems      []ingest.Issue
	}
	require.NoError(t, json.Unmarshal([]byte(raw), &p))
	require.True(t, p.Ready, raw)
	query := url.Values{"application": {"Tools"}, "integration": {"Tools (prod)"}, "file": {"tools.csv"}}
	for name, v := range p.Map {
		query.Add("map", name+"="+v)
	}
	for name, v := range p.Defaults {
		query.Add("default", name+"="+v)
	}
	broken := renamedFile + "Cleo,c1,tree,Admins,g1,,member\n"
	bad := s.imported(s.submit(query, broken))
	require.Equal(t, "FAILED", bad.State)
	require.Equal(t, string(access.CodeInvalidInput), bad.Failure.Code)
	require.Contains(t, bad.Failure.Message, "tools.csv")
	require.Len(t, bad.Result.Errors, 1, "the report says where")
	require.EqualValues(t, 4, bad.Result.Errors[0].Row)
	require.Equal(t, "Entity Type", bad.Result.Errors[0].Column)

	total := func() (n struct{ Entities struct{ TotalCount int } }) {
		require.Empty(t, s.graphQL(s.token, `{ entities(filter: {integration: {eq: "Tools (prod)"}}) { totalCount } }`, nil, &n))
		return n
	}
	query.Set("dryRun", "true")
	dry := s.imported(s.submit(query, renamedFile))
	require.Equal(t, "SUCCEEDED", dry.State, "%+v", dry.Failure)
	require.EqualValues(t, 3, dry.Result.Entities.Added)
	require.Zero(t, total().Entities.TotalCount)
	query.Del("dryRun")
	done := s.imported(s.submit(query, renamedFile))
	require.Equal(t, "SUCCEEDED", done.State, "%+v", done.Failure)
	require.Equal(t, 3, total().Entities.TotalCount)
	require.Zero(t, left(t, folder), "files go with their jobs")

	// The next preview of the integration remembers.
	_, raw = s.do(http.MethodPost, "/api/v1/imports/entitlements/preview?integration=Tools+(prod)", renamedFile, "Authorization", "Bearer "+s.token)
	require.Contains(t, raw, `"how":"REMEMBERED"`)
}

func TestAQueuedImportIsCancelled(t *testing.T) {
	s, folder := importing(t) // nothing runs yet
	id := s.submit(url.Values{"application": {"A"}, "integration": {"B"}}, renamedFile)
	require.Equal(t, 1, left(t, folder))
	var out struct{ CancelJob struct{ State string } }
	require.Empty(t, s.graphQL(s.token, `mutation($id: ID!) { cancelJob(id: $id) { state } }`, map[string]any{"id": id}, &out))
	require.Equal(t, "CANCELLED", out.CancelJob.State)
	s.startJobs()
	require.Equal(t, "CANCELLED", s.imported(id).State)
}

func TestRefusedUploads(t *testing.T) {
	s, folder := importing(t)
	manager := key(t, s.World, access.RiskManager)
	for name, c := range map[string]struct {
		path, token, body string
		headers           []string
		status            int
	}{
		"no key":             {"jobs", "", "x", nil, http.StatusUnauthorized},
		"a risk manager":     {"jobs", manager, "x", nil, http.StatusForbidden},
		"their preview":      {"preview", manager, "x", nil, http.StatusForbidden},
		"another site":       {"jobs", s.token, "x", []string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		"a preview of it":    {"preview", s.token, "x", []string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		"a misspelt flag":    {"jobs?dryrun=true", s.token, "x", nil, http.StatusBadRequest},
		"partial of an job":  {"jobs?partial=true", s.token, "x", nil, http.StatusBadRequest},
		"bad partial":        {"preview?partial=perhaps", s.token, "x", nil, http.StatusBadRequest},
		"no such column":     {"preview?map=Colour%3Dx", s.token, "x", nil, http.StatusBadRequest},
		"too much of a file": {"preview", s.token, "a,b\n" + strings.Repeat("x", 2<<20), nil, http.StatusRequestEntityTooLarge},
	} {
		headers := c.headers
		if c.token != "" {
			headers = append(headers, "Authorization", "Bearer "+c.token)
		}
		resp, raw := s.do(http.MethodPost, "/api/v1/imports/entitlements/"+c.path, c.body, headers...)
		require.Equal(t, c.status, resp.StatusCode, "%s: %s", name, raw)
	}
	_, err := os.ReadDir(folder)
	require.ErrorIs(t, err, os.ErrNotExist, "nothing was kept")
	for range 5 {
		s.submit(url.Values{}, "x")
	}
	resp, raw := s.do(http.MethodPost, "/api/v1/imports/entitlements/jobs", "x", "Authorization", "Bearer "+s.token)
	require.Equal(t, http.StatusRequestEntityTooLarge, resp.StatusCode, raw)
	require.Contains(t, raw, "LIMIT_EXCEEDED")
}
