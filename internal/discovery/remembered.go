package discovery

import (
	"context"
	"sync"

	"github.com/accessgraph/accessgraph/internal/access"
)

// remembered is what was read of the directory, as long as the graph has one version:
// every write of people and of integrations advances it, so what was read under a version
// is right for whoever reads under that version afterwards. Safe for concurrent use.
//
// What is remembered is shared: nobody may write to it.
type remembered struct {
	mu           sync.Mutex
	version      int64
	people       map[string]*access.Employee // nil = there is none
	integrations []*access.Integration       // nil = not read
}

// mostPeople bounds the memory: a person takes about half a kilobyte.
const mostPeople = 20_000

// begin makes the memory that of a version, and reports whether it is. An older version
// than what is remembered belongs to a request that began earlier: it reads by itself.
func (m *remembered) begin(version int64) bool {
	if version > m.version || m.people == nil {
		m.version, m.people, m.integrations = version, map[string]*access.Employee{}, nil
	}
	return version == m.version
}

// employees returns people by id, those who are not remembered read by fetch.
func (m *remembered) employees(ctx context.Context, version int64, ids []string, fetch func(context.Context, []string) ([]*access.Employee, error)) ([]*access.Employee, error) {
	out := make([]*access.Employee, len(ids))
	var missing []string
	var at []int
	m.mu.Lock()
	if !m.begin(version) {
		m.mu.Unlock()
		return fetch(ctx, ids)
	}
	for i, id := range ids {
		p, ok := m.people[id]
		if out[i] = p; !ok {
			missing, at = append(missing, id), append(at, i)
		}
	}
	m.mu.Unlock()
	if len(missing) == 0 {
		return out, nil
	}
	found, err := fetch(ctx, missing)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	keep := m.begin(version)
	for i, p := range found {
		out[at[i]] = p
		if keep {
			if len(m.people) >= mostPeople {
				clear(m.people)
			}
			m.people[missing[i]] = p
		}
	}
	return out, nil
}

// all returns the integrations, read by fetch unless they are remembered.
func (m *remembered) all(ctx context.Context, version int64, fetch func(context.Context) ([]access.Integration, error)) ([]*access.Integration, error) {
	m.mu.Lock()
	keep := m.begin(version)
	have := m.integrations
	m.mu.Unlock()
	if keep && have != nil {
		return have, nil
	}
	list, err := fetch(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]*access.Integration, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	if keep {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.begin(version) {
			m.integrations = out
		}
	}
	return out, nil
}

// version is that of the reader that the session answers from; false while it has none and
// where it answers for another state of the graph than the present.
func (s *Session) version() (int64, bool) {
	if s.open != nil {
		return 0, false
	}
	info, ok := s.Info()
	return info.GraphVersion, ok && info.GraphVersion > 0 && info.AsOf.IsZero() && !info.Simulated
}

// employeesByID reads people of the directory in the order of ids, nil where there is none.
func (s *Session) employeesByID(ctx context.Context, ids []string) ([]*access.Employee, error) {
	if v, ok := s.version(); ok {
		return s.svc.remembered.employees(ctx, v, ids, s.svc.dir.EmployeesByID)
	}
	return s.svc.dir.EmployeesByID(ctx, ids)
}

func (s *Session) allIntegrations(ctx context.Context) ([]*access.Integration, error) {
	if v, ok := s.version(); ok {
		return s.svc.remembered.all(ctx, v, s.svc.dir.Integrations)
	}
	list, err := s.svc.dir.Integrations(ctx)
	out := make([]*access.Integration, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out, err
}
