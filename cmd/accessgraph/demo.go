package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/cli"
	"github.com/accessgraph/accessgraph/internal/demo"
	"github.com/accessgraph/accessgraph/internal/ingest"
)

const (
	demoEmployees = 300
	demoSeed      = 1
)

func (c *command) demoCommand() *cobra.Command {
	var employees int
	var seed uint64
	cmd := &cobra.Command{
		Use: "demo", Short: "Load a made-up company",
		Long: "Generates a company with its people and their access in eight applications, and loads it.\n" +
			"The same --employees and --seed on the same day give the same company. It never mixes with other data.",
		Args: exactly(0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			company, err := newCompany(employees, seed)
			if err != nil {
				return err
			}
			return c.with(cmd.Context(), writing, func(ctx context.Context, p *product) error {
				done, took, err := c.loadDemo(ctx, p, company)
				if err != nil {
					return err
				}
				return c.showDemo(ctx, p, done, took)
			})
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&employees, "employees", demoEmployees, "how many people work there")
	flags.Uint64Var(&seed, "seed", demoSeed, "which company of that size")
	return cmd
}

func newCompany(employees int, seed uint64) (*demo.Company, error) {
	company, err := demo.New(demo.Options{Employees: employees, Seed: seed, Today: time.Now()})
	if err != nil {
		return nil, cli.Usage("--employees: %v", err)
	}
	return company, nil
}

func (c *command) loader(p *product) *demo.Loader {
	return &demo.Loader{Store: p.Store, Settings: p.Settings, Imports: p.imports, Directory: p.Directory}
}

func (c *command) loadDemo(ctx context.Context, p *product, company *demo.Company) ([]demo.Loaded, time.Duration, error) {
	began := time.Now()
	progress := c.progress("")
	defer progress.Done()
	l := c.loader(p)
	l.Progress = func(file, stage string, done, total int64) {
		if stage == "read" {
			progress.Stage(stage, done, total)
			return
		}
		progress.Stage(file+": "+stage, done, total)
	}
	done, err := l.Load(ctx, company)
	return done, time.Since(began), err
}

func (c *command) showDemo(ctx context.Context, p *product, done []demo.Loaded, took time.Duration) error {
	if c.cfg.JSON {
		type file struct {
			File   string        `json:"file"`
			Report ingest.Report `json:"report"`
		}
		files := make([]file, len(done))
		for i, d := range done {
			files[i] = file{d.File, d.Report}
		}
		return json.NewEncoder(c.out).Encode(map[string]any{"files": files, "elapsedMs": took.Milliseconds()})
	}
	t := cli.NewTable(c.out)
	t.AppendHeader(table.Row{"File", "Rows", "Added", "Updated", "Removed", "Unchanged", "Warnings"})
	for _, d := range done {
		sum := added(&d.Report)
		t.AppendRow(table.Row{d.File, d.Report.Rows, sum.Added, sum.Updated, sum.Removed, sum.Unchanged, d.Report.WarningTotal()})
	}
	t.Render()
	fmt.Fprintf(c.out, "Loaded in %.1f s.\n", took.Seconds())
	return c.showNextSteps(ctx, p)
}

// added is what a file did in all, mappings that followed by themselves aside.
func added(r *ingest.Report) ingest.Counts {
	var sum ingest.Counts
	parts := []*ingest.Counts{&r.Entities, &r.Grants, r.Employees, r.Owners}
	if r.Kind == "mappings" {
		parts = []*ingest.Counts{r.Mappings}
	}
	for _, c := range parts {
		if c == nil {
			continue
		}
		sum.Added += c.Added
		sum.Updated += c.Updated
		sum.Removed += c.Removed
		sum.Unchanged += c.Unchanged
	}
	return sum
}

// question is something to ask of the demo company.
type question struct{ about, query string }

var demoQuestions = []question{
	{"Who has left and can still log in?",
		`{ entities(first: 3, filter: {type: [IDENTITY], status: [ACTIVE], employeeState: [TERMINATED]}) { totalCount edges { node { name integration { name } employee { fullName endDate } } } } }`},
	{"Who can both create a vendor and approve a payment?",
		`{ entities(first: 3, filter: {type: [IDENTITY], having: [{entity: {name: {eq: "Create Vendor"}}}, {entity: {name: {eq: "Approve Payment"}}}]}) { totalCount edges { node { name identityType employee { title } } } } }`},
	{"Which service accounts does nobody answer for?",
		`{ entities(first: 3, filter: {serviceAccount: [TRUE], user: {isEmpty: true}}) { totalCount edges { node { name integration { name } } } } }`},
}

// showNextSteps prints commands to try, with what they answer on this data.
func (c *command) showNextSteps(ctx context.Context, p *product) error {
	fmt.Fprintln(c.out, "\nTry next:")
	for _, q := range demoQuestions {
		fmt.Fprintf(c.out, "\n# %s\n%s query%s -o table \\\n  '%s'\n", q.about, programName(), c.storeFlags(), q.query)
		principal, err := principalOf(ctx)
		if err != nil {
			return err
		}
		answer, err := cli.ParseAnswer(p.Graph.Execute(ctx, principal, q.query, nil, "").Body)
		if err != nil {
			return err
		}
		if len(answer.Errors) > 0 {
			return access.Errorf(access.CodeInternal, "a demo question failed: %s", answer.Errors[0].Message)
		}
		flat, err := cli.Flatten(answer.Data)
		if err != nil {
			return err
		}
		flat.WriteTable(c.out)
	}
	return nil
}

// programName is what a person types to run this program: its name where the shell finds it.
func programName() string {
	if found, err := exec.LookPath("accessgraph"); err == nil {
		if self, err := os.Executable(); err == nil && sameFile(found, self) {
			return "accessgraph"
		}
	}
	return os.Args[0]
}

func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}
