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
	integration string // key
	row         csvfile.Walker
	out         *readBatch
	block       blockWriter
	targets     targetCache

	// own is what the row before said of its own entity. Files list an entity's grants one
	// after the other, so the next row mostly says the same: raw is compared first.
	own struct {
		raw []byte
		ok  bool // raw was read without an issue
		*saidOwn
	}
	varying []int // of ownColumns and the key's, those that Walker.Same says nothing of
	buf     []byte
}

// readBatch is what the rows of a batch say. Its texts point into the rows, or into memory
// of their own.
type readBatch struct {
	rows   csvfile.Batch
	said   []saidRow
	blocks []saidBlock
	grants []byte       // of the blocks
	found  []foundIssue // of the rows and, of rows that cannot be read, of the file, by row
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
	id   string
	rec  []byte
	hash uint32
}

// saidRow is what a row says beside its grant, which is in the block.
type saidRow struct {
	row    int64
	issues int         // how many issues of the batch come up to here
	target *saidTarget // nil: none, or the row is dropped
}

// saidBlock is consecutive rows that say the same of their own entity.
type saidBlock struct {
	own        *saidOwn // nil: not usable
	rows       int      // how many of said
	grantsUpTo int      // where the block's grants end
}

// castagnoli is computed by most processors.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// varyingColumns are those in which an entity's rows differ.
var varyingColumns = []int{
	colTargetName, colTargetSourceID, colTargetType, colTargetSourceType, colPermission, colValue, colLastUsed, colGrantMetadata,
}

// read fills b.said and adds to b.found from b.rows.
func (p *rowReader) read(b *readBatch) {
	p.out, p.own.ok = b, false
	ofFile := b.found
	b.found = nil
	b.said, b.blocks, b.grants = b.said[:0], b.blocks[:0], b.grants[:0]
	p.row.Start(&b.rows, varyingColumns)
	p.varying = p.varying[:0]
	for _, col := range describing {
		if p.row.Varies(col) {
			p.varying = append(p.varying, col)
		}
	}
	for p.row.Next() {
		for len(ofFile) > 0 && ofFile[0].Row < p.row.Number() {
			b.found, ofFile = append(b.found, ofFile[0]), ofFile[1:]
		}
		if i := p.row.Issue(); i != nil {
			b.found = append(b.found, foundIssue{*i, true})
			p.own.ok = false
			continue
		}
		said := p.said()
		said.row, said.issues = p.row.Number(), len(b.found)
		b.said = append(b.said, said)
	}
	p.endBlock()
	b.found = append(b.found, ofFile...)
}

// endBlock writes the grants of the last block.
func (p *rowReader) endBlock() {
	if n := len(p.out.blocks); n > 0 {
		p.out.grants = p.block.end(p.out.grants)
		p.out.blocks[n-1].grantsUpTo = len(p.out.grants)
	}
}

func (p *rowReader) said() saidRow {
	usable, same := p.readOwn()
	if !same {
		p.endBlock()
		b := saidBlock{}
		if usable {
			b.own = p.own.saidOwn
		}
		p.out.blocks = append(p.out.blocks, b)
	}
	p.out.blocks[len(p.out.blocks)-1].rows++
	if p.targetBlank() {
		p.warn(colTargetName, CodeEntityOnly, "the row names no target; the entity is loaded without it")
		if usable {
			typ := p.own.key.typ
			p.block.key(noTarget, nil, p.row.Number())
			p.block.rest(typ, typ, p.own.hash, nil, "", "", "")
		}
		return saidRow{}
	}
	return saidRow{target: p.readTarget(usable)}
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
	if p.own.ok && p.row.Same() && p.sameVarying() {
		return true, true
	}
	p.buf = p.buf[:0]
	for _, col := range describing {
		p.buf = append(append(p.buf, p.row.Cell(col)...), 0)
	}
	p.buf = p.buf[:len(p.buf)-1]
	if p.own.ok && bytes.Equal(p.buf, p.own.raw) {
		return true, true
	}
	p.own.raw, p.buf = p.buf, p.own.raw
	p.own.ok = false
	p.own.saidOwn = &saidOwn{hash: crc32.Checksum(p.own.raw, castagnoli)}

	usable, clean := true, true
	for _, col := range [...]int{colName, colType, colSourceType, colSourceID} {
		if len(p.row.Cell(col)) == 0 {
			usable = false
			p.fail(col, CodeRequired, "the cell is empty")
		}
	}
	typ, ok := p.entityType(colType)
	usable = p.fits(colName, colSourceType, colSourceID) && usable && ok

	rec := make([]byte, 0, 128)
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
	p.own.id = p.own.key.id(p.integration)
	p.own.rec, p.own.ok = rec, clean
	return true, false
}

// sameVarying reports whether the describing cells among the varying ones are as before.
func (p *rowReader) sameVarying() bool {
	if len(p.varying) == 0 {
		return true
	}
	raw := p.own.raw
	at := 0
	for _, col := range describing {
		end := bytes.IndexByte(raw, 0)
		if end < 0 {
			end = len(raw)
		}
		if at < len(p.varying) && p.varying[at] == col {
			if at++; !bytes.Equal(raw[:end], p.row.Cell(col)) {
				return false
			}
		}
		raw = raw[min(end+1, len(raw)):]
	}
	return true
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

// readTarget reads the target of a row and its grant. It returns nil when the row must be
// dropped; usable is whether its own entity is usable.
func (p *rowReader) readTarget(usable bool) *saidTarget {
	t := p.knownTarget()
	ok := t != nil
	if !ok {
		t, ok = p.newTarget()
	}
	value, lastUsed, metadata := p.readGrant()
	if !ok || !usable {
		return nil
	}
	permission := cleanCell(p.row.Cell(colPermission))
	if len(permission) == 0 {
		permission = []byte(access.DefaultPermission(typeOf(t.key.typ)))
	}
	if t.id == p.own.id {
		p.warn(colTargetSourceID, CodeSelf, "%q has access to itself", clip(string(t.key.sourceID)))
	}
	p.block.key(t.id, permission, p.row.Number())
	p.block.rest(p.own.key.typ, t.key.typ, crc32.Update(p.own.hash, castagnoli, t.mention), p.own.key.project, value, lastUsed, metadata)
	return t
}

// knownTarget is the target of the row if one of the same cells was read without an issue.
func (p *rowReader) knownTarget() *saidTarget {
	if p.own.saidOwn == nil {
		return nil
	}
	p.buf = append(p.buf[:0], p.own.key.project...)
	for _, col := range targetColumns {
		cell := p.row.Cell(col)
		p.buf = append(append(p.buf, 0), cell...)
	}
	return p.targets.known[string(p.buf)]
}

// newTarget reads the cells of a target, of which p.buf holds the text. Ok is false when
// they cannot be used.
func (p *rowReader) newTarget() (t *saidTarget, ok bool) {
	ok = true
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
		ok = false
	}
	typ, isType := p.entityType(colTargetType)
	if fits := p.fits(colTargetName, colTargetSourceType, colTargetSourceID); !ok || !isType || !fits {
		return nil, false
	}
	t = &saidTarget{key: rowKey{typ[0], bytes.Clone(p.own.key.project), bytes.Clone(cleanCell(p.row.Cell(colTargetSourceID)))}}
	t.id = t.key.id(p.integration)
	t.mention = appendBytes(append(t.mention, byte(attrName)), cleanCell(p.row.Cell(colTargetName)))
	t.mention = appendBytes(append(t.mention, byte(attrSourceType)), cleanCell(p.row.Cell(colTargetSourceType)))
	p.targets.add(p.buf, t)
	return t, true
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
