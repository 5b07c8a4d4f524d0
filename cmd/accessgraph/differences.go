package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/accessgraph/accessgraph/internal/cli"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/simulate"
)

// differenceFlags are what simulate and diff have in common.
type differenceFlags struct{ filter, targets, output string }

func (f *differenceFlags) add(cmd *cobra.Command, flags *pflag.FlagSet) {
	flags.StringVar(&f.filter, "filter", "", "JSON of an EntityFilter: which identities")
	flags.StringVar(&f.targets, "target-filter", "", "JSON of an EntityFilter: which targets")
	flags.StringVarP(&f.output, "output", "o", "table", "table, json or csv")
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions([]string{"table", "json", "csv"}, cobra.ShellCompDirectiveNoFileComp))
}

func (f *differenceFlags) query() (q simulate.Query, err error) {
	if !slices.Contains([]string{"table", "json", "csv"}, f.output) {
		return q, cli.Usage("-o %q is not one of table, json, csv", f.output)
	}
	if f.filter != "" {
		if q.Filter, err = filter.Parse([]byte(f.filter), "filter"); err != nil {
			return q, err
		}
	}
	if f.targets != "" {
		q.Targets, err = filter.Parse([]byte(f.targets), "target-filter")
	}
	return q, err
}

// differences runs ask over the store or the server and shows the rows that it emits.
func (c *command) differences(ctx context.Context, f *differenceFlags, ask func(ctx context.Context, src simulate.Source, emit func(*simulate.Row) error) error) error {
	output := f.output
	if c.cfg.JSON {
		output = "json"
	}
	show := map[string]func(io.Writer) rowWriter{"table": newRowTable, "json": newRowJSON, "csv": newRowCSV}[output](c.out)
	progress := c.progress("")
	defer progress.Done()
	run := func(ctx context.Context, src simulate.Source) error {
		rows := int64(0)
		if err := ask(ctx, src, func(r *simulate.Row) error {
			if rows++; rows%100 == 0 && (output == "table" || !cli.Terminal(c.out)) {
				progress.Stage("rows", rows, -1)
			}
			return show.row(r)
		}); err != nil {
			return err
		}
		progress.Done()
		return show.end()
	}
	if c.cfg.Server != "" {
		return run(ctx, simulate.NewRemote(cli.NewClient(c.cfg.Server, c.cfg.APIKey.Reveal()).GraphQL))
	}
	return c.with(ctx, reading, func(ctx context.Context, p *product) error { return run(ctx, simulate.NewLocal(p.Discovery)) })
}

// rowWriter shows rows.
type rowWriter interface {
	row(r *simulate.Row) error
	end() error
}

// rowTable keeps the first rows for a table and counts the others: a table is for reading.
type rowTable struct {
	out   io.Writer
	flat  cli.Flat
	kinds map[string]int64
}

// tableRows is how many rows a table has.
const tableRows = 200

func newRowTable(out io.Writer) rowWriter {
	return &rowTable{out: out, flat: cli.Flat{Columns: simulate.Columns[:len(simulate.Columns)-2], List: true}, kinds: map[string]int64{}}
}

func (t *rowTable) row(r *simulate.Row) error {
	t.flat.Total++
	t.kinds[strings.ToLower(string(r.Kind))]++
	if len(t.flat.Rows) < tableRows {
		t.flat.Rows = append(t.flat.Rows, r.Cells()[:len(t.flat.Columns)])
	}
	return nil
}

func (t *rowTable) end() error {
	if t.flat.Total == 0 {
		_, err := fmt.Fprintln(t.out, "No identity's access differs.")
		return err
	}
	t.flat.WriteTable(t.out)
	_, err := fmt.Fprintf(t.out, "%d gained, %d lost, %d changed\n", t.kinds["gained"], t.kinds["lost"], t.kinds["changed"])
	return err
}

// rowJSON writes one list, row by row.
type rowJSON struct {
	out   io.Writer
	comma string
}

func newRowJSON(out io.Writer) rowWriter { return &rowJSON{out, "["} }

func (j *rowJSON) row(r *simulate.Row) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(j.out, "%s\n%s", j.comma, text)
	j.comma = ","
	return err
}

func (j *rowJSON) end() error {
	end := "\n]\n"
	if j.comma == "[" {
		end = "[]\n"
	}
	_, err := io.WriteString(j.out, end)
	return err
}

// rowCSV writes CSV, safe to open in a spreadsheet.
type rowCSV struct {
	out    *csv.Writer
	header bool
}

func newRowCSV(out io.Writer) rowWriter { return &rowCSV{out: csv.NewWriter(out)} }

func (w *rowCSV) row(r *simulate.Row) error {
	if !w.header {
		w.header = true
		if err := w.out.Write(simulate.Columns); err != nil {
			return err
		}
	}
	cells := r.Cells()
	for i, c := range cells {
		cells[i] = ingest.EscapeFormula(c)
	}
	return w.out.Write(cells)
}

func (w *rowCSV) end() error {
	if !w.header {
		if err := w.out.Write(simulate.Columns); err != nil {
			return err
		}
	}
	w.out.Flush()
	return w.out.Error()
}
