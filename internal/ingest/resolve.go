package ingest

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/accessgraph/accessgraph/internal/access"
)

// resolve decides which entity each target is. Candidates are the entities with the
// target's type and source id among the rows' own and the live ones of the store. The
// candidate in the target's own project is it; else the only candidate is it; else the
// target is a stub in its own project. What goes elsewhere is put into to.
func resolve(integration string, keys cursor, report *Report, to *redirects) error {
	var w keyWalk
	w.integration, w.report, w.to = integration, report, to
	for keys.next() {
		if err := w.record(keys.key(), keys.val()); err != nil {
			return err
		}
	}
	w.flushTypes()
	return keys.err()
}

// keyWalk walks the keys by source id, section, project, type and role.
type keyWalk struct {
	integration string
	report      *Report
	to          *redirects

	sourceID   []byte
	candidates [3]candidates // by typeIndex

	project []byte // of the records before
	inKey   bool
	last    []byte   // the key before, up to its role
	isOne   bool     // the key before is a candidate
	types   [3]int64 // first row in which the file gives the type to (source id, project)
	roles   [3]role  // of that row
}

// candidates are those of one source id and type: how many, and the project of the last.
type candidates struct {
	n       int
	project string
}

func typeIndex(c byte) int {
	switch c {
	case 'I':
		return 0
	case 'C':
		return 1
	}
	return 2
}

func (w *keyWalk) record(key, val []byte) error {
	cut := bytes.IndexByte(key, 0)
	sourceID, section, rest := key[:cut], key[cut+1], key[cut+2:]
	project, typ, r := rest[:len(rest)-3], rest[len(rest)-2], role(rest[len(rest)-1])
	row := int64(binary.BigEndian.Uint64(val)) //nolint:gosec // as written
	fresh := !w.inKey || !bytes.Equal(w.last, key[:len(key)-1])
	if !bytes.Equal(sourceID, w.sourceID) || !w.inKey {
		w.flushTypes()
		w.sourceID = append(w.sourceID[:0], sourceID...)
		w.candidates = [3]candidates{}
		w.project = append(w.project[:0], project...)
	}
	w.inKey = true
	w.last = append(w.last[:0], key[:len(key)-1]...)
	i := typeIndex(typ)
	if section == sectionCandidates {
		if !bytes.Equal(project, w.project) {
			w.flushTypes()
			w.project = append(w.project[:0], project...)
		}
		if fresh && r == roleOwn { // roleOwn sorts first
			w.candidates[i].n++
			w.candidates[i].project = string(project)
		}
		if row > 0 && (w.types[i] == 0 || row < w.types[i]) {
			w.types[i], w.roles[i] = row, r
		}
		return nil
	}
	if fresh {
		w.isOne = r == roleOwn
	} else {
		return nil // decided by the first record of the key
	}
	if w.isOne || w.candidates[i].n != 1 {
		return nil
	}
	k := access.EntityKey{Integration: w.integration, Project: string(project), Type: typeOf(typ), SourceID: string(sourceID)}
	from := k.ID()
	k.Project = w.candidates[i].project
	return w.to.add(from, k.ID())
}

// flushTypes ends one (source id, project): the types that came later than the first are
// conflicts.
func (w *keyWalk) flushTypes() {
	first := -1
	for i, row := range w.types {
		if row > 0 && (first < 0 || row < w.types[first] || (row == w.types[first] && w.roles[i] < w.roles[first])) {
			first = i
		}
	}
	for i, row := range w.types {
		if row == 0 || i == first {
			continue
		}
		column := EntitlementColumns[colType].Name
		if w.roles[i] == roleTarget {
			column = EntitlementColumns[colTargetType].Name
		}
		w.report.Warn(Issue{Row: row, Column: column, Code: CodeConflict, Message: fmt.Sprintf(
			"source id %q is a %s here and a %s in row %d; they are loaded as two entities",
			clip(string(w.sourceID)), typeWord(i), typeWord(first), w.types[first])})
	}
	w.types = [3]int64{}
}

func typeWord(i int) string { return [...]string{"identity", "connection", "resource"}[i] }
