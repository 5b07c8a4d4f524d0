package cli

import (
	"fmt"
	"io"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/accessgraph/accessgraph/internal/ingest"
)

// shownIssues is how many issues of each kind people are shown.
const shownIssues = 10

// ShowReport prints an import report for people.
func ShowReport(w io.Writer, r *ingest.Report) {
	fmt.Fprintf(w, "%s: %s\n", r.File, headline(r))
	t := NewTable(w)
	t.AppendHeader(table.Row{"", "Added", "Updated", "Removed", "Unchanged"})
	add := func(name string, c *ingest.Counts) {
		if c != nil {
			t.AppendRow(table.Row{name, c.Added, c.Updated, c.Removed, c.Unchanged})
		}
	}
	if r.Employees == nil && r.Owners == nil && r.Kind != "mappings" {
		add("Entities", &r.Entities)
		add("Grants", &r.Grants)
	}
	add("Employees", r.Employees)
	add("Mappings", r.Mappings)
	add("Owners", r.Owners)
	if !r.Rejected() {
		t.Render()
	}
	showIssues(w, "error", r.Errors, r.ErrorTotal())
	showIssues(w, "warning", r.Warnings, r.WarningTotal())
}

func headline(r *ingest.Report) string {
	rows := fmt.Sprintf("%d %s", r.Rows, plural(r.Rows, "row"))
	switch {
	case r.Rejected():
		return rows + ", rejected: nothing was written"
	case r.DryRun:
		return rows + ", dry run: nothing was written; it would do"
	}
	return rows + " imported"
}

func plural(n int64, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

func showIssues(w io.Writer, kind string, issues []ingest.Issue, all int64) {
	if all == 0 {
		return
	}
	fmt.Fprintf(w, "%d %s:\n", all, plural(all, kind))
	for i, issue := range issues {
		if i == shownIssues {
			break
		}
		fmt.Fprintln(w, "  "+IssueLine(issue))
	}
	if more := all - int64(min(len(issues), shownIssues)); more > 0 {
		fmt.Fprintf(w, "  and %d more: --report FILE.csv writes all of them, --json prints them\n", more)
	}
}

// IssueLine is one issue in one line: where, what, why.
func IssueLine(i ingest.Issue) string {
	where := "the file"
	if i.Row > 0 {
		where = fmt.Sprintf("row %d", i.Row)
	}
	if i.Column != "" {
		where += fmt.Sprintf(", column %q", i.Column)
	}
	return printable(fmt.Sprintf("%s: %s: %s", where, i.Code, i.Message))
}

// NewTable is a table as all commands draw them.
func NewTable(w io.Writer) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(w)
	style := table.StyleLight
	if !Terminal(w) { // plain text, which other programs and other encodings can read
		style = table.StyleDefault
	}
	style.Format.Header = text.FormatDefault // columns are named as the user wrote them
	t.SetStyle(style)
	return t
}
