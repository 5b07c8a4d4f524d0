package ingest

import (
	"bytes"
	"encoding/binary"
)

// collector takes what the rows say, in their order.
type collector struct {
	report *Report
	out    *mentions

	seen   map[string]*seenKey // a bounded cache, see forget
	bytes  int                 // held by seen
	epoch  int                 // how often it was emptied
	mark   int                 // advances when a key is told of as it was not before, or forgotten
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
	tellings       int        // how often mentioned has changed
	group          *seenGroup // nil while the file has one project
}

// seenGroup is the keys of one type and source id, in whatever project; last is the one
// mentioned last.
type seenGroup struct{ last *seenKey }

// The cache takes this part of the memory; when it is full it is emptied.
const seenPart = 6

// take collects a batch. Issues go to the report in the order of the rows.
func (c *collector) take(b *readBatch) error {
	if c.seen == nil {
		c.seen, c.groups = map[string]*seenKey{}, map[string]*seenGroup{}
	}
	for i := range b.found {
		b.found[i].tell(c.report)
	}
	said, from := b.said, 0
	for i := range b.blocks {
		block := &b.blocks[i]
		rows, grants := said[:block.rows], b.grants[from:block.grantsUpTo]
		said, from = said[block.rows:], block.grantsUpTo
		if block.own == nil {
			continue
		}
		if err := c.own(block.own, rows[0].row); err != nil {
			return err
		}
		if len(grants) > 0 {
			if err := c.out.grants.add([]byte(block.own.id), grants); err != nil {
				return err
			}
		}
		for k := range rows {
			if t := rows[k].target; t != nil {
				if err := c.target(t, rows[k].row); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// own takes what rows say of their own entity.
func (c *collector) own(own *saidOwn, row int64) error {
	k := c.know(own.key, own.id)
	if k.described && bytes.Equal(k.own, own.rec) {
		return nil
	}
	if err := c.out.entity(k, own.key, roleOwn, row, own.rec); err != nil {
		return err
	}
	c.bytes += len(own.rec) - len(k.own)
	k.own, k.described = own.rec, true
	return nil
}

// target takes a mention of a target.
func (c *collector) target(t *saidTarget, row int64) error {
	if t.mark == c.mark && c.projects == 1 {
		return nil
	}
	if err := c.tell(t, row); err != nil {
		return err
	}
	t.mark = c.mark
	return nil
}

// tell tells of a target unless nothing else was said of it since it was told.
func (c *collector) tell(t *saidTarget, row int64) error {
	if t.epoch != c.epoch || t.seen == nil {
		t.seen = c.know(t.key, t.id)
		t.epoch = c.epoch // know may have begun another
		t.told = 0
	}
	k := t.seen
	if k.targeted && (k.group == nil || k.group.last == k) {
		if t.told == k.tellings {
			return nil
		}
		if bytes.Equal(k.mentioned, t.mention) {
			t.told = k.tellings
			return nil
		}
	}
	if err := c.out.entity(k, t.key, roleTarget, row, t.mention); err != nil {
		return err
	}
	c.bytes += len(t.mention) - len(k.mentioned)
	if !bytes.Equal(k.mentioned, t.mention) {
		k.mentioned = t.mention
		if k.tellings++; k.tellings > 1 {
			c.mark++
		}
	}
	t.told, k.targeted = k.tellings, true
	if k.group != nil {
		k.group.last = k
	}
	return nil
}

// know returns what is known of a key.
func (c *collector) know(k rowKey, id string) *seenKey {
	if c.projects == 0 || (c.projects == 1 && string(k.project) != c.project) {
		c.project = string(k.project)
		c.projects++
		c.out.kinds.of(c.project, c.projects)
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
	s := &seenKey{id: id}
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
	c.epoch++
	c.mark++
}
