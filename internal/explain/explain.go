// Package explain answers why there is no access, what would give it, what has to go to
// end it, and what it all hangs on. Everything here needs Risk Manager, for the answers
// look at the whole graph, and the memory engine.
package explain

import (
	"context"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/discovery"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// MaxEntities is how many ids one question takes.
const MaxEntities = 1000

// Explainer asks for one session: of the present, of a past moment, or of a simulation.
type Explainer struct{ s *discovery.Session }

// Of returns the explainer of a session.
func Of(s *discovery.Session) Explainer { return Explainer{s} }

func (e Explainer) open(ctx context.Context) (query.Whole, error) {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return nil, err
	}
	return e.s.Whole(ctx)
}

// named is an id of a question and where it stands there.
type named struct{ path, id string }

// exist refuses ids of entities that are not there (NOT_FOUND).
func exist(ctx context.Context, w query.Whole, entities ...named) error {
	ids := make([]string, len(entities))
	for i := range entities {
		ids[i] = entities[i].id
	}
	found, err := w.EntitiesByID(ctx, ids)
	if err != nil {
		return err
	}
	for i, one := range found {
		if one == nil || one.Removed() {
			return &access.Error{Code: access.CodeNotFound, Path: entities[i].path, Message: "there is no such entity"}
		}
	}
	return nil
}

func all(path string, ids []string) []named {
	out := make([]named, len(ids))
	for i, id := range ids {
		out[i] = named{path, id}
	}
	return out
}

// first returns the asked size of a list, or the default for 0.
func first(path string, n, otherwise, most int) (int, error) {
	if n == 0 {
		return otherwise, nil
	}
	if n < 0 || n > most {
		return 0, access.Invalid(path, "must be between 1 and %d", most)
	}
	return n, nil
}

// condition is a part of a question that may be malformed, and where it stands there.
type condition struct {
	path string
	of   interface{ Validate(path string) error }
}

// size is how much of an answer was asked for: 0 becomes otherwise.
type size struct {
	path            string
	n               *int
	otherwise, most int
}

// list is the size of lists of entities and grants.
func list(n *int) *size { return &size{"first", n, query.DefaultFirst, query.MaxFirst} }

// ready opens the graph for a question whose conditions and size (nil = it has none) are
// good; the size is set.
func (e Explainer) ready(ctx context.Context, s *size, conditions ...condition) (query.Whole, error) {
	w, err := e.open(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range conditions {
		if err := c.of.Validate(c.path); err != nil {
			return nil, err
		}
	}
	if s != nil {
		if *s.n, err = first(s.path, *s.n, s.otherwise, s.most); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// Missing tells why From does not reach To. NOT_FOUND when one of them does not exist.
func (e Explainer) Missing(ctx context.Context, q query.MissingQuery) (query.Missing, error) {
	w, err := e.ready(ctx, &size{"first", &q.First, query.DefaultMissing, query.MaxMissing}, condition{"permission", q.Permission})
	if err != nil {
		return query.Missing{}, err
	}
	if q.From == q.To {
		return query.Missing{}, access.Invalid("to", "nothing reaches itself: ask for two entities")
	}
	if err := exist(ctx, w, named{"from", q.From}, named{"to", q.To}); err != nil {
		return query.Missing{}, err
	}
	return w.Missing(ctx, q)
}

// Cut finds the least set of grants whose removal ends access. keep are grants that have
// to stay.
func (e Explainer) Cut(ctx context.Context, q query.CutQuery, keep []query.GrantMatch) (query.Cut, error) {
	w, err := e.ready(ctx, &size{"proof", &q.Chains, query.DefaultChains, query.MaxChains},
		condition{"permission", q.Permission}, condition{"fromFilter", q.FromFilter}, condition{"toFilter", q.ToFilter})
	if err != nil {
		return query.Cut{}, err
	}
	switch {
	case len(q.From) == 0 && q.FromFilter == nil:
		return query.Cut{}, access.Invalid("from", "give from or fromFilter")
	case len(q.To) == 0 && q.ToFilter == nil:
		return query.Cut{}, access.Invalid("to", "give to or toFilter")
	case len(q.From) > MaxEntities || len(q.To) > MaxEntities:
		return query.Cut{}, access.Invalid("from", "at most %d ids can be given: use a filter", MaxEntities)
	}
	if err := exist(ctx, w, append(all("from", q.From), all("to", q.To)...)...); err != nil {
		return query.Cut{}, err
	}
	if len(keep) > 0 {
		q.Weight = func(g access.Grant) int64 {
			for i := range keep {
				if keep[i].Matches(g.Key()) {
					return 0
				}
			}
			return 1
		}
	}
	return w.Cut(ctx, q)
}

// Critical finds the grants on which most access depends.
func (e Explainer) Critical(ctx context.Context, q query.CriticalQuery) (query.Critical, error) {
	w, err := e.ready(ctx, list(&q.First), condition{"filter", q.Identities}, condition{"targetFilter", q.Targets})
	if err != nil {
		return query.Critical{}, err
	}
	return w.Critical(ctx, q)
}

// Joining tells what entities would gain as members of a group.
func (e Explainer) Joining(ctx context.Context, q query.JoinQuery) ([]query.Gain, error) {
	w, err := e.ready(ctx, list(&q.First))
	if err != nil {
		return nil, err
	}
	if len(q.Of) > MaxEntities {
		return nil, access.Invalid("of", "at most %d entities can be asked about at once", MaxEntities)
	}
	if err := exist(ctx, w, append(all("of", q.Of), named{"group", q.Group})...); err != nil {
		return nil, err
	}
	return w.Joining(ctx, q)
}

// Newcomers tells who would reach a target by joining a group.
func (e Explainer) Newcomers(ctx context.Context, q query.NewcomerQuery) (query.Newcomers, error) {
	w, err := e.ready(ctx, list(&q.First), condition{"filter", q.Who}, condition{"permission", q.Permission})
	if err != nil {
		return query.Newcomers{}, err
	}
	if err := exist(ctx, w, named{"group", q.Group}, named{"target", q.Target}); err != nil {
		return query.Newcomers{}, err
	}
	return w.Newcomers(ctx, q)
}

// Shortest returns the shortest chains between two sets, up to q.Limit, which is at most
// query.MaxFirst.
func (e Explainer) Shortest(ctx context.Context, q query.ShortestQuery) (query.Chains, error) {
	var err error
	if q.Limit, err = first("first", q.Limit, query.DefaultFirst, query.MaxFirst); err != nil {
		return query.Chains{}, err
	}
	var out query.Chains
	y, err := e.EachShortest(ctx, q, func(c query.Chain) error {
		out.Chains = append(out.Chains, c)
		return nil
	})
	out.Truncated = y.Truncated
	return out, err
}

// EachShortest yields the shortest chains between two sets, however many there are. From
// without a filter is all identities, To without one everything.
func (e Explainer) EachShortest(ctx context.Context, q query.ShortestQuery, yield func(query.Chain) error) (query.Yielded, error) {
	w, err := e.ready(ctx, nil, condition{"filter", q.From}, condition{"targetFilter", q.To})
	if err != nil {
		return query.Yielded{}, err
	}
	if q.From == nil {
		q.From = &filter.Filter{Type: []access.EntityType{access.Identity}}
	}
	return w.Shortest(ctx, q, yield)
}
