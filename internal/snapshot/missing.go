package snapshot

import (
	"cmp"
	"context"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// approach fills the region with the rows that reach a target with a permission that p
// selects, itself included when it does so in a cycle; dist has the hops of the shortest
// chain of each.
func (r *region) approach(to uint32, p *granted, dist []int32) []int32 {
	r.forget()
	dist = dist[:0]
	for _, row := range r.s.from.Of(to) {
		if p.pair(row, to) {
			r.enter(row)
			dist = append(dist, 1)
		}
	}
	for v := 0; v < len(r.rows); v++ {
		if !r.passes(r.rows[v]) {
			continue
		}
		for _, row := range r.s.from.Of(r.rows[v]) {
			if r.slot[row] == 0 {
				r.enter(row)
				dist = append(dist, dist[v]+1)
			}
		}
	}
	return dist
}

// missing works out one query.Missing.
type missing struct {
	s        *Snapshot
	from, to uint32
	p        *granted
	q        query.MissingQuery

	held    *region // what from holds, in the order of chains
	parent  []int32
	level   []int32 // node of held → hops from it
	others  []int   // node of held → identities that would come to reach to
	near    *region // what reaches to
	dist    []int32
	around  *region // scratch
	reached Bits    // by from
	gained  map[uint32]int
}

// missingGrant is a candidate: a grant from a node of held to a row.
type missingGrant struct {
	node   int32
	to     uint32
	length int32
	gained int
}

// Missing implements query.Explainer. The candidates are all pairs of a holder of From and
// a way to To. What a holder's members would gain takes one search from each holder, what
// From would gain one search from each way in, and only from those that come first.
func (r *reader) Missing(ctx context.Context, q query.MissingQuery) (query.Missing, error) {
	s := r.s
	from, okFrom := s.liveRow(q.From)
	to, okTo := s.liveRow(q.To)
	if !okFrom || !okTo || from == to {
		return query.Missing{}, ctx.Err()
	}
	if q.First <= 0 {
		q.First = query.DefaultMissing
	}
	m := missing{s: s, from: from, to: to, p: s.granted(q.Permission), q: q, gained: map[uint32]int{}, reached: NewBits(s.n)}
	for _, part := range []**region{&m.held, &m.near, &m.around} {
		*part = s.region(q.ThroughIdentities)
		defer (*part).release()
	}
	if m.hold() {
		return query.Missing{Reached: true}, ctx.Err()
	}
	m.dist = m.near.approach(to, m.p, m.dist)
	if err := m.affected(ctx); err != nil {
		return query.Missing{}, err
	}
	var out query.Missing
	for _, row := range m.near.rows {
		if s.kind[row] == kindIdentity && row != to {
			out.Others++
		}
	}
	m.ways(&out)
	list, total, err := m.rank(ctx)
	if err != nil {
		return query.Missing{}, err
	}
	out.Total = total
	for _, c := range list {
		out.Grants = append(out.Grants, m.show(c))
	}
	return out, ctx.Err()
}

// hold finds the holders of from and what it reaches; it reports whether that includes
// what is asked about.
func (m *missing) hold() (reaches bool) {
	m.held.search(m.from, &m.parent, func(v int32, targets []uint32) bool {
		for _, row := range targets {
			if row != m.from {
				m.reached.Set(row)
			}
		}
		if _, ok := slices.BinarySearch(targets, m.to); ok && m.p.pair(m.held.rows[v], m.to) {
			reaches = true
		}
		return !reaches
	})
	m.level = make([]int32, len(m.held.rows))
	for v := 1; v < len(m.level) && !reaches; v++ {
		m.level[v] = m.level[m.parent[v]] + 1
	}
	return reaches
}

// affected counts, for each holder, the other identities that hold it and do not reach
// the target.
func (m *missing) affected(ctx context.Context) error {
	m.others = make([]int, len(m.held.rows))
	for v, holder := range m.held.rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		r := m.around
		r.forget()
		r.enter(holder)
		for i := 0; i < len(r.rows); i++ {
			row := r.rows[i]
			if m.s.kind[row] == kindIdentity && row != m.from && row != m.to && m.near.slot[row] == 0 {
				m.others[v]++
			}
			if i > 0 && !r.passes(row) || !r.passes(holder) {
				continue
			}
			for _, by := range m.s.from.Of(row) {
				r.enter(by)
			}
		}
	}
	return nil
}

