package snapshot

import (
	"context"
	"slices"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// evaluator turns a filter tree into the set of rows that pass.
type evaluator struct {
	ctx context.Context
	s   *Snapshot
	now time.Time
}

// Select returns the rows that pass the filter, out of its population: live entities, and
// removed ones where it includes them. The set is the caller's.
func (s *Snapshot) Select(ctx context.Context, f *filter.Filter, search string, now time.Time) (Bits, error) {
	e := evaluator{ctx, s, now}
	rows, err := e.eval(filter.Both(f.Tree(now), filter.SearchNode(search)))
	if err != nil {
		return nil, err
	}
	if !f.IncludesRemoved() {
		rows.And(s.live)
	} else if p := s.derived.patch; p != nil && p.known != nil {
		rows.And(p.known)
	}
	return rows, nil
}

func (e *evaluator) all() Bits {
	all := NewBits(e.s.n)
	all.Flip(e.s.n)
	return all
}

// eval returns the rows, live or removed, that pass; the set is the caller's.
func (e *evaluator) eval(n filter.Node) (Bits, error) {
	if err := e.ctx.Err(); err != nil {
		return nil, err
	}
	if !kept(n) {
		return e.find(n)
	}
	key, ok := nodeKey(nil, n)
	if !ok {
		return e.find(n)
	}
	if rows, ok := e.s.answers.get(key); ok {
		return rows, nil
	}
	rows, err := e.find(n)
	if err == nil {
		e.s.answers.put(key, rows)
	}
	return rows, err
}

// find is eval for what is not kept.
func (e *evaluator) find(n filter.Node) (Bits, error) {
	s := e.s
	switch n := n.(type) {
	case nil:
		return e.all(), nil
	case filter.All:
		return e.evalAll(n)
	case filter.People:
		return e.people(n)
	case filter.Related:
		return e.related(n)
	}
	out := NewBits(s.n)
	switch n := n.(type) {
	case filter.Any:
		for _, part := range n {
			rows, err := e.eval(part)
			if err != nil {
				return nil, err
			}
			out.Or(rows)
		}
	case filter.Not:
		rows, err := e.eval(n.Part)
		if err != nil {
			return nil, err
		}
		rows.Flip(s.n)
		return rows, nil
	case filter.Text:
		if n.Attr == filter.AttrPermission {
			return out, s.matchPermission(e.ctx, &n.Match, out)
		}
		column, err := s.column(n.Attr)
		if err != nil {
			return nil, err
		}
		column.matchRows(&n.Match, n.Attr.IsEmail(), out)
	case filter.In:
		switch n.Attr {
		case filter.AttrFactorStrength:
			s.matchStrength(n.Values, out)
			return out, nil
		case filter.AttrID:
			for _, id := range n.Values {
				if row, ok := s.Row(id); ok {
					out.Set(row)
				}
			}
			return out, nil
		}
		field, ok := enumOf[n.Attr]
		if !ok {
			return nil, unknownAttr(n.Attr)
		}
		s.enums[field].matchRows(n.Values, out)
	case filter.NotAfter:
		field, ok := timeOf[n.Attr]
		if !ok {
			return nil, unknownAttr(n.Attr)
		}
		s.time[field].notAfter(n.At, out)
	case filter.Missing:
		field, ok := timeOf[n.Attr]
		if !ok {
			return nil, unknownAttr(n.Attr)
		}
		for row := range uint32(s.n) { //nolint:gosec // fewer than 2^32 rows
			if s.time[field].missing(row) {
				out.Set(row)
			}
		}
	default:
		return nil, access.Errorf(access.CodeInternal, "the memory engine does not know the filter node %T", n)
	}
	return out, nil
}

// evalAll intersects, cheap parts first: an empty set makes the closures needless.
func (e *evaluator) evalAll(parts filter.All) (Bits, error) {
	var out Bits // nil = everything
	for _, dear := range []bool{false, true} {
		for _, part := range parts {
			if expensive(part) != dear {
				continue
			}
			if out != nil && out.Empty() {
				return out, nil
			}
			rows, err := e.eval(part)
			if err != nil {
				return nil, err
			}
			if out == nil {
				out = rows
			} else {
				out.And(rows)
			}
		}
	}
	if out == nil {
		return e.all(), nil
	}
	return out, nil
}

func expensive(n filter.Node) bool {
	switch n := n.(type) {
	case filter.Related, filter.People:
		return true
	case filter.Not:
		return expensive(n.Part)
	case filter.All:
		return slices.ContainsFunc(n, expensive)
	case filter.Any:
		return slices.ContainsFunc(n, expensive)
	}
	return false
}

func unknownAttr(a filter.Attr) error {
	return access.Errorf(access.CodeInternal, "the memory engine cannot test the attribute %q so", a)
}

var textOf = map[filter.Attr]textField{
	filter.AttrName: textName, filter.AttrSourceType: textSourceType, filter.AttrSourceID: textSourceID,
	filter.AttrApplication: textApplication, filter.AttrIntegration: textIntegrationName, filter.AttrSourceSystem: textIntegrationName,
	filter.AttrProject: textProject, filter.AttrUsername: textUsername, filter.AttrEmail: textEmail,
}

var enumOf = map[filter.Attr]enumField{
	filter.AttrType: enumType, filter.AttrStatus: enumStatus, filter.AttrIdentityType: enumIdentityType, filter.AttrMFA: enumMFA,
	filter.AttrSuperAdmin: enumSuperAdmin, filter.AttrAdministrative: enumAdministrative, filter.AttrExternal: enumExternal,
	filter.AttrServiceAccount: enumServiceAccount,
}

var timeOf = map[filter.Attr]timeField{
	filter.AttrLastActive: timeLastActive, filter.AttrLastPasswordChanged: timeLastPasswordChanged,
}

func (s *Snapshot) column(a filter.Attr) (*column, error) {
	switch a {
	case filter.AttrInsight:
		return s.insightNames, nil
	case filter.AttrLabel:
		return s.labels, nil
	case filter.AttrFactor:
		return s.factors, nil
	}
	f, ok := textOf[a]
	if !ok {
		return nil, unknownAttr(a)
	}
	return s.text[f], nil
}

// matchPermission adds the rows that hold such a permission on anything to out.
func (s *Snapshot) matchPermission(ctx context.Context, m *filter.StringMatch, out Bits) error {
	present := m.IsEmpty != nil && *m.IsEmpty
	accepted := &permissionSet{}
	if rest := *m; present || rest.Eq == nil && len(rest.In) == 0 && rest.Contains == nil && rest.StartsWith == nil && rest.EndsWith == nil {
		if present && (m.Eq != nil || len(m.In) > 0 || m.Contains != nil || m.StartsWith != nil || m.EndsWith != nil) {
			return nil
		}
		accepted.codes = NewBits(s.permissionCodes())
		accepted.codes.Flip(s.permissionCodes())
	} else {
		accepted.codes = s.matchCodes(m)
	}
	passing := s.bundles.passing(accepted)
	err := s.eachRow(ctx, s.live, func(row uint32) {
		if _, bundles := s.to.with(row); slices.ContainsFunc(bundles, passing.Has) {
			out.Set(row)
		}
	})
	if present {
		out.Flip(s.n)
	}
	return err
}

func (s *Snapshot) matchStrength(values []string, out Bits) {
	for code, factor := range s.factors.all {
		if slices.Contains(values, string(access.StrengthOf(factor))) {
			s.factors.addTo(code, out)
		}
	}
}

// people evaluates employee conditions: on the own employee of an identity; on what is
// no identity, whether some identity that passes reaches it.
func (e *evaluator) people(n filter.People) (Bits, error) {
	passing, unmapped, err := e.employees(n)
	if err != nil {
		return nil, err
	}
	s := e.s
	out := NewBits(s.n)
	for row := range s.types[kindIdentity].Rows {
		if at := s.employeeAt[row]; at >= 0 && passing.Has(uint32(at)) || at < 0 && unmapped { //nolint:gosec // not negative
			out.Set(row)
		}
	}
	if out.Empty() {
		return out, nil
	}
	reached := s.forward(out, nil)
	reached.AndNot(s.types[kindIdentity])
	out.Or(reached)
	return out, nil
}

// employees returns the employees that pass every part, and whether an identity without
// an employee does.
func (e *evaluator) employees(n filter.People) (passing Bits, unmapped bool, err error) {
	p := e.s.people
	passing, unmapped = NewBits(len(p.all)), true
	passing.Flip(len(p.all))
	for _, part := range n.Parts {
		rows := NewBits(len(p.all))
		switch part := part.(type) {
		case filter.Text:
			column := p.column(part.Attr)
			if column == nil {
				return nil, false, unknownAttr(part.Attr)
			}
			column.matchRows(&part.Match, part.Attr.IsEmail(), rows)
			unmapped = unmapped && part.Match.Value("", false)
		case filter.In:
			if part.Attr != filter.AttrEmployeeState {
				return nil, false, unknownAttr(part.Attr)
			}
			for i, employee := range p.all {
				if slices.Contains(part.Values, string(employee.State(e.now))) {
					rows.Set(uint32(i)) //nolint:gosec // an index
				}
			}
			unmapped = false
		default:
			return nil, false, access.Errorf(access.CodeInternal, "a condition on employees cannot be a %T", part)
		}
		passing.And(rows)
	}
	return passing, unmapped, nil
}

func (p *people) column(a filter.Attr) *column {
	switch a {
	case filter.AttrUser:
		return p.workEmail
	case filter.AttrManager:
		return p.managerEmail
	case filter.AttrDepartment:
		return p.department
	case filter.AttrJobTitle:
		return p.title
	case filter.AttrEmploymentType:
		return p.employmentType
	}
	return nil
}
