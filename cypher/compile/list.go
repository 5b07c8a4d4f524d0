package compile

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
	byName := len(keys) == 1 && keys[0] == ByName[0]
	if d.driver != nil || len(c.sets) > 0 && !(d.indexed() && byName) {
		cut := c.cut(o, w)
		total := "-1"
		if w.Total {
			total = "total"
		}
		return c.Statement(d.Match("e") + "WITH collect(e) AS found\n" + cut.page("found", "e", "") +
			"RETURN [item IN page | item.id] AS page, lower, upper, " + total + " AS total")
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
	if d.indexed() && byName {
		bounds := []string{"e.nameKey > ''"}
		for _, b := range []struct {
			operator string
			at       *Position
		}{{" >= ", w.After}, {" <= ", w.Before}} {
			if b.at != nil { // says no more than within, but the index can use it
				bounds = append(bounds, "e.nameKey"+b.operator+c.Param(keys[0].value(b.at.Values[0])))
			}
		}
		main += d.byName(w.Backwards, bounds, within, limit)
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

// page turns the row with the list into one with page, lower, upper and total. Items of the
// list are entities or, where with is given, pairs of an entity and what goes with it.
//
// A row that is kept for the order is charged with every list within its reach, the one
// that it was unwound of as well, which would make a page cost its length times the
// length of the list. Only grouping makes rows that have left the list behind. Items outside of the
// window come last and are dropped after the cut, so that an empty page has a total.
func (t cut) page(list, v, with string) string {
	item, carried := v, ""
	unwound := v
	if with != "" {
		item, carried, unwound = "["+v+", "+with+"]", ", head(collect(item[1])) AS "+with, "item"
	}
	exists := func(condition string) string {
		switch {
		case condition == "":
			return "false"
		case with == "":
			return "any(" + v + " IN " + list + " WHERE " + condition + ")"
		}
		return "any(" + v + " IN [item IN " + list + " | item[0]] WHERE " + condition + ")"
	}
	text := "WITH " + list + ", size(" + list + ") AS total, " + exists(t.lower) + " AS lower, " + exists(t.upper) + " AS upper\n" +
		"UNWIND " + list + " AS " + unwound + "\nWITH "
	if with != "" {
		text += "item[0] AS "
	}
	text += v + carried + ", max(total) AS total, max(lower) AS lower, max(upper) AS upper\n"
	all := v
	if with != "" {
		all += ", " + with
	}
	if t.inside == "" {
		return text + "WITH " + all + ", total, lower, upper ORDER BY " + t.o.by(t.backwards) + " LIMIT " + t.limit + "\n" +
			"WITH collect(" + item + ") AS page, coalesce(max(total), 0) AS total, coalesce(max(lower), false) AS lower, coalesce(max(upper), false) AS upper\n"
	}
	return text + "WITH " + all + ", total, lower, upper, " + t.inside + " AS inside ORDER BY inside DESC, " + t.o.by(t.backwards) + " LIMIT " + t.limit + "\n" +
		"WITH collect(CASE WHEN inside THEN " + item + " END) AS page, coalesce(max(total), 0) AS total, coalesce(max(lower), false) AS lower, coalesce(max(upper), false) AS upper\n"
}

// indexed reports whether the entities that pass are found by a MATCH of one label.
func (d Condition) indexed() bool { return d.driver == nil && !d.all }

// byName orders by the index on (nameKey, id), which the server can stop reading once the
// page is full. Entities without a name have an empty key; they are a list of their own.
func (d Condition) byName(backwards bool, bounds, within []string, limit string) string {
	part := func(name string, bounds ...string) string {
		return "CALL (*) {\n" + indent(d.Match("e", append(bounds, within...)...)+
			"WITH e ORDER BY e.nameKey"+direction(backwards)+", e.id"+direction(backwards)+" LIMIT "+limit+
			"\nRETURN collect(e.id) AS "+name) + "\n}\n"
	}
	return part("named", bounds...) + part("nameless", "e.nameKey = ''")
}
