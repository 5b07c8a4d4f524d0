package csvfile

import (
	"bytes"
	"unicode/utf8"
)

// Batch is rows copied out of a Reader, so that they can be looked at while the Reader
// reads on, by another goroutine. Its rows are walked by a Walker.
type Batch struct {
	bind *binding
	opts *Options

	// Plain rows are whole lines without a quote, which are not cut into cells yet: that is the
	// Walker's part. The first of them is row first.
	plain []byte
	first int64

	// Other rows are cut already.
	data []byte
	ends []int   // of the cells in data, row after row
	rows []int64 // their numbers
}

// Take fills a batch with the next rows, some size bytes of them or one that is longer. It
// returns false when there is none left.
func (r *Reader) Take(b *Batch, size int) bool {
	b.bind, b.opts = r.bind, &r.opts
	b.plain, b.data, b.ends, b.rows = b.plain[:0], b.data[:0], b.ends[:0], b.rows[:0]
	if r.takePlain(b, size) {
		return true
	}
	for len(b.data) < size && r.Next() {
		for _, c := range r.cells {
			b.data = append(b.data, bytes.TrimSpace(c)...)
			b.ends = append(b.ends, len(b.data))
		}
		b.rows = append(b.rows, r.row)
	}
	return len(b.rows) > 0
}

// takePlain takes the next lines uncut, if they are the kind of which nothing can be wrong
// but the number of cells: no quotes, no empty lines, valid text, within the limits.
func (r *Reader) takePlain(b *Batch, size int) bool {
	if !r.usable || r.err != nil || size > r.opts.MaxCell || size > r.opts.MaxRow {
		return false
	}
	p := r.recs
	for p.w-p.r < size && p.w-p.r < len(p.buf)/2 {
		if more, err := p.fill(); err != nil || !more {
			break // Next meets it again
		}
	}
	lines := p.buf[p.r:min(p.r+size, p.w)]
	lines = lines[:bytes.LastIndexByte(lines, '\n')+1]
	n := int64(bytes.Count(lines, newline))
	switch {
	case n == 0, r.opts.MaxBytes > 0 && p.read > r.opts.MaxBytes, r.opts.MaxRows > 0 && r.rows+n > r.opts.MaxRows,
		bytes.IndexByte(lines, '"') >= 0, bytes.IndexByte(lines, 0) >= 0, !utf8.Valid(lines),
		lines[0] == '\n', lines[0] == '\r', bytes.Contains(lines, emptyLine), bytes.Contains(lines, emptyDOSLine):
		return false
	}
	b.plain = append(b.plain, lines...)
	b.first = r.row + 1
	p.r += len(lines)
	r.row += n
	r.rows += n
	return true
}

var (
	newline      = []byte{'\n'}
	emptyLine    = []byte("\n\n")
	emptyDOSLine = []byte("\n\r\n")
)
