package main

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/cli"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/simulate"
)

// explainFlags are what the questions of explain have in common.
type explainFlags struct {
	permission, asOf, order, filter, targets string
	first                                    int
	throughIdentities, nearTarget            bool
}

func (f *explainFlags) add(flags *pflag.FlagSet) {
	flags.BoolVar(&f.throughIdentities, "through-identities", false, "also go through identities that can be assumed or impersonated")
	flags.StringVar(&f.asOf, "as-of", "", "explain the graph as it was at this moment")
	flags.IntVar(&f.first, "first", 10, "how many paths and grants are shown")
}

func (c *command) explainCommand() *cobra.Command {
	var f explainFlags
	cmd := &cobra.Command{
		Use: "explain FROM TO", Short: "Show why there is access, what would end it, or what would give it",
		Long: "Where FROM reaches TO: the paths, shortest first, and the fewest grants whose removal ends it all, with the proof that fewer\n" +
			"would not do. Where it does not: the single new grants that would give the access, nearest first, and how others get it.\n\n" +
			"An entity is meant by its id, or by its name, username, e-mail address or source id where one live entity has it.\n" + timesHelp,
		Example: `  accessgraph explain ada production
  accessgraph explain tom production --permission deploy --order least-privilege`,
		Args: usageArgs(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.runExplain(cmd.Context(), args[0], args[1], &f)
		},
	}
	flags := cmd.Flags()
	f.add(flags)
	flags.StringVar(&f.permission, "permission", "", "only access with this effective permission")
	flags.StringVar(&f.order, "order", "nearest", "of missing grants: nearest or least-privilege")
	flags.BoolVar(&f.nearTarget, "near-target", false, "of several smallest sets of grants to remove, show the one nearest to TO instead of FROM")
	cmd.AddCommand(c.explainCriticalCommand())
	return cmd
}

// usageArgs makes wrong arguments wrong use.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return cli.Usage("%v", err)
		}
		return nil
	}
}

func (c *command) explainCriticalCommand() *cobra.Command {
	var f explainFlags
	cmd := &cobra.Command{
		Use: "critical", Short: "Show the grants without which most access would be lost",
		Long: "Judges every grant of the graph: how many pairs of an identity and something that it reaches depend on it alone.",
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return c.runCritical(cmd.Context(), &f) },
	}
	f.add(cmd.Flags())
	cmd.Flags().StringVar(&f.filter, "filter", "", "JSON of an EntityFilter: whose access counts")
	cmd.Flags().StringVar(&f.targets, "target-filter", "", "JSON of an EntityFilter: access to what counts")
	return cmd
}

// asking opens the store, or speaks to a server, for several questions.
func (c *command) asking(ctx context.Context, f func(ctx context.Context, src simulate.Source, ask simulate.Ask) error) error {
	if c.cfg.Server != "" {
		client := cli.NewClient(c.cfg.Server, c.cfg.APIKey.Reveal())
		return f(ctx, simulate.NewRemote(client.GraphQL), client.GraphQL)
	}
	return c.with(ctx, reading, func(ctx context.Context, p *product) error {
		return f(ctx, simulate.NewLocal(p.Discovery), func(ctx context.Context, request []byte) ([]byte, error) {
			var in struct {
				Query     string
				Variables map[string]any
			}
			d := json.NewDecoder(bytes.NewReader(request))
			d.UseNumber()
			if err := d.Decode(&in); err != nil {
				return nil, err
			}
			return p.Graph.Execute(ctx, auth.System(), in.Query, in.Variables, "").Body, nil
		})
	})
}

// explained asks and reads the data of the answer; as JSON it is shown and left at that.
func (c *command) explained(ctx context.Context, ask simulate.Ask, text string, vars map[string]any, to any) (shown bool, err error) {
	request, err := json.Marshal(map[string]any{"query": text, "variables": vars})
	if err != nil {
		return false, err
	}
	body, err := ask(ctx, request)
	if err != nil {
		return false, err
	}
	answer, err := cli.ParseAnswer(body)
	if err != nil {
		return false, err
	}
	if code := answer.Code(); code != cli.OK {
		answer.ShowErrors(c.errOut)
		return false, &cli.ShownError{Code: code}
	}
	if c.cfg.JSON {
		_, err := c.out.Write(append(answer.Data, '\n'))
		return true, err
	}
	return false, json.Unmarshal(answer.Data, to)
}

