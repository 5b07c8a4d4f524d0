package directory

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
	"github.com/accessgraph/accessgraph/internal/store"
)

// The kinds of files, as in ingest.Report.Kind.
const (
	KindEmployees = "employees"
	KindMappings  = "mappings"
	KindOwners    = "owners"
)

// ImportOptions say how to import.
type ImportOptions struct {
	// DryRun validates and compares but writes nothing.
	DryRun bool
	// Map and Defaults are as in csvfile.Options.
	Map, Defaults map[string]string
	// MaxRows and MaxBytes bound the file, decompressed; 0 = no limit. Rows refer to one another, so
	// they are kept in memory: some 300 bytes each, and once more for every person.
	MaxRows, MaxBytes int64
	// Progress is told of the stages "read" (bytes of the file) and "write" (changes);
	// total is -1 if unknown.
	Progress func(stage string, done, total int64)
}

// Importer imports the directory's files. Safe for concurrent use.
type Importer struct {
	store Store
	now   Clock
}

// NewImporter returns an importer into s.
func NewImporter(s Store, now Clock) *Importer { return &Importer{store: s, now: now} }

// Employees imports an employees file: people are added and updated by work e-mail,
// nobody is removed, and the automatic mappings of all integrations follow. It needs
// Administrator.
//
// The report is filled also when there is an error: INVALID_INPUT with ingest.ErrRejected
// when the file has errors, else that of the source, the store or the permission. Nothing
// is written then but the record of the run; a dry run writes nothing at all.
func (im *Importer) Employees(ctx context.Context, src csvfile.Source, opts ImportOptions) (ingest.Report, error) {
	f := &employeeFile{}
	return im.run(ctx, src, opts, file{
		kind: KindEmployees, role: access.Administrator, columns: employeeColumns, read: f.read,
		plan: func(ctx context.Context, at time.Time, report *ingest.Report) (*plan, error) {
			return im.planView(ctx, report, func(ctx context.Context, v store.GraphView, report *ingest.Report) (*plan, error) {
				return planEmployees(ctx, v, f, at, report)
			})
		},
	})
}

// Mappings imports an identity mapping file; its mappings are manual ones. It needs Risk
// Manager. What is returned is as for Employees.
func (im *Importer) Mappings(ctx context.Context, src csvfile.Source, opts ImportOptions) (ingest.Report, error) {
	f := &mappingFile{name: src.Name}
	return im.run(ctx, src, opts, file{
		kind: KindMappings, role: access.RiskManager, columns: mappingColumns, read: f.read,
		plan: func(ctx context.Context, at time.Time, report *ingest.Report) (*plan, error) {
			return im.planView(ctx, report, func(ctx context.Context, v store.GraphView, report *ingest.Report) (*plan, error) {
				return planMappings(ctx, v, f, at, report)
			})
		},
	})
}

// BusinessOwners imports a business owners file. It needs Risk Manager. What is returned
// is as for Employees.
func (im *Importer) BusinessOwners(ctx context.Context, src csvfile.Source, opts ImportOptions) (ingest.Report, error) {
	f := &ownersFile{}
	return im.run(ctx, src, opts, file{
		kind: KindOwners, role: access.RiskManager, columns: ownersColumns, read: f.read,
		plan: func(ctx context.Context, _ time.Time, report *ingest.Report) (*plan, error) {
			var wanted []store.EntityOwners
			p, err := im.planView(ctx, report, func(ctx context.Context, v store.GraphView, report *ingest.Report) (*plan, error) {
				var p *plan
				var err error
				p, wanted, err = planOwners(ctx, v, f, report)
				return p, err
			})
			if err != nil {
				return nil, err
			}
			return p, diffOwners(ctx, im.store, wanted, p, report)
		},
	})
}

// file is what differs between the three.
type file struct {
	kind    string
	role    access.ProductRole
	columns []csvfile.Column
	read    func(*csvfile.Reader, *ingest.Report)
	// plan compares the rows read with the store; it adds to report, which it owns.
	plan func(ctx context.Context, at time.Time, report *ingest.Report) (*plan, error)
}

// planView plans over one consistent view. The store may call back more than once, so
// every call starts from the report as it was.
func (im *Importer) planView(ctx context.Context, report *ingest.Report, f func(context.Context, store.GraphView, *ingest.Report) (*plan, error)) (*plan, error) {
	start := cloneReport(*report)
	var p *plan
	err := im.store.ReadGraph(ctx, func(ctx context.Context, v store.GraphView) (err error) {
		*report = cloneReport(start)
		p, err = f(ctx, v, report)
		return err
	})
	return p, err
}

func cloneReport(r ingest.Report) ingest.Report {
	r.Warnings, r.Errors = slices.Clone(r.Warnings), slices.Clone(r.Errors)
	r.WarningCounts, r.ErrorCounts = maps.Clone(r.WarningCounts), maps.Clone(r.ErrorCounts)
	return r
}

