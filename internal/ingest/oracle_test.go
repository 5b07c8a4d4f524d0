package ingest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
)

// The oracle of the pipeline: rows are read one after the other, in one goroutine, each
// from the reader itself.

type oracleGrant struct {
	source, target         string
	project                string
	sourceType, targetType access.EntityType
	permission, value      string
	lastUsed, metadata     string
	rest                   uint32
}

func oracleClean(cell []byte) string { return access.Clean(string(cell)) }

// oracleMentions is all that rows say, as text.
type oracleMentions struct{ entities, grants []string }

func (m *oracleMentions) entity(s *oracleKey, k access.EntityKey, r role, row int64, rec []byte) error {
	m.entities = append(m.entities, fmt.Sprintf("%s %d %d %c %q %q %q", s.id, r, row, k.Type[0], k.Project, k.SourceID, rec))
	return nil
}

func (m *oracleMentions) grant(g *oracleGrant, row int64) error {
	m.grants = append(m.grants, fmt.Sprintf("%q %q %q %d %c%c %d %q %q %q %q", g.source, g.target, g.permission, row,
		g.sourceType[0], g.targetType[0], g.rest, g.project, g.value, g.lastUsed, g.metadata))
	return nil
}

// oracleParser validates the rows of an entitlements file and turns each into what it says:
// the entity that it describes, the target that it mentions, and the grant.
type oracleParser struct {
	in          *csvfile.Reader
	report      *Report
	integration string // key
	out         *oracleMentions

	own    oracleOwn
	seen   map[string]*oracleKey // a bounded cache, see forget
	bytes  int                   // held by seen
	memory int
	buf    []byte

	// Targets of several projects may turn out to be one entity, whose last mention counts:
	// a repetition may be dropped only when nothing else was said of the type and source
	// id in between. That is followed once a second project occurs.
	project  string
	projects int
	groups   map[string]*oracleGroup
}

// oracleOwn is what the row says of its own entity. Files list an entity's grants one after
// the other, so the next row mostly says the same: raw is compared first.
type oracleOwn struct {
	raw  []byte
	hash uint32 // of raw
	ok   bool   // raw was read without an issue
	key  access.EntityKey
	id   string
}

// oracleKey remembers what was last said of a key, so that repetitions cost nothing.
type oracleKey struct {
	id             string
	own, mentioned []byte // the last record of each role
	described      bool   // has the key been told as described, as a target
	targeted       bool
	group          *oracleGroup // nil while the file has one project
}

// oracleGroup is the keys of one type and source id, in whatever project; last is the one
// mentioned last.
type oracleGroup struct{ last *oracleKey }

// run reads all rows. Issues are in the report; the error is of the source or the disk.
func (p *oracleParser) run(canceled func() error) error {
	p.seen, p.groups = map[string]*oracleKey{}, map[string]*oracleGroup{}
	for p.in.Next() {
		if p.in.Rows()%4096 == 0 {
			if err := canceled(); err != nil {
				return err
			}
		}
		if err := p.row(); err != nil {
			return err
		}
	}
	return p.in.Err()
}

func (p *oracleParser) row() error {
	okOwn, err := p.readOwn()
	if err != nil {
		return err
	}
	blank := p.targetBlank()
	if blank {
		p.report.Warn(p.issue(colTargetName, CodeEntityOnly, "the row names no target; the entity is loaded without it"))
		if !okOwn {
			return nil
		}
		t := p.own.key.Type
		return p.out.grant(&oracleGrant{source: p.own.id, target: noTarget, sourceType: t, targetType: t, rest: p.own.hash}, p.in.Row())
	}
	return p.readTarget(okOwn)
}

func (p *oracleParser) issue(col int, code, format string, args ...any) Issue {
	column := ""
	if col >= 0 {
		column = EntitlementColumns[col].Name
	}
	return Issue{Row: p.in.Row(), Column: column, Code: code, Message: fmt.Sprintf(format, args...)}
}

