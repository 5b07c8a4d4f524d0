package compile

import "github.com/accessgraph/accessgraph/internal/access"

// Window is the part of a list that is asked for: at most Limit items after After and
// before Before, from the start or (Backwards) from the end, and then in reverse order.
type Window struct {
	After, Before *Position
	Limit         int
	Backwards     bool
	Total         bool
}

// List makes the statement for a list of entities. Its one row has the columns
// page (ids), lower and upper (whether there are items up to After, from Before on) and
// total (−1 unless asked for).
func (c *Compiler) List(d Condition, keys []SortKey, w Window) Statement {
	o := c.ordering("e", keys)
	named := len(keys) == 1 && keys[0] == ByName[0]
	if d.driver != nil || len(c.sets) > 0 && !(d.indexed() && named) {
		return c.listOfSet(d, c.cut(o, w), named && !d.all, w)
	}
	var within []string
	lower, upper := "false AS lower", "false AS upper"
	main := ""
	outside := func(name, inside string) string {
		main += "CALL (*) {\n" + indent(d.Match("e", "NOT "+inside)+"WITH e LIMIT 1\nRETURN count(e) > 0 AS "+name) + "\n}\n"
		return name
	}
	if w.After != nil {
		inside := o.beyond(*w.After, false)
		within, lower = append(within, inside), outside("lower", inside)
	}
	if w.Before != nil {
		inside := o.beyond(*w.Before, true)
		within, upper = append(within, inside), outside("upper", inside)
	}
	total := "-1 AS total"
	if w.Total {
		total = "total"
		main += "CALL (*) {\n" + indent(d.Match("e")+"RETURN count(e) AS total") + "\n}\n"
	}
	limit := c.Param(w.Limit)
	page := "page"
	if d.indexed() && named {
		main += byName(w.Backwards, c.nameBounds(w), within, limit, "e.id", func(conditions ...string) string { return d.Match("e", conditions...) })
		page = "(named + nameless)[.." + limit + "] AS page"
		if w.Backwards {
			page = "(nameless + named)[.." + limit + "] AS page"
		}
	} else {
		main += "CALL (*) {\n" + indent(d.Match("e", within...)+
			"WITH e ORDER BY "+o.by(w.Backwards)+" LIMIT "+limit+"\nRETURN collect(e.id) AS page") + "\n}\n"
	}
	return c.Statement(main + "RETURN " + page + ", " + lower + ", " + upper + ", " + total)
}

// listOfSet is List where the entities that pass are known as a list.
func (c *Compiler) listOfSet(d Condition, t cut, named bool, w Window) Statement {
	text := "WITH " + d.found() + " AS found\n"
	if d.found() == "" {
		text = d.Match("e") + "WITH collect(e) AS found\n"
	}
	text += "WITH found, " + t.facts("found", "e") + "\n"
	from := "found"
	if named {
		// Reading the key of each entity in a long list, to order them, takes longer than reading
		// the index of names until the page is full, even if it has to be read to its end.
		// Left to itself the planner may order rows, which carry the list (see page).
		index := func(conditions ...string) string {
			return "MATCH (e:" + access.LabelEntity + ") USING INDEX e:" + access.LabelEntity + "(nameKey, id)" + where(append(conditions, "e IN found")...) + "\n"
		}
		text += "CALL (found) {\n" + indent("WITH found WHERE size(found) * "+manyOf+" > COUNT { (:"+access.LabelEntity+") }\n"+
			byName(w.Backwards, c.nameBounds(w), t.within(), t.limit, "e", index)+"RETURN coalesce(head(collect(named + nameless)), []) AS first") + "\n}\n"
		// An empty page keeps the whole list, whose rows carry the total.
		from = "CASE WHEN size(first) > 0 THEN first ELSE found END"
	}
	total := "-1"
	if w.Total {
		total = "total"
	}
	return c.Statement(text + t.page(from, "e", "") +
		"RETURN [item IN page | item.id] AS page, " + known(t.lower, "lower") + ", " + known(t.upper, "upper") + ", " + total + " AS total")
}

// manyOf: a list is long when it has more than one of so many entities that there are.
const manyOf = "3"

