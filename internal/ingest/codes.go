package ingest

import "github.com/accessgraph/accessgraph/internal/ingest/csvfile"

// Issue is something found in a file: row (the header is 1, 0 is the file), column, code, message.
type Issue = csvfile.Issue

// Codes of issues. An E_ code is an error, except on a cell of an optional column, where
// it stands among the warnings. W_ codes are warnings.
const (
	CodeHeader          = csvfile.CodeHeader   // required column missing and no default mapped
	CodeSyntax          = csvfile.CodeSyntax   // not RFC 4180
	CodeEncoding        = csvfile.CodeEncoding // not UTF-8
	CodeLimit           = csvfile.CodeLimit    // a cell, row or file that is too large
	CodeRequired        = "E_REQUIRED"         // required cell empty
	CodeEnum            = "E_ENUM"             // unknown entity type, relation, role, status
	CodeBool            = "E_BOOL"
	CodeTime            = "E_TIME"
	CodeDate            = "E_DATE"
	CodeEmail           = "E_EMAIL"
	CodeJSON            = "E_JSON"
	CodePartialTarget   = "E_PARTIAL_TARGET"   // some Has Access To cells blank
	CodeUnknownEmployee = "E_UNKNOWN_EMPLOYEE" // reference not found
	CodeUnknownEntity   = "E_UNKNOWN_ENTITY"   // reference not found

	CodeRemovals = "E_REMOVALS" // a snapshot removes more than half, unconfirmed

	CodeUnknownColumn = csvfile.CodeUnknownColumn // column ignored
	CodeDuplicate     = "W_DUPLICATE"             // identical row, ignored
	CodeConflict      = "W_CONFLICT"              // same id, different name, type or value; the last wins
	CodeStub          = "W_STUB"                  // target not described, stub created
	CodeSelf          = "W_SELF"                  // entity has access to itself
	CodeEntityOnly    = "W_ENTITY_ONLY"           // no target
	CodeCycle         = "W_CYCLE"                 // cycle among connections or managers
	CodeMissingName   = "W_MISSING_NAME"          // a person's identity without first and last name
)
