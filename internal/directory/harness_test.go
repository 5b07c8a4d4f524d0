package directory_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/directory"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
	"github.com/accessgraph/accessgraph/internal/snapshot"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/embedded"
)

var start = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)

var admin = auth.WithPrincipal(context.Background(), auth.System())

func as(role access.ProductRole, employee string) context.Context {
	return auth.WithPrincipal(context.Background(), auth.Principal{Kind: auth.KindUser, EmployeeID: employee, Roles: []access.ProductRole{role}})
}

// hook lets a test act between the plan and the commit of the code under test.
type hook struct {
	*embedded.Store
	before func()
}

func (h *hook) Commit(ctx context.Context, c store.Commit) (int64, error) {
	if f := h.before; f != nil {
		h.before = nil
		f()
	}
	return h.Store.Commit(ctx, c)
}

// world is the directory over a fresh embedded store, with a clock that advances.
type world struct {
	t       *testing.T
	store   *hook
	ingest  *ingest.Importer
	im      *directory.Importer
	service *directory.Service
}

func newWorld(t *testing.T) *world {
	t.Helper()
	s, err := embedded.Open(context.Background(), t.TempDir(), embedded.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	var ticks atomic.Int64
	clock := func() time.Time { return start.Add(time.Duration(ticks.Add(1)) * time.Second) }
	now := func(context.Context) (time.Time, error) { return clock(), nil }
	h := &hook{Store: s}
	return &world{
		t: t, store: h, ingest: ingest.NewImporter(s, clock), im: directory.NewImporter(h, now),
		service: directory.NewService(h, snapshot.NewEngine(s), now),
	}
}

func (w *world) entitlements(name, application, integration string) {
	w.t.Helper()
	src, closeFile, err := csvfile.OpenFile(name, nil)
	require.NoError(w.t, err)
	defer closeFile() //nolint:errcheck // read only
	rep, err := w.ingest.Entitlements(context.Background(), src, ingest.EntitlementsOptions{
		Application: application, Integration: integration, AutoMap: directory.AutoMap, TempDir: w.t.TempDir(),
	})
	require.NoError(w.t, err, "%v", rep.Errors)
}

func source(text string) csvfile.Source { return csvfile.FromBytes("file.csv", []byte(text)) }

func file(t *testing.T, name string) csvfile.Source {
	t.Helper()
	raw, err := os.ReadFile(name) //nolint:gosec // a test's own file
	require.NoError(t, err)
	return csvfile.FromBytes(filepath.Base(name), raw)
}

func (w *world) employees(text string) ingest.Report {
	w.t.Helper()
	rep, err := w.im.Employees(admin, source(text), directory.ImportOptions{})
	require.NoError(w.t, err, "%v", rep.Errors)
	return rep
}

// loaded is a world with the entitlements of testdata as integration "Main", and its people.
func loaded(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.entitlements("testdata/entitlements.csv", "App", "Main")
	rep, err := w.im.Employees(admin, file(t, "testdata/employees.csv"), directory.ImportOptions{})
	require.NoError(t, err, "%v", rep.Errors)
	return w
}

func entityID(project string, typ access.EntityType, sourceID string) string {
	return access.EntityKey{Integration: "Main", Project: project, Type: typ, SourceID: sourceID}.ID()
}

func identity(n int) string {
	project := "north"
	if n == 4 {
		project = "south"
	}
	return entityID(project, access.Identity, fmt.Sprintf("u-%d", n))
}

// mappings are all mappings, readable: "source id: e-mail RELATION ORIGIN".
func (w *world) mappings() []string {
	w.t.Helper()
	var out []string
	err := w.store.ReadGraph(context.Background(), func(ctx context.Context, v store.GraphView) error {
		out = nil
		emails, ids := map[string]string{"": "-"}, map[string]string{}
		for e, err := range v.Employees(ctx) {
			if err != nil {
				return err
			}
			emails[e.ID] = strings.Split(e.WorkEmail, "@")[0]
		}
		for e, err := range v.Entities(ctx, "", true) {
			if err != nil {
				return err
			}
			ids[e.ID] = e.SourceID
		}
		for m, err := range v.Mappings(ctx, "") {
			if err != nil {
				return err
			}
			out = append(out, fmt.Sprintf("%s: %s %s %s", ids[m.EntityID], emails[m.EmployeeID], m.Relation, m.Origin))
		}
		return nil
	})
	require.NoError(w.t, err)
	return out
}

func (w *world) employee(email string) *access.Employee {
	w.t.Helper()
	found, err := w.store.EmployeesByID(context.Background(), []string{access.EmployeeID(email)})
	require.NoError(w.t, err)
	return found[0]
}

func (w *world) version() int64 {
	w.t.Helper()
	v, err := w.store.Version(context.Background())
	require.NoError(w.t, err)
	return v
}

func (w *world) audit(action string) []store.AuditEntry {
	w.t.Helper()
	rows, err := w.store.AuditEntries(context.Background(), store.AuditQuery{Action: action})
	require.NoError(w.t, err)
	return rows
}

func (w *world) runs() []ingest.Run {
	w.t.Helper()
	records, err := w.store.FindRecords(context.Background(), store.RecordQuery{Kind: ingest.RunKind, Descending: true})
	require.NoError(w.t, err)
	var out []ingest.Run
	for _, r := range records {
		run, err := ingest.ParseRun(r)
		require.NoError(w.t, err)
		out = append(out, run)
	}
	return out
}

// codes are the codes of issues with their places: "row column code".
func codes(issues []ingest.Issue) []string {
	var out []string
	for _, i := range issues {
		out = append(out, fmt.Sprintf("%d %s %s", i.Row, i.Column, i.Code))
	}
	return out
}

func requireInvalid(t *testing.T, err error, path string) {
	t.Helper()
	var e *access.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, access.CodeInvalidInput, e.Code, "%v", err)
	require.Equal(t, path, e.Path, "%v", err)
}
