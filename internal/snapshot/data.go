package snapshot

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// Data is a graph in plain slices, in any order. It is a store.GraphView, so that a
// snapshot can be built of data that no store holds: imported files, tests, what-ifs.
// Labels, Insights and Mapping of the entities are taken as they are.
type Data struct {
	GraphVersion    int64
	AllEntities     []*access.Entity // live and removed
	LiveGrants      []access.Grant
	EndedGrants     []access.Grant
	AllApplications []access.Application
	AllIntegrations []access.Integration
	AllEmployees    []*access.Employee
	AllMappings     []access.Mapping // yielded by Mappings; entities carry their own
}

var _ store.GraphView = (*Data)(nil)

// Version implements store.GraphView.
func (d *Data) Version() int64 { return d.GraphVersion }

// sorted returns the list itself when it is in order already.
func sorted[T any](list []T, compare func(a, b T) int) []T {
	if slices.IsSortedFunc(list, compare) {
		return list
	}
	out := slices.Clone(list)
	slices.SortStableFunc(out, compare)
	return out
}

// stream yields the elements until ctx ends, whose error it then yields.
func stream[T any](ctx context.Context, list []T, keep func(T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range list {
			if err := ctx.Err(); err != nil {
				var zero T
				yield(zero, err)
				return
			}
			if keep(v) && !yield(v, nil) {
				return
			}
		}
	}
}

// Entities implements store.GraphView.
func (d *Data) Entities(ctx context.Context, integration string, removed bool) iter.Seq2[*access.Entity, error] {
	list := sorted(d.AllEntities, func(a, b *access.Entity) int { return strings.Compare(a.ID, b.ID) })
	return stream(ctx, list, func(e *access.Entity) bool {
		return (removed || !e.Removed()) && (integration == "" || e.Integration == integration)
	})
}

func compareGrants(a, b access.Grant) int {
	return cmp.Or(access.CompareGrants(&a, &b), a.From.Compare(b.From))
}

func (d *Data) grants(ctx context.Context, list []access.Grant, integration string) iter.Seq2[access.Grant, error] {
	of := map[string]string{}
	if integration != "" {
		for _, e := range d.AllEntities {
			of[e.ID] = e.Integration
		}
	}
	return stream(ctx, sorted(list, compareGrants), func(g access.Grant) bool { return integration == "" || of[g.Source] == integration })
}

// Grants implements store.GraphView.
func (d *Data) Grants(ctx context.Context, integration string) iter.Seq2[access.Grant, error] {
	return d.grants(ctx, d.LiveGrants, integration)
}

// History implements store.GraphView.
func (d *Data) History(ctx context.Context, integration string) iter.Seq2[access.Grant, error] {
	return d.grants(ctx, d.EndedGrants, integration)
}

// Applications implements store.GraphView.
func (d *Data) Applications(context.Context) ([]access.Application, error) {
	return sorted(d.AllApplications, func(a, b access.Application) int { return strings.Compare(a.Name, b.Name) }), nil
}

// Integrations implements store.GraphView.
func (d *Data) Integrations(context.Context) ([]access.Integration, error) {
	return sorted(d.AllIntegrations, func(a, b access.Integration) int { return strings.Compare(a.Key, b.Key) }), nil
}

// Employees implements store.GraphView.
func (d *Data) Employees(ctx context.Context) iter.Seq2[*access.Employee, error] {
	list := sorted(d.AllEmployees, func(a, b *access.Employee) int { return strings.Compare(a.ID, b.ID) })
	return stream(ctx, list, func(*access.Employee) bool { return true })
}

// Mappings implements store.GraphView.
func (d *Data) Mappings(ctx context.Context, integration string) iter.Seq2[access.Mapping, error] {
	of := map[string]string{}
	for _, e := range d.AllEntities {
		of[e.ID] = e.Integration
	}
	list := sorted(d.AllMappings, func(a, b access.Mapping) int { return strings.Compare(a.EntityID, b.EntityID) })
	return stream(ctx, list, func(m access.Mapping) bool { return integration == "" || of[m.EntityID] == integration })
}

// Source is a store.Graph over Data that can be replaced as a whole.
type Source struct {
	mu   sync.RWMutex
	data *Data
}

var _ store.Graph = (*Source)(nil)

// NewSource returns a source of data, which must not be changed any more.
func NewSource(data *Data) *Source { return &Source{data: data} }

// Set replaces the data. A new state must have a new version.
func (s *Source) Set(data *Data) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data = data
}

func (s *Source) current() *Data {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.data
}

// Version implements store.Graph.
func (s *Source) Version(ctx context.Context) (int64, error) {
	return s.current().GraphVersion, ctx.Err()
}

// ReadGraph implements store.Graph.
func (s *Source) ReadGraph(ctx context.Context, read func(ctx context.Context, v store.GraphView) error) error {
	return read(ctx, s.current())
}
