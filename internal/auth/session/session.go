// Package session keeps the sessions of browsers: an API key is exchanged once for a token
// that lives in a cookie, so that no page ever has to keep the key.
package session

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/auth/apikey"
	"github.com/accessgraph/accessgraph/internal/store"
)

const (
	recordKind = "Session"
	prefix     = "ags_"

	// Absolute is how long a session lives, however busy it is.
	Absolute = 12 * time.Hour
	// Idle is how long a session lives unused. Uses are written to the minute, so it may
	// be up to a minute less.
	Idle = time.Hour

	seenEvery   = time.Minute // how often at most a use is written
	secretBytes = 32          // 256 bits
)

// document is what is stored: nothing in it lets anybody in.
type document struct {
	ID        string    `json:"id"`
	Key       string    `json:"key"`  // id of the API key that it stands on
	Hash      string    `json:"hash"` // lower-case hex of SHA-256 of the secret
	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt"` // whatever happens
	SeenAt    time.Time `json:"seenAt"`    // to the minute
}

func (d *document) live(now time.Time) bool {
	return now.Before(d.ExpiresAt) && now.Sub(d.SeenAt) < Idle
}

// Keys proves API keys; *apikey.Service does.
type Keys interface {
	// Authenticate returns the principal of a token, or UNAUTHENTICATED.
	Authenticate(ctx context.Context, token string) (auth.Principal, error)
	// Present returns a key that has been proven before as it is now.
	Present(ctx context.Context, id string) (apikey.Key, auth.Principal, error)
}

// Store is what the service needs of a store.
type Store interface {
	store.Committer
	store.Records
}

// Service keeps sessions. Safe for concurrent use, also by several servers.
type Service struct {
	store Store
	keys  Keys
	now   func(context.Context) (time.Time, error)
	log   *slog.Logger
}

// New returns the service over s; now is settings.Service.Now.
func New(s Store, keys Keys, now func(context.Context) (time.Time, error), log *slog.Logger) *Service {
	return &Service{store: s, keys: keys, now: now, log: log}
}

// Session is a session as whoever owns it may see it.
type Session struct {
	ID        string
	Token     string // for the cookie; set by SignIn alone
	CSRF      string // what an unsafe request has to repeat
	Key       apikey.Key
	Principal auth.Principal
	ExpiresAt time.Time // at the latest
}

// refused is the one answer to every wrong, expired or ended session.
func refused() error {
	return access.Errorf(access.CodeUnauthenticated, "the session has ended; sign in again")
}

// SignIn exchanges an API key ("<id>.<secret>") for a session, and audits it. A wrong key
// is UNAUTHENTICATED.
func (s *Service) SignIn(ctx context.Context, token string) (Session, error) {
	p, err := s.keys.Authenticate(ctx, token)
	if err != nil {
		return Session{}, err
	}
	key, p, err := s.keys.Present(ctx, p.KeyID)
	if err != nil {
		return Session{}, err
	}
	now, err := s.now(ctx)
	if err != nil {
		return Session{}, err
	}
	secret := newSecret()
	d := document{
		ID: prefix + strings.ToLower(audit.NewID(now)), Key: key.ID, Hash: hash(secret),
		CreatedAt: now.UTC(), ExpiresAt: now.Add(Absolute).UTC(), SeenAt: now.UTC(),
	}
	if key.ExpiresAt.Before(d.ExpiresAt) {
		d.ExpiresAt = key.ExpiresAt
	}
	put, err := d.write(0)
	if err != nil {
		return Session{}, err
	}
	entry, err := audit.Entry(auth.WithPrincipal(ctx, p), now, "session.signIn", d.ID, nil, map[string]any{"expiresAt": d.ExpiresAt})
	if err != nil {
		return Session{}, err
	}
	if _, err := s.store.Commit(ctx, store.Commit{At: now, Records: []store.RecordWrite{put}, Audit: []store.AuditEntry{entry}}); err != nil {
		return Session{}, err
	}
	s.prune(ctx, now)
	out := s.session(d, secret, key, p)
	out.Token = d.ID + "." + secret
	return out, nil
}

// Authenticate returns the session of a cookie's token and notes its use. An unknown or
// ended one, or one whose key is expired or revoked, is UNAUTHENTICATED.
func (s *Service) Authenticate(ctx context.Context, token string) (Session, error) {
	id, secret, _ := strings.Cut(token, ".")
	d, revision, key, p, err := s.check(ctx, id, secret)
	if err != nil {
		return Session{}, err
	}
	s.noteUse(ctx, d, revision)
	return s.session(d, secret, key, p), nil
}

// Check reports whether the session of a token still lives, without noting a use: it is
// for what runs on by itself. UNAUTHENTICATED when it does not.
func (s *Service) Check(ctx context.Context, token string) error {
	id, secret, _ := strings.Cut(token, ".")
	_, _, _, _, err := s.check(ctx, id, secret)
	return err
}

