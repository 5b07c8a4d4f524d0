package resolvers

import (
	"context"
	"strings"

	"github.com/accessgraph/accessgraph/graph/model"
	"github.com/accessgraph/accessgraph/internal/export"
	"github.com/accessgraph/accessgraph/internal/exportjob"
	"github.com/accessgraph/accessgraph/internal/jobs"
)

// job shows a job to whoever asks: where its file is says only who may have it.
func (r *Resolver) job(ctx context.Context, j jobs.Job) *model.Job {
	out := &model.Job{
		ID: j.ID, Kind: j.Kind, State: j.State, CancelRequested: j.CancelRequested, Actor: j.By.Actor(),
		Progress:  &model.JobProgress{Done: j.Progress.Done, Total: j.Progress.Total, Stage: optional(j.Progress.Stage)},
		CreatedAt: j.CreatedAt, StartedAt: &j.StartedAt, FinishedAt: &j.FinishedAt, Result: model.JSON(j.Result),
	}
	if j.Failure != nil {
		out.Failure = &model.JobFailure{Code: string(j.Failure.Code), Path: optional(j.Failure.Path), Message: j.Failure.Message}
	}
	if _, ok := r.Services.Exports.Downloadable(ctx, j); ok {
		out.DownloadURL = optional(exportjob.URL(j.ID))
	}
	return out
}

func exportRequest(in model.ExportInput) exportjob.Request {
	out := exportjob.Request{
		Dataset: exportjob.Dataset(string(in.Dataset)), Format: export.CSV, Filter: in.Filter, TargetFilter: in.TargetFilter, Search: orZero(in.Search),
		Columns: in.Columns, AsOf: orZero(in.AsOf), From: orZero(in.From), To: orZero(in.To),
	}
	if in.Format != nil {
		out.Format = export.Format(strings.ToLower(string(*in.Format)))
	}
	return out
}
