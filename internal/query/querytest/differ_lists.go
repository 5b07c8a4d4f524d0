package querytest

import (
	"context"
	"fmt"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

func (d *Differ) entities(ctx context.Context) error {
	for i := range d.Questions {
		q := query.EntityQuery{Filter: RandomFilter(d.Shapes, 2), Page: query.Page{First: query.MaxFirst, WithTotal: true}}
		if chance(d.Shapes, 20) {
			q.Search = pick(d.Shapes, []string{"A", "ss", "σ", "example", "id-ß", " "})
		}
		for range d.Shapes.IntN(3) {
			q.OrderBy = append(q.OrderBy, query.Order{
				Field: pick(d.Shapes, []query.OrderField{query.ByName, query.ByType, query.BySourceType, query.ByStatus, query.ByLastLogin}),
				Desc:  chance(d.Shapes, 50),
			})
		}
		if err := d.list(ctx, q, i%2 == 0); err != nil {
			return err
		}
	}
	return nil
}

// list compares one list: whole, and in pages forwards and, where asked, backwards.
func (d *Differ) list(ctx context.Context, q query.EntityQuery, both bool) error {
	want, err := d.Want.Entities(ctx, q)
	if err != nil {
		return err
	}
	got, err := d.Got.Entities(ctx, q)
	if err != nil {
		return question(q, err)
	}
	if err := same(show(q), flatEntities(want), flatEntities(got)); err != nil {
		return err
	}
	n := len(want.Entities)
	if n == 0 || len(q.OrderBy) > 3 {
		return nil
	}
	size := 1 + d.Rand.IntN(n)
	whole := ids(want.Entities)
	var forwards []string
	p := q
	p.Page = query.Page{First: size}
	for i := 0; ; i++ {
		page, err := d.Got.Entities(ctx, p)
		if err != nil {
			return question(p, err)
		}
		forwards = append(forwards, ids(page.Entities)...)
		if page.HasPrevious != (i > 0) {
			return fmt.Errorf("%s: page %d says hasPrevious %v", show(p), i, page.HasPrevious)
		}
		if !page.HasNext {
			break
		}
		if i > n {
			return fmt.Errorf("%s: pages never end", show(p))
		}
		p.Page.After = page.Cursors[len(page.Cursors)-1]
	}
	if err := same("pages of "+show(q), whole, forwards); err != nil || !both {
		return err
	}
	var backwards []string
	p.Page = query.Page{Last: size}
	for i := 0; ; i++ {
		page, err := d.Got.Entities(ctx, p)
		if err != nil {
			return question(p, err)
		}
		backwards = append(ids(page.Entities), backwards...)
		if page.HasNext != (i > 0) {
			return fmt.Errorf("%s: page %d from the end says hasNext %v", show(p), i, page.HasNext)
		}
		if !page.HasPrevious || i > n {
			break
		}
		p.Page.Before = page.Cursors[0]
	}
	return same("pages backwards of "+show(q), whole, backwards)
}

func ids(list []*access.Entity) []string {
	var out []string
	for _, e := range list {
		out = append(out, e.ID)
	}
	return out
}

func flatEntities(p query.EntityPage) []string {
	return append(ids(p.Entities), fmt.Sprintf("total %d, next %v, previous %v", p.Total, p.HasNext, p.HasPrevious))
}

func (d *Differ) effective(ctx context.Context) error {
	for i := range d.Questions + 2 {
		q := query.EffectiveQuery{
			Of: d.some(), Direction: pick(d.Shapes, []filter.Direction{filter.HasAccessTo, filter.AccessibleBy}),
			Direct: chance(d.Shapes, 25), ThroughIdentities: chance(d.Shapes, 25), Page: query.Page{First: query.MaxFirst, WithTotal: true},
		}
		if i < 2 { // everyone, both ways, unrestricted
			q = query.EffectiveQuery{Of: d.ids(), Direction: []filter.Direction{filter.HasAccessTo, filter.AccessibleBy}[i], Page: q.Page}
		} else {
			if chance(d.Shapes, 40) {
				q.Filter = RandomFilter(d.Shapes, 1)
			}
			if chance(d.Shapes, 40) {
				q.Permission = RandomMatch(d.Shapes, somePermissions)
			}
			if chance(d.Shapes, 40) {
				q.Page.First = 1 + d.Shapes.IntN(3)
			}
		}
		want, err := d.Want.Effective(ctx, q)
		if err != nil {
			return err
		}
		got, err := d.Got.Effective(ctx, q)
		if err != nil {
			return question(q, err)
		}
		if err := same(show(q), flatAccess(want), flatAccess(got)); err != nil {
			return err
		}
		if err := d.nextPage(ctx, q, want, got); err != nil {
			return err
		}
		if err := d.lean(ctx, q, want); err != nil {
			return err
		}
	}
	return nil
}

// lean asks again without providers: the rest of the answer stays as it is.
func (d *Differ) lean(ctx context.Context, q query.EffectiveQuery, want []query.AccessPage) error {
	q.NoProviders = true
	got, err := d.Got.Effective(ctx, q)
	if err != nil {
		return question(q, err)
	}
	for _, pages := range [][]query.AccessPage{want, got} {
		for _, page := range pages {
			for i := range page.Edges {
				page.Edges[i].Providers = nil
			}
		}
	}
	return same(show(q), flatAccess(want), flatAccess(got))
}

// nextPage follows the first list on to its second page.
func (d *Differ) nextPage(ctx context.Context, q query.EffectiveQuery, want, got []query.AccessPage) error {
	if len(want) == 0 || !want[0].HasNext {
		return nil
	}
	q.Of = q.Of[:1]
	p := q
	q.Page.After = want[0].Edges[len(want[0].Edges)-1].Cursor
	p.Page.After = got[0].Edges[len(got[0].Edges)-1].Cursor
	want, err := d.Want.Effective(ctx, q)
	if err != nil {
		return err
	}
	got, err = d.Got.Effective(ctx, p)
	if err != nil {
		return question(p, err)
	}
	return same("second page of "+show(q), flatAccess(want), flatAccess(got))
}

func flatAccess(pages []query.AccessPage) []string {
	var out []string
	for i, p := range pages {
		out = append(out, fmt.Sprintf("list %d: total %d, next %v, previous %v", i, p.Total, p.HasNext, p.HasPrevious))
		for _, a := range p.Edges {
			out = append(out, fmt.Sprintf("%s direct=%v permissions=%s providers=%s", a.Entity.ID, a.Direct, show(append([]access.Permission{}, a.Permissions...)), show(append([]string{}, a.Providers...))))
		}
	}
	return out
}

func (d *Differ) chains(ctx context.Context) error {
	all := d.ids()
	for range d.Questions {
		q := query.ChainQuery{
			MaxDepth: pick(d.Rand, []int{1, 2, 3, 4, 12}), First: pick(d.Rand, []int{1, 2, 5, 50}), ThroughIdentities: chance(d.Rand, 25),
		}
		for range 1 + d.Rand.IntN(12) {
			q.Pairs = append(q.Pairs, query.Pair{From: pick(d.Rand, all), To: pick(d.Rand, all)})
		}
		want, err := d.Want.Chains(ctx, q)
		if err != nil {
			return err
		}
		got, err := d.Got.Chains(ctx, q)
		if err != nil {
			return question(q, err)
		}
		if err := same(show(q), flatChains(want), flatChains(got)); err != nil {
			return err
		}
	}
	return nil
}

func flatChains(list []query.Chains) []string {
	var out []string
	for i, c := range list {
		out = append(out, fmt.Sprintf("pair %d: truncated %v", i, c.Truncated))
		for _, chain := range c.Chains {
			out = append(out, show(chain))
		}
	}
	return out
}
