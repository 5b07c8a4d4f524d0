package packed

import (
	"context"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// Compact writes to w what runs from Runs[from] on say together. Removals are kept only
// when there is an older run that they are about.
func (h Head) Compact(ctx context.Context, from int, integration string, source Source, w *Writer) error {
	runs := h.Runs[from:]
	var err error
	add := func(c store.Change) bool {
		err = w.Add(&c)
		return err == nil
	}
	for b := range entities(ctx, runs, integration, source) {
		if b.err != nil {
			return b.err
		}
		ok := each(b, from > 0, func(e *access.Entity, gone bool) bool {
			if gone {
				return add(store.Change{RemoveEntity: e.ID})
			}
			return add(store.Change{PutEntity: e})
		})
		if !ok {
			return err
		}
	}
	for b := range grants(ctx, runs, source) {
		if b.err != nil {
			return b.err
		}
		ok := each(b, from > 0, func(g access.Grant, gone bool) bool {
			if gone {
				k := g.Key()
				return add(store.Change{RemoveGrant: &k})
			}
			return add(store.Change{PutGrant: &g})
		})
		if !ok {
			return err
		}
	}
	return nil
}

// each calls do for the records of a batch, for the removals only if they are wanted.
func each[T any](b batch[T], removals bool, do func(item T, gone bool) bool) bool {
	for i := range b.list {
		gone := b.gone != nil && b.gone[i]
		if gone && !removals {
			continue
		}
		if !do(b.list[i], gone) {
			return false
		}
	}
	return true
}
