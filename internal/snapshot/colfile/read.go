package colfile

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"unsafe"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
)

// Read reads a file that Write made with this stem. The error says ErrDamaged when the
// file is not what was written.
func Read(ctx context.Context, path, stem string) (file *File, err error) {
	want, ok := digestOf(filepath.Base(path), stem)
	if !ok {
		return nil, fmt.Errorf("%w: %s is not a name of its kind", ErrDamaged, filepath.Base(path))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	size, err := check(ctx, f, want)
	if err != nil {
		return nil, err
	}
	// The library panics on what it does not understand. The digest was right, so that
	// would be a file of another make that has our name.
	defer func() {
		if problem := recover(); problem != nil {
			file, err = nil, fmt.Errorf("%w: %v", ErrDamaged, problem)
		}
	}()
	in, err := ipc.NewFileReader(io.NewSectionReader(f, 0, size))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer func() { _ = in.Close() }()
	if in.NumRecords() != 1 {
		return nil, fmt.Errorf("%w: it has %d tables", ErrDamaged, in.NumRecords())
	}
	record, err := in.RecordAt(0)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if record.NumRows() != 1 {
		return nil, fmt.Errorf("%w: its table has %d rows", ErrDamaged, record.NumRows())
	}
	file = &File{Meta: in.Schema().Metadata().ToMap(), columns: make(map[string]any, record.NumCols())}
	for i, field := range in.Schema().Fields() {
		if file.columns[field.Name], err = listOf(record.Column(i)); err != nil {
			return nil, fmt.Errorf("the column %q: %w", field.Name, err)
		}
	}
	return file, nil
}

// check reads the file through and compares its digest.
func check(ctx context.Context, f *os.File, want string) (size int64, err error) {
	d := &digest{}
	buffer := make([]byte, pageSize)
	for {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		n, err := f.Read(buffer)
		_, _ = d.Write(buffer[:n]) // never fails
		size += int64(n)
		if err == io.EOF {
			break
		}
		if err != nil {
			return 0, err
		}
	}
	if d.text() != want {
		return 0, fmt.Errorf("%w: its checksum is another", ErrDamaged)
	}
	return size, nil
}

// listOf returns the one list of a column.
func listOf(column arrow.Array) (any, error) {
	list, ok := column.(*array.LargeList)
	if !ok || list.Len() != 1 || list.NullN() != 0 {
		return nil, fmt.Errorf("%w: not a list", ErrDamaged)
	}
	from, to := list.ValueOffsets(0)
	values := list.ListValues()
	if from != 0 || to != int64(values.Len()) || values.NullN() != 0 {
		return nil, fmt.Errorf("%w: a list that is not whole", ErrDamaged)
	}
	switch v := values.(type) {
	case *array.Uint8:
		return v.Uint8Values(), nil
	case *array.Uint16:
		return v.Uint16Values(), nil
	case *array.Uint32:
		return v.Uint32Values(), nil
	case *array.Uint64:
		return v.Uint64Values(), nil
	case *array.Int32:
		return v.Int32Values(), nil
	case *array.Int64:
		return v.Int64Values(), nil
	case *array.LargeBinary:
		return texts(v)
	}
	return nil, fmt.Errorf("%w: a list of %s", ErrDamaged, values.DataType())
}

// texts are views of the column's bytes, which nobody writes to.
func texts(v *array.LargeBinary) ([]string, error) {
	out := make([]string, v.Len())
	if len(out) == 0 {
		return out, nil
	}
	offsets, data := v.ValueOffsets(), v.ValueBytes()
	last := offsets[0]
	if last != 0 || offsets[len(out)] > int64(len(data)) || int64(len(data)) > math.MaxInt {
		return nil, fmt.Errorf("%w: texts beyond the end", ErrDamaged)
	}
	for i := range out {
		next := offsets[i+1]
		if next < last {
			return nil, fmt.Errorf("%w: texts out of order", ErrDamaged)
		}
		if next > last {
			out[i] = unsafe.String(&data[last], int(next-last)) //nolint:gosec // within data, see above
		}
		last = next
	}
	return out, nil
}
