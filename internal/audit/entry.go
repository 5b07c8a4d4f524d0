// Package audit makes the rows of the append-only audit log and lets risk managers read
// it. A row is written by the same store.Commit as the change it tells of, so there is
// never one without the other.
package audit

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/store"
)

// Request is what is known of the request that caused a change.
type Request struct {
	ID string
	IP string
}

type requestKey struct{}

// WithRequest returns a context whose audit rows carry r.
func WithRequest(ctx context.Context, r Request) context.Context {
	return context.WithValue(ctx, requestKey{}, r)
}

// RequestFrom returns the request of the context; the zero Request when there is none.
func RequestFrom(ctx context.Context) Request {
	r, _ := ctx.Value(requestKey{}).(Request)
	return r
}

// Entry makes the audit row of one change by the principal of ctx. Before and after are
// encoded as JSON; nil means that there was or is nothing. Values under a name that
// looks like a secret are blanked at any depth. It fails with UNAUTHENTICATED when
// nobody acts: a change by nobody must not be written.
func Entry(ctx context.Context, at time.Time, action, object string, before, after any) (store.AuditEntry, error) {
	p, ok := auth.FromContext(ctx)
	if !ok {
		return store.AuditEntry{}, access.Errorf(access.CodeUnauthenticated, "sign in or give an API key")
	}
	b, err := encode(before)
	if err != nil {
		return store.AuditEntry{}, fmt.Errorf("audit %s: before: %w", action, err)
	}
	a, err := encode(after)
	if err != nil {
		return store.AuditEntry{}, fmt.Errorf("audit %s: after: %w", action, err)
	}
	req := RequestFrom(ctx)
	return store.AuditEntry{
		ID: NewID(at), At: at.UTC(), ActorKind: string(p.Kind), Actor: p.Actor(),
		Action: action, Object: object, Before: b, After: a, RequestID: req.ID, IP: req.IP,
	}, nil
}

var (
	entropyMu sync.Mutex
	entropy   = ulid.Monotonic(rand.Reader, 0)
)

// NewID returns a new ULID for the time: ids of one process and millisecond sort in the
// order in which they were made. Safe for concurrent use.
func NewID(at time.Time) string {
	entropyMu.Lock()
	defer entropyMu.Unlock()
	ms := ulid.Timestamp(at)
	id, err := ulid.New(ms, entropy)
	if err != nil { // the 80 random bits of this millisecond overflowed: start afresh
		entropy = ulid.Monotonic(rand.Reader, 0)
		id = ulid.MustNew(ms, entropy)
	}
	return id.String()
}

// IsID reports whether s has the form of what NewID returns.
func IsID(s string) bool {
	_, err := ulid.ParseStrict(s)
	return err == nil
}

const blanked = "[secret]"

// secretNames are parts of member names whose values never reach the log. Values are
// expected to be free of secrets already; this is the second line.
var secretNames = []string{"password", "secret", "token", "apikey", "privatekey", "credential", "authorization", "cookie"}

func encode(v any) (string, error) {
	if v == nil {
		return "", nil
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber() // a 64-bit id must not become a float
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return "", err
	}
	if tree == nil { // a nil pointer or map
		return "", nil
	}
	out, err := json.Marshal(blank(tree))
	return string(out), err
}

func blank(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if secretName(name) && member != nil && member != "" {
				v[name] = blanked
				continue
			}
			v[name] = blank(member)
		}
	case []any:
		for i := range v {
			v[i] = blank(v[i])
		}
	}
	return v
}

func secretName(name string) bool {
	plain := strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(name))
	for _, s := range secretNames {
		if strings.Contains(plain, s) {
			return true
		}
	}
	return false
}
