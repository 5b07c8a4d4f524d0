package ingest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
)

// cycles finds connections that contain one another. It holds only the pairs connection →
// connection, 24 bytes each, and at most limit of them; above that it says that it did
// not look.
type cycles struct {
	limit int
	pairs []pair
	full  bool
	// connections are the known ones in merge mode, ascending: stored grants do not tell
	// the types of their ends.
	connections []uint64
}

// cyclePairs is how many pairs are looked at: 24 MB.
const cyclePairs = 1_000_000

// pair is a counting grant between two connections, by the first 60 bits of their ids;
// row is 0 when only the store has it.
type pair struct {
	from, to uint64
	row      int64
}

// short packs the first twelve base32 letters of an entity id, keeping its order.
func short(id string) uint64 {
	var n uint64
	for _, c := range []byte(id[2:14]) {
		v := c - 'a' + 6 // a–z sort after 2–7
		if c < 'a' {
			v = c - '2'
		}
		n = n<<5 | uint64(v&31)
	}
	return n
}

// entity is told of every live entity, ascending by id.
func (c *cycles) entity(e *access.Entity, mode Mode) {
	if mode != Merge || e.Type != access.Connection || c.full {
		return
	}
	if len(c.connections) >= 3*c.limit {
		c.full = true
		return
	}
	c.connections = append(c.connections, short(e.ID))
}

func (c *cycles) edge(from, to string, row int64) {
	if from == to || c.full {
		return
	}
	p := pair{short(from), short(to), row}
	if n := len(c.pairs); n > 0 && c.pairs[n-1].from == p.from && c.pairs[n-1].to == p.to {
		if last := &c.pairs[n-1]; row > 0 && (last.row == 0 || row < last.row) {
			last.row = row // another permission of the same pair
		}
		return
	}
	if len(c.pairs) >= c.limit {
		c.full = true
		return
	}
	c.pairs = append(c.pairs, p)
}

func (c *cycles) storedEdge(from, to string) {
	_, a := slices.BinarySearch(c.connections, short(from))
	_, b := slices.BinarySearch(c.connections, short(to))
	if a && b {
		c.edge(from, to, 0)
	}
}

// component is a set of connections that all reach one another.
type component struct {
	members []uint64
	row     int64 // the first row with one of its grants
}

// report warns of every cycle; names gives the names of connections.
func (c *cycles) report(r *Report, names func(wanted map[uint64]string) error) error {
	if c.full {
		r.Warn(Issue{Code: CodeCycle, Message: fmt.Sprintf("more than %d grants between connections: cycles were not looked for", c.limit)})
		return nil
	}
	found := components(c.pairs)
	wanted := map[uint64]string{}
	for _, comp := range found {
		for _, m := range comp.members[:min(len(comp.members), cycleNames)] {
			wanted[m] = ""
		}
	}
	if len(wanted) > 0 {
		if err := names(wanted); err != nil {
			return err
		}
	}
	for _, comp := range found {
		list := make([]string, 0, cycleNames)
		for _, m := range comp.members[:min(len(comp.members), cycleNames)] {
			list = append(list, clip(wanted[m]))
		}
		slices.Sort(list)
		more := ""
		if n := len(comp.members) - len(list); n > 0 {
			more = fmt.Sprintf(" and %d more", n)
		}
		r.Warn(Issue{Row: comp.row, Code: CodeCycle, Column: EntitlementColumns[colTargetSourceID].Name,
			Message: fmt.Sprintf("%d connections contain one another: %s%s", len(comp.members), strings.Join(list, ", "), more)})
	}
	return nil
}

// cycleNames is how many members of a cycle are named.
const cycleNames = 20

// components are the strongly connected components of at least two nodes, by first row
// (Tarjan, without recursion: chains of groups can be long).
func components(pairs []pair) []component {
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.row, b.row))
	})
	nodes := make([]uint64, 0, len(pairs))
	for _, p := range pairs {
		if n := len(nodes); n == 0 || nodes[n-1] != p.from {
			nodes = append(nodes, p.from)
		}
	}
	// A node without grants of its own is in no cycle: nodes are the sources alone.
	start := make([]int32, len(nodes)+1)
	to := make([]int32, len(pairs))
	node := 0
	for i, p := range pairs {
		for nodes[node] != p.from {
			node++
			start[node] = int32(i) //nolint:gosec // at most cyclePairs
		}
		to[i] = -1
		if at, ok := slices.BinarySearch(nodes, p.to); ok {
			to[i] = int32(at) //nolint:gosec // at most cyclePairs
		}
	}
	start[len(nodes)] = int32(len(pairs)) //nolint:gosec // at most cyclePairs
	if len(nodes) == 0 {
		return nil
	}
	comp := tarjan(start, to)
	size := map[int32]int{}
	for _, k := range comp {
		size[k]++
	}
	at := map[int32]int{}
	var out []component
	for i, k := range comp {
		if size[k] < 2 {
			continue
		}
		if _, ok := at[k]; !ok {
			at[k] = len(out)
			out = append(out, component{})
		}
		c := &out[at[k]]
		c.members = append(c.members, nodes[i])
		for e := start[i]; e < start[i+1]; e++ {
			if to[e] >= 0 && comp[to[e]] == k && pairs[e].row > 0 && (c.row == 0 || pairs[e].row < c.row) {
				c.row = pairs[e].row
			}
		}
	}
	slices.SortStableFunc(out, func(a, b component) int { return cmp.Compare(a.row, b.row) })
	return out
}

// tarjan numbers the strongly connected component of each node of a graph in CSR form;
// targets below 0 are skipped.
func tarjan(start, to []int32) []int32 {
	n := len(start) - 1
	index, low, comp := make([]int32, n), make([]int32, n), make([]int32, n)
	for i := range comp {
		comp[i] = -1
	}
	next := make([]int32, n) // the edge to follow next
	copy(next, start)
	var stack, path []int32
	var counter, comps int32
	for root := range n {
		if index[root] != 0 {
			continue
		}
		path = append(path[:0], int32(root)) //nolint:gosec // at most cyclePairs
		for len(path) > 0 {
			v := path[len(path)-1]
			if index[v] == 0 {
				counter++
				index[v], low[v] = counter, counter
				stack = append(stack, v)
			}
			descended := false
			for next[v] < start[v+1] {
				w := to[next[v]]
				if w >= 0 && index[w] == 0 {
					path = append(path, w) // the edge is looked at again afterwards
					descended = true
					break
				}
				next[v]++
				if w >= 0 && comp[w] < 0 {
					low[v] = min(low[v], low[w])
				}
			}
			if descended {
				continue
			}
			path = path[:len(path)-1]
			if low[v] == index[v] {
				for {
					w := stack[len(stack)-1]
					stack = stack[:len(stack)-1]
					comp[w] = comps
					if w == v {
						break
					}
				}
				comps++
			}
		}
	}
	return comp
}
