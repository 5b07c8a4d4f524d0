package ingest

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/accessgraph/accessgraph/internal/access"
)

// collector takes what the rows say, in their order.
type collector struct {
	report      *Report
	integration string // key
	out         *mentions

	ownID  string              // of the entity of the row before
	seen   map[string]*seenKey // a bounded cache, see forget
	bytes  int                 // held by seen
	memory int

	// Targets of several projects may turn out to be one entity, whose last mention counts:
	// a repetition may be dropped only when nothing else was said of the type and source
	// id in between. That is followed once a second project occurs.
	project  string
	projects int
	groups   map[string]*seenGroup
}

// seenKey remembers what was last said of a key, so that repetitions cost nothing.
type seenKey struct {
	id             string
	own, mentioned []byte // the last record of each role
	described      bool   // has the key been told as described, as a target
	targeted       bool
	group          *seenGroup // nil while the file has one project
}

// seenGroup is the keys of one type and source id, in whatever project; last is the one
// mentioned last.
type seenGroup struct{ last *seenKey }

// The cache takes this part of the memory; when it is full it is emptied.
const seenPart = 10

// take collects a batch. Issues go to the report in the order of the rows.
func (c *collector) take(b *readBatch) error {
	if c.seen == nil {
		c.seen, c.groups = map[string]*seenKey{}, map[string]*seenGroup{}
	}
	told := 0
	tell := func(upTo int) {
		for ; told < upTo; told++ {
			b.found[told].tell(c.report)
		}
	}
	for i := range b.said {
		s := &b.said[i]
		tell(s.issues)
		if err := c.row(s); err != nil {
			return err
		}
	}
	tell(len(b.found))
	return nil
}

func (c *collector) row(s *saidRow) error {
	if s.tells {
		if err := c.own(s); err != nil {
			return err
		}
	}
	switch {
	case !s.usable:
		return nil
	case s.blank:
		return c.out.grant(c.ownID, noTarget, nil, s.row, s.rest)
	}
	// The own entity first: know may empty the cache.
	source, k := c.ownID, s.target
	t := c.know(k)
	if !t.targeted || !bytes.Equal(t.mentioned, s.mention) || (t.group != nil && t.group.last != t) {
		if err := c.out.entity(t, k, roleTarget, s.row, s.mention); err != nil {
			return err
		}
		c.bytes += len(s.mention) - len(t.mentioned)
		t.mentioned, t.targeted = append(t.mentioned[:0], s.mention...), true
		if t.group != nil {
			t.group.last = t
		}
	}
	if source == t.id {
		c.report.Warn(Issue{Row: s.row, Column: EntitlementColumns[colTargetSourceID].Name, Code: CodeSelf,
			Message: fmt.Sprintf("%q has access to itself", clip(string(k.sourceID)))})
	}
	return c.out.grant(source, t.id, s.permission, s.row, s.rest)
}

// own takes what a row says of its own entity.
func (c *collector) own(s *saidRow) error {
	k := c.know(s.own.key)
	c.ownID = k.id
	if k.described && bytes.Equal(k.own, s.own.rec) {
		return nil
	}
	if err := c.out.entity(k, s.own.key, roleOwn, s.row, s.own.rec); err != nil {
		return err
	}
	c.bytes += len(s.own.rec) - len(k.own)
	k.own, k.described = s.own.rec, true
	return nil
}

// know returns what is known of a key, deriving its id once.
func (c *collector) know(k rowKey) *seenKey {
	if c.projects == 0 || (c.projects == 1 && string(k.project) != c.project) {
		c.project = string(k.project)
		c.projects++
		c.forget()
	}
	var scratch [256]byte
	name := append(scratch[:0], k.typ)
	name = binary.AppendUvarint(name, uint64(len(k.project)))
	name = append(append(name, k.project...), k.sourceID...)
	if s := c.seen[string(name)]; s != nil {
		return s
	}
	if c.bytes > c.memory/seenPart {
		c.forget()
	}
	full := access.EntityKey{Integration: c.integration, Project: string(k.project), Type: typeOf(k.typ), SourceID: string(k.sourceID)}
	s := &seenKey{id: full.ID()}
	c.seen[string(name)] = s
	c.bytes += len(name) + 200 // with the overhead of the map
	if c.projects > 1 {
		group := append(append(scratch[:0], k.typ), k.sourceID...)
		if s.group = c.groups[string(group)]; s.group == nil {
			s.group = &seenGroup{}
			c.groups[string(group)] = s.group
			c.bytes += len(group) + 64
		}
	}
	return s
}

// forget empties the cache; what is said again afterwards is recorded again.
func (c *collector) forget() {
	clear(c.seen)
	clear(c.groups)
	c.bytes = 0
}
