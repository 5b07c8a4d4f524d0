package snapshot

import (
	"context"
	"math"
	"sync"
)

// targetLists are the targets that each component reaches, side by side.
type targetLists struct {
	spans []listSpan // by component
	rows  []uint32
}

// listSpan is a part of targetLists.rows; {1, 0} where the list is not known.
type listSpan struct{ from, to uint32 }

var unknownSpan = listSpan{1, 0}

func (l *targetLists) of(s listSpan) []uint32 {
	if s == unknownSpan {
		return nil
	}
	return l.rows[s.from:s.to]
}

// good reports whether lists are known and to be put together, as walker.merge says.
func (l *targetLists) good(spans []listSpan) bool {
	sum, largest := 0, 0
	for _, s := range spans {
		if s == unknownSpan {
			return false
		}
		n := int(s.to - s.from)
		sum, largest = sum+n, max(largest, n)
	}
	return sum <= 8*largest+1024
}

// spareLists are used again: what is kept of one is memory, never content.
var spareLists sync.Pool

func (l *targetLists) release() {
	if l != nil {
		spareLists.Put(l)
	}
}

// listTargets picks the targets out of the flat lists that are kept; nil when all count, or
// there is no numbering them. To be released after use.
func (s *Snapshot) listTargets(ctx context.Context, targets Bits) (*targetLists, error) {
	if targets == nil {
		return nil, nil //nolint:nilnil // no lists
	}
	const chunk = 512
	n, flats := s.topology.components(), s.topology.flats.lists
	lists := make([]*flat, n) // as they are now
	starts := make([]int, (n+chunk-1)/chunk+1)
	err := s.share(ctx, n, chunk, func(_ *walker, from, to int) {
		for c := from; c < to; c++ {
			if f := flats[c].Load(); f != nil {
				lists[c] = f
				starts[from/chunk+1] += len(f.rows)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	for i := range starts[1:] {
		starts[i+1] += starts[i]
	}
	all := starts[len(starts)-1]
	if all > math.MaxUint32 {
		return nil, nil //nolint:nilnil // as above
	}
	l, ok := spareLists.Get().(*targetLists)
	if !ok {
		l = &targetLists{}
	}
	l.spans, l.rows = grow(l.spans, n), grow(l.rows, all)
	return l, s.share(ctx, n, chunk, func(_ *walker, from, to int) {
		at := starts[from/chunk]
		for c := from; c < to; c++ {
			f := lists[c]
			if f == nil {
				l.spans[c] = unknownSpan
				continue
			}
			list := l.rows[at:at]
			for _, row := range f.rows {
				if targets.Has(row) {
					list = append(list, row)
				}
			}
			l.spans[c] = listSpan{uint32(at), uint32(at + len(list))} //nolint:gosec // checked
			at += len(list)
		}
	})
}
