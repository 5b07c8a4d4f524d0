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
	values, folds texts // folds may be values
}

// newDict makes a dictionary of values in its order and their folds.
func newDict(values, folds []string) dict {
	d := dict{values: packTexts(values)}
	if slices.Equal(values, folds) {
		d.folds = d.values
	} else {
		d.folds = packTexts(folds)
	}
	return d
}

func (d *dict) len() uint32 { return uint32(d.values.len()) } //nolint:gosec // fewer than 2^32 values

func (d *dict) value(code uint32) string {
	if code == none {
		return ""
	}
	return d.values.at(code)
}

func (d *dict) fold(code uint32) string {
	if code == none {
		return ""
	}
	return d.folds.at(code)
}

// key is the SortKey of the value.
func (d *dict) key(code uint32) string { return hex.EncodeToString([]byte(d.fold(code))) }

// all yields the codes with their values.
func (d *dict) all(yield func(code uint32, value string) bool) {
	for code := range d.len() {
		if !yield(code, d.values.at(code)) {
			return
		}
	}
}

// find returns the code of exactly this value.
func (d *dict) find(value string) (uint32, bool) {
	fold := access.Fold(value)
	i := uint32(sort.Search(d.values.len(), func(i int) bool { //nolint:gosec // an index
		code := uint32(i) //nolint:gosec // an index
		c := strings.Compare(d.folds.at(code), fold)
		return c > 0 || c == 0 && d.values.at(code) >= value
	}))
	return i, i < d.len() && d.values.at(i) == value
}

// span returns the codes whose folds begin with prefix, as a half-open range.
func (d *dict) span(prefix string) (lo, hi uint32) {
	at := func(i int) string { return d.folds.at(uint32(i)) } //nolint:gosec // an index
	from := sort.Search(d.values.len(), func(i int) bool { return at(i) >= prefix })
	n := sort.Search(d.values.len()-from, func(i int) bool { return !strings.HasPrefix(at(from+i), prefix) })
	return uint32(from), uint32(from + n) //nolint:gosec // indices
}

// column is a text attribute: one value a row, or (multi) any number of them.
type column struct {
	dict
	n       int      // number of rows
	codes   codes    // single: by row
	many    []uint32 // multi: the values of row r are many[offsets[r]:offsets[r+1]]
	offsets []uint32 // nil for single, and when no row has a value
	multi   bool
	present Bits // rows with a value
	// The rows by code, ascending: as sets where there are few values, else those of code c
	// are rows[rowsAt[c]:rowsAt[c+1]].
	sets   []valueRows
	rows   []uint32
	rowsAt []uint32 // nil when every value has one row
}

func (c *column) text(row uint32) string { return c.value(c.codes.at(row)) }

// list returns the codes of a row of a multi column.
func (c *column) list(row uint32) []uint32 {
	if c.offsets == nil {
		return nil
	}
	return c.many[c.offsets[row]:c.offsets[row+1]]
}

func (c *column) texts(row uint32) []string {
	codes := c.list(row)
	if len(codes) == 0 {
		return nil
	}
	out := make([]string, len(codes))
	for i, code := range codes {
		out[i] = c.values.at(code)
	}
	return out
}

// addTo adds the rows that have the value of that code to out.
func (c *column) addTo(code uint32, out Bits) {
	if c.sets != nil {
		c.sets[code].addTo(out)
		return
	}
	for _, row := range c.listed(code) {
		out.Set(row)
	}
}

// uses is how many rows have the value of that code.
func (c *column) uses(code uint32) int {
	if c.sets != nil {
		return c.sets[code].count()
	}
	return len(c.listed(code))
}

// with yields the rows that have the value of that code, ascending.
func (c *column) with(code uint32) func(yield func(row uint32) bool) {
	if c.sets == nil {
		return slices.Values(c.listed(code))
	}
	set := &c.sets[code]
	if set.dense != nil {
		return set.dense.Rows
	}
	return func(yield func(row uint32) bool) { set.sparse.Iterate(yield) }
}

func (c *column) listed(code uint32) []uint32 {
	if c.rowsAt == nil {
		return c.rows[code : code+1]
	}
	return c.rows[c.rowsAt[code]:c.rowsAt[code+1]]
}

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
	sorted, sortedFolds := make([]string, len(order)), make([]string, len(order))
	recode = make([]uint32, len(order))
	for i, o := range order {
		sorted[i], sortedFolds[i], recode[o] = b.values[o], folds[o], uint32(i) //nolint:gosec // an index
	}
	return newDict(sorted, sortedFolds), recode
}

// single finishes a column of one value a row; arrival[row] is the arrival that became the row.
func (b *columnBuilder) single(arrival []uint32) *column {
	d, recode := b.dictionary()
	coded := make([]uint32, len(arrival))
	for row, a := range arrival {
		if coded[row] = b.codes[a]; coded[row] != none {
			coded[row] = recode[coded[row]]
		}
	}
	return newColumn(d, coded)
}

// newColumn makes a column of one value a row.
func newColumn(d dict, coded []uint32) *column {
	c := &column{dict: d, n: len(coded), codes: packCodes(coded)}
	c.invert(coded, nil)
	return c
}

// newLists makes a column of several values a row.
func newLists(d dict, many, offsets []uint32) *column {
	c := &column{dict: d, n: len(offsets) - 1, multi: true}
	if len(many) > 0 {
		c.many, c.offsets = many, offsets
	}
	c.invert(many, offsets)
	return c
}

// multi finishes a column of several values a row.
func (b *columnBuilder) multi(arrival []uint32) *column {
	d, recode := b.dictionary()
	many, offsets := make([]uint32, 0, len(b.codes)), make([]uint32, 1, len(arrival)+1)
	for _, a := range arrival {
		from := uint32(0)
		if a > 0 {
			from = b.ends[a-1]
		}
		for _, code := range b.codes[from:b.ends[a]] {
			many = append(many, recode[code])
		}
		offsets = append(offsets, uint32(len(many))) //nolint:gosec // as in addAll
	}
	return newLists(d, many, offsets)
}

// maxSets is how many values have their rows as sets: with more, most have few rows.
const maxSets = 1024

// invert derives the rows of each value. coded are the codes of the rows; with offsets
// those of row r are coded[offsets[r]:offsets[r+1]].
func (c *column) invert(coded, offsets []uint32) {
	c.present = NewBits(c.n)
	values := c.len()
	starts := make([]uint32, values+2)
	each := func(f func(row, code uint32)) {
		for row := range uint32(c.n) { //nolint:gosec // fewer than 2^32 rows
			var of []uint32
			if offsets == nil {
				of = coded[row : row+1]
			} else {
				of = coded[offsets[row]:offsets[row+1]]
			}
			for _, code := range of {
				if code != none {
					f(row, code)
				}
			}
		}
	}
	// Count into code+2, sum, then place at code+1: the ends become the starts.
	each(func(row, code uint32) { starts[code+2]++; c.present.Set(row) })
	alone := true
	for i := range starts[2:] {
		alone = alone && starts[i+2] == 1
		starts[i+2] += starts[i+1]
	}
	rows := make([]uint32, starts[len(starts)-1])
	each(func(row, code uint32) { rows[starts[code+1]] = row; starts[code+1]++ })
	switch {
	case values <= maxSets:
		c.sets = make([]valueRows, values)
		for code := range c.sets {
			c.sets[code] = packRows(rows[starts[code]:starts[code+1]], c.n)
		}
	case alone:
		c.rows = rows
	default:
		c.rows, c.rowsAt = rows, starts[:values+1]
	}
}
