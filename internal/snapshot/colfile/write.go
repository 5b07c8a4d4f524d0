package colfile

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// Write writes columns to a new file in dir and returns its path. The file is readable by
// its owner alone. Cancelling ctx leaves nothing behind.
func Write(ctx context.Context, dir, stem string, meta map[string]string, columns []Column) (path string, err error) {
	f, err := os.CreateTemp(dir, stem+temporary) // with mode 0600
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	w := &writer{ctx: ctx, f: f, d: &digest{}}
	w.buffer = bufio.NewWriterSize(io.MultiWriter(f, w.d), 1<<18)
	if err := w.table(meta, columns); err != nil {
		return "", err
	}
	if err := w.buffer.Flush(); err != nil {
		return "", err
	}
	if err := f.Sync(); err != nil {
		return "", err
	}
	if err := f.Close(); err != nil {
		return "", err
	}
	path = filepath.Join(dir, stem+"-"+w.d.text()+suffix)
	if err := os.Rename(f.Name(), path); err != nil {
		return "", err
	}
	return path, syncDir(dir)
}

// syncDir makes a rename last. Some systems cannot open a folder for that; then it lasts
// as long as they say.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return nil //nolint:nilerr // see above
	}
	_ = d.Sync()
	return d.Close()
}

// writer counts as the seekable file that the Arrow library asks for; it only asks where it is.
type writer struct {
	ctx    context.Context //nolint:containedctx // of the one Write
	f      *os.File
	d      *digest
	buffer *bufio.Writer
	at     int64
}

func (w *writer) Seek(offset int64, whence int) (int64, error) {
	if offset != 0 || whence != io.SeekCurrent {
		return 0, fmt.Errorf("colfile: the file is written from its beginning to its end")
	}
	return w.at, nil
}

func (w *writer) Write(p []byte) (n int, err error) {
	// A column is one write of any length.
	for len(p) > 0 {
		if err := w.ctx.Err(); err != nil {
			return n, err
		}
		m, err := w.buffer.Write(p[:min(len(p), 4<<20)])
		n += m
		w.at += int64(m)
		if err != nil {
			return n, err
		}
		p = p[m:]
	}
	return n, nil
}

func (w *writer) table(meta map[string]string, columns []Column) error {
	fields := make([]arrow.Field, len(columns))
	lists := make([]arrow.Array, len(columns))
	for i, c := range columns {
		values, err := valuesOf(c)
		if err != nil {
			return err
		}
		kind := arrow.LargeListOfNonNullable(values.DataType())
		offsets := arrow.Int64Traits.CastToBytes([]int64{0, int64(values.Len())})
		data := array.NewData(kind, 1, []*memory.Buffer{nil, memory.NewBufferBytes(offsets)}, []arrow.ArrayData{values}, 0, 0)
		fields[i] = arrow.Field{Name: c.Name, Type: kind}
		lists[i] = array.MakeFromData(data)
	}
	m := arrow.MetadataFrom(meta)
	schema := arrow.NewSchema(fields, &m)
	out, err := ipc.NewFileWriter(w, ipc.WithSchema(schema))
	if err != nil {
		return err
	}
	if err := out.Write(array.NewRecord(schema, lists, 1)); err != nil {
		return err
	}
	return out.Close()
}

// valuesOf wraps the memory of a column.
func valuesOf(c Column) (arrow.ArrayData, error) {
	numbers := func(kind arrow.DataType, n int, bytes []byte) (arrow.ArrayData, error) {
		return array.NewData(kind, n, []*memory.Buffer{nil, memory.NewBufferBytes(bytes)}, nil, 0, 0), nil
	}
	switch list := c.Data.(type) {
	case []uint8:
		return numbers(arrow.PrimitiveTypes.Uint8, len(list), list)
	case []uint16:
		return numbers(arrow.PrimitiveTypes.Uint16, len(list), arrow.Uint16Traits.CastToBytes(list))
	case []uint32:
		return numbers(arrow.PrimitiveTypes.Uint32, len(list), arrow.Uint32Traits.CastToBytes(list))
	case []uint64:
		return numbers(arrow.PrimitiveTypes.Uint64, len(list), arrow.Uint64Traits.CastToBytes(list))
	case []int32:
		return numbers(arrow.PrimitiveTypes.Int32, len(list), arrow.Int32Traits.CastToBytes(list))
	case []int64:
		return numbers(arrow.PrimitiveTypes.Int64, len(list), arrow.Int64Traits.CastToBytes(list))
	case []string:
		offsets, size := make([]int64, len(list)+1), 0
		for i, s := range list {
			size += len(s)
			offsets[i+1] = int64(size)
		}
		text := slices.Grow([]byte(nil), size)
		for _, s := range list {
			text = append(text, s...)
		}
		return array.NewData(arrow.BinaryTypes.LargeBinary, len(list), []*memory.Buffer{
			nil, memory.NewBufferBytes(arrow.Int64Traits.CastToBytes(offsets)), memory.NewBufferBytes(text),
		}, nil, 0, 0), nil
	}
	return nil, fmt.Errorf("colfile: the column %q holds %T", c.Name, c.Data)
}
