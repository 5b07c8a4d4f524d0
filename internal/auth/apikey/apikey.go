// Package apikey makes, checks and revokes the API keys of scripts and integrators.
package apikey

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/store"
)

const (
	recordKind = "ApiKey"

	// DefaultTTL is how long a key lives when its maker does not say.
	DefaultTTL = 90 * 24 * time.Hour
	// MaxTTL is the longest life a key can be given; nothing lives for ever.
	MaxTTL = 2 * 366 * 24 * time.Hour
	// useEvery is how often at most the last use of a key is written, so that reading
	// does not turn into writing.
	useEvery = time.Hour

	maxName = 200
)

// Key is an API key as it may be shown: without its secret.
type Key struct {
	ID         string             `json:"id"`
	Name       string             `json:"name"`
	Role       access.ProductRole `json:"role"`
	EmployeeID string             `json:"employeeId,omitempty"` // whom it acts as; empty = nobody
	CreatedBy  string             `json:"createdBy"`            // actor, see auth.Principal.Actor
	CreatedAt  time.Time          `json:"createdAt"`
	ExpiresAt  time.Time          `json:"expiresAt"`
	LastUsedAt time.Time          `json:"lastUsedAt,omitzero"` // to the hour; zero = never
	RevokedAt  time.Time          `json:"revokedAt,omitzero"`  // zero = not revoked
}

// Usable reports whether the key is neither expired nor revoked at now.
func (k Key) Usable(now time.Time) bool { return k.RevokedAt.IsZero() && now.Before(k.ExpiresAt) }

// document is what is stored.
type document struct {
	Key
	Hash string `json:"hash"` // lower-case hex of SHA-256 of the secret
}

// Store is what the service needs of a store.
type Store interface {
	store.Committer
	store.Records
	EmployeesByID(ctx context.Context, ids []string) ([]*access.Employee, error)
}

// Service keeps API keys. Safe for concurrent use.
type Service struct {
	store Store
	now   func(context.Context) (time.Time, error)
	log   *slog.Logger

	mu   sync.Mutex
	used map[string]time.Time // key id → when a use was last written or tried
}

// New returns the service over s. The location of now's result is where "today" is
// taken for dates of employment: settings.Service.Now.
func New(s Store, now func(context.Context) (time.Time, error), log *slog.Logger) *Service {
	return &Service{store: s, now: now, log: log, used: map[string]time.Time{}}
}

// NewKey is what Create is told.
type NewKey struct {
	Name       string
	Role       access.ProductRole
	EmployeeID string        // optional
	TTL        time.Duration // 0 = DefaultTTL
}

// Created is a new key with its secret, which cannot be had again.
type Created struct {
	Key    Key
	Secret string // for X-API-Secret, with Key.ID as X-API-Key
	Token  string // "<key id>.<secret>", for Authorization: Bearer
}

// Create makes a key. It needs Administrator.
func (s *Service) Create(ctx context.Context, in NewKey) (Created, error) {
	p, err := auth.Require(ctx, access.Administrator)
	if err != nil {
		return Created{}, err
	}
	now, err := s.now(ctx)
	if err != nil {
		return Created{}, err
	}
	if err := s.validate(ctx, &in, now); err != nil {
		return Created{}, err
	}
	secret := newSecret()
	d := document{
		Key: Key{
			ID: newID(now), Name: in.Name, Role: in.Role, EmployeeID: in.EmployeeID,
			CreatedBy: p.Actor(), CreatedAt: now.UTC(), ExpiresAt: now.Add(in.TTL).UTC(),
		},
		Hash: hash(secret),
	}
	if err := s.write(ctx, now, d, 0, "apikey.create", nil); err != nil {
		return Created{}, err
	}
	return Created{Key: d.Key, Secret: secret, Token: d.ID + "." + secret}, nil
}

