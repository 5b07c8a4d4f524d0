package neo4j

import (
	"context"
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/cypher/compile"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

var sortKeys = map[query.OrderField]compile.SortKey{
	query.ByName:       {Property: "nameKey"},
	query.ByType:       {Property: "type"},
	query.BySourceType: {Property: "sourceTypeKey"},
	query.ByStatus:     {Property: "status"},
	query.ByLastLogin:  {Property: "lastLogin", Time: true},
}

func keysOf(order []query.Order) ([]compile.SortKey, error) {
	keys := make([]compile.SortKey, len(order))
	for i, o := range order {
		k, ok := sortKeys[o.Field]
		if !ok {
			return nil, access.Invalid("orderBy", "unknown order field %q", string(o.Field))
		}
		k.Desc = o.Desc
		keys[i] = k
	}
	return keys, nil
}

// entityPosition reads a cursor of an entity list; nil for an empty one.
func entityPosition(path, cursor string, order []query.Order) (*compile.Position, error) {
	if cursor == "" {
		return nil, nil
	}
	p, err := query.DecodeEntityCursor(path, cursor, order)
	if err != nil {
		return nil, err
	}
	out := compile.Position{ID: p.ID}
	for i, v := range p.Values {
		if order[i].Field == query.ByLastLogin {
			out.Values = append(out.Values, v.Time)
		} else {
			out.Values = append(out.Values, v.Text)
		}
	}
	return &out, nil
}

// Entities implements query.Reader.
func (r *cypherReader) Entities(ctx context.Context, q query.EntityQuery) (page query.EntityPage, err error) {
	order := query.OrderOrDefault(q.OrderBy)
	keys, err := keysOf(order)
	if err != nil {
		return page, err
	}
	limit := pageLimit(q.Page)
	w := compile.Window{Limit: limit + 1, Backwards: q.Page.Last > 0, Total: q.Page.WithTotal}
	if w.After, err = entityPosition("after", q.Page.After, order); err != nil {
		return page, err
	}
	if w.Before, err = entityPosition("before", q.Page.Before, order); err != nil {
		return page, err
	}
	node := filter.Both(q.Filter.Tree(r.now), filter.SearchNode(q.Search))
	err = r.answer(ctx, func(a *asking) error {
		c, err := a.compiler(ctx, node)
		if err != nil {
			return err
		}
		of := compile.ListRows
		of.Removed = q.Filter.IncludesRemoved()
		found, err := a.ask(ctx, c.List(c.Condition(node, of.Removed), keys, w), of)
		if err != nil {
			return err
		}
		row := found.rows[0]
		ids := asTexts(row[0])
		page = query.EntityPage{PageInfo: query.PageInfo{HasPrevious: asBool(row[1]), HasNext: asBool(row[2]), Total: int(asInt(row[3]))}}
		if len(ids) > limit {
			ids = ids[:limit]
			page.HasPrevious, page.HasNext = page.HasPrevious || w.Backwards, page.HasNext || !w.Backwards
		}
		if w.Backwards {
			slices.Reverse(ids)
		}
		for _, id := range ids {
			e := found.entities[id]
			if e == nil {
				return errChanged
			}
			page.Entities = append(page.Entities, e)
			page.Cursors = append(page.Cursors, query.EncodeEntityCursor(order, query.PositionOf(e, order)))
		}
		return nil
	})
	return page, err
}

// EntitiesByID implements query.Reader.
func (r *cypherReader) EntitiesByID(ctx context.Context, ids []string) (out []*access.Entity, err error) {
	err = r.answer(ctx, func(a *asking) error {
		found, err := a.ask(ctx, named("read_entities", map[string]any{"ids": ids}), entityRows)
		if err != nil {
			return err
		}
		out = make([]*access.Entity, len(ids))
		for i, id := range ids {
			out[i] = found.entities[id]
		}
		return nil
	})
	return out, err
}

// Facets implements query.Reader.
func (r *cypherReader) Facets(ctx context.Context, q query.FacetQuery) (out []query.Facet, err error) {
	if len(q.By) == 0 {
		return nil, nil
	}
	node := filter.Both(q.Filter.Tree(r.now), filter.SearchNode(q.Search))
	err = r.answer(ctx, func(a *asking) error {
		if slices.Contains(q.By, filter.FieldIntegration) || slices.Contains(q.By, filter.FieldApplication) {
			if err := a.readIntegrations(ctx); err != nil {
				return err
			}
		}
		c, err := a.compiler(ctx, node)
		if err != nil {
			return err
		}
		found, err := a.ask(ctx, c.Facets(c.Condition(node, q.Filter.IncludesRemoved()), q.By), compile.FacetRows(len(q.By)))
		if err != nil {
			return err
		}
		out = make([]query.Facet, len(q.By))
		for i, field := range q.By {
			out[i] = query.Facet{Field: field, Buckets: a.buckets(field, found.rows[0][i])}
		}
		return a.nameManagers(ctx, out)
	})
	return out, err
}

// buckets adds up a list of [value, count].
func (a *asking) buckets(field filter.Field, v any) []query.Bucket {
	list, _ := v.([]any)
	counts := map[string]int{}
	for _, item := range list {
		if pair, ok := item.([]any); ok && len(pair) == 2 {
			counts[a.facetValue(field, asText(pair[0]))] += int(asInt(pair[1]))
		}
	}
	var out []query.Bucket
	for value, n := range counts {
		out = append(out, query.Bucket{Value: value, Label: value, Count: n})
	}
	slices.SortFunc(out, func(a, b query.Bucket) int {
		if a.Count != b.Count {
			return b.Count - a.Count
		}
		return strings.Compare(a.Value, b.Value)
	})
	return out
}

// facetValue turns integration keys into present names.
func (a *asking) facetValue(field filter.Field, value string) string {
	if field != filter.FieldIntegration && field != filter.FieldApplication {
		return value
	}
	for _, i := range a.integrations {
		if i.Key == value {
			if field == filter.FieldIntegration {
				return i.Name
			}
			return i.Application
		}
	}
	return ""
}

func (a *asking) nameManagers(ctx context.Context, facets []query.Facet) error {
	var emails []string
	for _, f := range facets {
		if f.Field == filter.FieldManager {
			for _, b := range f.Buckets {
				emails = append(emails, b.Value)
			}
		}
	}
	if len(emails) == 0 {
		return nil
	}
	found, err := a.ask(ctx, named("read_people_names", map[string]any{"emails": emails}), peopleRows)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, f := range found.rows {
		names[asText(f[0])] = asText(f[1])
	}
	for _, f := range facets {
		for i, b := range f.Buckets {
			if name := names[b.Value]; f.Field == filter.FieldManager && name != "" {
				f.Buckets[i].Label = name
			}
		}
	}
	return nil
}

// Ranked implements query.Reader.
func (r *cypherReader) Ranked(ctx context.Context, q query.RankQuery) (out []query.Ranked, err error) {
	node, related := q.Filter.Tree(r.now), q.Related.Tree(r.now)
	err = r.answer(ctx, func(a *asking) error {
		c, err := a.compiler(ctx, node, related)
		if err != nil {
			return err
		}
		found, err := a.ask(ctx, c.Ranked(c.Condition(node, false), c.Condition(related, false), q.Direction, q.First), compile.RankedRows)
		if err != nil {
			return err
		}
		out = nil
		for _, f := range found.rows {
			e := found.entities[asText(f[0])]
			if e == nil {
				return errChanged
			}
			out = append(out, query.Ranked{Entity: e, Count: int(asInt(f[1]))})
		}
		return nil
	})
	return out, err
}

// Nesting implements query.Reader.
func (r *cypherReader) Nesting(ctx context.Context, integration string) (out []query.Pair, err error) {
	err = r.answer(ctx, func(a *asking) error {
		found, err := a.ask(ctx, named("read_nesting", map[string]any{"integration": integration}), nestingRows)
		if err != nil {
			return err
		}
		out = nil
		for _, f := range found.rows {
			for _, target := range asTexts(f[1]) {
				out = append(out, query.Pair{From: asText(f[0]), To: target})
			}
		}
		slices.SortFunc(out, func(a, b query.Pair) int {
			if c := strings.Compare(a.From, b.From); c != 0 {
				return c
			}
			return strings.Compare(a.To, b.To)
		})
		return nil
	})
	return out, err
}
