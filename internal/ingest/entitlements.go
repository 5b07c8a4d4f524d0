package ingest

import (
	"context"
	"errors"
	"iter"
	"os"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
	"github.com/accessgraph/accessgraph/internal/store"
)

// Store is what an import needs of a store.
type Store interface {
	store.Committer
	ReadGraph(ctx context.Context, read func(ctx context.Context, v store.GraphView) error) error
}

// Importer imports files. It is safe for concurrent use: of two imports into one
// integration the second compares anew with what the first has written.
type Importer struct {
	store Store
	clock func() time.Time
}

// NewImporter makes an Importer; a nil clock is time.Now.
func NewImporter(s Store, clock func() time.Time) *Importer {
	if clock == nil {
		clock = time.Now
	}
	return &Importer{store: s, clock: clock}
}

// EntitlementsOptions say what an entitlements file is imported into, and how.
type EntitlementsOptions struct {
	Integration string // present name or key; a new one is made with the name as key
	Application string // required for a new integration; else empty or its application
	Mode        Mode   // Snapshot when empty
	// ColumnMap (canonical column → the file's column) and Defaults (canonical column →
	// value) are stored with the integration. Nil takes what the last import stored.
	ColumnMap map[string]string
	Defaults  map[string]string
	// ConfirmRemovals permits a snapshot to remove more than half of the entities.
	ConfirmRemovals bool
	DryRun          bool
	Actor           Actor
	// Progress is told of the stages "read" (bytes of the file), "compare" (entities and
	// grants compared, total unknown) and "write" (changes); total is -1 if unknown.
	Progress func(stage string, done, total int64)
	// AutoMap makes the automatic mapping from the employees of the view; nil = identities
	// are mapped to nobody automatically, and earlier automatic mappings stay.
	AutoMap func(employees iter.Seq2[*access.Employee, error]) (AutoMapper, error)

	TempDir string // for spilled data; empty = the system's
	// MemoryLimit bounds the buffers, in bytes, whatever the size of the file; 0 = 64 MiB,
	// at least 4 MiB. On top come a megabyte of rows under way (five of the largest rows, if those
	// are larger), 24 MB at most for the cycle check
	// (48 MB in merge mode), and what the store and the automatic mapping hold.
	MemoryLimit int
	// MaxRows and MaxBytes limit an upload; 0 = no limit.
	MaxRows, MaxBytes int64
}

// Reasons of an INVALID_INPUT error of an import, for errors.Is.
var (
	// ErrRejected: the file has errors; they are in the report.
	ErrRejected = errors.New("the file has errors")
	// ErrConfirmRemovals: the snapshot would remove more than half of the entities; the
	// error is ErrRejected, too.
	ErrConfirmRemovals = errors.New("the removals are not confirmed")
)

const (
	defaultMemory = 64 << 20
	leastMemory   = 4 << 20
	conflictTries = 3
)

// Entitlements imports an entitlements file (spec: 19 columns, in any order, and the
// extension columns). The report is filled also when there is an error: INVALID_INPUT
// when the input is rejected (see ErrRejected, ErrConfirmRemovals), else that of the
// source, the disk or the store. Nothing is written then but the record of the run; a dry
// run writes nothing at all.
func (im *Importer) Entitlements(ctx context.Context, src csvfile.Source, o EntitlementsOptions) (Report, error) {
	run, err := im.begin(ctx, src, &o)
	if run == nil {
		return Report{}, err
	}
	defer run.close()
	if err == nil {
		err = run.execute(ctx)
	}
	err = run.tempFault(err)
	run.report.Sort()
	if err != nil && !o.DryRun {
		run.recordFailure(ctx, err)
	}
	return run.report, err
}

// begin checks the options. A nil run means that they are unusable and that there is
// nothing to record.
func (im *Importer) begin(ctx context.Context, src csvfile.Source, o *EntitlementsOptions) (*entitlementsRun, error) {
	mode, err := ParseMode(string(o.Mode))
	if err != nil {
		return nil, err
	}
	o.Mode = mode
	o.Integration, o.Application = access.Clean(o.Integration), access.Clean(o.Application)
	if o.Integration == "" {
		return nil, access.Invalid("integration", "the integration needs a name")
	}
	if strings.IndexByte(o.Integration+o.Application, 0) >= 0 {
		return nil, access.Invalid("integration", "a name holds a NUL character")
	}
	if o.MemoryLimit == 0 {
		o.MemoryLimit = defaultMemory
	}
	o.MemoryLimit = max(o.MemoryLimit, leastMemory)
	if o.Progress == nil {
		o.Progress = func(string, int64, int64) {}
	}
	if o.TempDir == "" {
		o.TempDir = os.TempDir()
	}
	r := &entitlementsRun{im: im, src: src, o: o, started: im.clock()}
	r.report = Report{Kind: "entitlements", File: src.Name, Mode: mode, DryRun: o.DryRun, Mappings: &Counts{}}
	r.id = NewID(r.started)
	err = im.store.ReadGraph(ctx, r.start)
	if !r.found && access.CodeOf(err) == access.CodeInvalidInput {
		return nil, err
	}
	return r, err
}
