package snapshot

import (
	"context"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

var _ query.Tabler = (*reader)(nil)

// Names implements query.Tabler.
func (r *reader) Names() query.AccessNames {
	s := r.s
	text := func(c *column) query.TextColumn {
		return query.TextColumn{Codes: c.codes.list(), Values: append(c.values.list(), "")}
	}
	types := query.TextColumn{Codes: make([]uint32, s.n)}
	for _, t := range access.EntityTypes {
		types.Values = append(types.Values, string(t))
	}
	for row, kind := range s.kind {
		types.Codes[row] = uint32(kind)
	}
	return query.AccessNames{
		IDs: s.ids, Name: text(s.text[textName]), Type: types, SourceType: text(s.text[textSourceType]),
		Integration: text(s.text[textIntegrationName]), Permissions: s.bundles.ranked,
	}
}

// tableRows is how many rows a block has unless told otherwise.
const tableRows = 64 << 10

// EachBlock implements query.Tabler.
func (r *reader) EachBlock(ctx context.Context, q query.TableQuery, prepare func(*query.AccessBlock) (any, error), yield func(any) error) error {
	s := r.s
	rows, err := s.Select(ctx, q.Sources, "", r.now)
	if err != nil {
		return err
	}
	rows.And(s.live)
	var targets Bits
	if q.Targets != nil {
		if targets, err = s.Select(ctx, q.Targets, "", r.now); err != nil {
			return err
		}
	}
	sources := rows.List()
	t := newTable(s, targets)
	size := t.pieces(sources, q.Rows)
	type made struct {
		value any
		err   error
	}
	done := 0
	var failed error
	err = ordered(ctx, (len(sources)+size-1)/size, func(ctx context.Context, piece int) made {
		b := &query.AccessBlock{PermissionEnds: []int32{0}, ProviderEnds: []int32{0}, ChainEnds: []int32{0}}
		w := t.writer()
		defer t.done(w)
		for _, row := range sources[piece*size : min((piece+1)*size, len(sources))] {
			if err := ctx.Err(); err != nil {
				return made{err: err}
			}
			w.write(b, row)
		}
		v, err := prepare(b)
		return made{v, err}
	}, func(m made) bool {
		if failed = m.err; failed == nil {
			failed = yield(m.value)
		}
		if done = min(done+size, len(sources)); q.Progress != nil {
			q.Progress(done, len(sources))
		}
		return failed == nil
	})
	if failed != nil {
		return failed
	}
	return err
}

// table is what the writers of one table share.
type table struct {
	s       *Snapshot
	targets Bits       // nil = all
	next    *Adjacency // connection → connections, in the order of ids
	spare   chan *tableWriter
}

func newTable(s *Snapshot, targets Bits) *table {
	t := &table{s: s, targets: targets, next: &Adjacency{offsets: make([]uint32, s.n+1)}, spare: make(chan *tableWriter, 64)}
	for row := range uint32(s.n) { //nolint:gosec // fewer than 2^32 rows
		if s.kind[row] == kindConnection {
			t.next.rows = t.appendNext(t.next.rows, row)
		}
		t.next.offsets[row+1] = uint32(len(t.next.rows)) //nolint:gosec // no more than pairs
	}
	return t
}

// appendNext appends the connections that a row has counting grants on, in the order of ids.
func (t *table) appendNext(dst []uint32, row uint32) []uint32 {
	s, from := t.s, len(dst)
	for _, to := range s.to.Of(row) {
		if s.kind[to] == kindConnection {
			dst = append(dst, to)
		}
	}
	slices.SortFunc(dst[from:], func(x, y uint32) int { return int(s.idPos[x]) - int(s.idPos[y]) })
	return dst
}

// pieces returns how many sources make a block of about that many rows, judged by a sample.
func (t *table) pieces(sources []uint32, rows int) int {
	if rows <= 0 {
		rows = tableRows
	}
	const sample = 64
	step := max(1, len(sources)/sample)
	b := &query.AccessBlock{PermissionEnds: []int32{0}, ProviderEnds: []int32{0}, ChainEnds: []int32{0}}
	w := t.writer()
	defer t.done(w)
	n := 0
	for i := 0; i < len(sources); i += step {
		w.write(b, sources[i])
		n++
	}
	// Every core has something to do, even where everything fits into one block.
	most := max(1, len(sources)/16)
	return max(1, min(rows*n/max(1, b.Rows()), most))
}

// tableWriter writes the rows of one source after the other; it serves one goroutine.
type tableWriter struct {
	t     *table
	w     *walker
	from  []int32  // by place among the holders: the place of the one before it
	depth []int32  // by place: how many hops the holder is away
	first []int32  // by row: the place of the first holder that gives it
	count []uint32 // by row: how many providers, then where the next one goes
	own   []uint32
	order []uint32
}

func (t *table) writer() *tableWriter {
	select {
	case w := <-t.spare:
		return w
	default:
		return &tableWriter{t: t, w: t.s.walker(), first: make([]int32, t.s.n), count: make([]uint32, t.s.n)}
	}
}

func (t *table) done(w *tableWriter) {
	select {
	case t.spare <- w:
	default:
		t.s.done(w.w)
	}
}

// hold finds the holders of a row breadth first, those of one length in the order of the
// ids along the first chain to each: then the chain by which one is found is that one.
func (x *tableWriter) hold(row uint32) []uint32 {
	w := x.w
	w.reset()
	w.take(row)
	x.from, x.depth = append(x.from[:0], -1), append(x.depth[:0], 0)
	x.own = x.t.appendNext(x.own[:0], row)
	next := x.own
	for at := 0; at < len(w.holders); at++ {
		if at > 0 {
			next = x.t.next.Of(w.holders[at])
		}
		for _, to := range next {
			if w.held[to] != w.stamp {
				w.take(to)
				x.from, x.depth = append(x.from, int32(at)), append(x.depth, x.depth[at]+1) //nolint:gosec // places of rows
			}
		}
	}
	return w.holders
}

// write appends what a row reaches.
func (x *tableWriter) write(b *query.AccessBlock, row uint32) {
	s, w := x.t.s, x.w
	holders := x.hold(row)
	w.joiner.reset()
	w.targets = w.targets[:0]
	for at, h := range holders {
		rows, bundles := s.to.with(h)
		for i, to := range rows {
			switch have := w.bundle[to]; {
			case have == 0:
				if to == row || x.t.targets != nil && !x.t.targets.Has(to) {
					continue
				}
				w.bundle[to] = bundles[i] + 1
				w.targets = append(w.targets, to)
				w.found.add(to)
				x.first[to] = int32(at) //nolint:gosec // a place of a row
				x.count[to] = 0
			case have != bundles[i]+1:
				w.bundle[to] = w.joiner.join(have, bundles[i]+1)
			}
			if at > 0 {
				x.count[to]++
			}
		}
	}
	from := len(b.Target)
	b.Target, _ = w.found.take(b.Target, 0, w.found.n)
	w.found.clear()
	x.describe(b, row, b.Target[from:])
	x.provide(b, holders)
	for _, to := range w.targets {
		w.bundle[to] = 0
	}
}

// describe appends all of the rows but the providers, for which it makes room.
func (x *tableWriter) describe(b *query.AccessBlock, row uint32, targets []uint32) {
	w := x.w
	room := uint32(len(b.Providers)) //nolint:gosec // a block has fewer than 2^31
	for _, to := range targets {
		at := x.first[to]
		b.Source = append(b.Source, row)
		b.Direct = append(b.Direct, at == 0)
		b.Length = append(b.Length, x.depth[at]+1)
		b.Permissions = append(b.Permissions, w.joiner.get(w.bundle[to]).ranks...)
		b.PermissionEnds = append(b.PermissionEnds, int32(len(b.Permissions))) //nolint:gosec // as above
		n := int(x.depth[at]) + 2
		b.Chain = slices.Grow(b.Chain, n)[:len(b.Chain)+n]
		chain := b.Chain[len(b.Chain)-n:]
		chain[n-1] = to
		for k := n - 2; k >= 0; k-- {
			chain[k] = w.holders[at]
			at = x.from[at]
		}
		b.ChainEnds = append(b.ChainEnds, int32(len(b.Chain))) //nolint:gosec // as above
		room, x.count[to] = room+x.count[to], room
		b.ProviderEnds = append(b.ProviderEnds, int32(room)) //nolint:gosec // as above
	}
	b.Providers = slices.Grow(b.Providers, int(room)-len(b.Providers))[:room]
}

// provide fills in the providers, in the order of rows.
func (x *tableWriter) provide(b *query.AccessBlock, holders []uint32) {
	s, w := x.t.s, x.w
	x.order = append(x.order[:0], holders[1:]...)
	slices.Sort(x.order)
	for _, h := range x.order {
		for _, to := range s.to.Of(h) {
			if w.bundle[to] != 0 {
				b.Providers[x.count[to]] = h
				x.count[to]++
			}
		}
	}
}
