package cli

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
)

// Answer is a GraphQL response.
type Answer struct {
	Data   json.RawMessage `json:"data"`
	Errors []AnswerError   `json:"errors"`
}

// AnswerError is one error of a response.
type AnswerError struct {
	Message    string `json:"message"`
	Path       []any  `json:"path"`
	Extensions struct {
		Code     string `json:"code"`
		Argument string `json:"argument"` // the message names it already
	} `json:"extensions"`
}

// ParseAnswer reads a response.
func ParseAnswer(body []byte) (Answer, error) {
	var a Answer
	if err := json.Unmarshal(body, &a); err != nil {
		return a, &access.Error{Code: access.CodeInternal, Message: "the answer is not a GraphQL response", Err: err}
	}
	return a, nil
}

// Code is the exit code of the response: WrongUse when the query itself is at fault
// (INVALID_INPUT, also what does not parse or validate), Failed for other errors.
func (a *Answer) Code() int {
	code := OK
	for _, e := range a.Errors {
		switch e.Extensions.Code {
		case string(access.CodeInvalidInput):
			code = max(code, WrongUse)
		default:
			return Failed
		}
	}
	return code
}

// ShowErrors prints the errors of the response for people.
func (a *Answer) ShowErrors(w io.Writer) {
	for _, e := range a.Errors {
		where := ""
		if e.Extensions.Argument == "" && len(e.Path) > 0 {
			parts := make([]string, len(e.Path))
			for i, p := range e.Path {
				parts[i] = fmt.Sprint(p)
			}
			where = strings.Join(parts, ".")
		}
		message := e.Message
		if where != "" {
			message = where + ": " + message
		}
		if e.Extensions.Code != "" {
			message = e.Extensions.Code + ": " + message
		}
		fmt.Fprintln(w, "Error:", printable(message))
	}
}

// WriteTable draws the first list as a table; without a list, one line for each value.
func (f *Flat) WriteTable(w io.Writer) {
	t := NewTable(w)
	if !f.List {
		for i, name := range f.Columns {
			t.AppendRow(table.Row{name, f.Rows[0][i]})
		}
		t.Render()
		return
	}
	t.AppendHeader(tableRow(f.Columns))
	widths := make([]table.ColumnConfig, len(f.Columns))
	for i := range widths {
		widths[i] = table.ColumnConfig{Number: i + 1, WidthMax: cellWidth, WidthMaxEnforcer: text.WrapSoft}
	}
	t.SetColumnConfigs(widths)
	for _, cells := range f.Rows {
		t.AppendRow(tableRow(cells))
	}
	t.Render()
	rows := int64(len(f.Rows))
	if f.Total > rows {
		fmt.Fprintf(w, "%d of %d rows\n", rows, f.Total)
		return
	}
	fmt.Fprintf(w, "%d %s\n", rows, plural(rows, "row"))
}

// cellWidth is where long cells are wrapped.
const cellWidth = 60

func tableRow(cells []string) table.Row {
	row := make(table.Row, len(cells))
	for i, c := range cells {
		row[i] = printable(c)
	}
	return row
}

// printable takes control characters out of what comes from a source system: they could
// steer the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || (r >= 0x80 && r < 0xa0) {
			return '\uFFFD'
		}
		return r
	}, s)
}

// WriteCSV writes the first list as CSV, safe to open in a spreadsheet.
func (f *Flat) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(f.Columns); err != nil {
		return err
	}
	for _, cells := range f.Rows {
		safe := make([]string, len(cells))
		for i, c := range cells {
			safe[i] = ingest.EscapeFormula(c)
		}
		if err := out.Write(safe); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
