package ingest

import (
	"encoding/binary"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
)

// role says whether a row describes an entity or only mentions it as a target.
type role byte

const (
	roleOwn    role = 0
	roleTarget role = 1
)

// rowGrant is what a row says of its grant; lastUsed and metadata are in the form of values.
type rowGrant struct {
	project                string // of the source
	sourceType, targetType access.EntityType
	value                  string
	lastUsed, metadata     string
	rest                   uint32 // hash of the row's other cells, to tell identical rows
}

// noTarget stands for the target of a row that only declares an entity. It sorts before
// every id and is none.
var noTarget = strings.Repeat("\x00", idLen)

// mentions collects what rows say, sorted two ways.
//
//	entities: entity id · role · row                       → key, values
//	grants:   source · target · permission · row           → the rest of the grant; with
//	          noTarget a row without a grant, to find its repetitions. They are added in blocks
//
// Targets stand under the id that they have in the project of their row; where they
// belong to another project's entity, resolution redirects them.
type mentions struct {
	entities, grants *sorter
	k, v             []byte
	kinds            kinds
}

func newMentions(dir string, memory int) *mentions {
	// Each sorter holds up to two arenas.
	m := &mentions{
		entities: newSorter(dir, memory/8),
		grants:   newSorter(dir, memory/5),
		kinds:    kinds{limit: memory / 32 / 8},
	}
	m.entities.arena.skip, m.grants.arena.skip = idPrefix, idPrefix
	m.grants.expand = func(a *arena) cursor { return &blockCursor{a: a} }
	return m
}

// sections of the records of one source id.
const (
	sectionCandidates = 0 // everything that is said, to count candidates and see other types
	sectionTargets    = 1 // targets, preceded by the candidate of the same key
)

// rowKey is the key of an entity as a row gives it; typ is the first letter of the type.
type rowKey struct {
	typ               byte
	project, sourceID []byte
}

// entity takes the mention of an entity in a row.
func (m *mentions) entity(s *seenKey, k rowKey, r role, row int64, rec []byte) error {
	if !s.described && !s.targeted {
		m.kinds.add(k)
	}
	m.k = append(append(m.k[:0], s.id...), byte(r))
	m.k = binary.BigEndian.AppendUint64(m.k, uint64(row)) //nolint:gosec // rows count upwards
	m.v = append(m.v[:0], k.typ)
	m.v = appendBytes(m.v, k.project)
	m.v = appendBytes(m.v, k.sourceID)
	m.v = append(m.v, rec...)
	return m.entities.add(m.k, m.v)
}

// addKey tells a keys sorter of a key; row 0 is a key that the store holds.
func addKey[T string | []byte](to *sorter, buf *[]byte, typ byte, project, sourceID T, r role, row int64) error {
	var v [8]byte
	binary.BigEndian.PutUint64(v[:], uint64(row)) //nolint:gosec // rows count upwards
	for _, section := range [...]byte{sectionCandidates, sectionTargets} {
		b := append(append((*buf)[:0], sourceID...), 0, section)
		b = append(append(b, project...), 0, typ, byte(r))
		*buf = b
		if err := to.add(b, v[:]); err != nil {
			return err
		}
	}
	return nil
}

// finish sorts what is still unsorted, both at once.
func (m *mentions) finish() error {
	done := make(chan error, 1)
	go func() { done <- m.entities.finish() }()
	m.kinds.finish()
	err := m.grants.finish()
	if other := <-done; other != nil {
		err = other
	}
	return err
}

func (m *mentions) close() {
	m.entities.close()
	m.grants.close()
}

// typeOf undoes the first letter of an entity type.
func typeOf(c byte) access.EntityType {
	switch c {
	case 'I':
		return access.Identity
	case 'C':
		return access.Connection
	}
	return access.Resource
}
