package directory

import "github.com/accessgraph/accessgraph/internal/ingest/csvfile"

// FileColumns are the columns of a kind of file, in the order of its format table; nil
// for a kind that is not the directory's.
func FileColumns(kind string) []csvfile.Column {
	switch kind {
	case KindEmployees:
		return employeeColumns
	case KindMappings:
		return mappingColumns
	case KindOwners:
		return ownersColumns
	}
	return nil
}
