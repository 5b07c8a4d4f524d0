package loaders

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
)

// reader reads values by key, each key only once. Whoever asks for keys that are being
// read for somebody else waits for those. Keys that are not known are read at once: they
// are those of a whole batch already, so there is no waiting for more.
type reader[V any] struct {
	fetch func(ctx context.Context, keys []string) ([]V, error)

	mu    sync.Mutex
	known map[string]*read[V]
}

// read is one call of fetch.
type read[V any] struct {
	done   chan struct{}
	values map[string]V
	err    error
}

// newReader returns a reader over fetch, which returns the values in the order of its keys.
func newReader[V any](fetch func(ctx context.Context, keys []string) ([]V, error)) *reader[V] {
	return &reader[V]{fetch: fetch, known: map[string]*read[V]{}}
}

// all returns the values of keys that differ from one another.
func (r *reader[V]) all(ctx context.Context, keys []string) (map[string]V, error) {
	out := make(map[string]V, len(keys))
	mine := &read[V]{done: make(chan struct{})}
	var missing []string
	var others []*read[V]
	r.mu.Lock()
	for _, k := range keys {
		switch have := r.known[k]; have {
		case nil:
			missing = append(missing, k)
			r.known[k] = mine
		default:
			others = append(others, have)
			out[k] = *new(V)
		}
	}
	r.mu.Unlock()
	if len(missing) > 0 {
		r.read(ctx, mine, missing)
		if mine.err != nil {
			return nil, mine.err
		}
		if len(others) == 0 {
			return mine.values, nil
		}
	}
	for _, k := range keys {
		from := mine
		if _, elsewhere := out[k]; elsewhere {
			from, others = others[0], others[1:]
			select {
			case <-from.done:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			if from.err != nil {
				return nil, from.err
			}
		}
		out[k] = from.values[k]
	}
	return out, nil
}

func (r *reader[V]) read(ctx context.Context, into *read[V], keys []string) {
	defer close(into.done)
	defer func() {
		if cause := recover(); cause != nil { // others wait for it, and may ask again
			into.err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	values, err := r.fetch(ctx, keys)
	if into.err = err; err != nil {
		return
	}
	into.values = make(map[string]V, len(keys))
	for i, k := range keys {
		into.values[k] = values[i]
	}
}
