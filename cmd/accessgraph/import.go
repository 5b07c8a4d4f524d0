package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/cli"
	"github.com/accessgraph/accessgraph/internal/imports"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
)

// importFlags are the flags of the import commands.
type importFlags struct {
	application, integration, mode string
	maps, defaults                 []string
	confirm, dryRun                bool
	report                         string
}

func (c *command) importCommand() *cobra.Command {
	return group("import", "Load a CSV file",
		c.importKind(imports.Entitlements, "Load who has access to what in one integration"),
		c.importKind(imports.Employees, "Load the people of the company"),
		c.importKind(imports.Mappings, "Load which identity is whose"),
		c.importKind(imports.Owners, "Load the business owners of connections and resources"))
}

func (c *command) importKind(kind imports.Kind, short string) *cobra.Command {
	f := &importFlags{}
	cmd := &cobra.Command{
		Use: string(kind) + " FILE", Short: short,
		Long: short + ".\n\nFILE is a CSV file, also compressed (gzip, zstd), or - for standard input. A file with any error writes nothing.\n" +
			"Exit codes: 0 loaded, 1 the work failed, 2 wrong use, 3 the file was rejected.",
		Args: exactly(1, "FILE"),
		RunE: func(cmd *cobra.Command, args []string) error { return c.runImport(cmd.Context(), kind, args[0], f) },
	}
	flags := cmd.Flags()
	if kind == imports.Entitlements {
		flags.StringVar(&f.application, "application", "", "the application, e.g. GitHub; needed for a new integration")
		flags.StringVar(&f.integration, "integration", "", "the integration, e.g. \"GitHub (example-org)\"")
		flags.StringVar(&f.mode, "mode", "", "snapshot (what the file lacks is removed) or merge (default snapshot)")
		flags.BoolVar(&f.confirm, "confirm-removals", false, "let a snapshot remove more than half of the entities")
		_ = cmd.RegisterFlagCompletionFunc("mode", cobra.FixedCompletions([]string{"snapshot", "merge"}, cobra.ShellCompDirectiveNoFileComp))
	}
	flags.StringArrayVar(&f.maps, "map", nil, "\"Canonical column=Column of the file\", repeatable; remembered for entitlements")
	flags.StringArrayVar(&f.defaults, "default", nil, "\"Canonical column=value\" where the file gives none, repeatable; remembered for entitlements")
	flags.BoolVar(&f.dryRun, "dry-run", false, "say what would happen, write nothing")
	flags.StringVar(&f.report, "report", "", "write all errors and warnings to this CSV file")
	return cmd
}

func (f *importFlags) request(kind imports.Kind) (imports.Request, error) {
	r := imports.Request{Kind: kind, Application: f.application, Integration: f.integration, ConfirmRemovals: f.confirm, DryRun: f.dryRun}
	if kind == imports.Entitlements {
		if access.Clean(f.integration) == "" {
			return r, cli.Usage("say what the file is loaded into, e.g. --application GitHub --integration \"GitHub (example-org)\"")
		}
		mode, err := ingest.ParseMode(f.mode)
		if err != nil {
			return r, err
		}
		r.Mode = mode
	}
	for _, a := range []struct {
		name string
		args []string
		to   *map[string]string
	}{{"map", f.maps, &r.Map}, {"default", f.defaults, &r.Defaults}} {
		if len(a.args) == 0 {
			continue
		}
		parsed, err := csvfile.ParseAssignments(a.name, a.args)
		if err != nil {
			return r, err
		}
		*a.to = parsed
	}
	return r, nil
}

func (c *command) runImport(ctx context.Context, kind imports.Kind, file string, f *importFlags) error {
	r, err := f.request(kind)
	if err != nil {
		return err
	}
	src, closeFile, err := csvfile.OpenFile(file, c.in)
	if err != nil {
		return err
	}
	defer closeFile() //nolint:errcheck // it was only read
	if file == "-" {
		src.Reader = interruptible(ctx, src.Reader)
	}
	progress := c.progress("")
	r.Progress = progress.Stage
	var report ingest.Report
	if c.cfg.Server != "" {
		report, err = cli.NewClient(c.cfg.Server, c.cfg.APIKey.Reveal()).Import(ctx, string(kind), f.params(r), src, progress.Stage)
	} else {
		err = c.with(ctx, writing, func(ctx context.Context, p *product) error {
			report, err = p.imports.Run(ctx, src, r)
			return err
		})
	}
	progress.Done()
	return c.imported(&report, err, f)
}

// interruptible is a reader that fails once ctx ends, also while it waits for input that
// may never come.
func interruptible(ctx context.Context, in io.Reader) io.Reader {
	out, feed := io.Pipe()
	context.AfterFunc(ctx, func() { feed.CloseWithError(ctx.Err()) })
	go func() {
		_, err := io.Copy(feed, in)
		feed.CloseWithError(err)
	}()
	return out
}

// params says over HTTP what the flags say here.
func (f *importFlags) params(r imports.Request) url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("application", r.Application)
	set("integration", r.Integration)
	set("mode", string(r.Mode))
	if r.DryRun {
		v.Set("dryRun", "true")
	}
	if r.ConfirmRemovals {
		v.Set("confirmRemovals", "true")
	}
	for _, m := range f.maps {
		v.Add("map", m)
	}
	for _, d := range f.defaults {
		v.Add("default", d)
	}
	return v
}

// imported says how an import ended. A report is shown whenever the file was read.
func (c *command) imported(r *ingest.Report, err error, f *importFlags) error {
	if r.Kind == "" {
		return err
	}
	if f.report != "" {
		if writeErr := cli.WriteFile(f.report, func(w io.Writer) error { return r.WriteCSV(w) }); writeErr != nil {
			return writeErr
		}
	}
	code := cli.ExitCode(err)
	var known *access.Error
	if errors.As(err, &known) && known.Code == access.CodeInvalidInput && known.Path == "file" {
		code = cli.Rejected // such as a damaged gzip file
	}
	if code != cli.OK && !r.Rejected() {
		cli.ShowError(c.errOut, err, c.cfg.JSON, false)
		return &cli.ShownError{Code: code}
	}
	if c.cfg.JSON {
		if encodeErr := json.NewEncoder(c.out).Encode(r); encodeErr != nil {
			return encodeErr
		}
	} else {
		cli.ShowReport(c.out, r)
		if f.report != "" {
			fmt.Fprintln(c.out, "All errors and warnings are in", f.report)
		}
	}
	if err != nil {
		return &cli.ShownError{Code: code}
	}
	return nil
}

// progress shows progress on the terminal, not to machines.
func (c *command) progress(label string) *cli.Progress {
	if c.cfg.JSON {
		return cli.NewProgress(nil, label)
	}
	return cli.NewProgress(c.errOut, label)
}
