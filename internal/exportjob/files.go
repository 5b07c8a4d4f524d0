package exportjob

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// The limits of files when nothing else is said.
const (
	DefaultTTL      = 24 * time.Hour
	DefaultMaxFile  = 4 << 30
	DefaultMaxTotal = 16 << 30
)

// Files is the folder that files of exports are in. Nothing else may be in it: what is
// older than the TTL is deleted.
type Files struct {
	folder            string
	ttl               time.Duration
	maxFile, maxTotal int64
}

// FileOptions of Files; zero fields have the defaults said.
type FileOptions struct {
	Folder   string        // made when it is needed; empty = no files are kept
	TTL      time.Duration // DefaultTTL
	MaxFile  int64         // bytes of one file (DefaultMaxFile)
	MaxTotal int64         // bytes of all together, at which no other is begun (DefaultMaxTotal)
}

// NewFiles returns the folder.
func NewFiles(o FileOptions) *Files {
	f := &Files{folder: o.Folder, ttl: o.TTL, maxFile: o.MaxFile, maxTotal: o.MaxTotal}
	if f.ttl <= 0 {
		f.ttl = DefaultTTL
	}
	if f.maxFile <= 0 {
		f.maxFile = DefaultMaxFile
	}
	if f.maxTotal <= 0 {
		f.maxTotal = DefaultMaxTotal
	}
	return f
}

func (f *Files) there() bool { return f != nil && f.folder != "" }

func (f *Files) path(id, format string) string { return filepath.Join(f.folder, id+"."+format) }

// Sweep deletes what has expired and returns how many bytes are left. It is by the clock
// of the file system.
func (f *Files) Sweep() (int64, error) {
	if !f.there() {
		return 0, nil
	}
	list, err := os.ReadDir(f.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, unwritable(err)
	}
	left := int64(0)
	var failed error
	for _, entry := range list {
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() {
			continue // deleted meanwhile, or not ours
		}
		if time.Since(info.ModTime()) < f.ttl {
			left += info.Size()
			continue
		}
		if err := os.Remove(filepath.Join(f.folder, entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = unwritable(err)
			left += info.Size()
		}
	}
	return left, failed
}

// write makes the file of a job: all of it, or none.
func (f *Files) write(ctx context.Context, id, format string, fill func(io.Writer) error) (size int64, err error) {
	if !f.there() {
		return 0, access.Errorf(access.CodeUnavailable, "this server keeps no files of exports")
	}
	if err := os.MkdirAll(f.folder, 0o700); err != nil {
		return 0, unwritable(err)
	}
	used, err := f.Sweep()
	if err != nil {
		return 0, err
	}
	if used >= f.maxTotal {
		return 0, access.Errorf(access.CodeLimitExceeded, "files of exports take %d MiB already; they are deleted %s after they were made", used>>20, f.ttl)
	}
	part, err := os.CreateTemp(f.folder, id+".*.part")
	if err != nil {
		return 0, unwritable(err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(part.Name())))
		}
	}()
	w := &bounded{ctx: ctx, w: part, left: min(f.maxFile, f.maxTotal-used)}
	if err := fill(w); err != nil {
		return 0, errors.Join(w.cause(err), part.Close())
	}
	if err := errors.Join(part.Sync(), part.Close()); err != nil {
		return 0, unwritable(err)
	}
	if err := os.Rename(part.Name(), f.path(id, format)); err != nil {
		return 0, unwritable(err)
	}
	return w.written, nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func unwritable(err error) error {
	return &access.Error{Code: access.CodeUnavailable, Message: "the folder of exports cannot be used", Err: err}
}

// File is an open file of an export.
type File struct {
	*os.File
	Result Result
	At     time.Time // when it was written
}

func (f *Files) open(id string, r Result) (*File, error) {
	file, err := os.Open(f.path(id, string(r.Format)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, access.Errorf(access.CodeNotFound, "the file is not on this server any more")
	}
	if err != nil {
		return nil, unwritable(err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(unwritable(err), file.Close())
	}
	return &File{file, r, info.ModTime()}, nil
}

// bounded stops what grows too large, and what was cancelled.
type bounded struct {
	ctx           context.Context
	w             io.Writer
	left, written int64
	full          bool
}

// Write implements io.Writer.
func (b *bounded) Write(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	if int64(len(p)) > b.left {
		b.full = true
		return 0, tooLarge()
	}
	n, err := b.w.Write(p)
	b.left -= int64(n)
	b.written += int64(n)
	return n, err
}

func tooLarge() error {
	return access.Errorf(access.CodeLimitExceeded, "the file grows too large; narrow the filter, or use the command line")
}

// cause is why writing failed, which those in between may have dressed up.
func (b *bounded) cause(err error) error {
	if b.full {
		return tooLarge()
	}
	return err
}
