package ingest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
	"github.com/accessgraph/accessgraph/internal/store"
)

// entitlementsRun is one import of an entitlements file.
type entitlementsRun struct {
	im      *Importer
	src     csvfile.Source
	o       *EntitlementsOptions
	id      string
	started time.Time
	report  Report
	sha256  string

	integration access.Integration // as it is to be
	isNew       bool
	application access.Application
	newApp      bool
	said        *mentions
	columns     [columnCount]bool
	remembered  bool // the column map is that of an earlier import

	found    bool     // the integration was found, or is to be made
	consumed bool     // the file was read: asRead and readKey are set, or readErr
	asRead   Report   // what the file alone gives to tell
	readKey  string   // of the integration whose ids the rows have
	readErr  error    // why the file could not be read
	out      *changes // the difference, where it was made while the file was read; else nil
}

func (r *entitlementsRun) close() {
	if r.out != nil {
		r.out.close()
	}
	if r.said != nil {
		r.said.close()
	}
}

// findIntegration finds the integration by its present name, else by its key, else starts
// a new one.
func (r *entitlementsRun) findIntegration(ctx context.Context, v store.GraphView) error {
	all, err := v.Integrations(ctx)
	if err != nil {
		return err
	}
	r.isNew, r.newApp = true, false
	r.integration = access.Integration{}
	for _, byKey := range []bool{true, false} {
		for _, i := range all {
			if (byKey && i.Key == r.o.Integration) || (!byKey && access.Clean(i.Name) == r.o.Integration) {
				r.integration, r.isNew = i, false
			}
		}
	}
	if r.isNew {
		if r.o.Application == "" {
			return access.Invalid("application", "integration %q is new: say which application it is an instance of", r.o.Integration)
		}
		r.integration = access.Integration{
			ID: access.IntegrationID(r.o.Integration), Key: r.o.Integration, Name: r.o.Integration,
			Application: r.o.Application, Extraction: access.FileUpload, CreatedAt: r.started,
		}
	} else if r.o.Application != "" && r.o.Application != r.integration.Application {
		return access.Invalid("application", "integration %q is an instance of %q, not of %q", r.o.Integration, r.integration.Application, r.o.Application)
	}
	if r.o.ColumnMap == nil {
		r.o.ColumnMap, r.remembered = r.integration.ColumnMap, true
	}
	if r.o.Defaults == nil {
		r.o.Defaults = r.integration.Defaults
	}
	apps, err := v.Applications(ctx)
	if err != nil {
		return err
	}
	r.application = access.Application{ID: access.ApplicationID(r.integration.Application), Name: r.integration.Application}
	r.newApp = true
	for _, a := range apps {
		r.newApp = r.newApp && a.ID != r.application.ID
	}
	return nil
}

func (r *entitlementsRun) execute(ctx context.Context) error {
	if !r.consumed {
		r.consume(ctx)
	}
	if r.readErr != nil {
		return r.readErr
	}
	if r.asRead.Rejected() {
		return r.rejected()
	}
	for try := 1; ; try++ {
		var err error
		if out := r.out; out != nil {
			r.out = nil
			err = r.conclude(ctx, out)
			out.close()
		} else {
			r.report = r.asRead.clone()
			err = r.compareAndCommit(ctx)
		}
		if try == conflictTries || access.CodeOf(err) != access.CodeConflict {
			return err
		}
	}
}

// consume reads the file, which can be done once.
func (r *entitlementsRun) consume(ctx context.Context) {
	r.consumed, r.readKey = true, r.integration.Key
	if r.readErr = r.read(ctx); r.readErr == nil && !r.report.Rejected() {
		r.readErr = r.said.finish()
	}
	r.asRead = r.report
}

// tempFault says what is wrong with the folder of temporary files, mostly that it is full.
func (r *entitlementsRun) tempFault(err error) error {
	var at *fs.PathError
	if err == nil || errors.As(err, new(*access.Error)) || !errors.As(err, &at) || filepath.Dir(at.Path) != filepath.Clean(r.o.TempDir) {
		return err
	}
	return &access.Error{Code: access.CodeUnavailable, Err: err, Message: fmt.Sprintf(
		"the folder for temporary files, %s, cannot be used (%v): free some space there (about twice the file, decompressed) or name another folder in TMPDIR", r.o.TempDir, at.Err)}
}

func (r *entitlementsRun) rejected() error {
	n := r.report.ErrorTotal()
	return &access.Error{Code: access.CodeInvalidInput, Path: "file", Err: ErrRejected,
		Message: fmt.Sprintf("%s has %d error(s); nothing was written", r.src.Name, n)}
}

// clone copies a report so that an attempt can add to it.
func (r Report) clone() Report {
	r.Warnings = append([]Issue(nil), r.Warnings...)
	r.Errors = append([]Issue(nil), r.Errors...)
	r.WarningCounts, r.ErrorCounts = maps.Clone(r.WarningCounts), maps.Clone(r.ErrorCounts)
	r.Mappings = &Counts{}
	return r
}

