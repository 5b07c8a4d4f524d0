// Package auth says who is asking: the Principal that reaches every service by the
// context, and the checks that services make on it.
package auth

import (
	"context"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Kind is the kind of whoever acts. Its values are those of store.AuditEntry.ActorKind.
type Kind string

// The kinds of principals.
const (
	KindUser   Kind = "user"   // an employee who signed in
	KindAPIKey Kind = "apiKey" // a script
	KindSystem Kind = "system" // the product itself: schedules, migrations, the local command line
	KindOpen   Kind = "open"   // anybody on a loopback address opened with --open
)

// Principal is who acts. The zero value may do nothing.
type Principal struct {
	Kind       Kind                 `json:"kind"`
	KeyID      string               `json:"keyId,omitempty"`      // of the API key, for KindAPIKey
	EmployeeID string               `json:"employeeId,omitempty"` // whom they act as; empty = no employee
	Roles      []access.ProductRole `json:"roles,omitempty"`
}

// System is the product itself; it may do everything.
func System() Principal {
	return Principal{Kind: KindSystem, Roles: []access.ProductRole{access.Administrator}}
}

// Open is whoever uses a server that was opened on loopback; it may do everything.
func Open() Principal {
	return Principal{Kind: KindOpen, Roles: []access.ProductRole{access.Administrator}}
}

// Has reports whether one of the roles includes role.
func (p Principal) Has(role access.ProductRole) bool {
	return slices.ContainsFunc(p.Roles, func(r access.ProductRole) bool { return r.Includes(role) })
}

// Actor is the id that audit rows show: the key's, else the employee's, else the kind.
func (p Principal) Actor() string {
	switch {
	case p.KeyID != "":
		return p.KeyID
	case p.EmployeeID != "":
		return p.EmployeeID
	}
	return string(p.Kind)
}

// Same reports whether p and q are the same actor, whatever roles they have now.
func (p Principal) Same(q Principal) bool {
	return p.Kind == q.Kind && p.KeyID == q.KeyID && p.EmployeeID == q.EmployeeID
}

type contextKey struct{}

// WithPrincipal returns a context in which p acts.
func WithPrincipal(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, contextKey{}, p)
}

// FromContext returns who acts; false when nobody was authenticated.
func FromContext(ctx context.Context) (Principal, bool) {
	p, ok := ctx.Value(contextKey{}).(Principal)
	return p, ok && p.Kind != ""
}

// Require returns who acts when they have the role, else UNAUTHENTICATED (nobody acts)
// or FORBIDDEN. Every service method that is not for everybody begins with it, so that
// a forgotten check in a caller denies.
func Require(ctx context.Context, role access.ProductRole) (Principal, error) {
	p, ok := FromContext(ctx)
	if !ok {
		return Principal{}, access.Errorf(access.CodeUnauthenticated, "sign in or give an API key")
	}
	if !p.Has(role) {
		return Principal{}, access.Errorf(access.CodeForbidden, "this needs the role %s", role)
	}
	return p, nil
}
