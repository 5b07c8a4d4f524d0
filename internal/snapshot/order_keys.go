package snapshot

import (
	"slices"
	"sync"

	"github.com/accessgraph/accessgraph/internal/query"
)

// orderKeys are numbers that compare as the values of an order field do, equal for equal
// values, none for missing ones: by row, made when a list is first ordered by the field.
type orderKeys struct {
	lock sync.Mutex
	of   map[query.OrderField][]uint32
}

func (k *orderKeys) bytes() (n int64) {
	k.lock.Lock()
	defer k.lock.Unlock()
	for _, keys := range k.of {
		n += 4 * int64(len(keys))
	}
	return n
}

// keys returns those of a field. O(rows), for times O(rows × log rows), once.
func (s *Snapshot) keys(f query.OrderField) []uint32 {
	k := &s.orderKeys
	k.lock.Lock()
	defer k.lock.Unlock()
	if keys, ok := k.of[f]; ok {
		return keys
	}
	if k.of == nil {
		k.of = map[query.OrderField][]uint32{}
	}
	k.of[f] = s.makeKeys(f)
	return k.of[f]
}

func (s *Snapshot) makeKeys(f query.OrderField) []uint32 {
	keys := make([]uint32, s.n)
	switch f {
	case query.ByName, query.BySourceType:
		c := s.text[textName]
		if f == query.BySourceType {
			c = s.text[textSourceType]
		}
		// Values of one fold are equal.
		group := groupsOf(c, true)
		for row := range keys {
			if keys[row] = none; c.codes.at(uint32(row)) != none { //nolint:gosec // an index
				keys[row] = group[c.codes.at(uint32(row))] //nolint:gosec // an index
			}
		}
	case query.ByType, query.ByStatus:
		e := s.enums[enumType]
		if f == query.ByStatus {
			e = s.enums[enumStatus]
		}
		for row, code := range e.codes {
			keys[row] = uint32(code)
		}
	case query.ByLastLogin:
		t := &s.time[timeLastLogin]
		if t.coded {
			return t.codes.list()
		}
		t.rank(keys)
	}
	return keys
}

// rank gives equal instants equal numbers that ascend with them, none where it is missing.
func (t *times) rank(keys []uint32) {
	order := make([]uint32, 0, t.n)
	for i := range keys {
		if keys[i] = none; !t.missing(uint32(i)) { //nolint:gosec // an index
			order = append(order, uint32(i)) //nolint:gosec // an index
		}
	}
	slices.SortFunc(order, t.compare)
	rank := uint32(0)
	for i, element := range order {
		if i > 0 && t.compare(order[i-1], element) != 0 {
			rank++
		}
		keys[element] = rank
	}
}
