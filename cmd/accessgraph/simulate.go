package main

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"github.com/accessgraph/accessgraph/internal/cli"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/simulate"
)

func (c *command) simulateCommand() *cobra.Command {
	var changes []query.Change
	var file string
	var f differenceFlags
	cmd := &cobra.Command{
		Use: "simulate", Short: "Show who would gain and lose access by changes, without making them",
		Long: "Tries changes, in the order given, and shows for every identity what it would reach more, no longer, or otherwise, and because\n" +
			"of which grant. Nothing is written.\n\n" +
			"An entity is meant by its id, or by its name, username, e-mail address or source id where one live entity has it.\n" +
			"A file of changes (--changes) is a list in YAML or JSON, as the argument of simulate in GraphQL:\n\n" +
			"  - addGrant: {source: alicegh, target: Platform, permission: member}\n" +
			"  - removeGrant: {source: Engineering, target: admin-application}\n" +
			"  - suspend: bobgh\n" +
			"  - delete: carolgh",
		Example: `  accessgraph simulate --remove 'Engineering -> Product-Development'
  accessgraph simulate --add 'alicegh -> Platform [member]' --delete carolgh -o csv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.runSimulate(cmd.Context(), changes, file, &f) },
	}
	flags := cmd.Flags()
	one := func(name, usage, typ string, parse func(string) (query.Change, error)) {
		flags.Var(&changeFlag{&changes, typ, parse}, name, usage)
	}
	one("add", "try to add a grant: SOURCE -> TARGET, or SOURCE -> TARGET [permission] or [permission=value]; repeatable", "GRANT", simulate.ParseAdd)
	one("remove", "try to remove grants: SOURCE -> TARGET, or SOURCE -> TARGET [permission]; repeatable", "GRANT", simulate.ParseRemove)
	one("suspend", "try to suspend an entity; repeatable", "ENTITY", func(s string) (query.Change, error) { return query.Change{Suspend: s}, nil })
	one("delete", "try to delete an entity; repeatable", "ENTITY", func(s string) (query.Change, error) { return query.Change{Delete: s}, nil })
	flags.StringVar(&file, "changes", "", "read the changes from this file (- = standard input); those of other flags come after them")
	f.add(cmd, flags)
	return cmd
}

// changeFlag appends to one list: changes are made in the order of the command line.
type changeFlag struct {
	to    *[]query.Change
	typ   string
	parse func(string) (query.Change, error)
}

// String implements pflag.Value.
func (*changeFlag) String() string { return "" }

// Type implements pflag.Value.
func (f *changeFlag) Type() string { return f.typ }

// Set implements pflag.Value.
func (f *changeFlag) Set(s string) error {
	change, err := f.parse(s)
	if err == nil {
		*f.to = append(*f.to, change)
	}
	return err
}

func (c *command) runSimulate(ctx context.Context, changes []query.Change, file string, f *differenceFlags) error {
	q, err := f.query()
	if err != nil {
		return err
	}
	if file != "" {
		in := c.in
		if file != "-" {
			opened, err := os.Open(file)
			if err != nil {
				return cli.Usage("cannot read the changes: %v", err)
			}
			defer opened.Close()
			in = opened
		}
		read, err := simulate.ReadChanges(in)
		if err != nil {
			return err
		}
		changes = append(read, changes...)
	}
	if len(changes) == 0 {
		return cli.Usage("there is nothing to try: give --add, --remove, --suspend, --delete or --changes")
	}
	return c.differences(ctx, f, func(ctx context.Context, src simulate.Source, emit func(*simulate.Row) error) error {
		if err := simulate.ResolveAll(ctx, src, changes); err != nil {
			return err
		}
		return src.Simulate(ctx, changes, q, emit)
	})
}
