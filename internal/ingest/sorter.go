package ingest

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"io"
	"os"
	"slices"
)

// sorter is an external merge sort of (key, value) records by key, in byte order; records
// of equal keys come in no particular order. It holds at most two arenas of limit bytes
// (one filling, one being written) plus 16 bytes a record; the rest is in one temporary
// file, which is gone when the sorter is closed. Sorted records can be read any number
// of times.
type sorter struct {
	dir string
	// expand, when set, gives the records of a sorted arena where those that were added
	// stand for several. It must keep the order of records that begin with their key.
	expand func(a *arena) cursor
	limit  int
	arena  *arena
	spare  *arena
	busy   chan error // the arena being written, nil when there is none
	file   *os.File
	size   int64
	levels [][]span // runs by level: fanIn runs of one level make one of the next
	err    error
}

// span is a sorted run in the file.
type span struct{ off, len int64 }

// fanIn is how many runs of a level are merged into one; runBuffer is what reading one
// costs.
const (
	fanIn     = 32
	runBuffer = 32 << 10
)

// cursor walks a sorted arena.
func (s *sorter) cursor(a *arena) cursor {
	if s.expand != nil {
		return s.expand(a)
	}
	return &arenaCursor{a: a}
}

func newSorter(dir string, limit int) *sorter {
	return &sorter{dir: dir, limit: limit, arena: &arena{size: max(leastChunk, min(mostChunk, limit/8))}}
}

// arena is records in memory. A record is key and value one after the other, in one of the
// chunks, which are filled one by one: nothing is copied as the arena grows.
type arena struct {
	chunks [][]byte
	at     int // the chunk being filled
	used   int // bytes of the chunks up to here
	size   int // of a chunk, mostly
	skip   int // bytes with which all keys begin: comparing starts behind them
	index  []entry
}

type entry struct {
	prefix     uint64 // eight bytes of the key: most comparisons end here
	chunk, off uint32
	key, val   uint32
}

// The size of a chunk; a larger record has one of its own.
const (
	mostChunk  = 256 << 10
	leastChunk = 4 << 10
)

func (a *arena) add(key, val []byte) {
	var p [8]byte
	copy(p[:], key[min(a.skip, len(key)):])
	n := len(key) + len(val)
	for a.at < len(a.chunks) && cap(a.chunks[a.at])-len(a.chunks[a.at]) < n {
		a.used += cap(a.chunks[a.at]) - len(a.chunks[a.at]) // stays empty
		a.at++
	}
	if a.at == len(a.chunks) {
		a.chunks = append(a.chunks, make([]byte, 0, max(n, a.size)))
	}
	c := &a.chunks[a.at]
	a.index = append(a.index, entry{binary.BigEndian.Uint64(p[:]), uint32(a.at), uint32(len(*c)), uint32(len(key)), uint32(len(val))}) //nolint:gosec // an arena is below 4 GiB
	*c = append(append(*c, key...), val...)
	a.used += n
}

func (a *arena) keyOf(e entry) []byte { return a.chunks[e.chunk][e.off : e.off+e.key] }
func (a *arena) valOf(e entry) []byte { return a.chunks[e.chunk][e.off+e.key : e.off+e.key+e.val] }

func (a *arena) sort() {
	slices.SortFunc(a.index, func(x, y entry) int {
		if c := cmp.Compare(x.prefix, y.prefix); c != 0 {
			return c
		}
		return bytes.Compare(a.keyOf(x), a.keyOf(y))
	})
}

// clear empties the arena and keeps its memory.
func (a *arena) clear() {
	for i := range a.chunks {
		a.chunks[i] = a.chunks[i][:0]
	}
	a.at, a.used, a.index = 0, 0, a.index[:0]
}

func (a *arena) held() int { return a.used + len(a.index)*24 }

