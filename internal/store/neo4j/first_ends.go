package neo4j

import (
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// firstEntities are the entities of a first load, numbered in their order. Grants name their
// ends by number; where their nodes are is known when the batches of entities are written.
type firstEntities struct {
	numbers map[string]int32
	isGroup []bool // of type connection; workers read it, when it grows no more
	isRead  []bool // all its grants are
	batches []*firstPlaces
}

func newFirstEntities() firstEntities { return firstEntities{numbers: map[string]int32{}} }

// add numbers an entity; false when it has a number.
func (l *firstEntities) add(e *access.Entity) bool {
	n := len(l.isGroup)
	if l.numbers[e.ID] = int32(n); len(l.numbers) == n { //nolint:gosec // billions do not fit into memory
		return false
	}
	l.isGroup, l.isRead = append(l.isGroup, e.Type == access.Connection), append(l.isRead, false)
	return true
}

func (l *firstEntities) find(id string) (number int32, ok bool) {
	number, ok = l.numbers[id]
	return number, ok
}

// firstPlaces are the nodes of a batch of entities: element ids, in the order of the batch.
// One worker fills them in.
type firstPlaces struct {
	at    map[string]int // until complete
	nodes []string
}

// reserve makes place for the next firstBatch entities, or for the last ones.
func (l *firstEntities) reserve(list []*access.Entity) *firstPlaces {
	p := &firstPlaces{at: make(map[string]int, len(list)), nodes: make([]string, len(list))}
	for i, e := range list {
		p.at[e.ID] = i
	}
	l.batches = append(l.batches, p)
	return p
}

func (p *firstPlaces) put(id, node string) { p.nodes[p.at[id]] = node }

// complete says whether each entity has its node.
func (p *firstPlaces) complete() error {
	for _, node := range p.nodes {
		if node == "" {
			return access.Errorf(access.CodeInternal, "Neo4j wrote fewer entities than it was given")
		}
	}
	return nil
}

// node is the element id of an entity whose batch is written.
func (l *firstEntities) node(n int32) string { return l.batches[n/firstBatch].nodes[n%firstBatch] }

// firstGrant is a grant and the numbers of its ends.
type firstGrant struct {
	grant          *access.Grant
	source, target int32
}

// firstGrants are a batch of grants in the order of sources.
type firstGrants []firstGrant

// The statements that write grants, by the links that a grant makes.
var firstLinks = [...]string{"first_grants_plain", "first_grants_in", "first_grants_nests"}

// rows are the grants as rows of each of the statements of firstLinks: the first counting grant of
// a pair makes its links.
func (list firstGrants) rows(entities *firstEntities, at time.Time) (out [len(firstLinks)][]any) {
	var of [len(firstLinks)][]any
	linked := map[int32]bool{} // targets that the source has links to
	for i, g := range list {
		links := 0
		if g.grant.Counts && entities.isGroup[g.target] && !linked[g.target] {
			linked[g.target] = true
			if links = 1; entities.isGroup[g.source] {
				links = 2
			}
		}
		of[links] = append(of[links], newGrant(g.grant, entities.node(g.target), at))
		if i+1 < len(list) && list[i+1].source == g.source {
			continue
		}
		node := entities.node(g.source)
		for links := range of {
			if of[links] != nil {
				out[links] = append(out[links], []any{node, of[links]})
				of[links] = nil
			}
		}
		clear(linked)
	}
	return out
}
