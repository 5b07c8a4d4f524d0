package directory

import (
	"context"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/store"
)

// Bounds of an integration's texts, in bytes.
const (
	maxName        = 200
	maxDescription = 4000
)

// UpdateIntegration is what UpdateIntegration is told; nil fields stay as they are.
type UpdateIntegration struct {
	ID          string // access.IntegrationID(key)
	Name        *string
	Description *string
	Owners      *access.Owners // the primary is mandatory
}

// UpdateIntegration renames an integration, describes it or sets its application owners.
// Its key, and so the ids of its entities, stay. It needs Administrator.
func (s *Service) UpdateIntegration(ctx context.Context, in UpdateIntegration) (access.Integration, error) {
	if _, err := auth.Require(ctx, access.Administrator); err != nil {
		return access.Integration{}, err
	}
	var next access.Integration
	err := s.mutate(ctx, func(ctx context.Context, at time.Time) (*plan, error) {
		p, err := s.present(ctx)
		if err != nil {
			return nil, err
		}
		old, err := byID(p, in.ID)
		if err != nil {
			return nil, err
		}
		next = old
		if err := s.apply(ctx, &next, in, p); err != nil {
			return nil, err
		}
		if in.Name == nil { // a rename rests on all the other names, anything else on nothing but this one
			p.only(map[string]bool{old.Key: true})
		}
		if old.Name == next.Name && old.Description == next.Description && sameOwners(old.Owners, next.Owners) {
			return p, nil
		}
		put := next
		p.add(store.Change{PutIntegration: &put})
		p.note("integration.update", old.ID, integrationForAudit(old), integrationForAudit(next))
		return p, nil
	})
	if err != nil {
		return access.Integration{}, err
	}
	p, err := s.present(ctx)
	if err != nil {
		return access.Integration{}, err
	}
	return byID(p, in.ID)
}

func (s *Service) apply(ctx context.Context, i *access.Integration, in UpdateIntegration, p *plan) error {
	if in.Name != nil {
		name := access.Clean(*in.Name)
		if name == "" || len(name) > maxName {
			return access.Invalid("name", "must have 1 to %d bytes", maxName)
		}
		// Files find integrations by name or key, so neither may mean two.
		for _, other := range p.integrations {
			if other.Key != i.Key && (access.Fold(other.Name) == access.Fold(name) || access.Fold(other.Key) == access.Fold(name)) {
				return access.Invalid("name", "%q is the name, or the first name, of another integration", name)
			}
		}
		i.Name = name
	}
	if in.Description != nil {
		text := access.Clean(*in.Description)
		if len(text) > maxDescription {
			return access.Invalid("description", "is longer than %d bytes", maxDescription)
		}
		i.Description = text
	}
	if in.Owners != nil {
		if in.Owners.Primary == "" {
			return access.Invalid("primary", "an integration needs a primary application owner")
		}
		owners, err := s.owners(ctx, *in.Owners)
		if err != nil {
			return err
		}
		i.Owners = owners
	}
	return nil
}

func byID(p *plan, id string) (access.Integration, error) {
	for _, i := range p.integrations {
		if i.ID == id {
			return i, nil
		}
	}
	return access.Integration{}, access.Errorf(access.CodeNotFound, "there is no integration %s", id)
}

func integrationForAudit(i access.Integration) any {
	return struct {
		Name        string `json:"name"`
		Description string `json:"description,omitempty"`
		Owners      any    `json:"owners,omitempty"`
	}{i.Name, i.Description, ownersForAudit(i.Owners)}
}