const (
	explainEnd   = `{ id name integration { name } }`
	explainQuery = `query ($from: ID!, $to: ID!, $permission: StringMatch, $through: Boolean, $order: MissingGrantOrder, $first: Int, $near: Boolean, $asOf: Time) {
		from: entity(id: $from, asOf: $asOf) ` + explainEnd + ` to: entity(id: $to, asOf: $asOf) ` + explainEnd + `
		accessPaths(from: $from, to: $to, first: $first, throughIdentities: $through, asOf: $asOf) { truncated paths { length steps {
			from ` + explainEnd + ` to ` + explainEnd + ` permissions { name value } } } }
		explain(asOf: $asOf) {
			missingGrants(from: $from, to: $to, permission: $permission, throughIdentities: $through, order: $order, first: $first) {
				reached total others moreWays ways { entry ` + explainEnd + ` identities length }
				grants { source ` + explainEnd + ` target ` + explainEnd + ` permission { name value } gained others peers path { length steps {
					from ` + explainEnd + ` to ` + explainEnd + ` permissions { name value } } } } }
			minimumCut(from: [$from], to: [$to], permission: $permission, throughIdentities: $through, nearTarget: $near, proof: $first) {
				weight flow proofTotal grants { source ` + explainEnd + ` target ` + explainEnd + ` permission value scope }
				proof { weight entities ` + explainEnd + ` } } } }`
	criticalQuery = `query ($filter: EntityFilter, $targets: EntityFilter, $through: Boolean, $first: Int, $asOf: Time) {
		explain(asOf: $asOf) { criticalGrants(filter: $filter, targetFilter: $targets, throughIdentities: $through, first: $first) { total pairs grants {
			lost identities grant { source ` + explainEnd + ` target ` + explainEnd + ` permission value scope } } } } }`
)

func (f *explainFlags) variables() (map[string]any, error) {
	vars := map[string]any{"through": f.throughIdentities, "first": f.first}
	if f.asOf != "" {
		at, err := moment("--as-of", f.asOf, time.Now())
		if err != nil {
			return nil, err
		}
		vars["asOf"] = at.UTC()
	}
	return vars, nil
}

func (c *command) runExplain(ctx context.Context, from, to string, f *explainFlags) error {
	vars, err := f.variables()
	if err != nil {
		return err
	}
	order, ok := map[string]string{"nearest": "NEAREST", "least-privilege": "LEAST_PRIVILEGE"}[f.order]
	if !ok {
		return cli.Usage("--order %q is not one of nearest, least-privilege", f.order)
	}
	vars["order"], vars["near"] = order, f.nearTarget
	if f.permission != "" {
		vars["permission"] = map[string]any{"eq": f.permission}
	}
	return c.asking(ctx, func(ctx context.Context, src simulate.Source, ask simulate.Ask) error {
		if vars["from"], err = simulate.ResolveOne(ctx, src, "from", from); err != nil {
			return err
		}
		if vars["to"], err = simulate.ResolveOne(ctx, src, "to", to); err != nil {
			return err
		}
		var got explanation
		if shown, err := c.explained(ctx, ask, explainQuery, vars, &got); err != nil || shown {
			return err
		}
		got.permission = f.permission
		got.write(c.out)
		return nil
	})
}

func (c *command) runCritical(ctx context.Context, f *explainFlags) error {
	vars, err := f.variables()
	if err != nil {
		return err
	}
	for name, text := range map[string]string{"filter": f.filter, "target-filter": f.targets} {
		if text != "" {
			if _, err := filter.Parse([]byte(text), name); err != nil {
				return err
			}
		}
	}
	for name, text := range map[string]string{"filter": f.filter, "targets": f.targets} {
		if text != "" {
			vars[name] = json.RawMessage(text)
		}
	}
	return c.asking(ctx, func(ctx context.Context, _ simulate.Source, ask simulate.Ask) error {
		var got criticalAnswer
		if shown, err := c.explained(ctx, ask, criticalQuery, vars, &got); err != nil || shown {
			return err
		}
		got.write(c.out)
		return nil
	})
}
