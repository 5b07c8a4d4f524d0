// Package csvfile streams the rows of a CSV file whose columns are found by name.
//
// It accepts what spreadsheets and directory exports produce: UTF-8 with or without a
// byte order mark, RFC 4180 quoting, LF or CRLF, plain, gzip or zstd (told by the first
// bytes, not by the file's name). What it cannot read it names by row and column.
//
// Row numbers count records, the header being row 1: a quoted cell that holds line
// breaks does not shift the rows after it. Empty lines hold no data but are counted, so
// that numbers agree with what a spreadsheet shows.
//
// Memory is bounded by the largest permitted row (see Options.MaxRow), whatever the
// size of the file; zstd adds its window, at most 32 MiB.
package csvfile
