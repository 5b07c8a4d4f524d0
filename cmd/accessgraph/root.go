package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"github.com/accessgraph/accessgraph/internal/cli"
	"github.com/accessgraph/accessgraph/internal/config"
)

// command is what every subcommand works with.
type command struct {
	cfg    config.Config
	in     io.Reader
	out    io.Writer
	errOut io.Writer
	log    *slog.Logger
}

// run runs one command line and returns its exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	c := &command{in: in, out: out, errOut: errOut, log: slog.New(slog.DiscardHandler)}
	root := c.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	asJSON := c.cfg.JSON || wantsJSON(args)
	return cli.ShowError(errOut, err, asJSON, c.cfg.LogLevel <= slog.LevelDebug)
}

// wantsJSON finds --json in a command line that may not even parse.
func wantsJSON(args []string) bool {
	for _, a := range args {
		if a == "--" {
			return false
		}
		if a == "--json" || a == "--json=true" {
			return true
		}
	}
	return false
}

func (c *command) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "accessgraph",
		Short: "Who reaches what, and how",
		Long: "accessgraph loads who has access to what from every application, and answers who reaches what, and how.\n" +
			"Begin with: accessgraph serve --demo --open",
		SilenceUsage: true, SilenceErrors: true,
		SuggestionsMinimumDistance: 2,
		// Without a function cobra prints the help and says 0 to an unknown command.
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return c.configure(cmd)
		},
	}
	config.Define(root.PersistentFlags())
	root.SetFlagErrorFunc(flagError)
	root.CompletionOptions.HiddenDefaultCmd = false
	root.AddCommand(c.importCommand(), c.queryCommand(), c.serveCommand(), c.demoCommand(), c.exportCommand(), c.simulateCommand(), c.diffCommand(), c.explainCommand(),
		c.apikeyCommand(), c.doctorCommand(), c.versionCommand())
	return root
}

func (c *command) configure(cmd *cobra.Command) error {
	cfg, err := config.Load(cmd.Flags())
	if err != nil {
		return err
	}
	c.cfg = cfg
	handler := slog.Handler(slog.NewTextHandler(c.errOut, &slog.HandlerOptions{Level: cfg.LogLevel}))
	if cfg.JSON {
		handler = slog.NewJSONHandler(c.errOut, &slog.HandlerOptions{Level: cfg.LogLevel})
	}
	c.log = slog.New(handler)
	return nil
}

// unknownCommand is for commands that only have subcommands.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	text := ""
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		text = "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return cli.Usage("there is no command %q%s (see %s --help)", args[0], text, cmd.CommandPath())
}

// group is a command that only has subcommands.
func group(use, short string, sub ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Args: unknownCommand, SuggestionsMinimumDistance: 2,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_ = cmd.Usage()
			return cli.Usage("say which: %s", names(sub))
		},
	}
	cmd.AddCommand(sub...)
	return cmd
}

func names(commands []*cobra.Command) string {
	list := make([]string, len(commands))
	for i, c := range commands {
		list[i] = c.Name()
	}
	return strings.Join(list, ", ")
}

// exactly is cobra.ExactArgs as a wrong use, with what is missing.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < n:
			return cli.Usage("%s is missing (see %s --help)", what, cmd.CommandPath())
		case len(args) > n:
			return cli.Usage("unexpected argument %q (see %s --help)", args[n], cmd.CommandPath())
		}
		return nil
	}
}

// flagError adds the nearest flag there is.
func flagError(cmd *cobra.Command, err error) error {
	if errors.Is(err, errHelp) {
		return err
	}
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "unknown flag: --"); ok {
		if near := nearestFlag(cmd, name); near != "" {
			text += "; did you mean --" + near + "?"
		}
	}
	return cli.Usage("%s (see %s --help)", text, cmd.CommandPath())
}
