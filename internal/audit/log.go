package audit

import (
	"context"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/store"
)

// Page limits of the log.
const (
	DefaultLimit = 50
	MaxLimit     = 500
)

// Log reads the audit log for those who may.
type Log struct{ rows store.AuditLog }

// NewLog returns the log kept in rows.
func NewLog(rows store.AuditLog) *Log { return &Log{rows: rows} }

// Query lists entries newest first; q.After is the id of the last one seen, q.Limit 0
// means DefaultLimit. It needs Risk Manager.
func (l *Log) Query(ctx context.Context, q store.AuditQuery) ([]store.AuditEntry, error) {
	if _, err := auth.Require(ctx, access.RiskManager); err != nil {
		return nil, err
	}
	switch {
	case q.Limit == 0:
		q.Limit = DefaultLimit
	case q.Limit < 0 || q.Limit > MaxLimit:
		return nil, access.Invalid("first", "must be from 1 to %d", MaxLimit)
	}
	return l.rows.AuditEntries(ctx, q)
}
