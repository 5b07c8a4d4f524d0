package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/cypher/compile"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// reachTail takes the last hop from the holders h, gathers the permissions of each target,
// orders and cuts.
const reachTail = `
MATCH (h)-[g:HAS_ACCESS {counts: true}]->(o) WHERE o <> x
WITH o, collect(DISTINCT [g.permission, g.value]) AS permissions
WITH collect([o, permissions]) AS reached
CALL (reached) {
  UNWIND reached AS r WITH r[0] AS o, r[1] AS permissions ORDER BY o.nameKey, o.id LIMIT $limit
  RETURN collect([o.id, permissions]) AS page
}
RETURN page, size(reached) AS total`

// reachLateTail finds the targets first and looks at permissions on the page only.
const reachLateTail = `
WITH x, collect(DISTINCT h) AS holders
CALL (x, holders) { UNWIND holders AS h MATCH (h)-[:HAS_ACCESS {counts: true}]->(o) WHERE o <> x RETURN collect(DISTINCT o) AS reached }
CALL (holders, reached) {
  UNWIND reached AS o WITH holders, o ORDER BY o.nameKey, o.id LIMIT $limit
  MATCH (o)<-[g:HAS_ACCESS {counts: true}]-(h) WHERE h IN holders
  WITH o, collect(DISTINCT [g.permission, g.value]) AS permissions ORDER BY o.nameKey, o.id
  RETURN collect([o.id, permissions]) AS page
}
RETURN page, size(reached) AS total`

// reachSortedTail orders all targets and looks at permissions on the page only.
const reachSortedTail = `
MATCH (h)-[g:HAS_ACCESS {counts: true}]->(o) WHERE o <> x
WITH o, collect(g) AS grants
WITH o, grants ORDER BY o.nameKey, o.id
WITH collect([o, grants])[..$limit] AS page, count(o) AS total
RETURN [item IN page | [item[0].id, [g IN item[1] | [g.permission, g.value]]]] AS page, total`

// reachKeptTail is the same, and keeps the ids that the order has read.
const reachKeptTail = `
MATCH (h)-[g:HAS_ACCESS {counts: true}]->(o) WHERE o <> x
WITH o, collect(g) AS grants
WITH o, grants ORDER BY o.nameKey, o.id
WITH collect([o.id, grants])[..$limit] AS page, count(o) AS total
RETURN [item IN page | [item[0], [g IN item[1] | [g.permission, g.value]]]] AS page, total`

var reachShapes = []shape{
	{"naive expansion of HAS_ACCESS, every path", `
MATCH (x:Entity {id: $id})-[:HAS_ACCESS*0.. {counts: true}]->(h)` + reachTail},
	{"pruned expansion of HAS_ACCESS", `
MATCH (x:Entity {id: $id})-[:HAS_ACCESS*0.. {counts: true}]->(h) WHERE h = x OR h:Connection
WITH DISTINCT x, h` + reachTail},
	{"pruned expansion of IN and NESTS", `
MATCH (x:Entity {id: $id})
CALL (x) { RETURN x AS h UNION MATCH (x)-[:IN]->(c)-[:NESTS*0..]->(h) RETURN DISTINCT h }` + reachTail},
	{"pruned expansion of IN|NESTS in one pattern", `
MATCH (x:Entity {id: $id})-[:IN|NESTS*0..]->(h)
WITH DISTINCT x, h` + reachTail},
	{"pruned expansion of IN and NESTS, permissions of the page only", `
MATCH (x:Entity {id: $id})
CALL (x) { RETURN x AS h UNION MATCH (x)-[:IN]->(c)-[:NESTS*0..]->(h) RETURN DISTINCT h }` + reachLateTail},
	{"pruned expansion of IN and NESTS, ordered whole, permissions of the page only", `
MATCH (x:Entity {id: $id})
CALL (x) { RETURN x AS h UNION MATCH (x)-[:IN]->(c)-[:NESTS*0..]->(h) RETURN DISTINCT h }` + reachSortedTail},
	{"pruned expansion of IN alone, ordered whole, permissions of the page only", `
MATCH (x:Entity {id: $id})-[:IN*0..]->(h)
WITH DISTINCT x, h` + reachKeptTail},
}

