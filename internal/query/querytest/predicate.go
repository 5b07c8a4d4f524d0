package querytest

import (
	"strings"
	"time"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// The oracle reads filters as they are written, not in their normal form, so that a
// fault in the normal form shows.

// restricts: whether a filter object says anything at all.
func restricts(f *filter.Filter) bool {
	if f == nil {
		return false
	}
	for i := range f.And {
		if restricts(&f.And[i]) {
			return true
		}
	}
	for i := range f.Or {
		if restricts(&f.Or[i]) {
			return true
		}
	}
	if restricts(f.Not) || len(f.Having) > 0 {
		return true
	}
	for _, m := range []*filter.StringMatch{f.Name, f.SourceType, f.SourceID, f.Application, f.Integration, f.Project,
		f.Username, f.Email, f.User, f.Manager, f.Department, f.JobTitle, f.EmploymentType, f.Insight, f.Label,
		f.SourceSystem, f.Factor, f.Permission} {
		if says(m) {
			return true
		}
	}
	return len(f.IDs)+len(f.Type)+len(f.Status)+len(f.IdentityType)+len(f.MfaEnabled)+len(f.EmployeeState)+len(f.FactorStrength)+
		len(f.SuperAdmin)+len(f.Administrative)+len(f.External)+len(f.ServiceAccount) > 0 ||
		f.InactiveForDays != nil || f.NeverActive != nil || f.PasswordOlderThanDays != nil
}

func says(m *filter.StringMatch) bool {
	return m != nil && (m.Eq != nil || len(m.In) > 0 || m.Contains != nil || m.StartsWith != nil || m.EndsWith != nil || m.IsEmpty != nil)
}

func fold(s string) string { return norm.NFC.String(cases.Fold().String(norm.NFC.String(s))) }

func one(v string) []string {
	if v == "" {
		return nil
	}
	return []string{v}
}

// text: some value passes all conditions; no values pass only isEmpty.
func text(m *filter.StringMatch, email bool, values []string) bool {
	if !says(m) {
		return true
	}
	exact := func(s string) string {
		if email {
			return fold(s)
		}
		return norm.NFC.String(s)
	}
	if len(values) == 0 {
		return m.IsEmpty != nil && *m.IsEmpty && m.Eq == nil && len(m.In) == 0 && m.Contains == nil && m.StartsWith == nil && m.EndsWith == nil
	}
	if m.IsEmpty != nil && *m.IsEmpty {
		return false
	}
	for _, v := range values {
		pass := true
		if m.Eq != nil {
			pass = pass && exact(*m.Eq) == exact(v)
		}
		if len(m.In) > 0 {
			some := false
			for _, s := range m.In {
				some = some || exact(s) == exact(v)
			}
			pass = pass && some
		}
		if m.Contains != nil {
			pass = pass && strings.Contains(fold(v), fold(*m.Contains))
		}
		if m.StartsWith != nil {
			pass = pass && strings.HasPrefix(fold(v), fold(*m.StartsWith))
		}
		if m.EndsWith != nil {
			pass = pass && strings.HasSuffix(fold(v), fold(*m.EndsWith))
		}
		if pass {
			return true
		}
	}
	return false
}

func listed[T comparable](list []T, values ...T) bool {
	if len(list) == 0 {
		return true
	}
	for _, l := range list {
		for _, v := range values {
			if l == v {
				return true
			}
		}
	}
	return false
}

// passes: whether the entity matches the filter.
func (o *Oracle) passes(e *access.Entity, f *filter.Filter) bool {
	if !restricts(f) {
		return true
	}
	for i := range f.And {
		if !o.passes(e, &f.And[i]) {
			return false
		}
	}
	asked, some := false, false
	for i := range f.Or {
		if restricts(&f.Or[i]) {
			asked = true
			some = some || o.passes(e, &f.Or[i])
		}
	}
	if asked && !some {
		return false
	}
	if restricts(f.Not) && o.passes(e, f.Not) {
		return false
	}
	for i := range f.Having {
		if !o.has(e, &f.Having[i]) {
			return false
		}
	}
	return o.passesOwn(e, f) && o.passesTimes(e, f) && o.passesPeople(e, f)
}

func (o *Oracle) passesOwn(e *access.Entity, f *filter.Filter) bool {
	integration := o.integrations[e.Integration]
	var insights, held []string
	var strengths []access.FactorStrength
	for _, i := range e.Insights {
		insights = append(insights, i.Name)
	}
	for _, s := range e.Factors {
		strengths = append(strengths, access.StrengthOf(s))
	}
	for h, ps := range o.g.hops {
		if h.from == e.ID {
			for _, p := range ps {
				held = append(held, p.Name)
			}
		}
	}
	return listed(f.IDs, e.ID) && listed(f.Type, e.Type) && text(f.Name, false, one(e.Name)) && text(f.SourceType, false, one(e.SourceType)) &&
		text(f.SourceID, false, one(e.SourceID)) && text(f.Application, false, one(integration.Application)) &&
		text(f.Integration, false, one(integration.Name)) && text(f.SourceSystem, false, one(integration.Name)) &&
		text(f.Project, false, one(e.Project)) && listed(f.Status, e.Status) && listed(f.IdentityType, identityType(e)...) &&
		listed(f.MfaEnabled, e.MFA.Known()) && text(f.Username, false, one(e.Username)) && text(f.Email, true, one(e.Email)) &&
		text(f.Insight, false, insights) && text(f.Label, false, e.Labels) && text(f.Factor, false, e.Factors) &&
		listed(f.FactorStrength, strengths...) && listed(f.SuperAdmin, e.SuperAdmin.Known()) &&
		listed(f.Administrative, e.Administrative.Known()) && listed(f.External, e.External.Known()) &&
		listed(f.ServiceAccount, e.ServiceAccount.Known()) && text(f.Permission, false, held)
}

func identityType(e *access.Entity) []access.IdentityType {
	switch {
	case e.Type != access.Identity:
		return nil
	case e.Mapping != nil && e.Mapping.Relation == access.IS:
		return []access.IdentityType{access.EmployeeIdentity}
	case e.Mapping != nil && e.Mapping.Relation == access.OWNS, e.ServiceAccount == access.True:
		return []access.IdentityType{access.ServiceAccount}
	}
	return []access.IdentityType{access.Unmapped}
}

func (o *Oracle) passesTimes(e *access.Entity, f *filter.Filter) bool {
	active := e.LatestActivity
	if active.IsZero() {
		active = e.LastLogin
	}
	old := func(t time.Time, days int) bool { return o.now.Sub(t) >= time.Duration(days)*24*time.Hour }
	if f.InactiveForDays != nil && !active.IsZero() && !old(active, *f.InactiveForDays) {
		return false
	}
	if f.NeverActive != nil && *f.NeverActive != active.IsZero() {
		return false
	}
	if f.PasswordOlderThanDays != nil && (e.LastPasswordChanged.IsZero() || !old(e.LastPasswordChanged, *f.PasswordOlderThanDays)) {
		return false
	}
	return true
}

// passesPeople: an identity by its own employee; anything else by some identity that reaches it.
func (o *Oracle) passesPeople(e *access.Entity, f *filter.Filter) bool {
	if !says(f.User) && !says(f.Manager) && !says(f.Department) && !says(f.JobTitle) && !says(f.EmploymentType) && len(f.EmployeeState) == 0 {
		return true
	}
	for _, identity := range o.peopleOf(e) {
		p := o.employeeOf(identity)
		var v access.Employee
		var states []access.EmployeeState
		if p != nil {
			v, states = *p, []access.EmployeeState{o.state(p)}
		}
		if text(f.User, true, one(v.WorkEmail)) && text(f.Manager, true, one(v.ManagerEmail)) &&
			text(f.Department, false, one(v.Department)) && text(f.JobTitle, false, one(v.Title)) &&
			text(f.EmploymentType, false, one(v.EmploymentType)) && listed(f.EmployeeState, states...) {
			return true
		}
	}
	return false
}

// peopleOf: the identities whose employees count for e.
func (o *Oracle) peopleOf(e *access.Entity) []*access.Entity {
	if e.Type == access.Identity {
		return []*access.Entity{e}
	}
	var out []*access.Entity
	for _, id := range o.g.ids {
		if other := o.g.entities[id]; other.Type == access.Identity && o.g.reach(id, false)[e.ID] {
			out = append(out, other)
		}
	}
	return out
}

func (o *Oracle) employeeOf(e *access.Entity) *access.Employee {
	if e.Mapping == nil || e.Mapping.Relation == access.NotMapped {
		return nil
	}
	return o.employees[e.Mapping.EmployeeID]
}

func (o *Oracle) state(p *access.Employee) access.EmployeeState {
	y, m, d := o.now.Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	switch {
	case !p.EndDate.IsZero() && p.EndDate.Before(today):
		return access.EmployeeTerminated
	case p.StartDate.After(today):
		return access.EmployeeFuture
	}
	return access.EmployeeActive
}

// has: one having clause, by trying every other entity and every entity in between.
func (o *Oracle) has(e *access.Entity, h *filter.Having) bool {
	found := 0
	for _, id := range o.g.ids {
		if id == e.ID {
			continue
		}
		source, target := e.ID, id
		if h.Direction == filter.AccessibleBy {
			source, target = id, e.ID
		}
		if o.related(source, target, h) && o.passes(o.g.entities[id], h.Entity) {
			found++
		}
	}
	if h.None {
		return found == 0
	}
	need := 1
	if h.AtLeast != nil {
		need = *h.AtLeast
	}
	return found >= need
}

func (o *Oracle) related(source, target string, h *filter.Having) bool {
	allowed := func(ps []access.Permission) bool {
		return len(ps) > 0 && (!says(h.Permission) || text(h.Permission, false, names(ps)))
	}
	if h.Reach == filter.Direct {
		return allowed(o.g.hops[hop{source, target}])
	}
	if !restricts(h.Via) {
		return allowed(o.g.effective(source, target, false))
	}
	for _, c := range o.g.ids {
		if c != source && c != target && o.g.entities[c].Type == access.Connection &&
			o.g.reach(source, false)[c] && allowed(o.g.effective(c, target, false)) && o.passes(o.g.entities[c], h.Via) {
			return true
		}
	}
	return false
}

func names(ps []access.Permission) []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.Name)
	}
	return out
}
