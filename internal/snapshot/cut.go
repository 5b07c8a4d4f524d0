package snapshot

import (
	"cmp"
	"context"
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
	"github.com/accessgraph/accessgraph/internal/snapshot/flow"
)

// cutting is the flow network of one question. A pair of entities carries as much as its
// counting grants weigh. A pair of a holder and a target is two arcs: the grants that the
// question is about lead to the end, the others on through the target. No grant is in
// both: where one that leads to the end can be used at all, it has to go.
type cutting struct {
	s      *Snapshot
	r      *region
	q      *query.CutQuery
	p      *granted
	to     targets
	n      *flow.Network
	arcs   []cutArc
	source int32
	sink   int32
	grants []access.Grant // scratch
}

// cutArc is what an arc of the network stands for.
type cutArc struct {
	from, to uint32 // rows
	end      bool   // the grants asked for, to a target; else the others
	link     bool   // no grants at all: the way into a source
}

// Cut implements query.Explainer. The network is the part of the graph between the two
// sides; its flow is found by Dinic's algorithm and taken apart into chains; the cut is
// read off what is left.
func (r *reader) Cut(ctx context.Context, q query.CutQuery) (query.Cut, error) {
	s := r.s
	from, err := r.side(ctx, q.From, q.FromFilter)
	if err != nil {
		return query.Cut{}, err
	}
	targeted, err := r.side(ctx, q.To, q.ToFilter)
	if err != nil {
		return query.Cut{}, err
	}
	if row, both := common(from, targeted); both {
		return query.Cut{}, access.Invalid("to", "%s is on both sides", s.ids[row])
	}
	to := s.targets(targeted)
	part := s.region(q.ThroughIdentities)
	defer part.release()
	c := cutting{s: s, r: part, q: &q, p: s.granted(q.Permission), to: to}
	part.explore(from, to, c.p)
	if !part.prune() {
		return query.Cut{}, ctx.Err()
	}
	c.build()
	total, err := c.n.Run(ctx, c.source, c.sink)
	if err != nil {
		return query.Cut{}, err
	}
	if total >= flow.Infinite {
		return c.impossible(), nil
	}
	out := c.read()
	c.prove(&out)
	if out.Weight != out.Flow || out.Flow != total {
		return query.Cut{}, access.Errorf(access.CodeInternal, "the cut weighs %d but the chains that prove it %d", out.Weight, out.Flow)
	}
	return out, ctx.Err()
}

// side is the rows of those of the ids that exist, and of the entities that pass a filter,
// ascending. A few ids take no look at the rest of the graph.
func (r *reader) side(ctx context.Context, ids []string, f *filter.Filter) ([]uint32, error) {
	s := r.s
	var rows []uint32
	if f != nil {
		selected, err := s.Select(ctx, f, "", r.now)
		if err != nil {
			return nil, err
		}
		selected.And(s.live)
		rows = selected.List()
	}
	for _, id := range ids {
		if row, ok := s.liveRow(id); ok {
			rows = append(rows, row)
		}
	}
	slices.Sort(rows)
	return slices.Compact(rows), nil
}

// common is the first row of both ascending lists.
func common(a, b []uint32) (row uint32, ok bool) {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] == b[0]:
			return a[0], true
		case a[0] < b[0]:
			a = a[1:]
		default:
			b = b[1:]
		}
	}
	return 0, false
}

// build makes the network: the nodes of the region, the sink, and a source before all
// sources when there are several.
func (c *cutting) build() {
	r := c.r
	nodes := len(r.rows)
	c.source, c.sink = 0, int32(nodes) //nolint:gosec // fewer than 2^31 rows
	if r.sources > 1 {
		c.source = c.sink + 1
	}
	c.n = flow.New(nodes+2, len(r.next)+len(r.ends)+r.sources)
	if r.sources > 1 {
		for v := range r.sources {
			c.add(c.source, int32(v), flow.Infinite, cutArc{link: true}) //nolint:gosec // an index
		}
	}
	for v, e := int32(0), 0; int(v) < nodes; v++ {
		from := r.rows[v]
		for _, w := range r.next[r.starts[v]:r.starts[v+1]] {
			if int(w) < r.sources || w == v {
				continue // that leads nowhere new
			}
			arc := cutArc{from: from, to: r.rows[w]}
			if capacity := c.capacity(arc); capacity > 0 {
				c.add(v, w, capacity, arc)
			}
		}
		for ; e < len(r.ends) && r.ends[e].node == v; e++ {
			arc := cutArc{from: from, to: r.ends[e].target, end: true}
			c.add(v, c.sink, c.capacity(arc), arc)
		}
	}
}

