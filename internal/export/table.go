package export

import (
	"encoding/csv"
	"io"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
)

// Table writes rows of texts as a file. Rows may be written by one goroutine only.
type Table interface {
	// Write writes a row, whose cells are in the order of the columns.
	Write(cells []string) error
	// Close ends the file; without it the file is broken. It does not close the writer.
	Close() error
}

// NewTable begins a file in one of the formats. CSV has a header and is safe to open in a
// spreadsheet; in Parquet and Arrow every column is text, named like last_login, and what
// is empty is null.
func NewTable(w io.Writer, f Format, columns []string) (Table, error) {
	if f == CSV {
		t := &csvTable{out: csv.NewWriter(w), safe: make([]string, len(columns))}
		return t, broken(t.out.Write(columns))
	}
	fields := make([]arrow.Field, len(columns))
	for i, name := range columns {
		fields[i] = arrow.Field{Name: strings.ReplaceAll(strings.ToLower(name), " ", "_"), Type: arrow.BinaryTypes.String, Nullable: true}
	}
	schema := arrow.NewSchema(fields, nil)
	t := &columnTable{to: &onward{w: w}, build: array.NewRecordBuilder(memory.DefaultAllocator, schema)}
	var err error
	if f == Arrow {
		t.out, err = ipc.NewFileWriter(t.to, ipc.WithSchema(schema))
	} else {
		properties := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Snappy), parquet.WithCreatedBy("accessgraph"), parquet.WithStats(false))
		t.out, err = pqarrow.NewFileWriter(schema, t.to, properties, pqarrow.NewArrowWriterProperties())
	}
	return t, err
}

type csvTable struct {
	out  *csv.Writer
	safe []string
}

// Write implements Table.
func (t *csvTable) Write(cells []string) error {
	if len(cells) != len(t.safe) {
		return cellsMissing(len(cells), len(t.safe))
	}
	for i, c := range cells {
		t.safe[i] = ingest.EscapeFormula(c)
	}
	return broken(t.out.Write(t.safe))
}

// Close implements Table.
func (t *csvTable) Close() error {
	t.out.Flush()
	return broken(t.out.Error())
}

func cellsMissing(got, want int) error {
	return access.Errorf(access.CodeInternal, "a row has %d cells, not %d", got, want)
}

// columnTable collects rows to records.
type columnTable struct {
	to    *onward
	build *array.RecordBuilder
	rows  int
	out   interface {
		Write(record arrow.Record) error
		Close() error
	}
}

// tableRows is how many rows a record has; texts of long rows stay far below the 2 GiB
// that one column of a record can hold.
const tableRows = 32 << 10

// Write implements Table.
func (t *columnTable) Write(cells []string) error {
	if len(cells) != t.build.Schema().NumFields() {
		return cellsMissing(len(cells), t.build.Schema().NumFields())
	}
	for i, c := range cells {
		column := t.build.Field(i).(*array.StringBuilder) //nolint:forcetypeassert // as NewTable made them
		if c == "" {
			column.AppendNull()
		} else {
			column.Append(c)
		}
	}
	if t.rows++; t.rows%tableRows != 0 {
		return nil
	}
	return t.flush()
}

func (t *columnTable) flush() error {
	record := t.build.NewRecord()
	defer record.Release()
	return broken(t.to.failed(t.out.Write(record)))
}

// Close implements Table.
func (t *columnTable) Close() error {
	if t.rows%tableRows != 0 {
		if err := t.flush(); err != nil {
			return err
		}
	}
	return broken(t.to.failed(t.out.Close()))
}
