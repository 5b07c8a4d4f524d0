package snapshot

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// A derived snapshot is of a past moment, or of a graph that somebody imagines. It has the
// rows, the columns and the grant tables of the snapshot of the present that it was made
// of, and beside them a patch: what is different. Making one costs what is different, and
// the graph of connections where that is.

// derived says what a snapshot is; of the present all of it is zero.
type derived struct {
	base      *Snapshot // of the present, whose tables hold it all
	moment    time.Time // zero = the present
	simulated bool
	patch     *patch
}

// present is the snapshot of the present that s was derived from, or s itself.
func (s *Snapshot) present() *Snapshot {
	if s.derived.base != nil {
		return s.derived.base
	}
	return s
}

// AsOf returns the snapshot of a moment; see query.Whole. It scans the times of entities
// and grants, and works out anew what entities have whose grants changed since.
func (s *Snapshot) AsOf(ctx context.Context, at time.Time) (*Snapshot, error) {
	base := s.present()
	if have := base.moments.get(at); have != nil {
		return have, nil
	}
	p := newPatch(base)
	live, known := base.existing(at)
	p.known = known
	p.gone.Flip(base.grants.len())
	p.gone.AndNot(base.grants.from.by(at, base.grants.len()))
	p.revived.Or(base.ended.from.by(at, base.ended.len()))
	p.revived.AndNot(base.ended.to.by(at, base.ended.len()))
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// What was not there holds nothing, whatever the times of its grants say.
	absent := base.live.Clone()
	absent.AndNot(live)
	for row := range absent.Rows {
		p.drop(row)
	}
	for g := range p.revived.Rows {
		if !live.Has(base.ended.source[g]) || !live.Has(base.ended.target[g]) {
			p.revived.Clear(g)
		}
	}
	out, err := base.derive(ctx, p, live, derived{base: base, moment: at, patch: p})
	if err == nil {
		base.moments.put(out)
	}
	return out, err
}

// moments are the past moments of a snapshot that were asked for last: pages of a list are
// asked for one after the other.
type moments struct {
	lock sync.Mutex
	last []*Snapshot // the latest last
}

// keptMoments is how many are kept.
const keptMoments = 4

// derivedShare is the part of the budget for what was asked that a derived snapshot has.
const derivedShare = 8

func (m *moments) get(at time.Time) *Snapshot {
	m.lock.Lock()
	defer m.lock.Unlock()
	for i, s := range m.last {
		if s.derived.moment.Equal(at) {
			m.last = append(slices.Delete(m.last, i, i+1), s)
			return s
		}
	}
	return nil
}

func (m *moments) put(s *Snapshot) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if len(m.last) == keptMoments {
		m.last = slices.Delete(m.last, 0, 1)
	}
	m.last = append(m.last, s)
}

// by returns the times that are not after v; unknown ones are.
func (t *times) by(v time.Time, n int) Bits {
	out := NewBits(n)
	t.notAfter(v, out)
	for i := range uint32(n) { //nolint:gosec // fewer than 2^32
		if t.missing(i) {
			out.Set(i)
		}
	}
	return out
}

// existing returns the rows that were live at a moment, and those that were first seen by then.
func (s *Snapshot) existing(at time.Time) (live, known Bits) {
	known = s.time[timeFirstSeen].by(at, s.n)
	removed := NewBits(s.n)
	s.time[timeRemovedAt].notAfter(at, removed)
	live = known.Clone()
	live.AndNot(removed)
	return live, known
}

// With returns the snapshot as it would be after the changes, which happen at a moment;
// see query.Whole.
func (s *Snapshot) With(ctx context.Context, changes []query.Change, at time.Time) (*Snapshot, error) {
	c, err := s.plan(changes)
	if err != nil {
		return nil, err
	}
	base := s.present()
	p := newPatch(base)
	if old := s.derived.patch; old != nil {
		p.gone, p.revived, p.known = old.gone.Clone(), old.revived.Clone(), old.known
		p.removedAt = maps.Clone(old.removedAt)
		p.status = maps.Clone(old.status)
		p.added = slices.DeleteFunc(slices.Clone(old.added), func(a freshGrant) bool { return c.gone[a.g.Key()] })
	}
	for key := range c.gone {
		p.remove(key)
	}
	for _, g := range c.added {
		source, _ := s.Row(g.Source)
		target, _ := s.Row(g.Target)
		p.added = append(p.added, freshGrant{source, target, &g})
	}
	live := s.live.Clone()
	for row := range c.deleted {
		live.Clear(row)
		p.removedAt[row] = at
	}
	for row := range c.suspended {
		p.status[row] = access.StatusSuspended
	}
	return base.derive(ctx, p, live, derived{base: base, moment: s.derived.moment, simulated: true, patch: p})
}

// derive makes the snapshot that a patch describes; s is of the present.
func (s *Snapshot) derive(ctx context.Context, p *patch, live Bits, d derived) (*Snapshot, error) {
	p.finish()
	out := &Snapshot{
		version: s.version, mark: s.mark, n: s.n, columns: s.columns, live: live, kind: s.kind, types: s.types,
		grants: s.grants, ended: s.ended, cache: newShowCache(s.n), derived: d,
	}
	if len(p.status) > 0 {
		out.enums[enumStatus] = s.enums[enumStatus].replacing(p.status)
	}
	bundles := s.bundles.extend(p)
	to := p.pairs(bundles)
	out.bundles = bundles.finish()
	out.to = s.to.replacing(p.sources, to)
	out.from = s.from.replacing(p.targets, p.reversed(to))
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if p.nests(to) {
		out.topology = newTopology(s.kind, out.to)
	} else {
		same := *s.topology
		same.flats = newFlats(same.components())
		out.topology = &same
	}
	// Asked less than the present, and there may be several of them.
	out.topology.flats.budget.Store(flatBudget / derivedShare)
	out.answers.less = answerBudget - answerBudget/derivedShare
	out.loops = out.findLoops()
	return out, ctx.Err()
}

// replacing returns the column with other values in some rows.
func (c *enumColumn) replacing(values map[uint32]access.Status) *enumColumn {
	out := &enumColumn{values: c.values, codes: slices.Clone(c.codes), sets: slices.Clone(c.sets)}
	changed := map[uint8]Bits{}
	set := func(code uint8) Bits {
		if changed[code] == nil {
			changed[code] = c.bits(int(code))
		}
		return changed[code]
	}
	for row, v := range values {
		if old := out.codes[row]; old != noEnum {
			set(old).Clear(row)
		}
		out.codes[row] = out.code(string(v))
		set(out.codes[row]).Set(row)
	}
	for code, rows := range changed {
		out.sets[code] = valueRows{dense: rows}
	}
	return out
}

// removedAt is when the entity of a row went, as this snapshot has it; zero = it did not.
func (s *Snapshot) removedAt(row uint32) time.Time {
	if p := s.derived.patch; p != nil {
		if at, ok := p.removedAt[row]; ok {
			return at
		}
	}
	at := s.time[timeRemovedAt].at(row)
	if m := s.derived.moment; !m.IsZero() && at.After(m) {
		return time.Time{}
	}
	return at
}

// there reports whether the entity of a row exists in this snapshot, removed or not.
func (s *Snapshot) there(row uint32) bool {
	p := s.derived.patch
	return p == nil || p.known == nil || p.known.Has(row)
}
