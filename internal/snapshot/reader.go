package snapshot

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// reader answers from one snapshot.
type reader struct {
	s   *Snapshot
	now time.Time
}

// Reader returns the memory reader of the snapshot.
func (s *Snapshot) Reader(now time.Time) query.Reader { return &reader{s, now} }

// Info implements query.Reader.
func (r *reader) Info() query.Info {
	return query.Info{
		Engine: query.Memory, GraphVersion: r.s.version, Now: r.now, AsOf: r.s.derived.moment, Simulated: r.s.derived.simulated,
	}
}

// Entities implements query.Reader.
func (r *reader) Entities(ctx context.Context, q query.EntityQuery) (query.EntityPage, error) {
	order := query.OrderOrDefault(q.OrderBy)
	bound, err := r.s.bounds(order, q.Page)
	if err != nil {
		return query.EntityPage{}, err
	}
	rows, err := r.s.Select(ctx, q.Filter, q.Search, r.now)
	if err != nil {
		return query.EntityPage{}, err
	}
	list, info := r.s.page(rows, order, q.Page, bound)
	out := query.EntityPage{PageInfo: info, Entities: make([]*access.Entity, len(list)), Cursors: make([]string, len(list))}
	byName := slices.Equal(order, query.DefaultOrder)
	for i, row := range list {
		shown := r.s.show(row)
		out.Entities[i], out.Cursors[i] = shown.entity, shown.byName
		if !byName {
			out.Cursors[i] = query.EncodeEntityCursor(order, r.s.position(row, order))
		}
	}
	return out, nil
}

// EntitiesByID implements query.Reader.
func (r *reader) EntitiesByID(ctx context.Context, ids []string) ([]*access.Entity, error) {
	out := make([]*access.Entity, len(ids))
	for i, id := range ids {
		if row, ok := r.s.Row(id); ok {
			out[i] = r.s.show(row).entity
		}
	}
	return out, ctx.Err()
}

// Nesting implements query.Reader.
func (r *reader) Nesting(ctx context.Context, integration string) ([]query.Pair, error) {
	s := r.s
	var out []query.Pair
	for row := range s.types[kindConnection].Rows {
		if integration != "" && s.plain[plainIntegration].text(row) != integration {
			continue
		}
		for _, to := range s.to.Of(row) {
			if s.kind[to] == kindConnection {
				out = append(out, query.Pair{From: s.ids[row], To: s.ids[to]})
			}
		}
	}
	slices.SortFunc(out, func(a, b query.Pair) int {
		if c := strings.Compare(a.From, b.From); c != 0 {
			return c
		}
		return strings.Compare(a.To, b.To)
	})
	return out, ctx.Err()
}

// Ranked implements query.Reader.
func (r *reader) Ranked(ctx context.Context, q query.RankQuery) ([]query.Ranked, error) {
	s := r.s
	rows, err := s.Select(ctx, q.Filter, "", r.now)
	if err != nil {
		return nil, err
	}
	related, err := s.Select(ctx, q.Related, "", r.now)
	if err != nil {
		return nil, err
	}
	related.And(s.live)
	counts, err := s.countRelated(ctx, rows, related, q.Direction != filter.AccessibleBy)
	if err != nil {
		return nil, err
	}
	// Rows are in the order of names, so a stable sort by count gives the order asked for.
	slices.SortStableFunc(counts, func(a, b rowCount) int { return b.count - a.count })
	out := make([]query.Ranked, min(max(q.First, 0), len(counts)))
	for i := range out {
		out[i] = query.Ranked{Entity: s.show(counts[i].row).entity, Count: counts[i].count}
	}
	return out, nil
}
