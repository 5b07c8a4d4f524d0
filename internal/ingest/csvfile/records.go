package csvfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// syntaxError is a malformed record. Cell is its index.
type syntaxError struct {
	cell  int
	limit bool // a size limit, not the grammar
	msg   string
}

func (e *syntaxError) Error() string { return e.msg }

// records splits a stream into RFC 4180 records without allocating per record: the cells
// point into its buffer and live until the next call.
type records struct {
	in     io.Reader
	buf    []byte
	r, w   int // the unread bytes are buf[r:w]
	err    error
	maxRow int
	cells  [][]byte
	plain  []byte // the present record when it has no quotes, else nil
	read   int64  // bytes taken from in
}

const firstBuffer = 256 << 10

func newRecords(in io.Reader, maxRow int) *records {
	return &records{in: in, buf: make([]byte, min(firstBuffer, maxRow+1)), maxRow: maxRow}
}

// fill reads more input behind w, making room first. It returns false when there is no
// more, and errRowTooLong when the unread bytes already exceed the row limit.
func (p *records) fill() (bool, error) {
	if p.err != nil {
		if errors.Is(p.err, io.EOF) {
			return false, nil
		}
		return false, p.err
	}
	if p.r > 0 {
		p.w = copy(p.buf, p.buf[p.r:p.w])
		p.r = 0
	}
	if p.w == len(p.buf) {
		if p.w > p.maxRow {
			return false, &syntaxError{cell: -1, limit: true, msg: fmt.Sprintf("the row is longer than %d bytes; is a closing quote missing?", p.maxRow)}
		}
		bigger := make([]byte, min(2*len(p.buf), p.maxRow+1))
		copy(bigger, p.buf[:p.w])
		p.buf = bigger
	}
	for range 100 {
		n, err := p.in.Read(p.buf[p.w:])
		p.w += n
		p.read += int64(n)
		if err != nil {
			p.err = err
		}
		if n > 0 {
			return true, nil
		}
		if err != nil {
			return p.fill()
		}
	}
	return false, io.ErrNoProgress
}

// skipBOM drops a UTF-8 byte order mark at the start of the stream.
func (p *records) skipBOM() error {
	for p.w-p.r < 3 {
		if more, err := p.fill(); err != nil || !more {
			return err
		}
	}
	if bytes.HasPrefix(p.buf[p.r:p.w], []byte("\xef\xbb\xbf")) {
		p.r += 3
	}
	return nil
}

// next returns the cells of the next record; none for an empty line. The error is io.EOF
// at the end, a *syntaxError for a malformed record (nothing after it can be read), else
// that of the stream.
func (p *records) next() ([][]byte, error) {
	scanned, quotes := 0, 0
	for {
		pending := p.buf[p.r+scanned : p.w]
		nl := bytes.IndexByte(pending, '\n')
		if nl >= 0 {
			quotes += bytes.Count(pending[:nl], quote)
			scanned += nl + 1
			if quotes%2 == 0 {
				return p.take(scanned, scanned-1, quotes)
			}
			continue // the line break is inside quotes
		}
		quotes += bytes.Count(pending, quote)
		scanned += len(pending)
		more, err := p.fill()
		var tooLong *syntaxError
		switch {
		case errors.As(err, &tooLong):
			// A stray quote is the likelier cause: say where it stands.
			if _, serr := p.split(p.buf[p.r:p.w], quotes); serr != nil && serr.cell >= 0 && !serr.limit && serr.msg != unclosed {
				return nil, serr
			}
			return nil, err
		case err != nil:
			return nil, err
		case !more && scanned == 0:
			return nil, io.EOF
		case !more:
			return p.take(scanned, scanned, quotes)
		}
	}
}

var quote = []byte{'"'}

// take consumes n bytes, of which the first end are the record.
func (p *records) take(n, end, quotes int) ([][]byte, error) {
	line := p.buf[p.r : p.r+end]
	p.r += n
	if len(line) > p.maxRow {
		return nil, &syntaxError{cell: -1, limit: true, msg: fmt.Sprintf("the row is longer than %d bytes", p.maxRow)}
	}
	if len(line) > 0 && line[len(line)-1] == '\r' {
		line = line[:len(line)-1]
	}
	if len(line) == 0 {
		return nil, nil
	}
	if p.plain = nil; quotes == 0 {
		p.plain = line
	}
	cells, serr := p.split(line, quotes)
	if serr != nil {
		return nil, serr
	}
	return cells, nil
}

const unclosed = "a quoted cell is not closed"

// split cuts a record into cells, undoing the quoting in place.
func (p *records) split(line []byte, quotes int) ([][]byte, *syntaxError) {
	p.cells = p.cells[:0]
	for {
		if quotes > 0 && len(line) > 0 && line[0] == '"' {
			cell, rest, serr := unquote(line[1:])
			if serr != nil {
				serr.cell = len(p.cells)
				return nil, serr
			}
			p.cells = append(p.cells, cell)
			if len(rest) == 0 {
				return p.cells, nil
			}
			line = rest[1:] // rest starts with the comma
			continue
		}
		cell, rest, more := bytes.Cut(line, comma)
		if quotes > 0 && bytes.IndexByte(cell, '"') >= 0 {
			return nil, &syntaxError{cell: len(p.cells), msg: `a quote stands inside an unquoted cell; quote the cell and double the quote`}
		}
		p.cells = append(p.cells, cell)
		if !more {
			return p.cells, nil
		}
		line = rest
	}
}

var comma = []byte{','}

// unquote reads a quoted cell whose opening quote has been taken; rest is empty or starts
// with the comma after the closing quote.
func unquote(b []byte) (cell, rest []byte, serr *syntaxError) {
	dst, src := 0, 0
	for {
		i := bytes.IndexByte(b[src:], '"')
		if i < 0 {
			return nil, nil, &syntaxError{msg: unclosed}
		}
		if dst != src {
			copy(b[dst:], b[src:src+i])
		}
		dst += i
		src += i + 1
		switch {
		case src == len(b):
			return b[:dst], nil, nil
		case b[src] == ',':
			return b[:dst], b[src:], nil
		case b[src] == '"':
			b[dst] = '"'
			dst++
			src++
		default:
			return nil, nil, &syntaxError{msg: "text follows the closing quote of a cell"}
		}
	}
}
