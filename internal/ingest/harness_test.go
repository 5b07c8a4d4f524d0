package ingest_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"sort"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/embedded"
)

var start = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)

// world is an importer over a store, mostly a fresh embedded one, with a clock that advances.
type world struct {
	t     testing.TB
	store store.Store
	im    *ingest.Importer
}

func newWorld(t testing.TB) *world {
	t.Helper()
	s, err := embedded.Open(context.Background(), t.TempDir(), embedded.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	var ticks atomic.Int64
	clock := func() time.Time { return start.Add(time.Duration(ticks.Add(1)) * time.Second) }
	return &world{t: t, store: s, im: ingest.NewImporter(s, clock)}
}

func options() ingest.EntitlementsOptions {
	return ingest.EntitlementsOptions{Application: "App", Integration: "Main", ConfirmRemovals: true}
}

func (w *world) try(text string, o ingest.EntitlementsOptions) (ingest.Report, error) {
	w.t.Helper()
	if o.TempDir == "" {
		o.TempDir = w.t.TempDir()
	}
	return w.im.Entitlements(context.Background(), csvfile.FromBytes("file.csv", []byte(text)), o)
}

func (w *world) load(text string, o ingest.EntitlementsOptions) ingest.Report {
	w.t.Helper()
	rep, err := w.try(text, o)
	require.NoError(w.t, err, "%v", rep.Errors)
	return rep
}

// state is the live graph of every integration, readable.
func (w *world) state() (entities, grants []string) {
	w.t.Helper()
	err := w.store.ReadGraph(context.Background(), func(ctx context.Context, v store.GraphView) error {
		entities, grants = nil, nil
		names := map[string]string{}
		for e, err := range v.Entities(ctx, "", false) {
			if err != nil {
				return err
			}
			key := strings.Join([]string{e.Integration, e.Project, string(e.Type), e.SourceID}, "/")
			names[e.ID] = key
			entities = append(entities, fmt.Sprintf("%s name=%s type=%s user=%s mail=%s first=%s last=%s status=%s login=%s pw=%s act=%s mfa=%s sa=%s adm=%s ext=%s lock=%s svc=%s(%s) f=%v m=%s stub=%v",
				key, e.Name, e.SourceType, e.Username, e.Email, e.FirstName, e.LastName, e.Status, stamp(e.LastLogin), stamp(e.LastPasswordChanged), stamp(e.LatestActivity),
				e.MFA, e.SuperAdmin, e.Administrative, e.External, e.Locked, e.ServiceAccount, e.ServiceAccountReason, e.Factors, e.Metadata, e.Stub))
		}
		for g, err := range v.Grants(ctx, "") {
			if err != nil {
				return err
			}
			grants = append(grants, fmt.Sprintf("%s -> %s %s=%s counts=%v project=%s used=%s m=%s", names[g.Source], names[g.Target], g.Permission, g.Value, g.Counts, g.Project, stamp(g.LastUsed), g.Metadata))
		}
		return nil
	})
	require.NoError(w.t, err)
	sort.Strings(entities)
	sort.Strings(grants)
	return entities, grants
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

func (w *world) runs() []ingest.Run {
	w.t.Helper()
	recs, err := w.store.FindRecords(context.Background(), store.RecordQuery{Kind: ingest.RunKind})
	require.NoError(w.t, err)
	var out []ingest.Run
	for _, r := range recs {
		run, err := ingest.ParseRun(r)
		require.NoError(w.t, err)
		out = append(out, run)
	}
	return out
}

// row is a row by canonical column name.
type row map[string]string

// with is a copy of r with further cells, given as name, value, …
func (r row) with(cells ...string) row {
	out := row{}
	for k, v := range r {
		out[k] = v
	}
	for i := 0; i < len(cells); i += 2 {
		out[long(cells[i])] = cells[i+1]
	}
	return out
}

// long expands the short names that tests use: "t:" is the target's prefix.
func long(name string) string {
	if rest, ok := strings.CutPrefix(name, "t:"); ok {
		return "Entity - Has Access To " + rest
	}
	if name == "Project" {
		return name
	}
	return "Entity " + name
}

var base = row{}.with("Name", "ann", "Type", "identity", "Source Type", "user", "Source ID", "u1", "First Name", "Ann",
	"t:Name", "Team", "t:Source ID", "g1", "t:Entity Type", "connection", "t:Source Type", "group")

// file writes rows with the 19 columns and whatever else they use.
func file(rows ...row) string {
	var names []string
	for i, c := range ingest.EntitlementColumns {
		used := i < 19
		for _, r := range rows {
			_, has := r[c.Name]
			used = used || has
		}
		if used {
			names = append(names, c.Name)
		}
	}
	return fileWith(names, rows...)
}

func fileWith(names []string, rows ...row) string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	lines := [][]string{names}
	for _, r := range rows {
		cells := make([]string, len(names))
		for i, n := range names {
			cells[i] = r[n]
		}
		lines = append(lines, cells)
	}
	if err := w.WriteAll(lines); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.String()
}

func codes(issues []ingest.Issue) []string {
	out := []string{}
	for _, i := range issues {
		column, ok := strings.CutPrefix(i.Column, "Entity - Has Access To ")
		if ok {
			column = "t:" + column
		} else {
			column = strings.TrimPrefix(column, "Entity ")
		}
		out = append(out, fmt.Sprintf("%d %s %s", i.Row, column, i.Code))
	}
	return out
}
