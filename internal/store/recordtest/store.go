// Package recordtest is an in-memory store of records, audit rows and leases, for tests
// of governance packages that run under a fake clock or must make a commit fail. It
// keeps no graph. The contract suite holds the real stores, not this one.
package recordtest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

type key struct{ kind, id string }

type lease struct {
	holder string
	until  time.Time
}

// Store implements store.Committer, Records, AuditLog and Leases. The zero value is not
// usable; call New. Safe for concurrent use.
type Store struct {
	mu      sync.Mutex
	records map[key]store.Record
	audit   []store.AuditEntry
	leases  map[string]lease
	people  map[string]*access.Employee
	commits int

	// Fail, when set, is asked before each commit; its error is returned instead.
	Fail func(store.Commit) error
	// FailLeases, when set, is asked before each lease operation.
	FailLeases func(name, holder string) error
}

// New returns an empty store.
func New() *Store {
	return &Store{records: map[key]store.Record{}, leases: map[string]lease{}, people: map[string]*access.Employee{}}
}

// PutEmployee makes an employee known to EmployeesByID.
func (s *Store) PutEmployee(e *access.Employee) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people[e.ID] = e
}

// EmployeesByID returns the employees put before, nil where there is none.
func (s *Store) EmployeesByID(_ context.Context, ids []string) ([]*access.Employee, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*access.Employee, len(ids))
	for i, id := range ids {
		out[i] = s.people[id]
	}
	return out, nil
}

// Commits is how many commits succeeded.
func (s *Store) Commits() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commits
}

// Commit applies records and audit rows; graph changes are refused.
func (s *Store) Commit(ctx context.Context, c store.Commit) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Fail != nil {
		if err := s.Fail(c); err != nil {
			return 0, err
		}
	}
	if c.Graph != nil {
		return 0, access.Errorf(access.CodeInternal, "recordtest keeps no graph")
	}
	for _, w := range c.Records {
		kind, err := store.KindOf(w.Kind)
		if err != nil {
			return 0, err
		}
		for name := range w.Index {
			if !slices.Contains(kind.Index, name) {
				return 0, access.Errorf(access.CodeInternal, "kind %s declares no index field %q", w.Kind, name)
			}
		}
		if w.Expect != store.AnyRevision && s.records[key{w.Kind, w.ID}].Revision != w.Expect {
			return 0, access.Errorf(access.CodeConflict, "%s %s was changed meanwhile", w.Kind, w.ID)
		}
	}
	for _, w := range c.Records {
		k := key{w.Kind, w.ID}
		if w.Doc == nil {
			delete(s.records, k)
			continue
		}
		s.records[k] = store.Record{Kind: w.Kind, ID: w.ID, Revision: s.records[k].Revision + 1, Doc: slices.Clone(w.Doc), Index: w.Index}
	}
	s.audit = append(s.audit, c.Audit...)
	s.commits++
	return 0, nil
}

// GetRecord implements store.Records.
func (s *Store) GetRecord(_ context.Context, kind, id string) (store.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.records[key{kind, id}]
	if !ok {
		return store.Record{}, access.Errorf(access.CodeNotFound, "there is no %s %s", kind, id)
	}
	return r, nil
}

// FindRecords implements store.Records.
func (s *Store) FindRecords(_ context.Context, q store.RecordQuery) ([]store.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []store.Record
	for k, r := range s.records {
		if k.kind == q.Kind && matches(r, q) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b store.Record) int {
		if q.Descending {
			a, b = b, a
		}
		return strings.Compare(a.ID, b.ID)
	})
	if q.Limit > 0 && len(out) > q.Limit {
		out = out[:q.Limit]
	}
	return out, nil
}

func matches(r store.Record, q store.RecordQuery) bool {
	for name, want := range q.Where {
		if r.Index[name] != want {
			return false
		}
	}
	if q.After == "" {
		return true
	}
	if q.Descending {
		return r.ID < q.After
	}
	return r.ID > q.After
}

// AuditEntries implements store.AuditLog.
func (s *Store) AuditEntries(_ context.Context, q store.AuditQuery) ([]store.AuditEntry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []store.AuditEntry
	for _, e := range slices.Backward(s.audit) {
		if (q.Actor == "" || q.Actor == e.Actor) && (q.Action == "" || q.Action == e.Action) &&
			(q.Object == "" || q.Object == e.Object) && (q.After == "" || e.ID < q.After) {
			out = append(out, e)
		}
	}
	if q.Limit > 0 && len(out) > q.Limit {
		out = out[:q.Limit]
	}
	return out, nil
}

// AcquireLease implements store.Leases with time.Now, which a test bubble fakes.
func (s *Store) AcquireLease(_ context.Context, name, holder string, ttl time.Duration) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.FailLeases != nil {
		if err := s.FailLeases(name, holder); err != nil {
			return false, err
		}
	}
	now := time.Now()
	if l, ok := s.leases[name]; ok && l.holder != holder && now.Before(l.until) {
		return false, nil
	}
	s.leases[name] = lease{holder: holder, until: now.Add(ttl)}
	return true, nil
}

// ReleaseLease implements store.Leases.
func (s *Store) ReleaseLease(_ context.Context, name, holder string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.leases[name].holder == holder {
		delete(s.leases, name)
	}
	return nil
}
