package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/export"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// export writes everyone's effective access as Parquet, in turn with the Arrow writer
// alone, which has the same rows ready.
func (b *scale) export() error {
	if !b.hasSizes("everyone's effective access, written", "S") {
		return nil
	}
	g, err := b.graph("S")
	if err != nil {
		return err
	}
	records, schema, rows, err := b.accessRecords(g)
	if err != nil {
		return err
	}
	defer func() {
		for _, r := range records {
			r.Release()
		}
	}()
	if err := b.checkParquet(g, rows); err != nil {
		return err
	}
	var size int64
	write := func() error {
		w := &counting{}
		n, err := b.writeAccess(g, w, export.Parquet)
		if err == nil && n != rows {
			err = fmt.Errorf("%d rows were written, not %d", n, rows)
		}
		size = w.n
		return err
	}
	contenders := []contender{{"accessgraph", func(context.Context) (time.Duration, error) { return timed(write) }}}
	own := append(writerProperties(), parquet.WithDataPageVersion(parquet.DataPageV2), parquet.WithStats(false), parquet.WithDictionaryPageSizeLimit(1<<30))
	for _, way := range []struct {
		name       string
		properties []parquet.WriterProperty
	}{{"the settings of the export", own}, {"its own settings with Snappy", writerProperties()}} {
		contenders = append(contenders, contender{"Arrow's Parquet writer alone, " + way.name, func(context.Context) (time.Duration, error) {
			return timed(func() error { return writeRecords(&counting{}, schema, records, way.properties) })
		}})
	}
	w, err := b.serve(g)
	if err != nil {
		return err
	}
	defer w.stop() //nolint:errcheck // it has answered everything
	contenders = append(contenders, contender{"accessgraph, downloaded over HTTP", func(ctx context.Context) (time.Duration, error) {
		return timed(func() error { return w.download(ctx, rows) })
	}})
	times, err := b.race(1, min(b.s.ScaleRounds, 5), contenders...)
	if err != nil {
		return err
	}
	peer := times[1]
	if times[2].median() < peer.median() {
		peer = times[2]
	}
	b.s.log("written to Parquet: %d rows, %.0f MB: %s, %s %s", rows, float64(size)/1e6, duration(times[0].median()), peer.Name, duration(peer.median()))
	detail := func(t series) string {
		return fmt.Sprintf("%s; %d rows of 14 columns (the shortest chain and the providers among them), %.0f MB, %s rows a second", g.describe(), rows, float64(size)/1e6, rate(float64(rows)/t.median()))
	}
	err = b.res.addProfiled(comparison{
		Part: partExport, Size: g.Name, Name: "everyone's effective access, written to Parquet, " + g.Name, Detail: detail(times[0]), Ours: times[0], Peer: peer, Goal: 0.3,
	}, b.s.log, write)
	b.res.add(comparison{Part: partExport, Size: g.Name, Name: "the same file, downloaded from a server, " + g.Name, Detail: detail(times[3]), Ours: times[3], Peer: peer})
	return err
}

// writeAccess is the product's export of all identities' access.
func (b *scale) writeAccess(g *sized, w io.Writer, f export.Format) (int64, error) {
	t, ok := g.reader().(query.Tabler)
	if !ok {
		return 0, errors.New("the memory engine makes no tables")
	}
	return export.WriteAccess(b.ctx, w, t, export.AccessOptions{Format: f, Sources: &filter.Filter{Type: []access.EntityType{access.Identity}}})
}

func writerProperties() []parquet.WriterProperty {
	return []parquet.WriterProperty{parquet.WithCompression(compress.Codecs.Snappy), parquet.WithDictionaryDefault(true), parquet.WithMaxRowGroupLength(1 << 40)}
}

func writeRecords(w io.Writer, schema *arrow.Schema, records []arrow.Record, properties []parquet.WriterProperty) error {
	out, err := pqarrow.NewFileWriter(schema, w, parquet.NewWriterProperties(properties...), pqarrow.NewArrowWriterProperties())
	if err != nil {
		return err
	}
	for _, r := range records {
		if err := out.Write(r); err != nil {
			return err
		}
	}
	return out.Close()
}

// accessRecords are the rows of the export as Arrow records, from its Arrow file, held to
// the oracle. Dictionaries have what occurs in a record, as is best for Parquet.
func (b *scale) accessRecords(g *sized) (records []arrow.Record, schema *arrow.Schema, rows int64, err error) {
	var text bytes.Buffer
	if _, err = b.writeAccess(g, &text, export.Arrow); err != nil {
		return nil, nil, 0, err
	}
	in, err := ipc.NewFileReader(bytes.NewReader(text.Bytes()))
	if err != nil {
		return nil, nil, 0, err
	}
	defer in.Close() //nolint:errcheck // it was only read
	check := g.newPairChecker()
	for i := range in.NumRecords() {
		r, err := in.Record(i)
		if err != nil {
			return nil, nil, 0, err
		}
		source, target := r.Column(0).(*array.Dictionary), r.Column(4).(*array.Dictionary) //nolint:forcetypeassert // as the export documents
		sources, targets := source.Dictionary().(*array.String), target.Dictionary().(*array.String)
		for k := range int(r.NumRows()) {
			if err := check.add(sources.Value(source.GetValueIndex(k)), targets.Value(target.GetValueIndex(k))); err != nil {
				return nil, nil, 0, err
			}
		}
		rows += r.NumRows()
		records = append(records, compact(r))
	}
	return records, in.Schema(), rows, check.done("the Arrow file")
}

