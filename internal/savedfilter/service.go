package savedfilter

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/store"
)

const (
	recordKind = "SavedFilter"
	claimKind  = "SavedFilterName"
	idPrefix   = "sf_"

	// MaxFilters is how many can be kept.
	MaxFilters = 5000
	maxSearch  = 1000
)

func itoa(i int) string { return strconv.Itoa(i) }

// Store is what the service needs of a store.
type Store interface {
	store.Committer
	store.Records
}

// Service keeps saved filters. Safe for concurrent use, also by several servers.
type Service struct {
	store Store
	clock func() time.Time
}

// New returns the service over s.
func New(s Store, clock func() time.Time) *Service { return &Service{store: s, clock: clock} }

// Save says what Save stores.
type Save struct {
	ID     string // of the filter to change; empty = a new one
	Name   string
	Page   Page
	Filter json.RawMessage // EntityFilter; unknown fields are INVALID_INPUT
	Search string
	Shared *bool // nil = as it is; of a new one: what risk managers make is shared
	// Overwrite lets a new one take the place of the filter that has the name.
	Overwrite bool
	Revision  *int64 // of the filter to change, as the caller saw it; nil = any
}

// Save stores a filter. Everybody may make one; changing one is for its maker and
// administrators. A name that another filter has, without case, is CONFLICT; so is a
// revision that is no longer the present one.
func (s *Service) Save(ctx context.Context, in Save) (Filter, error) {
	p, err := auth.Require(ctx, access.Reviewer)
	if err != nil {
		return Filter{}, err
	}
	change, err := in.change()
	if err != nil {
		return Filter{}, err
	}
	const tries = 5
	for try := 1; ; try++ {
		id := in.ID
		if id == "" && in.Overwrite {
			if id, err = s.named(ctx, in.Name); err != nil {
				return Filter{}, err
			}
		}
		var saved Filter
		if id == "" {
			saved, err = s.create(ctx, p, in, change)
		} else {
			saved, err = s.update(ctx, p, id, in.Revision, "savedFilter.update", change)
		}
		raced := in.ID == "" && in.Overwrite && (access.CodeOf(err) == access.CodeConflict || access.CodeOf(err) == access.CodeNotFound)
		if raced && in.Revision == nil && try < tries && ctx.Err() == nil {
			continue // the name was taken or given up in between
		}
		return saved, err
	}
}

// change checks the input and returns what it does to a filter.
func (in *Save) change() (func(*Filter), error) {
	name, err := nameOf(in.Name)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(Pages, in.Page) {
		return nil, access.Invalid("page", "%q is no page; there are %v", in.Page, Pages)
	}
	parsed, err := filter.Parse(in.Filter, "filter")
	if err != nil {
		return nil, err
	}
	search := access.Clean(in.Search)
	if len(search) > maxSearch {
		return nil, access.Invalid("search", "is longer than %d bytes", maxSearch)
	}
	raw, err := json.Marshal(parsed)
	if err != nil {
		return nil, err
	}
	return func(f *Filter) {
		f.Name, f.Page, f.Filter, f.Search = name, in.Page, raw, search
		if in.Shared != nil {
			f.Shared = *in.Shared
		}
	}, nil
}

func (s *Service) create(ctx context.Context, p auth.Principal, in Save, change func(*Filter)) (Filter, error) {
	if in.Revision != nil && *in.Revision != 0 {
		return Filter{}, access.Invalid("revision", "is for a filter that exists: give its id")
	}
	all, err := s.store.FindRecords(ctx, store.RecordQuery{Kind: recordKind, Limit: MaxFilters})
	if err != nil {
		return Filter{}, err
	}
	if len(all) >= MaxFilters {
		return Filter{}, access.Errorf(access.CodeLimitExceeded, "there are %d saved filters already; delete some first", MaxFilters)
	}
	now := s.clock().UTC()
	owner := p
	owner.Roles = nil
	f := Filter{
		ID: idPrefix + strings.ToLower(audit.NewID(now)), Shared: p.Has(access.RiskManager), Owner: owner,
		CreatedAt: now, UpdatedAt: now, UpdatedBy: p.Actor(),
	}
	change(&f)
	if err := s.commit(ctx, nil, &f, "savedFilter.create"); err != nil {
		return Filter{}, err
	}
	f.Revision = 1
	return f, nil
}

// Rename gives a filter another name; the same name in another case is one too.
func (s *Service) Rename(ctx context.Context, id, name string, revision *int64) (Filter, error) {
	p, err := auth.Require(ctx, access.Reviewer)
	if err != nil {
		return Filter{}, err
	}
	if name, err = nameOf(name); err != nil {
		return Filter{}, err
	}
	return s.update(ctx, p, id, revision, "savedFilter.rename", func(f *Filter) { f.Name = name })
}

// Delete deletes a filter. What was built on it has a copy.
func (s *Service) Delete(ctx context.Context, id string, revision *int64) error {
	p, err := auth.Require(ctx, access.Reviewer)
	if err != nil {
		return err
	}
	_, err = s.update(ctx, p, id, revision, "savedFilter.delete", nil)
	return err
}

