package neo4j

import (
	"context"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/accessgraph/accessgraph/cypher/queries"
)

// session opens a session that sees every write this store acknowledged.
func (s *Store) session(ctx context.Context, mode driver.AccessMode) driver.SessionWithContext {
	return s.driver.NewSession(ctx, driver.SessionConfig{
		AccessMode: mode, DatabaseName: s.database, BookmarkManager: s.bookmarks, FetchSize: fetchSize,
	})
}

// read runs work in a read transaction, again after transient errors; errors are
// explained.
func (s *Store) read(ctx context.Context, work func(tx driver.ManagedTransaction) error) error {
	session := s.session(ctx, driver.AccessModeRead)
	defer closeSession(ctx, session)
	_, err := session.ExecuteRead(ctx, func(tx driver.ManagedTransaction) (any, error) { return nil, work(tx) })
	return s.explain(ctx, err)
}

// readOne runs one statement that only reads and returns its whole result. It is a transaction of its
// own, which begins and ends with the statement and so takes one round trip, not three; after a
// transient error it is run again by read, with all of that one's patience.
func (s *Store) readOne(ctx context.Context, text string, params map[string]any) (found []row, err error) {
	if found, err = s.readOnce(ctx, text, params); err == nil || !driver.IsRetryable(err) || memoryIsFull(err) {
		return found, s.explain(ctx, err)
	}
	err = s.read(ctx, func(tx driver.ManagedTransaction) error {
		found, err = textRows(ctx, tx, text, params)
		return err
	})
	return found, err
}

func (s *Store) readOnce(ctx context.Context, text string, params map[string]any) ([]row, error) {
	session := s.session(ctx, driver.AccessModeRead)
	defer closeSession(ctx, session)
	result, err := session.Run(ctx, text, params)
	if err != nil {
		return nil, err
	}
	return collect(ctx, result)
}

// write is read's counterpart for write transactions.
func (s *Store) write(ctx context.Context, work func(tx driver.ManagedTransaction) error) error {
	session := s.session(ctx, driver.AccessModeWrite)
	defer closeSession(ctx, session)
	_, err := session.ExecuteWrite(ctx, func(tx driver.ManagedTransaction) (any, error) { return nil, work(tx) })
	return s.explain(ctx, err)
}

// writeAttempts is how often a commit begins anew after a transient error.
const writeAttempts = 6

// writeGraph is write for commits that may be larger than the server's memory: that
// error, which counts as transient, is returned at once and not met again for 30 s.
func (s *Store) writeGraph(ctx context.Context, work func(tx driver.ManagedTransaction) error) error {
	pause := 50 * time.Millisecond
	for attempt := 1; ; attempt++ {
		err := s.writeOnce(ctx, work)
		if err == nil || attempt == writeAttempts || memoryIsFull(err) || !driver.IsRetryable(err) {
			return s.explain(ctx, err)
		}
		select {
		case <-ctx.Done():
			return s.explain(ctx, err)
		case <-time.After(pause):
			pause *= 3
		}
	}
}

func (s *Store) writeOnce(ctx context.Context, work func(tx driver.ManagedTransaction) error) error {
	session := s.session(ctx, driver.AccessModeWrite)
	defer closeSession(ctx, session) // also rolls back
	tx, err := session.BeginTransaction(ctx)
	if err != nil {
		return err
	}
	if err := work(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// closeSession also ends the transaction of a cancelled request.
func closeSession(ctx context.Context, session driver.SessionWithContext) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_ = session.Close(ctx)
}

// row is one row of a result, read by column name.
type row struct{ record *driver.Record }

func (r row) any(column string) any {
	v, _ := r.record.Get(column)
	return v
}

func (r row) text(column string) string { return asText(r.any(column)) }
func (r row) int(column string) int64   { return asInt(r.any(column)) }
func (r row) bool(column string) bool   { return asBool(r.any(column)) }
func (r row) time(column string) time.Time {
	return asTime(r.any(column))
}
func (r row) texts(column string) []string { return asTexts(r.any(column)) }

func asText(v any) string {
	text, _ := v.(string)
	return text
}

func asInt(v any) int64 {
	n, _ := v.(int64)
	return n
}

func asBool(v any) bool {
	b, _ := v.(bool)
	return b
}

func asTime(v any) time.Time {
	t, ok := v.(time.Time)
	if !ok {
		return time.Time{}
	}
	return t.UTC()
}

// asTexts returns nil for an absent or empty list.
func asTexts(v any) []string {
	list, _ := v.([]any)
	if len(list) == 0 {
		return nil
	}
	out := make([]string, len(list))
	for i, item := range list {
		out[i] = asText(item)
	}
	return out
}

// rows runs the named statement and returns its whole result.
func rows(ctx context.Context, tx driver.ManagedTransaction, name string, params map[string]any) ([]row, error) {
	return textRows(ctx, tx, queries.Text(name), params)
}

// textRows is rows for a statement made by queries.ForKind.
func textRows(ctx context.Context, tx driver.ManagedTransaction, text string, params map[string]any) ([]row, error) {
	result, err := tx.Run(ctx, text, params)
	if err != nil {
		return nil, err
	}
	return collect(ctx, result)
}

func collect(ctx context.Context, result driver.ResultWithContext) ([]row, error) {
	records, err := result.Collect(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]row, len(records))
	for i, record := range records {
		out[i] = row{record}
	}
	return out, nil
}
