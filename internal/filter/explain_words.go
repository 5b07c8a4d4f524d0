package filter

import (
	"strconv"
	"strings"
)

// How the attributes of entities are said. %s is the text that is matched.
var textWords = map[Attr]string{
	AttrName: "named %s", AttrSourceType: "of type %s", AttrSourceID: "with source id %s", AttrApplication: "of the application %s",
	AttrIntegration: "in the integration %s", AttrProject: "in the project %s", AttrUsername: "with username %s", AttrEmail: "with e-mail %s",
	AttrSourceSystem: "from the source system %s", AttrInsight: "with insight %s", AttrLabel: "labelled %s", AttrFactor: "with factor %s",
	AttrPermission: "holding permission %s",
}

// peopleWords are said of identities; of what they reach, behind "reached by people".
var peopleWords = map[Attr]string{
	AttrUser: "of %s", AttrManager: "managed by %s", AttrDepartment: "in %s", AttrJobTitle: "with job title %s", AttrEmploymentType: "employed as %s",
}

var attrWords = map[Attr]string{
	AttrSourceType: "type", AttrSourceID: "source id", AttrEmail: "e-mail", AttrSourceSystem: "source system",
	AttrJobTitle: "job title", AttrEmploymentType: "employment type", AttrIdentityType: "identity type", AttrMFA: "MFA",
	AttrFactorStrength: "factor strength", AttrSuperAdmin: "super admin rights", AttrServiceAccount: "service account mark",
	AttrAdministrative: "administrative rights", AttrExternal: "external mark",
	AttrEmployeeState: "employment", AttrLastActive: "last activity", AttrLastPasswordChanged: "last password change",
}

func words(a Attr) string {
	if w, ok := attrWords[a]; ok {
		return w
	}
	return string(a)
}

func textClause(n Text) string { return say(textWords[n.Attr], n.Attr, &n.Match) }

func say(form string, a Attr, m *StringMatch) string {
	if m.onlyEmpty() {
		if *m.IsEmpty {
			return "without " + words(a)
		}
		return "with any " + words(a)
	}
	if form == "" {
		form = "with " + words(a) + " %s"
	}
	return strings.Replace(form, "%s", m.say(), 1)
}

func (m *StringMatch) onlyEmpty() bool {
	return m.IsEmpty != nil && m.Eq == nil && len(m.In) == 0 && m.Contains == nil && m.StartsWith == nil && m.EndsWith == nil
}

// say writes what a match accepts, * for any text.
func (m *StringMatch) say() string {
	var all []string
	if m.Eq != nil {
		all = append(all, plain(*m.Eq))
	}
	if len(m.In) > 0 {
		values := make([]string, len(m.In))
		for i, v := range m.In {
			values[i] = plain(v)
		}
		const most = 5
		if len(values) > most {
			values = append(values[:most:most], strconv.Itoa(len(m.In)-most)+" more")
		}
		all = append(all, either(values))
	}
	for _, part := range []struct {
		text          *string
		before, after string
	}{{m.StartsWith, "", "*"}, {m.Contains, "*", "*"}, {m.EndsWith, "*", ""}} {
		if part.text != nil {
			all = append(all, plain(part.before+*part.text+part.after))
		}
	}
	if m.IsEmpty != nil {
		all = append(all, map[bool]string{true: "(none)", false: "(any)"}[*m.IsEmpty])
	}
	return strings.Join(all, " and ")
}

// plain quotes a text that would not be seen as one in a sentence.
func plain(s string) string {
	if s == "" || strings.ContainsAny(s, ",;\"()") || strings.TrimSpace(s) != s || strings.Contains(s, " or ") || strings.Contains(s, " and ") || strconv.Quote(s) != `"`+s+`"` {
		return strconv.Quote(s)
	}
	return s
}

func inClause(n In) string {
	values := lower(n.Values)
	one := ""
	if len(values) == 1 {
		one = values[0]
	}
	switch n.Attr {
	case AttrID:
		if one != "" {
			return "selected by hand (1)"
		}
		return "selected by hand (" + strconv.Itoa(len(values)) + ")"
	case AttrIdentityType:
		kinds := map[string]string{"employee": "employee accounts", "service account": "service accounts", "unmapped": "not mapped to anybody"}
		for i, v := range values {
			if k, ok := kinds[v]; ok {
				values[i] = k
			}
		}
		return "that are " + either(values)
	case AttrType:
		return "of entity type " + either(values)
	case AttrMFA, AttrSuperAdmin, AttrAdministrative:
		switch one {
		case "true":
			return "with " + words(n.Attr)
		case "false":
			return "without " + words(n.Attr)
		}
	case AttrExternal, AttrServiceAccount:
		kind := map[Attr]string{AttrExternal: "external", AttrServiceAccount: "service accounts"}[n.Attr]
		switch one {
		case "true":
			return "that are " + kind
		case "false":
			return "that are not " + kind
		}
	case AttrFactorStrength:
		return "with a factor of " + either(values) + " strength"
	case AttrEmployeeState:
		return "whose employee is " + either(values)
	}
	states := map[string]string{"true": "yes", "false": "no"}
	for i, v := range values {
		if s, ok := states[v]; ok {
			values[i] = s
		}
	}
	return "with " + words(n.Attr) + " " + either(values)
}

// clause is what is asked of the people behind an entity.
func (n People) clause(identities bool) string {
	parts := make([]string, len(n.Parts))
	for i, part := range n.Parts {
		switch part := part.(type) {
		case Text:
			parts[i] = say(peopleWords[part.Attr], part.Attr, &part.Match)
		case In:
			parts[i] = inClause(part)
		}
	}
	text := strings.Join(parts, " ")
	if !identities {
		return "of or reached by people " + text
	}
	return text
}
