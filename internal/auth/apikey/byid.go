package apikey

import (
	"context"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
)

// Present returns a key that has been proven before, as it is now, with its principal. A
// key that cannot be used any more is UNAUTHENTICATED. It is for what stands on a key,
// such as a session; it proves nothing and notes no use.
func (s *Service) Present(ctx context.Context, id string) (Key, auth.Principal, error) {
	d, _, err := s.read(ctx, id)
	if access.CodeOf(err) == access.CodeNotFound {
		return Key{}, auth.Principal{}, refused()
	}
	if err != nil {
		return Key{}, auth.Principal{}, err
	}
	now, err := s.now(ctx)
	if err != nil {
		return Key{}, auth.Principal{}, err
	}
	if !d.Usable(now) {
		return Key{}, auth.Principal{}, refused()
	}
	if err := s.checkEmployee(ctx, d.Key, now); err != nil {
		return Key{}, auth.Principal{}, err
	}
	return d.Key, principalOf(d.Key), nil
}

func principalOf(k Key) auth.Principal {
	return auth.Principal{Kind: auth.KindAPIKey, KeyID: k.ID, EmployeeID: k.EmployeeID, Roles: []access.ProductRole{k.Role}}
}
