package demo

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/directory"
	"github.com/accessgraph/accessgraph/internal/imports"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
	"github.com/accessgraph/accessgraph/internal/settings"
	"github.com/accessgraph/accessgraph/internal/store"
)

// Marker says that a store holds a demo company, and which.
type Marker struct {
	Employees int    `json:"employees"` // 0 = the store holds none
	Seed      uint64 `json:"seed"`
	Complete  bool   `json:"complete"` // false while it is being loaded, or when loading was broken off
}

// marker is kept with the settings, so that every store has it.
var marker = &settings.Section[Marker]{Name: "demo", Defaults: func() Marker { return Marker{} }}

// Loader loads a company through the same imports as real files.
type Loader struct {
	Store     store.Directory
	Settings  *settings.Service
	Imports   *imports.Service
	Directory *directory.Service
	// Progress, if any, is told of the file at work and how far it is; see imports.Request.
	Progress func(file, stage string, done, total int64)
}

// Loaded is what a load did, by file.
type Loaded struct {
	File   string
	Report ingest.Report
}

// Marker returns what the store says about demo data.
func (l *Loader) Marker(ctx context.Context) (Marker, error) {
	v, err := settings.Get(ctx, l.Settings, marker)
	return v.Settings, err
}

// Empty reports whether the store holds neither integrations nor people.
func (l *Loader) Empty(ctx context.Context) (bool, error) {
	integrations, err := l.Store.Integrations(ctx)
	if err != nil || len(integrations) > 0 {
		return false, err
	}
	people, err := l.Store.Employees(ctx, store.EmployeeQuery{First: 1})
	return len(people.Employees) == 0, err
}

// Check refuses with CONFLICT to load the company into a store that holds anything but it.
func (l *Loader) Check(ctx context.Context, c *Company) error {
	present, err := l.Marker(ctx)
	if err != nil {
		return err
	}
	if present.Employees == 0 {
		empty, err := l.Empty(ctx)
		if err == nil && !empty {
			err = access.Errorf(access.CodeConflict, "the store holds other data, and demo data must not mix with it: give an empty folder with --data, or another database")
		}
		return err
	}
	if present.Employees != len(c.people) || present.Seed != c.seed {
		return access.Errorf(access.CodeConflict, "the store holds the demo company of --employees %d --seed %d: give an empty folder with --data for another one", present.Employees, present.Seed)
	}
	integrations, err := l.Store.Integrations(ctx)
	if err != nil {
		return err
	}
	for _, i := range integrations {
		if !slices.ContainsFunc(Apps(), func(a App) bool { return a.Integration == i.Key }) {
			return access.Errorf(access.CodeConflict, "the store holds demo data and also %q, which loading the demo again could touch: give another folder with --data", i.Name)
		}
	}
	return nil
}

// Load loads the company: people, the integrations, mappings, owners. Loading the same
// company again brings it up to date. It needs Administrator.
func (l *Loader) Load(ctx context.Context, c *Company) ([]Loaded, error) {
	if err := l.Check(ctx, c); err != nil {
		return nil, err
	}
	if err := l.mark(ctx, Marker{Employees: len(c.people), Seed: c.seed}); err != nil {
		return nil, err
	}
	type step struct {
		file  string
		write func(io.Writer) error
		req   imports.Request
	}
	steps := []step{{"employees.csv", c.Employees, imports.Request{Kind: imports.Employees}}}
	for _, a := range Apps() {
		steps = append(steps, step{a.Integration + ".csv", func(w io.Writer) error { return c.Entitlements(a, w) }, imports.Request{
			// Another day's company may lack much of what an earlier one had.
			Kind: imports.Entitlements, Application: a.Application, Integration: a.Integration, ConfirmRemovals: true,
		}})
	}
	steps = append(steps,
		step{"mappings.csv", c.Mappings, imports.Request{Kind: imports.Mappings}},
		step{"owners.csv", c.Owners, imports.Request{Kind: imports.Owners}})

	var done []Loaded
	for _, s := range steps {
		report, err := l.feed(ctx, s.file, s.write, s.req)
		if err != nil {
			if len(report.Errors) > 0 {
				i := report.Errors[0]
				err = fmt.Errorf("%w: %s: row %d, column %q: %s %s", err, s.file, i.Row, i.Column, i.Code, i.Message)
			}
			return done, err
		}
		done = append(done, Loaded{s.file, report})
	}
	if err := l.own(ctx, c); err != nil {
		return done, err
	}
	return done, l.mark(ctx, Marker{Employees: len(c.people), Seed: c.seed, Complete: true})
}

func (l *Loader) mark(ctx context.Context, m Marker) error {
	_, err := settings.Update(ctx, l.Settings, marker, settings.AnyRevision, func(present *Marker) error {
		*present = m
		return nil
	})
	return err
}

// feed imports what write writes, as it comes.
func (l *Loader) feed(ctx context.Context, file string, write func(io.Writer) error, r imports.Request) (ingest.Report, error) {
	if l.Progress != nil {
		r.Progress = func(stage string, done, total int64) { l.Progress(file, stage, done, total) }
	}
	out, in := io.Pipe()
	written := make(chan struct{})
	go func() {
		defer close(written)
		in.CloseWithError(write(in))
	}()
	report, err := l.Imports.Run(ctx, csvfile.Source{Name: file, Reader: out, Size: -1}, r)
	out.CloseWithError(io.ErrClosedPipe) // an import that gave up leaves nobody writing
	<-written
	return report, err
}

// own gives every integration its application owners: heads and leads of the departments
// that run it.
func (l *Loader) own(ctx context.Context, c *Company) error {
	departments := map[string][]string{
		"AWS": {"Engineering"}, "GitHub (example-org)": {"Engineering"}, "Order Portal": {"Engineering"},
		"Salesforce": {"Sales"}, "Finance ERP": {"Finance"},
	}
	r := c.random("application owners")
	for _, a := range Apps() {
		from := departments[a.Integration]
		if from == nil {
			from = []string{"IT"}
		}
		primary, second := c.leadOf(r, from...), c.leadOf(r, "IT")
		owners := access.Owners{Primary: access.EmployeeID(primary.email)}
		if second.email != primary.email {
			owners.Secondaries = []string{access.EmployeeID(second.email)}
		}
		_, err := l.Directory.UpdateIntegration(ctx, directory.UpdateIntegration{ID: access.IntegrationID(a.Integration), Owners: &owners})
		if err != nil {
			return err
		}
	}
	return nil
}
