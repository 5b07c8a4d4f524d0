package imports

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/directory"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
)

// PreviewRows is how many rows a preview shows.
const PreviewRows = 20

// PreviewRequest says what the beginning of a file is looked at for.
type PreviewRequest struct {
	Kind Kind
	// Map and Defaults are what the caller has chosen; a column that is in neither is
	// proposed. An empty text in Map says that the column is not in the file.
	Map, Defaults map[string]string
	// Remembered is the column map of the integration's last import.
	Remembered map[string]string
	// Partial: the file may be cut off anywhere.
	Partial bool
}

// Preview is what is known of a file before it is imported.
type Preview struct {
	Header  []string        `json:"header"`
	Rows    [][]string      `json:"rows"` // up to PreviewRows
	Columns []PreviewColumn `json:"columns"`
	// Map and Defaults are what an import should be given.
	Map      map[string]string `json:"map"`
	Defaults map[string]string `json:"defaults"`
	Unused   []string          `json:"unused"` // columns of the file that mean nothing here
	Problems []csvfile.Issue   `json:"problems"`
	Ready    bool              `json:"ready"` // the header can be used so
}

// PreviewColumn is a column that the kind of file knows.
type PreviewColumn struct {
	Name     string `json:"name"`
	Required bool   `json:"required"`
	Header   string `json:"header"`  // the file's column; empty = none
	How      How    `json:"how"`     // how that was found
	Default  string `json:"default"` // of an absent column or an empty cell
}

// How a column was found.
type How string

// The ways.
const (
	Same       How = "SAME"       // it has the name, or a known other one
	Chosen     How = "CHOSEN"     // the caller said so
	Remembered How = "REMEMBERED" // the integration's last import had it so
	Similar    How = "SIMILAR"    // a guess by the name and by what is in it
	Absent     How = "ABSENT"
)

// ColumnsOf are the columns of a kind of file.
func ColumnsOf(k Kind) []csvfile.Column {
	if k == Entitlements {
		return ingest.EntitlementColumns
	}
	return directory.FileColumns(string(k))
}

// Preview reads the beginning of a file and proposes what its columns are. It needs
// Administrator and writes nothing.
func (s *Service) Preview(ctx context.Context, r io.Reader, q PreviewRequest) (Preview, error) {
	if _, err := auth.Require(ctx, access.Administrator); err != nil {
		return Preview{}, err
	}
	wanted := ColumnsOf(q.Kind)
	if wanted == nil {
		return Preview{}, access.Invalid("kind", "%q is no kind of import; there are %v", q.Kind, Kinds)
	}
	file, err := csvfile.Peek(csvfile.Source{Reader: r, Size: -1}, PreviewRows, q.Partial)
	if err != nil {
		return Preview{}, err
	}
	p := Preview{Header: orEmpty(file.Header), Rows: orEmpty(file.Rows), Problems: orEmpty(file.Issues), Unused: []string{}}
	if err := p.propose(wanted, q); err != nil {
		return Preview{}, err
	}
	if file.Header == nil {
		return p, nil
	}
	at, issues, errs, err := csvfile.Bind(file.Header, csvfile.Options{Columns: wanted, Map: p.Map, Defaults: p.Defaults})
	if err != nil {
		return Preview{}, err
	}
	p.Ready = errs == 0 && len(file.Issues) == 0
	used := make([]bool, len(file.Header))
	for i := range wanted {
		if at[i] < 0 {
			continue
		}
		used[at[i]] = true
		if p.Columns[i].How == Absent { // an import reads it, whatever the caller chose
			p.Columns[i].Header, p.Columns[i].How = file.Header[at[i]], Same
		}
	}
	for i, name := range file.Header {
		if !used[i] && name != "" {
			p.Unused = append(p.Unused, name)
		}
	}
	for _, issue := range issues {
		if issue.Code != csvfile.CodeUnknownColumn { // those are in Unused
			p.Problems = append(p.Problems, issue)
		}
	}
	return p, nil
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// propose fills the columns, the map and the defaults.
func (p *Preview) propose(wanted []csvfile.Column, q PreviewRequest) error {
	chosen, err := byColumn("map", wanted, q.Map)
	if err != nil {
		return err
	}
	defaults, err := byColumn("default", wanted, q.Defaults)
	if err != nil {
		return err
	}
	remembered, err := byColumn("remembered", wanted, q.Remembered)
	if err != nil {
		remembered = nil // of an older version
	}
	p.Map, p.Defaults, p.Columns = map[string]string{}, map[string]string{}, make([]PreviewColumn, len(wanted))
	free := make([]bool, len(p.Header))
	for i := range free {
		free[i] = p.Header[i] != ""
	}
	take := func(i, at int, how How) {
		p.Columns[i].Header, p.Columns[i].How, free[at] = p.Header[at], how, false
		if how != Same {
			p.Map[wanted[i].Name] = p.Header[at]
		}
	}
	for i, c := range wanted {
		p.Columns[i] = PreviewColumn{Name: c.Name, Required: c.Required, How: Absent}
	}
	for i := range wanted {
		if header, ok := chosen[i]; ok && header != "" {
			if at := p.place(header, free); at >= 0 {
				take(i, at, Chosen)
			} else {
				p.Map[wanted[i].Name] = header // Bind says that it is not there
			}
		}
	}
	open := func(i int) bool { _, said := chosen[i]; return !said && p.Columns[i].How == Absent }
	same, _, _, err := csvfile.Bind(p.Header, csvfile.Options{Columns: wanted})
	if err != nil {
		return err
	}
	for i := range wanted {
		if open(i) && same[i] >= 0 && free[same[i]] {
			take(i, same[i], Same)
		}
	}
	for i := range wanted {
		if header := remembered[i]; open(i) && header != "" {
			if at := p.place(header, free); at >= 0 {
				take(i, at, Remembered)
			}
		}
	}
	p.guess(wanted, free, open, take)
	for i, c := range wanted {
		if v, ok := defaults[i]; ok {
			p.Columns[i].Default, p.Defaults[c.Name] = v, v
		} else if v := usualDefaults[c.Name]; v != "" && p.Columns[i].How == Absent && c.Required {
			p.Columns[i].Default, p.Defaults[c.Name] = v, v
		}
	}
	return nil
}

func (p *Preview) place(header string, free []bool) int {
	return slices.IndexFunc(p.Header, func(name string) bool {
		return csvfile.Normalise(name) == csvfile.Normalise(header) && free[slices.Index(p.Header, name)]
	})
}

// byColumn re-keys an assignment by the index of the column.
func byColumn(path string, wanted []csvfile.Column, assigned map[string]string) (map[int]string, error) {
	out := map[int]string{}
	for name, v := range assigned {
		i := slices.IndexFunc(wanted, func(c csvfile.Column) bool { return csvfile.Normalise(c.Name) == csvfile.Normalise(name) })
		if i < 0 {
			return nil, access.Invalid(path, "there is no column %q", name)
		}
		out[i] = strings.TrimSpace(v)
	}
	return out, nil
}
