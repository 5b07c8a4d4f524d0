package snapshot

import (
	"slices"

	"github.com/accessgraph/accessgraph/internal/query"
)

// describeTargets fills what source has on each of the targets, sorted, which
// accesses.targets has gathered, and leaves the walker clean.
func (a *accesses) describeTargets(source uint32, targets []uint32, edges []query.Access) {
	w := a.w
	all := *a.s.bundles.all.Load()
	for i, to := range targets {
		if b := w.bundle[to]; b < ownBundle {
			edges[i].Permissions = all[b-1].list
		} else {
			edges[i].Permissions = w.joiner.get(b).list
		}
	}
	for _, to := range w.targets {
		w.bundle[to] = 0
	}
	if a.providers {
		a.provide(source, targets, edges)
	}
}

// provide fills the providers of each of the targets, sorted.
func (a *accesses) provide(source uint32, targets []uint32, edges []query.Access) {
	s, slot := a.s, a.w.bundle // free by now: its place on the page + 1
	holders := a.w.holders
	slices.Sort(holders) // the order of providers
	for i, to := range targets {
		slot[to] = uint32(i) + 1 //nolint:gosec // an index
	}
	for _, h := range holders {
		if h == source {
			continue
		}
		pairs := s.to.Of(h)
		if len(pairs) > 16*len(targets) { // looked up rather than looked through
			for i, to := range targets {
				if _, ok := slices.BinarySearch(pairs, to); ok {
					edges[i].Providers = append(edges[i].Providers, s.ids[h])
				}
			}
			continue
		}
		for _, to := range pairs {
			if i := slot[to]; i > 0 {
				edges[i-1].Providers = append(edges[i-1].Providers, s.ids[h])
			}
		}
	}
	for _, to := range targets {
		slot[to] = 0
	}
}

// describeSources fills what each of the sources has on target.
func (a *accesses) describeSources(target uint32, sources []uint32, edges []query.Access) {
	s, w := a.s, a.w
	granting := s.from.Of(target)
	for i, source := range sources {
		gathered := uint32(0)
		describe := func(h uint32) {
			b, ok := s.to.give(h, target)
			switch {
			case !ok:
				return
			case gathered == 0:
				gathered = b + 1
			default:
				gathered = w.joiner.join(gathered, b+1)
			}
			if a.providers && h != source {
				edges[i].Providers = append(edges[i].Providers, s.ids[h])
			}
		}
		holders := w.hold([]uint32{source}, nil)
		if len(holders) < len(granting) {
			if a.providers {
				slices.Sort(holders)
			}
			for _, h := range holders {
				describe(h)
			}
		} else {
			for _, h := range granting {
				if w.held[h] == w.stamp {
					describe(h)
				}
			}
		}
		edges[i].Permissions = w.joiner.get(gathered).list
	}
}
