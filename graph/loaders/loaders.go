// Package loaders reads for many objects of one answer at once. What one object of an
// answer is asked, all of them are asked; so the first to be asked has the keys of the
// whole batch read, and the number of reads does not depend on the number of objects.
package loaders

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vikstrous/dataloadgen"

	"github.com/accessgraph/accessgraph/graph/model"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/discovery"
	"github.com/accessgraph/accessgraph/internal/query"
)

// wait is how long the ids of people whom objects name one by one are gathered.
const wait = time.Millisecond

// Loaders are for one request. Safe for concurrent use.
type Loaders struct {
	session *discovery.Session

	entity     *reader[*access.Entity]
	employee   *reader[*access.Employee]
	owners     *reader[access.Owners]
	identities *reader[[]*access.Entity]
	person     *dataloadgen.Loader[string, *access.Employee] // of objects that are no batch

	mu     sync.Mutex
	access map[string]*reader[*AccessPage]
	grants map[string]*reader[*GrantPage]
	groups map[groupKey]any // *group[V]

	family    *family
	simulated bool // see Over
	truncated atomic.Bool
}

// New returns loaders that read from the session.
func New(s *discovery.Session) *Loaders {
	l := &Loaders{
		session: s,
		access:  map[string]*reader[*AccessPage]{},
		grants:  map[string]*reader[*GrantPage]{},
		groups:  map[groupKey]any{},
	}
	l.entity = newReader(s.EntitiesByID)
	l.employee = newReader(s.EmployeesByID)
	l.owners = newReader(s.BusinessOwners)
	l.identities = newReader(s.Identities)
	l.person = dataloadgen.NewLoader(l.readPeople, dataloadgen.WithWait(wait))
	l.family = &family{all: []*Loaders{l}, moments: map[time.Time]*Loaders{}}
	return l
}

// readAll reads all keys; each only once a request, whatever batches it is in.
func readAll[V any](ctx context.Context, from *reader[V], keys []string) (map[string]V, error) {
	keys = slices.Clone(keys)
	slices.Sort(keys)
	keys = slices.DeleteFunc(slices.Compact(keys), func(k string) bool { return k == "" })
	return from.all(ctx, keys)
}

type groupKey struct {
	batch any
	what  any
}

type group[V any] struct {
	once  sync.Once
	value V
	err   error
}

var errUnread = errors.New("what was asked before has not been read to its end")

// together computes a value once for a batch; whoever asks meanwhile waits.
func together[V any](l *Loaders, batch, what any, read func() (V, error)) (V, error) {
	l.mu.Lock()
	id := groupKey{batch, what}
	g, ok := l.groups[id].(*group[V])
	if !ok {
		g = &group[V]{}
		l.groups[id] = g
	}
	l.mu.Unlock()
	g.once.Do(func() {
		g.err = errUnread // for those who ask after a panic
		g.value, g.err = read()
	})
	return g.value, g.err
}

// people reads the employees of a batch; they are a batch themselves.
func (l *Loaders) people(ctx context.Context, batch any, ids func() []string) (map[string]*model.Employee, error) {
	return together(l, batch, "people", func() (map[string]*model.Employee, error) {
		found, err := readAll(ctx, l.employee, ids())
		if err != nil {
			return nil, err
		}
		out := make(map[string]*model.Employee, len(found))
		for _, p := range model.Employees(slices.Collect(maps.Values(found)), l.session.Now()) {
			if p != nil {
				out[p.ID] = p
			}
		}
		return out, nil
	})
}

// entities reads the entities of a batch; they are a batch themselves.
func (l *Loaders) entities(ctx context.Context, batch any, ids func() []string) (map[string]*model.Entity, error) {
	return together(l, batch, "entities", func() (map[string]*model.Entity, error) {
		found, err := readAll(ctx, l.entity, ids())
		if err != nil {
			return nil, err
		}
		out := make(map[string]*model.Entity, len(found))
		for _, e := range model.Entities(slices.Collect(maps.Values(found))) {
			if e != nil {
				out[e.ID] = e
			}
		}
		return out, nil
	})
}

// EmployeeOf returns the employee tied to the identity; nil when there is none.
func (l *Loaders) EmployeeOf(ctx context.Context, e *model.Entity) (*model.Employee, error) {
	m := e.Entity.Mapping
	if m == nil || m.EmployeeID == "" {
		return nil, nil //nolint:nilnil // documented
	}
	people, err := l.people(ctx, e.Batch, e.Batch.EmployeeIDs)
	return people[m.EmployeeID], err
}

// ManagerOf returns the manager; nil when that is no known employee.
func (l *Loaders) ManagerOf(ctx context.Context, e *model.Employee) (*model.Employee, error) {
	if e.Employee.ManagerEmail == "" {
		return nil, nil //nolint:nilnil // documented
	}
	people, err := l.people(ctx, e.Batch, e.Batch.ManagerIDs)
	return people[access.EmployeeID(e.Employee.ManagerEmail)], err
}

// Owner returns one of the owners; nil when there is none.
func (l *Loaders) Owner(ctx context.Context, o *model.Owners, id string) (*model.Employee, error) {
	if id == "" {
		return nil, nil //nolint:nilnil // documented
	}
	people, err := l.people(ctx, o.Batch, o.Batch.EmployeeIDs)
	return people[id], err
}

