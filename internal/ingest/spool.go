package ingest

import (
	"bufio"
	"encoding/binary"
	"io"
	"os"
)

// spool is a sequence of records that can be read any number of times. The first memory
// bytes stay in memory, a larger spool is a temporary file.
type spool struct {
	dir    string
	memory int
	buf    []byte
	file   *os.File
	size   int64
	n      int64
}

const spoolMemory = 1 << 20

func newSpool(dir string) *spool { return &spool{dir: dir, memory: spoolMemory} }

// add copies a record in.
func (s *spool) add(rec []byte) error {
	s.n++
	s.buf = appendBytes(s.buf, rec)
	if len(s.buf) < s.memory {
		return nil
	}
	return s.flush()
}

func (s *spool) flush() error {
	if s.file == nil {
		f, err := tempFile(s.dir)
		if err != nil {
			return err
		}
		s.file = f
	}
	_, err := s.file.WriteAt(s.buf, s.size)
	s.size += int64(len(s.buf))
	s.buf = s.buf[:0]
	return err
}

// records reads the records from the start, with empty keys. Nothing may be added while
// they are read.
func (s *spool) records() cursor {
	c := &spoolCursor{buf: s.buf}
	if s.file != nil {
		c.in = bufio.NewReaderSize(io.NewSectionReader(s.file, 0, s.size), 128<<10)
	}
	return c
}

func (s *spool) close() {
	s.buf = nil
	if s.file != nil {
		closeTemp(s.file)
		s.file = nil
	}
}

// spoolCursor reads the file, then the rest that is in memory.
type spoolCursor struct {
	in   *bufio.Reader
	buf  []byte
	rec  []byte
	own  []byte
	fail error
}

func (c *spoolCursor) next() bool {
	if c.in != nil {
		n, err := binary.ReadUvarint(c.in)
		if err == nil {
			if cap(c.own) < int(n) { //nolint:gosec // a length of our own
				c.own = make([]byte, n, 2*n)
			}
			c.rec = c.own[:n]
			_, err = io.ReadFull(c.in, c.rec)
			c.fail = err
			return err == nil
		}
		if err != io.EOF {
			c.fail = err
			return false
		}
		c.in = nil
	}
	if len(c.buf) == 0 {
		return false
	}
	d := decoder{b: c.buf}
	c.rec = d.bytes()
	c.buf, c.fail = d.b, d.err
	return c.fail == nil
}

func (c *spoolCursor) key() []byte { return nil }
func (c *spoolCursor) val() []byte { return c.rec }
func (c *spoolCursor) err() error  { return c.fail }
