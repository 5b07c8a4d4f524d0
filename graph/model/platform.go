package model

import (
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
)

// APIKey is an API key without its secret.
type APIKey struct {
	ID         string
	Name       string
	Role       access.ProductRole
	EmployeeID string
	CreatedBy  string
	CreatedAt  time.Time
	ExpiresAt  time.Time
	RevokedAt  time.Time
	LastUsedAt time.Time
}

// ImportRun is one import of a file.
type ImportRun struct {
	ID             string
	Kind           string
	IntegrationKey string
	File           string
	Sha256         *string
	Mode           *ImportMode
	State          ingest.RunState
	Message        *string
	StartedAt      time.Time
	FinishedAt     *time.Time
	ActorKind      string
	Actor          string
	Report         JSON
}

// Me is who asks.
type Me struct {
	Kind       string
	Name       string
	Roles      []access.ProductRole
	EmployeeID string
}
