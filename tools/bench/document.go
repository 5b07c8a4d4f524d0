package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// section is a part of the document: what belongs together, with what is said of it.
type section struct {
	title string
	parts []part
	notes string
}

type part struct{ name, title string }

var sections = []section{
	{"Imports and questions on both stores", []part{{"import", "Import"}, {partReach, "Reach"}, {partHaving, "Having"}}, storeNotes},
	{"The memory engine at scale", []part{
		{partEveryone, "Everyone's effective access, counted"}, {partExport, "Everyone's effective access, written"}, {partLists, "Lists of who reaches what"}, {partAPI, "One identity's reach"},
		{partFacets, "Facets"}, {partExplain, "Chains and cuts"}, {partMixed, "Many clients"}, {partGrowth, "Growth"}, {partRefresh, "Refresh"}, {partStart, "Start"},
	}, scaleNotes},
}

// write keeps the run in a folder and writes the document from all runs that are there.
func (r *result) write(folder string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	runs := filepath.Join(folder, "benchmarks")
	if err := os.MkdirAll(runs, 0o755); err != nil { //nolint:gosec // documentation
		return err
	}
	name := r.Start.UTC().Format("2006-01-02T150405Z") + ".json"
	if err := os.WriteFile(filepath.Join(runs, name), append(text, '\n'), 0o644); err != nil { //nolint:gosec // documentation
		return err
	}
	return render(folder)
}

// render writes the document of a folder from all runs that are kept in it.
func render(folder string) error {
	all, err := readRuns(filepath.Join(folder, "benchmarks"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "benchmarks.md"), []byte(document(all)), 0o644) //nolint:gosec // documentation
}

// readRuns are the runs of a folder, the newest first.
func readRuns(folder string) (out []*result, err error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := os.ReadFile(name) //nolint:gosec // documentation
		if err != nil {
			return nil, err
		}
		r := &result{}
		if err := json.Unmarshal(text, r); err != nil {
			return nil, errors.Join(fmt.Errorf("%s is not the record of a run", name), err)
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b *result) int { return b.Start.Compare(a.Start) })
	return out, nil
}

// tableOf are the lines of a part for one size, from the newest run that has them.
type tableOf struct {
	part  part
	size  string
	run   *result
	lines []comparison
}

func tablesOf(runs []*result, p part) (out []tableOf) {
	seen := map[string]bool{}
	for _, r := range runs {
		found := map[string]*tableOf{}
		var order []string
		for _, c := range r.Lines {
			if c.Part != p.name || seen[c.Size] {
				continue
			}
			if found[c.Size] == nil {
				found[c.Size] = &tableOf{part: p, size: c.Size, run: r}
				order = append(order, c.Size)
			}
			found[c.Size].lines = append(found[c.Size].lines, c)
		}
		for _, size := range order {
			seen[size] = true
			out = append(out, *found[size])
		}
	}
	rank := func(size string) int { return strings.Index("SML", size) }
	slices.SortStableFunc(out, func(a, b tableOf) int { return cmp.Compare(rank(a.size), rank(b.size)) })
	return out
}

// document is the whole of benchmarks.md.
func document(runs []*result) string {
	var b strings.Builder
	b.WriteString(introduction)
	for _, s := range sections {
		var found []tableOf
		for _, p := range s.parts {
			found = append(found, tablesOf(runs, p)...)
		}
		if len(found) > 0 {
			s.write(&b, found)
		}
	}
	return b.String()
}