// update applies change to the filter and stores it; nil deletes it. Without a revision
// it is tried again when somebody else wrote in between.
func (s *Service) update(ctx context.Context, p auth.Principal, id string, revision *int64, action string, change func(*Filter)) (Filter, error) {
	for {
		old, err := s.read(ctx, id)
		if err != nil {
			return Filter{}, err
		}
		switch {
		case !old.seenBy(p):
			return Filter{}, notFound(id)
		case !old.EditableBy(p):
			return Filter{}, access.Errorf(access.CodeForbidden, "the filter is somebody else's; save a copy under another name")
		case revision != nil && *revision != old.Revision:
			return Filter{}, access.Errorf(access.CodeConflict, "the filter was changed meanwhile; look at it again")
		}
		var next *Filter
		if change != nil {
			f := old
			change(&f)
			f.UpdatedAt, f.UpdatedBy = s.clock().UTC(), p.Actor()
			next = &f
		}
		err = s.commit(ctx, &old, next, action)
		if access.CodeOf(err) == access.CodeConflict && ctx.Err() == nil {
			if now, readErr := s.read(ctx, id); readErr != nil || now.Revision != old.Revision {
				continue // it was changed, not the name taken: judge it anew
			}
		}
		if err != nil || next == nil {
			return Filter{}, err
		}
		next.Revision = old.Revision + 1
		return *next, nil
	}
}

// List returns the filters that the caller may see, by name: those of a page, or all
// (page empty), whose name contains search, without case.
func (s *Service) List(ctx context.Context, page Page, search string) ([]Filter, error) {
	p, err := auth.Require(ctx, access.Reviewer)
	if err != nil {
		return nil, err
	}
	records, err := s.store.FindRecords(ctx, store.RecordQuery{Kind: recordKind})
	if err != nil {
		return nil, err
	}
	out := []Filter{}
	part := access.Fold(access.Clean(search))
	for _, r := range records {
		f, err := decode(r)
		if err != nil {
			return nil, err
		}
		if f.seenBy(p) && (page == "" || f.Page == page) && strings.Contains(access.Fold(f.Name), part) {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b Filter) int {
		if c := strings.Compare(access.SortKey(a.Name), access.SortKey(b.Name)); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out, nil
}

// Get returns a filter, or NOT_FOUND when there is none that the caller may see.
func (s *Service) Get(ctx context.Context, id string) (Filter, error) {
	p, err := auth.Require(ctx, access.Reviewer)
	if err != nil {
		return Filter{}, err
	}
	f, err := s.read(ctx, id)
	if err == nil && !f.seenBy(p) {
		return Filter{}, notFound(id)
	}
	return f, err
}

func notFound(id string) error {
	return access.Errorf(access.CodeNotFound, "there is no saved filter %s", id)
}

// commit writes old → new with the claims on their names and the audit row. A name that
// is taken is CONFLICT.
func (s *Service) commit(ctx context.Context, old, next *Filter, action string) error {
	now := s.clock()
	var writes []store.RecordWrite
	var before, after any
	var id, name, was string
	if old != nil {
		id, was, before = old.ID, old.Name, old
	}
	if next != nil {
		id, name, after = next.ID, next.Name, next
		doc, err := json.Marshal(next)
		if err != nil {
			return err
		}
		var expect int64
		if old != nil {
			expect = old.Revision
		}
		writes = append(writes, store.RecordWrite{Kind: recordKind, ID: id, Expect: expect, Doc: doc})
	} else {
		writes = append(writes, store.RecordWrite{Kind: recordKind, ID: id, Expect: old.Revision})
	}
	if had, has := claim(was), claim(name); had != has {
		if was != "" {
			writes = append(writes, store.RecordWrite{Kind: claimKind, ID: had, Expect: store.AnyRevision})
		}
		if name != "" {
			doc, err := json.Marshal(map[string]string{"filter": id})
			if err != nil {
				return err
			}
			writes = append(writes, store.RecordWrite{Kind: claimKind, ID: has, Expect: 0, Doc: doc})
		}
	}
	entry, err := audit.Entry(ctx, now, action, id, before, after)
	if err != nil {
		return err
	}
	_, err = s.store.Commit(ctx, store.Commit{At: now, Records: writes, Audit: []store.AuditEntry{entry}})
	if access.CodeOf(err) != access.CodeConflict || name == "" {
		return err
	}
	if holder, findErr := s.named(ctx, name); findErr == nil && holder != "" && holder != id {
		return access.Errorf(access.CodeConflict, "there is already a filter named %q", name)
	}
	return err
}

// claim is the id of the claim on a name; empty for none.
func claim(name string) string {
	if name == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(access.Fold(name)))
	return hex.EncodeToString(sum[:])
}

// named returns the id of the filter that has a name; empty when there is none.
func (s *Service) named(ctx context.Context, name string) (string, error) {
	r, err := s.store.GetRecord(ctx, claimKind, claim(access.Clean(name)))
	if access.CodeOf(err) == access.CodeNotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var c struct {
		Filter string `json:"filter"`
	}
	err = json.Unmarshal(r.Doc, &c)
	return c.Filter, err
}

func (s *Service) read(ctx context.Context, id string) (Filter, error) {
	if !strings.HasPrefix(id, idPrefix) {
		return Filter{}, notFound(id)
	}
	r, err := s.store.GetRecord(ctx, recordKind, id)
	if access.CodeOf(err) == access.CodeNotFound {
		return Filter{}, notFound(id)
	}
	if err != nil {
		return Filter{}, err
	}
	return decode(r)
}

func decode(r store.Record) (f Filter, err error) {
	if err := json.Unmarshal(r.Doc, &f); err != nil {
		return f, &access.Error{Code: access.CodeInternal, Message: "saved filter " + r.ID + " is damaged", Err: err}
	}
	f.Revision = r.Revision
	return f, nil
}
