package main

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/accessgraph/accessgraph/graph"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/config"
	"github.com/accessgraph/accessgraph/internal/directory"
	"github.com/accessgraph/accessgraph/internal/exportjob"
	"github.com/accessgraph/accessgraph/internal/imports"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/server"
	"github.com/accessgraph/accessgraph/internal/snapshot"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/embedded"
	"github.com/accessgraph/accessgraph/internal/store/neo4j"
)

// product is everything, put together: the one place that knows which store and which
// engine there are.
type product struct {
	*server.App
	imports *imports.Service

	closers []func() error
}

// use is what a command needs of the store.
type use int

const (
	reading use = iota // a short question: embedded opens read-only, Neo4j answers by Cypher
	writing            // a short change
	serving            // a long-lived server
)

// open puts the product together over the configured store. The returned context acts as
// the system: who can open a store is its administrator.
func (c *command) open(ctx context.Context, u use) (context.Context, *product, error) {
	if c.cfg.Server != "" {
		return nil, nil, notThroughServer()
	}
	st, engine, closers, err := c.openStore(ctx, u)
	if err != nil {
		return nil, nil, err
	}
	p := &product{closers: closers}
	limits := graph.Limits{} // a server's
	if u != serving {
		limits = queryLimits
	}
	files, uploads := exportjob.FileOptions{}, ""
	if u == serving {
		files.Folder, uploads = filepath.Join(c.cfg.Data, "exports"), filepath.Join(c.cfg.Data, "uploads")
	}
	if p.App, err = server.NewApp(server.AppOptions{Store: st, Engine: engine, Limits: limits, Exports: files, Uploads: uploads, Log: c.log}); err != nil {
		return nil, nil, errors.Join(err, p.close())
	}
	p.imports = imports.New(ingest.NewImporter(st, time.Now), directory.NewImporter(st, p.Settings.Now))
	return auth.WithPrincipal(ctx, auth.System()), p, nil
}

func (c *command) openStore(ctx context.Context, u use) (store.Store, query.Engine, []func() error, error) {
	if c.cfg.Store == config.StoreEmbedded {
		s, err := embedded.Open(ctx, c.cfg.Data, embedded.Options{ReadOnly: u == reading})
		if err != nil {
			return nil, nil, nil, err
		}
		options := []snapshot.Option{snapshot.WithFolder(c.cfg.Data, u != reading)}
		if u == serving {
			options = append(options, snapshot.Lasting())
		}
		engine := snapshot.NewEngine(s, options...)
		return s, engine, []func() error{s.Close, engine.Close}, nil
	}
	s, err := neo4j.Open(ctx, c.neo4jConfig())
	if err != nil {
		return nil, nil, nil, err
	}
	closers := []func() error{s.Close}
	switch {
	case c.cfg.Engine == config.EngineMemory && u == serving:
		engine := snapshot.NewEngine(s, snapshot.Lasting())
		return s, engine, append(closers, engine.Close), nil
	case c.cfg.Engine == config.EngineMemory:
		return s, snapshot.NewEngine(s), closers, nil
	case c.cfg.Engine == config.EngineAuto && u == serving:
		auto := query.NewAuto(s, snapshot.NewEngine(s), s.CypherEngine(), func(err error) {
			c.log.Warn("could not renew the snapshot; Cypher goes on answering", "error", err)
		})
		return s, auto, append(closers, func() error { auto.Close(); return nil }), nil
	}
	if c.cfg.Engine == config.EngineAuto {
		// A short-lived process would load a snapshot for one question: it does for what needs one.
		return s, query.OnDemand{Engine: s.CypherEngine(), Memory: snapshot.NewEngine(s)}, closers, nil
	}
	return s, s.CypherEngine(), closers, nil
}

func (c *command) neo4jConfig() neo4j.Config {
	n := c.cfg.Neo4j
	return neo4j.Config{URI: n.URI, Username: n.Username, Password: n.Password.Reveal(), Database: n.Database}
}

// close closes everything, the last opened first.
func (p *product) close() error {
	var errs []error
	for i := len(p.closers) - 1; i >= 0; i-- {
		errs = append(errs, p.closers[i]())
	}
	return errors.Join(errs...)
}

// with opens the product for f and closes it again.
func (c *command) with(ctx context.Context, u use, f func(ctx context.Context, p *product) error) error {
	ctx, p, err := c.open(ctx, u)
	if err != nil {
		return err
	}
	err = f(ctx, p)
	if closing := p.close(); err == nil {
		err = closing
	}
	return err
}

func notThroughServer() error {
	return access.Invalid("server", "this command works on the store itself: run it where the server runs, without --server")
}
