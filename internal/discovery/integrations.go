package discovery

import (
	"context"
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// Directory returns all integrations, by name, for what was shown to name. There are
// hundreds at most, so one read serves a whole request.
func (s *Session) Directory(ctx context.Context) ([]*access.Integration, error) {
	if _, err := auth.Require(ctx, access.Reviewer); err != nil {
		return nil, err
	}
	return s.integrations.get(func() ([]*access.Integration, error) { return s.allIntegrations(ctx) })
}

// IntegrationByKey returns the integration of an entity; nil when there is none.
func (s *Session) IntegrationByKey(ctx context.Context, key string) (*access.Integration, error) {
	return s.findIntegration(ctx, func(i *access.Integration) bool { return i.Key == key })
}

// Integration returns the integration with the id; nil when there is none. It needs Risk Manager.
func (s *Session) Integration(ctx context.Context, id string) (*access.Integration, error) {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return nil, err
	}
	return s.findIntegration(ctx, func(i *access.Integration) bool { return i.ID == id })
}

// IntegrationByName is Integration by present name.
func (s *Session) IntegrationByName(ctx context.Context, name string) (*access.Integration, error) {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return nil, err
	}
	name = access.Clean(name)
	return s.findIntegration(ctx, func(i *access.Integration) bool { return i.Name == name })
}

func (s *Session) findIntegration(ctx context.Context, is func(*access.Integration) bool) (*access.Integration, error) {
	all, err := s.Directory(ctx)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i], nil
	}
	return nil, nil //nolint:nilnil // documented
}

// IntegrationQuery narrows the list of integrations; empty fields are neutral.
type IntegrationQuery struct {
	Search       string // substring of the name or the application's, without case
	Applications []string
	PrimaryOwner string
	Status       []access.IntegrationStatus
	OutOfSync    *bool
}

// Integrations lists integrations by name. It needs Risk Manager.
func (s *Session) Integrations(ctx context.Context, q IntegrationQuery) ([]*access.Integration, error) {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return nil, err
	}
	all, err := s.Directory(ctx)
	if err != nil {
		return nil, err
	}
	var out []*access.Integration
	for _, i := range all {
		if s.selects(q, i) {
			out = append(out, i)
		}
	}
	return out, nil
}

func (s *Session) selects(q IntegrationQuery, i *access.Integration) bool {
	return (contains(i.Name, q.Search) || contains(i.Application, q.Search)) &&
		(len(q.Applications) == 0 || slices.Contains(q.Applications, i.Application)) &&
		(q.PrimaryOwner == "" || i.Owners.Primary == q.PrimaryOwner) &&
		(len(q.Status) == 0 || slices.Contains(q.Status, i.Status)) &&
		(q.OutOfSync == nil || *q.OutOfSync == s.settings.OutOfSync(i, s.now))
}

func contains(s, part string) bool {
	return strings.Contains(access.Fold(s), access.Fold(access.Clean(part)))
}

// Applications lists applications by name. It needs Risk Manager.
func (s *Session) Applications(ctx context.Context, search string) ([]access.Application, error) {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return nil, err
	}
	all, err := s.applications.get(func() ([]access.Application, error) { return s.svc.dir.Applications(ctx) })
	if err != nil {
		return nil, err
	}
	var out []access.Application
	for _, a := range all {
		if contains(a.Name, search) {
			out = append(out, a)
		}
	}
	return out, nil
}

// Counts says how many live entities an integration has.
type Counts struct{ Identities, Connections, Resources, WithInsights int }

// Counts counts the entities of an integration; all integrations are counted at once,
// once a session. It needs Risk Manager.
func (s *Session) Counts(ctx context.Context, integration *access.Integration) (Counts, error) {
	r, err := s.readAll(ctx)
	if err != nil {
		return Counts{}, err
	}
	all, err := s.counts.get(func() (map[string]Counts, error) { return countAll(ctx, r) })
	return all[integration.Name], err
}

func countAll(ctx context.Context, r query.Reader) (map[string]Counts, error) {
	out := map[string]Counts{}
	no := false
	for _, part := range []struct {
		filter filter.Filter
		field  func(*Counts) *int
	}{
		{ofType(access.Identity), func(c *Counts) *int { return &c.Identities }},
		{ofType(access.Connection), func(c *Counts) *int { return &c.Connections }},
		{ofType(access.Resource), func(c *Counts) *int { return &c.Resources }},
		{filter.Filter{Insight: &filter.StringMatch{IsEmpty: &no}}, func(c *Counts) *int { return &c.WithInsights }},
	} {
		facets, err := r.Facets(ctx, query.FacetQuery{Filter: &part.filter, By: []filter.Field{filter.FieldIntegration}})
		if err != nil {
			return nil, err
		}
		for _, b := range facets[0].Buckets {
			c := out[b.Value]
			*part.field(&c) = b.Count
			out[b.Value] = c
		}
	}
	return out, nil
}

func ofType(t access.EntityType) filter.Filter {
	return filter.Filter{Type: []access.EntityType{t}}
}
