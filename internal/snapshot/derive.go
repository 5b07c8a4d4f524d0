package snapshot

import (
	"context"
	"math"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
	"github.com/accessgraph/accessgraph/internal/query"
)

// derived says what a snapshot that is not of the present was made of.
type derived struct {
	base      *Snapshot // of the present, whose history has it all
	moment    time.Time // zero = the present
	simulated bool
}

// present is the snapshot of the present that s was derived from, or s itself.
func (s *Snapshot) present() *Snapshot {
	if s.derived.base != nil {
		return s.derived.base
	}
	return s
}

// data returns the snapshot's graph in plain slices.
func (s *Snapshot) data(ctx context.Context) (*Data, error) {
	d := &Data{GraphVersion: s.version, AllEmployees: s.people.all}
	seen := map[string]bool{}
	for row := range uint32(s.n) { //nolint:gosec // fewer than 2^32 rows
		e := s.Entity(row)
		d.AllEntities = append(d.AllEntities, e)
		if !seen[e.Integration] {
			seen[e.Integration] = true
			d.AllIntegrations = append(d.AllIntegrations, access.Integration{
				Key: e.Integration, Name: s.text[textIntegrationName].text(row), Application: s.text[textApplication].text(row),
			})
		}
	}
	r := &reader{s: s}
	for _, ended := range []bool{false, true} {
		pages, err := r.Neighbors(ctx, query.NeighborQuery{Of: s.ids, Direction: filter.HasAccessTo, Ended: ended, Page: query.Page{First: math.MaxInt}})
		if err != nil {
			return nil, err
		}
		for _, p := range pages {
			if ended {
				d.EndedGrants = append(d.EndedGrants, p.Grants...)
			} else {
				d.LiveGrants = append(d.LiveGrants, p.Grants...)
			}
		}
	}
	return d, nil
}

// AsOf returns the snapshot of a past moment; see query.Whole.
func (s *Snapshot) AsOf(ctx context.Context, at time.Time) (*Snapshot, error) {
	d, err := s.present().data(ctx)
	if err != nil {
		return nil, err
	}
	past := &Data{GraphVersion: d.GraphVersion, AllEmployees: d.AllEmployees, AllIntegrations: d.AllIntegrations}
	live := map[string]bool{}
	for _, e := range d.AllEntities {
		if e.FirstSeen.After(at) {
			continue
		}
		if e.RemovedAt.After(at) {
			e.RemovedAt = time.Time{}
		}
		live[e.ID] = !e.Removed()
		past.AllEntities = append(past.AllEntities, e)
	}
	for _, g := range d.LiveGrants {
		if !g.From.After(at) && live[g.Source] && live[g.Target] {
			past.LiveGrants = append(past.LiveGrants, g)
		}
	}
	for _, g := range d.EndedGrants {
		_, source := live[g.Source]
		_, target := live[g.Target]
		switch {
		case !source || !target || g.From.After(at):
		case !g.To.After(at):
			past.EndedGrants = append(past.EndedGrants, g)
		case live[g.Source] && live[g.Target]:
			g.To = time.Time{}
			past.LiveGrants = append(past.LiveGrants, g)
		}
	}
	out, err := Build(ctx, past)
	if err != nil {
		return nil, err
	}
	out.derived = derived{base: s.present(), moment: at}
	return out, nil
}

// With returns the snapshot as it would be after the changes; at is when they are taken
// to happen. See query.Whole.
func (s *Snapshot) With(ctx context.Context, changes []query.Change, at time.Time) (*Snapshot, error) {
	p, err := s.plan(changes)
	if err != nil {
		return nil, err
	}
	d, err := s.data(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range d.AllEntities {
		row, _ := s.Row(e.ID)
		if p.deleted[row] {
			e.RemovedAt = at
		}
		if p.suspended[row] {
			e.Status = access.StatusSuspended
		}
	}
	var live []access.Grant
	for _, g := range d.LiveGrants {
		if !p.gone[g.Key()] {
			live = append(live, g)
		}
	}
	for _, g := range p.added {
		live = append(live, g)
	}
	d.LiveGrants = live
	out, err := Build(ctx, d)
	if err != nil {
		return nil, err
	}
	out.derived = derived{base: s.present(), moment: s.derived.moment, simulated: true}
	return out, nil
}
