package compile

import (
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// related returns the list of the entities with at least r.AtLeast related ones (for
// r.None: with one, to be negated by the caller).
//
// Lists of related entities are cut as soon as they are long enough to decide: an
// entity that needs n related ones besides itself has them as soon as anything it
// leads to has n + 1.
//
// subject bounds the types of the entities that matter.
func (c *Compiler) related(r filter.Related, subject types) string {
	h := having{
		subject: subject,
		Related: r, forward: r.Direction == filter.AccessibleBy,
		entity: c.Condition(r.Entity, false), permission: c.Permission("g", r.Permission),
	}
	if r.HasVia {
		h.via = c.Condition(filter.Both(filter.In{Attr: filter.AttrType, Values: []string{string(access.Connection)}}, r.Via), false)
	}
	if r.AtLeast > 1 {
		h.need = c.Param(r.AtLeast)
	}
	if (r.AtLeast > 1 && !r.Direct) || r.HasVia {
		h.cut = c.Param(r.AtLeast + 1)
	}
	if r.HasVia {
		h.cutBefore = c.Param(r.AtLeast + 2)
	}
	var body string
	switch {
	case r.Direct:
		body = h.direct()
	case r.HasVia:
		body = h.through()
	case r.AtLeast > 1:
		body = h.several()
	default:
		if h.entity.types&subject != 0 && h.entity.text != "" && !onlyTypes(r.Entity) {
			// Membership is cheaper to ask of every e than properties.
			h.known = c.set(func(name string) string { return h.entity.Match("r") + "RETURN collect(DISTINCT r) AS " + name })
		}
		body = h.one()
	}
	return c.set(func(name string) string { return body + "RETURN collect(" + h.distinct() + ") AS " + name })
}

// ofSubject reports whether the set that a part of a filter is made into has entities of the
// subject's types only.
func ofSubject(n filter.Node) bool {
	r, ok := n.(filter.Related)
	return ok && !r.Direct && !r.HasVia && r.AtLeast <= 1 // see one
}

// onlyTypes reports whether nothing but types is asked for.
func onlyTypes(n filter.Node) bool {
	for _, p := range flatten(n) {
		if in, ok := p.(filter.In); !ok || in.Attr != filter.AttrType {
			return false
		}
	}
	return true
}

type having struct {
	filter.Related
	subject        types
	known          string // the set of all that pass entity, where there is one
	forward        bool   // the related entity r is the source, the entity e the target
	entity, via    Condition
	permission     string // on the grant g to the target
	need           string // AtLeast when it is more than 1
	cut, cutBefore string // how many related entities decide
}

// distinct is what to collect: most bodies end with distinct e already.
func (h having) distinct() string {
	if h.need == "" && (h.Direct || h.HasVia) {
		return "DISTINCT e"
	}
	return "e"
}

// grant is the last hop of access, between a holder and the target.
func grant(holder, target string) string {
	return "(" + holder + ")-[g:HAS_ACCESS {counts: true}]->(" + target + ")"
}

// membersOf binds m to c itself and all that is directly in it.
func membersOf(c, m string) string {
	return "CALL (" + c + ") { RETURN " + c + " AS " + m + " UNION ALL MATCH (" + c + ")<-[:IN]-(" + m + ") RETURN " + m + " }\n"
}

// groupsOf binds c to m itself and all that it is directly in.
func groupsOf(m, c string) string {
	return "CALL (" + m + ") { RETURN " + m + " AS " + c + " UNION ALL MATCH (" + m + ")-[:IN]->(" + c + ") RETURN " + c + " }\n"
}

// nested binds outer to inner itself and all connections that inner is nested in.
func nested(inner, outer string) string {
	return "CALL (" + inner + ") { MATCH (" + inner + ")-[:NESTS*0..]->(" + outer + ") RETURN DISTINCT " + outer + " }\n"
}

// nesting binds inner to outer itself and all connections nested in it.
func nesting(outer, inner string) string {
	return "CALL (" + outer + ") { MATCH (" + outer + ")<-[:NESTS*0..]-(" + inner + ") RETURN DISTINCT " + inner + " }\n"
}

// holdersOf binds v to everything that holds one of the h of all rows: the h themselves
// and the members of what is nested in them. (DISTINCT rows that are then collected are
// faster than a collect(DISTINCT …).)
func holdersOf(v string) string {
	return "WITH DISTINCT h\nWITH collect(h) AS direct\n" +
		"CALL (direct) {\n" + indent("UNWIND direct AS h\nWITH h WHERE h:Connection\n"+
		"MATCH (h)<-[:NESTS*0..]-(c)\nWITH DISTINCT c\n"+
		"MATCH (c)<-[:IN]-(m)\nWITH DISTINCT m\nRETURN collect(m) AS members") + "\n}\n" +
		"UNWIND direct + members AS " + v + "\n"
}

// heldBy binds h to everything that the v of all rows hold: the v themselves and the
// connections that they are in.
func heldBy(v string) string {
	return "WITH DISTINCT " + v + "\nWITH collect(" + v + ") AS holders\n" +
		"CALL (holders) {\n" + indent("UNWIND holders AS m\nMATCH (m)-[:IN]->(c)\nWITH DISTINCT c\n"+
		"MATCH (c)-[:NESTS*0..]->(h)\nWITH DISTINCT h\nRETURN collect(h) AS held") + "\n}\n" +
		"UNWIND holders + held AS h\nWITH DISTINCT h\n"
}

// enough keeps the e with enough distinct r, from rows of both.
func (h having) enough() string {
	if h.need == "" {
		return "WITH e, r WHERE e <> r\n"
	}
	return "WITH e, r WHERE e <> r\nWITH e, count(DISTINCT r) AS n WHERE n >= " + h.need + "\n"
}

func (h having) direct() string {
	hop := grant("e", "r")
	if h.forward {
		hop = grant("r", "e")
	}
	return h.entity.Match("r") + "MATCH " + hop + where(h.permission) + "\n" + h.enough()
}

// one: the set of all that leads to (or is led to from) some r, without regard to which.
// Only an entity that could itself be that r is looked at again.
func (h having) one() string {
	var text, again string
	match := h.entity.Match("r")
	if h.known != "" {
		match = "UNWIND " + h.known + " AS r\n"
	}
	if h.forward {
		text = match + heldBy("r") +
			"MATCH " + grant("h", "e") + where(h.permission) + "\n"
		again = "MATCH " + grant("h", "e") + where(h.permission) + "\nWITH DISTINCT h\n" +
			"MATCH (h)<-[:NESTS*0..]-(c)\nWITH DISTINCT c\n" + membersOf("c", "r") +
			"WITH r" + where("r <> e", h.entity.On("r")) + "\nRETURN r"
	} else {
		text = match + "MATCH " + grant("h", "r") + where(h.permission) + "\n" + holdersOf("e")
		again = "CALL (e) { RETURN e AS h UNION ALL MATCH (e)-[:IN]->()-[:NESTS*0..]->(h) RETURN DISTINCT h }\n" +
			"MATCH " + grant("h", "r") + where("r <> e", h.permission, h.entity.On("r")) + "\nRETURN r"
	}
	again = "EXISTS {\n" + indent(again) + "\n}"
	switch self := h.entity.On("e"); {
	case h.entity.types&h.subject == 0:
		again = ""
	case h.known != "":
		again = "(NOT e IN " + h.known + " OR " + again + ")"
	case self != "":
		again = "(NOT coalesce(" + self + ", false) OR " + again + ")"
	}
	return text + "WITH DISTINCT e" + where(h.subject.labels("e"), again) + "\n"
}

// several carries up to AtLeast + 1 related entities along.
func (h having) several() string {
	gather := func(by string) string {
		return "UNWIND rs AS r\nWITH " + by + ", collect(DISTINCT r)[.." + h.cut + "] AS rs\n"
	}
	if h.forward {
		return h.entity.Match("r") + groupsOf("r", "c") + "WITH c, collect(DISTINCT r)[.." + h.cut + "] AS rs\n" +
			nested("c", "h") + gather("h") +
			"MATCH " + grant("h", "e") + where(h.permission) + "\nUNWIND rs AS r\n" + h.enough()
	}
	return h.entity.Match("r") + "MATCH " + grant("h", "r") + where(h.permission) + "\n" +
		"WITH h, collect(DISTINCT r)[.." + h.cut + "] AS rs\n" +
		nesting("h", "c") + gather("c") + membersOf("c", "e") + "UNWIND rs AS r\n" + h.enough()
}

// through carries the connection in between (c) and the related entities on its far side.
func (h having) through() string {
	text := h.between()
	if h.forward {
		text += nested("c", "m")
	} else {
		text += nesting("c", "m")
	}
	hop, permission := "(m)<-[:IN]-(e)", ""
	if h.forward {
		hop, permission = grant("m", "e"), h.permission
	}
	if h.need != "" {
		return text + "MATCH " + hop + where("e <> c", permission) + "\nUNWIND rs AS r\n" + h.enough()
	}
	return text + "WITH m, collect([c, rs]) AS ways\n" +
		"MATCH " + hop + where(permission, "any(way IN ways WHERE way[0] <> e AND way[1] <> [e])") + "\n"
}

// between gives rows of c, rs: the connections that pass via, with related entities other
// than c on their far side.
func (h having) between() string {
	gather := "WITH c, collect(DISTINCT r)[.." + h.cut + "] AS rs\n"
	if h.fromVia() {
		if h.forward {
			return h.via.Match("c") + nesting("c", "m") +
				"MATCH (m)<-[:IN]-(r)" + where("r <> c", h.entity.On("r")) + "\n" + gather
		}
		return h.via.Match("c") + nested("c", "h") +
			"MATCH " + grant("h", "r") + where("r <> c", h.permission, h.entity.On("r")) + "\n" + gather
	}
	near := "MATCH " + grant("m", "r") + where("m:Connection", h.permission) + "\n"
	closure := nesting("m", "c")
	if h.forward {
		near = "MATCH (r)-[:IN]->(m)\n"
		closure = nested("m", "c")
	}
	return h.entity.Match("r") + near + "WITH m, collect(DISTINCT r)[.." + h.cutBefore + "] AS rs\n" + closure +
		"WITH c, rs" + where(h.via.On("c")) + "\nUNWIND rs AS r\nWITH c, r WHERE r <> c\n" + gather
}

// fromVia decides which side to start from: the connections in between when they are
// named and the related entities are not, or when nothing is said of those.
func (h having) fromVia() bool {
	return h.Entity == nil || (named(h.Via) && !named(h.Entity))
}

// named reports whether a filter picks entities by an exact text or by a having clause.
func named(n filter.Node) bool {
	for _, p := range flatten(n) {
		switch p := p.(type) {
		case filter.Text:
			if p.Match.Eq != nil || len(p.Match.In) > 0 {
				return true
			}
		case filter.Related:
			if !p.None {
				return true
			}
		}
	}
	return false
}
