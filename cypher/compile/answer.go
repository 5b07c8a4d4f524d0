package compile

import (
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Rows is a statement's result as a part of an answer: its columns, and the entities that are to come with it.
type Rows struct {
	Columns []string
	// Entities is an expression over one row, called row, a list of the columns' values: the
	// ids of the entities that it tells of. "" = none.
	Entities string
	// Removed: they may be removed ones.
	Removed bool
}

// Answer makes a statement of one row out of st, which holds its whole answer and shows of
// which graph version it is, so that a question takes one round trip: version and pending
// (see the statement "version") as they were before, after and stillPending as they were
// afterwards, rows (a list of lists, one for each row of st) and entities, a list of
// [properties, insights, mapping] without repeats.
//
// The server isolates statements no better than transactions: each read sees what is
// committed at its moment. That the version is equal before and after shows as much here as in
// statements of their own, since the order of the reads is the same: parts of a statement
// that WITH and CALL separate are run in their order, a row at a time; all that was read in
// between is in lists, made before their row goes on; and version nodes are looked up
// twice, under two names, for properties are only remembered by name.
func (st Statement) Answer(of Rows) Statement {
	version := "MATCH (v:GraphVersion {id: 'graph'})\n"
	text := version + "WITH v.version AS version, v.pending IS NOT NULL AS pending\n" +
		"CALL (version) {\n" + indent("CALL (version) {\n"+indent(st.Text)+"\n}\nRETURN collect(["+strings.Join(of.Columns, ", ")+"]) AS rows") + "\n}\n"
	entities := "[]"
	if of.Entities != "" {
		entities = "entities"
		match := "MATCH (e:" + access.LabelEntity + " {id: id})\n"
		if of.Removed {
			match = "CALL (id) { MATCH (e:" + access.LabelEntity + " {id: id}) RETURN e UNION ALL MATCH (e:" + access.LabelRemovedEntity + " {id: id}) RETURN e }\n"
		}
		text += "CALL (rows) {\n" + indent("UNWIND rows AS row\nUNWIND "+of.Entities+" AS id\nWITH DISTINCT id\n"+match+
			"RETURN collect([properties(e),\n"+
			"  [(e)-[has:HAS_INSIGHT]->(i:Insight) | {name: i.name, since: has.since, evidence: has.evidence}],\n"+
			"  [(p:Employee)-[m:IS|OWNS]->(e) | {employee: p.id, relation: type(m), origin: m.origin, reason: m.reason, at: m.at}]]) AS entities") + "\n}\n"
	}
	return Statement{Params: st.Params, Text: text +
		"CALL (rows) {\n" + indent("MATCH (w:GraphVersion {id: 'graph'})\nRETURN w.version AS after, w.pending IS NOT NULL AS stillPending") + "\n}\n" +
		"RETURN version, pending, after, stillPending, rows, " + entities + " AS entities"}
}

// Rows of the statements that readers ask.
var (
	ListRows = Rows{Columns: []string{"page", "lower", "upper", "total"}, Entities: "row[0]"}
	// EffectiveRows are those of Effective.
	EffectiveRows = Rows{Columns: []string{"at", "page", "lower", "total"}, Entities: "[item IN row[1] | item[0]]"}
	AccessRows    = Rows{Columns: []string{"source", "target", "holder", "key", "permissions"}}
	HopRows       = Rows{Columns: []string{"at", "from", "to", "through", "permissions"}}
	RankedRows    = Rows{Columns: []string{"id", "n"}, Entities: "[row[0]]"}
)

// FacetRows are those of Facets with so many fields.
func FacetRows(fields int) Rows {
	columns := make([]string, fields)
	for i := range columns {
		columns[i] = facetColumn(i)
	}
	return Rows{Columns: columns}
}
