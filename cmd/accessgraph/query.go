package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/accessgraph/accessgraph/graph"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/cli"
)

type queryFlags struct {
	file, output, operation string
	vars                    []string
}

// queryLimits are those of somebody's own data on their own machine: a question may be
// large and take its time, but a slip must still end.
var queryLimits = graph.Limits{Depth: 25, Cost: 5_000_000, Timeout: 10 * time.Minute}

func (c *command) queryCommand() *cobra.Command {
	f := &queryFlags{}
	cmd := &cobra.Command{
		Use: "query ['GRAPHQL' | -f FILE]", Short: "Ask a GraphQL question",
		Long: "Runs one GraphQL operation on the store, or on a server with --server. Without GRAPHQL and -f it is read from standard input.\n\n" +
			"-o json prints the response as it is; table and csv print the first list in it, nested lists in one cell.\n" +
			"Exit codes: 0 answered, 1 the response has errors, 2 the query itself is wrong.",
		Example: `  accessgraph query '{ entities(first: 5) { edges { node { name type } } } }' -o table
  accessgraph query -f question.graphql --var name='"Finance"'`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return c.runQuery(cmd.Context(), args, f) },
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.file, "file", "f", "", "read the operation from this file (- = standard input)")
	flags.StringVarP(&f.output, "output", "o", "json", "json, table or csv")
	flags.StringVar(&f.operation, "operation", "", "which operation, where the text has several")
	flags.StringArrayVar(&f.vars, "var", nil, "name=JSON, a variable of the operation; repeatable")
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions([]string{"json", "table", "csv"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (c *command) runQuery(ctx context.Context, args []string, f *queryFlags) error {
	if !slices.Contains([]string{"json", "table", "csv"}, f.output) {
		return cli.Usage("-o %q is not one of json, table, csv", f.output)
	}
	text, err := c.queryText(args, f.file)
	if err != nil {
		return err
	}
	vars, err := variables(f.vars)
	if err != nil {
		return err
	}
	body, err := c.ask(ctx, text, vars, f.operation)
	if err != nil {
		return err
	}
	answer, err := cli.ParseAnswer(body)
	if err != nil {
		return err
	}
	if f.output == "json" {
		if _, err := c.out.Write(append(body, '\n')); err != nil {
			return err
		}
	} else if err := c.showAnswer(&answer, f.output); err != nil {
		return err
	}
	if code := answer.Code(); code != cli.OK {
		return &cli.ShownError{Code: code}
	}
	return nil
}

func (c *command) showAnswer(a *cli.Answer, output string) error {
	a.ShowErrors(c.errOut)
	if len(a.Data) == 0 || string(a.Data) == "null" {
		return nil
	}
	flat, err := cli.Flatten(a.Data)
	if err != nil {
		return err
	}
	if output == "csv" {
		return flat.WriteCSV(c.out)
	}
	flat.WriteTable(c.out)
	return nil
}

// ask runs the operation on the server or in this process and returns the response.
func (c *command) ask(ctx context.Context, text string, vars map[string]any, operation string) ([]byte, error) {
	if c.cfg.Server != "" {
		request, err := json.Marshal(map[string]any{"query": text, "variables": vars, "operationName": operation})
		if err != nil {
			return nil, err
		}
		body, err := cli.NewClient(c.cfg.Server, c.cfg.APIKey.Reveal()).GraphQL(ctx, request)
		return trimLine(body), err
	}
	var body []byte
	// A mutation needs the store open for writing; the text tells.
	u := reading
	if isMutation(text, operation) {
		u = writing
	}
	err := c.with(ctx, u, func(ctx context.Context, p *product) error {
		body = p.Graph.Execute(ctx, auth.System(), text, vars, operation).Body
		return nil
	})
	return body, err
}

// isMutation reports whether the operation that would run is a mutation. A text that does
// not parse is none; running it says what is wrong.
func isMutation(text, operation string) bool {
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		return false
	}
	op := doc.Operations.ForName(operation)
	return op != nil && op.Operation == ast.Mutation
}

func trimLine(b []byte) []byte { return []byte(strings.TrimRight(string(b), "\n")) }

const maxQuery = 10 << 20

func (c *command) queryText(args []string, file string) (string, error) {
	switch {
	case len(args) > 1:
		return "", cli.Usage("give one operation, in quotes; there are %d arguments", len(args))
	case len(args) == 1 && file != "":
		return "", cli.Usage("give the operation or -f, not both")
	case len(args) == 1 && args[0] != "-":
		return args[0], nil
	case file == "" && len(args) == 0 && cli.Terminal(c.in):
		return "", cli.Usage("give an operation, e.g. accessgraph query '{ entities(first: 5) { edges { node { name } } } }'")
	}
	in := c.in
	if file != "" && file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", cli.Usage("cannot read the operation: %v", err)
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, maxQuery))
	if err != nil {
		return "", &access.Error{Code: access.CodeUnavailable, Message: "cannot read the operation", Err: err}
	}
	return string(text), nil
}

// variables reads name=JSON arguments. Numbers keep their digits.
func variables(args []string) (map[string]any, error) {
	vars := map[string]any{}
	for _, a := range args {
		name, text, ok := strings.Cut(a, "=")
		if !ok || name == "" {
			return nil, cli.Usage("--var %q is not name=JSON", a)
		}
		dec := json.NewDecoder(strings.NewReader(text))
		dec.UseNumber()
		var v any
		if err := dec.Decode(&v); err != nil || dec.More() {
			return nil, cli.Usage("--var %s: %s is not JSON; a text is written with quotes: --var '%s=%q'", name, text, name, text)
		}
		if _, twice := vars[name]; twice {
			return nil, cli.Usage("--var %s is given twice", name)
		}
		vars[name] = v
	}
	return vars, nil
}
