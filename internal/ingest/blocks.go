package ingest

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
)

// The grants of consecutive rows of one entity pass through the sorter as one record, a
// block: its key is the source, its value the rows' keys behind the source and their rests,
// each with its length, in order. A source may have several blocks.

// blockWriter gathers the grants of a block.
type blockWriter struct {
	data []byte
	rows []blockRow
}

type blockRow struct {
	prefix        uint64 // of the key, behind what all ids begin with
	off, rest, to int
}

// idPrefix is how many bytes are the same in all ids of entities.
const idPrefix = 2

// key begins a row.
func (w *blockWriter) key(target string, permission []byte, row int64) {
	w.rows = append(w.rows, blockRow{off: len(w.data)})
	w.data = append(append(append(w.data, target...), permission...), 0)
	w.data = binary.BigEndian.AppendUint64(w.data, uint64(row)) //nolint:gosec // rows count upwards
	r := &w.rows[len(w.rows)-1]
	r.prefix, r.rest = binary.BigEndian.Uint64(w.data[r.off+idPrefix:]), len(w.data)
}

// rest says what the row of the last key says of its grant beside the key.
func (w *blockWriter) rest(sourceType, targetType byte, hash uint32, project []byte, value, lastUsed, metadata string) {
	b := append(w.data, sourceType, targetType) //nolint:gocritic // it is stored below
	b = binary.BigEndian.AppendUint32(b, hash)
	b = appendBytes(b, project)
	b = appendText(b, value)
	b = appendText(b, lastUsed)
	w.data = appendText(b, metadata)
	w.rows[len(w.rows)-1].to = len(w.data)
}

// end appends the block to b and begins another.
func (w *blockWriter) end(b []byte) []byte {
	slices.SortFunc(w.rows, func(x, y blockRow) int {
		if c := cmp.Compare(x.prefix, y.prefix); c != 0 {
			return c
		}
		return bytes.Compare(w.data[x.off:x.rest], w.data[y.off:y.rest])
	})
	for _, r := range w.rows {
		b = appendBytes(b, w.data[r.off:r.rest])
		b = appendBytes(b, w.data[r.rest:r.to])
	}
	w.data, w.rows = w.data[:0], w.rows[:0]
	return b
}

// blockCursor walks the rows of an arena of blocks. The blocks of one source are merged.
type blockCursor struct {
	a    *arena
	i    int         // the next block
	open []blockHead // a heap by row, the present row first
	buf  []byte      // the present key
}

// blockHead is a row of a block and what follows it.
type blockHead struct{ key, val, rest []byte }

func (h *blockHead) next() bool {
	if len(h.rest) == 0 {
		return false
	}
	d := decoder{b: h.rest}
	h.key, h.val = d.bytes(), d.bytes()
	h.rest = d.b
	return true
}

func (c *blockCursor) next() bool {
	if len(c.open) > 0 {
		if !c.open[0].next() {
			last := len(c.open) - 1
			c.open[0] = c.open[last]
			c.open = c.open[:last]
		}
		c.down(0)
	}
	if len(c.open) == 0 && !c.source() {
		return false
	}
	c.buf = append(c.buf[:idLen], c.open[0].key...)
	return true
}

// source opens all blocks of the next source.
func (c *blockCursor) source() bool {
	for len(c.open) == 0 && c.i < len(c.a.index) {
		source := c.a.keyOf(c.a.index[c.i])
		c.buf = append(c.buf[:0], source...)
		for c.i < len(c.a.index) && bytes.Equal(c.a.keyOf(c.a.index[c.i]), source) {
			h := blockHead{rest: c.a.valOf(c.a.index[c.i])}
			if h.next() {
				c.open = append(c.open, h)
			}
			c.i++
		}
	}
	for i := len(c.open)/2 - 1; i >= 0; i-- {
		c.down(i)
	}
	return len(c.open) > 0
}

func (c *blockCursor) down(i int) {
	for {
		least := i
		for _, k := range [...]int{2*i + 1, 2*i + 2} {
			if k < len(c.open) && bytes.Compare(c.open[k].key, c.open[least].key) < 0 {
				least = k
			}
		}
		if least == i {
			return
		}
		c.open[i], c.open[least] = c.open[least], c.open[i]
		i = least
	}
}

func (c *blockCursor) key() []byte { return c.buf }
func (c *blockCursor) val() []byte { return c.open[0].val }
func (c *blockCursor) err() error  { return nil }
