package snapshot

import (
	"math/bits"
	"sync/atomic"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// shown is a row in the form in which readers hand it out. It never changes, so that all
// answers can share it.
type shown struct {
	row    uint32
	entity *access.Entity
	cursor string // of an edge that leads here
	byName string // its cursor in a list in the default order
}

// maxShown bounds the cache of shown rows: what reads all of a large graph does not keep
// a second copy of it.
const maxShown = 1 << 16

// showCache holds rows that were shown lately, each at the place that its number says.
type showCache struct {
	places []atomic.Pointer[shown] // a power of two
}

func newShowCache(rows int) showCache {
	n := 1
	if rows > 1 {
		n = min(maxShown, 1<<bits.Len(uint(rows-1)))
	}
	return showCache{places: make([]atomic.Pointer[shown], n)}
}

func (s *Snapshot) show(row uint32) *shown {
	place := &s.cache.places[int(row)&(len(s.cache.places)-1)]
	if have := place.Load(); have != nil && have.row == row {
		return have
	}
	made := &shown{
		row:    row,
		entity: s.Entity(row),
		cursor: query.EncodeAccessCursor(query.AccessPosition{NameKey: s.nameKey(row), ID: s.ids[row]}),
		byName: query.EncodeEntityCursor(query.DefaultOrder, s.position(row, query.DefaultOrder)),
	}
	place.Store(made)
	return made
}
