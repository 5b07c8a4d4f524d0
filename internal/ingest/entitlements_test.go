package ingest_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
	"github.com/accessgraph/accessgraph/internal/store"
)

var update = flag.Bool("update", false, "rewrite golden files")

func testdata(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return string(b)
}

func TestBothColumnOrdersLoadTheSame(t *testing.T) {
	a, b := newWorld(t), newWorld(t)
	ra := a.load(testdata(t, "company.csv"), options())
	rb := b.load(testdata(t, "company_other_order.csv"), options())
	require.Equal(t, ra, rb)
	require.Equal(t, ingest.Counts{Added: 8}, ra.Entities)
	require.Equal(t, ingest.Counts{Added: 8}, ra.Grants)
	ea, ga := a.state()
	eb, gb := b.state()
	require.Equal(t, ea, eb)
	require.Equal(t, ga, gb)
	require.Contains(t, ga, "Main/acme/IDENTITY/u-2 -> Main/acme/RESOURCE/r-9 admin=false counts=false project=acme used= m=")
	require.Contains(t, ga, "Main/acme/CONNECTION/g-2 -> Main/acme/RESOURCE/r-2 access=true counts=true project=acme used= m=")
	require.Contains(t, ga, "Main/acme/CONNECTION/g-1 -> Main/acme/CONNECTION/g-2 member=true counts=true project=acme used= m=")
}

func TestGoldenReport(t *testing.T) {
	w := newWorld(t)
	rows := []row{base.with("MfaEnabled", "maybe"), base.with("MfaEnabled", "maybe"), base.with("Name", "bob", "Source ID", "u2", "t:Name", "Crew")}
	rep := w.load(file(rows...)+"\n", options())
	bad, err := w.try(file(base, base.with("Type", "=cmd")), options())
	require.Error(t, err)
	var out strings.Builder
	for _, r := range []ingest.Report{rep, bad} {
		b, err := json.MarshalIndent(r, "", "  ")
		require.NoError(t, err)
		out.Write(append(b, '\n'))
	}
	require.NoError(t, rep.WriteCSV(&out))
	require.NoError(t, bad.WriteCSV(&out))
	golden := filepath.Join("testdata", "report.golden")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(out.String()), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), out.String())
}

func TestDocumentedSamples(t *testing.T) {
	dir := os.Getenv("ACCESSGRAPH_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	for name, want := range map[string]struct{ entities, stubs, grants int }{
		"github_nested.csv":    {16, 6, 18},
		"app_entitlements.csv": {49, 24, 25},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(filepath.Join(dir, "samples", name))
			if err != nil {
				t.Skipf("the documented samples are not beside the repository (set ACCESSGRAPH_SHARED): %v", err)
			}
			w := newWorld(t)
			rep := w.load(string(b), options())
			entities, grants := w.state()
			require.Len(t, entities, want.entities)
			require.Len(t, grants, want.grants)
			require.Equal(t, int64(want.stubs), rep.WarningCounts[ingest.CodeStub])
			require.Equal(t, want.stubs, strings.Count(strings.Join(entities, "\n"), "stub=true"))
			again := w.load(string(b), options())
			require.Equal(t, ingest.Counts{Unchanged: int64(want.entities)}, again.Entities)
			require.Equal(t, ingest.Counts{Unchanged: int64(want.grants)}, again.Grants)
		})
	}
}

func TestExtensionColumnsAndFormats(t *testing.T) {
	w := newWorld(t)
	w.load(file(base.with("Email", " Ann@Example.com ", "LastLoginTime", "2024-02-29T10:00:00.123456789+02:00", "LatestActivityTime", "2024-03-31 23:59:59 +0000 UTC",
		"LastPasswordChangedTime", "0001-01-01 00:00:00 +0000 UTC", "MfaEnabled", "YES", "IsSuperAdmin", "0", "HasAdministrativePermissions", "1", "IsExternal", "no", "IsLocked", "true",
		"IsServiceAccount", "true", "AuthenticationFactors", "webauthn; sms;;sms", "Metadata", `{ "a" : [1, "x"] }`, "t:LastUsedTime", "2024-01-02 03:04:05 +0000 UTC", "t:Metadata", `{"k":1}`)), options())
	entities, grants := w.state()
	require.Equal(t, `Main//IDENTITY/u1 name=ann type=user user= mail=Ann@Example.com first=Ann last= status=UNKNOWN login=2024-02-29T08:00:00.123456Z pw= act=2024-03-31T23:59:59Z mfa=TRUE sa=FALSE adm=TRUE ext=FALSE lock=TRUE svc=TRUE(reported by the source) f=[sms webauthn] m={"a":[1,"x"]} stub=false`, entities[1])
	require.Equal(t, `Main//IDENTITY/u1 -> Main//CONNECTION/g1 member=true counts=true project= used=2024-01-02T03:04:05Z m={"k":1}`, grants[0])
}

