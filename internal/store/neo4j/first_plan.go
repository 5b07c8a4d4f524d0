package neo4j

import (
	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/changelog"
)

// firstPlan sorts the changes of a first load into batches. It holds the id and the type of
// every entity: all ends of grants must be among them.
type firstPlan struct {
	load  *firstLoad
	kinds map[string]access.EntityType
	nodes map[string]string // element ids of what entities are part of, by integration
	put   map[string]string // ids of the integrations that the commit puts, by key
	isNew map[string]bool   // those of them that were not there before

	entities  []*access.Entity
	grants    []*access.Grant
	deferred  []store.Change
	log       changelog.Log
	granting  bool            // grants have begun, so that no entity may come
	completed map[string]bool // sources whose grants are all read
}

func newFirstPlan(l *firstLoad) *firstPlan {
	p := &firstPlan{
		load: l, kinds: map[string]access.EntityType{}, nodes: map[string]string{}, put: map[string]string{},
		isNew: map[string]bool{}, completed: map[string]bool{},
	}
	if l.c.Anew {
		p.log.Forget()
	}
	return p
}

// rest yields the changes that are for the last transaction.
func (p *firstPlan) rest(yield func(store.Change, error) bool) {
	for _, c := range p.deferred {
		if !yield(c, nil) {
			return
		}
	}
}

// adopted are the integrations that become seen at the end.
func (p *firstPlan) adopted() []any {
	var out []any
	for key := range p.isNew {
		out = append(out, map[string]any{"key": key, "id": p.put[key]})
	}
	return out
}

func (p *firstPlan) packedLog() []byte {
	if changes, ok := p.log.Set(); ok {
		return changelog.Pack(changes)
	}
	return nil
}

func (p *firstPlan) add(c *store.Change) error {
	if err := (&changes{}).add(c, map[string]bool{}); err != nil {
		return err
	}
	p.log.Add(c)
	switch {
	case c.PutEntity != nil:
		return p.addEntity(c.PutEntity)
	case c.PutGrant != nil:
		return p.addGrant(c.PutGrant)
	case c.RemoveEntity != "" || c.RemoveGrant != nil:
		return errNotFirst
	case c.PutIntegration != nil:
		p.put[c.PutIntegration.Key] = c.PutIntegration.ID
	}
	if p.deferred = append(p.deferred, *c); int64(len(p.deferred)) > p.load.s.limit() {
		return errNotFirst
	}
	return nil
}

func (p *firstPlan) addEntity(e *access.Entity) error {
	if _, twice := p.kinds[e.ID]; twice || p.granting {
		return errNotFirst
	}
	p.kinds[e.ID] = e.Type
	if err := p.meet(e); err != nil {
		return err
	}
	if p.entities = append(p.entities, e); len(p.entities) == firstBatch {
		p.flushEntities()
	}
	return nil
}

// meet finds what entities of the integration are part of.
func (p *firstPlan) meet(e *access.Entity) error {
	key := e.Integration
	if p.nodes[key] != "" {
		return nil
	}
	ctx := p.load.ctx
	return p.load.gated(ctx, func(tx driver.ManagedTransaction) error {
		found, err := rows(ctx, tx, "integrations_known", map[string]any{"keys": []string{key}})
		if err != nil {
			return err
		}
		if len(found) == 0 {
			if p.put[key] == "" {
				return access.Errorf(access.CodeInvalidInput, "entity %s is of the integration %q, which does not exist", e.ID, key)
			}
			if found, err = rows(ctx, tx, "first_integration", map[string]any{"key": key}); err != nil {
				return err
			}
			p.isNew[key] = true
		}
		p.nodes[key] = found[0].text("node")
		return nil
	})
}

func (p *firstPlan) addGrant(g *access.Grant) error {
	for _, id := range []string{g.Source, g.Target} {
		if p.kinds[id] == "" {
			return grantError(g, id)
		}
	}
	if !p.granting {
		p.granting = true
		p.flushEntities()
		if err := p.load.barrier(); err != nil {
			return err
		}
	}
	if n := len(p.grants); n > 0 && p.grants[n-1].Source != g.Source {
		p.completed[p.grants[n-1].Source] = true
		if n >= firstBatch { // all grants of a source are in one batch, which links each pair once
			p.flushGrants()
		}
	}
	if p.completed[g.Source] {
		return errNotFirst
	}
	p.grants = append(p.grants, g)
	return nil
}

func (p *firstPlan) flush() error {
	p.flushEntities()
	if err := p.load.barrier(); err != nil {
		return err
	}
	p.flushGrants()
	return nil
}

func (p *firstPlan) flushEntities() {
	type group struct {
		node string
		kind access.EntityType
	}
	list := p.entities
	p.entities = nil
	if len(list) == 0 {
		return
	}
	groups := map[group][]*access.Entity{}
	for _, e := range list {
		g := group{p.nodes[e.Integration], e.Type}
		groups[g] = append(groups[g], e)
	}
	l := p.load
	l.write(len(list), func(tx driver.ManagedTransaction) error {
		for g, of := range groups {
			values := make([]any, len(of))
			for i, e := range of {
				values[i] = newEntity(e, l.c.At)
			}
			if _, err := rows(l.ctx, tx, createStatements[g.kind], map[string]any{"integration": g.node, "rows": values}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (p *firstPlan) flushGrants() {
	list := p.grants
	p.grants = nil
	if len(list) == 0 {
		return
	}
	l := p.load
	l.write(len(list), func(tx driver.ManagedTransaction) error {
		found, err := rows(l.ctx, tx, "first_grants", map[string]any{"rows": p.linked(list)})
		if err == nil && found[0].int("written") != int64(len(list)) {
			err = access.Errorf(access.CodeInternal, "Neo4j wrote fewer grants than it was given")
		}
		return err
	})
}

// linked are grants, in the order of sources, as rows of first_grants: the first counting
// grant of a pair makes its links.
func (p *firstPlan) linked(list []*access.Grant) []any {
	var out, of []any
	seen := map[string]bool{} // targets that the source has links to
	for i, g := range list {
		values := grantProps(g)
		values["from"] = micros(or(g.From, p.load.c.At))
		link := 0
		if g.Counts && p.kinds[g.Target] == access.Connection && !seen[g.Target] {
			seen[g.Target] = true
			if link = 1; p.kinds[g.Source] == access.Connection {
				link = 2
			}
		}
		of = append(of, append(values.columns(grantColumns, g.Target), link))
		if i+1 == len(list) || list[i+1].Source != g.Source {
			out = append(out, []any{g.Source, of})
			of = nil
			clear(seen)
		}
	}
	return out
}
