package ingest

import (
	"encoding/binary"
	"fmt"
	"iter"

	"github.com/accessgraph/accessgraph/internal/access"
)

// entities merges the rows' mentions with the stored entities and mappings, all by
// entity id. It writes the changes of entities and of automatic mappings.
func (d *diff) entities(integration string, said cursor, stored iter.Seq2[*access.Entity, error], mapped cursor) error {
	s, m := peek(said), peek(mapped)
	next, stop := iter.Pull2(stored)
	defer stop()
	var old *access.Entity
	load := func() error {
		e, err, more := next()
		if old = nil; more && err == nil {
			old = e
		}
		return err
	}
	if err := load(); err != nil {
		return err
	}
	for s.has || old != nil {
		order := -1
		switch {
		case !s.has:
			order = 1
		case old != nil:
			order = compareText(s.key()[:idLen], old.ID)
		}
		was := old
		if order < 0 {
			was = nil
		}
		now := was
		if order <= 0 {
			g := mentionGroup{diff: d, stored: was}
			var err error
			if now, err = g.fold(integration, s); err != nil {
				return err
			}
		} else if d.mode == Snapshot {
			now = nil
		}
		if err := d.entity(was, now); err != nil {
			return err
		}
		if err := d.mapping(now, m); err != nil {
			return err
		}
		if order >= 0 {
			if err := load(); err != nil {
				return err
			}
		}
	}
	if err := s.err(); err != nil {
		return err
	}
	return m.err()
}

// entity writes the change from one state to another; nil is none.
func (d *diff) entity(was, now *access.Entity) error {
	c := &d.report.Entities
	if was != nil {
		d.live++
	}
	if now != nil {
		d.cycles.entity(now, d.mode)
	}
	switch {
	case now == nil:
		c.Removed++
		return d.out.removeEntity(was.ID)
	case was == nil:
		c.Added++
		return d.out.putEntity(now)
	case was == now || sameEntity(was, now):
		c.Unchanged++
		return nil
	}
	c.Updated++
	return d.out.putEntity(now)
}

// mapping brings the automatic mapping of an identity up to date. What a person decided
// stays, also that an identity belongs to nobody; so do the mappings of removed entities.
func (d *diff) mapping(now *access.Entity, m *peeking) error {
	if now == nil {
		return nil
	}
	var old *access.Mapping
	for m.has {
		dec := decoder{b: m.val()}
		next := dec.mapping()
		if dec.err != nil {
			return dec.err
		}
		if next.EntityID > now.ID {
			break
		}
		if next.EntityID == now.ID {
			old = next
		}
		m.advance()
	}
	if old != nil && old.Origin == access.ManualMapping {
		return nil
	}
	employee, reason, ok := "", "", false
	if d.auto != nil && now.Type == access.Identity && now.ServiceAccount != access.True {
		employee, reason, ok = d.auto.Match(now)
	}
	c := d.report.Mappings
	switch {
	case !ok && old == nil:
		return nil
	case !ok:
		c.Removed++
		return d.out.removeMapping(now.ID)
	case old != nil && old.EmployeeID == employee && old.Relation == access.IS && old.Reason == reason:
		c.Unchanged++
		return nil
	case old != nil:
		c.Updated++
	default:
		c.Added++
	}
	return d.out.putMapping(&access.Mapping{
		EntityID: now.ID, EmployeeID: employee, Relation: access.IS, Origin: access.AutomaticMapping, Reason: reason, At: d.at,
	})
}

// mentionGroup folds all mentions of one entity, its own rows first, each role by row.
type mentionGroup struct {
	*diff
	stored *access.Entity
	own    values
	ownRow int64 // the first of its own rows, 0 = none
	target values
	anyRow int64 // the first row that mentions it as a target
}