func TestSnapshotAndMergeKeepAndClear(t *testing.T) {
	names := []string{}
	for _, c := range ingest.EntitlementColumns[:11] { // up to the target: no status, no names, no times
		names = append(names, c.Name)
	}
	w := newWorld(t)
	full := base.with("Username", "ann", "Email", "a@x.y", "Status", "active", "Last Name", "A", "MfaEnabled", "true", "IsExternal", "true", "t:LastUsedTime", "2024-01-02 03:04:05 +0000 UTC")
	w.load(file(full), options())
	before, grantsBefore := w.state()

	rep := w.load(fileWith(names, base.with("Username", "ann", "Email", "a@x.y")), options())
	after, grantsAfter := w.state()
	require.Equal(t, before, after, "absent columns change nothing")
	require.Equal(t, grantsBefore, grantsAfter)
	require.Equal(t, int64(2), rep.Entities.Unchanged)

	merge := options()
	merge.Mode = ingest.Merge
	w.load(file(base.with("t:Name", "Other", "t:Source ID", "g2")), merge)
	after, grantsAfter = w.state()
	require.Contains(t, after, before[1], "merge: empty cells change nothing")
	require.Len(t, grantsAfter, 2, "merge removes nothing")

	w.load(file(base.with("IsExternal", "")), options())
	after, grantsAfter = w.state()
	require.Len(t, after, 2)
	require.Len(t, grantsAfter, 1)
	require.Contains(t, after[1], "user= mail= first=Ann last= status=UNKNOWN", "snapshot: empty cells clear")
	require.Contains(t, after[1], "ext=UNKNOWN")
}

func TestTargetsAcrossProjects(t *testing.T) {
	target := func(project, id string) row {
		return base.with("Project", project, "Source ID", "u-"+project+id, "Name", "u-"+project+id, "t:Source ID", id, "t:Name", "Team")
	}
	own := func(project, id string) row { return described.with("Project", project, "Source ID", id) }
	w := newWorld(t)
	rep := w.load(file(target("A", "one"), own("B", "one"), target("A", "two"), own("B", "two"), own("C", "two"), target("A", "own"), own("A", "own"), own("B", "own"), target("A", "none"), target("B", "none")), options())
	_, grants := w.state()
	got := strings.Join(grants, "\n")
	for _, want := range []string{"u-Aone -> Main/B/CONNECTION/one", "u-Atwo -> Main/A/CONNECTION/two", "u-Aown -> Main/A/CONNECTION/own", "u-Anone -> Main/A/CONNECTION/none", "u-Bnone -> Main/B/CONNECTION/none"} {
		require.Contains(t, got, want)
	}
	require.Equal(t, int64(3), rep.WarningCounts[ingest.CodeStub])

	// What the store holds counts as well: B's "late" is the only one when A mentions it.
	merge := options()
	merge.Mode = ingest.Merge
	w.load(file(own("B", "late")), merge)
	w.load(file(target("A", "late")), merge)
	_, grants = w.state()
	require.Contains(t, strings.Join(grants, "\n"), "u-Alate -> Main/B/CONNECTION/late")
}

// A folder for temporary files that cannot be used is named, with what to do; the graph
// stays as it was.
func TestTheTemporaryFolderIsNamed(t *testing.T) {
	w := newWorld(t)
	o := options()
	o.TempDir = filepath.Join(t.TempDir(), "gone")
	o.MemoryLimit = 1 // the least, so that rows are spilled
	var rows []row
	for i := range 40_000 {
		rows = append(rows, base.with("Source ID", strconv.Itoa(i), "Name", strings.Repeat("n", 100)))
	}
	_, err := w.try(file(rows...), o)
	require.Equal(t, access.CodeUnavailable, access.CodeOf(err))
	require.ErrorContains(t, err, o.TempDir)
	require.ErrorContains(t, err, "TMPDIR")
	entities, _ := w.state()
	require.Empty(t, entities)
}

