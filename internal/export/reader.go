package export

import (
	"context"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/store"
)

// Store is what a local export needs of the store.
type Store interface {
	store.Directory
	Version(ctx context.Context) (int64, error)
}

// Local exports from the store of this process.
type Local struct {
	engine query.Engine
	store  Store
	now    func(context.Context) (time.Time, error)
}

// NewLocal returns the source over an engine and its store; now is settings.Service.Now.
func NewLocal(engine query.Engine, s Store, now func(context.Context) (time.Time, error)) *Local {
	return &Local{engine: engine, store: s, now: now}
}

// Rows implements Source. It needs Risk Manager. All rows are of one graph version; when
// the engine cannot hold one still and it changes, the answer is CONFLICT.
func (l *Local) Rows(ctx context.Context, d Dataset, f *filter.Filter, emit func([]string) error) error {
	return l.Select(ctx, d, Selection{Filter: f}, emit)
}

// Selection says which rows of a dataset. Employees take no part of it.
type Selection struct {
	Filter *filter.Filter
	Search string    // as in the search box
	AsOf   time.Time // zero = the present; answered from memory
	// Progress, if any, is told how many of the entities are done.
	Progress func(done, total int64)
}

// Select is Rows with all that can be selected by.
func (l *Local) Select(ctx context.Context, d Dataset, q Selection, emit func([]string) error) error {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return err
	}
	if err := q.Filter.Validate("filter"); err != nil {
		return err
	}
	now, err := l.now(ctx)
	if err != nil {
		return err
	}
	if d == Employees {
		return l.employees(ctx, now, emit)
	}
	began, err := l.store.Version(ctx)
	if err != nil {
		return err
	}
	r, err := l.reader(ctx, now, q.AsOf)
	if err != nil {
		return err
	}
	run := &localRun{Local: l, reader: r, emit: emit}
	if err := run.names(ctx); err != nil {
		return err
	}
	page := map[Dataset]func(context.Context, []*access.Entity) error{Entities: run.entities, Access: run.access, Grants: run.grants}[d]
	if err := run.pages(ctx, q, page); err != nil {
		return err
	}
	if r.Info().Engine == query.Memory {
		return nil // a snapshot does not move
	}
	ended, err := l.store.Version(ctx)
	if err == nil && ended != began {
		err = access.Errorf(access.CodeConflict, "the graph changed during the export, whose rows are of several versions: run it again, or with --engine memory")
	}
	return err
}

func (l *Local) reader(ctx context.Context, now, asOf time.Time) (query.Reader, error) {
	if asOf.IsZero() {
		return l.engine.Reader(ctx, now)
	}
	whole, err := query.ReadWhole(ctx, l.engine, now)
	if err != nil {
		return nil, err
	}
	return whole.AsOf(ctx, asOf)
}

// localRun is one export.
type localRun struct {
	*Local
	reader query.Reader
	emit   func([]string) error
	at     map[string]where // by integration key
}

func (r *localRun) names(ctx context.Context) error {
	all, err := r.store.Integrations(ctx)
	r.at = make(map[string]where, len(all))
	for _, i := range all {
		r.at[i.Key] = where{i.Application, i.Name}
	}
	return err
}

// pages calls do for every page of the entities that are selected.
func (r *localRun) pages(ctx context.Context, of Selection, do func(context.Context, []*access.Entity) error) error {
	q := query.EntityQuery{Filter: of.Filter, Search: of.Search, Page: query.Page{First: query.MaxFirst, WithTotal: of.Progress != nil}}
	done, total := int64(0), int64(0)
	for {
		page, err := r.reader.Entities(ctx, q)
		if err != nil {
			return err
		}
		if err := do(ctx, page.Entities); err != nil {
			return err
		}
		if of.Progress != nil {
			if q.Page.WithTotal {
				total, q.Page.WithTotal = int64(page.Total), false
			}
			done += int64(len(page.Entities))
			of.Progress(done, total)
		}
		if !page.HasNext || len(page.Cursors) == 0 {
			return nil
		}
		q.Page.After = page.Cursors[len(page.Cursors)-1]
	}
}

func (r *localRun) entities(ctx context.Context, list []*access.Entity) error {
	ids := make([]string, 0, len(list))
	for _, e := range list {
		if e.Mapping != nil && e.Mapping.EmployeeID != "" {
			ids = append(ids, e.Mapping.EmployeeID)
		}
	}
	people, err := r.store.EmployeesByID(ctx, ids)
	if err != nil {
		return err
	}
	email := make(map[string]string, len(people))
	for _, p := range people {
		if p != nil {
			email[p.ID] = p.WorkEmail
		}
	}
	for _, e := range list {
		mail := ""
		if e.Mapping != nil {
			mail = email[e.Mapping.EmployeeID]
		}
		if err := r.emit(entityCells(e, r.at[e.Integration], mail)); err != nil {
			return err
		}
	}
	return nil
}

func (r *localRun) end(e *access.Entity) end { return endOf(e, r.at[e.Integration].integration) }

