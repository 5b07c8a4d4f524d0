// Package settings keeps what an administrator can change while the product runs. Each
// feature defines a Section: a typed struct with defaults and a validation. A section is
// one record; what is not stored has its default, so a new field needs no migration.
package settings

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/store"
)

const recordKind = "Setting"

// Section declares one group of settings. T must survive a round trip through JSON.
type Section[T any] struct {
	Name     string        // the id of its record; never changes
	Defaults func() T      // a fresh value each time
	Validate func(T) error // an access.Invalid whose path is the field; may be nil
}

// Store is what settings need of a store.
type Store interface {
	store.Committer
	store.Records
}

// Service reads and writes settings. Every read asks the store (one record by its id),
// so that several servers never disagree. Safe for concurrent use.
type Service struct {
	store Store
	clock func() time.Time
}

// New returns the service over s; clock is time.Now outside tests.
func New(s Store, clock func() time.Time) *Service { return &Service{store: s, clock: clock} }

// Value is a section's present state.
type Value[T any] struct {
	Settings T
	Revision int64 // 0 = nothing stored yet, all defaults
}

// Get returns the present settings of a section. Reading needs no role: a section must
// hold no secrets.
func Get[T any](ctx context.Context, s *Service, sec *Section[T]) (Value[T], error) {
	v := Value[T]{Settings: sec.Defaults()}
	r, err := s.store.GetRecord(ctx, recordKind, sec.Name)
	if access.CodeOf(err) == access.CodeNotFound {
		return v, nil
	}
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(r.Doc, &v.Settings); err != nil {
		return v, &access.Error{Code: access.CodeInternal, Message: "the settings " + sec.Name + " are damaged", Err: err}
	}
	v.Revision = r.Revision
	return v, nil
}

// AnyRevision makes Update overwrite whatever is stored.
const AnyRevision = store.AnyRevision

// Update applies change to the present settings of a section, validates the result and
// stores it with its audit row. revision is the one that the caller saw: when the
// section has another one meanwhile, nothing is written and CONFLICT returned. It needs
// Administrator. Settings that stay as they are write nothing.
func Update[T any](ctx context.Context, s *Service, sec *Section[T], revision int64, change func(*T) error) (Value[T], error) {
	if _, err := auth.Require(ctx, access.Administrator); err != nil {
		return Value[T]{}, err
	}
	for {
		v, err := update(ctx, s, sec, revision, change)
		if revision == AnyRevision && access.CodeOf(err) == access.CodeConflict && ctx.Err() == nil {
			continue // somebody else wrote between our read and our write: change theirs
		}
		return v, err
	}
}

func update[T any](ctx context.Context, s *Service, sec *Section[T], revision int64, change func(*T) error) (Value[T], error) {
	old, err := Get(ctx, s, sec)
	if err != nil {
		return Value[T]{}, err
	}
	if revision != AnyRevision && revision != old.Revision {
		return Value[T]{}, access.Errorf(access.CodeConflict, "the settings were changed meanwhile; read them again")
	}
	next, err := Get(ctx, s, sec) // of its own, so that change cannot reach into old
	if err != nil {
		return Value[T]{}, err
	}
	if err := change(&next.Settings); err != nil {
		return Value[T]{}, err
	}
	if sec.Validate != nil {
		if err := sec.Validate(next.Settings); err != nil {
			return Value[T]{}, asInvalid(err)
		}
	}
	before, err := json.Marshal(old.Settings)
	if err != nil {
		return Value[T]{}, err
	}
	doc, err := json.Marshal(next.Settings)
	if err != nil {
		return Value[T]{}, err
	}
	if string(before) == string(doc) {
		return old, nil
	}
	now := s.clock()
	entry, err := audit.Entry(ctx, now, "settings.update", sec.Name, old.Settings, next.Settings)
	if err != nil {
		return Value[T]{}, err
	}
	_, err = s.store.Commit(ctx, store.Commit{
		At:      now,
		Records: []store.RecordWrite{{Kind: recordKind, ID: sec.Name, Expect: old.Revision, Doc: doc}},
		Audit:   []store.AuditEntry{entry},
	})
	if err != nil {
		return Value[T]{}, err
	}
	return Get(ctx, s, sec)
}

// asInvalid makes sure that a refused setting reads as bad input.
func asInvalid(err error) error {
	var e *access.Error
	if errors.As(err, &e) {
		return err
	}
	return access.Invalid("", "%s", fmt.Sprint(err))
}
