package snapshot

import (
	"sync/atomic"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// shown is a row in the form in which readers hand it out. It never changes, so that all
// answers can share it.
type shown struct {
	entity *access.Entity
	cursor string // of an edge that leads here
	byName string // its cursor in a list in the default order
}

// maxShown bounds the cache of shown rows: what reads all of a large graph does not keep
// a second copy of it.
const maxShown = 1 << 16

// showCache holds the rows that were shown before.
type showCache struct {
	rows []atomic.Pointer[shown]
	used atomic.Int64
}

func (s *Snapshot) show(row uint32) *shown {
	if have := s.cache.rows[row].Load(); have != nil {
		return have
	}
	made := &shown{
		entity: s.Entity(row),
		cursor: query.EncodeAccessCursor(query.AccessPosition{NameKey: s.nameKey(row), ID: s.ids[row]}),
		byName: query.EncodeEntityCursor(query.DefaultOrder, s.position(row, query.DefaultOrder)),
	}
	if s.cache.used.Load() < maxShown && s.cache.rows[row].CompareAndSwap(nil, made) {
		s.cache.used.Add(1)
	}
	return made
}
