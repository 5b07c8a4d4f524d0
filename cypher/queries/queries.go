// Package queries holds the named Cypher statements of accessgraph, embedded in the
// program. Values are always parameters; the only text that is ever put into a
// statement are labels and property names of the closed registries (see ForKind).
//
// Statements that begin with CYPHER replan=skip start from a node that an index finds, at any
// size of the graph: a plan of theirs never becomes a bad one, so that the server need not make it again
// whenever the graph has grown, which takes longer than running them. They say USING INDEX SEEK where many nodes may
// be: planned while there were none, a scan would look as cheap, and the plan would stay. Rows that come in $batch are
// hidden from the planner for the same reason: it keeps a plan for each order of magnitude of a list.
//
// A file holds one statement, named like the file, or several, each under a line
// "// name: …".
package queries

import (
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed *.cypher
var files embed.FS

const header = "// name: "

var statements = sync.OnceValue(func() map[string]string {
	all, err := parse(files)
	if err != nil {
		panic(err) // the files are part of the program; a test reads them all
	}
	return all
})

// Text returns the statement with this name. It panics when there is none: names are
// written in the program, never given by users.
func Text(name string) string {
	text, ok := statements()[name]
	if !ok {
		panic(fmt.Sprintf("queries: no statement named %q", name))
	}
	return text
}

// Names returns the names of all statements, sorted.
func Names() []string {
	names := make([]string, 0, len(statements()))
	for name := range statements() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

var identifier = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]{0,63}$`)

// Placeholders of the statements that are written once for every kind of record.
const (
	kindPlaceholder  = "RECORD_KIND"
	wherePlaceholder = "/* WHERE FIELDS */"
	fieldPlaceholder = "RECORD_FIELD"
)

// ForKind returns a statement for one label of the registry of record kinds, with an
// equality test for each of the declared fields: fields[i] must equal parameter
// "field<i>". It panics on anything that is not a plain identifier.
func ForKind(name, label string, fields ...string) string {
	mustBeIdentifier(label)
	var where strings.Builder
	for i, field := range fields {
		mustBeIdentifier(field)
		fmt.Fprintf(&where, " AND r.%s = $field%d", field, i)
	}
	text := strings.ReplaceAll(Text(name), kindPlaceholder, label)
	text = strings.ReplaceAll(text, wherePlaceholder, where.String())
	if len(fields) > 0 {
		text = strings.ReplaceAll(text, fieldPlaceholder, fields[0])
	}
	return text
}

// IsTemplate reports whether the statement is written for ForKind.
func IsTemplate(name string) bool { return strings.Contains(Text(name), kindPlaceholder) }

func mustBeIdentifier(s string) {
	if !identifier.MatchString(s) {
		panic(fmt.Sprintf("queries: %q is no label or property name", s))
	}
}

func parse(from embed.FS) (map[string]string, error) {
	entries, err := from.ReadDir(".")
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, entry := range entries {
		text, err := from.ReadFile(entry.Name())
		if err != nil {
			return nil, err
		}
		for name, statement := range split(strings.TrimSuffix(entry.Name(), ".cypher"), string(text)) {
			if _, twice := all[name]; twice {
				return nil, fmt.Errorf("queries: two statements are named %q", name)
			}
			all[name] = statement
		}
	}
	return all, nil
}

// split cuts a file into its statements; text before the first header is a comment
// when the file has headers.
func split(stem, text string) map[string]string {
	if !strings.Contains(text, header) {
		return map[string]string{stem: strings.TrimSpace(text)}
	}
	out := map[string]string{}
	for _, part := range strings.Split("\n"+text, "\n"+header)[1:] {
		name, body, _ := strings.Cut(part, "\n")
		out[strings.TrimSpace(name)] = strings.TrimSpace(body)
	}
	return out
}
