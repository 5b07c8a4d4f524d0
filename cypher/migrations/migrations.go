// Package migrations holds the numbered schema migrations of the Neo4j store:
// constraints, indexes and the nodes that must exist. Files are named
// NNNN_what.cypher; their statements end with ";" and each must change nothing when
// run again, since a migration that was interrupted starts afresh.
package migrations

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
)

//go:embed *.cypher
var files embed.FS

// Migration is one step of the schema.
type Migration struct {
	Number     int64
	Name       string
	Statements []string
}

// All returns the migrations in their order, numbered from 1 without gaps.
func All() ([]Migration, error) {
	entries, err := files.ReadDir(".") // sorted by name
	if err != nil {
		return nil, err
	}
	all := make([]Migration, 0, len(entries))
	for i, entry := range entries {
		stem := strings.TrimSuffix(entry.Name(), ".cypher")
		digits, name, _ := strings.Cut(stem, "_")
		number, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || number != int64(i+1) {
			return nil, fmt.Errorf("migrations: %s must have the number %04d", entry.Name(), i+1)
		}
		text, err := files.ReadFile(entry.Name())
		if err != nil {
			return nil, err
		}
		all = append(all, Migration{Number: number, Name: name, Statements: statements(string(text))})
	}
	return all, nil
}

// statements cuts a file at the semicolons that end a line; no text literal of a
// migration has one there.
func statements(text string) []string {
	var out []string
	for _, part := range strings.Split(text+"\n", ";\n") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}
