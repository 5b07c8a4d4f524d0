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
	main += "CALL (*) {\n" + indent(d.Match("e", within...)+
		"WITH e ORDER BY "+o.by(w.Backwards)+" LIMIT "+c.Param(w.Limit)+"\nRETURN collect(e.id) AS page") + "\n}\n"
	return c.Statement(main + "RETURN page, " + lower + ", " + upper + ", " + total)
}
