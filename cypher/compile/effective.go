package compile

import "github.com/accessgraph/accessgraph/internal/filter"

// Effective asks which entities others (x) reach, or are reached by.
type Effective struct {
	Of                []string // ids of x
	Direction         filter.Direction
	Direct            bool // only by grants of the source's own
	Other             Condition
	Permission        *filter.StringMatch // on some grant to the target
	ThroughIdentities bool
	After             *Position
	Limit             int
	Total             bool
	NoProviders       bool // leaves the providers of described pairs out
}

// passable is asked of the relationships along a path through connections and identities.
const passable = "all(hop IN relationships(path) WHERE hop.counts AND NOT endNode(hop):Resource)" //nolint:gosec // Cypher, no credential

// Effective makes the statement for pages of entities ordered by name, then id. It has
// a row for each x that is live: at (its place in Of), page, lower, total. The items of
// page are [id], or when Describes: [id, direct, permissions, providers], with permissions
// a list of [name, value], repeats possible, and providers of [name key, id], likewise.
func (c *Compiler) Effective(q Effective) Statement {
	of := c.Param(q.Of)
	t := c.cut(c.ordering("o", ByName), Window{After: q.After, Limit: q.Limit})
	var pages string
	switch {
	case !q.Describes():
		pages = c.others(q) + "WITH DISTINCT o" + where("o <> x", q.Other.On("o")) + "\nWITH collect(o) AS others\n" +
			"WITH others, " + t.facts("others", "o") + "\n" + t.page("others", "o", "") + "RETURN [item IN page | [item.id]]"
	case len(c.sets) > 0:
		pages = c.described(q) + "WITH collect([o, grants]) AS others\nWITH others, [item IN others | item[0]] AS ends\n" +
			"WITH others, " + t.facts("ends", "o") + "\n" + t.page("others", "o", "grants") + "RETURN [item IN page | " + q.item("item[0].id") + "]"
	default:
		// No list is within reach of these rows (see page), so all of them may be ordered, which
		// spares a second grouping.
		pages = c.described(q) + t.pageOfDescribed() + "RETURN [item IN page | " + q.item("item[0]") + "]"
	}
	total := "-1"
	if q.Total {
		total = "total"
	}
	each, at := "UNWIND range(0, size("+of+") - 1) AS at\nMATCH (x:Entity {id: "+of+"[at]})\n", "at"
	if len(q.Of) == 1 { // the usual question, which saves the server a row and an operator
		each, at = "MATCH (x:Entity {id: "+of+"[0]})\n", "0 AS at"
	}
	return c.Statement(each + "CALL (*) {\n" + indent(pages+" AS page, "+known(t.lower, "lower")+", total") + "\n}\n" +
		"RETURN " + at + ", page, lower, " + total + " AS total")
}

// described gives rows of o, which x reaches, and the grants of x's holders that lead to it.
func (c *Compiler) described(q Effective) string {
	selected := ""
	if q.Permission != nil {
		selected = "any(g IN grants WHERE " + c.Permission("g", q.Permission) + ")"
	}
	// IN leads from connections as well as NESTS does, so that one expansion over it finds all holders, x
	// among them, and a cycle back to x finds it once.
	holders := "MATCH (x)-[:IN*0..]->(h)\nWITH DISTINCT h\n"
	if q.ThroughIdentities {
		holders = held("x", true) + "UNWIND [x] + [h IN held WHERE h <> x] AS h\n"
	}
	return holders + "MATCH " + grant("h", "o") + " WHERE o <> x\n" +
		"WITH o, collect(g) AS grants" + where(q.Other.On("o"), selected) + "\n"
}

// pageOfDescribed is page for the rows of described, of which all are ordered, by name and id. The
// items of page are pairs of an id and grants.
//
// Missing names, which are empty, must come last. As a criterion before the name that would cost each
// row; here they come first, and where there are any the list is turned.
func (t cut) pageOfDescribed() string {
	item, inside, facts, carried, known := "[o.id, grants]", "", "", "", "size(items) AS total"
	if t.inside != "" {
		item, inside = "CASE WHEN inside THEN [o.id, grants] END", ", "+t.inside+" AS inside"
		facts, carried, known = ", count(o) AS total, coalesce(max(NOT inside), false) AS lower", ", total, lower", "total, lower"
	}
	return "WITH o, grants" + inside + " ORDER BY o.nameKey, o.id\n" +
		"WITH collect(" + item + ") AS items, min(o.nameKey) AS least" + facts + "\n" +
		"WITH items, CASE WHEN least = '' THEN size([item IN items WHERE endNode(item[1][0]).nameKey = '']) ELSE 0 END AS nameless" + carried + "\n" +
		"WITH (items[nameless..] + items[..nameless])[.." + t.limit + "] AS page, " + known + "\n"
}

// item is what is told of an item of the page, an entity, whose id is given, and the grants that lead to it.
func (q Effective) item(id string) string {
	providers := ""
	if !q.NoProviders {
		providers = ", [g IN item[1] WHERE startNode(g) <> x | [startNode(g).nameKey, startNode(g).id]]"
	}
	return "[" + id + ", any(g IN item[1] WHERE startNode(g) = x), [g IN item[1] | [g.permission, g.value]]" + providers + "]"
}

// Describes reports whether the answer tells of each pair as well what it consists of. It
// does where that needs no more than the grants that were looked through anyway; else
// Access has to be asked.
func (q Effective) Describes() bool { return q.Direction == filter.HasAccessTo && !q.Direct }

