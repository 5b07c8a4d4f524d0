package compile

import "github.com/accessgraph/accessgraph/internal/access"

// Shown makes the statement of a list for people, who read it and run it by hand: the
// first entities that pass, by name, with what one wants to see of them.
func (c *Compiler) Shown(d Condition, limit int) Statement {
	// By name comes after all else: Match may unwind a set, which has no order.
	return c.Statement(d.Match("e") +
		"RETURN e.id AS id, e.name AS name, e.type AS type, e.sourceType AS sourceType, e.status AS status\n" +
		"ORDER BY e.nameKey = '', e.nameKey, e.id\nLIMIT " + c.Param(limit))
}

// IntegrationsOf are the integrations as the compiler wants them.
func IntegrationsOf(list []access.Integration) []Integration {
	out := make([]Integration, len(list))
	for i := range list {
		out[i] = Integration{Key: list[i].Key, Name: list[i].Name, Application: list[i].Application}
	}
	return out
}