func TestNamesWithoutNUL(t *testing.T) {
	w := newWorld(t)
	o := options()
	o.Integration = "a\x00b"
	_, err := w.try(file(base), o)
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
}

func TestConfirmRemovals(t *testing.T) {
	w := newWorld(t)
	w.load(testdata(t, "company.csv"), options())
	before, _ := w.state()
	o := options()
	o.ConfirmRemovals = false
	rep, err := w.try(file(base), o)
	require.ErrorIs(t, err, ingest.ErrConfirmRemovals)
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
	require.Contains(t, err.Error(), "remove 8 of the 8")
	require.ErrorIs(t, err, ingest.ErrRejected)
	require.Equal(t, int64(8), rep.Entities.Removed)
	require.Equal(t, int64(8), rep.Grants.Removed)
	require.Equal(t, []string{"0  E_REMOVALS"}, codes(rep.Errors))
	after, _ := w.state()
	require.Equal(t, before, after)
	require.Equal(t, ingest.RunRejected, w.runs()[1].State)
	rep = w.load(file(base), options())
	require.Equal(t, ingest.Counts{Added: 2, Removed: 8}, rep.Entities)
	require.Equal(t, ingest.Counts{Added: 1, Removed: 8}, rep.Grants)
}

func TestDryRunWritesNothing(t *testing.T) {
	w := newWorld(t)
	o := options()
	o.DryRun = true
	rep := w.load(testdata(t, "company.csv"), o)
	require.Equal(t, int64(8), rep.Entities.Added)
	_, err := w.try(file(base.with("Type", "x")), o)
	require.Error(t, err)
	entities, _ := w.state()
	require.Empty(t, entities)
	require.Empty(t, w.runs())
}

