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
	sc, err := s.visible(ctx)
	if err != nil {
		return query.Chains{}, err
	}
	if err := sc.through(q.ThroughIdentities); err != nil {
		return query.Chains{}, err
	}
	if sc != nil && !sc.own(ends[0]) {
		return query.Chains{}, nil // seen, as something that can be reached; not what it reaches
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
	return got[0], nil
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
	out := make([]PathCount, len(got))
	for i, c := range got {
		out[i] = PathCount{Count: len(c.Chains), Truncated: c.Truncated}
	}
	return out, nil
}
