package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	yaml "go.yaml.in/yaml/v3"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/cli"
	"github.com/accessgraph/accessgraph/internal/config"
	"github.com/accessgraph/accessgraph/internal/server"
	"github.com/accessgraph/accessgraph/web"
)

type serveFlags struct {
	listen                string
	open, demo, noBrowser bool
}

func (c *command) serveCommand() *cobra.Command {
	f := &serveFlags{}
	cmd := &cobra.Command{
		Use: "serve", Short: "Serve the page and the API",
		Long: "Serves the page at /, GraphQL at /graphql and GraphiQL at /graphiql until it is interrupted.\n\n" +
			"Callers need an API key (accessgraph apikey create), unless --open lets everybody on this machine in.\n" +
			"--demo serves a made-up company, in a data folder of its own unless --data names one.",
		Args: exactly(0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.cfg.Server != "" {
				return cli.Usage("serve is the server: leave --server out")
			}
			if f.demo && c.cfg.Store == config.StoreEmbedded && !saysData(cmd.Flags(), c.cfg.File) {
				c.cfg.Data = filepath.Join(filepath.Dir(c.cfg.Data), "accessgraph-demo")
			}
			return c.runServe(cmd.Context(), f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8080", "address and port; port 0 takes a free one")
	flags.BoolVar(&f.open, "open", false, "ask for no API key; on a loopback address only")
	flags.BoolVar(&f.demo, "demo", false, "load a made-up company first, where there is no data yet")
	flags.BoolVar(&f.noBrowser, "no-browser", false, "do not open the page in the browser")
	return cmd
}

// saysData reports whether somebody said where the data is. Demo data must not get into
// the folder that real data is in by default.
func saysData(flags *pflag.FlagSet, file string) bool {
	if f := flags.Lookup("data"); f != nil && f.Changed || os.Getenv(config.Env("data")) != "" {
		return true
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return false // there is none, or config.Load has complained about it
	}
	var values map[string]any
	return yaml.Unmarshal(raw, &values) == nil && values["data"] != nil
}

func (c *command) runServe(ctx context.Context, f *serveFlags) error {
	// Known before anything is opened or loaded.
	if _, _, err := net.SplitHostPort(f.listen); err != nil {
		return cli.Usage("--listen %q is no address such as 127.0.0.1:8080", f.listen)
	}
	inner, p, err := c.open(ctx, serving)
	if err != nil {
		return err
	}
	err = c.serve(inner, p, f)
	if closing := p.close(); err == nil {
		err = closing
	}
	return err
}

func (c *command) serve(ctx context.Context, p *product, f *serveFlags) error {
	s, err := server.New(server.Options{App: p.App, Listen: f.listen, Open: f.open, Web: web.Handler(), Imports: p.imports, Log: c.log})
	if err != nil {
		return err
	}
	if f.demo {
		if err := c.demoIfEmpty(ctx, p); err != nil {
			return err
		}
	}
	if !f.open {
		if err := c.hintKeys(ctx, p); err != nil {
			return err
		}
	}
	ready := func(a net.Addr) { c.announce(ctx, p, f, a) }
	return s.Run(ctx, ready)
}

// demoIfEmpty loads the demo company where there is nothing, or goes on with one whose
// loading was broken off. Any other data is served as it is.
func (c *command) demoIfEmpty(ctx context.Context, p *product) error {
	l := c.loader(p)
	marker, err := l.Marker(ctx)
	if err != nil || marker.Complete {
		return err
	}
	employees, seed := demoEmployees, uint64(demoSeed)
	if marker.Employees > 0 {
		employees, seed = marker.Employees, marker.Seed
	} else if empty, err := l.Empty(ctx); err != nil || !empty {
		if err == nil {
			c.log.Warn("the store holds data already: no demo data is loaded")
		}
		return err
	}
	company, err := newCompany(employees, seed)
	if err != nil {
		return err
	}
	_, took, err := c.loadDemo(ctx, p, company)
	if err == nil {
		c.log.Info("loaded the demo company", "employees", employees, "seconds", took.Round(10*1e6).Seconds())
	}
	return err
}

// hintKeys says how to get in when there is no way in.
func (c *command) hintKeys(ctx context.Context, p *product) error {
	keys, err := p.Keys.List(ctx)
	if err != nil {
		return err
	}
	now, err := p.Settings.Now(ctx)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if k.Usable(now) {
			return nil
		}
	}
	c.log.Warn("there is no usable API key, so nobody can get in: make one with \"accessgraph apikey create --name NAME --role administrator\" while the server is stopped, or serve with --open")
	return nil
}

func (c *command) announce(ctx context.Context, p *product, f *serveFlags, a net.Addr) {
	url := "http://" + a.String() + "/"
	if c.cfg.JSON {
		fmt.Fprintf(c.out, "{\"url\":%q,\"store\":%q}\n", url, c.cfg.Store)
		return
	}
	fmt.Fprintf(c.out, "accessgraph is at %s\n", url)
	if f.demo {
		if err := c.showNextSteps(ctx, p); err != nil {
			c.log.Warn("could not show what to try", "error", err)
		}
		fmt.Fprintf(c.out, "\nAsk by hand at %sgraphiql, stop with Ctrl-C.\n", url)
	}
	if !f.noBrowser && os.Getenv("CI") == "" && cli.Terminal(c.out) {
		cli.OpenBrowser(url)
	}
}

// storeFlags are the flags with which another command finds the same store.
func (c *command) storeFlags() string {
	if c.cfg.Store == config.StoreNeo4j {
		return " --store neo4j --neo4j-uri " + shellQuote(c.cfg.Neo4j.URI)
	}
	return " --data " + shellQuote(c.cfg.Data)
}

// shellQuote quotes a word where a shell would not take it as it is.
func shellQuote(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-:+@%,=", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

func principalOf(ctx context.Context) (auth.Principal, error) {
	return auth.Require(ctx, access.Administrator)
}
