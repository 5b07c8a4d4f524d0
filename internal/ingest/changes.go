package ingest

import (
	"fmt"
	"iter"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// changes is the difference that an import commits, in files: the graph changes in the
// order that a commit wants.
type changes struct {
	head     []store.Change // application and integration
	entities *spool         // puts
	grants   *spool         // puts and removals
	removals *spool         // of entities, after the grants that go with them
	mappings *spool         // puts and removals
	buf      []byte
	grantBuf []byte // grants are compared beside entities
}

func newChanges(dir string) *changes {
	return &changes{entities: newSpool(dir), grants: newSpool(dir), removals: newSpool(dir), mappings: newSpool(dir)}
}

// reset forgets the changes.
func (c *changes) reset() {
	dir := c.entities.dir
	c.close()
	*c = *newChanges(dir)
}

func (c *changes) parts() [4]*spool {
	return [4]*spool{c.entities, c.grants, c.removals, c.mappings}
}

func (c *changes) close() {
	for _, s := range c.parts() {
		s.close()
	}
}

// The kinds of changes in the spools.
const (
	putEntity byte = iota
	removeEntity
	putGrant
	removeGrant
	putMapping
	removeMapping
)

func (c *changes) putEntity(e *access.Entity) error {
	c.buf = appendEntity(append(c.buf[:0], putEntity), e)
	return c.entities.add(c.buf)
}

func (c *changes) removeEntity(id string) error {
	c.buf = appendText(append(c.buf[:0], removeEntity), id)
	return c.removals.add(c.buf)
}

func (c *changes) putGrant(g *access.Grant) error {
	c.grantBuf = appendGrant(append(c.grantBuf[:0], putGrant), g)
	return c.grants.add(c.grantBuf)
}

func (c *changes) removeGrant(g *access.Grant) error {
	c.grantBuf = appendGrant(append(c.grantBuf[:0], removeGrant), g)
	return c.grants.add(c.grantBuf)
}

func (c *changes) putMapping(m *access.Mapping) error {
	c.buf = appendMapping(append(c.buf[:0], putMapping), m)
	return c.mappings.add(c.buf)
}

func (c *changes) removeMapping(entityID string) error {
	c.buf = appendText(append(c.buf[:0], removeMapping), entityID)
	return c.mappings.add(c.buf)
}

func (c *changes) count() int64 {
	n := int64(len(c.head))
	for _, s := range c.parts() {
		n += s.n
	}
	return n
}

// all yields the changes; it can be called any number of times.
func (c *changes) all() iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		for _, ch := range c.head {
			if !yield(ch, nil) {
				return
			}
		}
		for _, s := range c.parts() {
			in := s.records()
			for in.next() {
				ch, err := decodeChange(in.val())
				if !yield(ch, err) || err != nil {
					return
				}
			}
			if err := in.err(); err != nil {
				yield(store.Change{}, err)
				return
			}
		}
	}
}

func decodeChange(rec []byte) (store.Change, error) {
	d := decoder{b: rec}
	var ch store.Change
	switch kind := d.byte(); kind {
	case putEntity:
		ch.PutEntity = d.entity()
	case removeEntity:
		ch.RemoveEntity = d.text()
	case putGrant:
		ch.PutGrant = d.grant()
	case removeGrant:
		k := d.grant().Key()
		ch.RemoveGrant = &k
	case putMapping:
		ch.PutMapping = d.mapping()
	case removeMapping:
		ch.RemoveMapping = d.text()
	default:
		return ch, fmt.Errorf("%w: kind %d", errDecode, kind)
	}
	return ch, d.err
}
