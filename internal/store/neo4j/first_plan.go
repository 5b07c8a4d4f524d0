package neo4j

import (
	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/changelog"
)

// firstPlan sorts the changes of a first load into batches. It holds the id and the place of
// every entity: all ends of grants must be among them.
type firstPlan struct {
	load     *firstLoad
	entities firstEntities
	nodes    map[string]string // element ids of what entities are part of, by integration
	put      map[string]string // ids of the integrations that the commit puts, by key
	isNew    map[string]bool   // those of them that were not there before

	batch    []*access.Entity
	grants   firstGrants
	deferred []store.Change
	log      changelog.Log
	granting bool // grants have begun, so that no entity may come
}

func newFirstPlan(l *firstLoad) *firstPlan {
	p := &firstPlan{
		load: l, entities: newFirstEntities(), nodes: map[string]string{}, put: map[string]string{}, isNew: map[string]bool{},
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
	p.log.Add(c)
	if c.PutGrant != nil { // most of them, and nothing else is to be checked
		return p.addGrant(c.PutGrant)
	}
	if err := (&changes{}).add(c, map[string]bool{}); err != nil {
		return err
	}
	switch {
	case c.PutEntity != nil:
		return p.addEntity(c.PutEntity)
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
	if p.granting || !p.entities.add(e) {
		return errNotFirst
	}
	if err := p.meet(e); err != nil {
		return err
	}
	if p.batch = append(p.batch, e); len(p.batch) == firstBatch {
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
	source, ok := p.entities.find(g.Source)
	if !ok {
		return grantError(g, g.Source)
	}
	target, ok := p.entities.find(g.Target)
	if !ok {
		return grantError(g, g.Target)
	}
	if !p.granting {
		p.granting = true
		p.flushEntities()
		if err := p.load.barrier(); err != nil {
			return err
		}
	}
	if n := len(p.grants); n > 0 && p.grants[n-1].source != source {
		p.entities.isRead[p.grants[n-1].source] = true
		if n >= firstBatch { // all grants of a source are in one batch, which links each pair once
			p.flushGrants()
		}
	}
	if p.entities.isRead[source] {
		return errNotFirst
	}
	p.grants = append(p.grants, firstGrant{g, source, target})
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
	list := p.batch
	p.batch = nil
	if len(list) == 0 {
		return
	}
	groups := map[group][]*access.Entity{}
	for _, e := range list {
		g := group{p.nodes[e.Integration], e.Type}
		groups[g] = append(groups[g], e)
	}
	l, places := p.load, p.entities.reserve(list)
	l.write(len(list), func(tx driver.ManagedTransaction) error {
		for g, of := range groups {
			values := make([]any, len(of))
			for i, e := range of {
				values[i] = createdEntity(e, l.c.At)
			}
			found, err := rows(l.ctx, tx, firstStatements[g.kind], map[string]any{"integration": g.node, "rows": values})
			if err != nil {
				return err
			}
			for _, r := range found {
				places.put(r.text("id"), r.text("node"))
			}
		}
		return places.complete()
	})
}

var firstStatements = map[access.EntityType]string{
	access.Identity:   "first_create_identity",
	access.Connection: "first_create_connection",
	access.Resource:   "first_create_resource",
}

func (p *firstPlan) flushGrants() {
	list := p.grants
	p.grants = nil
	if len(list) == 0 {
		return
	}
	l := p.load
	l.write(len(list), func(tx driver.ManagedTransaction) error {
		var written int64
		for links, of := range list.rows(&p.entities, l.c.At) {
			if of == nil {
				continue
			}
			found, err := rows(l.ctx, tx, firstLinks[links], map[string]any{"rows": of})
			if err != nil {
				return err
			}
			written += found[0].int("written")
		}
		if written != int64(len(list)) {
			return access.Errorf(access.CodeInternal, "Neo4j wrote fewer grants than it was given")
		}
		return nil
	})
}
