package ingest

import (
	"bytes"
	"os"
	"sort"
)

// redirects says which targets belong to an entity of another project: a sorted table of
// id pairs. Up to redirectMemory bytes it is in memory, a larger one is searched in a
// temporary file.
type redirects struct {
	dir    string
	sorter *sorter
	table  []byte
	file   *os.File
	n      int
}

const (
	idLen          = 28 // of an entity id
	redirectMemory = 4 << 20
)

func newRedirects(dir string, memory int) *redirects {
	return &redirects{dir: dir, sorter: newSorter(dir, memory)}
}

func (r *redirects) add(from, to string) error {
	return r.sorter.add([]byte(from), []byte(to))
}

// finish makes the table.
func (r *redirects) finish() error {
	if err := r.sorter.finish(); err != nil {
		return err
	}
	var size int64
	c := r.sorter.records()
	for c.next() {
		r.n++
		r.table = append(append(r.table, c.key()...), c.val()...)
		if len(r.table) < redirectMemory {
			continue
		}
		if err := r.flush(&size); err != nil {
			return err
		}
	}
	if err := c.err(); err != nil {
		return err
	}
	r.sorter.close()
	if r.file != nil {
		return r.flush(&size)
	}
	return nil
}

func (r *redirects) flush(size *int64) error {
	if r.file == nil {
		f, err := tempFile(r.dir)
		if err != nil {
			return err
		}
		r.file = f
	}
	_, err := r.file.WriteAt(r.table, *size)
	*size += int64(len(r.table))
	r.table = r.table[:0]
	return err
}

// get returns where id is redirected to; nil when it stays.
func (r *redirects) get(id []byte) ([]byte, error) {
	if r.n == 0 {
		return nil, nil
	}
	var fail error
	var pair [2 * idLen]byte
	at := func(i int) []byte {
		if r.file == nil {
			return r.table[i*2*idLen : (i+1)*2*idLen]
		}
		if _, err := r.file.ReadAt(pair[:], int64(i)*2*idLen); err != nil && fail == nil {
			fail = err
		}
		return pair[:]
	}
	i := sort.Search(r.n, func(i int) bool { return bytes.Compare(at(i)[:idLen], id) >= 0 })
	if fail != nil || i == r.n {
		return nil, fail
	}
	if p := at(i); bytes.Equal(p[:idLen], id) {
		return bytes.Clone(p[idLen:]), fail
	}
	return nil, fail
}

func (r *redirects) close() {
	r.sorter.close()
	r.table = nil
	if r.file != nil {
		closeTemp(r.file)
		r.file = nil
	}
}

// apply returns the records of s with the id at position at of their keys redirected,
// sorted anew. Records are redirected only when their key passes the test. The second
// sorter, to be closed by the caller, holds the redirected ones.
func (r *redirects) apply(s *sorter, at int, test func(key []byte) bool, memory int) (cursor, *sorter, error) {
	moved := newSorter(r.dir, memory)
	if r.n == 0 {
		return s.records(), moved, nil
	}
	c := s.records()
	var key []byte
	for c.next() {
		if !test(c.key()) {
			continue
		}
		to, err := r.get(c.key()[at : at+idLen])
		if err != nil {
			return nil, moved, err
		}
		if to == nil {
			continue
		}
		key = append(key[:0], c.key()...)
		copy(key[at:], to)
		if err := moved.add(key, c.val()); err != nil {
			return nil, moved, err
		}
	}
	if err := c.err(); err != nil {
		return nil, moved, err
	}
	if err := moved.finish(); err != nil {
		return nil, moved, err
	}
	stay := &staying{cursor: s.records(), r: r, at: at, test: test}
	return mergeCursors([]cursor{stay, moved.records()}), moved, nil
}

// staying is a cursor without the records that are redirected.
type staying struct {
	cursor
	r    *redirects
	at   int
	test func(key []byte) bool
	fail error
}

func (s *staying) next() bool {
	for s.cursor.next() {
		if !s.test(s.key()) {
			return true
		}
		to, err := s.r.get(s.key()[s.at : s.at+idLen])
		if err != nil {
			s.fail = err
			return false
		}
		if to == nil {
			return true
		}
	}
	return false
}

func (s *staying) err() error {
	if s.fail != nil {
		return s.fail
	}
	return s.cursor.err()
}