// add copies a record in.
func (s *sorter) add(key, val []byte) error {
	if s.arena.held()+len(key)+len(val) > s.limit && len(s.arena.index) > 0 {
		if err := s.spill(); err != nil {
			return err
		}
	}
	s.arena.add(key, val)
	return nil
}

// spill hands the full arena to a goroutine that sorts and writes it.
func (s *sorter) spill() error {
	if err := s.wait(); err != nil {
		return err
	}
	full := s.arena
	if s.spare == nil {
		s.spare = &arena{size: full.size, skip: full.skip}
	}
	s.arena, s.spare = s.spare, nil
	done := make(chan error, 1)
	s.busy = done
	go func() {
		full.sort()
		err := s.writeRun(0, s.cursor(full))
		full.clear()
		s.spare = full
		done <- err
	}()
	return nil
}

func (s *sorter) wait() error {
	if s.busy != nil {
		if err := <-s.busy; err != nil {
			s.err = err
		}
		s.busy = nil
	}
	return s.err
}

// writeRun appends a run to the file, then merges a full level into the next.
func (s *sorter) writeRun(level int, from cursor) error {
	if s.file == nil {
		f, err := tempFile(s.dir)
		if err != nil {
			return err
		}
		s.file = f
	}
	start := s.size
	w := bufio.NewWriterSize(&offsetWriter{s.file, s.size}, 256<<10)
	var head [2 * binary.MaxVarintLen64]byte
	for from.next() {
		n := binary.PutUvarint(head[:], uint64(len(from.key())))
		n += binary.PutUvarint(head[n:], uint64(len(from.val())))
		w.Write(head[:n])   //nolint:errcheck // Flush says it
		w.Write(from.key()) //nolint:errcheck // Flush says it
		w.Write(from.val()) //nolint:errcheck // Flush says it
		s.size += int64(n + len(from.key()) + len(from.val()))
	}
	if err := from.err(); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for len(s.levels) <= level {
		s.levels = append(s.levels, nil)
	}
	s.levels[level] = append(s.levels[level], span{start, s.size - start})
	if len(s.levels[level]) < fanIn {
		return nil
	}
	merged := mergeCursors(s.runCursors(s.levels[level]))
	s.levels[level] = nil
	return s.writeRun(level+1, merged)
}

func (s *sorter) runCursors(runs []span) []cursor {
	out := make([]cursor, len(runs))
	for i, r := range runs {
		out[i] = &runCursor{in: bufio.NewReaderSize(io.NewSectionReader(s.file, r.off, r.len), runBuffer)}
	}
	return out
}

// finish ends adding. It must be called before records.
func (s *sorter) finish() error {
	err := s.wait()
	s.spare = nil
	s.arena.sort()
	return err
}

// records reads the sorted records from the start.
func (s *sorter) records() cursor {
	cursors := []cursor{s.cursor(s.arena)}
	for _, level := range s.levels {
		cursors = append(cursors, s.runCursors(level)...)
	}
	return mergeCursors(cursors)
}

// close waits for what is being written and gives everything up.
func (s *sorter) close() {
	s.wait() //nolint:errcheck // nobody reads the records any more
	s.arena, s.spare, s.levels = &arena{}, nil, nil
	if s.file != nil {
		closeTemp(s.file)
		s.file = nil
	}
}

type offsetWriter struct {
	f   *os.File
	off int64
}

func (w *offsetWriter) Write(p []byte) (int, error) {
	n, err := w.f.WriteAt(p, w.off)
	w.off += int64(n)
	return n, err
}

// tempFile makes a temporary file that vanishes with the process where the system can
// unlink an open file, so that a crash leaves nothing behind.
func tempFile(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, "accessgraph-import-*")
	if err != nil {
		return nil, err
	}
	os.Remove(f.Name()) //nolint:errcheck // else closeTemp does it
	return f, nil
}

func closeTemp(f *os.File) {
	f.Close()
	os.Remove(f.Name()) //nolint:errcheck // mostly gone already
}