// read validates the rows and collects what they say.
func (r *entitlementsRun) read(ctx context.Context) error {
	found := &issues{}
	in, err := csvfile.NewReader(r.src, csvfile.Options{
		Columns: EntitlementColumns, Map: r.o.ColumnMap, Remembered: r.remembered, Defaults: r.o.Defaults,
		MaxRows: r.o.MaxRows, MaxBytes: r.o.MaxBytes,
		Progress: func(done, total int64) { r.o.Progress("read", done, total) },
	}, found)
	if err != nil {
		found.tell(&r.report)
		return err
	}
	defer in.Close()
	r.said = newMentions(r.o.TempDir, r.o.MemoryLimit)
	c := &collector{report: &r.report, out: r.said, memory: r.o.MemoryLimit}
	if err := readRows(in, found, r.integration.Key, c, ctx.Err); err != nil {
		return err
	}
	r.report.Rows = in.Rows()
	if in.Usable() {
		for i := range r.columns {
			r.columns[i] = in.Has(i)
		}
	}
	r.sha256, err = in.SHA256()
	return err
}

// compareAndCommit computes the difference with the store as it is now, and commits it.
func (r *entitlementsRun) compareAndCommit(ctx context.Context) error {
	out := newChanges(r.o.TempDir)
	defer func() { out.close() }()
	read := r.report
	err := r.im.store.ReadGraph(ctx, func(ctx context.Context, v store.GraphView) error {
		out.close() // a store may call again, on another version
		out = newChanges(r.o.TempDir)
		r.report = read.clone()
		return r.compare(ctx, v, out)
	})
	if err != nil {
		return err
	}
	return r.conclude(ctx, out)
}

// conclude commits the difference, if that is what was asked for.
func (r *entitlementsRun) conclude(ctx context.Context, out *changes) error {
	if r.report.Rejected() {
		return r.rejected()
	}
	if r.o.DryRun {
		return nil
	}
	return r.commit(ctx, out)
}

func (r *entitlementsRun) compare(ctx context.Context, v store.GraphView, out *changes) error {
	if err := r.findIntegration(ctx, v); err != nil {
		return err
	}
	if r.integration.Key != r.readKey { // the entity ids of the rows were derived with it
		return access.Errorf(access.CodeConflict, "integration %q was renamed or created during the import; import again", r.o.Integration)
	}
	c := comparison{run: r, view: v, out: out}
	defer c.close()
	if err := c.prepare(ctx); err != nil {
		return err
	}
	return c.compare(ctx)
}

// commit writes the difference, the integration, the run and the audit entry, at once.
func (r *entitlementsRun) commit(ctx context.Context, out *changes) error {
	now := r.im.clock()
	i := r.integration
	i.Status, i.Message, i.LastSync = access.IntegrationConnected, "Data available", now
	i.ColumnMap, i.Defaults = r.o.ColumnMap, r.o.Defaults
	out.head = nil
	if r.newApp {
		out.head = append(out.head, store.Change{PutApplication: &r.application})
	}
	out.head = append(out.head, store.Change{PutIntegration: &i})
	rec, err := r.run(now, RunSucceeded, "").Write()
	if err != nil {
		return err
	}
	total := out.count()
	_, err = r.im.store.Commit(ctx, store.Commit{
		At: now, Graph: out.all(), GraphCount: total,
		Progress: func(done int64) { r.o.Progress("write", done, total) },
		Expect:   map[string]int64{i.Key: r.integration.Revision},
		Records:  []store.RecordWrite{rec},
		Audit:    []store.AuditEntry{r.o.Actor.Audit(now, "integration.import", i.ID, r.id)},
	})
	return err
}

func (r *entitlementsRun) run(at time.Time, state RunState, message string) Run {
	a := r.o.Actor.known()
	rep := r.report
	rep.Warnings = append([]Issue(nil), rep.Warnings...)
	rep.Sort()
	return Run{
		ID: r.id, Kind: r.report.Kind, Integration: r.integration.Key, File: r.src.Name, SHA256: r.sha256, Mode: r.o.Mode,
		ActorKind: a.Kind, Actor: a.Name, StartedAt: r.started, FinishedAt: at, State: state, Message: message, Report: rep,
	}
}

// recordFailure keeps the record of a run that wrote nothing. It is done also when the
// caller has given up; a store that cannot even take it has nothing to add to the error.
func (r *entitlementsRun) recordFailure(ctx context.Context, cause error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	state := RunFailed
	if errors.Is(cause, ErrRejected) || access.CodeOf(cause) == access.CodeInvalidInput {
		state = RunRejected
	}
	message := "the work failed"
	var shown *access.Error
	if errors.As(cause, &shown) {
		message = shown.Message
	} else if errors.Is(cause, context.Canceled) || errors.Is(cause, context.DeadlineExceeded) {
		message = "canceled"
	}
	now := r.im.clock()
	rec, err := r.run(now, state, message).Write()
	if err != nil {
		return
	}
	r.im.store.Commit(ctx, store.Commit{At: now, Records: []store.RecordWrite{rec}}) //nolint:errcheck // see above
}
