package csvfile

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"unicode"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Column is a column that the caller wants.
type Column struct {
	Name     string   // canonical
	Required bool     // the file or a default must give it
	Aliases  []string // other names of it
	// Match, when set, accepts further header names (trimmed, without the trailing "*").
	// Names and aliases are tried first.
	Match func(header string) bool
}

// Normalise is the form in which column names are compared: case, a trailing "*", blanks
// and underscores are ignored.
func Normalise(name string) string {
	name = strings.TrimRightFunc(name, func(r rune) bool { return r == '*' || unicode.IsSpace(r) })
	return access.Fold(strings.Map(func(r rune) rune {
		if r == '_' || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, name))
}

// ParseAssignments reads "Canonical=value" arguments, as of --map and --default. Path
// names the argument in errors.
func ParseAssignments(path string, args []string) (map[string]string, error) {
	out := make(map[string]string, len(args))
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		name = strings.TrimSpace(name)
		if !ok || name == "" {
			return nil, access.Invalid(path, "%q is not of the form Column=value", arg)
		}
		if _, twice := out[name]; twice {
			return nil, access.Invalid(path, "column %q is given twice", name)
		}
		out[name] = strings.TrimSpace(value)
	}
	return out, nil
}

// byCanonical re-keys an assignment by index of the wanted column.
func byCanonical(path string, wanted []Column, assigned map[string]string) (map[int]string, error) {
	out := make(map[int]string, len(assigned))
	names := make([]string, 0, len(assigned))
	for name := range assigned {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		i := find(wanted, name)
		if i < 0 {
			return nil, access.Invalid(path, "there is no column %q; the columns are: %s", name, columnNames(wanted))
		}
		if _, twice := out[i]; twice {
			return nil, access.Invalid(path, "column %q is given twice", wanted[i].Name)
		}
		if strings.IndexByte(assigned[name], 0) >= 0 {
			return nil, access.Invalid(path, "what is given for column %q holds a NUL character", wanted[i].Name)
		}
		out[i] = assigned[name]
	}
	return out, nil
}

func find(wanted []Column, header string) int {
	n := Normalise(header)
	for i, c := range wanted {
		if Normalise(c.Name) == n {
			return i
		}
		for _, a := range c.Aliases {
			if Normalise(a) == n {
				return i
			}
		}
	}
	trimmed := strings.TrimRight(strings.TrimSpace(header), "* ")
	for i, c := range wanted {
		if c.Match != nil && c.Match(trimmed) {
			return i
		}
	}
	return -1
}

func columnNames(wanted []Column) string {
	names := make([]string, len(wanted))
	for i, c := range wanted {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

// binding says where the cells of the wanted columns come from.
type binding struct {
	at       []int    // index in the file's header, -1 = the column is absent
	fallback []string // value of an absent column or an empty cell
	header   []string // the file's names

	fallbackBytes [][]byte
}

// bind matches the header to the wanted columns. It reports to sink and returns false
// when the header cannot be used.
func bind(header []string, opts *Options, sink Sink) (*binding, bool, error) {
	wanted := opts.Columns
	mapped, err := byCanonical("map", wanted, opts.Map)
	if err != nil {
		return nil, false, err
	}
	defaults, err := byCanonical("default", wanted, opts.Defaults)
	if err != nil {
		return nil, false, err
	}
	b := &binding{at: make([]int, len(wanted)), fallback: make([]string, len(wanted)), header: header, fallbackBytes: make([][]byte, len(wanted))}
	for i := range wanted {
		b.at[i] = -1
		b.fallback[i] = access.Clean(defaults[i])
		b.fallbackBytes[i] = []byte(b.fallback[i])
	}
	ok := true
	fail := func(column, format string, args ...any) {
		ok = false
		sink.Error(Issue{Row: 1, Column: column, Code: CodeHeader, Message: fmt.Sprintf(format, args...)})
	}
	seen := map[string]int{}
	for i, name := range header {
		n := Normalise(name)
		if n == "" {
			continue
		}
		if first, twice := seen[n]; twice {
			if find(wanted, name) < 0 && !slices.ContainsFunc(slices.Collect(maps.Values(mapped)), func(theirs string) bool { return Normalise(theirs) == n }) {
				continue // nobody asks for it, so it may stand as often as it likes
			}
			fail(name, "column %q stands twice, at positions %d and %d", name, first+1, i+1)
			continue
		}
		seen[n] = i
	}
	used := make([]bool, len(header))
	for i, c := range wanted {
		theirs, isMapped := mapped[i]
		if !isMapped {
			continue
		}
		at, found := seen[Normalise(theirs)]
		if !found && opts.Remembered && slices.ContainsFunc(header, func(name string) bool { return Normalise(name) != "" && find(wanted, name) == i }) {
			delete(mapped, i)
			continue
		}
		if !found {
			fail(c.Name, "column %q, mapped to %q, is not in the file", theirs, c.Name)
			continue
		}
		b.at[i], used[at] = at, true
	}
	for i, name := range header {
		if used[i] {
			continue
		}
		w := -1
		if Normalise(name) != "" {
			w = find(wanted, name)
		}
		switch {
		case w < 0 && Normalise(name) == "":
			sink.Warn(Issue{Row: 1, Code: CodeUnknownColumn, Message: fmt.Sprintf("column %d has no name and is ignored", i+1)})
		case w < 0:
			sink.Warn(Issue{Row: 1, Column: name, Code: CodeUnknownColumn, Message: fmt.Sprintf("column %q is not known and is ignored", name)})
		case mapped[w] != "":
			sink.Warn(Issue{Row: 1, Column: name, Code: CodeUnknownColumn, Message: fmt.Sprintf("column %q is ignored: %q is mapped to it instead", name, mapped[w])})
		case b.at[w] >= 0 && seen[Normalise(name)] == i:
			fail(wanted[w].Name, "columns %q and %q are the same column", header[b.at[w]], name)
		case b.at[w] < 0:
			b.at[w] = i
		}
	}
	var missing []string
	for i, c := range wanted {
		if c.Required && b.at[i] < 0 && b.fallback[i] == "" {
			if _, isMapped := mapped[i]; !isMapped {
				missing = append(missing, c.Name)
			}
		}
	}
	for _, name := range missing {
		fail(name, "required column %q is missing and has no default%s", name, separatorHint(header, len(missing)))
	}
	return b, ok, nil
}

// separatorHint helps with the commonest cause of a wholly missing header.
func separatorHint(header []string, missing int) string {
	if len(header) != 1 || missing < 2 {
		return ""
	}
	for sep, name := range map[string]string{";": "semicolons", "\t": "tabs", "|": "vertical bars"} {
		if strings.Contains(header[0], sep) {
			return "; the file seems to be separated by " + name + ", use commas"
		}
	}
	if strings.Contains(header[0], "\r") {
		return "; the lines seem to end with a lone carriage return, use LF or CRLF"
	}
	return ""
}
