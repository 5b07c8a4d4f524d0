package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/accessgraph/accessgraph/cypher/compile"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// havingTail orders and cuts the identities e, as every shape must.
const havingTail = `
WITH collect(e) AS es
CALL (es) { UNWIND es AS e WITH e ORDER BY e.nameKey, e.id LIMIT $limit RETURN collect(e.id) AS page }
RETURN page, size(es) AS total`

// havingNamedTail is havingTail for many identities: the index of names gives them in order.
const havingNamedTail = `
WITH collect(e) AS es
CALL (es) { MATCH (e:Entity) USING INDEX e:Entity(nameKey, id) WHERE e.nameKey > '' AND e.id > '' AND e IN es WITH e ORDER BY e.nameKey, e.id LIMIT $limit RETURN collect(e.id) AS page }
RETURN page, size(es) AS total`

// havingClosure and havingForward find the identities.
const (
	havingClosure = `
CALL () {
  MATCH (t:Resource) WHERE TARGET
  MATCH (t)<-[:HAS_ACCESS {counts: true}]-(h)
  WITH DISTINCT h
  RETURN collect(h) AS holders
}
CALL (holders) {
  UNWIND holders AS h WITH h WHERE h:Connection
  MATCH (h)<-[:NESTS*0..]-(c)
  WITH DISTINCT c
  MATCH (c)<-[:IN]-(m:Identity)
  WITH DISTINCT m
  RETURN collect(m) AS members
}
UNWIND holders + members AS e
WITH DISTINCT e WHERE e:Identity`
	havingForward = `
MATCH (e:Identity)
WHERE EXISTS { MATCH (e)-[:HAS_ACCESS {counts: true}]->(t:Resource) WHERE TARGET }
   OR EXISTS { MATCH (e)-[:IN]->()-[:NESTS*0..]->(h) MATCH (h)-[:HAS_ACCESS {counts: true}]->(t:Resource) WHERE TARGET }`
)

// havingShapes are the ways to ask which identities reach a target, fit for any target
// condition. They may rely on what holds in this graph and our compiler cannot know: that
// identities are no targets, and that nothing passes through resources.
func havingShapes(target string) []shape {
	return []shape{
		{"naive EXISTS forward", `
MATCH (e:Identity) WHERE EXISTS { MATCH (e)-[:HAS_ACCESS*1.. {counts: true}]->(t:Resource) WHERE ` + target + ` }` + havingTail},
		{"pruned expansion of HAS_ACCESS from the targets", `
MATCH (t:Resource) WHERE ` + target + `
MATCH (t)<-[:HAS_ACCESS*1.. {counts: true}]-(e:Identity)
WITH DISTINCT e` + havingTail},
		{"closure over HAS_ACCESS among connections from the targets", `
CALL () {
  MATCH (t:Resource) WHERE ` + target + `
  MATCH (t)<-[:HAS_ACCESS {counts: true}]-(h)
  RETURN collect(DISTINCT h) AS holders
}
CALL (holders) {
  UNWIND holders AS h WITH h WHERE h:Connection
  MATCH (h)<-[:HAS_ACCESS*0.. {counts: true}]-(c:Connection)
  WITH DISTINCT c
  MATCH (c)<-[:HAS_ACCESS {counts: true}]-(m:Identity)
  RETURN collect(DISTINCT m) AS members
}
UNWIND holders + members AS e
WITH DISTINCT e WHERE e:Identity` + havingTail},
		{"closure over NESTS from the targets, IN at the end", `
CALL () {
  MATCH (t:Resource) WHERE ` + target + `
  MATCH (t)<-[:HAS_ACCESS {counts: true}]-(h)
  RETURN collect(DISTINCT h) AS holders
}
CALL (holders) {
  UNWIND holders AS h WITH h WHERE h:Connection
  MATCH (h)<-[:NESTS*0..]-(c)
  WITH DISTINCT c
  MATCH (c)<-[:IN]-(m:Identity)
  RETURN collect(DISTINCT m) AS members
}
UNWIND holders + members AS e
WITH DISTINCT e WHERE e:Identity` + havingTail},
		{"closure over NESTS from the targets, UNION of both ways", `
CALL () {
  MATCH (t:Resource) WHERE ` + target + `
  MATCH (t)<-[:HAS_ACCESS {counts: true}]-(e:Identity)
  RETURN e
  UNION
  MATCH (t:Resource) WHERE ` + target + `
  MATCH (t)<-[:HAS_ACCESS {counts: true}]-(h:Connection)
  WITH DISTINCT h
  MATCH (h)<-[:NESTS*0..]-(c)
  WITH DISTINCT c
  MATCH (c)<-[:IN]-(e:Identity)
  RETURN e
}
WITH DISTINCT e` + havingTail},
		{"closure over NESTS from the targets, collected before the last hop", `
CALL () {
  MATCH (t:Resource) WHERE ` + target + `
  MATCH (t)<-[:HAS_ACCESS {counts: true}]-(h)
  WITH DISTINCT h
  CALL (h) { WITH h WHERE h:Identity RETURN h AS e UNION ALL
    WITH h WHERE h:Connection MATCH (h)<-[:NESTS*0..]-(c) WITH DISTINCT c MATCH (c)<-[:IN]-(e:Identity) RETURN e }
  RETURN DISTINCT e
}
WITH e` + havingTail},
		{"EXISTS forward over IN and NESTS, stopping at the first hit", `
MATCH (e:Identity)
WHERE EXISTS { MATCH (e)-[:HAS_ACCESS {counts: true}]->(t:Resource) WHERE ` + target + ` }
   OR EXISTS { MATCH (e)-[:IN]->()-[:NESTS*0..]->(h) MATCH (h)-[:HAS_ACCESS {counts: true}]->(t:Resource) WHERE ` + target + ` }` + havingTail},
		{"closure over NESTS from the targets, IN at the end, in the order of the index of names", strings.ReplaceAll(havingClosure, "TARGET", target) + havingNamedTail},
		{"EXISTS forward over IN and NESTS, in the order of the index of names", strings.ReplaceAll(havingForward, "TARGET", target) + havingNamedTail},
	}
}

