package main

import (
	"bytes"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

// result is all that a run found out; benchmarks/RUN.json is its JSON.
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
	Skipped   []string     `json:"skipped,omitempty"`
}

// tried is a hand-written statement with its best time; Beyond: it took longer than that.
type tried struct {
	Part     string  `json:"part,omitempty"` // empty: of the stores
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

// quantity prints a value of a unit.
func quantity(v float64, unit string) string {
	switch unit {
	case "":
		return duration(v)
	case "B":
		if v >= 1e5 {
			return fmt.Sprintf("%.1f MB", v/1e6)
		}
		return fmt.Sprintf("%.1f B", v)
	}
	return fmt.Sprintf("%.3g%s", v, unit)
}

func (s series) spread(unit string) string {
	return quantity(s.min(), unit) + " / " + quantity(s.median(), unit) + " / " + quantity(s.max(), unit)
}

func (c comparison) goal() string {
	switch {
	case c.Goal == 0:
		return "–"
	case c.Cost && !c.AtLeast:
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
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", c.Name, c.Ours.spread(c.Unit), c.Peer.spread(c.Unit), ratio(c.MedianRatio), ratio(c.RatioOfMedians), c.goal(), c.verdict())
	}
	_ = w.Flush()
	return b.String()
}
