package discovery

import (
	"context"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/ingest"
)

// The lookups of this file are for ids of unknown kind: what the caller may not see is
// not there, instead of forbidden.

func (s *Session) seesAll(ctx context.Context) bool {
	_, err := auth.Require(ctx, access.RiskManager)
	return err == nil
}

// Application returns the application with the id; nil when there is none.
func (s *Session) Application(ctx context.Context, id string) (*access.Application, error) {
	if !s.seesAll(ctx) {
		return nil, nil //nolint:nilnil // documented
	}
	all, err := s.Applications(ctx, "")
	for _, a := range all {
		if a.ID == id {
			return &a, nil
		}
	}
	return nil, err
}

// VisibleIntegration returns the integration with the id; nil when there is none.
func (s *Session) VisibleIntegration(ctx context.Context, id string) (*access.Integration, error) {
	if !s.seesAll(ctx) {
		return nil, nil //nolint:nilnil // documented
	}
	return s.Integration(ctx, id)
}

// InsightName returns the name of the insight with the id, which must be in use; empty
// when there is none.
func (s *Session) InsightName(ctx context.Context, id string) (string, error) {
	if !s.seesAll(ctx) {
		return "", nil
	}
	all, err := s.InsightNames(ctx)
	for _, b := range all {
		if access.InsightID(b.Value) == id {
			return b.Value, nil
		}
	}
	return "", err
}

// VisibleImportRun returns the import run with the id; nil when there is none.
func (s *Session) VisibleImportRun(ctx context.Context, id string) (*ingest.Run, error) {
	if !s.seesAll(ctx) {
		return nil, nil //nolint:nilnil // documented
	}
	return s.ImportRun(ctx, id)
}

// DisplayName is how people write an entity: application/source type/name; an identity:
// name (integration). i may be nil.
func DisplayName(e *access.Entity, i *access.Integration) string {
	if i == nil {
		return e.Name
	}
	if e.Type == access.Identity {
		return e.Name + " (" + i.Name + ")"
	}
	return i.Application + "/" + e.SourceType + "/" + e.Name
}
