package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/accessgraph/accessgraph/internal/cli"
	"github.com/accessgraph/accessgraph/internal/config"
	"github.com/accessgraph/accessgraph/internal/export"
	"github.com/accessgraph/accessgraph/internal/filter"
)

func (c *command) exportCommand() *cobra.Command {
	var f exportFlags
	kinds := make([]string, len(export.Datasets))
	for i, d := range export.Datasets {
		kinds[i] = string(d)
	}
	cmd := &cobra.Command{
		Use: "export " + strings.Join(kinds, "|"), Short: "Write data as a file",
		Long: "Writes a dataset whole, as CSV that is safe to open in a spreadsheet, access also as Parquet and Arrow:\n\n" +
			"  entities   identities, connections and resources\n" +
			"  access     who reaches what: one row per source and target, through connections too, with the\n" +
			"             permissions, the providers and the shortest chain\n" +
			"  grants     what the applications report, one row per permission\n" +
			"  employees  the people\n\n" +
			"A file named with -o is written whole or not at all.",
		Example: `  accessgraph export access --filter '{"type":["IDENTITY"]}' -o access.csv
  accessgraph export access --format parquet --as-of 2026-05-31 -o access.parquet`,
		Args:      exactly(1, "what to export ("+strings.Join(kinds, ", ")+")"),
		ValidArgs: kinds,
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.runExport(cmd.Context(), args[0], &f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", string(export.CSV), "csv, parquet or arrow")
	flags.StringVarP(&f.output, "output", "o", "-", "the file to write; - is standard output")
	flags.StringVar(&f.filter, "filter", "", "JSON of an EntityFilter: which entities, or whose access and grants")
	flags.StringVar(&f.targets, "target-filter", "", "JSON of an EntityFilter: access to what")
	flags.StringVar(&f.asOf, "as-of", "", "access as of a moment: a time, a date, or how long ago (90d, 36h)")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"csv", "parquet", "arrow"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

type exportFlags struct{ format, output, filter, targets, asOf string }

// read checks the flags.
func (f *exportFlags) read(dataset string) (d export.Dataset, o export.AccessOptions, err error) {
	if d, err = export.ParseDataset(dataset); err != nil {
		return d, o, err
	}
	if o.Format, err = export.ParseFormat(f.format); err != nil {
		return d, o, err
	}
	if d != export.Access && (o.Format != export.CSV || f.targets != "" || f.asOf != "") {
		return d, o, cli.Usage("--format %s, --target-filter and --as-of are for access; %s is written as csv", f.format, d)
	}
	if f.filter != "" {
		if o.Sources, err = filter.Parse([]byte(f.filter), "filter"); err != nil {
			return d, o, err
		}
	}
	if f.targets != "" {
		if o.Targets, err = filter.Parse([]byte(f.targets), "target-filter"); err != nil {
			return d, o, err
		}
	}
	if f.asOf != "" {
		o.AsOf, err = moment("--as-of", f.asOf, time.Now())
	}
	return d, o, err
}

func (c *command) runExport(ctx context.Context, dataset string, f *exportFlags) error {
	d, o, err := f.read(dataset)
	if err != nil {
		return err
	}
	if o.Format != export.CSV && f.output == "-" && cli.Terminal(c.out) {
		return cli.Usage("%s is not for reading on a terminal: name a file with -o", o.Format)
	}
	progress := c.progress("")
	defer progress.Done()
	shown := f.output != "-" || !cli.Terminal(c.out) // rows on a terminal are progress enough
	show := func(stage string) func(done, total int64) {
		return func(done, total int64) {
			if shown {
				progress.Stage(stage, done, total)
			}
		}
	}
	sources := show("sources")
	o.Progress = func(done, total int) { sources(int64(done), int64(total)) }
	rows := show("rows")
	plain := export.Options{Dataset: d, Filter: o.Sources, Progress: func(n int64) {
		if n%100 == 0 {
			rows(n, -1)
		}
	}}
	write := func(run func(w io.Writer) (int64, error)) error { return c.writeExport(d, f.output, progress, run) }
	if c.cfg.Server != "" {
		client := cli.NewClient(c.cfg.Server, c.cfg.APIKey.Reveal())
		if d == export.Access {
			return write(func(w io.Writer) (int64, error) { return download(ctx, client, o, w) })
		}
		return write(func(w io.Writer) (int64, error) {
			return export.WriteCSV(ctx, w, export.NewRemote(client.GraphQL), plain)
		})
	}
	byCypher := c.cfg.Engine == config.EngineCypher && c.cfg.Store == config.StoreNeo4j && o.Format == export.CSV && o.Targets == nil && o.AsOf.IsZero()
	if c.cfg.Engine == config.EngineAuto {
		c.cfg.Engine = config.EngineMemory // everything of one version
	}
	return c.with(ctx, reading, func(ctx context.Context, p *product) error {
		local := export.NewLocal(p.Engine, p.Store, p.Settings.Now)
		if d == export.Access && !byCypher {
			return write(func(w io.Writer) (int64, error) { return local.Access(ctx, w, o) })
		}
		return write(func(w io.Writer) (int64, error) { return export.WriteCSV(ctx, w, local, plain) })
	})
}

// download has a server write the file.
func download(ctx context.Context, client *cli.Client, o export.AccessOptions, w io.Writer) (int64, error) {
	request := map[string]any{"format": o.Format}
	if o.Sources != nil {
		request["filter"] = o.Sources
	}
	if o.Targets != nil {
		request["targetFilter"] = o.Targets
	}
	if !o.AsOf.IsZero() {
		request["asOf"] = o.AsOf.UTC()
	}
	body, err := json.Marshal(request)
	if err != nil {
		return 0, err
	}
	return client.Download(ctx, body, w)
}

func (c *command) writeExport(d export.Dataset, output string, progress *cli.Progress, run func(w io.Writer) (int64, error)) error {
	var rows int64
	write := func(w io.Writer) (err error) {
		out := bufio.NewWriterSize(w, 1<<20)
		if rows, err = run(out); err != nil {
			return err
		}
		return out.Flush()
	}
	if output == "-" {
		return write(c.out)
	}
	if err := cli.WriteFile(output, write); err != nil {
		return err
	}
	progress.Done()
	if !c.cfg.JSON {
		fmt.Fprintf(c.errOut, "%d rows of %s are in %s\n", rows, d, output)
	}
	return nil
}
