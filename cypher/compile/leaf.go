package compile

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// The properties of an entity's node, by attribute. A text property X comes with XFold; those
// of foldIfOther only where the fold is another text.
var (
	textProperties = map[filter.Attr]string{
		filter.AttrName: "name", filter.AttrSourceType: "sourceType", filter.AttrSourceID: "sourceId",
		filter.AttrProject: "project", filter.AttrUsername: "username", filter.AttrEmail: "email",
	}
	listProperties = map[filter.Attr]string{filter.AttrLabel: "labels", filter.AttrFactor: "factors"}
	enumProperties = map[filter.Attr]string{
		filter.AttrID: "id", filter.AttrType: "type", filter.AttrStatus: "status", filter.AttrIdentityType: "identityType",
	}
	tristateProperties = map[filter.Attr]string{
		filter.AttrMFA: "mfa", filter.AttrSuperAdmin: "superAdmin", filter.AttrAdministrative: "administrative",
		filter.AttrExternal: "external", filter.AttrServiceAccount: "serviceAccount",
	}
	timeProperties = map[filter.Attr]string{
		filter.AttrLastActive: "lastActive", filter.AttrLastPasswordChanged: "lastPasswordChanged",
	}
	employeeProperties = map[filter.Attr]string{
		filter.AttrUser: "workEmail", filter.AttrManager: "managerEmail", filter.AttrDepartment: "department",
		filter.AttrJobTitle: "title", filter.AttrEmploymentType: "employmentType",
	}
)

// foldIfOther are the text properties whose fold is stored only where it differs.
var foldIfOther = map[string]bool{"sourceType": true, "sourceId": true, "project": true, "username": true, "permission": true}

// foldOf is the fold of a text property.
func foldOf(prop string) string {
	if _, name, _ := strings.Cut(prop, "."); foldIfOther[name] {
		return "coalesce(" + prop + access.FoldSuffix + ", " + prop + ")"
	}
	return prop + access.FoldSuffix
}

// indexedByFold is the property whose fold has an index and which itself has none: exact
// matches look for the fold first.
const indexedByFold = "name"

func property(table map[filter.Attr]string, a filter.Attr) string {
	p, ok := table[a]
	if !ok {
		panic(fmt.Sprintf("compile: no property for attribute %q", a))
	}
	return subject + "." + p
}

func (c *Compiler) text(n filter.Text) string {
	switch n.Attr {
	case filter.AttrIntegration, filter.AttrSourceSystem:
		return c.integration(func(i Integration) bool { return n.Match.Value(i.Name, false) })
	case filter.AttrApplication:
		return c.integration(func(i Integration) bool { return n.Match.Value(i.Application, false) })
	case filter.AttrInsight: // only isEmpty comes here, see member
		return exists(*n.Match.IsEmpty, "("+subject+")-[:HAS_INSIGHT]->()")
	case filter.AttrPermission:
		grant := "(" + subject + ")-[own:HAS_ACCESS {counts: true}]->()"
		if onlyIsEmpty(n.Match) {
			return exists(*n.Match.IsEmpty, grant)
		}
		return "EXISTS { " + grant + where(c.Permission("own", &n.Match)) + " }"
	case filter.AttrLabel, filter.AttrFactor:
		list := property(listProperties, n.Attr)
		if onlyIsEmpty(n.Match) {
			return list + null(*n.Match.IsEmpty)
		}
		if exact := exactly(n.Match, false); exact != nil {
			return "any(item IN " + list + " WHERE item IN " + c.Param(*exact) + ")"
		}
		return "any(item IN " + list + access.FoldSuffix + " WHERE " + c.folded("item", n.Match) + ")"
	}
	return c.match(property(textProperties, n.Attr), n.Match, n.Attr.IsEmail())
}