// readOwn reads the entity that the row describes. It returns false when it cannot be used.
func (p *oracleParser) readOwn() (bool, error) {
	p.buf = append(p.buf[:0], p.in.Cell(colProject)...)
	p.buf = append(append(p.buf, 0), p.in.Cell(colType)...)
	p.buf = append(append(p.buf, 0), p.in.Cell(colSourceID)...)
	for i := range ownColumns {
		p.buf = append(append(p.buf, 0), p.in.Cell(ownColumns[i].col)...)
	}
	if p.own.ok && bytes.Equal(p.buf, p.own.raw) {
		return true, nil
	}
	p.own.raw, p.buf = p.buf, p.own.raw
	p.own.ok = false
	p.own.hash = crc32.Checksum(p.own.raw, castagnoli)

	usable, clean := true, true
	for _, col := range [...]int{colName, colType, colSourceType, colSourceID} {
		if len(p.in.Cell(col)) == 0 {
			usable = false
			p.report.Error(p.issue(col, CodeRequired, "the cell is empty"))
		}
	}
	typ, ok := p.entityType(colType)
	usable = p.fits(colName, colSourceType, colSourceID) && usable && ok

	var rec []byte
	for i := range ownColumns {
		c := &ownColumns[i]
		cell := p.in.Cell(c.col)
		if len(cell) == 0 {
			continue
		}
		v, code, hint := c.kind.normal(cell)
		if code != "" {
			clean = false
			p.report.Warn(p.issue(c.col, code, "%q is dropped: %s", clip(string(cell)), hint))
			continue
		}
		if v != "" {
			rec = appendText(append(rec, byte(c.attr)), v)
		}
	}
	if !usable {
		return false, nil
	}
	p.own.key = access.EntityKey{
		Integration: p.integration, Project: oracleClean(p.in.Cell(colProject)), Type: typ,
		SourceID: oracleClean(p.in.Cell(colSourceID)),
	}
	s := p.know(p.own.key)
	p.own.id, p.own.ok = s.id, clean
	if s.described && bytes.Equal(s.own, rec) {
		return true, nil
	}
	if err := p.out.entity(s, p.own.key, roleOwn, p.in.Row(), rec); err != nil {
		return false, err
	}
	p.bytes += len(rec) - len(s.own)
	s.own, s.described = rec, true
	return true, nil
}

// fits reports names, source types and source ids that are too long, here with their row rather than by
// a store that takes less than another.
func (p *oracleParser) fits(cols ...int) bool {
	ok := true
	for _, col := range cols {
		cell := p.in.Cell(col)
		if len(cell) <= maxNameBytes/3 || len(access.Fold(oracleClean(cell))) <= maxNameBytes { // folding triples a text at most
			continue
		}
		p.report.Error(p.issue(col, CodeLimit, "the cell has %d bytes; a name, source type or source id may have %d", len(cell), maxNameBytes))
		ok = false
	}
	return ok
}

// entityType reads a type cell that is not empty; an empty one has been reported.
func (p *oracleParser) entityType(col int) (access.EntityType, bool) {
	cell := p.in.Cell(col)
	if len(cell) == 0 {
		return "", false
	}
	t, ok := access.ParseEntityType(oracleClean(cell))
	if !ok {
		p.report.Error(p.issue(col, CodeEnum, "%q is no entity type; the types are identity, connection, resource", clip(string(cell))))
	}
	return t, ok
}

// targetBlank reports whether the file gives none of the four target cells. Defaults do
// not make a target: a file whose targets are all resources, told by a default, may still
// declare an entity without access. Only where all four are defaults do they count.
func (p *oracleParser) targetBlank() bool {
	inFile := false
	for _, col := range targetColumns {
		if len(p.in.Raw(col)) > 0 {
			return false
		}
		inFile = inFile || p.in.InFile(col)
	}
	return inFile
}

