package snapshot

import (
	"context"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// group returns the row of what can be joined; false when it does not exist.
func (r *region) group(id string) (uint32, bool, error) {
	row, ok := r.s.liveRow(id)
	if ok && !r.passes(row) {
		return 0, false, access.Invalid("group", "%s is not a connection: nothing is reached by being a member of it", id)
	}
	return row, ok, nil
}

// Joining implements query.Explainer. One search each from the entity and from the group.
func (r *reader) Joining(ctx context.Context, q query.JoinQuery) ([]query.Gain, error) {
	s := r.s
	part := s.region(q.ThroughIdentities)
	defer part.release()
	group, ok, err := part.group(q.Group)
	if err != nil {
		return nil, err
	}
	if q.First <= 0 {
		q.First = query.DefaultFirst
	}
	out := make([]query.Gain, len(q.Of))
	reached := NewBits(s.n)
	for i, id := range q.Of {
		out[i].Of = id
		row, live := s.liveRow(id)
		if err := ctx.Err(); err != nil || !ok || !live || row == group {
			continue
		}
		clear(reached)
		part.explore([]uint32{row}, targets{one: none}, nil)
		for _, holder := range part.rows {
			for _, to := range s.to.Of(holder) {
				reached.Set(to)
			}
		}
		if out[i].Member = part.node(group) >= 0; out[i].Member {
			continue
		}
		var gained []uint32
		s.gains(part, row, group, reached, func(to uint32) { gained = append(gained, to) })
		slices.Sort(gained)
		out[i].Count = len(gained)
		for _, to := range gained[:min(q.First, len(gained))] {
			out[i].Targets = append(out[i].Targets, s.ids[to])
		}
	}
	return out, ctx.Err()
}

// Newcomers implements query.Explainer. One search back from the target.
func (r *reader) Newcomers(ctx context.Context, q query.NewcomerQuery) (query.Newcomers, error) {
	s := r.s
	part := s.region(q.ThroughIdentities)
	defer part.release()
	group, ok, err := part.group(q.Group)
	if err != nil {
		return query.Newcomers{}, err
	}
	target, live := s.liveRow(q.Target)
	if !ok || !live {
		return query.Newcomers{}, ctx.Err()
	}
	if q.First <= 0 {
		q.First = query.DefaultFirst
	}
	p := s.granted(q.Permission)
	part.approach(target, p, nil)
	if part.node(group) < 0 && (group != target || p.match != nil) {
		return query.Newcomers{}, ctx.Err()
	}
	who, err := s.Select(ctx, q.Who, "", r.now)
	if err != nil {
		return query.Newcomers{}, err
	}
	if q.Who == nil {
		who.And(s.types[kindIdentity])
	}
	who.And(s.live)
	who.Clear(target)
	who.Clear(group)
	for _, row := range part.rows {
		who.Clear(row)
	}
	out := query.Newcomers{Count: who.Count()}
	for row := range who.Rows {
		if len(out.Who) == q.First {
			break
		}
		out.Who = append(out.Who, s.ids[row])
	}
	return out, ctx.Err()
}
