// Package imports is the one front of the four kinds of import files, for whoever has a
// file and says what it is: the command line, an upload over HTTP, the demo.
package imports

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/directory"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
)

// Kind is a kind of import file.
type Kind string

// The kinds.
const (
	Entitlements Kind = "entitlements"
	Employees    Kind = directory.KindEmployees
	Mappings     Kind = directory.KindMappings
	Owners       Kind = directory.KindOwners
)

// Kinds lists every kind, in the order in which they are best imported.
var Kinds = []Kind{Employees, Entitlements, Mappings, Owners}

// ParseKind reads a kind in any case.
func ParseKind(s string) (Kind, error) {
	k := Kind(strings.ToLower(s))
	if !slices.Contains(Kinds, k) {
		return "", access.Invalid("kind", "%q is no kind of import; there are %v", s, Kinds)
	}
	return k, nil
}

// Request says what a file is and how it is to be imported.
type Request struct {
	Kind Kind

	// For entitlements only; elsewhere they are INVALID_INPUT.
	Application, Integration string
	Mode                     ingest.Mode // empty = snapshot
	ConfirmRemovals          bool

	// Map (canonical column → the file's) and Defaults (canonical column → value); nil
	// for entitlements = what the integration's last import was told.
	Map, Defaults map[string]string
	DryRun        bool

	MaxRows, MaxBytes int64 // 0 = no limit; bytes decompressed

	// Progress is told of the stages "read" (bytes of the file), "compare" and "write"
	// (changes); total is -1 if unknown. It may be nil.
	Progress func(stage string, done, total int64)
}

// Service imports files. Safe for concurrent use.
type Service struct {
	entitlements *ingest.Importer
	directory    *directory.Importer
}

// New returns the service over the importers of the two halves.
func New(entitlements *ingest.Importer, dir *directory.Importer) *Service {
	return &Service{entitlements: entitlements, directory: dir}
}

// Run imports one file, all or nothing. It needs Administrator. The report says what was
// done or, for a dry run or a rejected file, would have been. A file with errors is an
// INVALID_INPUT error that is ingest.ErrRejected, an unconfirmed large removal one that is
// ingest.ErrConfirmRemovals; other INVALID_INPUT errors are about the request.
func (s *Service) Run(ctx context.Context, src csvfile.Source, r Request) (ingest.Report, error) {
	p, err := auth.Require(ctx, access.Administrator)
	if err != nil {
		return ingest.Report{}, err
	}
	if err := r.check(); err != nil {
		return ingest.Report{}, err
	}
	if r.Kind == Entitlements {
		return s.runEntitlements(ctx, src, r, p)
	}
	opts := directory.ImportOptions{DryRun: r.DryRun, Map: r.Map, Defaults: r.Defaults, MaxRows: r.MaxRows, MaxBytes: r.MaxBytes, Progress: r.Progress}
	run := map[Kind]func(context.Context, csvfile.Source, directory.ImportOptions) (ingest.Report, error){
		Employees: s.directory.Employees, Mappings: s.directory.Mappings, Owners: s.directory.BusinessOwners,
	}[r.Kind]
	report, err := run(ctx, src, opts)
	if err == nil && report.Rejected() {
		err = &access.Error{Code: access.CodeInvalidInput, Path: "file", Err: ingest.ErrRejected,
			Message: fmt.Sprintf("%s has %d error(s); nothing was written", src.Name, report.ErrorTotal())}
	}
	return report, err
}

func (r *Request) check() error {
	if !slices.Contains(Kinds, r.Kind) {
		return access.Invalid("kind", "%q is no kind of import; there are %v", r.Kind, Kinds)
	}
	if r.Kind == Entitlements {
		return nil
	}
	for _, only := range []struct {
		name  string
		given bool
	}{{"application", r.Application != ""}, {"integration", r.Integration != ""}, {"mode", r.Mode != ""}, {"confirm-removals", r.ConfirmRemovals}} {
		if only.given {
			return access.Invalid(only.name, "is for entitlements only")
		}
	}
	return nil
}

func (s *Service) runEntitlements(ctx context.Context, src csvfile.Source, r Request, p auth.Principal) (ingest.Report, error) {
	request := audit.RequestFrom(ctx)
	return s.entitlements.Entitlements(ctx, src, ingest.EntitlementsOptions{
		Integration: r.Integration, Application: r.Application, Mode: r.Mode, ColumnMap: r.Map, Defaults: r.Defaults,
		ConfirmRemovals: r.ConfirmRemovals, DryRun: r.DryRun, Progress: r.Progress, AutoMap: directory.AutoMap,
		MaxRows: r.MaxRows, MaxBytes: r.MaxBytes,
		Actor: ingest.Actor{Kind: string(p.Kind), Name: p.Actor(), RequestID: request.ID, IP: request.IP},
	})
}
