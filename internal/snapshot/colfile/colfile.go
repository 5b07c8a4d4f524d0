// Package colfile keeps named columns of numbers and texts in one Arrow IPC file that
// other programs can read as well: a table of one row, whose columns are lists.
//
// The file's name ends in a digest of its bytes, and nothing is parsed before the digest
// is found right: a file that was cut short, flipped or edited is an error, never a wrong
// answer. Writing is atomic: a file has its name only when all of it is on the disk.
package colfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Number is what a column may hold beside text.
type Number interface {
	~uint8 | ~uint16 | ~uint32 | ~uint64 | ~int32 | ~int64
}

// Column is a named list. Data is a []uint8, []uint16, []uint32, []uint64, []int32,
// []int64 or []string.
type Column struct {
	Name string
	Data any
}

// File is what was read.
type File struct {
	Meta    map[string]string
	columns map[string]any
}

// ErrDamaged is in the chain of Read's error when the file is not as it was written.
var ErrDamaged = errors.New("the file is damaged")

// Take returns a column, whose memory is the caller's.
func Take[T Number | string](f *File, name string) ([]T, error) {
	c, ok := f.columns[name]
	if !ok {
		return nil, fmt.Errorf("%w: it has no column %q", ErrDamaged, name)
	}
	list, ok := c.([]T)
	if !ok {
		return nil, fmt.Errorf("%w: the column %q holds %T", ErrDamaged, name, c)
	}
	return list, nil
}

const suffix = ".arrow"

// Find returns the files in dir that Write made with this stem, the newest first. A folder
// that does not exist has none.
func Find(dir, stem string) []string {
	type found struct {
		path string
		at   int64
	}
	var all []found
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if _, ok := digestOf(e.Name(), stem); !ok || !e.Type().IsRegular() {
			continue
		}
		if info, err := e.Info(); err == nil {
			all = append(all, found{filepath.Join(dir, e.Name()), info.ModTime().UnixNano()})
		}
	}
	slices.SortFunc(all, func(a, b found) int {
		if a.at != b.at {
			if a.at > b.at {
				return -1
			}
			return 1
		}
		return strings.Compare(a.path, b.path)
	})
	paths := make([]string, len(all))
	for i, f := range all {
		paths[i] = f.path
	}
	return paths
}

// digestOf is the digest in a file's name; false when the name is not Write's.
func digestOf(name, stem string) (string, bool) {
	rest, ok := strings.CutPrefix(name, stem+"-")
	if !ok {
		return "", false
	}
	digest, ok := strings.CutSuffix(rest, suffix)
	if !ok || len(digest) != digestSize || strings.Trim(digest, "0123456789abcdef") != "" {
		return "", false
	}
	return digest, true
}

// Remove deletes all files with this stem but one, and what interrupted writes left.
func Remove(dir, stem, except string) {
	for _, path := range Find(dir, stem) {
		if path != except {
			_ = os.Remove(path)
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir, stem+temporary)); err == nil {
		for _, path := range left {
			_ = os.Remove(path)
		}
	}
}

// temporary is the pattern of the names of files that are being written, after the stem.
const temporary = "-*.tmp"