func (s *Service) validate(ctx context.Context, in *NewKey, now time.Time) error {
	in.Name = access.Clean(in.Name)
	switch {
	case in.Name == "":
		return access.Invalid("name", "say what the key is for")
	case len(in.Name) > maxName:
		return access.Invalid("name", "is longer than %d bytes", maxName)
	case !slices.Contains(access.ProductRoles, in.Role):
		return access.Invalid("role", "%q is no product role; use one of %v", in.Role, access.ProductRoles)
	case in.TTL < 0 || in.TTL > MaxTTL:
		return access.Invalid("ttl", "must be from 0 (%d days) to %d days", int(DefaultTTL.Hours()/24), int(MaxTTL.Hours()/24))
	}
	if in.TTL == 0 {
		in.TTL = DefaultTTL
	}
	if in.EmployeeID == "" {
		return nil
	}
	found, err := s.store.EmployeesByID(ctx, []string{in.EmployeeID})
	if err != nil {
		return err
	}
	switch {
	case len(found) == 0 || found[0] == nil:
		return access.Invalid("employeeId", "there is no employee %s", in.EmployeeID)
	case found[0].State(now) == access.EmployeeTerminated:
		return access.Invalid("employeeId", "%s has left", found[0].WorkEmail)
	}
	return nil
}

// Revoke ends a key at once; revoking a revoked one changes nothing. It needs Administrator.
func (s *Service) Revoke(ctx context.Context, id string) (Key, error) {
	if _, err := auth.Require(ctx, access.Administrator); err != nil {
		return Key{}, err
	}
	for {
		d, revision, err := s.read(ctx, id)
		if err != nil || !d.RevokedAt.IsZero() {
			return d.Key, err
		}
		now, err := s.now(ctx)
		if err != nil {
			return Key{}, err
		}
		before := d.Key
		d.RevokedAt = now.UTC()
		err = s.write(ctx, now, d, revision, "apikey.revoke", before)
		if access.CodeOf(err) == access.CodeConflict && ctx.Err() == nil {
			continue // a use was written in between; revoking must not lose to that
		}
		if err != nil {
			return Key{}, err
		}
		return d.Key, nil
	}
}

// List returns all keys, revoked and expired ones included, newest first. It needs Administrator.
func (s *Service) List(ctx context.Context) ([]Key, error) {
	if _, err := auth.Require(ctx, access.Administrator); err != nil {
		return nil, err
	}
	records, err := s.store.FindRecords(ctx, store.RecordQuery{Kind: recordKind, Descending: true})
	if err != nil {
		return nil, err
	}
	keys := make([]Key, 0, len(records))
	for _, r := range records {
		d, err := decode(r)
		if err != nil {
			return nil, err
		}
		keys = append(keys, d.Key)
	}
	return keys, nil
}

func (s *Service) read(ctx context.Context, id string) (document, int64, error) {
	r, err := s.store.GetRecord(ctx, recordKind, id)
	if err != nil {
		return document{}, 0, err
	}
	d, err := decode(r)
	return d, r.Revision, err
}

func decode(r store.Record) (document, error) {
	var d document
	if err := json.Unmarshal(r.Doc, &d); err != nil {
		return d, &access.Error{Code: access.CodeInternal, Message: "API key " + r.ID + " is damaged", Err: err}
	}
	return d, nil
}

// write stores d; with an action it is audited in the same commit. Only Key goes to the
// audit log, never the hash.
func (s *Service) write(ctx context.Context, now time.Time, d document, expect int64, action string, before any) error {
	doc, err := json.Marshal(d)
	if err != nil {
		return err
	}
	c := store.Commit{At: now, Records: []store.RecordWrite{{
		Kind: recordKind, ID: d.ID, Expect: expect, Doc: doc, Index: map[string]string{"employee": d.EmployeeID},
	}}}
	if action != "" {
		entry, err := audit.Entry(ctx, now, action, d.ID, before, d.Key)
		if err != nil {
			return err
		}
		c.Audit = []store.AuditEntry{entry}
	}
	_, err = s.store.Commit(ctx, c)
	return err
}
