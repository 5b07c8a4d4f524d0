package csvfile

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Source is a file to read. Size is the number of bytes Reader will give, -1 if unknown.
type Source struct {
	Name   string
	Reader io.Reader
	Size   int64
}

// FromBytes is a Source over text in memory.
func FromBytes(name string, b []byte) Source {
	return Source{Name: name, Reader: bytes.NewReader(b), Size: int64(len(b))}
}

// OpenFile opens a file; "-" is stdin. The caller calls close, also for stdin (which is
// left open). A file that cannot be opened is an INVALID_INPUT error.
func OpenFile(path string, stdin io.Reader) (src Source, closeFile func() error, err error) {
	if path == "-" {
		return Source{Name: "(standard input)", Reader: stdin, Size: -1}, func() error { return nil }, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return Source{}, nil, access.Invalid("file", "cannot open %s: %v", path, reason(err))
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		f.Close()
		return Source{}, nil, access.Invalid("file", "%s is a folder", path)
	}
	size := int64(-1)
	if err == nil && info.Mode().IsRegular() {
		size = info.Size()
	}
	return Source{Name: filepath.Base(path), Reader: f, Size: size}, f.Close, nil
}

func reason(err error) error {
	if pe, ok := err.(*os.PathError); ok {
		return pe.Err
	}
	return err
}

// zstdWindow bounds the memory that a zstd file can ask for.
const zstdWindow = 32 << 20

// rawReader counts and hashes the bytes as they come, before decompression.
type rawReader struct {
	r        io.Reader
	n        int64
	total    int64
	told     int64
	hash     hash.Hash
	progress func(done, total int64)
}

// progressStep is how many bytes pass between two calls of the progress function.
const progressStep = 1 << 20

func newRawReader(src Source, progress func(done, total int64)) *rawReader {
	return &rawReader{r: src.Reader, total: src.Size, hash: sha256.New(), progress: progress}
}

func (r *rawReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	r.n += int64(n)
	r.hash.Write(p[:n])
	if r.progress != nil && (r.n-r.told >= progressStep || (err == io.EOF && r.told != r.n)) {
		r.told = r.n
		r.progress(r.n, r.total)
	}
	return n, err
}

// drain reads what decompression or a syntax error left, so that the hash is the file's.
func (r *rawReader) drain() error {
	_, err := io.Copy(io.Discard, r)
	return err
}

func (r *rawReader) sum() string { return hex.EncodeToString(r.hash.Sum(nil)) }

// decompress detects the compression by the first bytes.
func decompress(raw io.Reader) (io.Reader, func(), error) {
	br := bufio.NewReaderSize(raw, 128<<10)
	head, err := br.Peek(4)
	if err != nil && err != io.EOF {
		return nil, nil, err
	}
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		gz, err := gzip.NewReader(br)
		if err != nil {
			return nil, nil, err
		}
		return gz, func() { gz.Close() }, nil
	case bytes.Equal(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		zr, err := zstd.NewReader(br, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(zstdWindow))
		if err != nil {
			return nil, nil, err
		}
		return zr, zr.Close, nil
	}
	return br, func() {}, nil
}
