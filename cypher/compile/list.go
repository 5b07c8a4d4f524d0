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
	if d.indexed() && len(keys) == 1 && keys[0] == ByName[0] {
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