// havingQuestions ask which identities reach a rare target, a medium lot, and any resource.
func havingQuestions(ctx context.Context, r query.Reader) ([]question, error) {
	rare, err := rareTarget(ctx, r)
	if err != nil {
		return nil, err
	}
	var out []question
	for _, q := range []struct {
		name, target string
		params       map[string]any
		entity       filter.Filter
	}{
		{"having, rare target", "t.nameFold = $name", map[string]any{"name": access.Fold(rare)}, filter.Filter{Name: &filter.StringMatch{Eq: &rare}}},
		{"having, medium targets", "t.sourceType = $sourceType", map[string]any{"sourceType": mediumSourceType}, filter.Filter{SourceType: &filter.StringMatch{Eq: pointer(mediumSourceType)}}},
		{"having, broad targets", "true", nil, filter.Filter{Type: []access.EntityType{access.Resource}}},
	} {
		f := &filter.Filter{Type: []access.EntityType{access.Identity}, Having: []filter.Having{{Entity: &q.entity}}}
		targets, err := r.Entities(ctx, query.EntityQuery{Filter: &q.entity, Page: query.Page{First: 1, WithTotal: true}})
		if err != nil {
			return nil, err
		}
		found, err := r.Entities(ctx, query.EntityQuery{Filter: f, Page: query.Page{First: 1, WithTotal: true}})
		if err != nil {
			return nil, err
		}
		out = append(out, question{
			part: "having", name: q.name, limit: firstPage,
			wide:   query.MaxFirst, // by hand, the server counts the list of all matches once for every row that it sorts
			detail: fmt.Sprintf("which identities reach %d target(s): the first %d of %d", targets.Total, firstPage, found.Total),
			reader: func(ctx context.Context, r query.Reader, limit int) ([]string, error) {
				page, err := r.Entities(ctx, query.EntityQuery{Filter: f, Page: query.Page{First: limit, WithTotal: true}})
				lines := []string{fmt.Sprint("total ", page.Total)}
				for _, e := range page.Entities {
					lines = append(lines, e.ID)
				}
				return lines, err
			},
			compiled: func(run ask, limit int) ([]string, error) {
				c := compile.New(now, nil)
				st := c.List(c.Condition(f.Tree(now), false), compile.ByName, compile.Window{Limit: limit, Total: true})
				found, err := run(st.Text, st.Params)
				if err != nil {
					return nil, err
				}
				return answerOf(found[0], decodeIDs)
			},
			shapes: havingShapes(q.target), params: q.params, decode: decodeIDs,
		})
	}
	return out, nil
}

func pointer[T any](v T) *T { return &v }

func decodeIDs(page []any) ([]string, error) {
	out := make([]string, len(page))
	for i, v := range page {
		id, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("a page with %T in it", v)
		}
		out[i] = id
	}
	return out, nil
}

// rareTarget is the resource, of some, that the fewest identities reach, but one at least.
func rareTarget(ctx context.Context, r query.Reader) (name string, err error) {
	page, err := r.Entities(ctx, query.EntityQuery{Filter: &filter.Filter{Type: []access.EntityType{access.Resource}}, Page: query.Page{First: 200}})
	if err != nil {
		return "", err
	}
	least := 0
	for _, e := range page.Entities {
		by, err := r.Effective(ctx, query.EffectiveQuery{Of: []string{e.ID}, Direction: filter.AccessibleBy,
			Filter: &filter.Filter{Type: []access.EntityType{access.Identity}}, Page: query.Page{First: 1, WithTotal: true}})
		if err != nil {
			return "", err
		}
		if n := by[0].Total; n > 0 && (least == 0 || n < least) {
			least, name = n, e.Name
		}
	}
	if least == 0 {
		return "", fmt.Errorf("no resource is reached by anybody")
	}
	return name, nil
}