// compact is a record with dictionaries of its own.
func compact(r arrow.Record) arrow.Record {
	columns := make([]arrow.Array, r.NumCols())
	for i, c := range r.Columns() {
		switch c := c.(type) {
		case *array.Dictionary:
			columns[i] = compactColumn(c)
		case *array.List:
			from, _ := c.ValueOffsets(0)
			_, to := c.ValueOffsets(c.Len() - 1)
			values := compactColumn(array.NewSlice(c.ListValues(), from, to).(*array.Dictionary)) //nolint:forcetypeassert // a slice of one
			offsets := make([]int32, 0, c.Len()+1)
			for _, at := range c.Offsets()[:c.Len()+1] {
				offsets = append(offsets, at-int32(from)) //nolint:gosec // an offset of 32 bits
			}
			buffer := memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(offsets))
			columns[i] = array.NewListData(array.NewData(c.DataType(), c.Len(), []*memory.Buffer{nil, buffer}, []arrow.ArrayData{values.Data()}, 0, 0))
		default:
			c.Retain()
			columns[i] = c
		}
	}
	return array.NewRecord(r.Schema(), columns, r.NumRows())
}

func compactColumn(c *array.Dictionary) arrow.Array {
	values := c.Dictionary().(*array.String) //nolint:forcetypeassert // all texts of the export are
	places := make([]int32, values.Len())
	builder := array.NewStringBuilder(memory.DefaultAllocator)
	defer builder.Release()
	indices := make([]int32, c.Len())
	for i := range indices {
		v := c.GetValueIndex(i)
		if places[v] == 0 {
			builder.Append(values.Value(v))
			places[v] = int32(builder.Len()) //nolint:gosec // fewer than 2^31
		}
		indices[i] = places[v] - 1
	}
	buffer := memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(indices))
	numbers := array.NewInt32Data(array.NewData(arrow.PrimitiveTypes.Int32, len(indices), []*memory.Buffer{nil, buffer}, nil, 0, 0))
	return array.NewDictionaryArray(c.DataType(), numbers, builder.NewArray())
}

// checkParquet holds the pairs in the Parquet file to the oracle.
func (b *scale) checkParquet(g *sized, rows int64) error {
	f, err := os.CreateTemp("", "accessgraph-*.parquet")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // a temporary file
	n, err := b.writeAccess(g, f, export.Parquet)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if n != rows {
		return fmt.Errorf("the Parquet file has %d rows, that of Arrow %d", n, rows)
	}
	in, err := file.OpenParquetFile(f.Name(), false)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // it was only read
	reader, err := pqarrow.NewFileReader(in, pqarrow.ArrowReadProperties{BatchSize: 64 << 10}, memory.DefaultAllocator)
	if err != nil {
		return err
	}
	check := g.newPairChecker()
	leaves := []int{in.MetaData().Schema.ColumnIndexByName("source_id"), in.MetaData().Schema.ColumnIndexByName("target_id")}
	batches, err := reader.GetRecordReader(b.ctx, leaves, nil)
	if err != nil {
		return err
	}
	defer batches.Release()
	for batches.Next() {
		r := batches.Record()
		source, target := textsOf(r.Column(0)), textsOf(r.Column(1))
		for k := range int(r.NumRows()) {
			if err := check.add(source(k), target(k)); err != nil {
				return err
			}
		}
	}
	if err := batches.Err(); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return check.done("the Parquet file")
}

// textsOf reads a column of texts, coded or not.
func textsOf(c arrow.Array) func(i int) string {
	if d, ok := c.(*array.Dictionary); ok {
		values := d.Dictionary().(*array.String) //nolint:forcetypeassert // of texts
		return func(i int) string { return values.Value(d.GetValueIndex(i)) }
	}
	return c.(*array.String).Value //nolint:forcetypeassert // else it is plain
}

// pairChecker gathers pairs by their ids.
type pairChecker struct {
	g      *sized
	number map[string]uint32
	counts []uint32
	sums   []uint64
}

func (g *sized) newPairChecker() *pairChecker {
	c := &pairChecker{g: g, number: make(map[string]uint32, g.entities()), counts: make([]uint32, g.People), sums: make([]uint64, g.People)}
	for n, id := range g.ids {
		c.number[id] = uint32(n) //nolint:gosec // an index
	}
	return c
}

func (c *pairChecker) add(source, target string) error {
	person, ok := c.number[source]
	to, known := c.number[target]
	if !ok || !known || int(person) >= c.g.People {
		return fmt.Errorf("a row from %q to %q", source, target)
	}
	if to >= c.g.firstResource() {
		c.counts[person]++
		c.sums[person] += pairSum(to - c.g.firstResource())
	}
	return nil
}

func (c *pairChecker) done(name string) error { return c.g.oracle.equal(name, c.counts, c.sums) }

// counting is a writer that keeps nothing.
type counting struct{ n int64 }

func (c *counting) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}