func (s section) write(b *strings.Builder, found []tableOf) {
	fmt.Fprintf(b, "\n## %s\n\n", s.title)
	var runs []*result
	for _, t := range found {
		if !slices.Contains(runs, t.run) {
			runs = append(runs, t.run)
		}
	}
	for i, r := range runs {
		if len(runs) > 1 {
			fmt.Fprintf(b, "**Run %d.** ", i+1)
		}
		b.WriteString(r.describe(s))
	}
	title := ""
	for i := 0; i < len(found); {
		t := found[i]
		if t.part.title != title {
			title = t.part.title
			fmt.Fprintf(b, "\n### %s\n", title)
		}
		if len(runs) > 1 {
			fmt.Fprintf(b, "\nRun %d:\n", slices.Index(runs, t.run)+1)
		}
		b.WriteString("\n| | accessgraph | peer | ratio | min … max | of medians | goal | |\n|---|---|---|---|---|---|---|---|\n")
		var missed []comparison
		for run := t.run; i < len(found) && found[i].part == t.part && found[i].run == run; i++ {
			for _, c := range found[i].lines {
				c.row(b)
				if len(c.Profile) > 0 {
					missed = append(missed, c)
				}
			}
		}
		for _, c := range missed {
			fmt.Fprintf(b, "\nWhere the time of *%s* goes:\n\n", cell(c.Name))
			for _, line := range c.Profile {
				fmt.Fprintf(b, "* %s\n", line)
			}
		}
	}
	s.writeTried(b, runs)
	b.WriteString(s.notes)
}

// describe says when, on what and with which settings.
func (r *result) describe(s section) string {
	m := r.Machine
	server := cmp.Or(m.Neo4j, "no Neo4j")
	var b strings.Builder
	fmt.Fprintf(&b, "Measured %s at commit %s on %s (%d cores, %s memory, %s), %s, %s.\nLoad average before: %s, after: %s.\n",
		r.Start.Format("2006-01-02 15:04 MST"), m.Commit, m.CPU, m.Cores, m.Memory, m.System, m.Go, server, m.LoadBefore, m.LoadAfter)
	if s.notes == storeNotes {
		fmt.Fprintf(&b, "%d entities, %d grants, a file of %.1f MB; %d rounds of each import, %d of each question; seed %d.\n\n",
			r.Entities, r.Grants, float64(r.FileBytes)/1e6, r.Settings.ImportRounds, r.Settings.QueryRounds, r.Settings.Seed)
		return b.String()
	}
	fmt.Fprintf(&b, "Sizes %s; %d rounds of each question; seed %d.\n", strings.Join(r.Settings.Sizes, ", "), r.Settings.ScaleRounds, r.Settings.Seed)
	for _, what := range r.Skipped {
		fmt.Fprintf(&b, "Left out: %s.\n", what)
	}
	b.WriteString("\n")
	return b.String()
}

// row is a line of a table.
func (c comparison) row(b *strings.Builder) {
	fmt.Fprintf(b, "| %s<br><small>%s; peer: %s</small> | %s | %s | **%s** | %s … %s | %s | %s | %s |\n", cell(c.Name), cell(c.Detail), cell(c.Peer.Name), c.Ours.spread(c.Unit), c.Peer.spread(c.Unit),
		ratio(c.MedianRatio), ratio(c.MinRatio), ratio(c.MaxRatio), ratio(c.RatioOfMedians), c.goal(), c.verdict())
}

// writeTried lists the formulations of peers, of the parts of this section.
func (s section) writeTried(b *strings.Builder, runs []*result) {
	heading := "\n### Formulations that were tried\n\nThe better of two runs each; > = it ran out of time, or of the memory that the server gives a transaction. tools/bench has them.\n\n| question | formulation | time |\n|---|---|---|\n"
	seen := map[string]bool{}
	for _, r := range runs {
		now := map[string]bool{}
		for _, t := range r.Tried {
			mine := slices.ContainsFunc(s.parts, func(p part) bool { return p.name == t.Part }) || t.Part == "" && s.notes == storeNotes
			if !mine || seen[t.Question] {
				continue
			}
			now[t.Question] = true
			b.WriteString(heading)
			heading = ""
			sign := ""
			if t.Beyond {
				sign = "> "
			}
			fmt.Fprintf(b, "| %s | %s | %s%s |\n", cell(t.Question), cell(t.Shape), sign, duration(t.Seconds))
		}
		for question := range now {
			seen[question] = true
		}
	}
}
