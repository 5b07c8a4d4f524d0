package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"
)

// result is all that a run found out; benchmarks.json is its JSON.
type result struct {
	Start     time.Time    `json:"start"`
	Machine   machine      `json:"machine"`
	Settings  settings     `json:"settings"`
	Entities  int          `json:"entities"`
	Grants    int          `json:"grants"`
	FileBytes int          `json:"fileBytes"`
	Changed   int          `json:"changedRows"`
	Lines     []comparison `json:"comparisons"`
	Tried     []tried      `json:"handWrittenShapes,omitempty"`
}

// tried is a hand-written statement with its best time; Beyond: it took longer than that.
type tried struct {
	Question string  `json:"question"`
	Shape    string  `json:"shape"`
	Seconds  float64 `json:"seconds"`
	Beyond   bool    `json:"beyond,omitempty"`
}

func (r *result) add(c comparison) { r.Lines = append(r.Lines, c.finish()) }

// duration prints seconds with three digits.
func duration(seconds float64) string {
	switch {
	case seconds >= 1:
		return fmt.Sprintf("%.3g s", seconds)
	case seconds >= 1e-3:
		return fmt.Sprintf("%.3g ms", seconds*1e3)
	}
	return fmt.Sprintf("%.3g µs", seconds*1e6)
}

func (s series) spread() string {
	return duration(s.min()) + " / " + duration(s.median()) + " / " + duration(s.max())
}

func (c comparison) goal() string {
	switch {
	case c.Goal == 0:
		return "–"
	case c.Cost:
		return fmt.Sprintf("≤ %g×", c.Goal)
	}
	return fmt.Sprintf("≥ %g×", c.Goal)
}

func (c comparison) verdict() string {
	switch {
	case c.Met == nil:
		return "–"
	case *c.Met:
		return "met"
	}
	return "NOT MET"
}

// cell makes a text fit for a cell of a Markdown table.
func cell(text string) string { return strings.ReplaceAll(text, "|", "\\|") }

func ratio(v float64) string {
	if v >= 100 {
		return fmt.Sprintf("%.0f×", v)
	}
	return fmt.Sprintf("%.2f×", v)
}

// table is the result for a terminal.
func (r *result) table() string {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "comparison\tours (min/median/max)\tpeer (min/median/max)\tratio\tof medians\tgoal\t")
	for _, c := range r.Lines {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", c.Name, c.Ours.spread(), c.Peer.spread(), ratio(c.MedianRatio), ratio(c.RatioOfMedians), c.goal(), c.verdict())
	}
	_ = w.Flush()
	return b.String()
}

// write puts benchmarks.md and benchmarks.json into a folder.
func (r *result) write(folder string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "benchmarks.json"), append(text, '\n'), 0o644); err != nil { //nolint:gosec // documentation
		return err
	}
	return os.WriteFile(filepath.Join(folder, "benchmarks.md"), []byte(r.markdown()), 0o644) //nolint:gosec // documentation
}

const introduction = `# Benchmarks

<!-- Written by ` + "`make bench`" + ` (tools/bench). Do not edit. -->

Every figure is a ratio of two things that took turns in one process on one machine: A B, B A, A B, …
after warm-up rounds. Times are minimum / median / maximum over the rounds. **Ratio** is the median of the
ratios of the rounds, and decides whether a goal is met: it hardly feels a machine that is busy with other
things as well. Beside it stand its smallest and largest round and the ratio of the two medians.
For "≥" goals the ratio says how many times as fast as the peer accessgraph is, for "≤" goals how many
times as long it takes. Answers and stored graphs are compared before anything is timed; one that differs
fails the run.

`

const notes = `
## What is compared

* **The graph** is made up by a seeded generator (tools/bench/corpus.go): people in five groups each, groups
  nested in one or two others about seven levels deep, a dozen permissions a group, half a percent of false values.
  It is no demo company, whose groups hardly nest and would spare the traversals.
* **Raw inserts** (embedded) fill the same SQLite tables with the same rows: one transaction, prepared statements,
  rows in memory in the order of the primary keys, the same pragmas. The commit starts from rows in memory as well; the import
  also reads, validates, sorts and compares the CSV file.
* **The plain loader** (Neo4j) reads the same file, has its uniqueness constraint, and sends batches of 10,000 rows of
  UNWIND … MERGE: entities, then grants, with the columns of the file as properties. It does not do
  what accessgraph does besides: folded texts and sort keys, the derived IN and NESTS relationships, indexes, history,
  removals, validation and its report. The loader *of an equal graph* has accessgraph's schema and makes the same
  nodes and relationships with the same properties, which it gets from memory, without validation, history and report. A re-import is the plain loader on the changed file; the changes are other values and
  new grants, since it could not follow removals. Before each round a small file is loaded, so that the server has its plans.
  Our re-import reads the file and everything that the store holds of the integration, compares, and writes the difference; the
  last line of the table has the writing by itself.
* **Compiled Cypher** is the statement that the Cypher reader sends (for reach without providers, as by hand); the *whole Cypher
  reader* also checks the graph version before and after and fetches the entities of the page with all their
  properties, which the hand-written statements do not.
* **By hand**: several shapes of each statement are tried, on the graph as accessgraph stores it (IN and NESTS included); the
  fastest with equal answers is the peer. They may rely on what holds for this graph and a compiler cannot know.
* **Memory** is the memory engine over the same graph, asked the whole question by a new reader each time. The one indexed read by which
  a server compares versions is not in it.
`

func (r *result) markdown() string {
	var b strings.Builder
	b.WriteString(introduction)
	m := r.Machine
	server := m.Neo4j
	if server == "" {
		server = "none"
	}
	fmt.Fprintf(&b, "%d entities, %d grants, a file of %.1f MB; %d rounds of each import, %d of each question; seed %d.\n\n", r.Entities, r.Grants, float64(r.FileBytes)/1e6, r.Settings.ImportRounds, r.Settings.QueryRounds, r.Settings.Seed)
	fmt.Fprintf(&b, "Measured %s at commit %s on %s (%d cores, %s memory, %s), %s, %s.\nLoad average before: %s, after: %s.\n",
		r.Start.Format("2006-01-02 15:04 MST"), m.Commit, m.CPU, m.Cores, m.Memory, m.System, m.Go, server, m.LoadBefore, m.LoadAfter)
	part := ""
	for _, c := range r.Lines {
		if c.Part != part {
			part = c.Part
			fmt.Fprintf(&b, "\n## %s%s\n\n| | accessgraph | peer | ratio | min … max | of medians | goal | |\n|---|---|---|---|---|---|---|---|\n", strings.ToUpper(part[:1]), part[1:])
		}
		fmt.Fprintf(&b, "| %s<br><small>%s; peer: %s</small> | %s | %s | **%s** | %s … %s | %s | %s | %s |\n", cell(c.Name), cell(c.Detail), cell(c.Peer.Name), c.Ours.spread(), c.Peer.spread(),
			ratio(c.MedianRatio), ratio(c.MinRatio), ratio(c.MaxRatio), ratio(c.RatioOfMedians), c.goal(), c.verdict())
	}
	if len(r.Tried) > 0 {
		b.WriteString("\n## Hand-written shapes that were tried\n\nThe better of two runs each; tools/bench has the statements.\n\n| question | shape | time |\n|---|---|---|\n")
		for _, t := range r.Tried {
			sign := ""
			if t.Beyond {
				sign = "> "
			}
			fmt.Fprintf(&b, "| %s | %s | %s%s |\n", cell(t.Question), cell(t.Shape), sign, duration(t.Seconds))
		}
	}
	b.WriteString(notes)
	return b.String()
}
