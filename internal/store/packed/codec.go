package packed

import (
	"encoding/binary"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/accessgraph/accessgraph/internal/access"
)

// The records. Texts have their length before them; what is absent costs a bit.

// Bits of an entity, by optional field.
const (
	hasProject = 1 << iota
	hasSourceType
	hasUsername
	hasEmail
	hasFirstName
	hasLastName
	hasReason
	hasMetadata
	hasLastLogin
	hasActivity
	hasPassword
	hasFactors
	isStub
)

// texts of an entity that may be empty, in the order of their bits.
func texts(e *access.Entity) [8]*string {
	return [...]*string{
		&e.Project, &e.SourceType, &e.Username, &e.Email, &e.FirstName, &e.LastName, &e.ServiceAccountReason, &e.Metadata,
	}
}

func times(e *access.Entity) [3]*time.Time {
	return [...]*time.Time{&e.LastLogin, &e.LatestActivity, &e.LastPasswordChanged}
}

func flags(e *access.Entity) [6]*access.Tristate {
	return [...]*access.Tristate{&e.MFA, &e.SuperAdmin, &e.Administrative, &e.External, &e.Locked, &e.ServiceAccount}
}

var entityTypes = []access.EntityType{access.Identity, access.Connection, access.Resource}

// encoder writes the records of one part.
type encoder struct {
	b    []byte
	n    int64
	last access.Grant // of the part
	bad  bool         // something cannot be packed
}

func (w *encoder) text(s string) {
	if !utf8.ValidString(s) {
		w.bad = true // a database may keep it as another text
	}
	w.b = append(binary.AppendUvarint(w.b, uint64(len(s))), s...)
}

// time writes microseconds, which is what stores keep.
func (w *encoder) time(t time.Time) { w.b = binary.AppendVarint(w.b, t.UnixMicro()) }

// code writes the place of a value in a list that every reader knows.
func code[T comparable](w *encoder, list []T, value T) byte {
	i := slices.Index(list, value)
	if i < 0 {
		w.bad = true
		return 0
	}
	return byte(i) //nolint:gosec // short lists
}

// entity writes e as stores keep it.
func (w *encoder) entity(e *access.Entity) {
	w.n++
	var mask uint64
	for i, s := range texts(e) {
		if *s != "" {
			mask |= hasProject << i
		}
	}
	for i, t := range times(e) {
		if !t.IsZero() {
			mask |= hasLastLogin << i
		}
	}
	if len(e.Factors) > 0 {
		mask |= hasFactors
	}
	if e.Stub {
		mask |= isStub
	}
	w.text(e.ID)
	w.b = binary.AppendUvarint(w.b, mask)
	status := e.Status
	if status == "" {
		status = access.StatusUnknown
	}
	w.b = append(w.b, code(w, entityTypes, e.Type), code(w, access.Statuses, status))
	var tristates uint16
	for i, f := range flags(e) {
		tristates |= uint16(code(w, access.Tristates, f.Known())) << (2 * i)
	}
	w.b = binary.LittleEndian.AppendUint16(w.b, tristates)
	w.text(e.SourceID)
	w.text(e.Name)
	for _, s := range texts(e) {
		if *s != "" {
			w.text(*s)
		}
	}
	for _, t := range times(e) {
		if !t.IsZero() {
			w.time(*t)
		}
	}
	if len(e.Factors) > 0 {
		w.b = binary.AppendUvarint(w.b, uint64(len(e.Factors)))
		for _, f := range e.Factors {
			w.text(f)
		}
	}
}

func (w *encoder) id(id string) {
	w.n++
	w.text(id)
}

// Bits of a grant. The same… ones refer to the record before in the part.
const (
	grantRemoved = 1 << iota
	sameSource
	samePermission
	sameProject
	valueTrue
	grantCounts
	hasMore // a byte of further bits follows
)

const (
	hasScope = 1 << iota
	hasLastUsed
	hasGrantMetadata
)

func bit(is bool, b byte) byte {
	if is {
		return b
	}
	return 0
}

func (w *encoder) grant(g *access.Grant, removed bool) {
	first := w.n == 0
	w.n++
	more := bit(g.Scope != "", hasScope)
	if !removed {
		more |= bit(!g.LastUsed.IsZero(), hasLastUsed) | bit(g.Metadata != "", hasGrantMetadata)
	}
	b := bit(removed, grantRemoved) | bit(!first && g.Source == w.last.Source, sameSource) |
		bit(!first && g.Permission == w.last.Permission, samePermission) | bit(more != 0, hasMore)
	if !removed {
		b |= bit(!first && g.Project == w.last.Project, sameProject) | bit(g.Value == "true", valueTrue) | bit(g.Counts, grantCounts)
	}
	w.b = append(w.b, b)
	if more != 0 {
		w.b = append(w.b, more)
	}
	if b&sameSource == 0 {
		w.text(g.Source)
	}
	w.text(g.Target)
	if b&samePermission == 0 {
		w.text(g.Permission)
	}
	if more&hasScope != 0 {
		w.text(g.Scope)
	}
	w.last.Source, w.last.Permission = g.Source, g.Permission
	if removed {
		return
	}
	if b&valueTrue == 0 {
		w.text(g.Value)
	}
	if b&sameProject == 0 {
		w.text(g.Project)
	}
	if more&hasLastUsed != 0 {
		w.time(g.LastUsed)
	}
	if more&hasGrantMetadata != 0 {
		w.text(g.Metadata)
	}
	w.last.Project = g.Project
}
