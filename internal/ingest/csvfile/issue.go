package csvfile

// Issue is something found in a file, located. Row counts records, the header being 1; 0
// is the file as a whole. Column is the canonical name of the column, else the file's.
type Issue struct {
	Row     int64  `json:"row"`
	Column  string `json:"column"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Codes of what the reader itself finds.
const (
	// CodeHeader: a required column is missing, a column stands twice, or there is no header.
	CodeHeader = "E_HEADER"
	// CodeSyntax: the row is not RFC 4180, or has another number of cells than the header.
	CodeSyntax = "E_CSV"
	// CodeEncoding: a cell is not UTF-8, or holds a NUL.
	CodeEncoding = "E_ENCODING"
	// CodeLimit: a cell, a row or the file is larger than permitted.
	CodeLimit = "E_LIMIT"
	// CodeUnknownColumn: a column that means nothing here is ignored.
	CodeUnknownColumn = "W_UNKNOWN_COLUMN"
)

// Sink takes issues. An error rejects the file, a warning does not.
type Sink interface {
	Error(Issue)
	Warn(Issue)
}