// others binds o to the other ends of x, repeats included.
func (c *Compiler) others(q Effective) string {
	permission := c.Permission("g", q.Permission)
	forward := q.Direction == filter.HasAccessTo
	switch {
	case q.Direct && forward:
		return "MATCH " + grant("x", "o") + where(permission) + "\n"
	case q.Direct:
		return "MATCH " + grant("o", "x") + where(permission) + "\n"
	case forward:
		return held("x", q.ThroughIdentities) +
			"UNWIND [x] + held AS h\nMATCH " + grant("h", "o") + where(permission) + "\n"
	case q.ThroughIdentities:
		return "MATCH " + grant("h", "x") + where(permission) + "\nWITH DISTINCT h\n" +
			"MATCH path = (h)<-[:HAS_ACCESS*0..]-(o) WHERE " + passable + "\n"
	}
	return "MATCH " + grant("h", "x") + where(permission) + "\n" + holdersOf("o")
}

// held collects what x holds, other than by being x itself.
func held(x string, throughIdentities bool) string {
	if throughIdentities {
		return "CALL (" + x + ") { MATCH path = (" + x + ")-[:HAS_ACCESS*1..]->(h) WHERE " + passable + " RETURN collect(DISTINCT h) AS held }\n"
	}
	return "CALL (" + x + ") { MATCH (" + x + ")-[:IN]->(c)-[:NESTS*0..]->(h) RETURN collect(DISTINCT h) AS held }\n"
}

// SourceTargets are pairs that share their source.
type SourceTargets struct {
	Source  string
	Targets []string
}

// Access makes the statement that describes pairs: a row for each pair and holder with
// a counting grant on the target: source, target, holder, key (the holder's name key) and
// permissions, a list of [name, value].
func (c *Compiler) Access(pairs []SourceTargets, throughIdentities bool) Statement {
	list := make([]any, len(pairs))
	many := false
	for i, p := range pairs {
		list[i] = map[string]any{"source": p.Source, "targets": p.Targets}
		many = many || len(p.Targets) > 1
	}
	text := "UNWIND " + c.Param(list) + " AS pair\nMATCH (x:Entity {id: pair.source})\n" + held("x", throughIdentities)
	if many { // what each holder has, looked through once for all targets
		text += "CALL (pair) { UNWIND pair.targets AS target MATCH (t:Entity {id: target}) RETURN collect(t) AS targets }\n" +
			"UNWIND [x] + held AS h\nWITH DISTINCT x, targets, h\nMATCH " + grant("h", "t") + " WHERE t IN targets\n"
	} else { // the target may have very many holders: from either end, whichever has fewer grants
		text += "MATCH (t:Entity {id: pair.targets[0]})\nUNWIND [x] + held AS h\nWITH DISTINCT x, t, h\nMATCH " + grant("h", "t") + "\n"
	}
	return c.Statement(text +
		"RETURN x.id AS source, t.id AS target, h.id AS holder, h.nameKey AS key, collect(DISTINCT [g.permission, g.value]) AS permissions")
}

// PairOf asks for the chains from one entity to another.
type PairOf struct{ From, To string }

// Hops makes the statement that fetches the part of the graph between two entities: a row
// for each hop of a chain: at (the pair's place), from, to, through (whether chains may
// pass through "to") and permissions as in Access.
func (c *Compiler) Hops(pairs []PairOf, throughIdentities bool) Statement {
	list := make([]any, len(pairs))
	for i, p := range pairs {
		list[i] = map[string]any{"from": p.From, "to": p.To}
	}
	of := c.Param(list)
	back, next, through := "MATCH (h)<-[:NESTS*0..]-(c)", "MATCH (a)-[:IN]->(b)", "b:Connection"
	if throughIdentities {
		back = "MATCH path = (h)<-[:HAS_ACCESS*0..]-(c) WHERE " + passable
		next, through = "MATCH (a)-[:HAS_ACCESS {counts: true}]->(b)", "(b:Connection OR b:Identity)"
	}
	return c.Statement("UNWIND range(0, size(" + of + ") - 1) AS at\n" +
		// Each end in a CALL of its own: in one part the planner would make a cartesian product of them.
		"CALL (at) { MATCH (x:Entity {id: " + of + "[at].from}) RETURN x }\n" +
		"CALL (at) { MATCH (t:Entity {id: " + of + "[at].to}) RETURN t }\nWITH at, x, t WHERE x <> t\n" +
		held("x", throughIdentities) +
		"CALL (t, held) {\n" + indent("MATCH (t)<-[:HAS_ACCESS {counts: true}]-(h)\nWITH DISTINCT h\n"+back+"\nWITH DISTINCT c WHERE c IN held\nRETURN collect(c) AS between") + "\n}\n" +
		"UNWIND [x] + between AS a\nWITH DISTINCT at, t, between, a\n" +
		"CALL (a, t, between) {\n" + indent(next+" WHERE b IN between\nRETURN DISTINCT b\nUNION\nRETURN t AS b") + "\n}\n" +
		"MATCH " + grant("a", "b") + "\n" +
		"RETURN at, a.id AS from, b.id AS to, " + through + " AS through, collect(DISTINCT [g.permission, g.value]) AS permissions")
}

// Ranked makes the statement for the entities with the most related ones: rows of id and
// n, in order.
func (c *Compiler) Ranked(d, related Condition, direction filter.Direction, first int) Statement {
	text := d.Match("x") + "CALL (*) {\n" + indent(c.others(Effective{Direction: direction})+
		"WITH DISTINCT o"+where("o <> x", related.On("o"))+"\nRETURN count(o) AS n") + "\n}\n" +
		"WITH x, n WHERE n > 0\nWITH x, n ORDER BY n DESC, " + c.ordering("x", ByName).by(false)
	if first > 0 {
		text += " LIMIT " + c.Param(first)
	}
	return c.Statement(text + "\nRETURN x.id AS id, n")
}
