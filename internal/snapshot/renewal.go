package snapshot

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// renewal puts a new snapshot together from an old one and changes.
type renewal struct {
	old *Snapshot
	c   *Changes
	s   *Snapshot

	rows        *renumbering
	live, ended *grantPlan
}

// run does it step by step; between the steps it looks at ctx.
func (r *renewal) run(ctx context.Context) error {
	for _, step := range []func() error{r.number, r.people, r.columns, r.plan, r.tables, r.connect} {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := step(); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// number gives the new rows their places.
func (r *renewal) number() error {
	for _, e := range r.c.entities {
		if slices.Index(access.EntityTypes, e.Type) < 0 {
			return access.Errorf(access.CodeInternal, "entity %s has the unknown type %q", e.ID, e.Type)
		}
	}
	r.rows = r.old.renumber(r.c.entities)
	r.s.n = r.rows.n
	return nil
}

// people renews the employees; entities find theirs in columns.
func (r *renewal) people() error {
	r.s.integrations = integrationNames(r.c.integrations)
	if len(r.c.employees) == 0 {
		r.s.people = r.old.people
		return nil
	}
	all, err := collect(merged(slices.Values(r.old.people.all), r.c.employees, func(a, b *access.Employee) int { return strings.Compare(a.ID, b.ID) }))
	r.s.people = newPeople(all)
	return err
}

// columns renews what rows have.
func (r *renewal) columns() error {
	s, old, rows := r.s, r.old, r.rows
	var work []func()
	for f := range s.text {
		work = append(work, func() { s.text[f] = r.text(textField(f)) })
	}
	for f := range s.plain {
		work = append(work, func() {
			s.plain[f] = old.plain[f].renewed(rows, func(e *access.Entity) string { return plainOf(e)[f] })
		})
	}
	for f := range s.time {
		work = append(work, func() {
			s.time[f] = old.time[f].renewed(rows, func(e *access.Entity) time.Time { return timesOf(e)[f] })
		})
	}
	for f := range s.enums {
		work = append(work, func() {
			s.enums[f] = old.enums[f].renewed(rows, func(e *access.Entity) string { return enumsOf(e)[f] })
		})
	}
	lists := func(c *column, of func(e *access.Entity) []string) *column {
		fresh := make([][]string, len(rows.entity))
		for i, e := range rows.entity {
			fresh[i] = of(e)
		}
		return c.renewedLists(rows, rows.changed, fresh)
	}
	work = append(work,
		func() { s.factors = lists(old.factors, func(e *access.Entity) []string { return e.Factors }) },
		func() { s.labels = lists(old.labels, func(e *access.Entity) []string { return e.Labels }) },
		func() { s.insightNames = lists(old.insightNames, namesOfInsights) },
		r.said, r.identity,
	)
	inTurn(work)
	return nil
}

// text renews a text column. The names of integrations and applications are those of the
// present, also on rows that did not change.
func (r *renewal) text(f textField) *column {
	rows := r.rows
	of := func(e *access.Entity) string { return textsOf(e, r.s.integrations)[f] }
	column := r.old.text[f]
	if (f == textApplication || f == textIntegrationName) && !r.sameNames(f) {
		b := newColumnBuilder()
		b.codes = make([]uint32, 0, rows.n)
		next := 0
		for row, was := range rows.was {
			if next < len(rows.changed) && rows.changed[next] == uint32(row) { //nolint:gosec // an index
				b.add(of(rows.entity[next]))
				next++
				continue
			}
			names := r.s.integrations[r.old.plain[plainIntegration].text(was)]
			b.add(names.of(f))
		}
		return b.single(identityOrder(rows.n))
	}
	fresh := make([]string, len(rows.entity))
	for i, e := range rows.entity {
		fresh[i] = of(e)
	}
	return column.renewed(rows, rows.changed, fresh)
}

func (r *renewal) sameNames(f textField) bool {
	for key, names := range r.old.integrations {
		if r.s.integrations[key].of(f) != names.of(f) {
			return false
		}
	}
	for key, names := range r.s.integrations { // entities may have come before their integration
		if _, known := r.old.integrations[key]; !known && names.of(f) != "" {
			return false
		}
	}
	return true
}

func identityOrder(n int) []uint32 {
	out := make([]uint32, n)
	for i := range out {
		out[i] = uint32(i) //nolint:gosec // an index
	}
	return out
}

// identity renews ids, kinds and the sets of rows that follow from them.
func (r *renewal) identity() {
	s, old, rows := r.s, r.old, r.rows
	s.ids = rowsOf(rows, old.ids, func(e *access.Entity) string { return e.ID })
	s.kind = rowsOf(rows, old.kind, func(e *access.Entity) uint8 { return uint8(slices.Index(access.EntityTypes, e.Type)) }) //nolint:gosec // below 3
	s.live = rows.bits(old.live, func(e *access.Entity) bool { return !e.Removed() })
	s.stub = rows.bits(old.stub, func(e *access.Entity) bool { return e.Stub })
	if rows.same {
		s.byID, s.idPos = old.byID, old.idPos
		return
	}
	var added []uint32 // new rows of entities that the old snapshot has not
	for _, row := range rows.changed {
		if rows.was[row] == none {
			added = append(added, row)
		}
	}
	slices.SortFunc(added, func(x, y uint32) int { return cmp.Compare(s.ids[x], s.ids[y]) })
	s.byID, s.idPos = make([]uint32, 0, rows.n), make([]uint32, rows.n)
	for _, was := range old.byID {
		row := rows.now[was]
		for len(added) > 0 && s.ids[added[0]] < old.ids[was] {
			s.byID, added = append(s.byID, added[0]), added[1:]
		}
		s.byID = append(s.byID, row)
	}
	s.byID = append(s.byID, added...)
	for i, row := range s.byID {
		s.idPos[row] = uint32(i) //nolint:gosec // an index
	}
}

// bits is rowsOf for a set.
func (r *renumbering) bits(old Bits, fresh func(*access.Entity) bool) Bits {
	out := NewBits(r.n)
	if r.same {
		copy(out, old)
	} else {
		for row := range old.Rows {
			out.Set(r.now[row])
		}
	}
	for i, row := range r.changed {
		if fresh(r.entity[i]) {
			out.Set(row)
		} else {
			out.Clear(row)
		}
	}
	return out
}

// said renews insights, mappings and whose account a row is.
func (r *renewal) said() {
	s, old, rows := r.s, r.old, r.rows
	samePeople := s.people == old.people
	if rows.same && len(rows.changed) == 0 && samePeople {
		s.insights, s.insightsAt, s.mapped, s.employeeAt = old.insights, old.insightsAt, old.mapped, old.employeeAt
		return
	}
	for f := range s.mapped.text {
		s.mapped.text[f] = old.mapped.text[f].renewed(rows, func(e *access.Entity) string { text, _ := mappedOf(e); return text[f] })
	}
	s.mapped.at = old.mapped.at.renewed(rows, func(e *access.Entity) time.Time { _, at := mappedOf(e); return at })
	s.insights = make([][]access.Insight, 0, len(old.insights))
	s.insightsAt, s.employeeAt = make([]int32, rows.n), make([]int32, rows.n)
	next := 0
	for row, was := range rows.was {
		s.insightsAt[row], s.employeeAt[row] = -1, -1
		if next < len(rows.changed) && rows.changed[next] == uint32(row) { //nolint:gosec // an index
			e := rows.entity[next]
			next++
			if len(e.Insights) > 0 {
				s.insightsAt[row] = int32(len(s.insights)) //nolint:gosec // fewer than 2^31
				s.insights = append(s.insights, e.Insights)
			}
			if m := e.Mapping; m != nil && m.Relation != access.NotMapped {
				s.employeeAt[row] = s.people.find(m.EmployeeID)
			}
			continue
		}
		if i := old.insightsAt[was]; i >= 0 {
			s.insightsAt[row] = int32(len(s.insights)) //nolint:gosec // fewer than 2^31
			s.insights = append(s.insights, old.insights[i])
		}
		switch employee := old.mapped.text[mappedEmployee].text(was); {
		case employee == "":
		case samePeople:
			s.employeeAt[row] = old.employeeAt[was]
		default:
			s.employeeAt[row] = s.people.find(employee)
		}
	}
}

// plan places the grants.
func (r *renewal) plan() error {
	var err error
	if r.live, err = r.planOf(r.old.grants, r.c.live, true); err != nil {
		return err
	}
	r.ended, err = r.planOf(r.old.ended, r.c.ended, false)
	return err
}

func (r *renewal) planOf(t *grantTable, list []access.Grant, live bool) (*grantPlan, error) {
	fresh := make([]freshGrant, len(list))
	for i := range list {
		g := &list[i]
		source, known := r.s.Row(g.Source)
		target, also := r.s.Row(g.Target)
		if !known || !also || live && (!r.s.live.Has(source) || !r.s.live.Has(target)) {
			return nil, access.Errorf(access.CodeInternal, "the store holds a grant %s → %s of an entity that does not exist or is removed", g.Source, g.Target)
		}
		fresh[i] = freshGrant{source, target, g}
	}
	slices.SortFunc(fresh, compareFresh)
	return planGrants(t, r.rows, r.old.goneFrom(t, r.c.pairs), fresh), nil
}

// compareFresh is the order of a grant table.
func compareFresh(a, b freshGrant) int {
	return cmp.Or(
		cmp.Compare(a.source, b.source), cmp.Compare(a.target, b.target), strings.Compare(a.g.Permission, b.g.Permission),
		strings.Compare(a.g.Scope, b.g.Scope), strings.Compare(a.g.Value, b.g.Value), a.g.From.Compare(b.g.From), a.g.To.Compare(b.g.To),
	)
}

// tables gathers the new grant tables.
func (r *renewal) tables() error {
	r.s.grants = r.old.grants.renewed(r.live, r.rows)
	r.s.ended = r.old.ended.renewed(r.ended, r.rows)
	return nil
}

// connect derives what traversal needs.
func (r *renewal) connect() error {
	s, old := r.s, r.old
	for i := range s.types {
		s.types[i] = s.enums[enumType].bits(i)
	}
	s.cache = newShowCache(s.n)
	if r.live.same && shares(s.kind, old.kind) {
		s.to, s.from, s.bundles, s.topology, s.loops = old.to, old.from, old.bundles, old.topology, old.loops
		return nil
	}
	s.connect()
	return nil
}
