package snapshot

import "math/bits"

// Bits is a set of rows of fixed size. Bits beyond the size are always zero.
type Bits []uint64

// NewBits returns the empty set over n rows.
func NewBits(n int) Bits { return make(Bits, (n+63)/64) }

// Set adds a row.
func (b Bits) Set(row uint32) { b[row>>6] |= 1 << (row & 63) }

// Clear takes a row out.
func (b Bits) Clear(row uint32) { b[row>>6] &^= 1 << (row & 63) }

// Has reports whether the row is in the set.
func (b Bits) Has(row uint32) bool { return b[row>>6]&(1<<(row&63)) != 0 }

// Count is the number of rows in the set.
func (b Bits) Count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// CountBelow is the number of rows in the set that are less than row.
func (b Bits) CountBelow(row uint32) int {
	n := b[:row>>6].Count()
	if row&63 != 0 {
		n += bits.OnesCount64(b[row>>6] & (1<<(row&63) - 1))
	}
	return n
}

// Clone returns a copy.
func (b Bits) Clone() Bits { return append(Bits(nil), b...) }

// And keeps what is in o as well.
func (b Bits) And(o Bits) {
	for i, w := range o {
		b[i] &= w
	}
}

// Or adds what is in o.
func (b Bits) Or(o Bits) {
	for i, w := range o {
		b[i] |= w
	}
}

// AndNot takes out what is in o.
func (b Bits) AndNot(o Bits) {
	for i, w := range o {
		b[i] &^= w
	}
}

// Flip turns the set into its complement over n rows.
func (b Bits) Flip(n int) {
	for i := range b {
		b[i] = ^b[i]
	}
	if n&63 != 0 {
		b[len(b)-1] &= 1<<(n&63) - 1
	}
}

// Empty reports whether no row is in the set.
func (b Bits) Empty() bool {
	for _, w := range b {
		if w != 0 {
			return false
		}
	}
	return true
}

// Next returns the first row of the set at or after row; false when there is none.
func (b Bits) Next(row uint32) (uint32, bool) {
	i := int(row >> 6)
	if i >= len(b) {
		return 0, false
	}
	w := b[i] &^ (1<<(row&63) - 1)
	for w == 0 {
		if i++; i == len(b) {
			return 0, false
		}
		w = b[i]
	}
	return uint32(i<<6 + bits.TrailingZeros64(w)), true //nolint:gosec // below the number of rows
}

// top returns the highest row of a word that is not zero.
func (b Bits) top(word int) uint32 {
	return uint32(word<<6 + 63 - bits.LeadingZeros64(b[word])) //nolint:gosec // below the number of rows
}

// Rows yields the rows of the set, ascending.
func (b Bits) Rows(yield func(uint32) bool) {
	for i, w := range b {
		for ; w != 0; w &= w - 1 {
			if !yield(uint32(i<<6 + bits.TrailingZeros64(w))) { //nolint:gosec // below the number of rows
				return
			}
		}
	}
}

// List returns the rows of the set, ascending.
func (b Bits) List() []uint32 {
	out := make([]uint32, 0, b.Count())
	for row := range b.Rows {
		out = append(out, row)
	}
	return out
}

// slice returns the rows at places from … to-1 of the set.
func (b Bits) slice(from, to int) []uint32 {
	if from >= to {
		return nil
	}
	out := make([]uint32, 0, to-from)
	for i, w := range b {
		n := bits.OnesCount64(w)
		if from >= n {
			from, to = from-n, to-n
			continue
		}
		for ; w != 0 && to > 0; w &= w - 1 {
			if from > 0 {
				from--
			} else {
				out = append(out, uint32(i<<6+bits.TrailingZeros64(w))) //nolint:gosec // below the number of rows
			}
			to--
		}
		if to == 0 {
			break
		}
	}
	return out
}
