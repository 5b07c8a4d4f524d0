package simulate

import (
	"context"
	"encoding/json"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// Ask sends a GraphQL request and returns the response.
type Ask func(ctx context.Context, request []byte) ([]byte, error)

// Remote asks a running server, page by page.
type Remote struct{ ask Ask }

var _ Source = (*Remote)(nil)

// NewRemote returns the source behind ask.
func NewRemote(ask Ask) *Remote { return &Remote{ask} }

const (
	rowFields = `pageInfo { hasNextPage endCursor } edges { node { kind identity { ` + endFields + ` } target { ` + endFields + ` }
		permissionsGained { name value } permissionsLost { name value }
		causes { source { ` + endFields + ` } target { ` + endFields + ` } permission value scope gained at change } } }`
	endFields     = `id name type integration { name }`
	simulateQuery = `query ($changes: [AccessChangeInput!]!, $filter: EntityFilter, $targets: EntityFilter, $after: String) {
		simulate(changes: $changes) { rows: accessDifference(filter: $filter, targetFilter: $targets, first: 500, after: $after) { ` + rowFields + ` } } }`
	betweenQuery = `query ($from: Time!, $to: Time!, $filter: EntityFilter, $targets: EntityFilter, $after: String) {
		rows: accessChanges(from: $from, to: $to, filter: $filter, targetFilter: $targets, first: 500, after: $after) { ` + rowFields + ` } }`
	resolveQuery = `query ($filter: EntityFilter, $first: Int) { entities(filter: $filter, first: $first) { totalCount edges { node { id name: displayName } } } }`
)

// rowPage is a page of differences.
type rowPage struct {
	PageInfo struct {
		HasNextPage bool
		EndCursor   string
	}
	Edges []struct{ Node Row }
}

// Resolve implements Source.
func (r *Remote) Resolve(ctx context.Context, path, text string) (string, error) {
	var data struct {
		Entities struct {
			TotalCount int
			Edges      []struct{ Node candidate }
		}
	}
	if _, err := r.run(ctx, resolveQuery, map[string]any{"filter": meant(text), "first": maxCandidates}, &data); err != nil {
		return "", err
	}
	var found []candidate
	for _, e := range data.Entities.Edges {
		found = append(found, e.Node)
	}
	return only(path, text, found, data.Entities.TotalCount)
}

// Simulate implements Source.
func (r *Remote) Simulate(ctx context.Context, changes []query.Change, q Query, emit func(*Row) error) error {
	var data struct{ Simulate struct{ Rows rowPage } }
	return r.pages(ctx, simulateQuery, map[string]any{"changes": inputs(changes)}, q, &data, func() *rowPage { return &data.Simulate.Rows }, emit)
}

// Between implements Source.
func (r *Remote) Between(ctx context.Context, from, to time.Time, q Query, emit func(*Row) error) error {
	var data struct{ Rows rowPage }
	return r.pages(ctx, betweenQuery, map[string]any{"from": from.UTC(), "to": to.UTC()}, q, &data, func() *rowPage { return &data.Rows }, emit)
}

// pages asks for one page after the other; when the graph changes in between the answer
// is CONFLICT: the rows would not fit together.
func (r *Remote) pages(ctx context.Context, text string, vars map[string]any, q Query, to any, page func() *rowPage, emit func(*Row) error) error {
	vars["filter"], vars["targets"] = optional(q.Filter), optional(q.Targets)
	var version *int64
	for {
		*page() = rowPage{} // what the last page had must not shine through
		now, err := r.run(ctx, text, vars, to)
		if err != nil {
			return err
		}
		if version != nil && now != nil && *now != *version {
			return access.Errorf(access.CodeConflict, "the graph changed while it was read: run it again")
		}
		version = now
		p := page()
		for i := range p.Edges {
			if err := emit(&p.Edges[i].Node); err != nil {
				return err
			}
		}
		if !p.PageInfo.HasNextPage {
			return nil
		}
		vars["after"] = p.PageInfo.EndCursor
	}
}

func optional(f *filter.Filter) any {
	if f == nil {
		return nil
	}
	return f
}

// inputs are the changes as GraphQL takes them.
func inputs(changes []query.Change) []map[string]any {
	out := make([]map[string]any, len(changes))
	for i, c := range changes {
		out[i] = map[string]any{}
		switch {
		case c.AddGrant != nil:
			n := map[string]any{"source": c.AddGrant.Source, "target": c.AddGrant.Target, "scope": c.AddGrant.Scope}
			if c.AddGrant.Permission != "" {
				n["permission"] = c.AddGrant.Permission
			}
			if c.AddGrant.Value != "" {
				n["value"] = c.AddGrant.Value
			}
			out[i]["addGrant"] = n
		case c.RemoveGrant != nil:
			m := c.RemoveGrant
			out[i]["removeGrant"] = map[string]any{"source": m.Source, "target": m.Target, "permission": m.Permission, "scope": m.Scope}
		case c.Suspend != "":
			out[i]["suspend"] = c.Suspend
		case c.Delete != "":
			out[i]["delete"] = c.Delete
		}
	}
	return out
}

// run asks and returns the graph version that answered.
func (r *Remote) run(ctx context.Context, text string, vars map[string]any, to any) (*int64, error) {
	request, err := json.Marshal(map[string]any{"query": text, "variables": vars})
	if err != nil {
		return nil, err
	}
	body, err := r.ask(ctx, request)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Data   json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct {
				Code     access.Code
				Argument string
			}
		}
		Extensions struct{ Accessgraph struct{ GraphVersion *int64 } }
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, &access.Error{Code: access.CodeUnavailable, Message: "the server's answer is not a GraphQL response", Err: err}
	}
	if len(answer.Errors) > 0 {
		e := answer.Errors[0]
		if e.Extensions.Code == "" {
			e.Extensions.Code = access.CodeUnavailable
		}
		return nil, access.Errorf(e.Extensions.Code, "the server says: %s", e.Message)
	}
	if err := json.Unmarshal(answer.Data, to); err != nil {
		return nil, &access.Error{Code: access.CodeUnavailable, Message: "the server's answer is not of this version's form", Err: err}
	}
	return answer.Extensions.Accessgraph.GraphVersion, nil
}
