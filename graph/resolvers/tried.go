package resolvers

import (
	"context"

	"github.com/accessgraph/accessgraph/graph/generated"
	"github.com/accessgraph/accessgraph/graph/model"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/simulate"
)

// questions are those that a simulation answers as well: the context says from where.
func (r *simulationResolver) questions() generated.QueryResolver { return r.Query() }

// tried turns the changes of a simulation into those of the service.
func tried(in []*model.AccessChangeInput) []query.Change {
	out := make([]query.Change, len(in))
	for i, c := range in {
		out[i] = query.Change{Suspend: orZero(c.Suspend), Delete: orZero(c.Delete)}
		if n := c.AddGrant; n != nil {
			out[i].AddGrant = &query.NewGrant{
				Source: n.Source, Target: n.Target, Permission: orZero(n.Permission), Value: orZero(n.Value), Scope: orZero(n.Scope),
			}
		}
		if m := c.RemoveGrant; m != nil {
			out[i].RemoveGrant = &query.GrantMatch{Source: m.Source, Target: m.Target, Permission: m.Permission, Scope: m.Scope}
		}
	}
	return out
}

// differences is a page of what differs between two states of the graph.
func differences(ctx context.Context, c *simulate.Comparison, q simulate.Query, first *int, after *string) (*model.AccessChangeConnection, error) {
	q.NoCauses = !selected(ctx, "edges", "node", "causes")
	p, err := c.Differences(ctx, q, forward(ctx, first, after))
	if err != nil {
		return nil, err
	}
	var ends []*access.Entity
	cursors := make([]string, len(p.Differences))
	for i := range p.Differences {
		d := &p.Differences[i]
		ends, cursors[i] = append(ends, d.Source, d.Target), d.Cursor
	}
	nodes := model.Entities(ends)
	batch := &model.GrantBatch{}
	out := &model.AccessChangeConnection{Edges: []*model.AccessChangeEdge{}, PageInfo: pageInfo(p.PageInfo, cursors), TotalCount: p.Total}
	for i := range p.Differences {
		d := &p.Differences[i]
		change := &model.AccessChange{
			Kind: d.Kind, Identity: nodes[2*i], Target: nodes[2*i+1], PermissionsGained: d.Gained, PermissionsLost: d.Lost,
			Causes: make([]*model.AccessCause, len(d.Causes)),
		}
		for j := range d.Causes {
			change.Causes[j] = accessCause(c, &d.Causes[j], batch)
		}
		out.Edges = append(out.Edges, &model.AccessChangeEdge{Cursor: cursors[i], Node: change})
	}
	return out, nil
}

func accessCause(c *simulate.Comparison, cause *query.Cause, batch *model.GrantBatch) *model.AccessCause {
	batch.Ends = append(batch.Ends, cause.Grant.Source, cause.Grant.Target)
	out := &model.AccessCause{Grant: &model.Grant{Grant: cause.Grant, Batch: batch}, Gained: cause.Gained, At: optional(cause.At)}
	if i, ok := c.ChangeOf(cause); ok {
		out.Change = &i
	}
	return out
}
