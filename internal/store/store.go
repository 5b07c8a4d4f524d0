// Package store holds the ports of persistence: what is written (Commit), what a
// snapshot loads (Graph), the directory of people and integrations, and governance
// records. Two stores implement them whole: embedded (one SQLite file) and neo4j. One
// contract suite (storetest) holds them equal.
package store

import (
	"context"
	"iter"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Store is everything a store does. Consumers take the smallest part they need.
type Store interface {
	Committer
	Graph
	Directory
	Records
	AuditLog
	Leases

	// Name is "embedded" or "neo4j".
	Name() string
	// Check reports whether the store answers, as an *access.Error that says what to do.
	Check(ctx context.Context) error
	Close() error
}

// Committer writes. There is one way to write: a Commit, atomically.
type Committer interface {
	// Commit applies c whole or not at all, also across a crash at any moment. When the
	// commit carries graph changes the graph version advances by one and is returned;
	// otherwise the present version is returned. A failed precondition is CONFLICT.
	// Acknowledged commits survive a crash and are seen by every later read.
	Commit(ctx context.Context, c Commit) (version int64, err error)
}

// Commit is a set of changes that happen together.
type Commit struct {
	At time.Time // of the changes: FirstSeen, From, To, RemovedAt where they are not set

	// Graph yields the graph changes. It may be called several times and must yield the
	// same sequence; nil = the graph is untouched. At most one change per key.
	// An integration must be put before its entities, an entity before its grants.
	Graph iter.Seq2[Change, error]
	// Anew keeps what Graph changes out of the memory of ChangeView: every snapshot reads the
	// whole graph again. It is for after writes that were made past the store.
	Anew bool
	// GraphCount is how many changes Graph yields (for progress and for the choice of path).
	GraphCount int64
	// Progress, when set, is told how many changes are written so far.
	Progress func(done int64)

	// Expect are integration revisions that must be the present ones (0 = does not exist).
	// Every integration that Graph touches by entity or grant advances its Revision by one.
	Expect map[string]int64 // integration key → revision

	Records []RecordWrite
	Audit   []AuditEntry
}

// Change is one graph change; exactly one field is set. Puts carry the full new state
// and are idempotent; removals of what does not exist do nothing.
type Change struct {
	PutApplication *access.Application
	PutIntegration *access.Integration // Revision is ignored: the store keeps it

	PutEntity    *access.Entity // FirstSeen is kept when the entity is known, also from history; a removed one returns to life
	RemoveEntity string         // by id: becomes history, its remaining live grants (both ways) end; owners and mapping are kept

	// PutGrant writes a live grant. If one with its key is live and Value differs, the old
	// one becomes history and From is Commit.At; if only other fields differ, From is kept.
	PutGrant    *access.Grant
	RemoveGrant *access.GrantKey // becomes history with To = Commit.At

	PutEmployee *access.Employee

	PutMapping    *access.Mapping // replaces any mapping of the entity
	RemoveMapping string          // by entity id

	PutOwners   *EntityOwners // business owners; empty owners remove
	PutLabels   *EntityLabels
	PutInsights *EntityInsights
}

// EntityOwners are the business owners of an entity.
type EntityOwners struct {
	EntityID string
	Owners   access.Owners
}

// EntityLabels are all labels of an entity.
type EntityLabels struct {
	EntityID string
	Labels   []string
}

// EntityInsights are all insights of an entity.
type EntityInsights struct {
	EntityID string
	Insights []access.Insight
}

// Graph is what a snapshot or an import reads.
type Graph interface {
	// Version is the present graph version; 0 for an empty store. One indexed read.
	Version(ctx context.Context) (int64, error)

	// ReadGraph calls read with a view of the graph at one version. The view is
	// consistent: the whole of it is that version. (A store without snapshot isolation
	// compares versions and calls read again, a bounded number of times, then says
	// CONFLICT; so read must start afresh each time.)
	ReadGraph(ctx context.Context, read func(ctx context.Context, v GraphView) error) error
}

// GraphView is a consistent view of the graph. Sequences stream; they stop at the first
// error, which they yield.
type GraphView interface {
	Version() int64

	// Entities yields the entities of an integration ("" = all), ordered by id; removed
	// ones only if asked. Labels, Insights and Mapping are filled.
	Entities(ctx context.Context, integration string, removed bool) iter.Seq2[*access.Entity, error]
	// Grants yields the live grants whose source is in the integration ("" = all),
	// ordered by (source, target, permission, scope).
	Grants(ctx context.Context, integration string) iter.Seq2[access.Grant, error]
	// History yields the ended grants in the same order, then by From.
	History(ctx context.Context, integration string) iter.Seq2[access.Grant, error]

	Applications(ctx context.Context) ([]access.Application, error)   // by name
	Integrations(ctx context.Context) ([]access.Integration, error)   // by key
	Employees(ctx context.Context) iter.Seq2[*access.Employee, error] // by id
	// Mappings yields all mappings of an integration's entities ("" = all), NotMapped ones
	// and those of removed entities included, ordered by entity id.
	Mappings(ctx context.Context, integration string) iter.Seq2[access.Mapping, error]
}

// Directory answers for people, integrations and owners, always from the store.
type Directory interface {
	Applications(ctx context.Context) ([]access.Application, error) // by name
	Integrations(ctx context.Context) ([]access.Integration, error) // by SortKey of name, then key
	// EmployeesByID returns them in the order of ids, nil where there is none.
	EmployeesByID(ctx context.Context, ids []string) ([]*access.Employee, error)
	// Employees lists people ordered by SortKey of full name, then id.
	Employees(ctx context.Context, q EmployeeQuery) (EmployeePage, error)
	// MappedEntities returns the ids of the live entities tied to each employee, sorted.
	MappedEntities(ctx context.Context, employeeIDs []string) ([][]string, error)
	// BusinessOwners returns the owners of each entity, in the order of ids.
	BusinessOwners(ctx context.Context, entityIDs []string) ([]access.Owners, error)
	// FindEntities returns the live entities of an integration with this source id, any
	// project and type, ordered by id.
	FindEntities(ctx context.Context, integration, sourceID string) ([]*access.Entity, error)
}

// EmployeeQuery selects people. Texts are compared without case; empty ones are neutral.
type EmployeeQuery struct {
	Search     string // substring of full name, work e-mail, title or department
	Department string
	Title      string
	Manager    string // work e-mail of the manager
	State      access.EmployeeState
	Today      time.Time // what State is computed against
	After      string    // opaque cursor
	First      int
	WithTotal  bool
}

// EmployeePage is a page of people.
type EmployeePage struct {
	Employees []*access.Employee
	Cursors   []string
	HasNext   bool
	Total     int // -1 unless asked for
}
