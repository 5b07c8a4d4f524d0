package loaders

import (
	"context"
	"encoding/json"

	"github.com/accessgraph/accessgraph/graph/model"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/discovery"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// AccessPage is a page of accesses of one entity.
type AccessPage struct {
	Edges []*model.AccessEdge
	query.PageInfo
}

// GrantPage is a page of grants of one entity.
type GrantPage struct {
	Grants  []*model.Grant
	Cursors []string
	query.PageInfo
}

// AccessOf returns what the entity reaches or what reaches it, read for its whole batch.
func (l *Loaders) AccessOf(ctx context.Context, e *model.Entity, q discovery.AccessQuery) (*AccessPage, error) {
	key, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	from := l.access[string(key)]
	if from == nil {
		from = newReader(func(ctx context.Context, ids []string) ([]*AccessPage, error) { return l.readAccess(ctx, ids, q) })
		l.access[string(key)] = from
	}
	l.mu.Unlock()
	return fromBatch(ctx, l, from, e)
}

func (l *Loaders) readAccess(ctx context.Context, of []string, q discovery.AccessQuery) ([]*AccessPage, error) {
	pages, err := l.session.Access(ctx, of, q)
	if err != nil {
		return nil, err
	}
	var others []*access.Entity
	for _, p := range pages {
		for i := range p.Edges {
			others = append(others, p.Edges[i].Entity)
		}
	}
	nodes := model.Entities(others)
	batch := &model.Pairs{ThroughIdentities: q.ThroughIdentities}
	seen := map[string]bool{}
	out := make([]*AccessPage, len(pages))
	for i, p := range pages {
		out[i] = &AccessPage{PageInfo: p.PageInfo, Edges: make([]*model.AccessEdge, len(p.Edges))}
		for j, a := range p.Edges {
			pair := query.Pair{From: of[i], To: a.Entity.ID}
			if q.Direction == filter.AccessibleBy {
				pair = query.Pair{From: pair.To, To: pair.From}
			}
			batch.Pairs = append(batch.Pairs, pair)
			for _, id := range a.Providers {
				if !seen[id] {
					seen[id] = true
					batch.Providers = append(batch.Providers, id)
				}
			}
			out[i].Edges[j] = &model.AccessEdge{
				Cursor: a.Cursor, Node: nodes[0], Direct: a.Direct, Permissions: a.Permissions,
				ProviderIDs: a.Providers, Pair: pair, Batch: batch,
			}
			nodes = nodes[1:]
		}
	}
	return out, nil
}

// GrantsOf returns the grants of the entity as reported, read for its whole batch.
func (l *Loaders) GrantsOf(ctx context.Context, e *model.Entity, q discovery.GrantQuery) (*GrantPage, error) {
	key, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	from := l.grants[string(key)]
	if from == nil {
		from = grantLoader(l.session, q)
		l.grants[string(key)] = from
	}
	l.mu.Unlock()
	return fromBatch(ctx, l, from, e)
}

func grantLoader(s *discovery.Session, q discovery.GrantQuery) *reader[*GrantPage] {
	return newReader(func(ctx context.Context, of []string) ([]*GrantPage, error) {
		pages, err := s.Grants(ctx, of, q)
		if err != nil {
			return nil, err
		}
		batch := &model.GrantBatch{}
		out := make([]*GrantPage, len(pages))
		for i, p := range pages {
			out[i] = &GrantPage{PageInfo: p.PageInfo, Cursors: p.Cursors}
			for _, g := range p.Grants {
				batch.Ends = append(batch.Ends, g.Source, g.Target)
				out[i].Grants = append(out[i].Grants, &model.Grant{Grant: g, Batch: batch})
			}
		}
		return out, nil
	})
}

// fromBatch reads for the entity and all of its batch.
func fromBatch[V any](ctx context.Context, l *Loaders, from *reader[V], e *model.Entity) (V, error) {
	all, err := together(l, e.Batch, from, func() (map[string]V, error) { return readAll(ctx, from, e.Batch.IDs()) })
	return all[e.ID], err
}