// accessSources is how many sources are asked for at once: each may have a page of targets.
const accessSources = 50

func (r *localRun) access(ctx context.Context, list []*access.Entity) error {
	for len(list) > 0 {
		part := list[:min(accessSources, len(list))]
		list = list[len(part):]
		pages, err := r.effective(ctx, part, "")
		if err != nil {
			return err
		}
		for i, page := range pages {
			for {
				if err := r.accesses(ctx, part[i], page.Edges); err != nil {
					return err
				}
				if !page.HasNext || len(page.Edges) == 0 {
					break
				}
				next, err := r.effective(ctx, part[i:i+1], page.Edges[len(page.Edges)-1].Cursor)
				if err != nil {
					return err
				}
				page = next[0]
			}
		}
	}
	return nil
}

func (r *localRun) effective(ctx context.Context, of []*access.Entity, after string) ([]query.AccessPage, error) {
	return r.reader.Effective(ctx, query.EffectiveQuery{
		Of: entityIDs(of), Direction: filter.HasAccessTo, Page: query.Page{First: query.MaxFirst, After: after},
	})
}

func entityIDs(list []*access.Entity) []string {
	ids := make([]string, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	return ids
}

func (r *localRun) accesses(ctx context.Context, source *access.Entity, edges []query.Access) error {
	pairs := make([]query.Pair, len(edges))
	for i, a := range edges {
		pairs[i] = query.Pair{From: source.ID, To: a.Entity.ID}
	}
	chains, err := r.reader.Chains(ctx, query.ChainQuery{Pairs: pairs, MaxDepth: query.MaxChainDepth, First: 1})
	if err != nil {
		return err
	}
	nodes := make([][]string, len(edges))
	var ids []string
	for i, a := range edges {
		if len(chains[i].Chains) > 0 {
			nodes[i] = chains[i].Chains[0].Nodes
		}
		ids = append(append(ids, a.Providers...), nodes[i]...)
	}
	ends, err := r.find(ctx, ids)
	if err != nil {
		return err
	}
	names := func(ids []string) []string {
		out := make([]string, len(ids))
		for i, id := range ids {
			out[i] = ends[id].name
		}
		return out
	}
	from := r.end(source)
	for i := range edges {
		a := &edges[i]
		if err := r.emit(accessCells(from, r.end(a.Entity), a.Permissions, a.Direct, names(a.Providers), names(nodes[i]))); err != nil {
			return err
		}
	}
	return nil
}

// find returns the ends with these ids; what is gone keeps its id.
func (r *localRun) find(ctx context.Context, ids []string) (map[string]end, error) {
	out := make(map[string]end, len(ids))
	distinct := make([]string, 0, len(ids))
	for _, id := range ids {
		if _, seen := out[id]; !seen {
			out[id] = end{id: id}
			distinct = append(distinct, id)
		}
	}
	for len(distinct) > 0 {
		part := distinct[:min(query.MaxFirst, len(distinct))]
		distinct = distinct[len(part):]
		found, err := r.reader.EntitiesByID(ctx, part)
		if err != nil {
			return nil, err
		}
		for _, e := range found {
			if e != nil {
				out[e.ID] = r.end(e)
			}
		}
	}
	return out, nil
}

func (r *localRun) grants(ctx context.Context, list []*access.Entity) error {
	pages, err := r.neighbors(ctx, entityIDs(list), "")
	if err != nil {
		return err
	}
	for i, page := range pages {
		for {
			var ids []string
			for j := range page.Grants {
				ids = append(ids, page.Grants[j].Target)
			}
			targets, err := r.find(ctx, ids)
			if err != nil {
				return err
			}
			source := r.end(list[i])
			for j := range page.Grants {
				g := &page.Grants[j]
				if err := r.emit(grantCells(source, targets[g.Target], g)); err != nil {
					return err
				}
			}
			if !page.HasNext || len(page.Cursors) == 0 {
				break
			}
			next, err := r.neighbors(ctx, []string{list[i].ID}, page.Cursors[len(page.Cursors)-1])
			if err != nil {
				return err
			}
			page = next[0]
		}
	}
	return nil
}

func (r *localRun) neighbors(ctx context.Context, of []string, after string) ([]query.GrantPage, error) {
	return r.reader.Neighbors(ctx, query.NeighborQuery{Of: of, Direction: filter.HasAccessTo, Page: query.Page{First: query.MaxFirst, After: after}})
}

func (l *Local) employees(ctx context.Context, now time.Time, emit func([]string) error) error {
	q := store.EmployeeQuery{Today: now, First: query.MaxFirst}
	for {
		page, err := l.store.Employees(ctx, q)
		if err != nil {
			return err
		}
		for _, e := range page.Employees {
			if err := emit(employeeCells(e, now)); err != nil {
				return err
			}
		}
		if !page.HasNext || len(page.Cursors) == 0 {
			return nil
		}
		q.After = page.Cursors[len(page.Cursors)-1]
	}
}