func (im *Importer) run(ctx context.Context, src csvfile.Source, opts ImportOptions, f file) (ingest.Report, error) {
	if opts.Progress == nil {
		opts.Progress = func(string, int64, int64) {}
	}
	p, err := auth.Require(ctx, f.role)
	if err != nil {
		return ingest.Report{}, err
	}
	began, err := im.now(ctx)
	if err != nil {
		return ingest.Report{}, err
	}
	run := ingest.Run{
		ID: audit.NewID(began), Kind: f.kind, File: src.Name, ActorKind: string(p.Kind), Actor: p.Actor(), StartedAt: began.UTC(),
	}
	report := ingest.Report{Kind: f.kind, File: src.Name, DryRun: opts.DryRun}
	if run.SHA256, err = readFile(src, opts, f, &report); err == nil {
		report, err = im.apply(ctx, opts, f, run, report)
	}
	if err != nil && !opts.DryRun {
		im.recordFailure(ctx, run, report, err)
	}
	return report, err
}

func readFile(src csvfile.Source, opts ImportOptions, f file, report *ingest.Report) (sha string, err error) {
	r, err := csvfile.NewReader(src, csvfile.Options{
		Columns: f.columns, Map: opts.Map, Defaults: opts.Defaults, MaxRows: opts.MaxRows, MaxBytes: opts.MaxBytes,
		Progress: func(done, total int64) { opts.Progress("read", done, total) },
	}, report)
	if err != nil {
		return "", err
	}
	defer r.Close()
	f.read(r, report)
	report.Rows = r.Rows()
	if err := r.Err(); err != nil {
		return "", err
	}
	return r.SHA256()
}

// rejected is the error of a file with errors.
func rejected(report *ingest.Report) error {
	return &access.Error{Code: access.CodeInvalidInput, Path: "file", Err: ingest.ErrRejected,
		Message: fmt.Sprintf("%s has %d error(s); nothing was written", report.File, report.ErrorTotal())}
}

// apply plans and commits, again when the graph moved on in between.
func (im *Importer) apply(ctx context.Context, opts ImportOptions, f file, run ingest.Run, parsed ingest.Report) (ingest.Report, error) {
	parsed.Sort()
	if parsed.Rejected() { // rows are missing now; comparing would only cause more issues
		return parsed, rejected(&parsed)
	}
	for attempt := 1; ; attempt++ {
		report := cloneReport(parsed)
		at, err := im.now(ctx)
		if err != nil {
			return report, err
		}
		p, err := f.plan(ctx, at, &report)
		if err != nil {
			return report, err
		}
		report.Sort()
		if report.Rejected() {
			return report, rejected(&report)
		}
		if opts.DryRun {
			return report, nil
		}
		c, err := commitOf(ctx, at, run, report, p)
		if err != nil {
			return report, err
		}
		c.Progress = func(done int64) { opts.Progress("write", done, c.GraphCount) }
		_, err = im.store.Commit(ctx, c)
		if err == nil || !again(ctx, err, attempt) {
			return report, err
		}
	}
}

// commitOf puts the plan, the record of the run and the audit rows together: one of the
// import, and one of each decision in it (a mapping, owners, product roles).
func commitOf(ctx context.Context, at time.Time, run ingest.Run, report ingest.Report, p *plan) (store.Commit, error) {
	c := p.commit(at)
	run.Report, run.FinishedAt, run.State = report, at.UTC(), ingest.RunSucceeded
	record, err := run.Write()
	if err != nil {
		return c, err
	}
	entry, err := audit.Entry(ctx, at, run.Kind+".import", run.ID, nil, summary{
		File: run.File, SHA256: run.SHA256, Rows: report.Rows, Warnings: report.WarningTotal(),
		Employees: report.Employees, Mappings: report.Mappings, Owners: report.Owners,
	})
	if err != nil {
		return c, err
	}
	lines, err := p.entries(ctx, at)
	c.Records, c.Audit = []store.RecordWrite{record}, append(lines, entry)
	return c, err
}

// summary is what the audit log says of an import.
type summary struct {
	File      string         `json:"file"`
	SHA256    string         `json:"sha256,omitempty"`
	Rows      int64          `json:"rows"`
	Warnings  int64          `json:"warnings"`
	Employees *ingest.Counts `json:"employees,omitempty"`
	Mappings  *ingest.Counts `json:"mappings,omitempty"`
	Owners    *ingest.Counts `json:"owners,omitempty"`
}

// recordFailure keeps the record of an import that wrote nothing, also when the caller
// has given up. A store that cannot even take it has nothing to add to the error.
func (im *Importer) recordFailure(ctx context.Context, run ingest.Run, report ingest.Report, cause error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	at, err := im.now(ctx)
	if err != nil {
		return
	}
	run.Report, run.FinishedAt, run.State, run.Message = report, at.UTC(), ingest.RunFailed, "the work failed"
	var shown *access.Error
	switch {
	case errors.As(cause, &shown):
		run.Message = shown.Message
		if shown.Code == access.CodeInvalidInput {
			run.State = ingest.RunRejected
		}
	case errors.Is(cause, context.Canceled), errors.Is(cause, context.DeadlineExceeded):
		run.Message = "cancelled"
	}
	if record, err := run.Write(); err == nil {
		_, _ = im.store.Commit(ctx, store.Commit{At: at, Records: []store.RecordWrite{record}})
	}
}
