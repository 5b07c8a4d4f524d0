package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth/apikey"
	"github.com/accessgraph/accessgraph/internal/cli"
)

func (c *command) apikeyCommand() *cobra.Command {
	return group("apikey", "Make, list and revoke API keys", c.apikeyCreate(), c.apikeyList(), c.apikeyRevoke())
}

func (c *command) apikeyCreate() *cobra.Command {
	var name, role, employee, expires string
	cmd := &cobra.Command{
		Use: "create --name NAME --role ROLE", Short: "Make an API key; it is shown once", Args: exactly(0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ttl, err := lifetime(expires)
			if err != nil {
				return err
			}
			r, ok := access.ParseProductRole(role)
			if !ok {
				return cli.Usage("--role %q is not one of reviewer, risk_manager, administrator", role)
			}
			in := apikey.NewKey{Name: name, Role: r, TTL: ttl}
			if employee = access.Clean(employee); employee != "" {
				in.EmployeeID = access.EmployeeID(employee)
			}
			err = c.createKey(cmd.Context(), in)
			var known *access.Error
			if errors.As(err, &known) && known.Path == "employeeId" { // it knows the id, which nobody typed
				return cli.Usage("--employee %q is the work e-mail of nobody who works here", employee)
			}
			return err
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&name, "name", "", "what the key is for")
	flags.StringVar(&role, "role", "", "reviewer, risk_manager or administrator")
	flags.StringVar(&employee, "employee", "", "work e-mail of the employee whom the key acts as")
	flags.StringVar(&expires, "expires", "90d", "after how long it ends, e.g. 12h, 90d or 1y (at most two years)")
	_ = cmd.RegisterFlagCompletionFunc("role", cobra.FixedCompletions([]string{"reviewer", "risk_manager", "administrator"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (c *command) createKey(ctx context.Context, in apikey.NewKey) error {
	return c.with(ctx, writing, func(ctx context.Context, p *product) error {
		made, err := p.Keys.Create(ctx, in)
		if err != nil {
			return err
		}
		if c.cfg.JSON {
			return json.NewEncoder(c.out).Encode(struct {
				apikey.Key
				Token  string `json:"token"`
				Secret string `json:"secret"`
			}{made.Key, made.Token, made.Secret})
		}
		fmt.Fprintf(c.errOut, "Key %s (%s, %s), until %s. It is shown only now:\n", made.Key.ID, made.Key.Name, made.Key.Role, made.Key.ExpiresAt.Format(time.DateOnly))
		fmt.Fprintln(c.out, made.Token) // alone on standard output, so that a script can take it
		return nil
	})
}

func (c *command) apikeyList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List all API keys", Args: exactly(0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.with(cmd.Context(), reading, func(ctx context.Context, p *product) error {
				keys, err := p.Keys.List(ctx)
				if err != nil {
					return err
				}
				if c.cfg.JSON {
					return json.NewEncoder(c.out).Encode(keys)
				}
				t := cli.NewTable(c.out)
				t.AppendHeader(table.Row{"ID", "Name", "Role", "Employee", "Created", "Expires", "Last used", "State"})
				for _, k := range keys {
					t.AppendRow(table.Row{k.ID, k.Name, k.Role, k.EmployeeID, day(k.CreatedAt), day(k.ExpiresAt), day(k.LastUsedAt), keyState(k)})
				}
				t.Render()
				return nil
			})
		},
	}
}

func keyState(k apikey.Key) string {
	switch {
	case !k.RevokedAt.IsZero():
		return "revoked"
	case !k.Usable(time.Now()):
		return "expired"
	}
	return "usable"
}

func day(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Format(time.DateOnly)
}

func (c *command) apikeyRevoke() *cobra.Command {
	return &cobra.Command{
		Use: "revoke ID", Short: "End an API key at once", Args: exactly(1, "the ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.with(cmd.Context(), writing, func(ctx context.Context, p *product) error {
				k, err := p.Keys.Revoke(ctx, args[0])
				if err != nil {
					return err
				}
				if c.cfg.JSON {
					return json.NewEncoder(c.out).Encode(k)
				}
				fmt.Fprintf(c.out, "Key %s (%s) is revoked.\n", k.ID, k.Name)
				return nil
			})
		},
	}
}

// lifetime reads a duration; beside Go's units it knows days (d), weeks (w) and years (y).
func lifetime(s string) (time.Duration, error) {
	units := map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour, "y": 365 * 24 * time.Hour}
	for suffix, unit := range units {
		number, ok := strings.CutSuffix(s, suffix)
		if !ok {
			continue
		}
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || n > 10_000 {
			break
		}
		return time.Duration(n) * unit, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return 0, cli.Usage("--expires %q is no duration such as 12h, 90d or 1y", s)
	}
	return d, nil
}
