package compile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/internal/filter"
)

// Facets makes the statement that counts the entities that pass by their values in each
// field. Its one row has a column f0, f1 … for each field: a list of [value, count], in
// which a value can occur several times, to be added up. Values of INTEGRATION and
// APPLICATION are integration keys.
func (c *Compiler) Facets(d Condition, fields []filter.Field) Statement {
	var main strings.Builder
	main.WriteString("CALL (*) {\n" + indent(d.Match("e")+"RETURN collect(e) AS es") + "\n}\n")
	var columns []string
	if d.types != identities && slices.ContainsFunc(fields, func(f filter.Field) bool { return peopleFacets[f] != "" }) {
		main.WriteString("CALL (*) {\n" + indent("UNWIND es AS e\nWITH e WHERE NOT e:Identity\nRETURN collect(e) AS others") + "\n}\n")
	}
	for i, f := range fields {
		name := facetColumn(i)
		if prop, ok := peopleFacets[f]; ok {
			own, reached := name+"own", name+"reached"
			main.WriteString("CALL (*) {\n" + indent(ownPeople(prop)+"RETURN collect([v, n]) AS "+own) + "\n}\n")
			if d.types == identities {
				columns = append(columns, own+" AS "+name)
				continue
			}
			main.WriteString("CALL (*) {\n" + indent(reachingPeople(prop)+"RETURN collect([v, n]) AS "+reached) + "\n}\n")
			columns = append(columns, own+" + "+reached+" AS "+name)
			continue
		}
		main.WriteString("CALL (*) {\n" + indent(ownValues(f)+"RETURN collect([v, n]) AS "+name) + "\n}\n")
		columns = append(columns, name)
	}
	main.WriteString("RETURN " + strings.Join(columns, ", "))
	return c.Statement(main.String())
}

func facetColumn(i int) string { return fmt.Sprintf("f%d", i) }

var facetValues = map[filter.Field]string{
	filter.FieldType: "e.type", filter.FieldSourceType: "coalesce(e.sourceType, '')", filter.FieldStatus: "coalesce(e.status, '')",
	filter.FieldApplication: "e.integration", filter.FieldIntegration: "e.integration", filter.FieldProject: "coalesce(e.project, '')",
	filter.FieldIdentityType: "coalesce(e.identityType, '')", filter.FieldMFA: "coalesce(e.mfa, 'UNKNOWN')",
}

var peopleFacets = map[filter.Field]string{
	filter.FieldDepartment: "department", filter.FieldJobTitle: "title",
	filter.FieldEmploymentType: "employmentType", filter.FieldManager: "managerEmailFold",
}

// ownValues gives rows of a value v and the count n of entities in es that have it.
func ownValues(f filter.Field) string {
	switch f {
	case filter.FieldInsight:
		return "UNWIND es AS e\nOPTIONAL MATCH (e)-[:HAS_INSIGHT]->(i:Insight)\nWITH coalesce(i.name, '') AS v, count(DISTINCT e) AS n\n"
	case filter.FieldLabel:
		return "UNWIND es AS e\nUNWIND coalesce(e.labels, ['']) AS v\nWITH v, count(DISTINCT e) AS n\n"
	}
	value, ok := facetValues[f]
	if !ok {
		panic(fmt.Sprintf("compile: unknown facet %q", f))
	}
	return "UNWIND es AS e\nWITH " + value + " AS v, count(e) AS n\n"
}

func ownPeople(prop string) string {
	return "UNWIND es AS e\nWITH e WHERE e.type = 'IDENTITY'\nOPTIONAL MATCH (p:Employee)-[:IS|OWNS]->(e)\n" +
		"WITH coalesce(p." + prop + ", '') AS v, count(DISTINCT e) AS n\n"
}

// reachingPeople carries the distinct values of identities along to what they reach.
func reachingPeople(prop string) string {
	return "WITH * WHERE size(others) > 0\nMATCH (i:Entity) WHERE i:Identity\nOPTIONAL MATCH (p:Employee)-[:IS|OWNS]->(i)\n" +
		"WITH i, coalesce(p." + prop + ", '') AS v\n" + groupsOf("i", "c") +
		"WITH c, collect(DISTINCT v) AS vs\n" + nested("c", "h") +
		"UNWIND vs AS v\nWITH h, collect(DISTINCT v) AS vs\n" +
		"MATCH (h)-[:HAS_ACCESS {counts: true}]->(e) WHERE e IN others\n" +
		"UNWIND vs AS v\nWITH v, count(DISTINCT e) AS n\n"
}
