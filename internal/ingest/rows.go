package ingest

import (
	"bytes"
	"fmt"
	"hash/crc32"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
)

// rowReader validates the rows of a batch and says what each of them says: the entity that
// it describes, the target that it mentions, and the grant. It looks at nothing but the
// rows, so that several can work side by side; what depends on earlier batches is for the
// collector.
type rowReader struct {
	row csvfile.Row
	out *readBatch

	// own is what the row before said of its own entity. Files list an entity's grants one
	// after the other, so the next row mostly says the same: raw is compared first.
	own struct {
		raw []byte
		ok  bool // raw was read without an issue
		saidOwn
	}
	buf []byte
}

// readBatch is what the rows of a batch say. Its texts point into the rows, or into memory
// of their own.
type readBatch struct {
	rows  csvfile.Batch
	said  []saidRow
	found []foundIssue // of the rows and, of rows that cannot be read, of the file, by row
}

type foundIssue struct {
	Issue
	isError bool
}

func (i *foundIssue) tell(to *Report) {
	if i.isError {
		to.Error(i.Issue)
	} else {
		to.Warn(i.Issue)
	}
}

// saidOwn is what a row says of its own entity; hash is of all its cells.
type saidOwn struct {
	key  rowKey
	rec  []byte
	hash uint32
}

// saidRow is what a row says. The row is dropped unless usable.
type saidRow struct {
	row    int64
	issues int // how many issues of the batch come up to here
	usable bool
	own    saidOwn
	tells  bool // own is usable, and not what the row before said
	blank  bool // no target

	target     rowKey
	mention    []byte
	permission []byte
	rest       []byte // of the grant
}

// castagnoli is computed by most processors.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// read fills b.said and adds to b.found from b.rows.
func (p *rowReader) read(b *readBatch) {
	p.out, p.own.ok = b, false
	ofFile := b.found
	b.found = nil
	b.said = b.said[:0]
	for i := range b.rows.Len() {
		p.row = b.rows.At(i)
		for len(ofFile) > 0 && ofFile[0].Row < p.row.Number() {
			b.found, ofFile = append(b.found, ofFile[0]), ofFile[1:]
		}
		said := p.said()
		said.row, said.issues = p.row.Number(), len(b.found)
		b.said = append(b.said, said)
	}
	b.found = append(b.found, ofFile...)
}

func (p *rowReader) said() saidRow {
	var s saidRow
	var same bool
	s.usable, same = p.readOwn()
	s.own, s.tells = p.own.saidOwn, s.usable && !same
	if s.blank = p.targetBlank(); s.blank {
		p.warn(colTargetName, CodeEntityOnly, "the row names no target; the entity is loaded without it")
		if s.usable {
			s.rest = appendRest(nil, s.own.key.typ, s.own.key.typ, s.own.hash, nil, "", "", "")
		}
		return s
	}
	s.usable = p.readTarget(&s)
	return s
}

func (p *rowReader) warn(col int, code, format string, args ...any) {
	p.out.found = append(p.out.found, foundIssue{p.issue(col, code, format, args...), false})
}

func (p *rowReader) fail(col int, code, format string, args ...any) {
	p.out.found = append(p.out.found, foundIssue{p.issue(col, code, format, args...), true})
}

func (p *rowReader) issue(col int, code, format string, args ...any) Issue {
	return Issue{Row: p.row.Number(), Column: EntitlementColumns[col].Name, Code: code, Message: fmt.Sprintf(format, args...)}
}

// readOwn reads the entity that the row describes. It is not usable when the row must be
// dropped; same when it says what the row before said.
func (p *rowReader) readOwn() (usable, same bool) {
	p.buf = append(p.buf[:0], p.row.Cell(colProject)...)
	p.buf = append(append(p.buf, 0), p.row.Cell(colType)...)
	p.buf = append(append(p.buf, 0), p.row.Cell(colSourceID)...)
	for i := range ownColumns {
		p.buf = append(append(p.buf, 0), p.row.Cell(ownColumns[i].col)...)
	}
	if p.own.ok && bytes.Equal(p.buf, p.own.raw) {
		return true, true
	}
	p.own.raw, p.buf = p.buf, p.own.raw
	p.own.ok = false
	p.own.saidOwn = saidOwn{hash: crc32.Checksum(p.own.raw, castagnoli)}

	usable, clean := true, true
	for _, col := range [...]int{colName, colType, colSourceType, colSourceID} {
		if len(p.row.Cell(col)) == 0 {
			usable = false
			p.fail(col, CodeRequired, "the cell is empty")
		}
	}
	typ, ok := p.entityType(colType)
	usable = p.fits(colName, colSourceType, colSourceID) && usable && ok

	var rec []byte
	for i := range ownColumns {
		c := &ownColumns[i]
		cell := p.row.Cell(c.col)
		if len(cell) == 0 {
			continue
		}
		if c.kind == textCell {
			if v := cleanCell(cell); len(v) > 0 {
				rec = appendBytes(append(rec, byte(c.attr)), v)
			}
			continue
		}
		v, code, hint := c.kind.normal(cell)
		if code != "" {
			clean = false
			p.warn(c.col, code, "%q is dropped: %s", clip(string(cell)), hint)
			continue
		}
		if v != "" {
			rec = appendText(append(rec, byte(c.attr)), v)
		}
	}
	if !usable {
		return false, false
	}
	p.own.key = rowKey{typ[0], cleanCell(p.row.Cell(colProject)), cleanCell(p.row.Cell(colSourceID))}
	p.own.rec, p.own.ok = rec, clean
	return true, false
}

