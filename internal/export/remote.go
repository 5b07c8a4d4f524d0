package export

import (
	"context"
	"encoding/json"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// Ask sends a GraphQL request and returns the response.
type Ask func(ctx context.Context, request []byte) ([]byte, error)

// Remote exports from a running server, page by page over GraphQL.
type Remote struct {
	ask     Ask
	version *int64 // the graph version of the first page
}

// NewRemote returns the source behind ask.
func NewRemote(ask Ask) *Remote { return &Remote{ask: ask} }

// page is a part of a list, as every connection has one.
type page[T any] struct {
	Edges []struct {
		Node T `json:"node"`
	} `json:"edges"`
	PageInfo struct {
		HasNextPage bool   `json:"hasNextPage"`
		EndCursor   string `json:"endCursor"`
	} `json:"pageInfo"`
}

const pageInfo = ` pageInfo { hasNextPage endCursor }`

// Rows implements Source, except for Access, which servers stream. When the graph changes between two pages the answer is
// CONFLICT: rows of several versions would not fit together.
func (r *Remote) Rows(ctx context.Context, d Dataset, f *filter.Filter, emit func([]string) error) error {
	r.version = nil
	switch d {
	case Entities:
		return remoteList(ctx, r, entitiesQuery, f, func(n *remoteEntity) error { return emit(n.cells()) })
	case Access:
		return access.Errorf(access.CodeInternal, "effective access is not asked for page by page")
	case Grants:
		return remoteList(ctx, r, grantsQuery, f, func(n *remoteSource) error { return r.grants(ctx, n, emit) })
	}
	return r.employees(ctx, emit)
}

// remoteList pages through the entities that pass the filter.
func remoteList[T any](ctx context.Context, r *Remote, query string, f *filter.Filter, do func(*T) error) error {
	vars := map[string]any{"filter": f}
	for {
		var data struct {
			Entities page[T] `json:"entities"`
		}
		if err := r.run(ctx, query, vars, &data); err != nil {
			return err
		}
		for i := range data.Entities.Edges {
			if err := do(&data.Entities.Edges[i].Node); err != nil {
				return err
			}
		}
		if !data.Entities.PageInfo.HasNextPage {
			return nil
		}
		vars["after"] = data.Entities.PageInfo.EndCursor
	}
}

func (r *Remote) run(ctx context.Context, query string, vars map[string]any, to any) error {
	request, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	if err != nil {
		return err
	}
	body, err := r.ask(ctx, request)
	if err != nil {
		return err
	}
	var answer struct {
		Data   json.RawMessage `json:"data"`
		Errors []struct {
			Message    string `json:"message"`
			Extensions struct {
				Code access.Code `json:"code"`
			} `json:"extensions"`
		} `json:"errors"`
		Extensions struct {
			Accessgraph struct {
				GraphVersion *int64 `json:"graphVersion"`
			} `json:"accessgraph"`
		} `json:"extensions"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return &access.Error{Code: access.CodeUnavailable, Message: "the server's answer is not a GraphQL response", Err: err}
	}
	if len(answer.Errors) > 0 {
		e := answer.Errors[0]
		if e.Extensions.Code == "" {
			e.Extensions.Code = access.CodeUnavailable
		}
		return access.Errorf(e.Extensions.Code, "the server says: %s", e.Message)
	}
	if v := answer.Extensions.Accessgraph.GraphVersion; v != nil {
		if r.version != nil && *r.version != *v {
			return access.Errorf(access.CodeConflict, "the graph changed during the export, whose rows would be of several versions: run it again")
		}
		r.version = v
	}
	if err := json.Unmarshal(answer.Data, to); err != nil {
		return &access.Error{Code: access.CodeUnavailable, Message: "the server's answer is not of this version's form", Err: err}
	}
	return nil
}

func (r *Remote) grants(ctx context.Context, source *remoteSource, emit func([]string) error) error {
	list := source.Grants
	for {
		for i := range list.Edges {
			if err := emit(list.Edges[i].Node.cells(&source.remoteEnd)); err != nil {
				return err
			}
		}
		if !list.PageInfo.HasNextPage {
			return nil
		}
		next, err := r.more(ctx, moreGrantsQuery, source.ID, list.PageInfo.EndCursor)
		if err != nil {
			return err
		}
		list = next.Grants
	}
}

func (r *Remote) more(ctx context.Context, query, id, after string) (*remoteSource, error) {
	var data struct {
		Entity *remoteSource `json:"entity"`
	}
	if err := r.run(ctx, query, map[string]any{"id": id, "after": after}, &data); err != nil {
		return nil, err
	}
	if data.Entity == nil {
		return nil, access.Errorf(access.CodeConflict, "entity %s vanished during the export: run it again", id)
	}
	return data.Entity, nil
}

func (r *Remote) employees(ctx context.Context, emit func([]string) error) error {
	vars := map[string]any{}
	for {
		var data struct {
			Employees page[remoteEmployee] `json:"employees"`
		}
		if err := r.run(ctx, employeesQuery, vars, &data); err != nil {
			return err
		}
		for i := range data.Employees.Edges {
			if err := emit(data.Employees.Edges[i].Node.cells()); err != nil {
				return err
			}
		}
		if !data.Employees.PageInfo.HasNextPage {
			return nil
		}
		vars["after"] = data.Employees.PageInfo.EndCursor
	}
}
