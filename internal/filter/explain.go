package filter

import (
	"fmt"
	"strings"
	"time"
)

// Explain says in words what a filter selects, for people who check a filter before they
// rely on it. The text is for reading only; its wording is not fixed.
func (f *Filter) Explain() string {
	text := explain(f.Tree(time.Time{}))
	if f.IncludesRemoved() {
		text += ", removed ones included"
	}
	return text
}

func explain(n Node) string {
	switch n := n.(type) {
	case nil:
		return "everything"
	case All:
		return join(n, " and ")
	case Any:
		return join(n, " or ")
	case Not:
		return "not (" + explain(n.Part) + ")"
	case Text:
		return words(n.Attr) + " " + n.Match.explain()
	case In:
		return words(n.Attr) + " is " + strings.ToLower(strings.Join(n.Values, " or "))
	case NotAfter:
		return fmt.Sprintf("%s is at least %d days ago", words(n.Attr), int(time.Time{}.Sub(n.At).Hours()/24))
	case Missing:
		return words(n.Attr) + " is unknown"
	case People:
		return "the person behind it: " + join(n.Parts, " and ")
	case Related:
		return n.explain()
	}
	return fmt.Sprintf("%T", n)
}

func join(parts []Node, by string) string {
	var out []string
	for _, p := range parts {
		s := explain(p)
		switch p.(type) {
		case All, Any:
			s = "(" + s + ")"
		}
		out = append(out, s)
	}
	return strings.Join(out, by)
}

func (n Related) explain() string {
	verb := map[bool]string{false: "has access to ", true: "has direct access to "}[n.Direct]
	if n.Direction == AccessibleBy {
		verb = map[bool]string{false: "can be reached by ", true: "can be reached directly by "}[n.Direct]
	}
	count := "something"
	switch {
	case n.None:
		count = "nothing"
	case n.AtLeast > 1:
		count = fmt.Sprintf("at least %d", n.AtLeast)
	}
	text := verb + count
	if n.Entity != nil {
		text += " that is (" + explain(n.Entity) + ")"
	}
	if n.Permission != nil {
		text += " with a permission that " + n.Permission.explain()
	}
	if n.HasVia {
		text += " through a connection that is (" + explain(n.Via) + ")"
	}
	return text
}

func (m *StringMatch) explain() string {
	var out []string
	add := func(verb string, p *string) {
		if p != nil {
			out = append(out, fmt.Sprintf("%s %q", verb, *p))
		}
	}
	add("is", m.Eq)
	if len(m.In) > 0 {
		out = append(out, fmt.Sprintf("is one of %q", m.In))
	}
	add("contains", m.Contains)
	add("starts with", m.StartsWith)
	add("ends with", m.EndsWith)
	if m.IsEmpty != nil {
		out = append(out, map[bool]string{true: "is empty", false: "is not empty"}[*m.IsEmpty])
	}
	return strings.Join(out, " and ")
}

var attrWords = map[Attr]string{
	AttrSourceType: "source type", AttrSourceID: "source id", AttrEmail: "e-mail", AttrSourceSystem: "source system",
	AttrJobTitle: "job title", AttrEmploymentType: "employment type", AttrIdentityType: "identity type", AttrMFA: "MFA",
	AttrFactorStrength: "factor strength", AttrSuperAdmin: "super admin", AttrServiceAccount: "service account",
	AttrEmployeeState: "employment", AttrLastActive: "last activity", AttrLastPasswordChanged: "last password change",
}

func words(a Attr) string {
	if w, ok := attrWords[a]; ok {
		return w
	}
	return string(a)
}
