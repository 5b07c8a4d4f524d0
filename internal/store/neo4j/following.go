package neo4j

import (
	"cmp"
	"context"
	"iter"
	"slices"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/changelog"
)

// pieceSize is how many bytes of a change set one node keeps: a long property is a chain
// of small records.
const pieceSize = 256 << 10

// packedLog is the log as it is kept; nil when it became too large.
func (a *applier) packedLog() []byte {
	if changes, ok := a.log.Set(); ok {
		return changelog.Pack(changes)
	}
	return nil
}

// nextVersion begins the next version and keeps what the commit changed under it.
func (a *applier) nextVersion() error {
	var data []byte
	if a.logged != nil {
		data = *a.logged
	} else {
		data = a.packedLog()
	}
	pieces := []any{}
	for piece := range slices.Chunk(data, pieceSize) {
		pieces = append(pieces, piece)
	}
	return a.exec("version_advance", map[string]any{
		"pieces": pieces, "bytes": len(data), "versions": changelog.Versions, "keep": changelog.Bytes,
	})
}

var (
	_ store.ChangeView = (*view)(nil)
	_ store.Scanner    = (*Store)(nil)
)

// Mark implements store.ChangeView.
func (v *view) Mark(ctx context.Context) (string, error) {
	if v.mark != "" {
		return v.mark, nil
	}
	_, mark, err := v.s.marked(ctx)
	return mark, err
}

// marked is the present version and its mark.
func (s *Store) marked(ctx context.Context) (st state, mark string, err error) {
	err = s.read(ctx, func(tx driver.ManagedTransaction) error {
		found, err := rows(ctx, tx, "version_mark", nil)
		if err == nil && len(found) == 0 {
			err = errNoVersion()
		}
		if err == nil {
			st, mark = state{version: found[0].int("version"), pending: found[0].bool("pending")}, found[0].text("mark")
		}
		return err
	})
	return st, mark, err
}

// ScanGraph implements store.Scanner.
func (s *Store) ScanGraph(ctx context.Context, read func(ctx context.Context, v store.ChangeView) error) error {
	if _, err := s.settled(ctx); err != nil {
		return err
	}
	st, mark, err := s.marked(ctx)
	if err == nil && st.pending {
		err = errPending()
	}
	if err != nil {
		return err
	}
	return read(ctx, &view{s: s, version: st.version, mark: mark})
}

// Since implements store.ChangeView.
func (v *view) Since(ctx context.Context, version int64, mark string) (store.ChangeSet, bool, error) {
	if version == v.version {
		present, err := v.Mark(ctx)
		return store.ChangeSet{}, present == mark, err
	}
	var sets []store.ChangeSet
	var data []byte
	at, piece, ok := version, int64(0), version < v.version
	for p, err := range stream(ctx, v.s, "changes_since", map[string]any{"version": version}, decodePiece) {
		if err != nil {
			return store.ChangeSet{}, false, err
		}
		if p.number == 0 {
			at, piece, data = at+1, 0, nil
		}
		ok = ok && p.version == at && p.number == piece && (at > version+1 || p.base == mark)
		if !ok {
			return store.ChangeSet{}, false, nil
		}
		data = append(data, p.data...)
		if piece++; piece < p.pieces {
			continue
		}
		c, err := changelog.Unpack(data)
		if err != nil {
			return store.ChangeSet{}, false, &access.Error{Code: access.CodeInternal, Message: "a change set in the database cannot be read", Err: err}
		}
		sets = append(sets, c)
	}
	if int64(len(sets)) != v.version-version {
		return store.ChangeSet{}, false, nil
	}
	all, ok := changelog.Merge(sets...)
	return all, ok, nil
}

// logPiece is a part of a version's packed changes.
type logPiece struct {
	version, number, pieces int64
	base                    string
	data                    []byte
}

func decodePiece(of get) (logPiece, error) {
	data, _ := of("data").([]byte)
	return logPiece{
		version: asInt(of("version")), number: asInt(of("piece")), pieces: asInt(of("pieces")), base: asText(of("base")), data: data,
	}, nil
}

// askedAtOnce is how many items one statement gets.
const askedAtOnce = 5000

// inParts runs a statement for some items at a time and yields each part in order.
func inParts[T any](ctx context.Context, v *view, items []any, decode func(of get) (T, error), compare func(a, b T) int, names ...string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for part := range slices.Chunk(items, askedAtOnce) {
			var found []T
			for _, name := range names {
				for item, err := range stream(ctx, v.s, name, map[string]any{"items": part}, decode) {
					if err != nil {
						yield(item, err)
						return
					}
					found = append(found, item)
				}
			}
			slices.SortStableFunc(found, compare)
			for _, item := range found {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

func anyIDs(ids []string) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}

// EntitiesByID implements store.ChangeView.
func (v *view) EntitiesByID(ctx context.Context, ids []string) iter.Seq2[*access.Entity, error] {
	return inParts(ctx, v, anyIDs(ids), entityRow, func(a, b *access.Entity) int { return cmp.Compare(a.ID, b.ID) },
		"changed_entities", "changed_entities_removed")
}

// EmployeesByID implements store.ChangeView.
func (v *view) EmployeesByID(ctx context.Context, ids []string) iter.Seq2[*access.Employee, error] {
	return inParts(ctx, v, anyIDs(ids), employeeRow, func(a, b *access.Employee) int { return cmp.Compare(a.ID, b.ID) },
		"changed_employees")
}

// bySources lists each source with its targets, some at a time.
func bySources(pairs []store.Pair) []any {
	var out []any
	var targets []any
	for i, p := range pairs {
		targets = append(targets, p.Target)
		if i+1 == len(pairs) || pairs[i+1].Source != p.Source || len(targets) == askedAtOnce {
			out = append(out, []any{p.Source, targets})
			targets = nil
		}
	}
	return out
}

// GrantsBetween implements store.ChangeView.
func (v *view) GrantsBetween(ctx context.Context, pairs []store.Pair) iter.Seq2[access.Grant, error] {
	return inParts(ctx, v, bySources(pairs), grantRow, compareGrants, "changed_grants")
}

// HistoryBetween implements store.ChangeView.
func (v *view) HistoryBetween(ctx context.Context, pairs []store.Pair) iter.Seq2[access.Grant, error] {
	return inParts(ctx, v, bySources(pairs), grantRow, compareGrants, "changed_history")
}
