package packed

import (
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// defaultWindow is how many changes of a run are kept to be sorted. A longer run must come in
// order, which imports see to, or it is given up.
const defaultWindow = 50_000

// Writer packs the changes of one commit into a run. It holds up to 50,000 changes, then
// one part.
//
// A commit that cannot be packed is no error: Close says so, and there is no copy then.
type Writer struct {
	run      Run
	emit     func(Part) error
	window   int
	partSize int
	parts    [sections]encoder

	entities  []*access.Entity
	removed   []*access.Entity
	grants    []change
	streaming bool
	given     bool // up
	err       error

	lastEntity, lastRemoved *access.Entity
	lastGrant               *access.Grant
}

type change struct {
	grant   *access.Grant
	removed bool
}

// NewWriter starts the run with this id; emit takes its parts as they become full.
func NewWriter(run int64, emit func(Part) error) *Writer {
	return &Writer{run: Run{ID: run}, emit: emit, window: defaultWindow, partSize: PartSize}
}

// Add takes a change, which must not be modified afterwards. The error is emit's.
func (w *Writer) Add(c *store.Change) error {
	if w.given || w.err != nil {
		return w.err
	}
	switch {
	case c.PutGrant != nil:
		w.grants = append(w.grants, change{grant: c.PutGrant})
	case c.PutEntity != nil:
		w.entities = append(w.entities, c.PutEntity)
	case c.RemoveGrant != nil:
		k := c.RemoveGrant
		w.grants = append(w.grants, change{&access.Grant{Source: k.Source, Target: k.Target, Permission: k.Permission, Scope: k.Scope}, true})
	case c.RemoveEntity != "":
		w.removed = append(w.removed, &access.Entity{ID: c.RemoveEntity})
	default:
		return nil // nothing that the copy has
	}
	switch n := len(w.entities) + len(w.removed) + len(w.grants); {
	case w.streaming && n >= min(256, w.window), n >= w.window:
		w.streaming = true
		w.write()
	}
	return w.err
}

// Close ends the run. Ok is false when the changes cannot be packed: too many of them in
// disorder, two about one thing, or a text that is not UTF-8.
func (w *Writer) Close() (run Run, ok bool, err error) {
	if !w.given && !w.streaming {
		slices.SortStableFunc(w.entities, func(a, b *access.Entity) int { return strings.Compare(a.ID, b.ID) })
		slices.SortStableFunc(w.removed, func(a, b *access.Entity) int { return strings.Compare(a.ID, b.ID) })
		slices.SortStableFunc(w.grants, func(a, b change) int { return access.CompareGrants(a.grant, b.grant) })
	}
	w.write()
	for section := range sections {
		w.flush(section)
	}
	return w.run, !w.given && w.err == nil, w.err
}

// write encodes what is waiting, which must follow what was written before.
func (w *Writer) write() {
	for _, e := range w.entities {
		w.given = w.given || (w.lastEntity != nil && w.lastEntity.ID >= e.ID)
		w.lastEntity = e
		w.parts[Entities].entity(e)
		w.full(Entities)
	}
	for _, e := range w.removed {
		w.given = w.given || (w.lastRemoved != nil && w.lastRemoved.ID >= e.ID)
		w.lastRemoved = e
		w.parts[Removed].id(e.ID)
		w.full(Removed)
	}
	for _, c := range w.grants {
		w.given = w.given || (w.lastGrant != nil && access.CompareGrants(w.lastGrant, c.grant) >= 0)
		w.lastGrant = c.grant
		w.parts[Grants].grant(c.grant, c.removed)
		w.full(Grants)
	}
	w.entities, w.removed, w.grants = w.entities[:0], w.removed[:0], w.grants[:0]
}

func (w *Writer) full(s Section) {
	if len(w.parts[s].b) >= w.partSize {
		w.flush(s)
	}
}

func (w *Writer) flush(s Section) {
	p := &w.parts[s]
	if w.given = w.given || p.bad || len(p.b) > maxPart; w.given || w.err != nil || p.n == 0 {
		return
	}
	w.err = w.emit(Part{Run: w.run.ID, Section: s, Number: w.run.Parts[s], raw: p.b, records: p.n})
	w.run.Parts[s]++
	w.run.Records[s] += p.n
	*p = encoder{b: make([]byte, 0, min(2*len(p.b), w.partSize+w.partSize/8))}
}