func (p *oracleParser) readTarget(usable bool) error {
	var missing []string
	first := -1
	for _, col := range targetColumns {
		if len(p.in.Cell(col)) == 0 {
			missing = append(missing, EntitlementColumns[col].Name)
			if first < 0 {
				first = col
			}
		}
	}
	if first >= 0 {
		p.report.Error(p.issue(first, CodePartialTarget, "a target needs all four of its cells; empty: %q", missing))
		usable = false
	}
	typ, ok := p.entityType(colTargetType)
	ok = p.fits(colTargetName, colTargetSourceType, colTargetSourceID) && ok
	g, err := p.readGrant(typ)
	if err != nil || !ok || !usable {
		return err
	}
	key := access.EntityKey{
		Integration: p.integration, Project: p.own.key.Project, Type: typ,
		SourceID: oracleClean(p.in.Cell(colTargetSourceID)),
	}
	// The own entity first: know may empty the cache.
	source, sourceType := p.own.id, p.own.key.Type
	s := p.know(key)
	p.buf = appendText(append(p.buf[:0], byte(attrName)), oracleClean(p.in.Cell(colTargetName)))
	p.buf = appendText(append(p.buf, byte(attrSourceType)), oracleClean(p.in.Cell(colTargetSourceType)))
	if !s.targeted || !bytes.Equal(s.mentioned, p.buf) || (s.group != nil && s.group.last != s) {
		if err := p.out.entity(s, key, roleTarget, p.in.Row(), p.buf); err != nil {
			return err
		}
		p.bytes += len(p.buf) - len(s.mentioned)
		s.mentioned, s.targeted = append(s.mentioned[:0], p.buf...), true
		if s.group != nil {
			s.group.last = s
		}
	}
	if source == s.id {
		p.report.Warn(p.issue(colTargetSourceID, CodeSelf, "%q has access to itself", clip(key.SourceID)))
	}
	g.source, g.target, g.sourceType, g.targetType, g.project = source, s.id, sourceType, typ, key.Project
	g.rest = crc32.Update(p.own.hash, castagnoli, p.buf)
	return p.out.grant(&g, p.in.Row())
}

// readGrant reads what the row says of the permission.
func (p *oracleParser) readGrant(target access.EntityType) (oracleGrant, error) {
	g := oracleGrant{permission: oracleClean(p.in.Cell(colPermission)), value: "true"}
	if g.permission == "" {
		g.permission = access.DefaultPermission(target)
	}
	if cell := p.in.Cell(colValue); len(cell) > 0 {
		g.value = p.value(cell)
	}
	for _, c := range [...]struct {
		col  int
		kind cellKind
		to   *string
	}{{colLastUsed, timeCell, &g.lastUsed}, {colGrantMetadata, jsonCell, &g.metadata}} {
		cell := p.in.Cell(c.col)
		if len(cell) == 0 {
			continue
		}
		v, code, hint := c.kind.normal(cell)
		if code != "" {
			p.report.Warn(p.issue(c.col, code, "%q is dropped: %s", clip(string(cell)), hint))
		}
		*c.to = v
	}
	return g, nil
}

// value reads a permission value. A text that is no boolean is kept as it is, with a
// warning: dropping it, as optional columns do, would leave the default, and so grant
// access out of a typing error or hide what a connector meant. Whether it gives anything
// is said by access.ValueCounts alone.
func (p *oracleParser) value(cell []byte) string {
	s := oracleClean(cell)
	b, ok := ParseBool(s)
	switch {
	case !ok:
		p.report.Warn(p.issue(colValue, CodeBool, "%q is kept as text, which grants the permission: %s", clip(s), boolHint))
		return s
	case b:
		return "true"
	}
	return "false"
}

// know returns what is known of a key, deriving its id once.
func (p *oracleParser) know(k access.EntityKey) *oracleKey {
	if p.projects == 0 || (p.projects == 1 && k.Project != p.project) {
		p.project = k.Project
		p.projects++
		p.forget()
	}
	var scratch [256]byte
	name := append(scratch[:0], k.Type[0])
	name = binary.AppendUvarint(name, uint64(len(k.Project)))
	name = append(append(name, k.Project...), k.SourceID...)
	if s := p.seen[string(name)]; s != nil {
		return s
	}
	if p.bytes > p.memory/seenPart {
		p.forget()
	}
	s := &oracleKey{id: k.ID()}
	p.seen[string(name)] = s
	p.bytes += len(name) + 200 // with the overhead of the map
	if p.projects > 1 {
		group := append(append(scratch[:0], k.Type[0]), k.SourceID...)
		if s.group = p.groups[string(group)]; s.group == nil {
			s.group = &oracleGroup{}
			p.groups[string(group)] = s.group
			p.bytes += len(group) + 64
		}
	}
	return s
}

// forget empties the cache; what is said again afterwards is recorded again.
func (p *oracleParser) forget() {
	clear(p.seen)
	clear(p.groups)
	p.bytes = 0
}
