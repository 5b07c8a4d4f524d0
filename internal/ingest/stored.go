package ingest

import (
	"context"
	"iter"

	"github.com/accessgraph/accessgraph/internal/store"
)

// stored is the state that a file is compared with: the store's packed copy of it, where
// it keeps one, else the graph record by record. Both say the same of all that is compared.
func stored(ctx context.Context, v store.GraphView, integration string) (store.Imported, error) {
	if v, can := v.(store.ImportView); can {
		if i, ok, err := v.Imported(ctx, integration); ok || err != nil {
			return i, err
		}
	}
	return store.Imported{
		Entities: inLists(v.Entities(ctx, integration, false)),
		Grants:   inLists(v.Grants(ctx, integration)),
	}, nil
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
