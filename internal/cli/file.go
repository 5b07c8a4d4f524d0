package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/accessgraph/accessgraph/internal/access"
)

// WriteFile writes a file whole or not at all: write fills a temporary file beside it,
// which takes the place of path once it is on the disk. Files are readable by their owner
// only: they hold who can do what.
func WriteFile(path string, write func(io.Writer) error) (err error) {
	if info, statErr := os.Stat(path); statErr == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return access.Invalid("output", "%s is a folder", path)
		}
		return writeDevice(path, write) // a pipe or /dev/null has no whole to keep
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return access.Invalid("output", "cannot write %s: %v", path, pathCause(err))
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreClosed(f.Close()), os.Remove(f.Name()))
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return &access.Error{Code: access.CodeUnavailable, Path: "output", Message: "cannot write " + path, Err: err}
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return &access.Error{Code: access.CodeUnavailable, Path: "output", Message: "cannot write " + path, Err: err}
	}
	return nil
}

func writeDevice(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return access.Invalid("output", "cannot write %s: %v", path, pathCause(err))
	}
	return errors.Join(write(f), f.Close())
}

func ignoreClosed(err error) error {
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

func pathCause(err error) error {
	var pathError *os.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
