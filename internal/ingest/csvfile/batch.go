package csvfile

import "bytes"

// Batch is rows copied out of a Reader, so that they can be looked at while the Reader
// reads on, by another goroutine.
type Batch struct {
	bind *binding
	data []byte
	ends []int   // of the cells in data, row after row
	rows []int64 // their numbers
}

// Take fills a batch with the next rows, some size bytes of them or one that is longer. It
// returns false when there is none left.
func (r *Reader) Take(b *Batch, size int) bool {
	b.bind = r.bind
	b.data, b.ends, b.rows = b.data[:0], b.ends[:0], b.rows[:0]
	for len(b.data) < size && r.Next() {
		for _, c := range r.cells {
			b.data = append(b.data, bytes.TrimSpace(c)...)
			b.ends = append(b.ends, len(b.data))
		}
		b.rows = append(b.rows, r.row)
	}
	return len(b.rows) > 0
}

// Len is the number of rows.
func (b *Batch) Len() int { return len(b.rows) }

// Row is a row of a batch. Its methods are those of Reader; cells live until the batch is
// filled again, and must not be modified.
type Row struct {
	b     *Batch
	i     int // of the row
	first int // of its cells
}

// At is the i-th row.
func (b *Batch) At(i int) Row { return Row{b, i, i * len(b.bind.header)} }

// Number is the number of the row; the header is 1.
func (r Row) Number() int64 { return r.b.rows[r.i] }

// InFile reports whether column i is in the file.
func (r Row) InFile(i int) bool { return r.b.bind.at[i] >= 0 }

// Raw is the cell of column i as the file has it, trimmed of blanks; empty when the column is
// absent.
func (r Row) Raw(i int) []byte {
	at := r.b.bind.at[i]
	if at < 0 {
		return nil
	}
	at += r.first
	from := 0
	if at > 0 {
		from = r.b.ends[at-1]
	}
	return r.b.data[from:r.b.ends[at]:r.b.ends[at]]
}

// Cell is Raw with the default applied to an absent column or an empty cell.
func (r Row) Cell(i int) []byte {
	if c := r.Raw(i); len(c) > 0 {
		return c
	}
	return r.b.bind.fallbackBytes[i]
}
