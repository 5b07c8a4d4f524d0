package apikey

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/audit"
	"github.com/accessgraph/accessgraph/internal/auth"
)

// Prefix begins every key id, so that people and secret scanners recognise a leaked key.
const Prefix = "agk_"

const secretBytes = 32 // 256 bits

func newID(at time.Time) string { return Prefix + strings.ToLower(audit.NewID(at)) }

func newSecret() string {
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // never fails: it ends the process rather than return weak bytes
	return base64.RawURLEncoding.EncodeToString(b)
}

// hash is plain SHA-256: a slow password hash protects guessable secrets, and 256 random
// bits cannot be guessed however fast the hash is. A slow one would only let anybody
// keep the server busy with wrong keys.
func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// refused is the one answer to every wrong, expired or revoked key: the caller learns
// nothing about which keys exist. The log says which it was.
func refused() error {
	return access.Errorf(access.CodeUnauthenticated, "the API key is wrong, expired or revoked")
}

// Request authenticates an HTTP request by "Authorization: Bearer <id>.<secret>" or by
// the headers X-API-Key and X-API-Secret. given is false when it carries neither.
func (s *Service) Request(r *http.Request) (p auth.Principal, given bool, err error) {
	if id, secret := r.Header.Get("X-API-Key"), r.Header.Get("X-API-Secret"); id != "" || secret != "" {
		if secret == "" { // the whole token in one header
			p, err = s.Authenticate(r.Context(), id)
			return p, true, err
		}
		p, err = s.AuthenticatePair(r.Context(), id, secret)
		return p, true, err
	}
	header := r.Header.Get("Authorization")
	if header == "" {
		return auth.Principal{}, false, nil
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return auth.Principal{}, true, access.Errorf(access.CodeUnauthenticated, "use Authorization: Bearer <API key>")
	}
	p, err = s.Authenticate(r.Context(), strings.TrimSpace(token))
	return p, true, err
}

// Authenticate returns the principal of a token "<id>.<secret>", or UNAUTHENTICATED.
func (s *Service) Authenticate(ctx context.Context, token string) (auth.Principal, error) {
	id, secret, ok := strings.Cut(token, ".")
	if !ok {
		return auth.Principal{}, refused()
	}
	return s.AuthenticatePair(ctx, id, secret)
}

// AuthenticatePair returns the principal of a key id and its secret, or UNAUTHENTICATED.
func (s *Service) AuthenticatePair(ctx context.Context, id, secret string) (auth.Principal, error) {
	if !strings.HasPrefix(id, Prefix) || secret == "" {
		return auth.Principal{}, refused()
	}
	d, revision, err := s.read(ctx, id)
	if access.CodeOf(err) == access.CodeNotFound {
		return auth.Principal{}, refused()
	}
	if err != nil {
		return auth.Principal{}, err
	}
	// Constant time, so that the answer's delay tells nothing of the stored hash.
	if subtle.ConstantTimeCompare([]byte(hash(secret)), []byte(d.Hash)) != 1 {
		return auth.Principal{}, refused()
	}
	now, err := s.now(ctx)
	if err != nil {
		return auth.Principal{}, err
	}
	if !d.Usable(now) {
		s.log.WarnContext(ctx, "refused an API key", "key", d.ID, "expiresAt", d.ExpiresAt, "revokedAt", d.RevokedAt)
		return auth.Principal{}, refused()
	}
	if err := s.checkEmployee(ctx, d.Key, now); err != nil {
		return auth.Principal{}, err
	}
	s.noteUse(ctx, d, revision, now)
	return principalOf(d.Key), nil
}

// checkEmployee refuses the key of somebody who has left, whatever its expiry.
func (s *Service) checkEmployee(ctx context.Context, k Key, now time.Time) error {
	if k.EmployeeID == "" {
		return nil
	}
	found, err := s.store.EmployeesByID(ctx, []string{k.EmployeeID})
	if err != nil {
		return err
	}
	if len(found) == 0 || found[0] == nil || found[0].State(now) == access.EmployeeTerminated {
		s.log.WarnContext(ctx, "refused an API key: its employee is gone", "key", k.ID, "employee", k.EmployeeID)
		return refused()
	}
	return nil
}

// noteUse writes the last use when the stored one is useEvery old. A failure is logged
// and does not refuse the caller: the key is right.
func (s *Service) noteUse(ctx context.Context, d document, revision int64, now time.Time) {
	if now.Sub(d.LastUsedAt) < useEvery {
		return
	}
	s.mu.Lock()
	if now.Sub(s.used[d.ID]) < useEvery { // tried already; a failing store is not asked at every request
		s.mu.Unlock()
		return
	}
	s.used[d.ID] = now
	s.mu.Unlock()

	d.LastUsedAt = now.UTC()
	err := s.write(ctx, now, d, revision, "", nil)
	if err != nil && access.CodeOf(err) != access.CodeConflict { // a conflict: another server wrote it
		s.log.WarnContext(ctx, "could not write the last use of an API key", "key", d.ID, "error", err)
	}
}