// SignOut ends the session of a token and audits it. Ending what has ended does nothing.
func (s *Service) SignOut(ctx context.Context, token string) error {
	id, secret, _ := strings.Cut(token, ".")
	for {
		d, revision, _, p, err := s.check(ctx, id, secret)
		if access.CodeOf(err) == access.CodeUnauthenticated {
			return nil
		}
		if err != nil {
			return err
		}
		now, err := s.now(ctx)
		if err != nil {
			return err
		}
		entry, err := audit.Entry(auth.WithPrincipal(ctx, p), now, "session.signOut", d.ID, nil, nil)
		if err != nil {
			return err
		}
		_, err = s.store.Commit(ctx, store.Commit{
			At: now, Records: []store.RecordWrite{{Kind: recordKind, ID: d.ID, Expect: revision}}, Audit: []store.AuditEntry{entry},
		})
		if access.CodeOf(err) == access.CodeConflict && ctx.Err() == nil {
			continue // a use was written in between; or another request has ended it
		}
		return err
	}
}

func (s *Service) check(ctx context.Context, id, secret string) (d document, revision int64, key apikey.Key, p auth.Principal, err error) {
	if !strings.HasPrefix(id, prefix) || secret == "" {
		return d, 0, key, p, refused()
	}
	r, err := s.store.GetRecord(ctx, recordKind, id)
	if access.CodeOf(err) == access.CodeNotFound {
		return d, 0, key, p, refused()
	}
	if err != nil {
		return d, 0, key, p, err
	}
	if d, err = decode(r); err != nil {
		return d, 0, key, p, err
	}
	if subtle.ConstantTimeCompare([]byte(hash(secret)), []byte(d.Hash)) != 1 {
		return d, 0, key, p, refused()
	}
	now, err := s.now(ctx)
	if err != nil {
		return d, 0, key, p, err
	}
	if !d.live(now) {
		return d, 0, key, p, refused()
	}
	key, p, err = s.keys.Present(ctx, d.Key)
	if access.CodeOf(err) == access.CodeUnauthenticated {
		err = refused()
	}
	return d, r.Revision, key, p, err
}

func (s *Service) session(d document, secret string, key apikey.Key, p auth.Principal) Session {
	return Session{ID: d.ID, CSRF: csrf(secret), Key: key, Principal: p, ExpiresAt: d.ExpiresAt}
}

// noteUse moves the idle limit. A failure is logged and refuses nobody.
func (s *Service) noteUse(ctx context.Context, d document, revision int64) {
	now, err := s.now(ctx)
	if err != nil || now.Sub(d.SeenAt) < seenEvery {
		return
	}
	d.SeenAt = now.UTC()
	put, err := d.write(revision)
	if err == nil {
		_, err = s.store.Commit(ctx, store.Commit{At: now, Records: []store.RecordWrite{put}})
	}
	if err != nil && access.CodeOf(err) != access.CodeConflict { // a conflict: another request wrote it, or it was ended
		s.log.WarnContext(ctx, "could not write the use of a session", "session", d.ID, "error", err)
	}
}

// prune deletes what has expired for good. Ids are in the order of creation.
func (s *Service) prune(ctx context.Context, now time.Time) {
	const batch = 100
	records, err := s.store.FindRecords(ctx, store.RecordQuery{Kind: recordKind, Limit: batch})
	if err != nil {
		s.log.WarnContext(ctx, "could not look for old sessions", "error", err)
		return
	}
	var gone []store.RecordWrite
	for _, r := range records {
		if d, err := decode(r); err != nil || !d.live(now) {
			gone = append(gone, store.RecordWrite{Kind: recordKind, ID: r.ID, Expect: store.AnyRevision})
		}
	}
	if len(gone) == 0 {
		return
	}
	if _, err := s.store.Commit(ctx, store.Commit{At: now, Records: gone}); err != nil {
		s.log.WarnContext(ctx, "could not delete old sessions", "error", err)
	}
}

func (d *document) write(expect int64) (store.RecordWrite, error) {
	doc, err := json.Marshal(d)
	return store.RecordWrite{Kind: recordKind, ID: d.ID, Expect: expect, Doc: doc, Index: map[string]string{"key": d.Key}}, err
}

func decode(r store.Record) (d document, err error) {
	if err := json.Unmarshal(r.Doc, &d); err != nil {
		return d, &access.Error{Code: access.CodeInternal, Message: "session " + r.ID + " is damaged", Err: err}
	}
	return d, nil
}

func newSecret() string {
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // never fails: it ends the process rather than return weak bytes
	return base64.RawURLEncoding.EncodeToString(b)
}

// hash: see apikey: 256 random bits need no slow hash.
func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// csrf follows from the secret and tells nothing of it, so that it need not be stored.
func csrf(secret string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte("accessgraph csrf"))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// Matches reports whether a request carries the session's CSRF token, in constant time.
func (s Session) Matches(given string) bool {
	return subtle.ConstantTimeCompare([]byte(given), []byte(s.CSRF)) == 1
}