// maxNameBytes is how long a name, source type or source id may be, its case folded: what the index
// of every store takes.
const maxNameBytes = 3800

// fits reports names, source types and source ids that are too long, here with their row rather than by
// a store that takes less than another.
func (p *rowReader) fits(cols ...int) bool {
	ok := true
	for _, col := range cols {
		cell := p.row.Cell(col)
		if len(cell) <= maxNameBytes/3 || len(access.Fold(string(cleanCell(cell)))) <= maxNameBytes { // folding triples a text at most
			continue
		}
		p.fail(col, CodeLimit, "the cell has %d bytes; a name, source type or source id may have %d", len(cell), maxNameBytes)
		ok = false
	}
	return ok
}

// entityType reads a type cell that is not empty; an empty one has been reported.
func (p *rowReader) entityType(col int) (access.EntityType, bool) {
	cell := p.row.Cell(col)
	if len(cell) == 0 {
		return "", false
	}
	t, ok := access.ParseEntityType(string(cleanCell(cell)))
	if !ok {
		p.fail(col, CodeEnum, "%q is no entity type; the types are identity, connection, resource", clip(string(cell)))
	}
	return t, ok
}

var targetColumns = [...]int{colTargetName, colTargetSourceID, colTargetType, colTargetSourceType}

// targetBlank reports whether the file gives none of the four target cells. Defaults do
// not make a target: a file whose targets are all resources, told by a default, may still
// declare an entity without access. Only where all four are defaults do they count.
func (p *rowReader) targetBlank() bool {
	inFile := false
	for _, col := range targetColumns {
		if len(p.row.Raw(col)) > 0 {
			return false
		}
		inFile = inFile || p.row.InFile(col)
	}
	return inFile
}

func (p *rowReader) readTarget(s *saidRow) (usable bool) {
	usable = s.usable
	var missing []string
	first := -1
	for _, col := range targetColumns {
		if len(p.row.Cell(col)) == 0 {
			missing = append(missing, EntitlementColumns[col].Name)
			if first < 0 {
				first = col
			}
		}
	}
	if first >= 0 {
		p.fail(first, CodePartialTarget, "a target needs all four of its cells; empty: %q", missing)
		usable = false
	}
	typ, ok := p.entityType(colTargetType)
	ok = p.fits(colTargetName, colTargetSourceType, colTargetSourceID) && ok
	value, lastUsed, metadata := p.readGrant()
	if !ok || !usable {
		return false
	}
	if s.permission = cleanCell(p.row.Cell(colPermission)); len(s.permission) == 0 {
		s.permission = []byte(access.DefaultPermission(typ))
	}
	s.target = rowKey{typ[0], s.own.key.project, cleanCell(p.row.Cell(colTargetSourceID))}
	name, sourceType := cleanCell(p.row.Cell(colTargetName)), cleanCell(p.row.Cell(colTargetSourceType))
	b := make([]byte, 0, 2*len(name)+len(sourceType)+len(s.own.key.project)+len(value)+len(lastUsed)+len(metadata)+32)
	b = appendBytes(append(b, byte(attrName)), name)
	b = appendBytes(append(b, byte(attrSourceType)), sourceType)
	s.mention = b[:len(b):len(b)]
	rest := crc32.Update(s.own.hash, castagnoli, s.mention)
	n := len(b)
	b = appendRest(b, s.own.key.typ, typ[0], rest, s.own.key.project, value, lastUsed, metadata)
	s.rest = b[n:]
	return true
}

// readGrant reads what the row says of the permission.
func (p *rowReader) readGrant() (value, lastUsed, metadata string) {
	value = "true"
	if cell := p.row.Cell(colValue); len(cell) > 0 {
		value = p.value(cell)
	}
	for _, c := range [...]struct {
		col  int
		kind cellKind
		to   *string
	}{{colLastUsed, timeCell, &lastUsed}, {colGrantMetadata, jsonCell, &metadata}} {
		cell := p.row.Cell(c.col)
		if len(cell) == 0 {
			continue
		}
		v, code, hint := c.kind.normal(cell)
		if code != "" {
			p.warn(c.col, code, "%q is dropped: %s", clip(string(cell)), hint)
		}
		*c.to = v
	}
	return value, lastUsed, metadata
}

// value reads a permission value. A text that is no boolean is kept as it is, with a
// warning: dropping it, as optional columns do, would leave the default, and so grant
// access out of a typing error or hide what a connector meant. Whether it gives anything
// is said by access.ValueCounts alone.
func (p *rowReader) value(cell []byte) string {
	switch string(cell) {
	case "true":
		return "true"
	case "false":
		return "false"
	}
	s := string(cleanCell(cell))
	b, ok := ParseBool(s)
	switch {
	case !ok:
		p.warn(colValue, CodeBool, "%q is kept as text, which grants the permission: %s", clip(s), boolHint)
		return s
	case b:
		return "true"
	}
	return "false"
}
