package snapshot

import "slices"

// counter counts what rows reach, with lists only of identities; it serves one goroutine. Stamps of one byte keep
// its marks near the processor; they are cleared when the stamp starts over.
type counter struct {
	s       *Snapshot
	seen    []uint8
	stamp   uint8
	targets Bits         // nil = all
	lists   *targetLists // nil = not made
	known   []counted    // by hash of what an identity has grants on

	// Of the identities at hand.
	open       []counting
	components []uint32
	spans      []listSpan
	touched    uint32
}

// counted is an identity that was counted, and what it reaches, itself included.
type counted struct {
	hash uint64
	row  uint32
	n    int
}

// counting is an identity to count.
type counting struct {
	hash uint64
	row  uint32
	own  []uint32
	held int // where its components end
}

func newCounter(s *Snapshot, targets Bits, lists *targetLists) *counter {
	return &counter{s: s, seen: make([]uint8, s.n), targets: targets, lists: lists, known: make([]counted, 4096)}
}

// atOnce is how many identities are looked at together. Their lists lie anywhere in a large
// graph: asked for one after the other each is waited for, asked for together they come
// together (20 are about 100 lists and 30 kB, which the nearest memory keeps).
const atOnce = 20

// count is how many of the targets the rows reach, each itself excepted, in all.
func (c *counter) count(w *walker, rows []uint32) (n int64) {
	for len(rows) > 0 {
		some := rows[:min(atOnce, len(rows))]
		rows = rows[len(some):]
		n += c.prepare(some)
		from := 0
		for i := range c.open {
			x := &c.open[i]
			reached := c.reached(w, x, c.spans[from:x.held])
			from = x.held
			c.known[x.hash&uint64(len(c.known)-1)] = counted{x.hash, x.row, reached}
			n += int64(c.others(x.row, reached))
		}
	}
	return n
}

// prepare counts the identities that hold the same as one counted lately, and lists the
// others with what their components reach.
func (c *counter) prepare(rows []uint32) (n int64) {
	to, of := c.s.to, c.s.topology.of
	c.open, c.components, c.spans = c.open[:0], c.components[:0], c.spans[:0]
	for _, row := range rows {
		own := to.Of(row)
		if len(own) == 0 {
			continue
		}
		hash := uint64(len(own))
		for _, to := range own {
			hash = (hash ^ uint64(to)) * 0x9e3779b97f4a7c15
			hash ^= hash >> 29
		}
		if k := &c.known[hash&uint64(len(c.known)-1)]; k.hash == hash && k.n != 0 && slices.Equal(to.Of(k.row), own) {
			n += int64(c.others(row, k.n))
			continue
		}
		if c.lists != nil {
			for _, to := range own {
				if component := of[to]; component != none {
					c.components = append(c.components, component)
				}
			}
		}
		c.open = append(c.open, counting{hash, row, own, len(c.components)})
	}
	// No load of a loop waits for another of it.
	for _, component := range c.components {
		c.spans = append(c.spans, c.lists.spans[component])
	}
	const line, most = 16, 1024 // rows; the rest of a long list comes by itself
	sum := uint32(0)
	for _, span := range c.spans {
		list := c.lists.of(span)
		list = list[:min(len(list), most)]
		for i := 0; i < len(list); i += line {
			sum += list[i]
		}
	}
	c.touched += sum
	return n
}

// others is a count without the row itself.
func (c *counter) others(row uint32, n int) int {
	if c.s.loops.Has(row) && (c.targets == nil || c.targets.Has(row)) {
		return n - 1
	}
	return n
}

// reached is how many of the targets an identity reaches, itself included.
func (c *counter) reached(w *walker, x *counting, spans []listSpan) int {
	if c.stamp++; c.stamp == 0 {
		clear(c.seen)
		c.stamp = 1
	}
	n := 0
	switch {
	case c.lists != nil && c.lists.good(spans):
		n = c.add(x.own)
		for _, span := range spans {
			n += c.addTargets(c.lists.of(span))
		}
	case w.flatsOf(x.row):
		n = c.add(x.own)
		for _, f := range w.flats {
			n += c.add(f.rows)
		}
	default:
		for _, h := range w.hold([]uint32{x.row}, nil) {
			n += c.add(w.s.to.Of(h))
		}
	}
	return n
}

// addTargets is add for rows all of which count.
func (c *counter) addTargets(rows []uint32) (n int) {
	seen, stamp := c.seen, c.stamp
	for _, to := range rows {
		if seen[to] != stamp {
			n++
		}
		seen[to] = stamp
	}
	return n
}

// add marks rows and says how many of them were not marked and count.
func (c *counter) add(rows []uint32) (n int) {
	if c.targets == nil {
		return c.addTargets(rows)
	}
	seen, stamp := c.seen, c.stamp
	for _, to := range rows {
		if seen[to] != stamp && c.targets.Has(to) {
			n++
		}
		seen[to] = stamp
	}
	return n
}
