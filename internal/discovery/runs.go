package discovery

import (
	"context"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/store"
)

// ImportRuns lists the runs of one integration (by id), or of all, newest first; more
// says whether there are further ones. It needs Risk Manager.
func (s *Session) ImportRuns(ctx context.Context, integrationID string, first *int, after *string) (runs []ingest.Run, more bool, err error) {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return nil, false, err
	}
	page, err := Paging{First: first, After: after}.Page()
	if err != nil {
		return nil, false, err
	}
	if page.After != "" && !audit.IsID(page.After) {
		return nil, false, access.Invalid("after", "this is not a cursor of this list")
	}
	q := store.RecordQuery{Kind: ingest.RunKind, After: page.After, Limit: page.First + 1, Descending: true}
	if integrationID != "" {
		i, err := s.Integration(ctx, integrationID)
		if err != nil {
			return nil, false, err
		}
		if i == nil {
			return nil, false, &access.Error{Code: access.CodeNotFound, Path: "integration", Message: "there is no such integration"}
		}
		q.Where = map[string]string{"integration": i.Key}
	}
	records, err := s.svc.dir.FindRecords(ctx, q)
	if err != nil {
		return nil, false, err
	}
	if more = len(records) > page.First; more {
		records = records[:page.First]
	}
	for _, r := range records {
		run, err := ingest.ParseRun(r)
		if err != nil {
			return nil, false, err
		}
		runs = append(runs, run)
	}
	return runs, more, nil
}

// ImportRun returns one run; nil when there is none. It needs Risk Manager.
func (s *Session) ImportRun(ctx context.Context, id string) (*ingest.Run, error) {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return nil, err
	}
	r, err := s.svc.dir.GetRecord(ctx, ingest.RunKind, id)
	if access.CodeOf(err) == access.CodeNotFound {
		return nil, nil //nolint:nilnil // documented
	}
	if err != nil {
		return nil, err
	}
	run, err := ingest.ParseRun(r)
	return &run, err
}
