package csvfile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Options say what to read.
type Options struct {
	Columns []Column
	// Map (canonical name → the file's column) and Defaults (canonical name → value of an
	// absent column or an empty cell) come from the user.
	Map      map[string]string
	Defaults map[string]string
	// Remembered: Map was given with an earlier file. Where this file lacks a mapped column
	// but has the canonical one, it is read instead.
	Remembered bool

	MaxCell  int   // bytes of a cell; 0 = 1 MiB
	MaxRow   int   // bytes of a row as written; 0 = 4 MiB
	MaxRows  int64 // data rows; 0 = no limit
	MaxBytes int64 // bytes of the file, decompressed; 0 = no limit

	// Progress is told how many bytes of the source are read (as stored, before
	// decompression) every megabyte and at the end; total is -1 if unknown.
	Progress func(done, total int64)
}

// Reader gives the rows of a file one by one. It is not safe for concurrent use.
type Reader struct {
	opts   Options
	sink   Sink
	raw    *rawReader
	close  func()
	recs   *records
	bind   *binding
	usable bool
	row    int64
	rows   int64
	cells  [][]byte
	err    error
}

// NewReader reads the header. What is wrong with it goes to sink: Usable is then false
// and there are no rows. The error is of the source or INVALID_INPUT for options that
// name no column. Close must be called when there is no error.
func NewReader(src Source, opts Options, sink Sink) (*Reader, error) {
	if opts.MaxCell <= 0 {
		opts.MaxCell = 1 << 20
	}
	if opts.MaxRow <= 0 {
		opts.MaxRow = 4 << 20
	}
	r := &Reader{opts: opts, sink: sink, raw: newRawReader(src, opts.Progress), close: func() {}}
	in, closeIn, err := decompress(r.raw)
	if err != nil {
		return nil, r.failed(err)
	}
	r.close = closeIn
	r.recs = newRecords(in, opts.MaxRow)
	if err := r.readHeader(); err != nil {
		closeIn()
		return nil, err
	}
	return r, nil
}

func (r *Reader) readHeader() error {
	if err := r.recs.skipBOM(); err != nil {
		return r.failed(err)
	}
	var cells [][]byte
	for cells == nil {
		var err error
		cells, err = r.recs.next()
		r.row++
		var serr *syntaxError
		switch {
		case errors.Is(err, io.EOF):
			r.sink.Error(Issue{Row: 1, Code: CodeHeader, Message: "the file is empty; the first row must name the columns"})
			return r.bindTo(nil)
		case errors.As(err, &serr):
			r.sink.Error(Issue{Row: r.row, Code: serr.code(), Message: serr.msg})
			return r.bindTo(nil)
		case err != nil:
			return r.failed(err)
		}
	}
	r.row = 1 // the header is row 1 also when empty lines stand before it
	header := make([]string, len(cells))
	for i, c := range cells {
		if !utf8.Valid(c) || bytes.IndexByte(c, 0) >= 0 {
			r.sink.Error(Issue{Row: 1, Column: fmt.Sprintf("#%d", i+1), Code: CodeEncoding, Message: "the header is not UTF-8 text" + utf16Hint(c)})
			return r.bindTo(nil)
		}
		header[i] = access.Clean(string(c))
	}
	return r.bindTo(header)
}

func utf16Hint(b []byte) string {
	if bytes.IndexByte(b, 0) >= 0 || bytes.HasPrefix(b, []byte{0xff, 0xfe}) || bytes.HasPrefix(b, []byte{0xfe, 0xff}) {
		return "; it seems to be UTF-16, save it as UTF-8"
	}
	return ""
}

// bindTo binds the header; nil (an unusable header, already reported) only checks the options.
func (r *Reader) bindTo(header []string) error {
	sink := r.sink
	if header == nil {
		sink = discard{}
	}
	b, ok, err := bind(header, &r.opts, sink)
	r.bind, r.usable = b, ok && header != nil
	return err
}

type discard struct{}

func (discard) Error(Issue) {}
func (discard) Warn(Issue)  {}

func (e *syntaxError) code() string {
	if e.limit {
		return CodeLimit
	}
	return CodeSyntax
}

// Usable reports whether the header could be used.
func (r *Reader) Usable() bool { return r.usable }

// Next moves to the next row that can be read; rows that cannot go to the sink. After a
// row whose quoting is broken nothing can be read, which the message says.
func (r *Reader) Next() bool {
	if !r.usable || r.err != nil {
		return false
	}
	for {
		cells, err := r.recs.next()
		if errors.Is(err, io.EOF) {
			return false
		}
		r.row++
		if err != nil {
			return r.stop(err)
		}
		if r.opts.MaxBytes > 0 && r.recs.read > r.opts.MaxBytes {
			return r.tooMuch("the file is larger than %d bytes", r.opts.MaxBytes)
		}
		if cells == nil {
			continue
		}
		if r.opts.MaxRows > 0 && r.rows == r.opts.MaxRows {
			return r.tooMuch("the file has more than %d rows", r.opts.MaxRows)
		}
		r.rows++
		if r.check(cells) {
			r.cells = cells
			return true
		}
	}
}

