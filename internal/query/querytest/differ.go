package querytest

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// Differ asks two readers the same questions about the same world.
type Differ struct {
	Want, Got query.Reader
	World     *World
	// Shapes draws filters and orders, Rand all that depends on the world. Two differs with
	// equal Shapes ask equal questions, whose plans a database may keep.
	Shapes, Rand *rand.Rand
	// Questions is how many random questions of each sort are asked.
	Questions int
	// FacetFields is how many facets each counts; 0 = all.
	FacetFields int
}

// Run returns the first difference as an error that shows the question, or nil.
func (d *Differ) Run(ctx context.Context) error {
	for _, ask := range []func(context.Context) error{d.byID, d.nesting, d.neighbors, d.entities, d.facets, d.effective, d.chains, d.ranked} {
		if err := ask(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (d *Differ) ids() []string {
	ids := []string{"e_missing"}
	for i := range d.World.Entities {
		ids = append(ids, d.World.Entities[i].ID)
	}
	return ids
}

// some is a random handful of ids: batches may hold repeats and strangers.
func (d *Differ) some() []string {
	ids := d.ids()
	var out []string
	for range 1 + d.Rand.IntN(4) {
		out = append(out, pick(d.Rand, ids))
	}
	return out
}

func (d *Differ) byID(ctx context.Context) error {
	ids := d.ids()
	want, err := d.Want.EntitiesByID(ctx, ids)
	if err != nil {
		return err
	}
	got, err := d.Got.EntitiesByID(ctx, ids)
	if err != nil {
		return fmt.Errorf("entities by id: %w", err)
	}
	if len(got) != len(want) {
		return fmt.Errorf("entities by id: %d for %d ids", len(got), len(want))
	}
	for i := range ids {
		if err := same("entity "+ids[i], normalEntity(want[i]), normalEntity(got[i])); err != nil {
			return err
		}
	}
	return nil
}

func (d *Differ) nesting(ctx context.Context) error {
	for _, integration := range []string{"", d.World.Integrations[0].Key, "no such"} {
		want, err := d.Want.Nesting(ctx, integration)
		if err != nil {
			return err
		}
		got, err := d.Got.Nesting(ctx, integration)
		if err != nil {
			return fmt.Errorf("nesting of %q: %w", integration, err)
		}
		if err := same("nesting of "+integration, want, got); err != nil {
			return err
		}
	}
	return nil
}

func (d *Differ) neighbors(ctx context.Context) error {
	for _, direction := range []filter.Direction{filter.HasAccessTo, filter.AccessibleBy} {
		for _, ended := range []bool{false, true} {
			q := query.NeighborQuery{Of: d.ids(), Direction: direction, Ended: ended, Page: query.Page{First: query.MaxFirst, WithTotal: true}}
			want, err := d.Want.Neighbors(ctx, q)
			if err != nil {
				return err
			}
			got, err := d.Got.Neighbors(ctx, q)
			if err != nil {
				return question(q, err)
			}
			if err := same(show(q), normalGrants(want), normalGrants(got)); err != nil {
				return err
			}
			if err := d.neighborPages(ctx, q, got); err != nil {
				return err
			}
		}
	}
	return nil
}

// neighborPages walks one list in pages of two.
func (d *Differ) neighborPages(ctx context.Context, q query.NeighborQuery, whole []query.GrantPage) error {
	i := d.Rand.IntN(len(q.Of))
	q.Of = q.Of[i : i+1]
	q.Page.First = 2
	var walked []access.Grant
	for {
		got, err := d.Got.Neighbors(ctx, q)
		if err != nil {
			return question(q, err)
		}
		walked = append(walked, got[0].Grants...)
		if !got[0].HasNext {
			break
		}
		q.Page.After = got[0].Cursors[len(got[0].Cursors)-1]
	}
	return same("pages of "+show(q), normalGrants([]query.GrantPage{{Grants: whole[i].Grants}}), normalGrants([]query.GrantPage{{Grants: walked}}))
}

func (d *Differ) facets(ctx context.Context) error {
	for i := range d.Questions {
		q := query.FacetQuery{Filter: RandomFilter(d.Shapes, 1), By: filter.Fields}
		if i == 0 {
			q.Filter = nil
		}
		if d.FacetFields > 0 {
			q.By = nil
			for range d.FacetFields {
				q.By = append(q.By, pick(d.Shapes, filter.Fields))
			}
		}
		want, err := d.Want.Facets(ctx, q)
		if err != nil {
			return err
		}
		got, err := d.Got.Facets(ctx, q)
		if err != nil {
			return question(q, err)
		}
		for k := range want {
			if len(got) != len(want) {
				return fmt.Errorf("%s: %d facets, want %d", show(q), len(got), len(want))
			}
			if err := same(show(q), show(want[k]), show(got[k])); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *Differ) ranked(ctx context.Context) error {
	for range d.Questions {
		q := query.RankQuery{Direction: pick(d.Shapes, []filter.Direction{filter.HasAccessTo, filter.AccessibleBy}), First: 1 + d.Shapes.IntN(9)}
		if chance(d.Shapes, 60) {
			q.Filter = RandomFilter(d.Shapes, 0)
			q.Filter.Removed = false
		}
		if chance(d.Shapes, 50) {
			q.Related = RandomFilter(d.Shapes, 0)
		}
		want, err := d.Want.Ranked(ctx, q)
		if err != nil {
			return err
		}
		got, err := d.Got.Ranked(ctx, q)
		if err != nil {
			return question(q, err)
		}
		flat := func(rs []query.Ranked) (out []string) {
			for _, r := range rs {
				out = append(out, fmt.Sprintf("%s %d", r.Entity.ID, r.Count))
			}
			return out
		}
		if err := same(show(q), flat(want), flat(got)); err != nil {
			return err
		}
	}
	return nil
}

func same(what string, want, got any) error {
	if reflect.DeepEqual(want, got) {
		return nil
	}
	if show(want) == show(got) && reflect.ValueOf(want).Kind() != reflect.Pointer {
		if reflect.ValueOf(want).Len() == 0 { // nil and empty lists are the same answer
			return nil
		}
	}
	return fmt.Errorf("%s\nwant %s\ngot  %s", what, show(want), show(got))
}

func question(q any, err error) error { return fmt.Errorf("%s: %w", show(q), err) }

func show(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%+v", v)
	}
	return string(b)
}

// normalEntity drops what the two stores may write differently without meaning it: the
// zone of times, nil against empty lists, and a mapping that says "nobody".
func normalEntity(e *access.Entity) string {
	if e == nil {
		return "none"
	}
	c := *e
	for _, t := range []*time.Time{&c.LastLogin, &c.LatestActivity, &c.LastPasswordChanged, &c.FirstSeen, &c.RemovedAt} {
		*t = normalTime(*t)
	}
	c.MFA, c.SuperAdmin, c.Administrative, c.External = c.MFA.Known(), c.SuperAdmin.Known(), c.Administrative.Known(), c.External.Known()
	c.Locked, c.ServiceAccount = c.Locked.Known(), c.ServiceAccount.Known()
	c.Insights = append([]access.Insight{}, c.Insights...)
	for i := range c.Insights {
		c.Insights[i].Since = normalTime(c.Insights[i].Since)
	}
	c.Labels, c.Factors = append([]string{}, c.Labels...), append([]string{}, c.Factors...)
	if c.Mapping != nil {
		m := *c.Mapping
		m.At = normalTime(m.At)
		c.Mapping = &m
	}
	return show(c)
}

func normalTime(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}

func normalGrants(pages []query.GrantPage) []string {
	var out []string
	for i, p := range pages {
		out = append(out, fmt.Sprintf("list %d: total %d, next %v, previous %v", i, p.Total, p.HasNext, p.HasPrevious))
		for _, g := range p.Grants {
			g.From, g.To, g.LastUsed = normalTime(g.From), normalTime(g.To), normalTime(g.LastUsed)
			out = append(out, show(g))
		}
	}
	return out
}
