package snapshot

import (
	"slices"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// gather makes a column of the new table: kept values come from old, fresh ones are made.
func gather[T any](p *grantPlan, old []T, fresh func(*access.Grant) T) []T {
	out := make([]T, len(p.from))
	n := uint32(len(old)) //nolint:gosec // fewer than 2^32 grants
	for g, source := range p.from {
		if source >= n {
			out[g] = fresh(p.fresh[source-n].g)
		} else {
			out[g] = old[source]
		}
	}
	return out
}

// gatherCodes is gather for codes, of which the kept ones go through recode (nil = they
// stay as they are).
func gatherCodes(p *grantPlan, old *codes, recode []uint32, fresh func(*access.Grant) uint32) codes {
	again := func(code uint32) uint32 {
		if code == none || recode == nil {
			return code
		}
		return recode[code]
	}
	n := uint32(old.n)             //nolint:gosec // fewer than 2^32 grants
	if old.bytes() == 0 && n > 0 { // they are all the same, and may still be
		same := again(old.same)
		for i := range p.fresh {
			if fresh(p.fresh[i].g) != same {
				same = none - 1 // no code
				break
			}
		}
		if same != none-1 {
			return codes{n: len(p.from), same: same}
		}
	}
	out := make([]uint32, len(p.from))
	for g, source := range p.from {
		if source >= n {
			out[g] = fresh(p.fresh[source-n].g)
		} else {
			out[g] = again(old.at(source))
		}
	}
	return packCodes(out)
}

// maxListed is how many distinct values a column may have that only gains some; with more
// it is made anew, which leaves out those that nobody has any more.
const maxListed = 4096

// gathered is the column of the new table.
func (t *times) gathered(p *grantPlan, of func(*access.Grant) time.Time) times {
	if !t.coded || len(t.sec)+len(p.fresh) > maxListed+len(p.from)/8 || len(t.sec) > maxListed {
		return packTimes(gather(p, t.list(), func(g *access.Grant) instant { return instantOf(of(g)) }))
	}
	all := make([]instant, 0, len(t.sec)+len(p.fresh))
	for i, sec := range t.sec {
		v := instant{sec: sec}
		if t.nsec != nil {
			v.nsec = t.nsec[i]
		}
		all = append(all, v)
	}
	for i := range p.fresh {
		if at := of(p.fresh[i].g); !at.IsZero() {
			all = append(all, instantOf(at))
		}
	}
	slices.SortFunc(all, instant.compare)
	all = slices.Compact(all)
	place := func(v instant) uint32 {
		i, ok := slices.BinarySearchFunc(all, v, instant.compare)
		if !ok {
			return none
		}
		return uint32(i) //nolint:gosec // an index
	}
	var recode []uint32
	if len(all) > len(t.sec) {
		recode = make([]uint32, len(t.sec))
		for i, sec := range t.sec {
			v := instant{sec: sec}
			if t.nsec != nil {
				v.nsec = t.nsec[i]
			}
			recode[i] = place(v)
		}
	}
	out := times{n: len(p.from), coded: true}
	out.listed(all)
	out.codes = gatherCodes(p, &t.codes, recode, func(g *access.Grant) uint32 { return place(instantOf(of(g))) })
	return out
}

// gathered is the column of the new table.
func (c *plain) gathered(p *grantPlan, of func(*access.Grant) string) plain {
	if c.values.len() > maxListed || len(p.fresh) > maxListed+len(p.from)/8 {
		return packPlain(gather(p, c.list(), of))
	}
	values, number := c.values.list(), map[string]uint32{}
	for i, v := range values {
		number[v] = uint32(i) //nolint:gosec // an index
	}
	for i := range p.fresh {
		v := of(p.fresh[i].g)
		if _, known := number[v]; !known && v != "" {
			number[v] = uint32(len(values)) //nolint:gosec // an index
			values = append(values, v)
		}
	}
	out := plain{values: c.values}
	if len(values) > c.values.len() {
		out.values = packTexts(values)
	}
	out.codes = gatherCodes(p, &c.codes, nil, func(g *access.Grant) uint32 {
		if v := of(g); v != "" {
			return number[v]
		}
		return none
	})
	return out
}

// dropUnused leaves out of a large dictionary what no element has any more, once that is a
// quarter of it: refreshes only add values.
func dropUnused(d *dict, c *codes) {
	if d.values.len() <= maxListed {
		return
	}
	used := NewBits(d.values.len())
	for i := range uint32(c.n) { //nolint:gosec // fewer than 2^32 grants
		if code := c.at(i); code != none {
			used.Set(code)
		}
	}
	if used.Count() > d.values.len()*3/4 {
		return
	}
	used.Flip(d.values.len())
	smaller, recode := d.without(used.List(), nil)
	list := c.list()
	for i, code := range list {
		if code != none {
			list[i] = recode[code]
		}
	}
	*d, *c = smaller, packCodes(list)
}
