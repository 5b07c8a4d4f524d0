package packed

import (
	"context"
	"iter"
)

// Source gives the parts of a section of a run, sealed, in their order. It is called from
// several goroutines.
type Source func(ctx context.Context, run int64, section Section) iter.Seq2[[]byte, error]

// batch is decoded records in order; gone has the places of removals, or is nil.
type batch[T any] struct {
	list []T
	gone []bool
	err  error
}

// ahead is how many parts of a section are fetched and decoded before they are asked for.
const ahead = 4

// section reads a section of a run. Parts are decoded side by side and delivered in
// order; the sequence ends with the first error. Memory is that of a few parts.
func section[T any](ctx context.Context, run Run, s Section, from Source, decode func(d *decoder, n int) batch[T]) iter.Seq[batch[T]] {
	return func(yield func(batch[T]) bool) {
		if run.Parts[s] == 0 {
			return
		}
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		queue := make(chan chan batch[T], ahead)
		go func() {
			defer close(queue)
			deliver := func(work func() batch[T]) bool {
				slot := make(chan batch[T], 1)
				select {
				case queue <- slot:
				case <-ctx.Done():
					return false
				}
				go func() { slot <- work() }()
				return true
			}
			number := 0
			for data, err := range from(ctx, run.ID, s) {
				at := number
				number++
				if !deliver(func() batch[T] { return openBatch(data, err, run.ID, s, at, decode) }) || err != nil {
					return
				}
			}
			if number != run.Parts[s] {
				deliver(func() batch[T] {
					return batch[T]{err: damaged("section %d of run %d has %d parts, not %d", s, run.ID, number, run.Parts[s])}
				})
			}
		}()
		var records int64
		for slot := range queue {
			b := <-slot
			records += int64(len(b.list))
			if !yield(b) || b.err != nil {
				return
			}
		}
		switch {
		case ctx.Err() != nil:
			yield(batch[T]{err: ctx.Err()})
		case records != run.Records[s]:
			yield(batch[T]{err: damaged("section %d of run %d has %d records, not %d", s, run.ID, records, run.Records[s])})
		}
	}
}

func openBatch[T any](data []byte, err error, run int64, s Section, number int, decode func(d *decoder, n int) batch[T]) batch[T] {
	if err != nil {
		return batch[T]{err: err}
	}
	text, n, err := open(data, run, s, number)
	if err != nil {
		return batch[T]{err: err}
	}
	if n > len(text) {
		return batch[T]{err: damaged("part %d of section %d of run %d promises %d records", number, s, run, n)}
	}
	d := &decoder{s: text}
	b := decode(d, n)
	if d.bad || d.s != "" {
		return batch[T]{err: damaged("part %d of section %d of run %d cannot be decoded", number, s, run)}
	}
	return b
}

// cursor walks the records of one source record by record; it sees to their order.
type cursor[T any] struct {
	next    func() (batch[T], bool)
	stop    func()
	compare func(a, b *T) int

	b    batch[T]
	i    int
	done bool
	err  error
	last *T
}

func newCursor[T any](in iter.Seq[batch[T]], compare func(a, b *T) int) *cursor[T] {
	next, stop := iter.Pull(in)
	c := &cursor[T]{next: next, stop: stop, compare: compare, i: -1}
	c.advance()
	return c
}

func (c *cursor[T]) at() *T     { return &c.b.list[c.i] }
func (c *cursor[T]) gone() bool { return c.b.gone != nil && c.b.gone[c.i] }

// advance moves to the next record; done and err say when there is none.
func (c *cursor[T]) advance() {
	if c.i >= 0 {
		c.last = c.at()
	}
	for c.i++; c.i >= len(c.b.list); c.i = 0 {
		b, more := c.next()
		if !more || b.err != nil {
			c.done, c.err, c.b = true, b.err, batch[T]{}
			return
		}
		c.b = b
	}
	if c.last != nil && c.compare(c.last, c.at()) >= 0 {
		c.done, c.err = true, damaged("records are out of order")
	}
}
