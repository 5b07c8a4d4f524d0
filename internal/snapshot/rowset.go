package snapshot

import (
	"math/bits"
	"slices"
)

// rowSet is a set of rows that is cheap to fill with few rows, to read upwards and to
// empty again, however large the graph: a bitmap and one above it that says which of
// its words are not zero.
type rowSet struct {
	words, above Bits
	n            int // rows in the set
}

func newRowSet(n int) rowSet {
	words := NewBits(n)
	return rowSet{words: words, above: NewBits(len(words))}
}

// add puts a row into the set.
func (s *rowSet) add(row uint32) {
	w, bit := row>>6, uint64(1)<<(row&63)
	if s.words[w]&bit == 0 {
		s.words[w] |= bit
		s.above[w>>6] |= 1 << (w & 63)
		s.n++
	}
}

// take appends up to limit rows that are not below from to dst, ascending, and says how
// many rows of the set are below from.
func (s *rowSet) take(dst []uint32, from uint32, limit int) (rows []uint32, below int) {
	for i, a := range s.above {
		for ; a != 0; a &= a - 1 {
			w := uint32(i<<6 + bits.TrailingZeros64(a)) //nolint:gosec // below the number of words
			word := s.words[w]
			if w <= from>>6 {
				rest := word
				if w == from>>6 {
					rest &^= 1<<(from&63) - 1
				} else {
					rest = 0
				}
				below += bits.OnesCount64(word) - bits.OnesCount64(rest)
				word = rest
			}
			for ; word != 0; word &= word - 1 {
				if limit == 0 {
					return dst, below
				}
				limit--
				dst = append(dst, w<<6+uint32(bits.TrailingZeros64(word))) //nolint:gosec // below 64
			}
		}
	}
	return dst, below
}

// clear empties the set.
func (s *rowSet) clear() {
	for i, a := range s.above {
		for ; a != 0; a &= a - 1 {
			s.words[i<<6+bits.TrailingZeros64(a)] = 0
		}
		s.above[i] = 0
	}
	s.n = 0
}

// addAll puts rows into the set.
func (s *rowSet) addAll(rows []uint32) {
	words, above, n := s.words, s.above, 0
	// Rows mostly come sorted: what they add to one word above is gathered first.
	at, more := uint32(0), uint64(0)
	for _, row := range rows {
		w := row >> 6
		word := words[w]
		n += int(^word >> (row & 63) & 1) //nolint:gosec // one bit
		words[w] = word | 1<<(row&63)
		if w>>6 != at {
			above[at] |= more
			at, more = w>>6, 0
		}
		more |= 1 << (w & 63)
	}
	if more != 0 {
		above[at] |= more
	}
	s.n += n
}

// drain appends all rows of the set to dst, ascending, and empties it.
func (s *rowSet) drain(dst []uint32) []uint32 {
	dst = slices.Grow(dst, s.n)
	out := dst[len(dst) : len(dst)+s.n]
	at := 0
	for i, a := range s.above {
		if a == 0 {
			continue
		}
		s.above[i] = 0
		for ; a != 0; a &= a - 1 {
			w := i<<6 + bits.TrailingZeros64(a)
			word := s.words[w]
			s.words[w] = 0
			for base := uint32(w) << 6; word != 0; word &= word - 1 { //nolint:gosec // below the number of words
				out[at] = base + uint32(bits.TrailingZeros64(word)) //nolint:gosec // below 64
				at++
			}
		}
	}
	s.n = 0
	return dst[:len(dst)+at]
}
