package snapshot

import (
	"context"
	"fmt"
	"strconv"

	"github.com/accessgraph/accessgraph/internal/snapshot/colfile"
)

// fileFormat is the number of the form in which snapshots are saved. It changes with what
// exchange lists; a file of another number is ignored.
const fileFormat = 1

// exchange writes a snapshot's columns to a file or reads them: one list of them serves
// both ways, so that they cannot part.
type exchange struct {
	out []colfile.Column
	in  *colfile.File // nil when writing
	err error         // the first of reading

	// What is derived from the columns, once all are read: pieces of work of their own.
	derive []func()
}

// later runs what is derived.
func (x *exchange) later() {
	if x.err == nil {
		parallel(x.derive)
	}
}

// swap passes one column: to the file, or from it.
func swap[T colfile.Number | string](x *exchange, name string, list *[]T) {
	if x.in == nil {
		x.out = append(x.out, colfile.Column{Name: name, Data: *list})
		return
	}
	got, err := colfile.Take[T](x.in, name)
	if x.err == nil {
		x.err = err
	}
	*list = got
}

// damaged notes what cannot be.
func (x *exchange) damaged(format string, args ...any) {
	if x.err == nil {
		x.err = fmt.Errorf("%w: "+format, append([]any{colfile.ErrDamaged}, args...)...)
	}
}

// writeSnapshot saves a snapshot in a folder and returns the file's path.
func writeSnapshot(ctx context.Context, dir string, s *Snapshot) (string, error) {
	x := &exchange{}
	x.snapshot(s)
	meta := map[string]string{
		"format": strconv.Itoa(fileFormat), "version": strconv.FormatInt(s.version, 10), "mark": s.mark, "rows": strconv.Itoa(s.n),
	}
	return colfile.Write(ctx, dir, savedStem, meta, x.out)
}

// readSnapshot reads a saved snapshot and sees that it can be one: whatever the file says,
// what is returned answers without running out of its arrays.
func readSnapshot(ctx context.Context, path string) (*Snapshot, error) {
	f, err := colfile.Read(ctx, path, savedStem)
	if err != nil {
		return nil, err
	}
	if f.Meta["format"] != strconv.Itoa(fileFormat) {
		return nil, fmt.Errorf("it has the format %q, this program reads %d", f.Meta["format"], fileFormat)
	}
	s := &Snapshot{mark: f.Meta["mark"]}
	if s.version, err = strconv.ParseInt(f.Meta["version"], 10, 64); err != nil {
		return nil, fmt.Errorf("%w: the version %q", colfile.ErrDamaged, f.Meta["version"])
	}
	if s.n, err = strconv.Atoi(f.Meta["rows"]); err != nil || s.n < 0 {
		return nil, fmt.Errorf("%w: %q rows", colfile.ErrDamaged, f.Meta["rows"])
	}
	x := &exchange{in: f}
	x.snapshot(s)
	x.later()
	if x.err == nil {
		x.err = s.Validate()
	}
	if x.err == nil {
		x.err = ctx.Err()
	}
	if x.err != nil {
		return nil, x.err
	}
	s.connect()
	return s, ctx.Err()
}
