package resolvers

import (
	"context"
	"strings"

	"github.com/accessgraph/accessgraph/graph/loaders"
	"github.com/accessgraph/accessgraph/graph/model"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth/apikey"
	"github.com/accessgraph/accessgraph/internal/discovery"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/savedfilter"
	"github.com/accessgraph/accessgraph/internal/settings"
	"github.com/accessgraph/accessgraph/internal/store"
)

func accessConnection(p *loaders.AccessPage) *model.AccessConnection {
	cursors := make([]string, len(p.Edges))
	for i, e := range p.Edges {
		cursors[i] = e.Cursor
	}
	return &model.AccessConnection{Edges: p.Edges, PageInfo: pageInfo(p.PageInfo, cursors), TotalCount: p.Total}
}

func employeeConnection(ctx context.Context, p store.EmployeePage, after *string) *model.EmployeeConnection {
	c := &model.EmployeeConnection{TotalCount: p.Total, Edges: []*model.EmployeeEdge{}}
	c.PageInfo = pageInfo(query.PageInfo{HasNext: p.HasNext, HasPrevious: orZero(after) != ""}, p.Cursors)
	for i, e := range model.Employees(p.Employees, loaders.Session(ctx).Now()) {
		c.Edges = append(c.Edges, &model.EmployeeEdge{Cursor: p.Cursors[i], Node: e})
	}
	return c
}

// accessPaths turns chains of ids into paths of entities, read all at once.
func accessPaths(ctx context.Context, c query.Chains) (*model.AccessPaths, error) {
	var ids []string
	for _, chain := range c.Chains {
		ids = append(ids, chain.Nodes...)
	}
	list, err := loaders.For(ctx).Entities(ctx, ids)
	if err != nil {
		return nil, err
	}
	loaders.For(ctx).MarkTruncated(c.Truncated)
	out := &model.AccessPaths{Paths: []*model.AccessPath{}, Truncated: c.Truncated}
	for _, chain := range c.Chains {
		out.Paths = append(out.Paths, accessPath(chain, list[:len(chain.Nodes)]))
		list = list[len(chain.Nodes):]
	}
	return out, nil
}

// accessPath shows a chain, whose nodes are given.
func accessPath(chain query.Chain, nodes []*model.Entity) *model.AccessPath {
	path := &model.AccessPath{Length: len(chain.Hops)}
	for i, permissions := range chain.Hops {
		path.Steps = append(path.Steps, &model.AccessStep{From: nodes[i], To: nodes[i+1], Permissions: permissions})
	}
	if last := len(nodes) - 2; last >= 1 {
		path.Entry, path.Provider = nodes[1], nodes[last]
	}
	return path
}

func ranked(list []query.Ranked) []*model.RankedEntity {
	entities := make([]*access.Entity, len(list))
	for i := range list {
		entities[i] = list[i].Entity
	}
	out := make([]*model.RankedEntity, len(list))
	for i, e := range model.Entities(entities) {
		out[i] = &model.RankedEntity{Entity: e, Count: list[i].Count}
	}
	return out
}

func hints(list []discovery.Hint) []*model.DataQualityHint {
	out := make([]*model.DataQualityHint, len(list))
	for i, h := range list {
		out[i] = &model.DataQualityHint{Kind: h.Kind, Message: h.Message, Count: h.Count, Entities: model.Entities(h.Entities)}
		if h.Filter != nil {
			out[i].Filter = model.JSONOf(h.Filter)
		}
		if h.Integration != nil {
			out[i].Integration = model.Integrations([]*access.Integration{h.Integration})[0]
		}
	}
	return out
}

func importRun(r ingest.Run) *model.ImportRun {
	out := &model.ImportRun{
		ID: r.ID, Kind: r.Kind, IntegrationKey: r.Integration, File: r.File, Sha256: optional(r.SHA256), State: r.State,
		Message: optional(r.Message), StartedAt: r.StartedAt, FinishedAt: &r.FinishedAt, ActorKind: r.ActorKind, Actor: r.Actor,
		Report: model.JSONOf(r.Report),
	}
	if r.Mode != "" {
		out.Mode = optional(model.ImportMode(strings.ToUpper(string(r.Mode))))
	}
	return out
}

func auditEntry(e store.AuditEntry) *model.AuditEntry {
	return &model.AuditEntry{
		ID: e.ID, At: e.At, ActorKind: e.ActorKind, Actor: e.Actor, Action: e.Action, Object: e.Object,
		Before: model.JSONText(e.Before), After: model.JSONText(e.After), RequestID: optional(e.RequestID), IP: optional(e.IP),
	}
}

func apiKey(k apikey.Key) *model.APIKey {
	return &model.APIKey{
		ID: k.ID, Name: k.Name, Role: k.Role, EmployeeID: k.EmployeeID, CreatedBy: k.CreatedBy, CreatedAt: k.CreatedAt,
		ExpiresAt: k.ExpiresAt, RevokedAt: k.RevokedAt, LastUsedAt: k.LastUsedAt,
	}
}

func generalSettings(v settings.Value[settings.Settings]) *model.Settings {
	s := v.Settings
	return &model.Settings{
		TenantName: s.TenantName, TimeZone: s.TimeZone, OutOfSyncHours: s.OutOfSyncHours, Revision: v.Revision,
		PathLimits: &model.PathLimits{MaxDepth: s.PathLimits.MaxDepth, Chains: s.PathLimits.Chains},
	}
}

func savedFilter(f savedfilter.Filter, err error) (*model.SavedFilter, error) {
	if err != nil {
		return nil, err
	}
	return model.SavedFilterOf(f), nil
}