// rank returns the first candidates in the order asked for and how many there are. What
// from would gain is worked out only where it decides.
func (m *missing) rank(ctx context.Context) (list []missingGrant, total int, err error) {
	type key struct{ a, b int }
	groups := map[key][]missingGrant{}
	least := m.q.Order == query.LeastPrivilege
	add := func(v int32, to uint32, hops int32) {
		c := missingGrant{node: v, to: to, length: m.level[v] + 1 + hops}
		k := key{int(c.length), m.others[v]}
		if least {
			k = key{m.others[v], 0}
		}
		groups[k] = append(groups[k], c)
		total++
	}
	for v := range int32(len(m.held.rows)) { //nolint:gosec // fewer than 2^31 rows
		add(v, m.to, 0)
		for i, row := range m.near.rows {
			if row != m.to && m.near.passes(row) {
				add(v, row, m.dist[i])
			}
		}
	}
	keys := make([]key, 0, len(groups))
	for k := range groups {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(x, y key) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	for _, k := range keys {
		group := groups[k]
		for i := range group {
			if err := ctx.Err(); err != nil {
				return nil, 0, err
			}
			group[i].gained = m.gain(group[i].to)
		}
		slices.SortFunc(group, func(x, y missingGrant) int {
			return cmp.Or(cmp.Compare(x.gained, y.gained), cmp.Compare(x.length, y.length),
				cmp.Compare(m.held.rows[x.node], m.held.rows[y.node]), cmp.Compare(x.to, y.to))
		})
		if list = append(list, group...); len(list) >= m.q.First {
			return list[:m.q.First], total, nil
		}
	}
	return list, total, nil
}

// gain counts what from would reach more with a grant on the row.
func (m *missing) gain(row uint32) int {
	n, ok := m.gained[row]
	if !ok {
		m.s.gains(m.around, m.from, row, m.reached, func(uint32) { n++ })
		m.gained[row] = n
	}
	return n
}

// gains yields, in no order, what a row would reach more than reached with a new grant.
func (s *Snapshot) gains(r *region, who, grant uint32, reached Bits, yield func(row uint32)) {
	r.forget()
	if grant != who && !reached.Has(grant) {
		yield(grant)
	}
	if !r.passes(grant) {
		return
	}
	var seen []uint32
	r.enter(grant)
	for v := 0; v < len(r.rows); v++ {
		for _, row := range s.to.Of(r.rows[v]) {
			if r.passes(row) {
				if r.slot[row] > 0 {
					continue
				}
				r.enter(row)
			}
			if row != who && !reached.Has(row) {
				seen = append(seen, row)
			}
		}
	}
	slices.Sort(seen)
	for _, row := range slices.Compact(seen) {
		yield(row)
	}
}

// show describes a candidate.
func (m *missing) show(c missingGrant) query.MissingGrant {
	s := m.s
	source := m.held.rows[c.node]
	rows := m.held.wayTo(c.node, m.parent, nil)
	at := len(rows) // of the new grant's target
	for row := c.to; ; {
		rows = append(rows, row)
		if row == m.to && len(rows) > at+int(c.length-m.level[c.node])-1 {
			break
		}
		row = m.onward(row)
	}
	out := query.MissingGrant{
		Source: s.ids[source], Target: s.ids[c.to], Permission: m.permission(source, c.to),
		Gained: c.gained, Others: m.others[c.node],
	}
	out.Peers = m.members(c.to)
	out.Chain = s.chain(rows)
	out.Chain.Hops[at-1] = []access.Permission{out.Permission}
	return out
}

// onward is the next row on the first of the shortest chains to the target.
func (m *missing) onward(row uint32) uint32 {
	d := m.dist[m.near.node(row)]
	if d == 1 {
		return m.to
	}
	best := none
	for _, next := range m.s.to.Of(row) {
		if v := m.near.node(next); v >= 0 && m.dist[v] == d-1 && m.near.passes(next) && (best == none || m.s.idPos[next] < m.s.idPos[best]) {
			best = next
		}
	}
	return best
}

// permission is the one that most holders of something on the target have on it: of the
// kind of source if there are any, and one that was asked for on the target in question.
func (m *missing) permission(source, target uint32) access.Permission {
	s := m.s
	var alike, all map[access.Permission]int
	alike, all = map[access.Permission]int{}, map[access.Permission]int{}
	for _, row := range s.from.Of(target) {
		for _, p := range s.permissions(row, target) {
			if target != m.to || m.p.permission(p.Name) {
				all[p]++
				if s.kind[row] == s.kind[source] {
					alike[p]++
				}
			}
		}
	}
	if len(alike) > 0 {
		all = alike
	}
	var best access.Permission
	most := 0
	for p, n := range all {
		if n > most || n == most && (p.Name < best.Name || p.Name == best.Name && p.Value < best.Value) {
			best, most = p, n
		}
	}
	return best
}

// members counts the identities that hold something on a row and thereby reach the target.
func (m *missing) members(row uint32) int { return m.count(row, row == m.to) }

func (m *missing) count(row uint32, asked bool) int {
	n := 0
	for _, by := range m.s.from.Of(row) {
		if m.s.kind[by] == kindIdentity && by != row && by != m.to && (!asked || m.p.pair(by, row)) {
			n++
		}
	}
	return n
}

// ways lists how identities get in.
func (m *missing) ways(out *query.Missing) {
	type way struct {
		query.Way
		row uint32
	}
	var all []way
	add := func(w way) {
		if w.Identities > 0 {
			all = append(all, w)
		}
	}
	add(way{query.Way{Direct: true, Identities: m.members(m.to), Length: 1}, 0})
	for i, row := range m.near.rows {
		// Membership in the target itself is a way where it leads back with the permission.
		if m.near.passes(row) && (row != m.to || m.p.match != nil) {
			add(way{query.Way{Entry: m.s.ids[row], Identities: m.count(row, false), Length: int(m.dist[i]) + 1}, row})
		}
	}
	slices.SortFunc(all, func(x, y way) int {
		return cmp.Or(cmp.Compare(y.Identities, x.Identities), cmp.Compare(x.Length, y.Length), cmp.Compare(x.row, y.row))
	})
	out.WaysMore = len(all) > m.q.First
	for _, w := range all[:min(m.q.First, len(all))] {
		out.Ways = append(out.Ways, w.Way)
	}
}