// stop ends the rows because of a broken record or a failed source.
func (r *Reader) stop(err error) bool {
	var serr *syntaxError
	if !errors.As(err, &serr) {
		r.err = r.failed(err)
		return false
	}
	r.usable = false
	r.sink.Error(Issue{Row: r.row, Column: r.columnAt(serr.cell), Code: serr.code(), Message: serr.msg + "; the rows after it were not read"})
	return false
}

func (r *Reader) tooMuch(format string, limit int64) bool {
	r.usable = false
	r.sink.Error(Issue{Row: r.row, Code: CodeLimit, Message: fmt.Sprintf(format, limit) + "; the rest was not read"})
	return false
}

// check reports what is wrong with the cells of the present row.
func (r *Reader) check(cells [][]byte) bool {
	if len(cells) != len(r.bind.header) {
		r.sink.Error(wrongCells(r.row, len(cells), len(r.bind.header)))
		return false
	}
	// Cells of a record without quotes are cut at commas: they are fine when the record is.
	if line := r.recs.plain; line != nil && len(line) <= r.opts.MaxCell && utf8.Valid(line) && bytes.IndexByte(line, 0) < 0 {
		return true
	}
	ok := true
	for i, c := range cells {
		switch {
		case len(c) > r.opts.MaxCell:
			r.sink.Error(Issue{Row: r.row, Column: r.columnAt(i), Code: CodeLimit, Message: fmt.Sprintf("the cell has %d bytes, at most %d are permitted", len(c), r.opts.MaxCell)})
			ok = false
		case !utf8.Valid(c):
			r.sink.Error(Issue{Row: r.row, Column: r.columnAt(i), Code: CodeEncoding, Message: "the cell is not valid UTF-8; save the file as UTF-8"})
			ok = false
		case bytes.IndexByte(c, 0) >= 0:
			r.sink.Error(Issue{Row: r.row, Column: r.columnAt(i), Code: CodeEncoding, Message: "the cell holds a NUL character"})
			ok = false
		}
	}
	return ok
}

// columnAt names the file's i-th column, by its canonical name where it has one.
func (r *Reader) columnAt(i int) string {
	if i < 0 || i >= len(r.bind.header) {
		return ""
	}
	for w, at := range r.bind.at {
		if at == i {
			return r.opts.Columns[w].Name
		}
	}
	return r.bind.header[i]
}

// Row is the number of the present row; the header is 1.
func (r *Reader) Row() int64 { return r.row }

// Rows is how many data rows have been read, unreadable ones included.
func (r *Reader) Rows() int64 { return r.rows }

// Has reports whether column i of Options.Columns is in the file or has a default.
func (r *Reader) Has(i int) bool { return r.bind.at[i] >= 0 || r.bind.fallback[i] != "" }

// InFile reports whether column i is in the file.
func (r *Reader) InFile(i int) bool { return r.bind.at[i] >= 0 }

// Raw is the cell of column i as the file has it, trimmed of blanks; nil when the column
// is absent. It lives until the next call of Next.
func (r *Reader) Raw(i int) []byte {
	if at := r.bind.at[i]; at >= 0 {
		return bytes.TrimSpace(r.cells[at])
	}
	return nil
}

// Cell is Raw with the default applied to an absent column or an empty cell.
func (r *Reader) Cell(i int) []byte {
	if c := r.Raw(i); len(c) > 0 {
		return c
	}
	return r.bind.fallbackBytes[i]
}

// Text is Cell as clean text (NFC, trimmed).
func (r *Reader) Text(i int) string {
	if c := r.Raw(i); len(c) > 0 {
		return access.Clean(string(c))
	}
	return r.bind.fallback[i]
}

// Err is the error that ended the rows; nil at the end of the file and after an issue
// that is in the sink.
func (r *Reader) Err() error { return r.err }

// SHA256 reads the source to its end and returns the hash of its bytes as stored.
func (r *Reader) SHA256() (string, error) {
	if err := r.raw.drain(); err != nil {
		return "", r.failed(err)
	}
	return r.raw.sum(), nil
}

// Close frees the decompressor. It does not close the source.
func (r *Reader) Close() { r.close() }

// failed says that the source could not be read: mostly a damaged archive.
func (r *Reader) failed(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, new(*access.Error)) {
		return err
	}
	return &access.Error{Code: access.CodeInvalidInput, Path: "file", Message: fmt.Sprintf("the file cannot be read after row %d: %v", r.row, err), Err: err}
}
