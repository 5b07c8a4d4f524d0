package model

import (
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/simulate"
)

// Simulation is the graph after changes that nobody made. Under is what answers for what
// is nested in it; only package graph knows its type.
type Simulation struct {
	*simulate.Simulation
	Under any
}

// AccessChange is an identity and a target, where the effective access differs.
type AccessChange struct {
	Kind                               query.DifferenceKind
	Identity, Target                   *Entity
	PermissionsGained, PermissionsLost []access.Permission
	Causes                             []*AccessCause
}

// AccessCause is a grant that explains a change of access.
type AccessCause struct {
	*Grant
	Gained bool
	At     *time.Time
	Change *int
}
