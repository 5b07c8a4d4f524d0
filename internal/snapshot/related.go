package snapshot

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/accessgraph/accessgraph/internal/filter"
)

// clause is a having clause with its parts evaluated.
type clause struct {
	s        *Snapshot
	forward  bool // the entity is the source
	direct   bool
	entity   Bits
	via      Bits // nil = not asked
	passing  Bits // bundles whose permission was asked for; nil = all
	accepted *permissionSet
}

// related evaluates a having clause: one closure gives the entities with at least one
// related entity; only a higher count looks at entities one by one, and only at those.
func (e *evaluator) related(n filter.Related) (Bits, error) {
	s := e.s
	c := clause{s: s, forward: n.Direction != filter.AccessibleBy, direct: n.Direct, accepted: s.permissionSet(n.Permission)}
	c.passing = s.bundles.passing(c.accepted)
	var err error
	if c.entity, err = e.eval(n.Entity); err != nil {
		return nil, err
	}
	c.entity.And(s.live)
	if n.HasVia {
		if c.via, err = e.eval(n.Via); err != nil {
			return nil, err
		}
		c.via.And(s.live)
		c.via.And(s.types[kindConnection])
	}
	some, err := c.some(e.ctx)
	if err != nil {
		return nil, err
	}
	switch {
	case n.None:
		some.Flip(s.n)
	case n.AtLeast > 1:
		if err := c.keep(e.ctx, some, n.AtLeast); err != nil {
			return nil, err
		}
	}
	return some, e.ctx.Err()
}

func (s *Snapshot) permissionSet(m *filter.StringMatch) *permissionSet {
	if m.Neutral() {
		return nil
	}
	return &permissionSet{codes: s.matchCodes(m), empty: m.Value("", false)}
}

// permissionCodes is how many codes of names of permissions there are.
func (s *Snapshot) permissionCodes() int {
	n := s.grants.permissions.values.len()
	if p := s.derived.patch; p != nil {
		n += len(p.names)
	}
	return n
}

// matchCodes returns the codes of the names of permissions that match.
func (s *Snapshot) matchCodes(m *filter.StringMatch) Bits {
	set := s.grants.permissions.matchSet(m)
	if p := s.derived.patch; p != nil && len(p.names) > 0 {
		set = append(set, NewBits(s.permissionCodes())[len(set):]...)
		for i, name := range p.names {
			if m.Value(name, false) {
				set.Set(uint32(s.grants.permissions.values.len() + i)) //nolint:gosec // fewer than 2^32 names
			}
		}
	}
	return set
}

// some returns the entities with at least one related entity.
func (c *clause) some(ctx context.Context) (out Bits, err error) {
	s := c.s
	switch {
	case c.direct:
		return c.someDirect(), nil
	case c.via == nil && c.forward:
		return s.backward(ctx, c.entity, c.passing)
	case c.via == nil:
		return s.forward(c.entity, c.passing), nil
	}
	// Through connections in between: first those that lead to (or are reached by) a related
	// entity other than themselves, then what is beyond them.
	if c.forward {
		between, err := s.backward(ctx, c.entity, c.passing)
		if err != nil {
			return nil, err
		}
		between.And(c.via)
		if out, err = s.backward(ctx, between, nil); err != nil {
			return nil, err
		}
	} else {
		between := s.forward(c.entity, nil)
		between.And(c.via)
		out = s.forward(between, c.passing)
	}
	v := c.visitor(ctx)
	defer v.done()
	for row := range s.doubtful(out, c.entity) {
		if v.count(row, nil, 1) == 0 {
			out.Clear(row)
		}
	}
	return out, ctx.Err()
}

func (c *clause) someDirect() Bits {
	out := NewBits(c.s.n)
	pairs := c.s.to
	if c.forward {
		pairs = c.s.from
	}
	for related := range c.entity.Rows {
		others, bundles := pairs.with(related)
		for i, other := range others {
			if other != related && c.passes(bundles[i]) {
				out.Set(other)
			}
		}
	}
	return out
}

func (c *clause) passes(bundle uint32) bool { return c.passing == nil || c.passing.Has(bundle) }

// keep takes out of rows those with fewer than atLeast related entities; every row has one.
func (c *clause) keep(ctx context.Context, rows Bits, atLeast int) error {
	// Only what leads to a related entity, or back to itself with another permission,
	// need be passed through.
	var only Bits
	if c.forward && c.via == nil && !c.direct {
		only = rows.Clone()
		only.Or(c.s.loops)
	}
	list := rows.List()
	guess, err := c.estimate(ctx, len(list))
	if err != nil {
		return err
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	var lock sync.Mutex
	const chunk = 64
	for range min(runtime.GOMAXPROCS(0), len(list)/chunk+1) {
		wait.Go(func() {
			v := c.visitor(ctx)
			defer v.done()
			var out []uint32
			for ctx.Err() == nil {
				from := int(next.Add(chunk)) - chunk
				if from >= len(list) {
					break
				}
				for _, row := range list[from:min(from+chunk, len(list))] {
					if guess != nil {
						if least, most, ok := guess.between(row, v.w); ok && (least >= atLeast || most < atLeast) {
							if most < atLeast {
								out = append(out, row)
							}
							continue
						}
					}
					if v.count(row, only, atLeast) < atLeast {
						out = append(out, row)
					}
				}
			}
			lock.Lock()
			defer lock.Unlock()
			for _, row := range out {
				rows.Clear(row)
			}
		})
	}
	wait.Wait()
	return ctx.Err()
}

// visitor counts the related entities of single rows; it serves one goroutine.
type visitor struct {
	*clause
	ctx     context.Context //nolint:containedctx // of one count
	w       *walker
	between Bits // scratch
	list    []uint32
}

func (c *clause) visitor(ctx context.Context) *visitor {
	return &visitor{clause: c, ctx: ctx, w: c.s.walker()}
}

func (v *visitor) done() { v.s.done(v.w) }

// count is the number of distinct related entities of row, up to limit.
func (v *visitor) count(row uint32, only Bits, limit int) int {
	switch {
	case v.direct:
		return v.countDirect(row, limit)
	case v.via != nil:
		return v.countVia(row, limit)
	case v.forward:
		return v.w.reachesOther(row, v.entity, v.passing, only, limit)
	}
	return v.w.reachedByOther(row, v.entity, v.passing, limit)
}

func (v *visitor) countDirect(row uint32, limit int) int {
	pairs := v.s.to
	if !v.forward {
		pairs = v.s.from
	}
	others, bundles := pairs.with(row)
	n := 0
	for i, other := range others {
		if other != row && v.entity.Has(other) && v.passes(bundles[i]) {
			if n++; n == limit {
				break
			}
		}
	}
	return n
}

func (v *visitor) countVia(row uint32, limit int) int {
	if v.between == nil {
		v.between = NewBits(v.s.n)
	}
	var near []uint32
	if v.forward {
		near = v.w.reach(row, nil)
	} else {
		near = v.w.reachedBy([]uint32{row}, v.passing, nil)
	}
	v.list = v.list[:0]
	for _, c := range near {
		if c != row && v.via.Has(c) {
			v.list = append(v.list, c)
			v.between.Set(c)
		}
	}
	var found Bits
	if len(v.list) > 0 {
		if v.forward {
			found = v.s.forward(v.between, v.passing)
		} else {
			var err error
			if found, err = v.s.backward(v.ctx, v.between, nil); err != nil {
				found = NewBits(v.s.n) // the count is given up
			}
		}
		found.And(v.entity)
		found.Clear(row)
	}
	for _, c := range v.list {
		v.between.Clear(c)
	}
	return min(found.Count(), limit)
}
