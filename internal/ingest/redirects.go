package ingest

import (
	"bytes"
	"os"
	"sort"
)

// redirects says which targets belong to an entity of another project: a sorted table of
// id pairs. Up to memory/4 bytes it is in memory; a larger one is a temporary file, of
// whose blocks the first ids are in memory, so that a look-up reads one block at most.
type redirects struct {
	dir    string
	memory int
	sorter *sorter
	table  []byte
	n      int

	file    *os.File
	index   []byte // the first id of each block
	block   []byte // the block read last
	blockNo int
}

const (
	idLen    = 28 // of an entity id
	pairLen  = 2 * idLen
	blockLen = 64 * pairLen
)

func newRedirects(dir string, memory int) *redirects {
	return &redirects{dir: dir, memory: max(blockLen, memory/4), sorter: newSorter(dir, memory/4), blockNo: -1}
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
		if len(r.table) < r.memory {
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
	for i := 0; i < len(r.table); i += pairLen {
		if (*size+int64(i))%blockLen == 0 {
			r.index = append(r.index, r.table[i:i+idLen]...)
		}
	}
	_, err := r.file.WriteAt(r.table, *size)
	*size += int64(len(r.table))
	r.table = r.table[:0]
	return err
}

// get returns where id is redirected to; nil when it stays. The result lives until the
// next call.
func (r *redirects) get(id []byte) ([]byte, error) {
	if r.n == 0 {
		return nil, nil
	}
	if r.file == nil {
		return search(r.table, id), nil
	}
	// The last block that starts at or before id.
	no := sort.Search(len(r.index)/idLen, func(i int) bool { return bytes.Compare(r.index[i*idLen:(i+1)*idLen], id) > 0 }) - 1
	if no < 0 {
		return nil, nil
	}
	if no != r.blockNo {
		size := min(blockLen, r.n*pairLen-no*blockLen)
		r.block = append(r.block[:0], make([]byte, size)...)
		if _, err := r.file.ReadAt(r.block, int64(no)*blockLen); err != nil {
			return nil, err
		}
		r.blockNo = no
	}
	return search(r.block, id), nil
}

// search finds the second id of the pair whose first is id.
func search(table, id []byte) []byte {
	n := len(table) / pairLen
	i := sort.Search(n, func(i int) bool { return bytes.Compare(table[i*pairLen:i*pairLen+idLen], id) >= 0 })
	if i < n && bytes.Equal(table[i*pairLen:i*pairLen+idLen], id) {
		return table[i*pairLen+idLen : (i+1)*pairLen]
	}
	return nil
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
