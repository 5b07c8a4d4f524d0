package resolvers

import (
	"context"

	"github.com/accessgraph/accessgraph/graph/loaders"
	"github.com/accessgraph/accessgraph/graph/model"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// asked is the size that a list is asked to have; 0 when it is not, so that a 0 that was
// given is refused.
func asked(first *int) int {
	switch {
	case first == nil:
		return 0
	case *first == 0:
		return -1
	}
	return *first
}

// shown are entities of one answer, read at once.
type shown map[string]*model.Entity

func show(ctx context.Context, ids ...[]string) (shown, error) {
	var all []string
	for _, list := range ids {
		all = append(all, list...)
	}
	list, err := loaders.For(ctx).Entities(ctx, all)
	if err != nil {
		return nil, err
	}
	out := make(shown, len(all))
	for i, id := range all {
		out[id] = list[i]
	}
	return out, nil
}

func (s shown) all(ids []string) []*model.Entity {
	out := make([]*model.Entity, len(ids))
	for i, id := range ids {
		out[i] = s[id]
	}
	return out
}

func missingGrants(ctx context.Context, m query.Missing) (*model.MissingGrants, error) {
	var ids []string
	for i := range m.Grants {
		ids = append(ids, m.Grants[i].Chain.Nodes...)
	}
	for _, w := range m.Ways {
		if w.Entry != "" {
			ids = append(ids, w.Entry)
		}
	}
	s, err := show(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := &model.MissingGrants{
		Reached: m.Reached, Total: m.Total, Others: m.Others, MoreWays: m.WaysMore,
		Grants: []*model.MissingGrant{}, Ways: []*model.AccessWay{},
	}
	for i := range m.Grants {
		g := &m.Grants[i]
		one := &model.MissingGrant{
			Source: s[g.Source], Target: s[g.Target], Gained: g.Gained, Others: g.Others, Peers: g.Peers,
			Path: accessPath(g.Chain, s.all(g.Chain.Nodes)),
		}
		if g.Permission != (access.Permission{}) {
			one.Permission = &g.Permission
		} else {
			for _, step := range one.Path.Steps {
				if step.From == one.Source && step.To == one.Target {
					step.Permissions = []access.Permission{} // nobody knows which it would be
				}
			}
		}
		out.Grants = append(out.Grants, one)
	}
	for _, w := range m.Ways {
		way := &model.AccessWay{Identities: w.Identities, Length: w.Length}
		if w.Entry != "" {
			way.Entry = s[w.Entry]
		}
		out.Ways = append(out.Ways, way)
	}
	return out, nil
}

func minimumCut(ctx context.Context, c query.Cut) (*model.MinimumCut, error) {
	var ids []string
	for _, p := range c.Proof {
		ids = append(ids, p.Nodes...)
	}
	s, err := show(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := &model.MinimumCut{
		Weight: int(c.Weight), Flow: int(c.Flow), Impossible: c.Impossible, ProofTotal: c.ProofTotal,
		Grants: grants(c.Grants), Proof: []*model.ProofPath{},
	}
	for _, p := range c.Proof {
		out.Proof = append(out.Proof, &model.ProofPath{Entities: s.all(p.Nodes), Weight: int(p.Weight)})
	}
	return out, nil
}

// grants shows grants of one answer.
func grants(list []access.Grant) []*model.Grant {
	out, batch := make([]*model.Grant, len(list)), &model.GrantBatch{}
	for i, g := range list {
		batch.Ends = append(batch.Ends, g.Source, g.Target)
		out[i] = &model.Grant{Grant: g, Batch: batch}
	}
	return out
}

func criticalGrants(c query.Critical) *model.CriticalGrants {
	list := make([]access.Grant, len(c.Grants))
	for i := range c.Grants {
		list[i] = c.Grants[i].Grant
	}
	out := &model.CriticalGrants{Total: c.Total, Pairs: c.Pairs, Grants: make([]*model.CriticalGrant, len(list))}
	for i, g := range grants(list) {
		out.Grants[i] = &model.CriticalGrant{Grant: g, Lost: c.Grants[i].Lost, Identities: c.Grants[i].Identities}
	}
	return out
}

func joinGains(ctx context.Context, list []query.Gain) ([]*model.JoinGain, error) {
	ids := make([][]string, 0, len(list)+1)
	var of []string
	for _, g := range list {
		of, ids = append(of, g.Of), append(ids, g.Targets)
	}
	s, err := show(ctx, append(ids, of)...)
	if err != nil {
		return nil, err
	}
	out := make([]*model.JoinGain, len(list))
	for i, g := range list {
		out[i] = &model.JoinGain{Entity: s[g.Of], Member: g.Member, Count: g.Count, Targets: s.all(g.Targets)}
	}
	return out, nil
}
