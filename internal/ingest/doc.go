// Package ingest turns files into graph changes: it validates every row, resolves what
// the rows speak of, compares with what the store holds and commits the difference once.
//
// An import is all or nothing. The whole file is validated before anything is written,
// and any error rejects it. Memory is bounded whatever the size of the file: rows pass
// through an external sort, the store is read as sorted streams, and the changes wait in
// a spool file (see Options.MemoryLimit).
package ingest
