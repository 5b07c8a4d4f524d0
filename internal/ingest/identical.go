package ingest

import "hash/maphash"

// identicalRows tells which rows of one grant say the same as an earlier one. Most grants
// have one row, so nothing is allocated before the second.
type identicalRows struct {
	first rowGrant
	row   int64
	said  map[rowMark]int64 // the first row that said it
}

// rowMark stands for all cells of a row of a known grant. Two rows with one mark differ
// with a probability below 2⁻⁶⁰ in their grants and 2⁻³² in the rest.
type rowMark struct {
	rest  uint32
	grant uint64
}

// identicalLimit bounds what is remembered of a grant's rows, 1 MB.
const identicalLimit = 10_000

var markSeed = maphash.MakeSeed()

func markOf(g *rowGrant) rowMark {
	var h maphash.Hash
	h.SetSeed(markSeed)
	for _, s := range [...]string{g.value, g.lastUsed, g.metadata} {
		_, _ = h.WriteString(s) // never fails
		_ = h.WriteByte(0)      // no cell holds it
	}
	return rowMark{g.rest, h.Sum64()}
}

// add returns the earliest row that said the same in every cell, 0 if there is none.
func (s *identicalRows) add(g *rowGrant, row int64) int64 {
	if s.said == nil {
		s.said = map[rowMark]int64{markOf(&s.first): s.row}
	}
	mark := markOf(g)
	earlier := s.said[mark]
	if earlier == 0 && len(s.said) < identicalLimit {
		s.said[mark] = row
	}
	return earlier
}
