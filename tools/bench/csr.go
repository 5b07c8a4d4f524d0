package main

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// csr is the graph of counting grants as a C programmer would lay it out: one array of
// offsets and one of neighbours, memberships and resources apart, each pair once. It is
// the physical limit that traversals are compared with.
type csr struct {
	people, groups, resources int
	up                        adjacency // person or group → groups, by number of the group
	own                       adjacency // person or group → resources, by number of the resource
}

type adjacency struct{ offsets, rows []uint32 }

func (a adjacency) of(n uint32) []uint32 { return a.rows[a.offsets[n]:a.offsets[n+1]] }

// newCSR lays out a model.
func newCSR(m *model) *csr {
	c := &csr{people: m.People, groups: m.Groups, resources: m.Resources}
	first := uint32(m.People) //nolint:gosec // fewer than 2^32
	c.up = layOut(m, m.isGroup, first)
	c.own = layOut(m, func(n uint32) bool { return n >= m.firstResource() }, m.firstResource())
	return c
}

func layOut(m *model, keep func(to uint32) bool, base uint32) adjacency {
	a := adjacency{offsets: make([]uint32, m.People+m.Groups+1)}
	i := 0
	for n := range len(a.offsets) - 1 {
		start := len(a.rows)
		for ; i < len(m.to) && int(m.from[i]) == n; i++ {
			if m.gives[i] && keep(m.to[i]) {
				a.rows = append(a.rows, m.to[i]-base)
			}
		}
		slices.Sort(a.rows[start:])
		a.rows = append(a.rows[:start], slices.Compact(a.rows[start:])...)
		a.offsets[n+1] = uint32(len(a.rows)) //nolint:gosec // fewer than 2^32
	}
	return a
}

// groupRow is the row of a group in up and own.
func (c *csr) groupRow(group uint32) uint32 { return uint32(c.people) + group } //nolint:gosec // fewer than 2^32

// scratch is the working memory of one core: stamps instead of sets, so that nothing is
// cleared between two people.
type scratch struct {
	group, resource []uint32 // stamp by number
	stamp           uint32
	stack           []uint32
}

func (c *csr) scratch() *scratch {
	return &scratch{group: make([]uint32, c.groups), resource: make([]uint32, c.resources)}
}

// count is how many resources a person reaches.
func (c *csr) count(person uint32, s *scratch) (n int) {
	s.stamp++
	stamp := s.stamp
	for _, r := range c.own.of(person) {
		s.resource[r] = stamp
		n++ // pairs are distinct
	}
	stack := s.stack[:0]
	for _, g := range c.up.of(person) {
		s.group[g] = stamp
		stack = append(stack, g)
	}
	for len(stack) > 0 {
		row := c.groupRow(stack[len(stack)-1])
		stack = stack[:len(stack)-1]
		for _, r := range c.own.of(row) {
			if s.resource[r] != stamp {
				s.resource[r] = stamp
				n++
			}
		}
		for _, g := range c.up.of(row) {
			if s.group[g] != stamp {
				s.group[g] = stamp
				stack = append(stack, g)
			}
		}
	}
	s.stack = stack
	return n
}

// countAll counts the (person, resource) pairs with so many cores.
func (c *csr) countAll(cores int, scratches []*scratch) int64 {
	const chunk = 256
	var next atomic.Int64
	var total atomic.Int64
	var work sync.WaitGroup
	for k := range cores {
		work.Go(func() {
			s, sum := scratches[k], int64(0)
			for {
				hi := next.Add(chunk)
				lo := hi - chunk
				if lo >= int64(c.people) {
					break
				}
				for p := lo; p < min(hi, int64(c.people)); p++ {
					sum += int64(c.count(uint32(p), s)) //nolint:gosec // an index
				}
			}
			total.Add(sum)
		})
	}
	work.Wait()
	return total.Load()
}

// scratches are one for each core.
func (c *csr) scratches() []*scratch {
	out := make([]*scratch, runtime.GOMAXPROCS(0))
	for i := range out {
		out[i] = c.scratch()
	}
	return out
}

// search is a bare breadth-first search from a person over everything that it reaches; it
// returns how many groups and resources that are and notes who found each (prev).
func (c *csr) search(person uint32, s *scratch, prev []uint32) (found int) {
	s.stamp++
	stamp := s.stamp
	queue := append(s.stack[:0], person)
	for i := 0; i < len(queue); i++ {
		row := queue[i]
		for _, r := range c.own.of(row) {
			if s.resource[r] != stamp {
				s.resource[r] = stamp
				prev[c.groups+int(r)] = row
				found++
			}
		}
		for _, g := range c.up.of(row) {
			if s.group[g] != stamp {
				s.group[g] = stamp
				prev[g] = row
				queue = append(queue, c.groupRow(g))
				found++
			}
		}
	}
	s.stack = queue
	return found
}

// pass reads every edge of the graph once: what any answer costs that has to look at all of them.
func (c *csr) pass() (sum uint64) {
	for _, a := range []adjacency{c.up, c.own} {
		for row := range len(a.offsets) - 1 {
			for _, to := range a.of(uint32(row)) { //nolint:gosec // an index
				sum += uint64(to) ^ uint64(row) //nolint:gosec // an index
			}
		}
	}
	return sum
}

// edges is the number of distinct counting pairs.
func (c *csr) edges() int { return len(c.up.rows) + len(c.own.rows) }
