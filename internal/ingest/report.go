package ingest

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// IssueLimit is how many issues a report lists. Further ones are counted by code and in
// Omitted, not listed, so that a report does not grow with a bad file.
const IssueLimit = 10_000

// Counts are numbers of things.
type Counts struct {
	Added     int64 `json:"added"`
	Updated   int64 `json:"updated"`
	Removed   int64 `json:"removed"`
	Unchanged int64 `json:"unchanged"`
}

// Total is the number of things that remain after the import.
func (c Counts) Total() int64 { return c.Added + c.Updated + c.Unchanged }

// Report says what an import did, or, when it has errors or is a dry run, what it would
// have done. It is a csvfile.Sink. The zero Report is ready for use.
type Report struct {
	Kind        string `json:"kind,omitempty"` // entitlements, employees, mappings, owners
	File        string `json:"file,omitempty"`
	Integration string `json:"integration,omitempty"` // key
	Mode        Mode   `json:"mode,omitempty"`
	DryRun      bool   `json:"dryRun"`

	Rows     int64  `json:"rows"` // data rows read
	Entities Counts `json:"entities"`
	Grants   Counts `json:"grants"`

	Employees *Counts `json:"employees,omitempty"`
	Mappings  *Counts `json:"mappings,omitempty"` // identity → employee
	Owners    *Counts `json:"owners,omitempty"`   // business owners, per entity

	Warnings []Issue `json:"warnings"` // by row
	Errors   []Issue `json:"errors"`   // by row

	// WarningCounts and ErrorCounts by code are exact whatever is listed. Omitted is how
	// many issues, of both kinds together, the lists leave out.
	WarningCounts map[string]int64 `json:"warningCounts"`
	ErrorCounts   map[string]int64 `json:"errorCounts"`
	Omitted       int64            `json:"omitted"`
}

// Error adds an error.
func (r *Report) Error(i Issue) { r.add(&r.Errors, &r.ErrorCounts, i) }

// Warn adds a warning.
func (r *Report) Warn(i Issue) { r.add(&r.Warnings, &r.WarningCounts, i) }

func (r *Report) add(list *[]Issue, counts *map[string]int64, i Issue) {
	if *counts == nil {
		*counts = map[string]int64{}
	}
	(*counts)[i.Code]++
	if len(*list) >= IssueLimit {
		r.Omitted++
		return
	}
	i.Message = clip(i.Message)
	i.Column = clip(i.Column)
	*list = append(*list, i)
}

// take adds what another report, of a part of the work, counts and tells of entities, grants
// and issues.
func (r *Report) take(part *Report) {
	for _, c := range [...]struct{ to, from *Counts }{{&r.Entities, &part.Entities}, {&r.Grants, &part.Grants}} {
		c.to.Added += c.from.Added
		c.to.Updated += c.from.Updated
		c.to.Removed += c.from.Removed
		c.to.Unchanged += c.from.Unchanged
	}
	for _, of := range [...]struct {
		list, from      *[]Issue
		counts, counted *map[string]int64
	}{{&r.Errors, &part.Errors, &r.ErrorCounts, &part.ErrorCounts}, {&r.Warnings, &part.Warnings, &r.WarningCounts, &part.WarningCounts}} {
		before := maps.Clone(*of.counts)
		for _, i := range *of.from {
			r.add(of.list, of.counts, i)
		}
		for code, n := range *of.counted { // those that the part omits as well
			(*of.counts)[code] = before[code] + n
		}
	}
	r.Omitted += part.Omitted
}

// maxMessage bounds the text of one issue: a cell that it quotes may be a megabyte.
const maxMessage = 1000

func clip(s string) string {
	if len(s) <= maxMessage {
		return s
	}
	return strings.ToValidUTF8(s[:maxMessage], "") + "…"
}

// Rejected reports whether the import has errors, and so wrote nothing.
func (r *Report) Rejected() bool { return len(r.Errors) > 0 }

// ErrorTotal is the number of errors, listed or not.
func (r *Report) ErrorTotal() int64 { return total(r.ErrorCounts) }

// WarningTotal is the number of warnings, listed or not.
func (r *Report) WarningTotal() int64 { return total(r.WarningCounts) }

func total(counts map[string]int64) int64 {
	var n int64
	for _, c := range counts {
		n += c
	}
	return n
}

// Sort orders the lists by row; issues of one row keep the order in which they were found.
func (r *Report) Sort() {
	byRow := func(a, b Issue) int {
		switch {
		case a.Row < b.Row:
			return -1
		case a.Row > b.Row:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(r.Warnings, byRow)
	slices.SortStableFunc(r.Errors, byRow)
}

// MarshalJSON writes empty lists and counts as such, never as null.
func (r Report) MarshalJSON() ([]byte, error) {
	type plain Report
	if r.Warnings == nil {
		r.Warnings = []Issue{}
	}
	if r.Errors == nil {
		r.Errors = []Issue{}
	}
	if r.WarningCounts == nil {
		r.WarningCounts = map[string]int64{}
	}
	if r.ErrorCounts == nil {
		r.ErrorCounts = map[string]int64{}
	}
	return json.Marshal(plain(r))
}

// WriteCSV writes the issues as a CSV file: errors first, then warnings. What is not
// listed is said in a last row per kind. Cells that a spreadsheet would take for a
// formula are escaped.
func (r *Report) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	out.Write([]string{"Severity", "Row", "Column", "Code", "Message"}) //nolint:errcheck // Error says it
	write := func(severity string, issues []Issue, all int64) {
		for _, i := range issues {
			out.Write([]string{severity, strconv.FormatInt(i.Row, 10), EscapeFormula(i.Column), i.Code, EscapeFormula(i.Message)}) //nolint:errcheck // Error says it
		}
		if more := all - int64(len(issues)); more > 0 {
			out.Write([]string{severity, "0", "", "", strconv.FormatInt(more, 10) + " more are not listed"}) //nolint:errcheck // Error says it
		}
	}
	write("error", r.Errors, r.ErrorTotal())
	write("warning", r.Warnings, r.WarningTotal())
	out.Flush()
	return out.Error()
}

// FormulaStarts are the characters that begin a formula in spreadsheets, full-width ones
// included, which some locales take for the others.
const FormulaStarts = "=+-@＝＋－＠"

// EscapeFormula puts an apostrophe before a cell that a spreadsheet could run as a
// formula: one that starts with one of FormulaStarts, also after white space, or with a
// tab or a line end.
func EscapeFormula(cell string) string {
	text := strings.TrimLeftFunc(cell, unicode.IsSpace)
	if cell != "" && (strings.IndexByte("\t\r\n", cell[0]) >= 0 || strings.IndexAny(text, FormulaStarts) == 0) {
		return "'" + cell
	}
	return cell
}
