package neo4j

import (
	"context"
	"errors"
	"iter"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/accessgraph/accessgraph/cypher/queries"
	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// readAttempts is how often ReadGraph begins anew when the graph changes under it.
const readAttempts = 5

// ReadGraph reads until the version is the same before and after. It waits a little for
// a large import to end and completes one whose writer died; UNAVAILABLE when another
// server is still at it, CONFLICT when the graph does not stand still.
func (s *Store) ReadGraph(ctx context.Context, read func(ctx context.Context, v store.GraphView) error) error {
	for range readAttempts {
		before, err := s.settled(ctx)
		if err != nil {
			return err
		}
		v := &view{s: s, version: before}
		readErr := read(ctx, v)
		if ctx.Err() != nil {
			return firstError(readErr, s.explain(ctx, ctx.Err()))
		}
		after, pending, err := s.fence(ctx)
		if err != nil {
			return firstError(readErr, err)
		}
		changed := pending || after != before
		if changed || errors.Is(readErr, errBroken) {
			continue // what read saw, an error included, may be of two versions
		}
		return readErr
	}
	return access.Errorf(access.CodeConflict, "the graph changed %d times while it was being read: try again", readAttempts)
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// settled is the version, once no large import is being applied.
func (s *Store) settled(ctx context.Context) (int64, error) {
	st, err := s.state(ctx)
	if err == nil && st.pending {
		if err := s.resume(ctx, 2*s.loadLease); err != nil {
			return 0, err
		}
		st, err = s.state(ctx)
	}
	if err == nil && st.pending {
		err = errPending()
	}
	return st.version, err
}

// fence reads the version behind the writers' lock: a commit that the server is just
// making visible, node by node, is over when it returns. A user who may not write gets
// the plain read, which leaves that moment open.
func (s *Store) fence(ctx context.Context) (version int64, pending bool, err error) {
	err = s.write(ctx, func(tx driver.ManagedTransaction) error {
		found, err := rows(ctx, tx, "version_lock", nil)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return errNoVersion()
		}
		version, pending = found[0].int("version"), found[0].text("pending") != ""
		return nil
	})
	if code := serverCode(err); code == codeForbidden || code == codeReadOnly {
		st, err := s.state(ctx)
		return st.version, st.pending, err
	}
	return version, pending, err
}

// errBroken marks a stream that ended for a reason that may be over at the next try.
var errBroken = errors.New("the stream broke")

// view reads the graph by sessions of its own for each sequence, so that sequences may
// be read side by side.
type view struct {
	s       *Store
	version int64
	mark    string // "" until it is asked for
}

func (v *view) Version() int64 { return v.version }

// columns reads a record by column name without searching for it.
func columns(record *driver.Record, index map[string]int) get {
	return func(name string) any {
		if i, ok := index[name]; ok {
			return record.Values[i]
		}
		return nil
	}
}

// stream runs a statement and yields what decode makes of each row.
func stream[T any](ctx context.Context, s *Store, name string, params map[string]any, decode func(of get) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		session := s.session(ctx, driver.AccessModeRead)
		defer closeSession(ctx, session)
		fail := func(err error) {
			explained := s.explain(ctx, err)
			if driver.IsRetryable(err) {
				explained = errors.Join(explained, errBroken)
			}
			yield(none, explained)
		}
		result, err := session.Run(ctx, queries.Text(name), params)
		if err != nil {
			fail(err)
			return
		}
		keys, err := result.Keys()
		if err != nil {
			fail(err)
			return
		}
		index := make(map[string]int, len(keys))
		for i, key := range keys {
			index[key] = i
		}
		var record *driver.Record
		for result.NextRecord(ctx, &record) {
			item, err := decode(columns(record, index))
			if err != nil {
				yield(none, err)
				return
			}
			if !yield(item, nil) {
				return
			}
		}
		if err := result.Err(); err != nil {
			fail(err)
		}
	}
}

// of names the variant of a statement for one integration, or for all.
func of(name, integration string) (string, map[string]any) {
	if integration == "" {
		return name, nil
	}
	return name + "_of", map[string]any{"integration": integration}
}

func (v *view) Entities(ctx context.Context, integration string, removed bool) iter.Seq2[*access.Entity, error] {
	name, params := of("graph_entities", integration)
	live := stream(ctx, v.s, name, params, entityRow)
	if !removed {
		return live
	}
	name, params = of("graph_entities_removed", integration)
	return merge(live, stream(ctx, v.s, name, params, entityRow),
		func(a, b *access.Entity) bool { return a.ID < b.ID })
}

func entityRow(of get) (*access.Entity, error) {
	e := decodeEntity(of)
	e.Insights, e.Mapping = decodeInsights(of("insights")), decodeMapping(of("mapping"))
	return e, nil
}

func (v *view) Grants(ctx context.Context, integration string) iter.Seq2[access.Grant, error] {
	name, params := of("graph_grants", integration)
	return bySource(stream(ctx, v.s, name, params, grantRow))
}

func (v *view) History(ctx context.Context, integration string) iter.Seq2[access.Grant, error] {
	name, params := of("graph_history", integration)
	live := stream(ctx, v.s, name, params, grantRow)
	name, params = of("graph_history_removed", integration)
	return bySource(merge(live, stream(ctx, v.s, name, params, grantRow),
		func(a, b access.Grant) bool { return a.Source < b.Source }))
}

func grantRow(of get) (access.Grant, error) {
	return decodeGrant(asText(of("source")), asText(of("target")), of), nil
}

func (v *view) Applications(ctx context.Context) ([]access.Application, error) {
	return v.s.Applications(ctx)
}

func (v *view) Integrations(ctx context.Context) ([]access.Integration, error) {
	all, err := v.s.readIntegrations(ctx)
	sortBy(all, func(i *access.Integration) string { return i.Key })
	return all, err
}

func (v *view) Employees(ctx context.Context) iter.Seq2[*access.Employee, error] {
	return stream(ctx, v.s, "graph_employees", nil, employeeRow)
}

func employeeRow(of get) (*access.Employee, error) {
	m, _ := of("employee").(map[string]any)
	return decodeEmployee(fromMap(m)), nil
}

func (v *view) Mappings(ctx context.Context, integration string) iter.Seq2[access.Mapping, error] {
	name, params := of("graph_mappings", integration)
	live := stream(ctx, v.s, name, params, mappingRow)
	name, params = of("graph_mappings_removed", integration)
	return merge(live, stream(ctx, v.s, name, params, mappingRow),
		func(a, b access.Mapping) bool { return a.EntityID < b.EntityID })
}

func mappingRow(of get) (access.Mapping, error) {
	text := func(name string) string { return asText(of(name)) }
	return access.Mapping{
		EntityID: text("id"), EmployeeID: text("employee"), Relation: access.MappingRelation(text("relation")),
		Origin: access.MappingOrigin(text("origin")), Reason: text("reason"), At: asTime(of("at")),
	}, nil
}