func TestIntegrationRecordAndStoredMapping(t *testing.T) {
	w := newWorld(t)
	text := strings.Replace(testdata(t, "company.csv"), "Entity Name", "Display", 1)
	o := options()
	o.ColumnMap = map[string]string{"entity name": "Display"}
	o.Defaults = map[string]string{"Entity Last Name": "Unknown"}
	o.Actor = ingest.Actor{Kind: "user", Name: "p_1"}
	w.load(text, o)
	rep := w.load(text, options())
	require.Equal(t, int64(8), rep.Entities.Unchanged, "the stored mapping is reused")
	all, err := w.store.Integrations(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
	i := all[0]
	require.Equal(t, "Main", i.Key)
	require.Equal(t, access.IntegrationConnected, i.Status)
	require.Equal(t, "Data available", i.Message)
	require.Equal(t, access.FileUpload, i.Extraction)
	require.Equal(t, o.ColumnMap, i.ColumnMap)
	require.True(t, i.LastSync.After(i.CreatedAt))
	apps, err := w.store.Applications(t.Context())
	require.NoError(t, err)
	require.Len(t, apps, 1)
	runs := w.runs()
	require.Len(t, runs, 2)
	require.Equal(t, ingest.RunSucceeded, runs[0].State)
	require.Len(t, runs[0].SHA256, 64)
	require.Equal(t, "p_1", runs[0].Actor)
	require.Equal(t, int64(8), runs[0].Report.Entities.Added)
	audit, err := w.store.AuditEntries(t.Context(), store.AuditQuery{})
	require.NoError(t, err)
	require.Len(t, audit, 2)
	require.Equal(t, "integration.import", audit[1].Action)
	require.Equal(t, runs[0].ID, audit[1].After)
	o.Defaults = map[string]string{}
	w.load(text, o)
	entities, _ := w.state()
	require.NotContains(t, strings.Join(entities, "\n"), "last=Unknown", "an empty map replaces the stored one")
}

func TestDefaultsDoNotMakeTargets(t *testing.T) {
	w := newWorld(t)
	o := options()
	o.Defaults = map[string]string{"Entity - Has Access To Entity Type": "connection", "Entity - Has Access To Source Type": "group"}
	rep := w.load(file(described, base.with("t:Entity Type", "", "t:Source Type", "")), o)
	require.Equal(t, []string{"2 t:Name W_ENTITY_ONLY"}, codes(rep.Warnings))
	require.Equal(t, int64(1), rep.Grants.Added)
}

type mapper map[string]string

func (m mapper) Match(e *access.Entity) (employeeID, reason string, ok bool) {
	id, ok := m[e.Email]
	return id, "e-mail equals work e-mail", ok
}

func TestAutomaticMapping(t *testing.T) {
	w := newWorld(t)
	people := mapper{"nora@acme.example": access.EmployeeID("nora@acme.example"), "omar@acme.example": access.EmployeeID("omar@acme.example")}
	var puts []store.Change
	for mail := range people {
		puts = append(puts, store.Change{PutEmployee: &access.Employee{ID: access.EmployeeID(mail), WorkEmail: mail, FullName: mail, StartDate: start, Roles: []access.ProductRole{access.Reviewer}}})
	}
	commit := func(changes ...store.Change) {
		_, err := w.store.Commit(t.Context(), store.Commit{At: start, GraphCount: int64(len(changes)), Graph: func(yield func(store.Change, error) bool) {
			for _, c := range changes {
				if !yield(c, nil) {
					return
				}
			}
		}})
		require.NoError(t, err)
	}
	commit(puts...)
	o := options()
	seen := 0
	o.AutoMap = func(employees iter.Seq2[*access.Employee, error]) (ingest.AutoMapper, error) {
		seen = 0
		for _, err := range employees {
			if err != nil {
				return nil, err
			}
			seen++
		}
		return people, nil
	}
	mappings := func() map[string]string {
		out := map[string]string{}
		require.NoError(t, w.store.ReadGraph(t.Context(), func(ctx context.Context, v store.GraphView) error {
			for e, err := range v.Entities(ctx, "", false) {
				if err != nil {
					return err
				}
				if e.Mapping != nil {
					out[e.Name] = string(e.Mapping.Origin) + " " + string(e.Mapping.Relation) + " " + e.Mapping.EmployeeID
				}
			}
			return nil
		}))
		return out
	}
	rep := w.load(testdata(t, "company.csv"), o)
	require.Equal(t, 2, seen)
	require.Equal(t, ingest.Counts{Added: 2}, *rep.Mappings)
	require.Equal(t, map[string]string{"nora": "AUTOMATIC IS " + people["nora@acme.example"], "omar": "AUTOMATIC IS " + people["omar@acme.example"]}, mappings())

	// A person's word wins, also that nobody it is; what no longer matches goes.
	id := func(source string) string {
		return access.EntityKey{Integration: "Main", Project: "acme", Type: access.Identity, SourceID: source}.ID()
	}
	commit(store.Change{PutMapping: &access.Mapping{EntityID: id("u-1"), Relation: access.NotMapped, Origin: access.ManualMapping, Reason: "shared", At: start}},
		store.Change{PutMapping: &access.Mapping{EntityID: id("u-3"), EmployeeID: people["nora@acme.example"], Relation: access.OWNS, Origin: access.ManualMapping, Reason: "hers", At: start}})
	delete(people, "omar@acme.example")
	rep = w.load(testdata(t, "company.csv"), o)
	require.Equal(t, ingest.Counts{Removed: 1}, *rep.Mappings)
	require.Equal(t, map[string]string{"deploy-bot": "MANUAL OWNS " + people["nora@acme.example"]}, mappings())
}

// rival commits to the integration between the read and the commit of an import.
type rival struct {
	ingest.Store
	times int
	t     *testing.T
}

func (r *rival) Commit(ctx context.Context, c store.Commit) (int64, error) {
	if r.times > 0 && c.Graph != nil {
		r.times--
		_, err := r.Store.Commit(ctx, store.Commit{At: start, GraphCount: 1, Graph: func(yield func(store.Change, error) bool) {
			yield(store.Change{PutEntity: &access.Entity{
				ID:          access.EntityKey{Integration: "Main", Type: access.Resource, SourceID: "rival"}.ID(),
				Integration: "Main", Type: access.Resource, SourceID: "rival", SourceType: "x", Name: "rival",
			}}, nil)
		}})
		require.NoError(r.t, err)
	}
	return r.Store.Commit(ctx, c)
}

func TestConflictIsComparedAnew(t *testing.T) {
	w := newWorld(t)
	w.load(testdata(t, "company.csv"), options())
	w.im = ingest.NewImporter(&rival{Store: w.store, times: 2, t: t}, nil)
	rep := w.load(testdata(t, "company.csv"), options())
	require.Equal(t, ingest.Counts{Unchanged: 8, Removed: 1}, rep.Entities, "the rival's entity is seen, once")
	w.im = ingest.NewImporter(&rival{Store: w.store, times: 3, t: t}, nil)
	_, err := w.try(testdata(t, "company.csv"), options())
	require.Equal(t, access.CodeConflict, access.CodeOf(err))
	runs := w.runs()
	require.Equal(t, ingest.RunFailed, runs[len(runs)-1].State)
}

func TestFailureIsRecordedAndWritesNothing(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	o := options()
	o.Progress = func(stage string, _, _ int64) {
		if stage == "compare" {
			cancel()
		}
	}
	_, err := w.im.Entitlements(ctx, csvfile.FromBytes("f", []byte(testdata(t, "company.csv"))), o)
	require.ErrorIs(t, err, context.Canceled)
	runs := w.runs()
	require.Len(t, runs, 1)
	require.Equal(t, ingest.RunFailed, runs[0].State)
	entities, _ := w.state()
	require.Empty(t, entities)

	broken := csvfile.Source{Name: "f", Reader: &failing{}, Size: -1}
	_, err = w.im.Entitlements(t.Context(), broken, options())
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
}

type failing struct{}

func (*failing) Read([]byte) (int, error) { return 0, errors.New("disk on fire") }

func TestReportIsCutButCountsAreExact(t *testing.T) {
	var r ingest.Report
	for i := range ingest.IssueLimit + 5 {
		r.Warn(ingest.Issue{Row: int64(i), Code: ingest.CodeStub, Message: strings.Repeat("é", 3000)})
	}
	r.Error(ingest.Issue{Row: 1, Code: ingest.CodeEnum})
	require.Len(t, r.Warnings, ingest.IssueLimit)
	require.Equal(t, int64(5), r.Omitted)
	require.Equal(t, int64(ingest.IssueLimit+5), r.WarningCounts[ingest.CodeStub])
	require.True(t, r.Rejected())
	require.Less(t, len(r.Warnings[0].Message), 1100)
	var b strings.Builder
	require.NoError(t, r.WriteCSV(&b))
	require.Contains(t, b.String(), "warning,0,,,5 more are not listed")
}

func TestTimesDatesAndOthers(t *testing.T) {
	for in, want := range map[string]string{
		"2023-12-14 04:42:12 +0000 UTC": "2023-12-14T04:42:12Z", "2024-02-29 04:42:12 +0000 UTC": "2024-02-29T04:42:12Z",
		"2023-12-14 04:42:12 +0200 CEST": "2023-12-14T02:42:12Z", "2023-12-14T04:42:12-01:00": "2023-12-14T05:42:12Z",
		"2023-02-29 04:42:12 +0000 UTC": "bad", "2023-12-14": "bad", "2023-12-14 24:42:12 +0000 UTC": "bad", "2023-1a-14 04:42:12 +0000 UTC": "bad", "": "bad",
	} {
		got, ok := ingest.ParseTime(in)
		if want == "bad" {
			require.False(t, ok, in)
			continue
		}
		require.True(t, ok, in)
		require.Equal(t, want, got.Format(time.RFC3339), in)
	}
	for in, want := range map[string]ingest.DateVerdict{"01/02/2002": ingest.DateOK, "1/2/2002": ingest.DateOK, "2002-12-31": ingest.DateOK, "31/12/2002": ingest.DateDayFirst, "32/12/2002": ingest.DateBad, "x": ingest.DateBad} {
		_, v := ingest.ParseDate(in)
		require.Equal(t, want, v, in)
	}
	for in, want := range map[string]bool{"a@b": true, "a b@c": false, "@b": false, "a@": false, "a@b@c": false, "A <a@b>": false, "ä@ö.de": true} {
		_, ok := ingest.ParseEmail(in)
		require.Equal(t, want, ok, in)
	}
	for _, formula := range []string{"=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0@x", "＝1", "＠x"} {
		require.Equal(t, "'"+formula, ingest.EscapeFormula(formula))
	}
	for _, plain := range []string{"", " ", "a=1", "a@x.org", "1-1", "'=1"} {
		require.Equal(t, plain, ingest.EscapeFormula(plain))
	}
	require.Equal(t, "'=1+1", ingest.EscapeFormula("=1+1"))
}
