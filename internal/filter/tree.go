package filter

import (
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Attr names what a leaf of the tree tests. The set is closed: engines switch over it.
type Attr string

// Text attributes with one value.
const (
	AttrName         Attr = "name"
	AttrSourceType   Attr = "sourceType"
	AttrSourceID     Attr = "sourceId"
	AttrApplication  Attr = "application"
	AttrIntegration  Attr = "integration"
	AttrProject      Attr = "project"
	AttrUsername     Attr = "username"
	AttrEmail        Attr = "email"
	AttrSourceSystem Attr = "sourceSystem"
)

// Text attributes of the employee (only inside People).
const (
	AttrUser           Attr = "user"
	AttrManager        Attr = "manager"
	AttrDepartment     Attr = "department"
	AttrJobTitle       Attr = "jobTitle"
	AttrEmploymentType Attr = "employmentType"
)

// Text attributes with several values.
const (
	AttrInsight    Attr = "insight"
	AttrLabel      Attr = "label"
	AttrFactor     Attr = "factor"
	AttrPermission Attr = "permission"
)

// Enumerated attributes. AttrFactorStrength has several values (any of them may match);
// AttrEmployeeState occurs only inside People; AttrIdentityType is missing on an entity
// that is no identity.
const (
	AttrID             Attr = "id"
	AttrType           Attr = "type"
	AttrStatus         Attr = "status"
	AttrIdentityType   Attr = "identityType"
	AttrMFA            Attr = "mfaEnabled"
	AttrFactorStrength Attr = "factorStrength"
	AttrSuperAdmin     Attr = "superAdmin"
	AttrAdministrative Attr = "administrative"
	AttrExternal       Attr = "external"
	AttrServiceAccount Attr = "serviceAccount"
	AttrEmployeeState  Attr = "employeeState"
)

// Time attributes.
const (
	AttrLastActive          Attr = "lastActive" // latest activity, else last login
	AttrLastPasswordChanged Attr = "lastPasswordChanged"
)

// Node is a two-valued predicate over one entity. A nil Node is neutral: it holds for
// every entity.
type Node interface{ node() }

type (
	// All holds when every part holds.
	All []Node
	// Any holds when a part holds.
	Any []Node
	// Not is the exact complement.
	Not struct{ Part Node }
	// Text tests a text attribute.
	Text struct {
		Attr  Attr
		Match StringMatch
	}
	// In tests an enumerated attribute against a non-empty list.
	In struct {
		Attr   Attr
		Values []string
	}
	// NotAfter holds when the time is known and not after At.
	NotAfter struct {
		Attr Attr
		At   time.Time
	}
	// Missing holds when the time is unknown.
	Missing struct{ Attr Attr }
	// People tests the mapped employee (Parts joined by AND; Text and In leaves with
	// employee attributes only). For an identity: its own employee, all attributes missing
	// when it has none. For a connection or resource: at least one identity that reaches
	// it must pass.
	People struct{ Parts []Node }
	// Related is a having clause. AtLeast is 1 or more; None excludes AtLeast ≠ 1. Via
	// is never set with Direct. Entity nil = any; Via nil = not asked; Permission nil = any.
	Related struct {
		Direction  Direction
		Direct     bool
		Entity     Node
		Permission *StringMatch
		Via        Node
		HasVia     bool
		AtLeast    int
		None       bool
	}
)

func (All) node()      {}
func (Any) node()      {}
func (Not) node()      {}
func (Text) node()     {}
func (In) node()       {}
func (NotAfter) node() {}
func (Missing) node()  {}
func (People) node()   {}
func (Related) node()  {}

// IsEmail reports whether Eq and In on the attribute ignore case.
func (a Attr) IsEmail() bool { return a == AttrEmail || a == AttrUser || a == AttrManager }

// Tree brings a valid filter into normal form: neutral parts are gone, texts are NFC,
// days are instants before now. It returns nil when nothing restricts.
func (f *Filter) Tree(now time.Time) Node {
	if f == nil {
		return nil
	}
	var all All
	add := func(n Node) {
		if n != nil {
			all = append(all, n)
		}
	}
	for i := range f.And {
		add(f.And[i].Tree(now))
	}
	var either Any
	for i := range f.Or {
		if n := f.Or[i].Tree(now); n != nil {
			either = append(either, n)
		}
	}
	if len(either) > 0 {
		add(either)
	}
	if n := f.Not.Tree(now); n != nil {
		add(Not{n})
	}
	add(in(AttrID, f.IDs))
	add(in(AttrType, f.Type))
	add(text(AttrName, f.Name))
	add(text(AttrSourceType, f.SourceType))
	add(text(AttrSourceID, f.SourceID))
	add(text(AttrApplication, f.Application))
	add(text(AttrIntegration, f.Integration))
	add(text(AttrProject, f.Project))
	add(in(AttrStatus, f.Status))
	add(in(AttrIdentityType, f.IdentityType))
	add(in(AttrMFA, f.MfaEnabled))
	add(text(AttrUsername, f.Username))
	add(text(AttrEmail, f.Email))
	add(f.people())
	add(text(AttrInsight, f.Insight))
	add(text(AttrLabel, f.Label))
	f.times(now, add)
	add(text(AttrSourceSystem, f.SourceSystem))
	add(text(AttrFactor, f.Factor))
	add(in(AttrFactorStrength, f.FactorStrength))
	add(in(AttrSuperAdmin, f.SuperAdmin))
	add(in(AttrAdministrative, f.Administrative))
	add(in(AttrExternal, f.External))
	add(in(AttrServiceAccount, f.ServiceAccount))
	add(text(AttrPermission, f.Permission))
	for i := range f.Having {
		add(f.Having[i].tree(now))
	}
	return flat(all)
}

func flat(all All) Node {
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	return all
}

func (f *Filter) people() Node {
	var parts []Node
	for _, n := range []Node{
		text(AttrUser, f.User), text(AttrManager, f.Manager), text(AttrDepartment, f.Department),
		text(AttrJobTitle, f.JobTitle), text(AttrEmploymentType, f.EmploymentType), in(AttrEmployeeState, f.EmployeeState),
	} {
		if n != nil {
			parts = append(parts, n)
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return People{parts}
}

func (f *Filter) times(now time.Time, add func(Node)) {
	daysAgo := func(n int) time.Time { return now.Add(-time.Duration(n) * 24 * time.Hour) }
	if f.InactiveForDays != nil {
		add(Any{Missing{AttrLastActive}, NotAfter{AttrLastActive, daysAgo(*f.InactiveForDays)}})
	}
	if f.NeverActive != nil {
		if *f.NeverActive {
			add(Missing{AttrLastActive})
		} else {
			add(Not{Missing{AttrLastActive}})
		}
	}
	if f.PasswordOlderThanDays != nil {
		add(NotAfter{AttrLastPasswordChanged, daysAgo(*f.PasswordOlderThanDays)})
	}
}

func (h *Having) tree(now time.Time) Node {
	r := Related{Direction: h.Direction, Direct: h.Reach == Direct, Entity: h.Entity.Tree(now), Via: h.Via.Tree(now), AtLeast: 1, None: h.None}
	if r.Direction == "" {
		r.Direction = HasAccessTo
	}
	if h.AtLeast != nil {
		r.AtLeast = *h.AtLeast
	}
	r.HasVia = r.Via != nil
	r.Permission = h.Permission.clean()
	return r
}

// SearchNode is the search box: a case-insensitive substring of name, username, e-mail
// or source id. Blank text is neutral.
func SearchNode(s string) Node {
	s = access.Clean(s)
	if s == "" {
		return nil
	}
	m := StringMatch{Contains: &s}
	return Any{Text{AttrName, m}, Text{AttrUsername, m}, Text{AttrEmail, m}, Text{AttrSourceID, m}}
}

// Both joins two predicates by AND; nil is neutral.
func Both(a, b Node) Node {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return All{a, b}
}

func text(a Attr, m *StringMatch) Node {
	if m = m.clean(); m == nil {
		return nil
	}
	return Text{a, *m}
}

func in[T ~string](a Attr, values []T) Node {
	if len(values) == 0 {
		return nil
	}
	n := In{Attr: a}
	for _, v := range values {
		n.Values = append(n.Values, string(v))
	}
	return n
}