// match compiles a match on a text property that comes with its fold.
func (c *Compiler) match(prop string, m filter.StringMatch, email bool) string {
	if onlyIsEmpty(m) {
		return prop + null(*m.IsEmpty)
	}
	if exact := exactly(m, email); exact != nil {
		if email {
			prop += access.FoldSuffix
		}
		if prop == subject+"."+indexedByFold {
			folds := make([]string, len(*exact))
			for i, v := range *exact {
				folds[i] = access.Fold(v)
			}
			return "(" + prop + access.FoldSuffix + " IN " + c.Param(folds) + " AND " + prop + " IN " + c.Param(*exact) + ")"
		}
		return prop + " IN " + c.Param(*exact)
	}
	return c.folded(foldOf(prop), m)
}

// Permission compiles a match on the permission of the grant bound to variable v; ""
// when m restricts nothing.
func (c *Compiler) Permission(v string, m *filter.StringMatch) string {
	if m.Neutral() {
		return ""
	}
	if onlyIsEmpty(*m) { // every grant has a permission
		return c.Param(!*m.IsEmpty)
	}
	return c.match(v+".permission", *m, false)
}

func onlyIsEmpty(m filter.StringMatch) bool {
	return m.IsEmpty != nil && m.Eq == nil && len(m.In) == 0 && m.Contains == nil && m.StartsWith == nil && m.EndsWith == nil
}

// exactly lists the values that pass a match with eq or in, folded for e-mails: the other
// conditions are decided here. nil when the match has neither.
func exactly(m filter.StringMatch, email bool) *[]string {
	if m.Eq == nil && len(m.In) == 0 {
		return nil
	}
	candidates := m.In
	if m.Eq != nil {
		candidates = []string{*m.Eq}
	}
	values := []string{}
	for _, v := range candidates {
		if v == "" || !utf8.ValidString(v) || !m.Value(v, email) {
			continue
		}
		if email {
			v = access.Fold(v)
		}
		values = append(values, v)
	}
	slices.Sort(values)
	values = slices.Compact(values)
	return &values
}

// folded compiles contains, startsWith and endsWith on a folded text, which must be there.
func (c *Compiler) folded(text string, m filter.StringMatch) string {
	if m.IsEmpty != nil && *m.IsEmpty {
		return c.never()
	}
	var parts []string
	for _, p := range []struct {
		operator string
		needle   *string
	}{{" CONTAINS ", m.Contains}, {" STARTS WITH ", m.StartsWith}, {" ENDS WITH ", m.EndsWith}} {
		switch {
		case p.needle == nil:
		case !utf8.ValidString(*p.needle): // stored text is valid
			return c.never()
		default:
			parts = append(parts, text+p.operator+c.Param(access.Fold(*p.needle)))
		}
	}
	return and(parts...)
}

// never is a condition that nothing passes. It is a parameter, because the planner fails
// on some statements with constant conditions.
func (c *Compiler) never() string { return c.Param(false) }

func (c *Compiler) integration(passes func(Integration) bool) string {
	keys := []string{}
	for _, i := range c.integrations {
		if passes(i) {
			keys = append(keys, i.Key)
		}
	}
	return subject + ".integration IN " + c.Param(keys)
}

func (c *Compiler) in(n filter.In, d Condition) string {
	if n.Attr == filter.AttrType && !d.all {
		var labels []string
		for _, t := range access.EntityTypes {
			if slices.Contains(n.Values, string(t)) {
				labels = append(labels, subject+":"+access.LabelOf(t))
			}
		}
		switch len(labels) {
		case 0: // no such type
			return c.never()
		case 1:
			return labels[0]
		}
		return "(" + strings.Join(labels, " OR ") + ")"
	}
	values := c.Param(n.Values)
	if n.Attr == filter.AttrFactorStrength {
		return "any(item IN " + subject + ".factorStrengths WHERE item IN " + values + ")"
	}
	if _, ok := tristateProperties[n.Attr]; ok {
		return "coalesce(" + property(tristateProperties, n.Attr) + ", 'UNKNOWN') IN " + values
	}
	return property(enumProperties, n.Attr) + " IN " + values
}

func null(is bool) string {
	if is {
		return " IS NULL"
	}
	return " IS NOT NULL"
}

func exists(not bool, pattern string) string {
	text := "EXISTS { " + pattern + " }"
	if not {
		return "NOT " + text
	}
	return text
}
