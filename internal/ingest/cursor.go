package ingest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// cursor walks sorted records. Key and value live until the next call of next.
type cursor interface {
	next() bool
	key() []byte
	val() []byte
	err() error
}

type arenaCursor struct {
	a *arena
	i int
}

func (c *arenaCursor) next() bool  { c.i++; return c.i <= len(c.a.index) }
func (c *arenaCursor) key() []byte { return c.a.keyOf(c.a.index[c.i-1]) }
func (c *arenaCursor) val() []byte { return c.a.valOf(c.a.index[c.i-1]) }
func (c *arenaCursor) err() error  { return nil }

type runCursor struct {
	in   *bufio.Reader
	buf  []byte
	k    int
	fail error
}

func (c *runCursor) next() bool {
	k, err := binary.ReadUvarint(c.in)
	if errors.Is(err, io.EOF) {
		return false
	}
	var v uint64
	if err == nil {
		v, err = binary.ReadUvarint(c.in)
	}
	if err == nil {
		if n := int(k + v); cap(c.buf) < n { //nolint:gosec // lengths come from our own file
			c.buf = make([]byte, n, 2*n)
		}
		c.k = int(k)             //nolint:gosec // lengths come from our own file
		c.buf = c.buf[:int(k+v)] //nolint:gosec // lengths come from our own file
		_, err = io.ReadFull(c.in, c.buf)
	}
	c.fail = err
	return err == nil
}

func (c *runCursor) key() []byte { return c.buf[:c.k] }
func (c *runCursor) val() []byte { return c.buf[c.k:] }
func (c *runCursor) err() error  { return c.fail }

// merged is the sorted union of cursors: a binary heap by key, then by position.
type merged struct {
	heap    []head
	pending bool // the top has been delivered and must advance
	fail    error
	all     []cursor
}

type head struct {
	c   cursor
	pos int
}

func mergeCursors(cursors []cursor) cursor {
	if len(cursors) == 1 {
		return cursors[0]
	}
	m := &merged{all: cursors}
	for i, c := range cursors {
		if c.next() {
			m.heap = append(m.heap, head{c, i})
		} else if c.err() != nil {
			m.fail = c.err()
		}
	}
	for i := len(m.heap)/2 - 1; i >= 0; i-- {
		m.down(i)
	}
	return m
}

func (m *merged) less(i, j int) bool {
	if c := bytes.Compare(m.heap[i].c.key(), m.heap[j].c.key()); c != 0 {
		return c < 0
	}
	return m.heap[i].pos < m.heap[j].pos
}

func (m *merged) down(i int) {
	for {
		l, r := 2*i+1, 2*i+2
		least := i
		if l < len(m.heap) && m.less(l, least) {
			least = l
		}
		if r < len(m.heap) && m.less(r, least) {
			least = r
		}
		if least == i {
			return
		}
		m.heap[i], m.heap[least] = m.heap[least], m.heap[i]
		i = least
	}
}

func (m *merged) next() bool {
	if m.fail != nil {
		return false
	}
	if m.pending {
		top := m.heap[0].c
		if !top.next() {
			if m.fail = top.err(); m.fail != nil {
				return false
			}
			last := len(m.heap) - 1
			m.heap[0] = m.heap[last]
			m.heap = m.heap[:last]
		}
		m.down(0)
	}
	m.pending = len(m.heap) > 0
	return m.pending
}

func (m *merged) key() []byte { return m.heap[0].c.key() }
func (m *merged) val() []byte { return m.heap[0].c.val() }
func (m *merged) err() error  { return m.fail }

// peeking is a cursor that can be asked for its record without taking it.
type peeking struct {
	cursor
	has bool
}

// peek opens a cursor at its first record.
func peek(c cursor) *peeking {
	p := &peeking{cursor: c}
	p.advance()
	return p
}

func (p *peeking) advance() { p.has = p.cursor.next() }
