package packed

import (
	"context"
	"iter"

	"github.com/accessgraph/accessgraph/internal/access"
)

// ReadEntities yields the entities of the copy of an integration in their order, some at a
// time. The lists may be kept.
func ReadEntities(ctx context.Context, runs []Run, integration string, from Source) iter.Seq2[[]*access.Entity, error] {
	return func(yield func([]*access.Entity, error) bool) {
		entities(ctx, runs, integration, from)(func(b batch[*access.Entity]) bool {
			return yield(b.live(), b.err) && b.err == nil
		})
	}
}

// ReadGrants is ReadEntities for grants.
func ReadGrants(ctx context.Context, runs []Run, from Source) iter.Seq2[[]access.Grant, error] {
	return func(yield func([]access.Grant, error) bool) {
		grants(ctx, runs, from)(func(b batch[access.Grant]) bool {
			return yield(b.live(), b.err) && b.err == nil
		})
	}
}

// entities yields what is left of the runs, removals included.
func entities(ctx context.Context, runs []Run, integration string, from Source) iter.Seq[batch[*access.Entity]] {
	var layers []iter.Seq[batch[*access.Entity]]
	for _, run := range runs {
		layers = append(layers, section(ctx, run, Entities, from, func(d *decoder, n int) batch[*access.Entity] {
			return batch[*access.Entity]{list: d.entities(n, integration)}
		}))
		if run.Parts[Removed] == 0 {
			continue
		}
		layers = append(layers, section(ctx, run, Removed, from, func(d *decoder, n int) batch[*access.Entity] {
			return batch[*access.Entity]{list: d.ids(n), gone: all(n)}
		}))
	}
	return overlay(layers, compareEntities)
}

func grants(ctx context.Context, runs []Run, from Source) iter.Seq[batch[access.Grant]] {
	var layers []iter.Seq[batch[access.Grant]]
	for _, run := range runs {
		layers = append(layers, section(ctx, run, Grants, from, func(d *decoder, n int) batch[access.Grant] {
			list, gone := d.grants(n)
			return batch[access.Grant]{list: list, gone: gone}
		}))
	}
	return overlay(layers, access.CompareGrants)
}

func all(n int) []bool {
	out := make([]bool, n)
	for i := range out {
		out[i] = true
	}
	return out
}

// live is the batch without removals.
func (b batch[T]) live() []T {
	if b.gone == nil {
		return b.list
	}
	out := make([]T, 0, len(b.list))
	for i := range b.list {
		if !b.gone[i] {
			out = append(out, b.list[i])
		}
	}
	return out
}

// overlay merges layers, of which the later one decides where several have a record. A
// key that is removed stays in as a removal.
func overlay[T any](layers []iter.Seq[batch[T]], compare func(a, b *T) int) iter.Seq[batch[T]] {
	switch len(layers) {
	case 0:
		return func(func(batch[T]) bool) {}
	case 1:
		return ordered(layers[0], compare)
	}
	return func(yield func(batch[T]) bool) {
		base := newCursor(layers[0], compare)
		defer base.stop()
		over := newTop(layers[1:], compare)
		defer over.stop()
		o := output[T]{yield: yield}
		for !base.done && !over.done {
			// The records of the base up to the next one of the layers above.
			upper := over.at()
			for !base.done && compare(base.at(), upper) < 0 {
				if !o.add(base.at(), base.gone()) {
					return
				}
				base.advance()
			}
			if base.done {
				break
			}
			if !o.add(upper, over.gone()) {
				return
			}
			if compare(base.at(), upper) == 0 {
				base.advance()
			}
			over.advance()
		}
		for ; base.err == nil && !over.done; over.advance() {
			if !o.add(over.at(), over.gone()) {
				return
			}
		}
		for ; over.err == nil && !base.done; base.advance() {
			if !o.add(base.at(), base.gone()) {
				return
			}
		}
		if o.flush() && (base.err != nil || over.err != nil) {
			yield(batch[T]{err: first(base.err, over.err)})
		}
	}
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// ordered passes a single layer on.
func ordered[T any](in iter.Seq[batch[T]], compare func(a, b *T) int) iter.Seq[batch[T]] {
	return func(yield func(batch[T]) bool) {
		var last *T
		for b := range in {
			for i := range b.list {
				if last != nil && compare(last, &b.list[i]) >= 0 {
					yield(batch[T]{err: damaged("records are out of order")})
					return
				}
				last = &b.list[i]
			}
			if !yield(b) || b.err != nil {
				return
			}
		}
	}
}

// output gathers merged records.
type output[T any] struct {
	b     batch[T]
	yield func(batch[T]) bool
}

const outputSize = 4096

func (o *output[T]) add(item *T, gone bool) bool {
	if o.b.list == nil {
		o.b = batch[T]{list: make([]T, 0, outputSize), gone: make([]bool, 0, outputSize)}
	}
	o.b.list, o.b.gone = append(o.b.list, *item), append(o.b.gone, gone)
	return len(o.b.list) < outputSize || o.flush()
}

func (o *output[T]) flush() bool {
	b := o.b
	o.b = batch[T]{}
	return len(b.list) == 0 || o.yield(b)
}

// top is the merged layers above the base. There are few, and they are small, so the least
// of their heads is looked for one by one.
type top[T any] struct {
	layers  []*cursor[T]
	compare func(a, b *T) int
	least   int
	done    bool
	err     error
}

func newTop[T any](layers []iter.Seq[batch[T]], compare func(a, b *T) int) *top[T] {
	t := &top[T]{compare: compare}
	cursors := make([]*cursor[T], len(layers))
	opened := make(chan struct{})
	for i, l := range layers { // their first parts are fetched side by side
		go func() {
			cursors[i] = newCursor(l, compare)
			opened <- struct{}{}
		}()
	}
	for range layers {
		<-opened
	}
	t.layers = cursors
	t.find()
	return t
}

func (t *top[T]) find() {
	t.least = -1
	for i, c := range t.layers {
		switch {
		case c.err != nil:
			t.done, t.err = true, c.err
			return
		case c.done:
		case t.least < 0 || t.compare(c.at(), t.layers[t.least].at()) <= 0:
			t.least = i // of equals the later layer
		}
	}
	t.done = t.least < 0
}

func (t *top[T]) at() *T     { return t.layers[t.least].at() }
func (t *top[T]) gone() bool { return t.layers[t.least].gone() }

// advance leaves the key in all layers that have it.
func (t *top[T]) advance() {
	key := t.at()
	for i, c := range t.layers {
		if i != t.least && !c.done && t.compare(c.at(), key) == 0 {
			c.advance()
		}
	}
	t.layers[t.least].advance()
	t.find()
}

func (t *top[T]) stop() {
	for _, c := range t.layers {
		c.stop()
	}
}
