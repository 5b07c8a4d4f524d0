package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/accessgraph/accessgraph/internal/cli"
	"github.com/accessgraph/accessgraph/internal/config"
)

// The verdicts of a check.
const (
	checkOK   = "ok"
	checkWarn = "warn"
	checkFail = "fail"
)

// finding is what one check found.
type finding struct {
	Check  string `json:"check"`
	Status string `json:"status"`
	Detail string `json:"detail"`
	Todo   string `json:"todo,omitempty"`
}

// examination collects findings.
type examination struct{ findings []finding }

func (e *examination) add(check, status, todo, format string, args ...any) {
	e.findings = append(e.findings, finding{check, status, fmt.Sprintf(format, args...), todo})
}

func (e *examination) failed() bool {
	for _, f := range e.findings {
		if f.Status == checkFail {
			return true
		}
	}
	return false
}

func (c *command) doctorCommand() *cobra.Command {
	var rescan bool
	cmd := &cobra.Command{
		Use: "doctor", Short: "Check that everything is in order",
		Long: "Checks the data folder or the database, the engine and the data, and says what to do about what is wrong.\n" +
			"Exit code 1 when a check fails.\n\n" +
			"--rescan is for after somebody wrote to the database without accessgraph: it advances the graph version, so that\n" +
			"every server loads the graph anew, and drops what imports compare with instead of the graph. It does not repair\n" +
			"what such writes broke.",
		Args: exactly(0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.cfg.Server != "" {
				return notThroughServer()
			}
			if rescan {
				return c.rescan(cmd.Context())
			}
			return c.runDoctor(cmd.Context())
		},
	}
	cmd.Flags().BoolVar(&rescan, "rescan", false, "make every server load the graph anew")
	return cmd
}

func (c *command) runDoctor(ctx context.Context) error {
	e := &examination{}
	b := thisBuild()
	e.add("program", checkOK, "", "accessgraph %s, %s, %s", b.Version, b.Go, b.OS)
	if c.cfg.File != "" {
		e.add("configuration", checkOK, "", "from %s", c.cfg.File)
	}
	c.examineClock(e)
	if c.cfg.Store == config.StoreEmbedded {
		c.examineFolder(ctx, e)
	} else {
		c.examineNeo4j(ctx, e)
	}
	if c.cfg.JSON {
		if err := json.NewEncoder(c.out).Encode(map[string]any{"ok": !e.failed(), "checks": e.findings}); err != nil {
			return err
		}
	} else {
		for _, f := range e.findings {
			fmt.Fprintf(c.out, "%-4s  %-14s %s\n", f.Status, f.Check, f.Detail)
			if f.Todo != "" {
				fmt.Fprintf(c.out, "      %-14s → %s\n", "", f.Todo)
			}
		}
	}
	if e.failed() {
		return &cli.ShownError{Code: cli.Failed}
	}
	return nil
}

// firstRelease is before any version of this program: a clock that says less is wrong.
var firstRelease = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

func (c *command) examineClock(e *examination) {
	now := time.Now()
	if now.Before(firstRelease) {
		e.add("clock", checkFail, "set the machine's clock; days of employment and expiry of keys depend on it", "it says %s", now.Format(time.RFC3339))
		return
	}
	e.add("clock", checkOK, "", "%s", now.Format(time.RFC3339))
}

// examineData looks at what is in an open store.
func (c *command) examineData(ctx context.Context, e *examination, p *product) {
	version, err := p.Store.Version(ctx)
	if err != nil {
		e.add("graph", checkFail, "see the message", "%v", err)
		return
	}
	body := p.Graph.Execute(ctx, systemPrincipal, `{ statistics { integrations outOfSync identities connections resources employees unmappedIdentities } }`, nil, "").Body
	answer, err := cli.ParseAnswer(body)
	if err != nil || len(answer.Errors) > 0 {
		text := fmt.Sprint(err)
		if len(answer.Errors) > 0 {
			text = answer.Errors[0].Message
		}
		e.add("graph", checkFail, "see the message", "version %d cannot be read: %s", version, text)
		return
	}
	var data struct {
		Statistics struct{ Integrations, OutOfSync, Identities, Connections, Resources, Employees, UnmappedIdentities int }
	}
	if err := json.Unmarshal(answer.Data, &data); err != nil {
		e.add("graph", checkFail, "see the message", "%v", err)
		return
	}
	s := data.Statistics
	e.add("graph", checkOK, "", "version %d: %d identities, %d connections, %d resources, %d employees, %d integrations",
		version, s.Identities, s.Connections, s.Resources, s.Employees, s.Integrations)
	if s.OutOfSync > 0 {
		e.add("integrations", checkWarn, "import them again", "%d have had no successful import for too long", s.OutOfSync)
	}
	if keys, err := p.Keys.List(ctx); err == nil {
		usable := 0
		for _, k := range keys {
			if k.Usable(time.Now()) {
				usable++
			}
		}
		todo, status := "", checkOK
		if usable == 0 {
			status, todo = checkWarn, "accessgraph apikey create --name NAME --role administrator (a server without --open lets nobody in)"
		}
		e.add("API keys", status, todo, "%d usable of %d", usable, len(keys))
	}
	engine := "memory"
	if c.cfg.Store == config.StoreNeo4j {
		engine = map[string]string{
			config.EngineAuto: "auto (memory when up to date, else Cypher)", config.EngineCypher: "Cypher", config.EngineMemory: "memory",
		}[c.cfg.Engine]
	}
	e.add("engine", checkOK, "", "%s", engine)
}
