package ingest

import (
	"context"
	"iter"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// stored is the state that a file is compared with: the store's packed copy of it, where
// it keeps one, else the graph record by record. Both say the same of all that is compared.
// The sequences of a copy may be read side by side.
func stored(ctx context.Context, v store.GraphView, integration string) (i store.Imported, isCopy bool, err error) {
	if v, can := v.(store.ImportView); can {
		if i, ok, err := v.Imported(ctx, integration); ok || err != nil {
			return i, ok, err
		}
	}
	return store.Imported{
		Entities: inLists(v.Entities(ctx, integration, false)),
		Grants:   inLists(v.Grants(ctx, integration)),
	}, false, nil
}

// entities yields the stored entities of the integration in their order: those that were
// loaded, else from the store.
func (c *comparison) entities() iter.Seq2[*access.Entity, error] {
	return func(yield func(*access.Entity, error) bool) {
		if c.stored != nil {
			in := c.stored.records()
			for in.next() {
				d := decoder{b: in.val()}
				if !yield(d.entity(), d.err) || d.err != nil {
					return
				}
			}
			if err := in.err(); err != nil {
				yield(nil, err)
			}
			return
		}
		if c.run.isNew {
			return
		}
		last := ""
		for list, err := range c.state.Entities {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, e := range list {
				if e.ID <= last {
					yield(nil, access.Errorf(access.CodeInternal, "the store yields entities out of order: %s after %s", e.ID, last))
					return
				}
				last = e.ID
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}

// listSize is how many records of a sequence are handed on at a time.
const listSize = 256

func inLists[T any](in iter.Seq2[T, error]) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		list := make([]T, 0, listSize)
		for item, err := range in {
			if err != nil {
				if len(list) == 0 || yield(list, nil) {
					yield(nil, err)
				}
				return
			}
			if list = append(list, item); len(list) < listSize {
				continue
			}
			if !yield(list, nil) {
				return
			}
			list = make([]T, 0, listSize)
		}
		if len(list) > 0 {
			yield(list, nil)
		}
	}
}
