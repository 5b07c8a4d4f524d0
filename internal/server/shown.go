package server

import (
	"time"

	"github.com/accessgraph/accessgraph/cypher/compile"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// shownCypher implements describe.Compiler. Services know no Cypher; here, where the product
// is put together, they are given what writes it.
func shownCypher(f *filter.Filter, search string, now time.Time, limit int, integrations []access.Integration) (string, map[string]any) {
	c := compile.New(now, compile.IntegrationsOf(integrations))
	n := filter.Both(f.Tree(now), filter.SearchNode(search))
	s := c.Shown(c.Condition(n, f.IncludesRemoved()), limit)
	return s.Text, s.Params
}
