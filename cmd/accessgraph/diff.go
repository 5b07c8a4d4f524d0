package main

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/accessgraph/accessgraph/internal/cli"
	"github.com/accessgraph/accessgraph/internal/simulate"
)

func (c *command) diffCommand() *cobra.Command {
	var from, to string
	var f differenceFlags
	cmd := &cobra.Command{
		Use: "diff --from TIME [--to TIME]", Short: "Show who gained and lost access between two moments",
		Long: "Shows for every identity what it came to reach between two moments, no longer, or otherwise, and the grants that came or went.\n\n" +
			timesHelp,
		Example: `  accessgraph diff --from 2026-05-31
  accessgraph diff --from 90d --target-filter '{"application": {"eq": "GitHub"}}' -o csv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.runDiff(cmd.Context(), from, to, &f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&from, "from", "", "the earlier moment")
	flags.StringVar(&to, "to", "", "the later moment (default: now)")
	f.add(cmd, flags)
	return cmd
}

const timesHelp = "A moment is a time such as 2026-05-31T12:00:00Z, a date (its beginning in UTC), or how long ago: 90d or 36h."

func (c *command) runDiff(ctx context.Context, from, to string, f *differenceFlags) error {
	q, err := f.query()
	if err != nil {
		return err
	}
	if from == "" {
		return cli.Usage("give --from: the earlier moment")
	}
	now := time.Now()
	earlier, err := moment("--from", from, now)
	if err != nil {
		return err
	}
	later := now
	if to != "" {
		if later, err = moment("--to", to, now); err != nil {
			return err
		}
	}
	if !earlier.Before(later) {
		return cli.Usage("--from must lie before --to")
	}
	return c.differences(ctx, f, func(ctx context.Context, src simulate.Source, emit func(*simulate.Row) error) error {
		return src.Between(ctx, earlier, later, q, emit)
	})
}

// moment reads a moment as people write it.
func moment(flag, s string, now time.Time) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n >= 0 && n < 100_000 {
			return now.AddDate(0, 0, -n), nil
		}
	}
	if ago, err := time.ParseDuration(s); err == nil && ago >= 0 {
		return now.Add(-ago), nil
	}
	return time.Time{}, cli.Usage("%s %q is not a moment. %s", flag, s, timesHelp)
}
