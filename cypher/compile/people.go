package compile

import (
	"fmt"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// people returns the identities whose employee passes and, as far as other types are asked
// for, everything else that such an identity reaches.
func (c *Compiler) people(n filter.People, of types) sets {
	conditions := make([]string, len(n.Parts))
	missing := true
	for i, p := range n.Parts {
		conditions[i] = c.employee(p)
		missing = missing && passesMissing(p)
	}
	own := c.set(func(name string) string {
		mapped := "MATCH (p:Employee)" + where(conditions...) + "\n" +
			"MATCH (p)-[:IS|OWNS]->(i) WHERE i.type = 'IDENTITY'\n"
		if !missing {
			return mapped + "RETURN collect(DISTINCT i) AS " + name
		}
		return "CALL () {\n" + indent(mapped+"RETURN i\nUNION\n"+
			"MATCH (i:Entity|RemovedEntity) WHERE i.type = 'IDENTITY' AND NOT EXISTS { (:Employee)-[:IS|OWNS]->(i) }\nRETURN i") +
			"\n}\nRETURN collect(i) AS " + name
	})
	if of == identities {
		return sets{own}
	}
	reached := c.set(func(name string) string {
		return "UNWIND " + own + " AS i\n" +
			"MATCH (i)-[:IN]->(c)\nWITH DISTINCT c\n" +
			"MATCH (c)-[:NESTS*0..]->(h)\nWITH collect(DISTINCT h) AS held\n" +
			"UNWIND " + own + " + held AS h\n" +
			"MATCH (h)-[:HAS_ACCESS {counts: true}]->(e) WHERE NOT e:Identity\n" +
			"RETURN collect(DISTINCT e) AS " + name
	})
	if of&identities == 0 {
		return sets{reached}
	}
	return sets{own, reached}
}

// employee compiles a part of People to a condition on the employee p.
func (c *Compiler) employee(n filter.Node) string {
	switch n := n.(type) {
	case filter.Text:
		prop := strings.ReplaceAll(property(employeeProperties, n.Attr), subject, "p")
		return c.match(prop, n.Match, n.Attr.IsEmail())
	case filter.In:
		if n.Attr == filter.AttrEmployeeState {
			return c.state(n.Values)
		}
	}
	panic(fmt.Sprintf("compile: %#v is no condition on an employee", n))
}

func (c *Compiler) state(values []string) string {
	today := c.Param(c.today)
	ended := "coalesce(p.endDate < " + today + ", false)"
	future := "coalesce(p.startDate > " + today + ", false)"
	var either []string
	for _, v := range values {
		switch access.EmployeeState(v) {
		case access.EmployeeTerminated:
			either = append(either, ended)
		case access.EmployeeFuture:
			either = append(either, "(NOT "+ended+" AND "+future+")")
		case access.EmployeeActive:
			either = append(either, "(NOT "+ended+" AND NOT "+future+")")
		}
	}
	return "(" + strings.Join(either, " OR ") + ")"
}

// passesMissing: whether an identity without an employee passes.
func passesMissing(n filter.Node) bool {
	t, ok := n.(filter.Text)
	return ok && t.Match.Value("", false)
}

// insight returns the list of the entities that carry a matching insight.
func (c *Compiler) insight(m filter.StringMatch) string {
	condition := c.match("i.name", m, false)
	return c.set(func(name string) string {
		return "MATCH (i:Insight) WHERE " + condition + "\n" +
			"MATCH (i)<-[:HAS_INSIGHT]-(e)\n" +
			"RETURN collect(DISTINCT e) AS " + name
	})
}