func (g *mentionGroup) fold(integration string, s *peeking) (*access.Entity, error) {
	id := string(s.key()[:idLen])
	var key access.EntityKey
	for s.has && string(s.key()[:idLen]) == id {
		r := role(s.key()[idLen])
		row := int64(binary.BigEndian.Uint64(s.key()[idLen+1:])) //nolint:gosec // as written
		d := decoder{b: s.val()}
		typ, project, sourceID := typeOf(d.byte()), d.bytes(), d.bytes()
		if key.Type == "" || r == roleOwn {
			// A redirected mention names another project: the entity's own key is that of
			// its own rows, or of the store.
			key = access.EntityKey{Integration: integration, Type: typ, Project: string(project), SourceID: string(sourceID)}
		}
		var v values
		for len(d.b) > 0 {
			a := attribute(d.byte())
			v[a] = d.text()
		}
		if d.err != nil {
			return nil, d.err
		}
		if r == roleOwn {
			g.ownMention(&v, row)
		} else {
			g.targetMention(&v, row)
		}
		s.advance()
	}
	if err := s.err(); err != nil {
		return nil, err
	}
	return g.result(key, id), nil
}

func (g *mentionGroup) ownMention(v *values, row int64) {
	if g.ownRow == 0 {
		g.ownRow = row
	} else {
		g.conflict(&g.own, v, row, colName, "an earlier row", "the last wins")
	}
	for a, text := range v {
		if text != "" {
			g.own[a] = text
		}
	}
}

func (g *mentionGroup) targetMention(v *values, row int64) {
	repeats := g.target[attrName] == v[attrName] && g.target[attrSourceType] == v[attrSourceType]
	switch {
	case repeats:
	case g.ownRow > 0:
		g.conflict(&g.own, v, row, colTargetName, "its own row", "its own row wins")
	case g.stored != nil && !g.stored.Stub:
		known := values{attrName: g.stored.Name, attrSourceType: g.stored.SourceType}
		g.conflict(&known, v, row, colTargetName, "an earlier import", "what described it stays")
	case g.anyRow > 0:
		g.conflict(&g.target, v, row, colTargetName, "an earlier row", "the last wins")
	}
	if g.anyRow == 0 || row < g.anyRow {
		g.anyRow = row
	}
	g.target = *v
}

// conflict warns when a name or source type differs from what is known.
func (g *mentionGroup) conflict(known, v *values, row int64, col int, where, outcome string) {
	for _, a := range [...]attribute{attrName, attrSourceType} {
		if v[a] == "" || v[a] == known[a] {
			continue
		}
		what := "name"
		if a == attrSourceType {
			what = "source type"
			col = map[int]int{colName: colSourceType, colTargetName: colTargetSourceType}[col]
		}
		g.report.Warn(Issue{Row: row, Column: EntitlementColumns[col].Name, Code: CodeConflict, Message: fmt.Sprintf(
			"the %s is %q here and %q in %s; %s", what, clip(v[a]), clip(known[a]), where, outcome)})
		return // once per row
	}
}

func (g *mentionGroup) result(key access.EntityKey, id string) *access.Entity {
	var e *access.Entity
	if g.stored != nil {
		e = &g.scratch // what becomes of it is written before the next entity
		*e = *g.stored
	} else {
		e = newEntity(key, id)
	}
	switch {
	case g.ownRow > 0:
		e.Stub = false
		g.overlay(e, &g.own)
		classify(e)
		if e.Type == access.Identity && e.ServiceAccount != access.True && e.FirstName == "" {
			g.report.Warn(Issue{Row: g.ownRow, Column: EntitlementColumns[colFirstName].Name, Code: CodeMissingName,
				Message: fmt.Sprintf("the user %q has no first name", clip(e.Name))})
		}
	case g.stored == nil || g.stored.Stub:
		e.Stub = true
		e.Name, e.SourceType = g.target[attrName], g.target[attrSourceType]
		classify(e)
		g.report.Warn(Issue{Row: g.anyRow, Column: EntitlementColumns[colTargetSourceID].Name, Code: CodeStub,
			Message: fmt.Sprintf("no row describes %s %q (%s); it is known only as a target", typeWord(typeIndex(e.Type[0])), clip(e.Name), clip(e.SourceID))})
	}
	return e
}
