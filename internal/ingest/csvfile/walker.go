package csvfile

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// Walker walks the rows of batches. A row mostly repeats the cells of the row before but
// for a few neighbours (an entity's next grant): where the row is the same on both sides of
// them, only they are cut.
type Walker struct {
	b      *Batch
	i      int    // the next row
	line   []byte // the present plain row
	rest   []byte // the plain rows after it
	number int64
	cells  [][]byte
	issue  *Issue

	// The cells from lo to hi may differ between rows that are the same otherwise.
	lo, hi         int
	before, behind int // how many bytes of the line stand on either side of them
	cut            bool
	same           bool
}

// Start begins a batch. Varying are the indexes of wanted columns that differ from row to
// row, for Same.
func (w *Walker) Start(b *Batch, varying []int) {
	*w = Walker{b: b, i: -1, rest: b.plain, number: b.first - 1, cells: w.cells[:0]}
	w.lo, w.hi = len(b.bind.header), -1
	for _, i := range varying {
		if at := b.bind.at[i]; at >= 0 {
			w.lo, w.hi = min(w.lo, at), max(w.hi, at)
		}
	}
}

// Varies reports whether column i is among the cells that Same says nothing of.
func (w *Walker) Varies(i int) bool {
	at := w.b.bind.at[i]
	return at >= w.lo && at <= w.hi
}

// Next moves to the next row. A row that cannot be read has an Issue and no cells.
func (w *Walker) Next() bool {
	w.issue, w.same = nil, false
	if len(w.b.plain) == 0 {
		return w.nextCut()
	}
	if len(w.rest) == 0 {
		return false
	}
	w.number++
	nl := bytes.IndexByte(w.rest, '\n')
	line := w.rest[:nl]
	w.rest = w.rest[nl+1:]
	if nl > 0 && line[nl-1] == '\r' {
		line = line[:nl-1]
	}
	if !w.again(line) {
		w.split(line)
	}
	w.line = line
	return true
}

// again cuts a line that is the one before but for the varying cells.
func (w *Walker) again(line []byte) bool {
	if !w.cut || len(line) < w.before+w.behind || !bytes.Equal(line[:w.before], w.line[:w.before]) ||
		!bytes.Equal(line[len(line)-w.behind:], w.line[len(w.line)-w.behind:]) {
		return false
	}
	middle := line[w.before : len(line)-w.behind]
	for i := w.lo; i <= w.hi; i++ {
		comma := bytes.IndexByte(middle, ',')
		if comma < 0 != (i == w.hi) {
			w.cut = false // some cells are of the line before, some not
			return false
		}
		if comma < 0 {
			comma = len(middle)
		}
		w.cells[i] = trim(middle[:comma])
		middle = middle[min(comma+1, len(middle)):]
	}
	w.same = true
	return true
}

// split cuts a whole line.
func (w *Walker) split(line []byte) {
	w.cells, w.cut = w.cells[:0], false
	rest := line
	for i := 0; ; i++ {
		if i == w.lo {
			w.before = len(line) - len(rest)
		}
		comma := bytes.IndexByte(rest, ',')
		end := comma
		if comma < 0 {
			end = len(rest)
		}
		if i == w.hi {
			w.behind = len(rest) - end
		}
		w.cells = append(w.cells, trim(rest[:end]))
		if comma < 0 {
			break
		}
		rest = rest[comma+1:]
	}
	if n := len(w.b.bind.header); len(w.cells) != n {
		i := wrongCells(w.number, len(w.cells), n)
		w.issue, w.cells = &i, w.cells[:0]
		return
	}
	w.cut = w.hi >= 0
}

func (w *Walker) nextCut() bool {
	w.i++
	if w.i >= len(w.b.rows) {
		return false
	}
	w.number, w.cells = w.b.rows[w.i], w.cells[:0]
	n := len(w.b.bind.header)
	from := 0
	if w.i > 0 {
		from = w.b.ends[w.i*n-1]
	}
	for _, end := range w.b.ends[w.i*n : (w.i+1)*n] {
		w.cells = append(w.cells, w.b.data[from:end:end])
		from = end
	}
	return true
}

// trim is bytes.TrimSpace, which mostly has nothing to do.
func trim(c []byte) []byte {
	if n := len(c); n == 0 || (c[0] > ' ' && c[0] < utf8.RuneSelf && c[n-1] > ' ' && c[n-1] < utf8.RuneSelf) {
		return c[:n:n]
	}
	c = bytes.TrimSpace(c)
	return c[:len(c):len(c)]
}

func wrongCells(row int64, has, header int) Issue {
	return Issue{Row: row, Code: CodeSyntax, Message: fmt.Sprintf("the row has %d cells, the header has %d; is a cell with a comma not quoted?", has, header)}
}

// Issue says why the present row cannot be read, nil if it can.
func (w *Walker) Issue() *Issue { return w.issue }

// Same reports whether the cells of the row are those of the row before, apart from those that
// vary. It may be false though they are.
func (w *Walker) Same() bool { return w.same }

// Number is the number of the row; the header is 1.
func (w *Walker) Number() int64 { return w.number }

// InFile reports whether column i is in the file.
func (w *Walker) InFile(i int) bool { return w.b.bind.at[i] >= 0 }

// Raw is the cell of column i as the file has it, trimmed of blanks; empty when the column is
// absent. Cells live until the batch is filled again, and must not be modified.
func (w *Walker) Raw(i int) []byte {
	at := w.b.bind.at[i]
	if at < 0 {
		return nil
	}
	return w.cells[at]
}

// Cell is Raw with the default applied to an absent column or an empty cell.
func (w *Walker) Cell(i int) []byte {
	if c := w.Raw(i); len(c) > 0 {
		return c
	}
	return w.b.bind.fallbackBytes[i]
}
