package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/accessgraph/accessgraph/internal/cli"
	"github.com/accessgraph/accessgraph/internal/config"
	"github.com/accessgraph/accessgraph/internal/export"
	"github.com/accessgraph/accessgraph/internal/filter"
)

func (c *command) exportCommand() *cobra.Command {
	var format, output, text string
	kinds := make([]string, len(export.Datasets))
	for i, d := range export.Datasets {
		kinds[i] = string(d)
	}
	cmd := &cobra.Command{
		Use: "export " + strings.Join(kinds, "|"), Short: "Write data as a CSV file",
		Long: "Writes a dataset whole, as CSV that is safe to open in a spreadsheet:\n\n" +
			"  entities   identities, connections and resources\n" +
			"  access     who reaches what: one row per source and target, through connections too\n" +
			"  grants     what the applications report, one row per permission\n" +
			"  employees  the people\n\n" +
			"A file named with -o is written whole or not at all.",
		Example:   `  accessgraph export access --filter '{"type":["IDENTITY"]}' -o access.csv`,
		Args:      exactly(1, "what to export ("+strings.Join(kinds, ", ")+")"),
		ValidArgs: kinds,
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := export.ParseDataset(args[0])
			if err != nil {
				return err
			}
			if _, err := export.ParseFormat(format); err != nil {
				return err
			}
			o := export.Options{Dataset: d}
			if text != "" {
				if o.Filter, err = filter.Parse([]byte(text), "filter"); err != nil {
					return err
				}
			}
			return c.runExport(cmd.Context(), o, output)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&format, "format", string(export.CSV), "csv")
	flags.StringVarP(&output, "output", "o", "-", "the file to write; - is standard output")
	flags.StringVar(&text, "filter", "", "JSON of an EntityFilter: which entities, or whose access and grants")
	return cmd
}

func (c *command) runExport(ctx context.Context, o export.Options, output string) error {
	progress := c.progress("")
	defer progress.Done()
	if output != "-" || !cli.Terminal(c.out) { // rows on a terminal are progress enough
		o.Progress = func(rows int64) {
			if rows%100 == 0 {
				progress.Stage("rows", rows, -1)
			}
		}
	}
	if c.cfg.Server != "" {
		remote := export.NewRemote(cli.NewClient(c.cfg.Server, c.cfg.APIKey.Reveal()).GraphQL)
		return c.writeExport(ctx, remote, o, output, progress)
	}
	if c.cfg.Engine == config.EngineAuto {
		c.cfg.Engine = config.EngineMemory // everything of one version
	}
	return c.with(ctx, reading, func(ctx context.Context, p *product) error {
		return c.writeExport(ctx, export.NewLocal(p.Engine, p.Store, p.Settings.Now), o, output, progress)
	})
}

func (c *command) writeExport(ctx context.Context, src export.Source, o export.Options, output string, progress *cli.Progress) error {
	var rows int64
	write := func(w io.Writer) (err error) {
		rows, err = export.WriteCSV(ctx, w, src, o)
		return err
	}
	if output == "-" {
		return write(c.out)
	}
	if err := cli.WriteFile(output, write); err != nil {
		return err
	}
	progress.Done()
	if !c.cfg.JSON {
		fmt.Fprintf(c.errOut, "%d rows of %s are in %s\n", rows, o.Dataset, output)
	}
	return nil
}
