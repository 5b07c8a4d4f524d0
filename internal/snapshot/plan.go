package snapshot

import (
	"fmt"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// plan is what a list of changes comes to.
type plan struct {
	s         *Snapshot
	deleted   map[uint32]bool
	suspended map[uint32]bool
	added     map[access.GrantKey]access.Grant
	gone      map[access.GrantKey]bool // live grants of s that are not any more, replaced ones included
}

// plan checks the changes and puts them together, each over those before it.
func (s *Snapshot) plan(changes []query.Change) (*plan, error) {
	p := &plan{
		s: s, deleted: map[uint32]bool{}, suspended: map[uint32]bool{},
		added: map[access.GrantKey]access.Grant{}, gone: map[access.GrantKey]bool{},
	}
	for i := range changes {
		if err := p.change(&changes[i], fmt.Sprintf("changes[%d]", i)); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *plan) change(c *query.Change, path string) error {
	switch {
	case c.AddGrant != nil:
		return p.add(c.AddGrant, path+".addGrant")
	case c.RemoveGrant != nil:
		return p.remove(c.RemoveGrant, path+".removeGrant")
	case c.Suspend != "":
		row, err := p.find(c.Suspend, path+".suspend")
		if err == nil {
			p.suspended[row] = true
		}
		return err
	case c.Delete != "":
		row, err := p.find(c.Delete, path+".delete")
		if err != nil {
			return err
		}
		p.deleted[row] = true
		for key, g := range p.added {
			if g.Source == c.Delete || g.Target == c.Delete {
				delete(p.added, key)
			}
		}
		for g := range p.s.grantsAt(row) {
			p.gone[g.Key()] = true
		}
		return nil
	}
	return access.Invalid(path, "says nothing to change")
}

// find returns the row of an entity that is there at this point of the changes.
func (p *plan) find(id, path string) (uint32, error) {
	row, ok := p.s.liveRow(id)
	switch {
	case !ok:
		return 0, access.Invalid(path, "there is no live entity %q", id)
	case p.deleted[row]:
		return 0, access.Invalid(path, "the entity %q is deleted by an earlier change", id)
	}
	return row, nil
}

func (p *plan) add(n *query.NewGrant, path string) error {
	if _, err := p.find(n.Source, path+".source"); err != nil {
		return err
	}
	target, err := p.find(n.Target, path+".target")
	if err != nil {
		return err
	}
	g := access.Grant{Source: n.Source, Target: n.Target, Permission: access.Clean(n.Permission), Scope: access.Clean(n.Scope), Value: access.Clean(n.Value)}
	if g.Permission == "" {
		g.Permission = access.DefaultPermission(access.EntityTypes[p.s.kind[target]])
	}
	if g.Value == "" {
		g.Value = "true"
	}
	g.Counts = access.ValueCounts(g.Value)
	key := g.Key()
	if _, again := p.added[key]; !again {
		for have := range p.s.grantsOf(n.Source, n.Target) {
			if have.Key() == key {
				if have.Value == g.Value && !p.gone[key] {
					return nil // it is held as it is
				}
				p.gone[key] = true
			}
		}
	}
	p.added[key] = g
	return nil
}

func (p *plan) remove(m *query.GrantMatch, path string) error {
	if _, err := p.find(m.Source, path+".source"); err != nil {
		return err
	}
	if _, err := p.find(m.Target, path+".target"); err != nil {
		return err
	}
	found := false
	for key := range p.added {
		if m.Matches(key) {
			delete(p.added, key)
			found = true
		}
	}
	for g := range p.s.grantsOf(m.Source, m.Target) {
		if key := g.Key(); m.Matches(key) && !p.gone[key] {
			p.gone[key] = true
			found = true
		}
	}
	if !found {
		return access.Invalid(path, "there is no such grant")
	}
	return nil
}