// Employee returns the employee with the id, who was named by something shown; nil when
// there is none.
func (l *Loaders) Employee(ctx context.Context, id string) (*model.Employee, error) {
	if id == "" {
		return nil, nil //nolint:nilnil // documented
	}
	p, err := l.person.Load(ctx, id)
	return model.Employees([]*access.Employee{p}, l.session.Now())[0], err
}

func (l *Loaders) readPeople(ctx context.Context, ids []string) ([]*access.Employee, []error) {
	found, err := readAll(ctx, l.employee, ids)
	if err != nil {
		return nil, []error{err}
	}
	out := make([]*access.Employee, len(ids))
	for i, id := range ids {
		out[i] = found[id]
	}
	return out, nil
}

// IdentitiesOf returns the identities tied to the employee.
func (l *Loaders) IdentitiesOf(ctx context.Context, e *model.Employee) ([]*model.Entity, error) {
	all, err := together(l, e.Batch, "identities", func() (map[string][]*model.Entity, error) {
		found, err := readAll(ctx, l.identities, e.Batch.IDs())
		if err != nil {
			return nil, err
		}
		var list []*access.Entity
		for _, id := range e.Batch.IDs() {
			list = append(list, found[id]...)
		}
		wrapped := model.Entities(list)
		out := make(map[string][]*model.Entity, len(found))
		for _, id := range e.Batch.IDs() {
			out[id], wrapped = wrapped[:len(found[id])], wrapped[len(found[id]):]
		}
		return out, nil
	})
	return all[e.ID], err
}

// OwnersOf returns the business owners of the entity.
func (l *Loaders) OwnersOf(ctx context.Context, e *model.Entity) (*model.Owners, error) {
	all, err := together(l, e.Batch, "owners", func() (map[string]*model.Owners, error) {
		found, err := readAll(ctx, l.owners, e.Batch.IDs())
		if err != nil {
			return nil, err
		}
		return model.OwnersOf(found), nil
	})
	return all[e.ID], err
}

// IntegrationOf returns the integration of an entity; nil when there is none. All
// integrations are one batch.
func (l *Loaders) IntegrationOf(ctx context.Context, key string) (*model.Integration, error) {
	all, err := together(l, l, "integrations", func() (map[string]*model.Integration, error) {
		list, err := l.session.Directory(ctx)
		out := make(map[string]*model.Integration, len(list))
		for _, i := range model.Integrations(list) {
			out[i.Key] = i
		}
		return out, err
	})
	return all[key], err
}

// OwnersOfIntegration returns the application owners.
func (l *Loaders) OwnersOfIntegration(i *model.Integration) (*model.Owners, error) {
	all, err := together(l, i.Batch, "owners", func() (map[string]*model.Owners, error) {
		found := map[string]access.Owners{}
		for _, one := range i.Batch.Integrations {
			found[one.ID] = one.Owners
		}
		return model.OwnersOf(found), nil
	})
	return all[i.ID], err
}

// ProvidersOf returns the providers of the access.
func (l *Loaders) ProvidersOf(ctx context.Context, e *model.AccessEdge) ([]*model.Entity, error) {
	all, err := l.entities(ctx, e.Batch, func() []string { return e.Batch.Providers })
	if err != nil {
		return nil, err
	}
	list := make([]*model.Entity, 0, len(e.ProviderIDs))
	for _, id := range e.ProviderIDs {
		if p := all[id]; p != nil {
			list = append(list, p)
		}
	}
	return list, nil
}

// EndOf returns one end of the grant.
func (l *Loaders) EndOf(ctx context.Context, g *model.Grant, id string) (*model.Entity, error) {
	all, err := l.entities(ctx, g.Batch, func() []string { return g.Batch.Ends })
	if err == nil && all[id] == nil {
		err = access.Errorf(access.CodeConflict, "the graph changed while it was read; ask again")
	}
	return all[id], err
}

// Entities returns entities by id, in that order, nil where there is none.
func (l *Loaders) Entities(ctx context.Context, ids []string) ([]*model.Entity, error) {
	found, err := readAll(ctx, l.entity, ids)
	if err != nil {
		return nil, err
	}
	list := make([]*access.Entity, len(ids))
	for i, id := range ids {
		list[i] = found[id]
	}
	return model.Entities(list), nil
}

// PathCount counts the paths of the pair, with those of its whole batch.
func (l *Loaders) PathCount(ctx context.Context, e *model.AccessEdge) (discovery.PathCount, error) {
	all, err := together(l, e.Batch, "paths", func() (map[query.Pair]discovery.PathCount, error) {
		counts, err := l.session.PathCounts(ctx, e.Batch.Pairs, e.Batch.ThroughIdentities)
		out := make(map[query.Pair]discovery.PathCount, len(counts))
		for i, c := range counts {
			out[e.Batch.Pairs[i]] = c
			l.MarkTruncated(c.Truncated)
		}
		return out, err
	})
	return all[e.Pair], err
}

// MarkTruncated notes that something shown was cut off.
func (l *Loaders) MarkTruncated(truncated bool) {
	if truncated {
		l.truncated.Store(true)
	}
}

// Truncated reports whether something shown was cut off, in whatever state of the graph.
func (l *Loaders) Truncated() bool {
	l.family.mu.Lock()
	defer l.family.mu.Unlock()
	for _, one := range l.family.all {
		if one.truncated.Load() {
			return true
		}
	}
	return false
}
