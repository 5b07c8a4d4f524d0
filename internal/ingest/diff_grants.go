package ingest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"iter"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
)

// grants merges the rows' grants with the stored ones, by source, target, permission and
// scope. Files know no scopes: a scoped grant is only ever absent from them.
func (d *diff) grants(said cursor, stored iter.Seq2[[]access.Grant, error], canceled func() error) error {
	next, stop := iter.Pull2(stored)
	defer stop()
	s := peek(said)
	var list []access.Grant
	var old *access.Grant
	load := func() error {
		before := old
		old = nil
		for len(list) == 0 {
			var err error
			var more bool
			if list, err, more = next(); err != nil || !more {
				return err
			}
		}
		old, list = &list[0], list[1:]
		if before != nil && access.CompareGrants(before, old) >= 0 {
			return access.Errorf(access.CodeInternal, "the store yields grants out of order: %v after %v", old.Key(), before.Key())
		}
		return nil
	}
	if err := load(); err != nil {
		return err
	}
	for n := 0; s.has || old != nil; n++ {
		if n%4096 == 0 {
			if err := canceled(); err != nil {
				return err
			}
		}
		order := -1
		switch {
		case !s.has:
			order = 1
		case old != nil:
			order = compareRow(s.key(), old)
		}
		var err error
		switch {
		case order < 0:
			err = d.foldGrant(s, nil)
		case order == 0:
			err = d.foldGrant(s, old)
		default:
			err = d.absentGrant(old)
		}
		if err != nil {
			return err
		}
		if order >= 0 {
			if err := load(); err != nil {
				return err
			}
		}
	}
	return s.err()
}

// compareRow compares the key of a row with a stored grant.
func compareRow(key []byte, g *access.Grant) int {
	if c := compareText(key[:idLen], g.Source); c != 0 {
		return c
	}
	if c := compareText(key[idLen:2*idLen], g.Target); c != 0 {
		return c
	}
	if c := compareText(key[2*idLen:len(key)-grantTail], g.Permission); c != 0 {
		return c
	}
	return strings.Compare("", g.Scope)
}

// compareText compares bytes with a text, without copying them.
func compareText(b []byte, s string) int {
	switch {
	case string(b) < s:
		return -1
	case string(b) > s:
		return 1
	}
	return 0
}

const grantTail = 9 // the byte that ends the permission, and the row

// foldGrant folds the rows of one grant, in their order, over its stored state.
func (d *diff) foldGrant(s *peeking, old *access.Grant) error {
	key := append(d.key[:0], s.key()[:len(s.key())-8]...)
	d.key = key
	var g rowGrant
	var first int64
	var seen identicalRows
	for s.has && bytes.Equal(s.key()[:len(s.key())-8], key) {
		row := int64(binary.BigEndian.Uint64(s.key()[len(key):])) //nolint:gosec // as written
		dec := decoder{b: s.val()}
		now := rowGrant{sourceType: typeOf(dec.byte()), targetType: typeOf(dec.byte())}
		now.rest = dec.uint32()
		now.project, now.value = dec.textLike(d.last.project), dec.textLike(d.last.value)
		now.lastUsed, now.metadata = dec.text(), dec.text()
		if dec.err != nil {
			return dec.err
		}
		d.last = now
		if first == 0 {
			first, g = row, now
			seen = identicalRows{first: now, row: row}
		} else {
			d.repeated(&g, &now, row, first, seen.add(&now, row))
		}
		s.advance()
	}
	if err := s.err(); err != nil {
		return err
	}
	if string(key[idLen:2*idLen]) == noTarget {
		return nil
	}
	var now access.Grant
	if old != nil {
		now = *old
	} else {
		now.Source, now.Target, now.Permission = string(key[:idLen]), string(key[idLen:2*idLen]), string(key[2*idLen:len(key)-1])
	}
	now.Value, now.Counts, now.Project = g.value, access.ValueCounts(g.value), g.project
	if g.lastUsed != "" || (d.mode == Snapshot && d.set[colLastUsed]) {
		dec := rowTime(g.lastUsed)
		now.LastUsed = dec.time()
	}
	if g.metadata != "" || (d.mode == Snapshot && d.set[colGrantMetadata]) {
		now.Metadata = g.metadata
	}
	if now.Counts && g.sourceType == access.Connection && g.targetType == access.Connection {
		d.cycles.edge(now.Source, now.Target, first)
	}
	c := &d.report.Grants
	switch {
	case old == nil:
		c.Added++
	case sameGrant(old, &now):
		c.Unchanged++
		return nil
	default:
		c.Updated++
	}
	return d.out.putGrant(&now)
}

// repeated folds a further row of a grant into g. A row that equals an earlier one is a
// duplicate (identical is that row, else 0); another value is a conflict, which the last wins. A row that repeats the
// grant only because it says more of its entity is neither.
func (d *diff) repeated(g, now *rowGrant, row, first, identical int64) {
	switch {
	case now.value != g.value:
		d.report.Warn(Issue{Row: row, Column: EntitlementColumns[colValue].Name, Code: CodeConflict, Message: fmt.Sprintf(
			"the permission's value is %q here and %q before (row %d names it first); the last wins", clip(now.value), clip(g.value), first)})
	case identical > 0:
		d.report.Warn(Issue{Row: row, Code: CodeDuplicate, Message: fmt.Sprintf("the row says the same as row %d in every cell; ignored", identical)})
	}
	g.value = now.value
	if now.lastUsed != "" {
		g.lastUsed = now.lastUsed
	}
	if now.metadata != "" {
		g.metadata = now.metadata
	}
}

// absentGrant handles a stored grant that no row names.
func (d *diff) absentGrant(old *access.Grant) error {
	if d.mode == Merge {
		d.report.Grants.Unchanged++
		if old.Counts {
			d.cycles.storedEdge(old.Source, old.Target)
		}
		return nil
	}
	d.report.Grants.Removed++
	return d.out.removeGrant(old)
}

func sameGrant(a, b *access.Grant) bool {
	return a.Value == b.Value && a.Counts == b.Counts && a.Project == b.Project &&
		a.LastUsed.Equal(b.LastUsed) && a.Metadata == b.Metadata
}
