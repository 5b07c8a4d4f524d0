package export

import (
	"io"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// arrowRows is about how many rows a record of an Arrow file has, parquetRows a group of a
// Parquet file: readers take one at a time.
const (
	arrowRows   = 128 << 10
	parquetRows = 512 << 10
)

// arrowWriter writes an Arrow IPC file.
type arrowWriter struct {
	*columnMaker
	to  *onward
	out *ipc.FileWriter
}

func newArrowWriter(w io.Writer, names query.AccessNames) (blockWriter, error) {
	to := &onward{w: w}
	out, err := ipc.NewFileWriter(to, ipc.WithSchema(accessSchema))
	if err != nil {
		return nil, err
	}
	return &arrowWriter{newColumnMaker(names, &oneDictionary{}), to, out}, nil
}

func (*arrowWriter) rows() int { return arrowRows }

func (a *arrowWriter) prepare(b *query.AccessBlock) (any, error) { return a.record(b), nil }

func (a *arrowWriter) write(prepared any) error {
	return a.to.failed(a.out.Write(prepared.(arrow.Record))) //nolint:forcetypeassert // as prepare returns it
}

func (a *arrowWriter) close() error { return a.to.failed(a.out.Close()) }

// onward writes to w, which it keeps from being closed, and knows how far it is: of
// seeking, file writers ask no more. They may panic where writing fails, so a failure is
// kept for whoever asks, and what comes after it is thrown away.
type onward struct {
	w   io.Writer
	at  int64
	err error
}

// Write implements io.Writer.
func (o *onward) Write(p []byte) (int, error) {
	if o.err == nil {
		_, o.err = o.w.Write(p)
	}
	o.at += int64(len(p))
	return len(p), nil
}

// failed is the failure of writing, or else err.
func (o *onward) failed(err error) error {
	if o.err != nil {
		return o.err
	}
	return err
}

// Seek implements io.Seeker for the present place.
func (o *onward) Seek(offset int64, whence int) (int64, error) {
	if offset != 0 || whence != io.SeekCurrent {
		return 0, access.Errorf(access.CodeInternal, "an export is written from its beginning to its end")
	}
	return o.at, nil
}

// oneDictionary has every value in the dictionary, where its number is its place.
type oneDictionary struct {
	mu   sync.Mutex
	made map[*string]arrow.Array // by the first of the values
}

func (o *oneDictionary) of(numbers []uint32, values []string) ([]uint32, arrow.Array) {
	if len(values) == 0 {
		return numbers, stringArray(nil)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.made == nil {
		o.made = map[*string]arrow.Array{}
	}
	d := o.made[&values[0]]
	if d == nil {
		d = stringArray(values)
		o.made[&values[0]] = d
	}
	return numbers, d
}

// parquetWriter writes a Parquet file, a group of rows a block.
type parquetWriter struct {
	*columnMaker
	to  *onward
	out *pqarrow.FileWriter
}

func newParquetWriter(w io.Writer, names query.AccessNames) (blockWriter, error) {
	properties := parquet.NewWriterProperties(
		parquet.WithCompression(compress.Codecs.Snappy), parquet.WithDictionaryDefault(true), parquet.WithDictionaryPageSizeLimit(1<<30),
		parquet.WithMaxRowGroupLength(1<<40), parquet.WithCreatedBy("accessgraph"), parquet.WithStats(false), parquet.WithDataPageVersion(parquet.DataPageV2),
	)
	to := &onward{w: w}
	out, err := pqarrow.NewFileWriter(accessSchema, to, properties, pqarrow.NewArrowWriterProperties())
	if err != nil {
		return nil, err
	}
	return &parquetWriter{newColumnMaker(names, &ownDictionaries{}), to, out}, nil
}

func (*parquetWriter) rows() int { return parquetRows }

func (p *parquetWriter) prepare(b *query.AccessBlock) (any, error) { return p.record(b), nil }

func (p *parquetWriter) write(prepared any) error {
	return p.to.failed(p.out.Write(prepared.(arrow.Record))) //nolint:forcetypeassert // as prepare returns it
}

func (p *parquetWriter) close() error { return p.to.failed(p.out.Close()) }

// ownDictionaries makes a dictionary of the values that occur.
type ownDictionaries struct{ spare sync.Pool }

func (o *ownDictionaries) of(numbers []uint32, values []string) ([]uint32, arrow.Array) {
	known, _ := o.spare.Get().(*places)
	if known == nil {
		known = &places{}
	}
	defer o.spare.Put(known)
	known.begin(len(values))
	indices := make([]uint32, len(numbers))
	var used []string
	for i, n := range numbers {
		at, seen := known.at(n)
		if !seen {
			at = known.put(n)
			used = append(used, values[n])
		}
		indices[i] = at
	}
	return indices, stringArray(used)
}

// places remembers where numbers were put, and forgets all of them at once.
type places struct {
	seen  []uint64 // by number: the round and the place
	round uint32
	next  uint32
}

func (p *places) begin(n int) {
	if len(p.seen) < n {
		p.seen, p.round = make([]uint64, n), 0
	}
	if p.round++; p.round == 0 {
		clear(p.seen)
		p.round = 1
	}
	p.next = 0
}

func (p *places) at(n uint32) (uint32, bool) {
	v := p.seen[n]
	return uint32(v), uint32(v>>32) == p.round //nolint:gosec // two halves
}

func (p *places) put(n uint32) uint32 {
	at := p.next
	p.seen[n] = uint64(p.round)<<32 | uint64(at)
	p.next++
	return at
}
