package resolvers

import (
	"context"
	"time"

	"github.com/accessgraph/accessgraph/graph/model"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/auth/apikey"
	"github.com/accessgraph/accessgraph/internal/discovery"
	"github.com/accessgraph/accessgraph/internal/jobs"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/settings"
	"github.com/accessgraph/accessgraph/internal/store"
)

// newest reads a page of a log whose ids are its cursors. list returns up to n of those
// after an id.
func newest[T any](first *int, after *string, id func(T) string, list func(after string, n int) ([]T, error)) ([]T, *model.PageInfo, error) {
	page, err := discovery.Paging{First: first, After: after}.Page()
	if err != nil {
		return nil, nil, err
	}
	if page.After != "" && !audit.IsID(page.After) {
		return nil, nil, access.Invalid("after", "this is not a cursor of this list")
	}
	found, err := list(page.After, page.First)
	if err != nil {
		return nil, nil, err
	}
	info := query.PageInfo{HasPrevious: page.After != ""}
	var ids []string
	for _, one := range found {
		ids = append(ids, id(one))
	}
	if len(found) == page.First {
		next, err := list(ids[len(ids)-1], 1)
		if err != nil {
			return nil, nil, err
		}
		info.HasNext = len(next) > 0
	}
	return found, pageInfo(info, ids), nil
}

func (r *Resolver) auditLog(ctx context.Context, q store.AuditQuery, first *int) (*model.AuditConnection, error) {
	after := q.After
	list, info, err := newest(first, &after, func(e store.AuditEntry) string { return e.ID }, func(after string, n int) ([]store.AuditEntry, error) {
		q.After, q.Limit = after, n
		return r.Services.Audit.Query(ctx, q)
	})
	if err != nil {
		return nil, err
	}
	c := &model.AuditConnection{PageInfo: info, Edges: []*model.AuditEdge{}}
	for _, e := range list {
		c.Edges = append(c.Edges, &model.AuditEdge{Cursor: e.ID, Node: auditEntry(e)})
	}
	return c, nil
}

func (r *Resolver) jobs(ctx context.Context, kind string, state jobs.State, first *int, after *string) (*model.JobConnection, error) {
	list, info, err := newest(first, after, func(j jobs.Job) string { return j.ID }, func(after string, n int) ([]jobs.Job, error) {
		return r.Services.Jobs.List(ctx, kind, state, after, n)
	})
	if err != nil {
		return nil, err
	}
	c := &model.JobConnection{PageInfo: info, Edges: []*model.JobEdge{}}
	for _, j := range list {
		c.Edges = append(c.Edges, &model.JobEdge{Cursor: j.ID, Node: r.job(ctx, j)})
	}
	return c, nil
}

func revisionOf(p *int64) int64 {
	if p == nil {
		return settings.AnyRevision
	}
	return *p
}

// keyLifetime is checked in days: as a duration, a large number of days could wrap around
// to a short one.
func keyLifetime(days *int) (time.Duration, error) {
	const day = 24 * time.Hour
	switch most := int(apikey.MaxTTL / day); {
	case days == nil:
		return apikey.DefaultTTL, nil
	case *days < 1 || *days > most:
		return 0, access.Invalid("expiresInDays", "must be between 1 and %d", most)
	}
	return time.Duration(*days) * day, nil
}

// applySettings changes what the input gives.
func applySettings(s *settings.Settings, in model.SettingsInput) {
	set(&s.TenantName, in.TenantName)
	set(&s.TimeZone, in.TimeZone)
	set(&s.OutOfSyncHours, in.OutOfSyncHours)
	if in.PathLimits != nil {
		set(&s.PathLimits.MaxDepth, in.PathLimits.MaxDepth)
		set(&s.PathLimits.Chains, in.PathLimits.Chains)
	}
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}
