// Package server puts the product together: the services over a store and an engine,
// and the HTTP server in front of them.
package server

import (
	"log/slog"
	"slices"
	"time"

	"github.com/accessgraph/accessgraph/graph"
	"github.com/accessgraph/accessgraph/graph/resolvers"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/auth/apikey"
	"github.com/accessgraph/accessgraph/internal/auth/session"
	"github.com/accessgraph/accessgraph/internal/describe"
	"github.com/accessgraph/accessgraph/internal/directory"
	"github.com/accessgraph/accessgraph/internal/discovery"
	"github.com/accessgraph/accessgraph/internal/export"
	"github.com/accessgraph/accessgraph/internal/exportjob"
	"github.com/accessgraph/accessgraph/internal/imports"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/jobs"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/savedfilter"
	"github.com/accessgraph/accessgraph/internal/settings"
	"github.com/accessgraph/accessgraph/internal/simulate"
	"github.com/accessgraph/accessgraph/internal/store"
)

// AppOptions of an App. Store and Engine are needed.
type AppOptions struct {
	Store           store.Store
	Engine          query.Engine
	Limits          graph.Limits
	NoIntrospection bool
	Jobs            jobs.Options
	JobKinds        []jobs.Kind
	Exports         exportjob.FileOptions // where files of exports are kept
	Uploads         string                // the folder in which files wait to be imported in the background; empty = none are taken
	Clock           func() time.Time      // time.Now
	Log             *slog.Logger          // slog.Default
}

// App is the product without its HTTP server: what a command that runs in-process needs.
type App struct {
	Store     store.Store
	Engine    query.Engine
	Settings  *settings.Service
	Keys      *apikey.Service
	Sessions  *session.Service
	Jobs      *jobs.Manager // runs nothing before Start
	Audit     *audit.Log
	Directory *directory.Service
	Discovery *discovery.Service
	Exports   *exportjob.Service
	Imports   *imports.Service
	Graph     *graph.Graph

	exportFiles *exportjob.Files
	spool       *imports.Spool
}

// NewApp puts the services together. Nothing is read, written or started.
func NewApp(opt AppOptions) (*App, error) {
	if opt.Clock == nil {
		opt.Clock = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	if opt.Jobs.Clock == nil {
		opt.Jobs.Clock = opt.Clock
	}
	if opt.Jobs.Log == nil {
		opt.Jobs.Log = opt.Log
	}
	a := &App{Store: opt.Store, Engine: opt.Engine}
	a.Settings = settings.New(opt.Store, opt.Clock)
	a.Keys = apikey.New(opt.Store, a.Settings.Now, opt.Log)
	a.Sessions = session.New(opt.Store, a.Keys, a.Settings.Now, opt.Log)
	a.Audit = audit.NewLog(opt.Store)
	a.Directory = directory.NewService(opt.Store, opt.Engine, a.Settings.Now)
	a.Discovery = discovery.New(opt.Engine, opt.Store, a.Settings, opt.Clock)
	a.exportFiles = exportjob.NewFiles(opt.Exports)
	a.Exports = exportjob.New(export.NewLocal(opt.Engine, opt.Store, a.Settings.Now), simulate.NewLocal(a.Discovery), opt.Store, a.exportFiles, opt.Clock)
	a.Imports = imports.New(ingest.NewImporter(opt.Store, opt.Clock), directory.NewImporter(opt.Store, a.Settings.Now))
	a.spool = imports.NewSpool(opt.Uploads, 0)
	a.Jobs = jobs.New(opt.Store, opt.Jobs, append(slices.Clone(opt.JobKinds), a.Exports.Kind(), a.Imports.Kind(a.spool))...)
	var err error
	a.Graph, err = graph.New(graph.Options{
		Discovery: a.Discovery,
		Services: resolvers.Services{
			Directory: a.Directory, Settings: a.Settings, Keys: a.Keys, Jobs: a.Jobs, Audit: a.Audit,
			Exports: a.Exports,
			Filters: savedfilter.New(opt.Store, opt.Clock), Describe: describe.New(opt.Store, shownCypher, a.Settings.Now),
		},
		Limits: opt.Limits, NoIntrospection: opt.NoIntrospection, Log: opt.Log,
	})
	return a, err
}
