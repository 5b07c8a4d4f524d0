package discovery

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

func indexed(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

func byValue(b []query.Bucket) []query.Bucket {
	var out []query.Bucket
	for _, x := range b {
		if x.Value != "" {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b query.Bucket) int { return strings.Compare(a.Value, b.Value) })
	return out
}

// PathQuery asks for the paths between two entities; nil limits are the defaults.
type PathQuery struct {
	From, To          string
	MaxDepth, First   *int
	ThroughIdentities bool
}

// Paths lists the chains of access from one entity to another. NOT_FOUND when one of
// them does not exist or is out of the caller's scope.
func (s *Session) Paths(ctx context.Context, q PathQuery) (query.Chains, error) {
	depth, first := query.DefaultMaxDepth, query.DefaultChains
	if q.MaxDepth != nil {
		depth = *q.MaxDepth
	}
	if q.First != nil {
		first = *q.First
	}
	switch {
	case depth < 1 || depth > query.MaxChainDepth:
		return query.Chains{}, access.Invalid("maxDepth", "must be between 1 and %d", query.MaxChainDepth)
	case first < 1 || first > query.MaxChains:
		return query.Chains{}, access.Invalid("first", "must be between 1 and %d", query.MaxChains)
	}
	ends, err := s.EntitiesByID(ctx, []string{q.From, q.To})
	if err != nil {
		return query.Chains{}, err
	}
	for i, path := range []string{"from", "to"} {
		if ends[i] == nil {
			return query.Chains{}, &access.Error{Code: access.CodeNotFound, Path: path, Message: "there is no such entity"}
		}
	}
	r, err := s.read(ctx)
	if err != nil {
		return query.Chains{}, err
	}
	got, err := r.Chains(ctx, query.ChainQuery{
		Pairs: []query.Pair{{From: q.From, To: q.To}}, MaxDepth: depth, First: first, ThroughIdentities: q.ThroughIdentities,
	})
	if err != nil {
		return query.Chains{}, err
	}
	got, err = s.keepChains(ctx, r, got)
	if err != nil {
		return query.Chains{}, err
	}
	return got[0], nil
}

// keepChains drops chains through entities out of scope: those of an identity that is
// only reached, never anybody's own.
func (s *Session) keepChains(ctx context.Context, r query.Reader, all []query.Chains) ([]query.Chains, error) {
	sc, err := s.visible(ctx)
	if err != nil || sc == nil {
		return all, err
	}
	var ids []string
	for _, c := range all {
		for _, chain := range c.Chains {
			ids = append(ids, chain.Nodes...)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	list, err := r.EntitiesByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	if list, err = s.keep(ctx, r, list); err != nil {
		return nil, err
	}
	hidden := map[string]bool{}
	for i, e := range list {
		hidden[ids[i]] = e == nil
	}
	out := slices.Clone(all)
	for i, c := range out {
		out[i].Chains = slices.DeleteFunc(slices.Clone(c.Chains), func(chain query.Chain) bool {
			return slices.ContainsFunc(chain.Nodes, func(id string) bool { return hidden[id] })
		})
	}
	return out, nil
}

// PathCount is how many paths a pair has, within the limits.
type PathCount struct {
	Count     int
	Truncated bool
}

// PathCounts counts the paths of pairs that an answer of Access has shown to the caller,
// up to the limits of the settings.
func (s *Session) PathCounts(ctx context.Context, pairs []query.Pair, throughIdentities bool) ([]PathCount, error) {
	r, err := s.read(ctx)
	if err != nil {
		return nil, err
	}
	got, err := r.Chains(ctx, query.ChainQuery{
		Pairs: pairs, MaxDepth: min(s.settings.PathLimits.MaxDepth, query.MaxChainDepth),
		First: min(s.settings.PathLimits.Chains, query.MaxChains), ThroughIdentities: throughIdentities,
	})
	if err != nil {
		return nil, err
	}
	if got, err = s.keepChains(ctx, r, got); err != nil {
		return nil, err
	}
	out := make([]PathCount, len(got))
	for i, c := range got {
		out[i] = PathCount{Count: len(c.Chains), Truncated: c.Truncated}
	}
	return out, nil
}
