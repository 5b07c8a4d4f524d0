package embedded

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/accessgraph/accessgraph/internal/access"
)

// lock makes a process the only writer of a data folder. The operating system releases
// it when the process ends, however it ends; the text in the file only names the holder.
type lock struct{ f *flock.Flock }

func acquire(dir string) (*lock, error) {
	path := filepath.Join(dir, LockName)
	f := flock.New(path, flock.SetPermissions(0o600))
	ok, err := f.TryLock()
	if err != nil {
		return nil, &access.Error{Code: access.CodeUnavailable, Message: "cannot lock the data folder " + dir, Err: err}
	}
	if !ok {
		return nil, access.Errorf(access.CodeUnavailable,
			"the data folder %s is in use by %s: stop that process, or send the command to it with --server URL", dir, holder(path))
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	text := fmt.Sprintf("process %d on %s since %s\n", os.Getpid(), host, time.Now().UTC().Format(time.RFC3339))
	// Written in place: a rename would leave the lock on a file that has no name.
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return nil, &access.Error{Code: access.CodeUnavailable, Message: "cannot write the lock file " + path, Err: err}
	}
	return &lock{f: f}, nil
}

// holder is what the lock file says, which some systems do not let others read.
func holder(path string) string {
	text, err := os.ReadFile(path)
	if err != nil || strings.TrimSpace(string(text)) == "" {
		return "another process"
	}
	return strings.TrimSpace(string(text))
}

func (l *lock) release() error { return l.f.Unlock() }