func (c *cutting) add(from, to int32, capacity int64, arc cutArc) {
	c.n.Add(from, to, capacity)
	c.arcs = append(c.arcs, arc)
}

// capacity is what the grants of an arc weigh.
func (c *cutting) capacity(arc cutArc) int64 {
	if c.q.Weight == nil && c.p.match == nil {
		if !arc.end && c.to.has(arc.to) {
			return 0 // all of them lead to the end
		}
		return c.s.grantCount(arc.from, arc.to)
	}
	sum := int64(0)
	for _, g := range c.of(arc) {
		w := c.weight(g)
		if w == 0 {
			return flow.Infinite
		}
		sum += w
	}
	return sum
}

// of returns the grants of an arc; good until the next call.
func (c *cutting) of(arc cutArc) []access.Grant {
	c.grants = c.s.countingGrants(arc.from, arc.to, c.grants[:0])
	if c.to.has(arc.to) {
		c.grants = slices.DeleteFunc(c.grants, func(g access.Grant) bool { return c.p.permission(g.Permission) != arc.end })
	}
	return c.grants
}

// maxWeight keeps sums of weights below what counts as infinite.
const maxWeight = 1 << 32

// weight is 0 for what has to stay.
func (c *cutting) weight(g access.Grant) int64 {
	if c.q.Weight == nil {
		return 1
	}
	return min(max(c.q.Weight(g), 0), maxWeight)
}

// read lists the grants that leave the side of the source, or enter that of the sink.
func (c *cutting) read() query.Cut {
	crosses := func(side []bool, from, to int32) bool { return side[from] && !side[to] }
	side := c.n.SourceSide()
	if c.q.NearTarget {
		side = c.n.SinkSide()
		crosses = func(side []bool, from, to int32) bool { return !side[from] && side[to] }
	}
	var cut []cutArc
	for i, arc := range c.arcs {
		if from, to := c.n.Ends(i); !arc.link && crosses(side, from, to) {
			cut = append(cut, arc)
		}
	}
	slices.SortFunc(cut, func(a, b cutArc) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	var out query.Cut
	before := 0 // grants of the arc before
	for i, arc := range cut {
		grants := c.of(arc)
		for _, g := range grants {
			out.Weight += c.weight(g)
		}
		if i > 0 && cut[i-1].from == arc.from && cut[i-1].to == arc.to {
			// Both arcs of the pair: all its grants, in their order.
			out.Grants = out.Grants[:len(out.Grants)-before]
			grants = c.s.countingGrants(arc.from, arc.to, c.grants[:0])
		}
		before = len(grants)
		out.Grants = append(out.Grants, grants...)
	}
	return out
}

// prove takes the flow apart into chains.
func (c *cutting) prove(out *query.Cut) {
	limit := c.q.Chains
	if limit <= 0 {
		limit = query.DefaultChains
	}
	var all []query.ProofChain
	c.n.Paths(func(arcs []int32, amount int64) bool {
		out.Flow += amount
		all = append(all, query.ProofChain{Nodes: c.nodes(arcs), Weight: amount})
		return true
	})
	slices.SortFunc(all, func(a, b query.ProofChain) int {
		return cmp.Or(cmp.Compare(len(a.Nodes), len(b.Nodes)), slices.Compare(a.Nodes, b.Nodes))
	})
	equal := 0 // the same way along other grants
	for i := range all {
		if i > 0 && slices.Equal(all[i].Nodes, all[equal].Nodes) {
			all[equal].Weight += all[i].Weight
			continue
		} else if i > 0 {
			equal++
		}
		all[equal] = all[i]
	}
	all = all[:min(equal+1, len(all))]
	out.Proof, out.ProofTotal = all[:min(limit, len(all))], len(all)
}

func (c *cutting) nodes(arcs []int32) []string {
	var ids []string
	for _, a := range arcs {
		if arc := c.arcs[a]; !arc.link {
			if len(ids) == 0 {
				ids = append(ids, c.s.ids[arc.from])
			}
			ids = append(ids, c.s.ids[arc.to])
		}
	}
	return ids
}

// impossible shows a chain that no removal can end.
func (c *cutting) impossible() query.Cut {
	return query.Cut{Impossible: true, ProofTotal: 1, Proof: []query.ProofChain{{Nodes: c.nodes(c.n.Unlimited())}}}
}
