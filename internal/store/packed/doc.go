// Package packed is the compact form of what imports compare of one integration: its live
// entities, ordered by id, and its live grants, ordered by (source, target, permission,
// scope). A store that answers slowly record by record keeps it beside the graph.
//
// The copy is a base and a few deltas, called runs, the oldest first. A run says what a
// commit put and removed; the newest run that names a key decides it. The records of a run
// are in sections, cut into parts of at most PartSize bytes, compressed, each with a
// checksum and its own place in the copy, so that a part which is damaged, missing or
// elsewhere is noticed and never believed.
//
// Left out is what imports do not compare: FirstSeen, Labels, Insights and Mapping of
// entities, From of grants.
package packed

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Format is the version of the encoding. A copy of another format is not read.
const Format = 1

// PartSize is about how many bytes the records of a part have before compression. One
// record may be longer.
const PartSize = 512 << 10

// Section is a kind of records in a run.
type Section byte

// The sections. Entities and Removed are ordered by id and have no id in common.
const (
	Entities Section = iota // put
	Removed                 // ids
	Grants                  // put and removed
	sections
)

// Run describes a run.
type Run struct {
	ID      int64           `json:"id"` // unlike those of the other runs
	Parts   [sections]int   `json:"parts"`
	Records [sections]int64 `json:"records"`
}

// Empty reports whether the run has no records.
func (r Run) Empty() bool { return r.size() == 0 }

// PartCount is how many parts the run has.
func (r Run) PartCount() int {
	n := 0
	for _, parts := range r.Parts {
		n += parts
	}
	return n
}

func (r Run) size() int64 {
	var n int64
	for _, records := range r.Records {
		n += records
	}
	return n
}

// Head describes a copy.
type Head struct {
	Format   int   `json:"format"`
	Revision int64 `json:"revision"` // of the integration that the copy is a copy of
	Runs     []Run `json:"runs"`     // the base, then the deltas
}

// ParseHead reads what Text wrote; ok is false for anything else, and for another format.
func ParseHead(text string) (h Head, ok bool) {
	err := json.Unmarshal([]byte(text), &h)
	return h, err == nil && h.Format == Format && len(h.Runs) > 0
}

// Text is the head as text.
func (h Head) Text() string {
	text, err := json.Marshal(h)
	if err != nil {
		panic(err) // numbers always have a JSON form
	}
	return string(text)
}

const (
	// maxDeltas is how many deltas are read side by side with the base.
	maxDeltas = 8
	// maxShare is the part of the base that deltas may have together, as 1/maxShare.
	maxShare = 4
	// SmallDeltas is how many records of deltas are no reason to write the base anew.
	SmallDeltas = 4096
)

// Stale says which runs should become one: from Runs[from] to the last. That is all of
// them once the deltas have grown to a quarter of the base, only the deltas when they have
// become many. Small is how many records deltas may always have, mostly SmallDeltas.
func (h Head) Stale(small int64) (from int, stale bool) {
	if len(h.Runs) < 2 {
		return 0, false
	}
	var deltas int64
	for _, r := range h.Runs[1:] {
		deltas += r.size()
	}
	switch {
	case deltas > small && deltas > h.Runs[0].size()/maxShare:
		return 0, true
	case len(h.Runs) > maxDeltas+1:
		return 1, true
	}
	return 0, false
}

// ErrDamaged is what reading yields when the parts are not what the head says.
var ErrDamaged = errors.New("the packed copy is damaged")

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}
