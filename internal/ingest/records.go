package ingest

import (
	"encoding/binary"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Entities, grants and mappings in the binary form of spools. What only readers set
// (labels, insights, mapping) is left out.

func appendEntity(b []byte, e *access.Entity) []byte {
	for _, s := range [...]string{
		e.ID, e.Integration, e.Project, string(e.Type), e.SourceID, e.SourceType, e.Name,
		e.Username, e.Email, e.FirstName, e.LastName, string(e.Status),
		string(e.MFA), string(e.SuperAdmin), string(e.Administrative), string(e.External), string(e.Locked),
		string(e.ServiceAccount), e.ServiceAccountReason, e.Metadata,
	} {
		b = appendText(b, s)
	}
	b = appendTime(b, e.LastLogin)
	b = appendTime(b, e.LatestActivity)
	b = appendTime(b, e.LastPasswordChanged)
	b = appendTime(b, e.FirstSeen)
	b = binary.AppendUvarint(b, uint64(len(e.Factors)))
	for _, f := range e.Factors {
		b = appendText(b, f)
	}
	return append(b, flag(e.Stub))
}

// shared gives the texts of a record as parts of one copy of it, so that reading one costs
// one allocation.
type shared struct {
	*decoder
	whole string
}

func (d *decoder) shared() shared { return shared{d, string(d.b)} }

func (s shared) text() string {
	n := len(s.bytes())
	end := len(s.whole) - len(s.b)
	if s.err != nil {
		return ""
	}
	return s.whole[end-n : end]
}

func (d *decoder) entity() *access.Entity {
	e := &access.Entity{}
	t := d.shared()
	for _, p := range [...]*string{
		&e.ID, &e.Integration, &e.Project, (*string)(&e.Type), &e.SourceID, &e.SourceType, &e.Name,
		&e.Username, &e.Email, &e.FirstName, &e.LastName, (*string)(&e.Status),
		(*string)(&e.MFA), (*string)(&e.SuperAdmin), (*string)(&e.Administrative), (*string)(&e.External), (*string)(&e.Locked),
		(*string)(&e.ServiceAccount), &e.ServiceAccountReason, &e.Metadata,
	} {
		*p = t.text()
	}
	e.LastLogin, e.LatestActivity, e.LastPasswordChanged, e.FirstSeen = d.time(), d.time(), d.time(), d.time()
	for n := d.uint(); n > 0 && d.err == nil; n-- {
		e.Factors = append(e.Factors, t.text())
	}
	e.Stub = d.byte() != 0
	return e
}

func appendGrant(b []byte, g *access.Grant) []byte {
	b = appendText(b, g.Source)
	b = appendText(b, g.Target)
	b = appendText(b, g.Permission)
	b = appendText(b, g.Scope)
	b = appendText(b, g.Value)
	b = append(b, flag(g.Counts))
	b = appendText(b, g.Project)
	b = appendTime(b, g.LastUsed)
	b = appendText(b, g.Metadata)
	return appendTime(b, g.From)
}

func (d *decoder) grant() *access.Grant {
	t := d.shared()
	return &access.Grant{
		Source: t.text(), Target: t.text(), Permission: t.text(), Scope: t.text(), Value: t.text(),
		Counts: d.byte() != 0, Project: t.text(), LastUsed: d.time(), Metadata: t.text(), From: d.time(),
	}
}

func appendMapping(b []byte, m *access.Mapping) []byte {
	for _, s := range [...]string{m.EntityID, m.EmployeeID, string(m.Relation), string(m.Origin), m.Reason} {
		b = appendText(b, s)
	}
	return appendTime(b, m.At)
}

func (d *decoder) mapping() *access.Mapping {
	return &access.Mapping{
		EntityID: d.text(), EmployeeID: d.text(), Relation: access.MappingRelation(d.text()),
		Origin: access.MappingOrigin(d.text()), Reason: d.text(), At: d.time(),
	}
}

func (d *decoder) uint() uint64 {
	n, w := binary.Uvarint(d.b)
	if w <= 0 {
		d.err, d.b = errDecode, nil
		return 0
	}
	d.b = d.b[w:]
	return n
}

func flag(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// splitFactors undoes joinFactors.
func splitFactors(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ";")
}
