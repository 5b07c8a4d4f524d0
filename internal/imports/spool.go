package imports

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
)

const (
	// spoolTTL is how long a file is kept that no job came for.
	spoolTTL = 24 * time.Hour
	// DefaultSpool is how many bytes of files may wait at the same time.
	DefaultSpool = 4 << 30
)

// Spool is the folder in which uploaded files wait for their jobs. Nothing else may be in it.
type Spool struct {
	folder string
	most   int64
}

// NewSpool returns the spool in a folder, which is made when it is needed; empty = files
// are not taken. most bounds the bytes of all files; 0 = DefaultSpool.
func NewSpool(folder string, most int64) *Spool {
	if most <= 0 {
		most = DefaultSpool
	}
	return &Spool{folder, most}
}

// put keeps what r gives and returns under which name, and how many bytes it is.
func (s *Spool) put(r io.Reader) (name string, size int64, err error) {
	if s == nil || s.folder == "" {
		return "", 0, access.Errorf(access.CodeUnavailable, "this server takes no files for the background")
	}
	if err := os.MkdirAll(s.folder, 0o700); err != nil {
		return "", 0, spoolBroken(err)
	}
	waiting, err := s.Sweep()
	if err != nil {
		return "", 0, err
	}
	if waiting >= s.most {
		return "", 0, access.Errorf(access.CodeLimitExceeded, "%d MiB of files wait to be imported already; try again later", waiting>>20)
	}
	name = audit.NewID(time.Now()) + ".upload"
	f, err := os.OpenFile(filepath.Join(s.folder, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", 0, spoolBroken(err)
	}
	size, err = io.Copy(f, r)
	if closing := f.Close(); err == nil && closing != nil {
		err = spoolBroken(closing)
	}
	if err != nil {
		return "", 0, errors.Join(err, s.remove(name))
	}
	return name, size, nil
}

func (s *Spool) open(name string) (*os.File, error) {
	f, err := os.Open(filepath.Join(s.folder, filepath.Base(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, access.Errorf(access.CodeNotFound, "the uploaded file is not there any more; send it again")
	}
	if err != nil {
		return nil, spoolBroken(err)
	}
	return f, nil
}

func (s *Spool) remove(name string) error {
	err := os.Remove(filepath.Join(s.folder, filepath.Base(name)))
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return spoolBroken(err)
}

// Sweep deletes the files that nobody came for and returns how many bytes wait.
func (s *Spool) Sweep() (int64, error) {
	if s == nil || s.folder == "" {
		return 0, nil
	}
	list, err := os.ReadDir(s.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, spoolBroken(err)
	}
	left := int64(0)
	for _, entry := range list {
		info, err := entry.Info()
		switch {
		case err != nil || !info.Mode().IsRegular(): // deleted meanwhile, or not ours
		case time.Since(info.ModTime()) < spoolTTL:
			left += info.Size()
		default:
			if err := s.remove(entry.Name()); err != nil {
				return left, err
			}
		}
	}
	return left, nil
}

func spoolBroken(err error) error {
	return &access.Error{Code: access.CodeUnavailable, Message: "the folder of uploads cannot be used", Err: err}
}