// nameBounds are what the window asks of the name's key. They say no more than the window's
// own conditions, but the index can use them.
func (c *Compiler) nameBounds(w Window) []string {
	bounds := []string{"e.nameKey > ''"}
	if w.After != nil {
		bounds = append(bounds, "e.nameKey >= "+c.Param(ByName[0].value(w.After.Values[0])))
	}
	if w.Before != nil {
		bounds = append(bounds, "e.nameKey <= "+c.Param(ByName[0].value(w.Before.Values[0])))
	}
	return bounds
}

// cut takes a page out of a list that is known whole.
type cut struct {
	o                    ordering
	lower, upper, inside string // conditions on o.v; "" = none
	limit                string
	backwards            bool
}

func (c *Compiler) cut(o ordering, w Window) cut {
	t := cut{o: o, backwards: w.Backwards}
	if w.After != nil {
		inside := o.beyond(*w.After, false)
		t.lower, t.inside = "NOT "+inside, inside
	}
	if w.Before != nil {
		inside := o.beyond(*w.Before, true)
		t.upper, t.inside = "NOT "+inside, and(t.inside, inside)
	}
	t.limit = c.Param(w.Limit)
	return t
}

func (t cut) within() []string {
	if t.inside == "" {
		return nil
	}
	return []string{t.inside}
}

// facts are what is known of the whole list: total and, where the window has bounds, lower and upper.
func (t cut) facts(list, v string) string {
	text := "size(" + list + ") AS total"
	t.bounds(func(name, condition string) {
		text += ", any(" + v + " IN " + list + " WHERE " + condition + ") AS " + name
	})
	return text
}

// known is a fact that may not be among the columns: then nothing is out of the window there.
func known(condition, name string) string {
	if condition == "" {
		return "false AS " + name
	}
	return name
}

func (t cut) bounds(each func(name, condition string)) {
	if t.lower != "" {
		each("lower", t.lower)
	}
	if t.upper != "" {
		each("upper", t.upper)
	}
}

// page turns the row with the list from, a name or an expression, and its facts into one with
// page, total and the other facts. Items of the list are entities or, where with is given, pairs of an
// entity and what goes with it.
//
// A row that is kept for the order is charged with every list within its reach, the one
// that it was unwound of as well, which would make a page cost its length times the
// length of the list. Only grouping makes rows that have left the list behind. Items outside of the
// window come last and are dropped after the cut, so that an empty page has a total.
func (t cut) page(from, v, with string) string {
	item, carried, unwound := v, "", v
	if with != "" {
		item, carried, unwound = "["+v+", "+with+"]", ", head(collect(item[1])) AS "+with, "item"
	}
	text := "UNWIND " + from + " AS " + unwound + "\nWITH "
	if with != "" {
		text += "item[0] AS "
	}
	text += v + carried + ", max(total) AS total"
	all := v
	if with != "" {
		all += ", " + with
	}
	all += ", total"
	ends := ""
	t.bounds(func(name, _ string) {
		text += ", max(" + name + ") AS " + name
		all += ", " + name
		ends += ", coalesce(max(" + name + "), false) AS " + name
	})
	order, kept := "", item
	if t.inside != "" {
		all, order, kept = all+", "+t.inside+" AS inside", "inside DESC, ", "CASE WHEN inside THEN "+item+" END"
	}
	return text + "\nWITH " + all + " ORDER BY " + order + t.o.by(t.backwards) + " LIMIT " + t.limit + "\n" +
		"WITH collect(" + kept + ") AS page, coalesce(max(total), 0) AS total" + ends + "\n"
}

// indexed reports whether the entities that pass are found by a MATCH of one label.
func (d Condition) indexed() bool { return d.driver == nil && !d.all }

// byName orders by the index on (nameKey, id), which the server can stop reading once the
// page is full. Entities without a name have an empty key; they are a list of their own.
// The lists are called named and nameless; match binds e.
func byName(backwards bool, bounds, within []string, limit, item string, match func(conditions ...string) string) string {
	part := func(name string, bounds ...string) string {
		bounds = append(bounds, "e.id > ''") // every id is: without it the index of both is not used
		for _, w := range within {
			bounds = append(bounds, "coalesce("+w+", false)") // a bare OR would become a union of seeks without order
		}
		return "CALL (*) {\n" + indent(match(bounds...)+
			"WITH e ORDER BY e.nameKey"+direction(backwards)+", e.id"+direction(backwards)+" LIMIT "+limit+
			"\nRETURN collect("+item+") AS "+name) + "\n}\n"
	}
	return part("named", bounds...) + part("nameless", "e.nameKey = ''")
}
