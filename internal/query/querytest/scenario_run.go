package querytest

import (
	"context"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// Check asks a reader every question of the scenario and returns what differs from the
// written answers, one line each.
func (s *Scenario) Check(ctx context.Context, r query.Reader) []string {
	var wrong []string
	for i := range s.Questions {
		got, asked, err := s.ask(ctx, r, &s.Questions[i])
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("question %d (%s): %v", i+1, asked, err))
			continue
		}
		if want := s.answer(&s.Questions[i]); want != got {
			wrong = append(wrong, fmt.Sprintf("question %d (%s):\n  want %s\n  got  %s", i+1, asked, want, got))
		}
	}
	return wrong
}

// answer is the written answer as one text.
func (s *Scenario) answer(q *ScenarioQuestion) string {
	var lines []string
	switch q.Answer.Kind {
	case yaml.SequenceNode:
		for _, n := range q.Answer.Content {
			if n.Kind == yaml.MappingNode {
				lines = append(lines, n.Content[0].Value+": "+n.Content[1].Value)
			} else {
				lines = append(lines, n.Value)
			}
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(q.Answer.Content); i += 2 {
			lines = append(lines, q.Answer.Content[i].Value+": "+q.Answer.Content[i+1].Value)
		}
	}
	if q.Truncated {
		lines = append(lines, "(truncated)")
	}
	return strings.Join(lines, " | ")
}

func (s *Scenario) ask(ctx context.Context, r query.Reader, q *ScenarioQuestion) (answer, asked string, err error) {
	switch {
	case !q.List.IsZero() || q.Search != nil:
		return s.askList(ctx, r, q)
	case q.ReachOf != "":
		asked = "reach of " + q.ReachOf
		answer, err = s.askReach(ctx, r, q, q.ReachOf, filter.HasAccessTo)
	case q.ReachedBy != "":
		asked = "reached by " + q.ReachedBy
		answer, err = s.askReach(ctx, r, q, q.ReachedBy, filter.AccessibleBy)
	case q.Paths != "":
		asked = "paths " + q.Paths
		answer, err = s.askPaths(ctx, r, q)
	case q.CountBy != "":
		asked = "count by " + q.CountBy
		answer, err = s.askCounts(ctx, r, q)
	case q.Cycles != nil:
		asked = "nesting"
		answer, err = s.askNesting(ctx, r, *q.Cycles)
	default:
		err = fmt.Errorf("nothing is asked")
	}
	return answer, asked, err
}

func (s *Scenario) askList(ctx context.Context, r query.Reader, q *ScenarioQuestion) (answer, asked string, err error) {
	asked = "list"
	f, err := asFilter(&q.List)
	if err != nil {
		return "", asked, err
	}
	eq := query.EntityQuery{Filter: f, Page: query.Page{First: query.MaxFirst}}
	if q.Search != nil {
		asked, eq.Search = "search "+*q.Search, *q.Search
	}
	page, err := r.Entities(ctx, eq)
	if err != nil {
		return "", asked, err
	}
	var lines []string
	for _, e := range page.Entities {
		lines = append(lines, s.names[e.ID])
	}
	return strings.Join(lines, " | "), asked, nil
}

func (s *Scenario) askReach(ctx context.Context, r query.Reader, q *ScenarioQuestion, of string, direction filter.Direction) (string, error) {
	f, err := asFilter(&q.Where)
	if err != nil {
		return "", err
	}
	eq := query.EffectiveQuery{
		Of: []string{s.byName[of]}, Direction: direction, Direct: q.Directly, Filter: f,
		ThroughIdentities: q.Through == "identities", Page: query.Page{First: query.MaxFirst},
	}
	if eq.Of[0] == "" {
		return "", fmt.Errorf("%q is no entity of this scenario", of)
	}
	if !q.Permission.IsZero() {
		eq.Permission = &filter.StringMatch{}
		if err := viaJSON(&q.Permission, eq.Permission); err != nil {
			return "", err
		}
	}
	pages, err := r.Effective(ctx, eq)
	if err != nil {
		return "", err
	}
	var lines []string
	for _, a := range pages[0].Edges {
		var ways []string
		if a.Direct {
			ways = append(ways, "directly")
		}
		for _, p := range a.Providers {
			ways = append(ways, "through "+s.names[p])
		}
		lines = append(lines, s.names[a.Entity.ID]+": "+permissionText(a.Permissions)+" "+strings.Join(ways, " and "))
	}
	return strings.Join(lines, " | "), nil
}

func permissionText(ps []access.Permission) string {
	var out []string
	for _, p := range ps {
		if p.Value == "true" {
			out = append(out, p.Name)
		} else {
			out = append(out, p.Name+"="+p.Value)
		}
	}
	return strings.Join(out, ", ")
}

func (s *Scenario) askPaths(ctx context.Context, r query.Reader, q *ScenarioQuestion) (string, error) {
	from, to, ok := strings.Cut(q.Paths, " -> ")
	if !ok || s.byName[from] == "" || s.byName[to] == "" {
		return "", fmt.Errorf("%q is not between two entities", q.Paths)
	}
	cq := query.ChainQuery{
		Pairs: []query.Pair{{From: s.byName[from], To: s.byName[to]}}, MaxDepth: query.DefaultMaxDepth, First: query.DefaultChains,
		ThroughIdentities: q.Through == "identities",
	}
	if q.Deepest > 0 {
		cq.MaxDepth = q.Deepest
	}
	if q.AtMost > 0 {
		cq.First = q.AtMost
	}
	list, err := r.Chains(ctx, cq)
	if err != nil {
		return "", err
	}
	var lines []string
	for _, c := range list[0].Chains {
		var nodes []string
		for _, id := range c.Nodes {
			nodes = append(nodes, s.names[id])
		}
		lines = append(lines, strings.Join(nodes, " -> ")+": "+permissionText(c.Hops[len(c.Hops)-1]))
	}
	if list[0].Truncated {
		lines = append(lines, "(truncated)")
	}
	return strings.Join(lines, " | "), nil
}

func (s *Scenario) askCounts(ctx context.Context, r query.Reader, q *ScenarioQuestion) (string, error) {
	f, err := asFilter(&q.Where)
	if err != nil {
		return "", err
	}
	facets, err := r.Facets(ctx, query.FacetQuery{Filter: f, By: []filter.Field{filter.Field(q.CountBy)}})
	if err != nil {
		return "", err
	}
	var lines []string
	for _, b := range facets[0].Buckets {
		lines = append(lines, fmt.Sprintf("%s: %d", orText(b.Label, "(none)"), b.Count))
	}
	return strings.Join(lines, " | "), nil
}

func (s *Scenario) askNesting(ctx context.Context, r query.Reader, integration string) (string, error) {
	pairs, err := r.Nesting(ctx, integration)
	if err != nil {
		return "", err
	}
	var lines []string
	for _, p := range pairs {
		lines = append(lines, s.names[p.From]+" -> "+s.names[p.To])
	}
	return strings.Join(lines, " | "), nil
}