// reachQuestions ask what the identity in the middle and the one with the largest reach
// (of some hundred) reach, with permissions: a page, and all of it.
func reachQuestions(ctx context.Context, r query.Reader) ([]question, error) {
	people, err := r.Entities(ctx, query.EntityQuery{Filter: &filter.Filter{Type: []access.EntityType{access.Identity}}, Page: query.Page{First: 400}})
	if err != nil {
		return nil, err
	}
	type reach struct {
		id    string
		total int
	}
	var some []reach
	for _, e := range people.Entities {
		page, err := r.Effective(ctx, query.EffectiveQuery{Of: []string{e.ID}, Direction: filter.HasAccessTo, Page: query.Page{First: 1, WithTotal: true}})
		if err != nil {
			return nil, err
		}
		some = append(some, reach{e.ID, page[0].Total})
	}
	slices.SortFunc(some, func(a, b reach) int { return a.total - b.total })
	middle, largest := some[len(some)/2], some[len(some)-1]
	return []question{
		reachQuestion("reach, median identity, first page", middle.id, firstPage, middle.total),
		reachQuestion("reach, median identity, all", middle.id, everything, middle.total),
		reachQuestion("reach, largest identity, first page", largest.id, firstPage, largest.total),
		reachQuestion("reach, largest identity, all", largest.id, everything, largest.total),
	}, nil
}

func reachQuestion(name, id string, limit, total int) question {
	reached := func(ctx context.Context, r query.Reader, limit int) ([]query.AccessPage, error) {
		return r.Effective(ctx, query.EffectiveQuery{
			Of: []string{id}, Direction: filter.HasAccessTo, NoProviders: true, Page: query.Page{First: limit, WithTotal: true},
		})
	}
	return question{
		part: "reach", name: name, limit: limit, wide: everything,
		detail: fmt.Sprintf("ids and permissions of %d of the %d entities that one identity reaches", min(limit, total), total),
		read: func(ctx context.Context, r query.Reader, limit int) error {
			pages, err := reached(ctx, r, limit)
			if err != nil {
				return err
			}
			letters := 0
			for _, e := range pages[0].Edges {
				letters += len(e.Entity.ID)
				for _, p := range e.Permissions {
					letters += len(p.Name) + len(p.Value)
				}
			}
			if letters == 0 && total > 0 {
				return errors.New("nothing was reached")
			}
			return nil
		},
		reader: func(ctx context.Context, r query.Reader, limit int) ([]string, error) {
			pages, err := reached(ctx, r, limit)
			if err != nil {
				return nil, err
			}
			lines := make([]string, 0, len(pages[0].Edges)+1)
			lines = append(lines, fmt.Sprint("total ", pages[0].Total))
			for _, e := range pages[0].Edges {
				lines = append(lines, reachLine(e.Entity.ID, e.Permissions))
			}
			return lines, nil
		},
		compiled: func(run ask, limit int) ([]string, error) { return compiledReach(run, id, limit) },
		shapes:   reachShapes, params: map[string]any{"id": id}, decode: decodeReach,
	}
}

func reachLine(id string, permissions []access.Permission) string {
	var b strings.Builder
	b.WriteString(id)
	for _, p := range permissions {
		b.WriteString(" " + p.Name + "=" + p.Value)
	}
	return b.String()
}

// compiledReach asks the statement of the Cypher reader.
func compiledReach(run ask, id string, limit int) ([]string, error) {
	c := compile.New(now, nil)
	st := c.Effective(compile.Effective{
		Of: []string{id}, Direction: filter.HasAccessTo, Other: c.Condition(nil, false), Limit: limit, Total: true, NoProviders: true,
	})
	found, err := run(st.Text, st.Params)
	if err != nil {
		return nil, err
	}
	return answerOf(found[0], func(page []any) ([]string, error) {
		for i, v := range page { // of id, direct, permissions
			item, ok := v.([]any)
			if !ok || len(item) != 3 {
				return nil, fmt.Errorf("a page with %v in it", v)
			}
			page[i] = []any{item[0], item[2]}
		}
		return decodeReach(page)
	})
}

func decodeReach(page []any) ([]string, error) {
	out := make([]string, len(page))
	for i, v := range page {
		pair, ok := v.([]any)
		if !ok || len(pair) != 2 {
			return nil, fmt.Errorf("a page with %v in it", v)
		}
		permissions, err := decodePermissions(pair[1])
		if err != nil {
			return nil, err
		}
		out[i] = reachLine(fmt.Sprint(pair[0]), query.DistinctPermissions(permissions))
	}
	return out, nil
}

func decodePermissions(v any) ([]access.Permission, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("permissions that are %T", v)
	}
	out := make([]access.Permission, len(list))
	for i, item := range list {
		pair, ok := item.([]any)
		if !ok || len(pair) != 2 {
			return nil, fmt.Errorf("a permission that is %v", item)
		}
		out[i] = access.Permission{Name: fmt.Sprint(pair[0]), Value: fmt.Sprint(pair[1])}
	}
	return out, nil
}
