package snapshot

import (
	"encoding/hex"
	"slices"
	"sort"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
)

// none is the code of a missing value and the row of an unknown entity.
const none = ^uint32(0)

// dict holds the distinct non-empty values of a column, sorted by (fold, value); a
// value's index is its code, so codes compare as SortKeys do, except that values of one
// fold have different codes.
type dict struct {
	values, folds []string
}

func (d *dict) value(code uint32) string {
	if code == none {
		return ""
	}
	return d.values[code]
}

func (d *dict) fold(code uint32) string {
	if code == none {
		return ""
	}
	return d.folds[code]
}

// key is the SortKey of the value.
func (d *dict) key(code uint32) string { return hex.EncodeToString([]byte(d.fold(code))) }

// find returns the code of exactly this value.
func (d *dict) find(value string) (uint32, bool) {
	fold := access.Fold(value)
	i := sort.Search(len(d.values), func(i int) bool {
		c := strings.Compare(d.folds[i], fold)
		return c > 0 || c == 0 && d.values[i] >= value
	})
	return uint32(i), i < len(d.values) && d.values[i] == value //nolint:gosec // an index
}

// span returns the codes whose folds begin with prefix, as a half-open range.
func (d *dict) span(prefix string) (lo, hi uint32) {
	from := sort.SearchStrings(d.folds, prefix)
	n := sort.Search(len(d.folds)-from, func(i int) bool { return !strings.HasPrefix(d.folds[from+i], prefix) })
	return uint32(from), uint32(from + n) //nolint:gosec // indices
}

// column is a text attribute: one value a row, or (multi) any number of them.
type column struct {
	dict
	codes   []uint32 // single: by row; multi: the values of row r are codes[offsets[r]:offsets[r+1]]
	offsets []uint32 // nil for single
	rows    []uint32 // rows by code: those of code c are rows[rowsAt[c]:rowsAt[c+1]], ascending
	rowsAt  []uint32
	present Bits // rows with a value
	n       int  // number of rows
}

func (c *column) text(row uint32) string { return c.value(c.codes[row]) }

// list returns the codes of a row of a multi column.
func (c *column) list(row uint32) []uint32 { return c.codes[c.offsets[row]:c.offsets[row+1]] }

func (c *column) texts(row uint32) []string {
	codes := c.list(row)
	if len(codes) == 0 {
		return nil
	}
	out := make([]string, len(codes))
	for i, code := range codes {
		out[i] = c.values[code]
	}
	return out
}

// with returns the rows that have the value of that code.
func (c *column) with(code uint32) []uint32 { return c.rows[c.rowsAt[code]:c.rowsAt[code+1]] }

// columnBuilder takes values in the order of arrival; codes are provisional.
type columnBuilder struct {
	index  map[string]uint32
	values []string
	codes  []uint32
	ends   []uint32 // multi: where the values of each arrival end in codes
}

func newColumnBuilder() *columnBuilder { return &columnBuilder{index: map[string]uint32{}} }

func (b *columnBuilder) code(value string) uint32 {
	if value == "" {
		return none
	}
	code, ok := b.index[value]
	if !ok {
		code = uint32(len(b.values)) //nolint:gosec // fewer than 2^32 distinct values
		b.index[value] = code
		b.values = append(b.values, value)
	}
	return code
}

func (b *columnBuilder) add(value string) { b.codes = append(b.codes, b.code(value)) }

func (b *columnBuilder) addAll(values []string) {
	for _, v := range values {
		if v != "" {
			b.codes = append(b.codes, b.code(v))
		}
	}
	b.ends = append(b.ends, uint32(len(b.codes))) //nolint:gosec // fewer than 2^32 values
}

// dictionary sorts the values; recode maps provisional to final codes.
func (b *columnBuilder) dictionary() (d dict, recode []uint32) {
	folds := make([]string, len(b.values))
	order := make([]uint32, len(b.values))
	for i, v := range b.values {
		folds[i], order[i] = access.Fold(v), uint32(i) //nolint:gosec // an index
	}
	slices.SortFunc(order, func(x, y uint32) int {
		if c := strings.Compare(folds[x], folds[y]); c != 0 {
			return c
		}
		return strings.Compare(b.values[x], b.values[y])
	})
	d = dict{values: make([]string, len(order)), folds: make([]string, len(order))}
	recode = make([]uint32, len(order))
	for i, o := range order {
		d.values[i], d.folds[i], recode[o] = b.values[o], folds[o], uint32(i) //nolint:gosec // an index
	}
	return d, recode
}

// single finishes a column of one value a row; arrival[row] is the arrival that became the row.
func (b *columnBuilder) single(arrival []uint32) *column {
	d, recode := b.dictionary()
	c := &column{dict: d, codes: make([]uint32, len(arrival))}
	for row, a := range arrival {
		if c.codes[row] = b.codes[a]; c.codes[row] != none {
			c.codes[row] = recode[c.codes[row]]
		}
	}
	c.invert(len(arrival))
	return c
}

// multi finishes a column of several values a row.
func (b *columnBuilder) multi(arrival []uint32) *column {
	d, recode := b.dictionary()
	c := &column{dict: d, codes: make([]uint32, 0, len(b.codes)), offsets: make([]uint32, 1, len(arrival)+1)}
	for _, a := range arrival {
		from := uint32(0)
		if a > 0 {
			from = b.ends[a-1]
		}
		for _, code := range b.codes[from:b.ends[a]] {
			c.codes = append(c.codes, recode[code])
		}
		c.offsets = append(c.offsets, uint32(len(c.codes))) //nolint:gosec // as in addAll
	}
	c.invert(len(arrival))
	return c
}

// invert derives rows and present.
func (c *column) invert(rows int) {
	c.n, c.present = rows, NewBits(rows)
	c.rowsAt = make([]uint32, len(c.values)+2)
	each := func(f func(row, code uint32)) {
		for row := range uint32(rows) { //nolint:gosec // fewer than 2^32 rows
			if c.offsets != nil {
				for _, code := range c.list(row) {
					f(row, code)
				}
			} else if code := c.codes[row]; code != none {
				f(row, code)
			}
		}
	}
	// Count into code+2, sum, then place at code+1: the ends become the starts.
	each(func(row, code uint32) { c.rowsAt[code+2]++; c.present.Set(row) })
	for i := 2; i < len(c.rowsAt); i++ {
		c.rowsAt[i] += c.rowsAt[i-1]
	}
	c.rows = make([]uint32, c.rowsAt[len(c.rowsAt)-1])
	each(func(row, code uint32) { c.rows[c.rowsAt[code+1]] = row; c.rowsAt[code+1]++ })
	c.rowsAt = c.rowsAt[:len(c.values)+1]
}
