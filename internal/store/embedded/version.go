package embedded

import "sync/atomic"

// heldVersion is the version of the graph as it was last read, as long as nothing has been
// committed since: every question begins by asking for it, and a statement takes as long as
// many an answer. The writer is the only one there can be, see Open. Safe for concurrent use.
type heldVersion struct {
	commits atomic.Int64 // odd while one runs
	last    atomic.Pointer[versionRead]
}

type versionRead struct{ commits, version int64 }

// committing is called before a commit, and what it returns after it, whatever came of it.
func (h *heldVersion) committing() func() {
	h.commits.Add(1)
	return func() { h.commits.Add(1) }
}

// get returns the version, read by read unless it is known. A read that a commit may have
// overtaken is not kept.
func (h *heldVersion) get(read func() (int64, error)) (int64, error) {
	commits := h.commits.Load()
	if r := h.last.Load(); r != nil && r.commits == commits {
		return r.version, nil
	}
	v, err := read()
	if err == nil && commits%2 == 0 && h.commits.Load() == commits {
		h.last.Store(&versionRead{commits, v})
	}
	return v, err
}
